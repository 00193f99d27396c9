package watcher

import (
	"fmt"
	"testing"
	"time"

	"crafttalkd/actors/event"
)

// Every opening is kept; a screen that comes back within the sitting opens
// nothing anew, and what is remembered is bounded.
func TestEveryOpeningIsKept(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var s State
	watch := func(conv string, again bool) int {
		t.Helper()
		events, err := Decide(s, Watch{User: "boss", Conversation: conv, Center: "shop", Line: "help", Again: again}, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			s = Apply(s, e)
			if w := e.(*event.ConversationWatched); w.UserId != "boss" || w.ConversationId != conv || w.CenterId != "shop" || w.LineId != "help" {
				t.Errorf("kept %v", w)
			}
		}
		return len(events)
	}
	for i, tt := range []struct {
		conv  string
		again bool
		later time.Duration
		want  int
	}{
		{"anna.1", true, 0, 1}, // a claim of having had it counts for nothing
		{"anna.1", true, time.Minute, 0},
		{"anna.1", false, time.Minute, 1},
		{"boris.1", false, 0, 1},
		{"anna.1", true, sitting, 1},
	} {
		now = now.Add(tt.later)
		if got := watch(tt.conv, tt.again); got != tt.want {
			t.Errorf("look %d at %s was kept %d times, want %d", i, tt.conv, got, tt.want)
		}
	}
	for i := range 100 {
		watch(fmt.Sprintf("c%d.1", i), false)
	}
	if len(s.Looks) != most {
		t.Errorf("%d looks are remembered, want %d", len(s.Looks), most)
	}
	if _, err := Decide(s, Watch{User: "boss"}, now); err == nil {
		t.Error("nothing was opened, and it was kept")
	}
}
