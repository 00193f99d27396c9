package main

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/cmd/crafttalkd/archive"
	"crafttalkd/store"
)

// madeUp generates conversations, and returns the facts of each stream about
// somebody.
func madeUp(t *testing.T, dir string, c archive.Config) map[string][]event.Event {
	t.Helper()
	if err := generate(t.Context(), dir, c); err != nil {
		t.Fatal(err)
	}
	h, err := openHome(dir, slog.New(slog.DiscardHandler), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if out, err := h.verify(t.Context(), verifyRequest{}); err != nil || len(out.Damages) > 0 {
		t.Errorf("verify: %v, %v", out.Damages, err)
	}
	j, err := h.journal()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range acting {
		if place, err := j.Place(name); err != nil || place != j.Now() {
			t.Errorf("%s would act on what was made up: %v", name, err)
		}
	}
	facts := map[string][]event.Event{}
	for shard := range store.Shards {
		for e, err := range j.Tail(shard, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(e.Stream, event.ConversationStream) || strings.HasPrefix(e.Stream, event.CustomerStream) || strings.HasPrefix(e.Stream, event.OperatorStream) {
				facts[e.Stream] = append(facts[e.Stream], e.Event)
			}
		}
	}
	return facts
}

// servedBy are the beginnings of what each operator had, told by the conversations.
func servedBy(facts map[string][]event.Event) map[string]map[string]time.Time {
	out := map[string]map[string]time.Time{}
	for _, list := range facts {
		for _, e := range list {
			if e, ok := e.(*event.ConversationAssigned); ok {
				if out[e.OperatorId] == nil {
					out[e.OperatorId] = map[string]time.Time{}
				}
				out[e.OperatorId][e.OfferId] = e.At.AsTime()
			}
		}
	}
	return out
}

// worksAsTheMachine looks whether an operator was online when conversations came,
// had those that say so, and has left.
func worksAsTheMachine(t *testing.T, id string, list []event.Event, served map[string]time.Time) {
	t.Helper()
	s, seen := operator.State{}, map[event.Presence]bool{}
	for _, e := range list {
		if e, ok := e.(*event.SlotReserved); ok {
			if at, ok := served[e.OfferId]; !ok || !at.Equal(e.At.AsTime()) || !s.Open() || e.Forced {
				t.Errorf("%s got %s at %v, the conversation says %v; the status was %s", id, e.ConversationId, e.At.AsTime(), at, s.Presence)
			}
			delete(served, e.OfferId)
		}
		s = operator.Apply(s, e)
		seen[s.Presence] = true
	}
	if s.Presence != event.Presence_OFFLINE || len(s.Slots) > 0 || !operator.Deadline(s).IsZero() || len(served) > 0 {
		t.Errorf("%s is %+v at the end, and was never given %v", id, s, served)
	}
	if !seen[event.Presence_ONLINE] || !seen[event.Presence_LUNCH] || !seen[event.Presence_TRAINING] {
		t.Errorf("%s was only %v in all that time", id, seen)
	}
}

// What is made up is what the machines could have written: every conversation has
// ended, its facts in order of time, no customer has an open one, and the same seed
// makes the same again.
func TestGenerate(t *testing.T) {
	dir, c := t.TempDir(), archive.Config{Conversations: 150, Seed: 3, Until: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Period: 100 * 24 * time.Hour}
	facts := madeUp(t, dir, c)
	talks, served := 0, servedBy(facts)
	for stream, list := range facts {
		for i := 1; i < len(list); i++ {
			if event.At(list[i]).Before(event.At(list[i-1])) && event.KindOf(list[i-1]) != event.KindOf(&event.MessageDelivered{}) {
				t.Errorf("%s: %T comes before what was before it", stream, list[i])
			}
		}
		if strings.HasPrefix(stream, event.CustomerStream) {
			s := customer.State{}
			for _, e := range list {
				s = customer.Apply(s, e)
			}
			if s.ID == "" || s.Open != "" || len(s.Conversations) == 0 {
				t.Errorf("%s is %+v", stream, s)
			}
			continue
		}
		if id, ok := strings.CutPrefix(stream, event.OperatorStream); ok {
			worksAsTheMachine(t, id, list, served[id])
			continue
		}
		talks++
		s := conversation.State{}
		for _, e := range list {
			s = conversation.Apply(s, e)
		}
		if s.Phase != conversation.Closed || !conversation.Deadline(s).IsZero() {
			t.Errorf("%s is in phase %d and wakes at %v", stream, s.Phase, conversation.Deadline(s))
		}
	}
	if talks != c.Conversations {
		t.Errorf("%d conversations, want %d", talks, c.Conversations)
	}
	if err := generate(t.Context(), dir, c); err == nil || !strings.Contains(err.Error(), "new data directory") {
		t.Errorf("generated once more: %v", err)
	}
	again := madeUp(t, t.TempDir(), c)
	for stream, list := range facts {
		if !slices.EqualFunc(list, again[stream], func(a, b event.Event) bool {
			return event.KindOf(a) == event.KindOf(b) && event.At(a).Equal(event.At(b))
		}) {
			t.Fatalf("%s is not the same with the same seed", stream)
		}
	}
}
