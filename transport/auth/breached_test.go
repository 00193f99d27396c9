package auth

import (
	"crypto/sha1"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crafttalkd/actors/refusal"
)

// breached writes a file of lost passwords.
func breached(t *testing.T, end string, passwords ...string) string {
	t.Helper()
	var lines []string
	for i, p := range passwords {
		lines = append(lines, fmt.Sprintf("%X:%d", sha1.Sum([]byte(p)), i*i*i+1))
	}
	slices.Sort(lines)
	name := filepath.Join(t.TempDir(), "pwned.txt")
	if err := os.WriteFile(name, []byte(strings.Join(lines, end)+end), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// ASVS 6.2.12: of a file of any size, every password is found and no other.
func TestBreachedPasswordsAreFound(t *testing.T) {
	for n := range 200 {
		var lost []string
		for i := range n {
			lost = append(lost, fmt.Sprintf("lost password %d", i))
		}
		if n == 0 {
			continue
		}
		b, err := OpenBreached(breached(t, []string{"\n", "\r\n"}[n%2], lost...))
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range append(lost, "never lost", "", "lost password", "lost password 1000", "x", "y", "z") {
			if has, err := b.Has(p); err != nil || has != (i < n) {
				t.Fatalf("of %d: Has(%q) = %v, %v", n, p, has, err)
			}
		}
		b.Close()
	}
}

func TestBreachedPasswordsAreRefused(t *testing.T) {
	h := newHouse(t)
	b, err := OpenBreached(breached(t, "\n", "tall ships sank at dawn", "another one"))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	h.Breached = b
	if _, err := h.Hash(t.Context(), "anna", "tall ships sank at dawn"); refusal.KindOf(err) != refusal.Invalid {
		t.Errorf("Hash = %v, want a refusal", err)
	}
	if _, err := h.Hash(t.Context(), "anna", "tall ships sank at dusk"); err != nil {
		t.Error(err)
	}
	for name, text := range map[string]string{"empty": "", "words": "password\n123456\n", "short": "ABCDEF:1\n"} {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenBreached(file); err == nil {
			t.Errorf("%s: taken for a file of hashes", name)
		}
	}
	if _, err := OpenBreached(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there is taken")
	}
}
