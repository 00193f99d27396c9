package keys

import (
	"bytes"
	"encoding/hex"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"crafttalkd/actors/refusal"
	"crafttalkd/store"
)

// A memory is a store.Table in memory. The meet function, if set, is called on
// the way out of Get, with what was read already.
type memory struct {
	mu   sync.Mutex
	rows map[string][]byte
	fail error
	meet func()
}

func newMemory() *memory { return &memory{rows: map[string][]byte{}} }

func (m *memory) Get(table, key string) ([]byte, error) {
	m.mu.Lock()
	v, err, meet := m.rows[table+"/"+key], m.fail, m.meet
	m.meet = nil
	m.mu.Unlock()
	if meet != nil {
		meet()
	}
	return v, err
}

func (m *memory) Scan(table, prefix string) iter.Seq2[store.Row, error] {
	m.mu.Lock()
	rows := maps.Clone(m.rows)
	m.mu.Unlock()
	return func(yield func(store.Row, error) bool) {
		for _, k := range slices.Sorted(maps.Keys(rows)) {
			if key, ok := strings.CutPrefix(k, table+"/"); ok && strings.HasPrefix(key, prefix) {
				if !yield(store.Row{Table: table, Key: key, Value: rows[k]}, nil) {
					return
				}
			}
		}
	}
}

func (m *memory) Put(rows []store.Row, _ bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	for _, r := range rows {
		m.rows[r.Table+"/"+r.Key] = bytes.Clone(r.Value)
	}
	return nil
}

// open is Ring.Open whose append succeeds.
func open(t *testing.T, r *Ring, m *memory, subject string) *Sealer {
	t.Helper()
	s, fresh, err := r.Open(subject)
	if err != nil {
		t.Fatal(err)
	}
	if fresh != nil {
		if err := m.Put(fresh, true); err != nil {
			t.Fatal(err)
		}
		r.Kept(fresh)
	}
	return s
}

func TestSealerOpensOnlyWhatItSealed(t *testing.T) {
	a, b := NewMaster().current, NewMaster().current
	sealed := a.Seal([]byte("hello"), []byte("place"))
	if plain, err := a.Open(sealed, []byte("place")); err != nil || string(plain) != "hello" {
		t.Errorf("Open = %q, %v", plain, err)
	}
	if again := a.Seal([]byte("hello"), []byte("place")); bytes.Equal(again, sealed) {
		t.Error("the same text was sealed to the same bytes")
	}
	if bytes.Contains(sealed, []byte("hello")) {
		t.Error("the text can be read")
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := a.Open(changed, []byte("place")); !errors.Is(err, ErrUnreadable) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
	if _, err := a.Open(sealed, []byte("elsewhere")); !errors.Is(err, ErrUnreadable) {
		t.Errorf("another place: %v", err)
	}
	if _, err := b.Open(sealed, []byte("place")); !errors.Is(err, ErrUnreadable) {
		t.Errorf("another key: %v", err)
	}
}

// A new subject's row is given until it is on disk, and is the same one.
func TestRingMakesOneKeyASubject(t *testing.T) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	s1, fresh1, err := r.Open("anna")
	if err != nil || fresh1 == nil {
		t.Fatal(fresh1, err)
	}
	s2, fresh2, _ := r.Open("anna")
	if s1 != s2 || fresh2 == nil || !bytes.Equal(fresh1[0].Value, fresh2[0].Value) {
		t.Error("a second key was made")
	}
	r.Forget("anna") // the append failed; another one may carry the row yet
	s3, fresh3, _ := r.Open("anna")
	if s3 != s1 || fresh3 == nil {
		t.Error("a failed append changed the key")
	}
	sealed := s1.Seal([]byte("text"), nil)
	if err := m.Put(fresh3, true); err != nil {
		t.Fatal(err)
	}
	r.Kept(fresh3)
	if _, fresh, _ := r.Open("anna"); fresh != nil {
		t.Error("a row that is on disk is given again")
	}
	after, fresh, err := NewRing(r.master, m).Open("anna")
	if err != nil || fresh != nil {
		t.Fatal(fresh, err)
	}
	if plain, err := after.Open(sealed, nil); err != nil || string(plain) != "text" {
		t.Errorf("after a restart: %q, %v", plain, err)
	}
	if boris := open(t, r, m, "boris"); boris.key == s1.key {
		t.Error("two subjects have one key")
	}
}

