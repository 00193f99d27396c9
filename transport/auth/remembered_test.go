package auth

import (
	"fmt"
	"testing"
)

// proves G33: a session that is in memory costs no reading, and is gone at once
// when it is ended, also by who ends it while somebody reads its row.
func TestG33_RememberedSessionsEndAtOnce(t *testing.T) {
	h := newHouse(t)
	s := h.signIn("anna")
	look := func() bool {
		_, err := h.Session(s.Token)
		return err == nil
	}
	end := func() {
		if err := h.End("anna", s.ID, ""); err != nil {
			t.Error(err)
		}
	}
	if !look() {
		t.Fatal("a fresh session does not stand")
	}
	read := false
	h.disk.meet = func() { read = true }
	if !look() || read {
		t.Errorf("looking again: read %v, want a session from memory", read)
	}
	h.disk.meet = nil
	if end(); look() {
		t.Error("an ended session stands")
	}
	s = h.signIn("anna")
	h.disk.meet = end // somebody has read the row, and it is ended before it is remembered
	if look(); look() {
		t.Error("a session that was ended while it was read stands")
	}
}

// Memory for sessions is bounded.
func TestRememberedIsBounded(t *testing.T) {
	r := &remembered{}
	for i := range 3 * mostRemembered {
		r.put(fmt.Sprint(i), kept{}, 0)
		if len(r.rows) > mostRemembered {
			t.Fatalf("%d sessions are held, want at most %d", len(r.rows), mostRemembered)
		}
	}
	if _, found, _ := r.get(fmt.Sprint(3*mostRemembered - 1)); !found {
		t.Error("the newest is not there")
	}
}
