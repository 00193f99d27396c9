package pebblestore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/store"
	"crafttalkd/store/storetest"
)

// seeds returns how many damages a test tries: CRAFTTALK_DAMAGES, or n.
func seeds(n uint64) uint64 {
	if m, err := strconv.ParseUint(os.Getenv("CRAFTTALK_DAMAGES"), 10, 64); err == nil {
		return m
	}
	return n
}

// A sample is a store to be damaged.
type sample struct {
	script storetest.Script
	disk   *vfs.MemFS
	names  []string // of its files
	log    bool     // the log holds something, because the store was not closed
}

// newSample plays a script, and closes the store or leaves it.
func newSample(t *testing.T, closed bool, f fault) *sample {
	tr := newTrial(rand.New(rand.NewPCG(20, 0)), 400)
	disk := vfs.NewCrashableMem()
	o := tr.options(disk)
	o.fault = f
	s := open(t, "store", o)
	if err := tr.script.Play(s, &tr.progress, tr.fatal); err != nil {
		t.Fatal(err)
	}
	sm := &sample{script: tr.script, log: !closed, disk: disk}
	if !closed {
		sm.disk = disk.CrashClone(vfs.CrashCloneCfg{})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := sm.disk.List("store")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if closed && isLog(n) { // empty of what counts: Pebble drops it sooner or later
			if err := sm.disk.Remove("store/" + n); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if info, err := sm.disk.Stat("store/" + n); err == nil && info.Size() > 0 {
			sm.names = append(sm.names, n)
		}
	}
	return sm
}

// damaged returns a copy of the disk where f has changed one file.
func (sm *sample) damaged(name string, f func([]byte) []byte) (vfs.FS, error) {
	copied := vfs.NewMem()
	if _, err := vfs.Clone(sm.disk, copied, "store", "store"); err != nil {
		return nil, err
	}
	file, err := copied.Open("store/" + name)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	file, err = copied.Create("store/"+name, vfs.WriteCategoryUnspecified)
	if err != nil {
		return nil, err
	}
	_, err = file.Write(f(content))
	return copied, errors.Join(err, file.Close())
}

// outcome opens a damaged store and says how the damage showed: it is refused,
// it is reported, or the content is whole. An error means that it did not show.
// The end of a log that was in use may be missing, since a crash can do that.
func (sm *sample) outcome(fs vfs.FS, name string) (string, error) {
	tr := newTrial(rand.New(rand.NewPCG(20, 0)), 1)
	s, err := Open("store", tr.options(fs))
	if err != nil {
		return "refused", nil
	}
	reported := storetest.Verify(s)
	whole := sm.script.Model(len(sm.script)).Diff(s)
	var cut error = errors.New("the log was empty")
	if sm.log && strings.HasSuffix(name, ".log") && whole != nil {
		cut = sm.script.Prefix(s, 0, int64(len(sm.script)))
	}
	closed := s.Close()
	switch {
	case reported != nil:
		return "reported", nil
	case whole == nil:
		return "whole", closed
	case cut == nil:
		return "cut", closed
	}
	return "", whole
}

// try damages the sample in many ways and counts the outcomes.
func (sm *sample) try(t *testing.T, n uint64, damage func(*rand.Rand, []byte) []byte) map[string]int {
	seed := storetest.Seed(t)
	outcomes := map[string]int{}
	for i := range n {
		rng := rand.New(rand.NewPCG(seed+i, 0))
		name := sm.names[rng.IntN(len(sm.names))]
		fs, err := sm.damaged(name, func(b []byte) []byte { return damage(rng, b) })
		if err != nil {
			t.Fatal(err)
		}
		what, err := sm.outcome(fs, name)
		if err != nil {
			t.Errorf("CRAFTTALK_SEED=%d: damage in %s is served as good: %v", seed+i, name, err)
		}
		outcomes[what]++
	}
	t.Logf("of %d: %v", n, outcomes)
	return outcomes
}

func flipBit(rng *rand.Rand, b []byte) []byte {
	b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
	return b
}

func cutTail(rng *rand.Rand, b []byte) []byte { return b[:rng.IntN(len(b))] }

// proves G12
func TestG12_DamageIsNoticed(t *testing.T) {
	sm := newSample(t, true, none)
	for name, damage := range map[string]func(*rand.Rand, []byte) []byte{"flipped bit": flipBit, "cut tail": cutTail} {
		t.Run(name, func(t *testing.T) {
			if o := sm.try(t, seeds(60), damage); o["refused"]+o["reported"] == 0 {
				t.Error("no damage was noticed")
			}
		})
	}
}

// The end of the manifest is the one place where Pebble takes damage for the
// trace of a crash. Every bit of it is tried, and without the mark damage
// passes.
func TestG12_DamagedManifestIsRefused(t *testing.T) {
	for _, f := range []fault{none, forgetsMark} {
		sm := newSample(t, true, f)
		var passed error
		for _, name := range sm.names {
			if !isManifest(name) {
				continue
			}
			passed = errors.Join(passed, sm.everyByte(t, name))
		}
		if f == none && passed != nil {
			t.Error(passed)
		}
		if f == forgetsMark && passed == nil {
			t.Error("without the mark every damage was noticed: the test can't see its want")
		}
	}
}

// everyByte damages each byte of a file in turn, and then cuts it there. It
// returns what was served as good.
func (sm *sample) everyByte(t *testing.T, name string) error {
	file, err := sm.disk.Stat("store/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var passed error
	for i := range file.Size() {
		flip := func(b []byte) []byte { b[i] ^= 1; return b }
		cut := func(b []byte) []byte { return b[:i] }
		for _, damage := range []func([]byte) []byte{flip, cut} {
			fs, err := sm.damaged(name, damage)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := sm.outcome(fs, name); err != nil {
				passed = errors.Join(passed, fmt.Errorf("damage at byte %d of %s is served as good: %w", i, name, err))
			}
		}
	}
	return passed
}

// proves G12
func TestG12_SwappedFilesAreNoticed(t *testing.T) {
	sm := newSample(t, true, none)
	for i, a := range sm.names {
		for _, b := range sm.names[i+1:] {
			fs, err := sm.damaged(a, func(content []byte) []byte { return content })
			if err != nil {
				t.Fatal(err)
			}
			for _, move := range [][2]string{{a, "x"}, {b, a}, {"x", b}} {
				if err := fs.Rename("store/"+move[0], "store/"+move[1]); err != nil {
					t.Fatal(err)
				}
			}
			what, err := sm.outcome(fs, a)
			if err != nil {
				t.Errorf("%s for %s is served as good: %v", b, a, err)
			}
			t.Logf("%s for %s: %s", b, a, what)
		}
	}
}

// proves G12, as far as a crash leaves it: damage to the log of a store that
// was not closed shows, or costs the last appends and nothing by halves.
func TestG12_DamageAfterCrash(t *testing.T) {
	sm := newSample(t, false, none)
	sm.try(t, seeds(60), flipBit)
	sm.try(t, seeds(60), cutTail)
}

// proves G12: what got past all checksums shows in the running hash, and the
// first bad position is named.
func TestG12_VerifyNamesTheFirstBadPosition(t *testing.T) {
	shard := store.ShardOf("customer/7")
	for _, c := range []struct {
		name  string
		wrong func(db *pebble.DB) error
		want  string
	}{
		{"nothing", func(*pebble.DB) error { return nil }, ""},
		{"a body", func(db *pebble.DB) error {
			return db.Set(eventKey(nil, shard, "customer/7", 3), []byte("\x00\x00\x00\x00\x00\x00\x00\x03other"), pebble.Sync)
		}, "shard %d, position 3: the running hash does not fit event 3 of customer/7"},
		{"an event is gone", func(db *pebble.DB) error {
			return db.Delete(eventKey(nil, shard, "customer/7", 2), pebble.Sync)
		}, "shard %d, position 2: event 2 of customer/7: pebble: not found\nevent 2 of customer/7 is missing, the next is 3"},
		{"a position is gone", func(db *pebble.DB) error {
			return db.Delete(positionKey(nil, shard, 4), pebble.Sync)
		}, "shard %d, position 4: the position is missing"},
		{"the end of the log is gone", func(db *pebble.DB) error {
			return db.Delete(positionKey(nil, shard, 5), pebble.Sync)
		}, "5 events are kept and 4 are in the log\nkey \"k5\" was used at position 5, and the log ends at 4"},
		{"a head", func(db *pebble.DB) error {
			return db.Set(headKey(nil, shard, "customer/7"), make([]byte, 16), pebble.Sync)
		}, "customer/7 holds 5 events and its head says 0\nan alarm of customer/7 at 1970-01-01 00:00:01 +0000 UTC, which its head does not know"},
		{"an alarm", func(db *pebble.DB) error {
			return db.Delete(alarmKey(nil, 1000, "customer/7"), pebble.Sync)
		}, "the alarm of customer/7, which its head names: pebble: not found"},
		{"a head without events", func(db *pebble.DB) error {
			return db.Set(headKey(nil, store.ShardOf("queue/1"), "queue/1"), []byte("\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00"), pebble.Sync)
		}, "event 1 of queue/1, which its head names: pebble: not found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, "store", small(t, vfs.NewMem()))
			fill(t, s)
			if err := c.wrong(s.db); err != nil {
				t.Fatal(err)
			}
			want := c.want
			if strings.Contains(want, "%d") {
				want = fmt.Sprintf(want, shard)
			}
			got := ""
			if err := storetest.Verify(s); err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("Verify = %q, want %q", got, want)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// fill appends five events.
func fill(t *testing.T, s *Store) {
	for i := range uint64(5) {
		a := &store.Append{Stream: "customer/7", Expect: i, Events: [][]byte{{byte(i)}}, Keys: []string{fmt.Sprint("k", i+1)}}
		a.Alarm = time.Unix(1, 0)
		if _, err := storetest.Put(s, a); err != nil {
			t.Fatal(err)
		}
	}
}

// A reader of a log with a hole is told so, and not given the rest as if it
// were whole.
func TestG12_HolesAreNotReadOver(t *testing.T) {
	shard := store.ShardOf("customer/7")
	fs := vfs.NewMem()
	s := open(t, "store", small(t, fs))
	fill(t, s)
	hole := s.db.Delete(eventKey(nil, shard, "customer/7", 2), pebble.Sync)
	if err := errors.Join(hole, s.Close()); err != nil {
		t.Fatal(err)
	}
	s = open(t, "store", small(t, fs))
	var last store.Record
	var err error
	for last, err = range s.Stream("customer/7", 1) {
		break
	}
	if err == nil {
		t.Errorf("Stream yields %v over a hole", last)
	}
	for last, err = range s.Tail(shard, 1) {
		break
	}
	if err == nil {
		t.Errorf("Tail yields %v over a hole", last)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// proves G15, as far as there is one format: a store of a newer one is left
// alone.
func TestG15_NewerFormatIsRefused(t *testing.T) {
	fs := vfs.NewMem()
	s := open(t, "store", small(t, fs))
	id := s.ID()
	if err := s.db.Set(metaKey("format"), []byte{0, 0, 0, 0, 0, 0, 0, format + 1}, pebble.Sync); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	const want = "open the store in store: it has format 2, and this program knows no newer than 1"
	if _, err := Open("store", small(t, fs)); err == nil || err.Error() != want {
		t.Errorf("Open = %v, want %s", err, want)
	}
	if id == [16]byte{} {
		t.Error("the store has no id")
	}
}

// A database of another program is not taken for an empty store.
func TestG12_StrangeDatabaseIsRefused(t *testing.T) {
	fs := vfs.NewMem()
	db, err := pebble.Open("store", &pebble.Options{FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Set([]byte("x"), nil, pebble.Sync), db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open("store", small(t, fs)); err == nil {
		t.Error("a strange database was opened")
	}
}

// proves G11 as far as the store goes: the reserve does not count as free.
func TestG11_RoomKeepsAReserve(t *testing.T) {
	fs := vfs.NewMem()
	fs.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: 100, TotalBytes: 1000, UsedBytes: 900})
	for _, c := range []struct{ reserve, want uint64 }{{0, 100}, {40, 60}, {100, 0}, {200, 0}} {
		o := small(t, fs)
		o.Reserve = c.reserve
		s := open(t, "store", o)
		if free, total, err := s.Room(); free != c.want || total != 1000 || err != nil {
			t.Errorf("Room with a reserve of %d = %d, %d, %v, want %d, 1000", c.reserve, free, total, err, c.want)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// proves G55: a disk that hangs is not ready.
func TestG55_HangingDiskIsNotReady(t *testing.T) {
	fs, b := newBrake(vfs.NewMem())
	s := open(t, "store", small(t, fs))
	b.armed.Store(true)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-b.reached
		cancel()
	}()
	if err := s.Ready(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Ready on a hanging disk = %v, want %v", err, context.Canceled)
	}
	close(b.release)
	if err := errors.Join(s.Ready(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
}
