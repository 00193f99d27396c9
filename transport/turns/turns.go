// Package turns is the loop of those who try things again and again: who fetches
// files, who asks who a customer is. One goroutine keeps the books and never
// waits for a network; each try is a goroutine of its own and hands in what came
// of it. What is tried next, and when, is the bookkeeper's to say.
package turns

import (
	"context"
	"sync"
	"time"
)

// A Keeper keeps the books of tries, each with a result R. All its methods are
// called by one goroutine.
type Keeper[R any] interface {
	// Load takes in what is new.
	Load()
	// Begin starts every try that may start now.
	Begin(start func(try func(context.Context) R))
	// Note takes note of what came of a try.
	Note(R)
	// Wait returns how long nothing can be done by itself; false if only somebody
	// else can change that.
	Wait(now time.Time) (time.Duration, bool)
}

// Run keeps k busy until ctx is done, and returns when nothing is under way.
// Whoever has something new for it pokes. Results that come too late are lost.
func Run[R any](ctx context.Context, poke <-chan struct{}, k Keeper[R]) {
	results := make(chan R)
	var running sync.WaitGroup
	defer running.Wait()
	start := func(try func(context.Context) R) {
		running.Go(func() {
			select {
			case results <- try(ctx):
			case <-ctx.Done():
			}
		})
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		k.Load()
		k.Begin(start)
		var due <-chan time.Time
		if wait, ok := k.Wait(time.Now()); ok {
			timer.Reset(wait)
			due = timer.C
		}
		select {
		case <-ctx.Done():
			return
		case <-poke:
		case r := <-results:
			k.Note(r)
		case <-due:
		}
	}
}
