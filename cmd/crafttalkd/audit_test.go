package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// proves G43: crafttalkd verify reports a line of the log of acts that was put in by
// somebody who can write to the store, and a log that ends too early.
func TestG43_VerifyReadsTheLogOfActs(t *testing.T) {
	h, err := openHome(t.TempDir(), slog.New(slog.DiscardHandler), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	j, err := h.journal()
	if err != nil {
		t.Fatal(err)
	}
	var lines uint64
	add := func(e event.Event) {
		t.Helper()
		done := make(chan error, 1)
		j.Append(journal.Append{Stream: event.AuditStream, Expect: lines, Events: []event.Event{e}}, func(_ store.Receipt, err error) { done <- err })
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		lines++
	}
	verify := func(head string) verifyAnswer {
		t.Helper()
		out, err := h.verify(t.Context(), verifyRequest{head})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	state := audit.State{}
	for range 5 {
		events, err := audit.Decide(state, audit.Note{By: "boss", Act: audit.SignedIn, Object: "boss"}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		state = audit.Apply(state, events[0])
		add(events[0])
	}
	sound := verify("")
	if len(sound.Damages) > 0 || sound.Head != state.Head.String() {
		t.Fatalf("the sound log: %v", sound)
	}
	longer := state.Head
	longer.Number++
	if got := verify(longer.String()); len(got.Damages) != 1 || !strings.Contains(got.Damages[0], "ends at line 5, and it had 6") {
		t.Errorf("a log that was longer: %v", got.Damages)
	}
	add(&event.AuditNoted{Number: 6, Before: []byte("made up"), By: "nobody", Act: audit.SignedIn})
	if got := verify(sound.Head); len(got.Damages) != 1 || !strings.Contains(got.Damages[0], "line 5 is not what it was, or the one after it") {
		t.Errorf("a line that was put in: %v", got.Damages)
	}
}
