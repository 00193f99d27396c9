package blob

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crafttalkd/actors/refusal"
)

// proves HS-05, G44: the files of conversations are found with their customer,
// go alone, and go with the customer; each has the key of its conversation.
func TestHS05_FilesOfConversations(t *testing.T) {
	dir, keys := t.TempDir(), newRing()
	up := Loose("anna")
	if other := Loose("anna"); other == up || !proper(other) {
		t.Errorf("the subjects of two files are %s and %s", up, other)
	}
	for i, part := range []string{"anna.1", "anna.2", "annabel.1", "annabel", up} {
		keys[part] = [32]byte{byte(100 + i)}
	}
	s := open(t, dir, keys)
	both := put(t, s, "anna.1", []byte("in two conversations"))
	put(t, s, "anna.2", []byte("in two conversations"))
	one := put(t, s, "anna.1", []byte("in one conversation"))
	loose := put(t, s, up, []byte("in none yet"))
	own := put(t, s, "anna", []byte("her picture"))
	put(t, s, "annabel.1", []byte("in one conversation"))
	if got, err := s.With("anna", both.Hash); err != nil || !slices.Equal(got, []string{"anna.1", "anna.2"}) {
		t.Errorf("it is with %v, %v", got, err)
	}
	for _, hash := range []string{both.Hash, one.Hash, loose.Hash, own.Hash} {
		if _, err := get(s, "anna", hash); err != nil {
			t.Errorf("the customer's file %s: %v", hash, err)
		}
	}
	if _, _, err := s.Get("anna.2", one.Hash); refusal.KindOf(err) != refusal.NotFound {
		t.Errorf("another conversation has it: %v", err)
	}
	if n, _, err := s.Count("anna.1"); n != 2 || err != nil {
		t.Errorf("the conversation has %d files, %v", n, err)
	}
	if n, _, err := s.Count("anna"); n != 5 || err != nil {
		t.Errorf("the customer has %d files, %v", n, err)
	}
	delete(keys, "anna.1") // its key goes before its files
	if _, err := get(s, "anna", both.Hash); err != nil {
		t.Errorf("the file of the other conversation: %v", err)
	}
	if err := s.Remove("anna.1"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Get("anna", one.Hash); refusal.KindOf(err) != refusal.NotFound {
		t.Errorf("a file that went with its conversation: %v", err)
	}
	if err := s.Remove("anna"); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir); len(got) != 1 || !strings.Contains(got[0], filepath.Join("an", "annabel", "1")) {
		t.Errorf("without the customer there is %v", got)
	}
	for _, name := range []string{"anna.", "anna..", "anna.1.2", "anna./", "anna.." + strings.Repeat("a", 40), "anna." + strings.Repeat("a", 64), ".1"} {
		if _, err := s.Put(t.Context(), name, strings.NewReader("x"), 10); refusal.KindOf(err) != refusal.Invalid {
			t.Errorf("Put for %q: %v", name, err)
		}
	}
}
