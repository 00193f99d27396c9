package journal

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// open returns a journal on a store in memory.
func open(t testing.TB) *Journal {
	t.Helper()
	return openWith(t, keys.NewMaster())
}

func openWith(t testing.TB, master *keys.Master) *Journal {
	t.Helper()
	s, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem(), CacheSize: 1 << 20, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	j, err := Open(s, keys.NewRing(master, s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		j.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return j
}

// add appends and waits.
func (j *Journal) add(t testing.TB, stream string, expect uint64, events ...event.Event) store.Receipt {
	t.Helper()
	type answer struct {
		r   store.Receipt
		err error
	}
	got := make(chan answer, 1)
	j.Append(Append{Stream: stream, Expect: expect, Events: events}, func(r store.Receipt, err error) { got <- answer{r, err} })
	a := <-got
	if a.err != nil {
		t.Fatalf("append to %s at %d: %v", stream, expect, a.err)
	}
	return a.r
}

// all reads a whole stream.
func (j *Journal) all(t testing.TB, stream string) (out []event.Event) {
	t.Helper()
	for e, err := range j.Events(stream, 0) {
		if err != nil {
			t.Fatalf("%s: %v", stream, err)
		}
		out = append(out, e.Event)
	}
	return out
}

// bare is e without its personal fields.
func bare(e event.Event) event.Event {
	e = proto.CloneOf(e)
	for _, f := range event.Personal(event.KindOf(e)) {
		e.ProtoReflect().Clear(f)
	}
	return e
}

const stream = "conversation/anna.1"

// proves G44: every fact comes back as it was, and what is personal in it can't
// be read on the disk, neither in the log nor in a snapshot.
func TestG44_SealedOnDisk(t *testing.T) {
	j := open(t)
	personal := 0
	for i, k := range lasting() {
		e := filled(k)
		want := proto.CloneOf(e)
		j.add(t, stream, uint64(i), e)
		if !proto.Equal(e, want) {
			t.Errorf("%s is changed by being kept", nameOf(e))
		}
		personal += len(event.Personal(k))
	}
	if personal == 0 {
		t.Fatal("nothing is personal")
	}
	for i, e := range j.all(t, stream) {
		if want := filled(lasting()[i]); !proto.Equal(e, want) {
			t.Errorf("%s comes back as\n%v\nwant\n%v", nameOf(want), e, want)
		}
	}
	if err := j.PutSnapshot(stream, 3, []byte("secret state")); err != nil {
		t.Fatal(err)
	}
	if b, n, err := j.Snapshot(stream); string(b) != "secret state" || n != 3 || err != nil {
		t.Errorf("snapshot is %q at %d, %v", b, n, err)
	}
	plain := 0
	look := func(what string, b []byte) {
		if bytes.Contains(b, []byte("secret")) {
			t.Errorf("%s can be read: %q", what, b)
		}
		plain += bytes.Count(b, []byte("plain"))
	}
	for r, err := range j.engine.Tail(store.ShardOf(stream), 0) {
		if err != nil {
			t.Fatal(err)
		}
		look("an event", r.Body)
	}
	for row, err := range j.engine.Scan(snapshots, "") {
		if err != nil {
			t.Fatal(err)
		}
		look("a snapshot", row.Value)
	}
	if plain == 0 {
		t.Error("nothing at all can be read: the look is blind")
	}
}

// proves G44: once the key is gone, what happened is still known and what was
// said is not; other customers are not concerned.
func TestG44_ErasedKey(t *testing.T) {
	j := open(t)
	for i, k := range lasting() {
		j.add(t, stream, uint64(i), filled(k))
	}
	j.add(t, "customer/bob", 0, filled(110))
	if err := j.PutSnapshot(stream, 3, []byte("secret state")); err != nil {
		t.Fatal(err)
	}
	if err := j.keys.Erase("anna"); err != nil {
		t.Fatal(err)
	}
	for i, e := range j.all(t, stream) {
		if want := bare(filled(lasting()[i])); !proto.Equal(e, want) {
			t.Errorf("%s is\n%v\nwant\n%v", nameOf(want), e, want)
		}
	}
	if b, _, err := j.Snapshot(stream); b != nil || err != nil {
		t.Errorf("the snapshot is %q, %v, want none", b, err)
	}
	if got := j.all(t, "customer/bob")[0]; !proto.Equal(got, filled(110)) {
		t.Errorf("another customer's fact is %v", got)
	}
}

// A stream about no person outside can't have personal fields.
func TestPersonalNeedsASubject(t *testing.T) {
	j := open(t)
	for _, at := range []string{"queue/help", "operator/oleg", event.DirectoryStream} {
		failed := make(chan error, 1)
		j.Append(Append{Stream: at, Events: []event.Event{filled(11)}}, func(_ store.Receipt, err error) { failed <- err })
		if err := <-failed; err == nil {
			t.Errorf("%s took a customer's message", at)
		}
	}
}

// A sealed part is bound to its place: under another stream, even of the same
// customer, or at another version it can't be read.
func TestSealedPartIsBound(t *testing.T) {
	j := open(t)
	j.add(t, stream, 0, filled(11))
	var body []byte
	for r := range j.engine.Stream(stream, 0) {
		body = bytes.Clone(r.Body)
	}
	for _, tt := range []struct {
		stream  string
		version uint64
		good    bool
	}{
		{stream, 1, true},
		{stream, 2, false},
		{"conversation/anna.2", 1, false},
		{"customer/anna", 1, false},
		{"conversation/bob.1", 1, false},
	} {
		_, err := j.decode(tt.stream, tt.version, body)
		if (err == nil) != tt.good || err != nil && !errors.Is(err, keys.ErrUnreadable) {
			t.Errorf("read at %s %d: %v, want it to be good: %v", tt.stream, tt.version, err, tt.good)
		}
	}
}

// Whatever is on the disk, reading it ends in an event or an error.
func FuzzDecode(f *testing.F) {
	j := open(f)
	for _, k := range kinds() {
		_, body, _, err := j.encode(stream, 1, filled(k))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
		f.Add(body[:len(body)/2])
	}
	f.Add([]byte{})
	f.Add([]byte{11, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := j.decode(stream, 1, body)
		if err == nil && event.KindOf(e) == 0 {
			t.Errorf("%x is read as %T, which is no fact", body, e)
		}
	})
}

// proves G2, G25: keys and alarms go with the events, and a refused append
// leaves neither.
func TestG9_KeysAndAlarms(t *testing.T) {
	j := open(t)
	at := time.UnixMilli(1_700_000_000_000)
	put := func(key string, expect uint64) error {
		failed := make(chan error, 1)
		j.Append(Append{Stream: stream, Expect: expect, Events: []event.Event{filled(35)}, Keys: []string{key}, Alarm: at.Add(time.Duration(expect) * time.Hour)},
			func(_ store.Receipt, err error) { failed <- err })
		return <-failed
	}
	if err := put("a", 0); err != nil {
		t.Fatal(err)
	}
	if taken := new(store.TakenError); !errors.As(put("a", 1), &taken) || taken.First.Version != 1 {
		t.Errorf("the key again: %v, want taken at 1", taken)
	}
	if err := put("b", 0); !errors.Is(err, store.ErrConflict) {
		t.Errorf("an old version: %v, want a conflict", err)
	}
	if _, taken, err := j.Taken("conversation/anna.7", "a"); !taken || err != nil {
		t.Errorf("key a is taken %v, %v", taken, err)
	}
	if _, taken, err := j.Taken(stream, "b"); taken || err != nil {
		t.Errorf("key b is taken %v, %v", taken, err)
	}
	for a, err := range j.Alarms(at.Add(24 * time.Hour)) {
		if a.Stream != stream || !a.At.Equal(at) || err != nil {
			t.Errorf("alarm %v, %v, want one at %v", a, err, at)
		}
	}
}

// What a follower gets as encoded is the fact, personal fields and all, and the
// same as of a fact that was read from the disk.
func TestEncodedIsTheFact(t *testing.T) {
	j := open(t)
	first := j.feed.end()
	for i, k := range lasting() {
		j.add(t, stream, uint64(i), filled(k))
	}
	fed, _, _, _ := j.feed.read(first, make([]Entry, 0, len(lasting())))
	for i, e := range fed {
		if e.encoded == nil {
			t.Errorf("%T is not encoded", e.Event)
		}
		for _, e := range []Entry{e, {Event: e.Event}} {
			b, err := e.Encoded()
			got, _ := event.New(lasting()[i])
			if err = errors.Join(err, proto.Unmarshal(b, got)); err != nil || !proto.Equal(got, e.Event) {
				t.Errorf("%T is encoded as %v, %v", e.Event, got, err)
			}
		}
	}
	if len(fed) != len(lasting()) {
		t.Errorf("%d facts of %d", len(fed), len(lasting()))
	}
}

// proves G15: a journal that a newer version has worked on is left alone, and one
// of an older is gone on with.
func TestG15_NewerFactsAreRefused(t *testing.T) {
	engine, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	ring := keys.NewRing(keys.NewMaster(), engine)
	known := func(n event.Kind) {
		if err := engine.Put([]store.Row{{Table: about, Key: "vocabulary", Value: beBytes(uint64(n))}}, true); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []event.Kind{0, 1, event.Vocabulary()} {
		known(n)
		if _, err := Open(engine, ring); err != nil {
			t.Errorf("facts up to %d: %v", n, err)
		}
	}
	known(event.Vocabulary() + 1)
	if _, err := Open(engine, ring); err == nil || !strings.Contains(err.Error(), "a newer version of the program has worked here") {
		t.Errorf("facts that are not known yet: %v", err)
	}
}