// The key that reached the disk wins, whoever made it.
func TestRingGivesWayToAnotherOwner(t *testing.T) {
	m := newMemory()
	master := NewMaster()
	ours, theirs := NewRing(master, m), NewRing(master, m)
	if _, fresh, err := ours.Open("anna"); err != nil || fresh == nil {
		t.Fatal(fresh, err)
	}
	want := open(t, theirs, m, "anna")
	ours.Forget("anna") // the append was refused
	if got, fresh, err := ours.Open("anna"); err != nil || fresh != nil || got.key != want.key {
		t.Errorf("Open = %v, %v, want the key on disk", fresh, err)
	}
}

// Between our look at the disk and our decision the row may arrive and be let
// go of: no second key may come of it.
func TestRingDoesNotMakeAKeyTwice(t *testing.T) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	var first *Sealer
	m.meet = func() {
		first = open(t, r, m, "anna")
		r.ready.remove("anna")
	}
	got, fresh, err := r.Open("anna")
	if err != nil || fresh != nil || got.key != first.key {
		t.Errorf("Open = %v, %v, want the first key", fresh, err)
	}
}

// proves G44, G9: rows that go with a key are written with its end, or not at all.
func TestG44_EraseWith(t *testing.T) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	open(t, r, m, "raw-1")
	row := store.Row{Table: "error", Key: "raw-1", Value: []byte("an update")}
	if err := m.Put([]store.Row{row}, true); err != nil {
		t.Fatal(err)
	}
	m.fail = errors.New("the disk is full")
	row.Value = nil
	if err := r.EraseWith("raw-1", row); err == nil {
		t.Error("what could not be written is written")
	}
	m.fail = nil
	if _, _, err := r.Open("raw-1"); err != nil || len(m.rows["error/raw-1"]) == 0 {
		t.Errorf("one of the two is gone: the row is %q, Open = %v", m.rows["error/raw-1"], err)
	}
	if err := r.EraseWith("raw-1", row); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Open("raw-1"); !errors.Is(err, ErrErased) || len(m.rows["error/raw-1"]) > 0 {
		t.Errorf("one of the two is left: the row is %q, Open = %v", m.rows["error/raw-1"], err)
	}
}

