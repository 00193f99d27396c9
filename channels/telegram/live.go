package telegram

import (
	"sync"
	"time"
)

// often is how far apart the places of a position that moves are told: Telegram
// brings one every few seconds, for hours.
const often = time.Minute

// quiet is after how long a position that was not heard of is forgotten.
const quiet = time.Hour

// trails remember, by Telegram's clock, which place of each position that moves
// was told last. They are lost with the process, which costs one more place.
type trails struct {
	mu   sync.Mutex // guards told
	told map[string]time.Time
}

func newTrails() *trails { return &trails{told: map[string]time.Time{}} }

// due tells whether a place that a position has come to at a time is to be told.
func (t *trails) due(trail string, at time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	last, known := t.told[trail]
	return !known || at.Sub(last) >= often
}

// tell notes that a place was told.
func (t *trails) tell(trail string, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for other, last := range t.told {
		if at.Sub(last) > quiet {
			delete(t.told, other)
		}
	}
	if at.After(t.told[trail]) {
		t.told[trail] = at
	}
}
