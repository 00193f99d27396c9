package system

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// More turns than workers wait, are run in order, and leave no goroutine.
func TestWorkersRunWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorkers()
		hold := make(chan struct{})
		for range mostWorkers {
			w.Schedule(func() { <-hold })
		}
		var mu sync.Mutex
		var ran []int
		for i := range 3 * mostWorkers {
			w.Schedule(func() {
				mu.Lock()
				defer mu.Unlock()
				ran = append(ran, i)
			})
		}
		synctest.Wait()
		if len(ran) > 0 {
			t.Errorf("%d turns went on beside %d, want none", len(ran), mostWorkers)
		}
		hold <- struct{}{} // one worker does them all
		synctest.Wait()
		if len(ran) != 3*mostWorkers || !slices.IsSorted(ran) {
			t.Errorf("one worker ran %v, want all in order", ran)
		}
		w.Schedule(func() { ran = nil })
		synctest.Wait()
		if ran != nil {
			t.Error("a worker at rest was not given the next turn")
		}
		w.close() // one is at rest, the others have turns
		close(hold)
		done := make(chan struct{})
		w.Schedule(func() { close(done) })
		<-done
	})
}
