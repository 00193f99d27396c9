package pebblestore

import (
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/store"
)

// What is gathered, and how long it waits for that.
func TestQueueGathers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		q.init(time.Millisecond)
		start := time.Now()
		step := func(name string, put int, finish bool, want int, after time.Duration) {
			t.Helper()
			got := make(chan int)
			go func() { got <- len(q.take(nil)) }()
			synctest.Wait()
			for range put {
				q.put(request{a: &store.Append{}})
				synctest.Wait()
			}
			if finish {
				q.finished()
			}
			if n := <-got; n != want || time.Since(start) != after {
				t.Errorf("%s: take = %d requests after %s, want %d after %s", name, n, time.Since(start), want, after)
			}
		}
		step("one alone", 1, false, 1, 0)
		step("one alone, when the sync is over", 1, true, 1, 0)
		step("several, a while after the last", 3, true, 3, time.Millisecond)
		step("one in company", 1, true, 1, 2*time.Millisecond)
		step("many, beside a sync", enough, false, enough, 2*time.Millisecond)
		q.finished()
		<-time.After(time.Second) // virtual: nobody is about any more
		step("after a long while", 1, true, 1, time.Second+2*time.Millisecond)
		q.close()
		step("closed", 0, false, 0, time.Second+2*time.Millisecond)
	})
}
