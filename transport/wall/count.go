package wall

import (
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/wall"
)

// Count returns how many open conversations of each phase are within a user's
// routing settings now.
func (w *Wall) Count(u *event.User) map[wall.Phase]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[wall.Phase]int{}
	for _, c := range w.model.Conversations {
		if (place{center: c.Center, routing: c.Routing}).seenBy(w.directory(), u) {
			out[c.Phase]++
		}
	}
	return out
}

// Totals are how much goes on, of the whole installation.
type Totals struct {
	Phases    map[wall.Phase]int // open conversations
	Waiting   time.Duration      // of the one that has waited longest
	Receiving int                // operators on reception
}

// Totals counts what goes on now.
func (w *Wall) Totals(now time.Time) Totals {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := Totals{Phases: map[wall.Phase]int{}}
	for _, c := range w.model.Conversations {
		t.Phases[c.Phase]++
		if c.Phase == wall.Waiting {
			t.Waiting = max(t.Waiting, now.Sub(c.Since))
		}
	}
	for _, o := range w.model.Operators {
		if o.OnReception() {
			t.Receiving++
		}
	}
	return t
}
