package keys

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/store"
)

// begin is open for a conversation that opens.
func begin(t *testing.T, r *Ring, m *memory, conversation string) *Sealer {
	t.Helper()
	s, fresh, err := r.Begin(conversation)
	if err != nil || fresh == nil {
		t.Fatalf("Begin = %v, %v", fresh, err)
	}
	if err := m.Put(fresh, true); err != nil {
		t.Fatal(err)
	}
	r.Kept(fresh)
	return s
}

// reads names those of some sealed words that a ring opens.
func reads(t *testing.T, r *Ring, words map[string][]byte, subjects ...string) string {
	t.Helper()
	var out []string
	for _, subject := range subjects {
		s, fresh, err := r.Open(subject)
		if fresh != nil {
			t.Errorf("a key was made for who reads of %s", subject)
		}
		if errors.Is(err, ErrErased) {
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", subject, err)
		}
		if b, err := s.Open(words[subject], nil); err == nil {
			out = append(out, string(b))
		}
	}
	return strings.Join(out, " ")
}

// proves HS-05, G44: a conversation's key is destroyed alone, or with all others
// of the customer; one from before has the customer's, and neither a restart nor
// another master key changes anything of that.
func TestHS05_KeysOfConversations(t *testing.T) {
	m, master := newMemory(), NewMaster()
	r := NewRing(master, m)
	all := []string{"anna", "anna.1", "anna.2", "anna.3", "boris", "boris.1"}
	words := map[string][]byte{"anna": open(t, r, m, "anna").Seal([]byte("anna"), nil), "boris": open(t, r, m, "boris").Seal([]byte("boris"), nil)}
	for _, id := range []string{"anna.1", "anna.2", "boris.1"} {
		words[id] = begin(t, r, m, id).Seal([]byte(id), nil)
	}
	words["anna.3"] = open(t, r, m, "anna.3").Seal([]byte("anna.3"), nil) // from before
	look := func(when, want string) {
		t.Helper()
		for name, ring := range map[string]*Ring{"the same ring": r, "another": NewRing(master, m)} {
			if got := reads(t, ring, words, all...); got != want {
				t.Errorf("%s: %s reads %s, want %s", when, name, got, want)
			}
		}
	}
	look("at first", "anna anna.1 anna.2 anna.3 boris boris.1")
	if own, err := r.Own("anna.3"); own || err != nil {
		t.Errorf("it has a key of its own: %v, %v", own, err)
	}
	stone, err := r.Tombstone("anna.1")
	if err := errors.Join(err, m.Put([]store.Row{stone}, true)); err != nil {
		t.Fatal(err)
	}
	r.Gone("anna.1")
	look("one forgotten", "anna anna.2 anna.3 boris boris.1")
	if again, err := r.Tombstone("anna.1"); err != nil || !bytes.Equal(again.Value, stone.Value) {
		t.Errorf("twice it is %x, %v, want %x", again.Value, err, stone.Value)
	}
	if _, err := r.Tombstone("anna.3"); !errors.Is(err, ErrBefore) {
		t.Errorf("one from before: %v", err)
	}
	next := master.Next()
	for n := -1; n != 0; {
		if n, err = r.Rewrap(next); err != nil {
			t.Fatal(err)
		}
	}
	master = next.Alone()
	look("with another master key", "anna anna.2 anna.3 boris boris.1")
	if err := r.Erase("anna"); err != nil {
		t.Fatal(err)
	}
	look("anna erased", "boris boris.1")
	renewed := renew(t, r, m, "anna")
	look("anna heard of again", "boris boris.1")
	words["anna"], words["anna.4"] = renewed.Seal([]byte("anna-again"), nil), begin(t, r, m, "anna.4").Seal([]byte("anna.4"), nil)
	all = append(all, "anna.4")
	look("and again in a conversation", "anna-again boris boris.1 anna.4")
}