// proves G44: what an erased key has sealed can't be read by anybody.
func TestG44_AfterEraseNothingOpens(t *testing.T) {
	m := newMemory()
	master := NewMaster()
	r := NewRing(master, m)
	sealed := open(t, r, m, "anna").Seal([]byte("secret"), nil)
	blob, err := r.BlobKey("anna")
	if err != nil || blob == [KeySize]byte{} {
		t.Fatal(err)
	}
	open(t, r, m, "boris")
	for range 2 { // twice is once
		if err := r.Erase("anna"); err != nil {
			t.Fatal(err)
		}
	}
	for name, ring := range map[string]*Ring{"the same ring": r, "after a restart": NewRing(master, m)} {
		if _, fresh, err := ring.Open("anna"); !errors.Is(err, ErrErased) || fresh != nil {
			t.Errorf("%s: Open = %v, %v, want ErrErased", name, fresh, err)
		}
		if _, err := ring.BlobKey("anna"); refusal.KindOf(err) != refusal.NotFound {
			t.Errorf("%s: BlobKey: %v, want not found", name, err)
		}
		if s, _, err := ring.Open("boris"); err != nil {
			t.Errorf("%s: boris went too: %v", name, err)
		} else if _, err := s.Open(sealed, nil); err == nil {
			t.Errorf("%s: boris reads anna", name)
		}
	}
	if got := m.rows["key/anna"]; !bytes.Equal(got, []byte{erased, 1}) {
		t.Errorf("the row is %x", got)
	}
	if _, err := r.Rewrap(master.Next()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Open("anna"); !errors.Is(err, ErrErased) {
		t.Errorf("a new master key brought anna back: %v", err)
	}
}

// proves G44: an Erase between the look at the disk and the decision counts.
func TestG44_EraseOvertakesOpen(t *testing.T) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	open(t, r, m, "anna")
	r.ready.remove("anna")
	m.meet = func() {
		if err := r.Erase("anna"); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := r.Open("anna"); !errors.Is(err, ErrErased) {
		t.Errorf("Open = %v, want ErrErased", err)
	}
	if _, _, err := r.Open("anna"); !errors.Is(err, ErrErased) {
		t.Errorf("Open again = %v, want ErrErased", err)
	}
}

// proves G44: a key on its way to disk would overwrite the tombstone.
func TestG44_EraseWaitsForAKeyBeingMade(t *testing.T) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	_, fresh, _ := r.Open("anna")
	if err := r.Erase("anna"); !errors.Is(err, ErrMaking) {
		t.Fatalf("Erase = %v, want ErrMaking", err)
	}
	if err := m.Put(fresh, true); err != nil {
		t.Fatal(err)
	}
	if err := r.Erase("anna"); err != nil {
		t.Errorf("Erase of a key on disk = %v", err)
	}
	if _, _, err := r.Open("boris"); err != nil {
		t.Fatal(err)
	}
	r.Forget("boris")
	if err := r.Erase("boris"); err != nil {
		t.Errorf("Erase of a key no append carries = %v", err)
	}
	if err := r.Erase("carol"); err != nil {
		t.Errorf("Erase of who has no key = %v", err)
	}
	for _, who := range []string{"anna", "boris", "carol"} {
		if _, _, err := r.Open(who); !errors.Is(err, ErrErased) {
			t.Errorf("Open(%s) = %v, want ErrErased", who, err)
		}
	}
}

func TestBlobKeyIsKeptAtOnce(t *testing.T) {
	m := newMemory()
	master := NewMaster()
	want, err := NewRing(master, m).BlobKey("anna")
	if err != nil {
		t.Fatal(err)
	}
	got, err := NewRing(master, m).BlobKey("anna")
	if err != nil || got != want {
		t.Errorf("after a restart: another key, %v", err)
	}
	if s := open(t, NewRing(master, m), m, "anna"); s.key == want {
		t.Error("the attachments' key is the data key itself")
	}
}

// What is remembered is bounded, whoever comes and goes.
func TestRingIsBounded(t *testing.T) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	r.ready = newLRU(10)
	for i := range 1000 {
		open(t, r, m, "c"+hex.EncodeToString([]byte{byte(i >> 8), byte(i)}))
	}
	for i := range 100 {
		open(t, r, m, "c"+hex.EncodeToString([]byte{0, byte(i)}))
	}
	if n := len(r.ready.items); n != 10 || r.ready.order.Len() != 10 {
		t.Errorf("%d sealers are held, want 10", n)
	}
	if n := len(r.making); n > 0 {
		t.Errorf("%d keys are thought to be on their way", n)
	}
}

func TestLRUForgetsTheLongestUnused(t *testing.T) {
	l, s := newLRU(2), &Sealer{}
	l.put("a", s)
	l.put("b", s)
	l.get("a")
	l.put("c", s)
	if l.get("a") == nil || l.get("b") != nil || l.get("c") == nil {
		t.Errorf("held: a %v, b %v, c %v", l.get("a"), l.get("b"), l.get("c"))
	}
}

