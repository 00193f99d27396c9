package wall

import (
	"context"
	"time"

	"crafttalkd/actors/wall"
)

// Deliberate mistakes, for the tests that must see them.
const (
	None      = none
	SeesAll   = seesAll
	Trusts    = trusts
	Stays     = stays
	Lossy     = lossy
	Forgetful = forgetful
)

// Err has the wall make a mistake. It is called before the wall runs.
func (w *Wall) Err(f fault) { w.fault = f }

// Fault is a deliberate mistake.
type Fault = fault

// Look makes the look of a second.
func (w *Wall) Look(ctx context.Context) { w.look(ctx) }

// Tell makes a round.
func (w *Wall) Tell() { w.tell() }

// Post tries what is due at a moment, and waits for what comes of it.
func (w *Wall) Post(now time.Time) {
	w.hooks.send(context.Background(), w.directory(), now)
	w.hooks.wait()
}

// Posts is how many posts wait.
func (w *Wall) Posts() int {
	w.hooks.mu.Lock()
	defer w.hooks.mu.Unlock()
	return w.hooks.count
}

// Up is how many alerts are up.
func (w *Wall) Up() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.alerts)
}

// Ready reports whether the model has all that was there at the start.
func (w *Wall) Ready() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ready
}

// Model calls f with the model, which stands still meanwhile.
func (w *Wall) Model(f func(*wall.Model)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w.model)
}