// proves G44: a customer is erased before a conversation's key has come to disk,
// or after, but not around it.
func TestG44_EraseWaitsForAConversation(t *testing.T) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	_, fresh, err := r.Begin("anna.1") // nobody knew anna: her key comes with it
	if err != nil || len(fresh) != 2 || fresh[0].Key != "anna" || fresh[1].Key != "anna.1" || len(m.rows) != 0 {
		t.Fatal(fresh, m.rows, err)
	}
	if err := r.Erase("anna"); !errors.Is(err, ErrMaking) {
		t.Errorf("Erase = %v, want ErrMaking", err)
	}
	if _, err := r.Tombstone("anna.1"); !errors.Is(err, ErrMaking) {
		t.Errorf("Tombstone = %v, want ErrMaking", err)
	}
	if err := m.Put(fresh, true); err != nil {
		t.Fatal(err)
	}
	if err := r.Erase("anna"); err != nil {
		t.Error(err)
	}
	if _, _, err := r.Open("anna.1"); !errors.Is(err, ErrErased) {
		t.Errorf("Open = %v, want ErrErased", err)
	}
	if _, _, err := r.Begin("boris.1"); err != nil {
		t.Fatal(err)
	}
	r.Forget("boris.1") // the append failed: it may be one from before
	if s, _, err := r.Open("boris.1"); err != nil || s.key != mustOpen(t, r, "boris").key {
		t.Errorf("Open = %v, want the customer's", err)
	}
}

func mustOpen(t *testing.T, r *Ring, subject string) *Sealer {
	t.Helper()
	s, _, err := r.Open(subject)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// proves HS-05: what was forgotten stays so in old copies that are opened with
// the newest file of keys.
func TestHS05_OldCopiesForgetConversations(t *testing.T) {
	m, master := newMemory(), NewMaster()
	r := NewRing(master, m)
	name := filepath.Join(t.TempDir(), "keys")
	all := []string{"anna", "anna.1", "anna.2", "boris.1"}
	words := map[string][]byte{"anna": open(t, r, m, "anna").Seal([]byte("anna"), nil)}
	for _, id := range all[1:] {
		words[id] = begin(t, r, m, id).Seal([]byte(id), nil)
	}
	if err := r.Save(name); err != nil {
		t.Fatal(err)
	}
	old := copyOf(t, m)
	then := copyRows(old)
	if err := NewRing(master, then).Load(name); err != nil {
		t.Fatal(err)
	}
	if got := reads(t, NewRing(master, then), words, all...); got != "anna anna.1 anna.2 boris.1" {
		t.Errorf("with the keys of its day the copy tells %s: the test is blind", got)
	}
	stone, err := r.Tombstone("anna.1")
	if err := errors.Join(err, m.Put([]store.Row{stone}, true)); err != nil {
		t.Fatal(err)
	}
	r.Gone("anna.1")
	if err := r.Save(name); err != nil {
		t.Fatal(err)
	}
	ring := NewRing(master, old)
	if err := ring.Load(name); err != nil {
		t.Fatal(err)
	}
	if got := reads(t, ring, words, all...); got != "anna anna.2 boris.1" {
		t.Errorf("with the newest keys the copy tells %s", got)
	}
	for subject, err := range ring.Erased() {
		if subject != "anna.1" || err != nil {
			t.Errorf("the copy is told that %s is erased, %v", subject, err)
		}
	}
}

// A file that no message names yet has a key of its own, and goes with the
// customer or alone.
func TestHS05_KeysOfLooseFiles(t *testing.T) {
	m, master := newMemory(), NewMaster()
	r := NewRing(master, m)
	one, err := r.BlobKey("anna.ua1")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := NewRing(master, m).BlobKey("anna.ua1"); err != nil || again != one {
		t.Errorf("after a restart: another key, %v", err)
	}
	theirs, err := r.BlobKey("anna.1") // a conversation from before
	customer, failed := r.BlobKey("anna")
	if err = errors.Join(err, failed); err != nil || theirs != customer || one == customer {
		t.Errorf("keys of files: %v", err)
	}
	for _, who := range []string{"anna.ua1", "anna"} {
		if err := r.Erase(who); err != nil {
			t.Fatal(err)
		}
		if _, err := r.BlobKey(who); refusal.KindOf(err) != refusal.NotFound {
			t.Errorf("BlobKey of %s: %v, want not found", who, err)
		}
	}
	if _, err := r.BlobKey("anna.1"); refusal.KindOf(err) != refusal.NotFound {
		t.Errorf("BlobKey: %v, want not found", err)
	}
}

// A conversation at rest takes the memory of one key, and not of two.
func TestConversationsHoldOneKeyEach(t *testing.T) {
	m, master := newMemory(), NewMaster()
	first := NewRing(master, m)
	var all []string
	for i := range 100 {
		customer := fmt.Sprint("c", i)
		open(t, first, m, customer)
		all = append(all, customer+".1")
		begin(t, first, m, customer+".1")
	}
	r := NewRing(master, m)
	for _, id := range all {
		mustOpen(t, r, id)
	}
	if n := len(r.ready.items); n != len(all) || len(r.making) != 0 {
		t.Errorf("%d conversations hold %d keys, and %d on their way", len(all), n, len(r.making))
	}
}

// A slow table holds up who writes first until it is let go.
type slow struct {
	*memory
	first            sync.Once
	writing, release chan struct{}
}

func (s *slow) Put(rows []store.Row, sync bool) error {
	s.first.Do(func() {
		close(s.writing)
		<-s.release
	})
	return s.memory.Put(rows, sync)
}

// proves G44: a key on its way to disk holds nobody up who reads or opens, and
// is not destroyed around; both its rows arrive together.
func TestG44_AKeyThatIsWrittenHoldsNobodyUp(t *testing.T) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	boris := mustOpen(t, r, "boris")
	slow := &slow{memory: m, writing: make(chan struct{}), release: make(chan struct{})}
	r.table = slow
	kept := make(chan error)
	go func() {
		_, err := r.BlobKey("anna.draft")
		kept <- err
	}()
	<-slow.writing
	if s, _, err := r.Open("boris"); err != nil || s != boris {
		t.Errorf("Open = %v, %v", s, err)
	}
	if _, fresh, err := r.Begin("anna.1"); err != nil || len(fresh) != 2 {
		t.Errorf("Begin = %v, %v", fresh, err)
	}
	if len(m.rows) != 0 {
		t.Fatal("the key was not on its way")
	}
	gone := make(chan error)
	go func() { gone <- r.Erase("anna") }() // before or after, never around it
	close(slow.release)
	if err := <-kept; err != nil {
		t.Fatal(err)
	}
	if err := <-gone; !errors.Is(err, ErrMaking) {
		t.Errorf("Erase = %v, want ErrMaking: a conversation of hers is opening", err)
	}
	if !isKey(m.rows["key/anna"]) || !isKey(m.rows["key/anna.draft"]) {
		t.Errorf("on disk: %v", m.rows)
	}
}

