package keys

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"crafttalkd/store"
)

// copyOf is a copied store without its keys, as a backup has it.
func copyOf(t *testing.T, m *memory) *memory {
	t.Helper()
	c := newMemory()
	for row := range m.Scan(table, "") {
		if err := c.Put([]store.Row{row}, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := Detach(c); err != nil {
		t.Fatal(err)
	}
	return c
}

// proves G44: a copy has no keys; the newest file of keys opens it, but for
// those who were erased since, and whatever became of them later.
func TestG44_OldCopiesForgetToo(t *testing.T) {
	m, master := newMemory(), NewMaster()
	r := NewRing(master, m)
	name := filepath.Join(t.TempDir(), "keys")
	words := map[string][]byte{}
	for _, who := range []string{"anna", "boris", "carol"} {
		words[who] = open(t, r, m, who).Seal([]byte(who), nil)
	}
	old := copyOf(t, m)
	for who := range words {
		if _, _, err := NewRing(master, old).Open(who); !errors.Is(err, ErrApart) {
			t.Errorf("the copy opens %s: %v", who, err)
		}
	}
	if err := r.Save(name); err != nil {
		t.Fatal(err)
	}
	then, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"anna", "boris"} {
		if err := r.Erase(who); err != nil {
			t.Fatal(err)
		}
	}
	later := renew(t, r, m, "boris").Seal([]byte("boris again"), nil)
	if err := r.Save(name); err != nil {
		t.Fatal(err)
	}
	reads := func(copied *memory, file string) (out []string) {
		ring := NewRing(master, copied)
		if err := ring.Load(file); err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{"anna", "boris", "carol"} {
			if s, _, err := ring.Open(who); err == nil {
				if b, err := s.Open(words[who], nil); err == nil {
					out = append(out, string(b))
				} else if b, err := s.Open(later, nil); err == nil {
					out = append(out, string(b))
				}
			}
		}
		return out
	}
	if got := strings.Join(reads(copyOf(t, m), name), ", "); got != "boris again, carol" {
		t.Errorf("a new copy tells of %s", got)
	}
	// An older file of keys is the mistake that the newest one rules out.
	past := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(past, then, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(reads(copyRows(old), past), ", "); got != "anna, boris, carol" {
		t.Errorf("with the keys of its day the old copy tells of %s: the test is blind", got)
	}
	if got := strings.Join(reads(copyRows(old), name), ", "); got != "boris again, carol" {
		t.Errorf("the old copy tells of %s", got)
	}
	if err := NewRing(master, copyOf(t, m)).Load(past); err == nil || !strings.Contains(err.Error(), "older than the backup") {
		t.Errorf("keys of before the copy: %v", err)
	}
}

func copyRows(m *memory) *memory {
	c := newMemory()
	for k, v := range m.rows {
		c.rows[k] = bytes.Clone(v)
	}
	return c
}

// renew is open for who was erased.
func renew(t *testing.T, r *Ring, m *memory, subject string) *Sealer {
	t.Helper()
	s, fresh, err := r.Renew(subject)
	if err != nil || fresh == nil {
		t.Fatalf("Renew = %v, %v", fresh, err)
	}
	if err := m.Put(fresh, true); err != nil {
		t.Fatal(err)
	}
	r.Kept(fresh)
	return s
}

// proves G44: a key that is made again does not open what was sealed before,
// can be destroyed in its turn, and isn't made by who only reads.
func TestG44_HeardOfAgain(t *testing.T) {
	m, master := newMemory(), NewMaster()
	r := NewRing(master, m)
	before := open(t, r, m, "anna").Seal([]byte("before"), nil)
	for round := range 3 {
		if err := r.Erase("anna"); err != nil {
			t.Fatal(err)
		}
		if _, fresh, err := r.Renew("anna"); err != nil || fresh == nil {
			t.Fatal(err)
		}
		if _, _, err := r.Open("anna"); !errors.Is(err, ErrErased) {
			t.Errorf("who reads meets a key on its way: %v", err)
		}
		if err := r.Erase("anna"); !errors.Is(err, ErrMaking) {
			t.Errorf("Erase of a key on its way = %v, want ErrMaking", err)
		}
		renew(t, r, m, "anna")
		for _, ring := range []*Ring{r, NewRing(master, m)} {
			s, _, err := ring.Open("anna")
			if err != nil || !s.Renewed() {
				t.Fatalf("round %d: Renewed = false, %v", round, err)
			}
			if _, err := s.Open(before, nil); err == nil {
				t.Error("the new key opens the past")
			}
		}
	}
}

// What a file of keys knows more than the ring stays in it, and a file that is
// changed, cut or of another installation is neither read nor written over.
func TestFileOfKeysIsNotLost(t *testing.T) {
	m, master := newMemory(), NewMaster()
	r := NewRing(master, m)
	name := filepath.Join(t.TempDir(), "keys")
	open(t, r, m, "boris")
	early := copyRows(m)
	open(t, r, m, "anna")
	open(t, r, m, "carol")
	if err := r.Save(name); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := NewRing(master, early).Save(name); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
		t.Errorf("who knows less has left\n%s, %v, want\n%s", got, err, want)
	}
	cut := bytes.LastIndexByte(want[:len(want)-1], '\n') + 1
	for what, b := range map[string][]byte{"changed": bytes.Replace(want, []byte("anna"), []byte("anne"), 1), "cut": want[:cut],
		"cut short": want[:cut-20], "empty": {}, "without a line": append([]byte(fileHead), want[cut:]...)} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		for doing, err := range map[string]error{"Save": r.Save(name), "Load": r.Load(name)} {
			if !errors.Is(err, ErrNotOurs) {
				t.Errorf("%s over a file that is %s: %v", doing, what, err)
			}
		}
	}
	if err := os.WriteFile(name, want, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := NewRing(NewMaster(), newMemory()).Save(name); !errors.Is(err, ErrNotOurs) {
		t.Errorf("another installation's: %v", err)
	}
	if err := NewRing(master.Next(), copyOf(t, m)).Load(name); err != nil {
		t.Errorf("with the next master key: %v", err)
	}
}

// proves G44: while keys of a file are on their way to disk nobody waits who opens
// others, and who is erased meanwhile stays so.
func TestG44_KeysThatComeBackHoldNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, master := newMemory(), NewMaster()
		r := NewRing(master, m)
		name := filepath.Join(t.TempDir(), "keys")
		open(t, r, m, "anna")
		if err := r.Save(name); err != nil {
			t.Fatal(err)
		}
		m = copyOf(t, m)
		slow := &slow{memory: m, writing: make(chan struct{}), release: make(chan struct{})}
		r = NewRing(master, slow)
		boris := mustOpen(t, r, "boris")
		loaded, gone := make(chan error), make(chan error)
		go func() { loaded <- r.Load(name) }()
		<-slow.writing
		if s, _, err := r.Open("boris"); err != nil || s != boris {
			t.Errorf("Open = %v, %v", s, err)
		}
		go func() { gone <- r.Erase("anna") }()
		synctest.Wait()
		close(slow.release)
		if err := errors.Join(<-loaded, <-gone); err != nil {
			t.Fatal(err)
		}
		if value := m.rows["key/anna"]; !isErased(value) {
			t.Errorf("on disk: %v", value)
		}
	})
}

// proves G44: who is erased by a file of keys is so at once, also for a ring that
// had the key at hand.
func TestG44_ErasedByAFile(t *testing.T) {
	m, master, name := newMemory(), NewMaster(), filepath.Join(t.TempDir(), "keys")
	r := NewRing(master, m)
	open(t, r, m, "anna")
	mustOpen(t, r, "anna")
	other := NewRing(master, copyRows(m))
	if err := errors.Join(other.Erase("anna"), other.Save(name), r.Load(name)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Open("anna"); !errors.Is(err, ErrErased) {
		t.Errorf("Open = %v, want ErrErased", err)
	}
}
