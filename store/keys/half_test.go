package keys

import (
	"bytes"
	"errors"
	"testing"
)

// proves G44: of a value in two halves the one is anybody's, the other is the key's
// and goes with it, also for who is heard of again; a damaged one is refused.
func TestG44_Halves(t *testing.T) {
	m := newMemory()
	r := NewRing(NewMaster(), m)
	aad := []byte("row/anna")
	write := func(sealed any) []byte {
		t.Helper()
		value, err := r.Halves("anna", "open", sealed, aad)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	read := func(value []byte) (open, sealed string) {
		t.Helper()
		if err := r.ReadHalves("anna", value, &open, &sealed, aad); err != nil {
			t.Fatal(err)
		}
		return open, sealed
	}
	for range 2 { // the first time makes the key
		value := write("secret")
		if open, sealed := read(value); open != "open" || sealed != "secret" || bytes.Contains(value, []byte("secret")) {
			t.Errorf("%q says %q and %q", value, open, sealed)
		}
	}
	value := write("secret")
	if open, sealed := read(write(nil)); open != "open" || sealed != "" {
		t.Errorf("without a second half: %q, %q", open, sealed)
	}
	if open, sealed := read(nil); open != "" || sealed != "" {
		t.Errorf("nothing says %q, %q", open, sealed)
	}
	for _, damaged := range [][]byte{{}, {200}, {5, '"'}, value[:len(value)-1]} {
		if err := r.ReadHalves("anna", damaged, new(string), new(string), aad); err == nil {
			t.Errorf("%q was read", damaged)
		}
	}
	if err := r.Erase("anna"); err != nil {
		t.Fatal(err)
	}
	half, err := r.Halves("anna", "open", "secret", aad)
	if open, sealed := read(half); !errors.Is(err, ErrErased) || open != "open" || sealed != "" {
		t.Errorf("of who is erased: %q, %q, %v", open, sealed, err)
	}
	renew(t, r, m, "anna")
	if open, sealed := read(value); open != "open" || sealed != "" {
		t.Errorf("who is heard of again has the past: %q, %q", open, sealed)
	}
}