// A distant table takes its time, which is virtual.
type distant struct{ *memory }

func (d distant) Put(rows []store.Row, sync bool) error {
	time.Sleep(time.Millisecond)
	return d.memory.Put(rows, sync)
}

// proves G44: whoever waits for a key waits so that time goes on: who erases,
// writes and wraps anew at once comes to an end, and what was erased stays so.
func TestG44_NobodyWaitsInVain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, master := newMemory(), NewMaster()
		r, next := NewRing(master, distant{m}), master.Next()
		var all sync.WaitGroup
		for n := range 8 {
			who := fmt.Sprintf("c%d", n%4)
			all.Go(func() {
				if _, err := r.BlobKey(fmt.Sprintf("%s.draft%d", who, n)); err != nil && !errors.Is(err, ErrErased) && refusal.KindOf(err) != refusal.NotFound {
					t.Error(err)
				}
			})
			all.Go(func() {
				if err := r.Erase(who); err != nil && !errors.Is(err, ErrMaking) {
					t.Error(err)
				}
			})
			all.Go(func() {
				if _, err := r.Rewrap(next); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for n := range 4 {
			who := fmt.Sprintf("c%d", n)
			if err := r.Erase(who); err != nil {
				t.Error(err)
			}
			if _, _, err := r.Open(who + ".1"); !errors.Is(err, ErrErased) {
				t.Errorf("Open = %v, want ErrErased", err)
			}
		}
	})
}