func TestRewrapChangesTheMasterKey(t *testing.T) {
	m := newMemory()
	old := NewMaster()
	r := NewRing(old, m)
	var sealed [][]byte
	names := strings.Fields("anna boris carol")
	for _, n := range names {
		sealed = append(sealed, open(t, r, m, n).Seal([]byte(n), nil))
	}
	_, late, _ := r.Open("dora") // its append is under way
	if _, err := r.Rewrap(NewMaster()); err == nil {
		t.Error("a stranger's key was taken for the next one")
	}
	if r.master != old {
		t.Error("the refused key is used")
	}
	next := old.Next()
	if n, err := r.Rewrap(next); err != nil || n != 3 {
		t.Fatalf("Rewrap = %d, %v, want 3", n, err)
	}
	if err := m.Put(late, true); err != nil {
		t.Fatal(err)
	}
	for want := 1; want >= 0; want-- {
		if n, err := r.Rewrap(next); err != nil || n != want {
			t.Fatalf("Rewrap again = %d, %v, want %d", n, err, want)
		}
	}
	after := NewRing(next.Alone(), m)
	for i, n := range names {
		s, _, err := after.Open(n)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := s.Open(sealed[i], nil); err != nil || string(plain) != n {
			t.Errorf("%s: %q, %v", n, plain, err)
		}
	}
	if _, _, err := NewRing(old, m).Open("anna"); !errors.Is(err, ErrUnreadable) {
		t.Errorf("the old key still opens: %v", err)
	}
}

// A disk that fails is a fault, and no key is made up for it.
func TestRingPassesOnAFault(t *testing.T) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	m.fail = errors.New("disk on fire")
	if _, fresh, err := r.Open("anna"); !errors.Is(err, m.fail) || fresh != nil {
		t.Errorf("Open = %v, %v", fresh, err)
	}
	if err := r.Erase("anna"); !errors.Is(err, m.fail) {
		t.Errorf("Erase = %v", err)
	}
}

// Many at once agree on every key, while others are erased and rewrapped.
func TestRingConcurrently(t *testing.T) {
	m := newMemory()
	master := NewMaster()
	r := NewRing(master, m)
	r.ready = newLRU(4)
	names := strings.Fields("a b c d e f g h")
	sealed := map[string][]byte{}
	for _, n := range names {
		sealed[n] = open(t, r, m, n).Seal([]byte(n), nil)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 400 {
				n := names[i%len(names)]
				s, _, err := r.Open(n)
				if n == "a" && errors.Is(err, ErrErased) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				if plain, err := s.Open(sealed[n], nil); err != nil || string(plain) != n {
					t.Errorf("%s: %q, %v", n, plain, err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 5 {
			master = master.Next()
			if _, err := r.Rewrap(master); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Go(func() {
		if err := r.Erase("a"); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	if _, _, err := r.Open("a"); !errors.Is(err, ErrErased) {
		t.Errorf("Open(a) = %v, want ErrErased", err)
	}
}

// Whatever stands in a row or in a sealed field, it is refused and no more.
func FuzzOpen(f *testing.F) {
	m, err := ParseMaster(strings.Repeat("07", KeySize))
	if err != nil {
		f.Fatal(err)
	}
	s := m.current
	f.Add([]byte{}, []byte{})
	f.Add([]byte{erased}, []byte("anna"))
	f.Add(append([]byte{wrapped}, m.id[:]...), []byte("anna"))
	f.Add(m.Seal([]byte("short"), []byte("anna")), []byte("anna"))
	f.Add(append([]byte{wrapped}, m.Seal([]byte("short"), []byte("anna"))...), []byte("anna"))
	f.Fuzz(func(t *testing.T, sealed, aad []byte) {
		if _, err := s.Open(sealed, aad); err == nil {
			t.Error("a sealer opened what it did not seal")
		}
		if plain, err := m.Open(sealed, aad); err == nil && string(plain) != "short" {
			t.Errorf("the master key opened %q", plain)
		}
		table := newMemory()
		table.rows["key/anna"] = sealed
		if _, _, err := NewRing(m, table).Open("anna"); err == nil && sealed != nil {
			t.Error("the ring took it for a key")
		}
	})
}

func BenchmarkSeal300(b *testing.B) {
	s, plain, aad := NewMaster().current, make([]byte, 300), []byte("conversation/abc.1 17")
	b.ReportAllocs()
	for b.Loop() {
		s.Seal(plain, aad)
	}
}

func BenchmarkRingOpen(b *testing.B) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	_, fresh, _ := r.Open("anna")
	if err := m.Put(fresh, true); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := r.Open("anna"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCustomerID(b *testing.B) {
	m := NewMaster()
	for b.Loop() {
		m.CustomerID("telegram", "1234567890")
	}
}
