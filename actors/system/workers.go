package system

import (
	"runtime"
	"sync/atomic"
)

// idleWorkers is how many goroutines are kept for the next turn.
const idleWorkers = 128

// workers runs actors' turns on goroutines that are used again. A goroutine
// made anew for every turn would have to grow its stack every time, which is a
// tenth of the work under load. It implements protoactor's Dispatcher.
type workers struct {
	next   chan func()
	idle   atomic.Int32
	closed atomic.Bool
}

func newWorkers() *workers { return &workers{next: make(chan func())} }

// Schedule runs f soon.
func (w *workers) Schedule(f func()) {
	select {
	case w.next <- f:
	default:
		go w.work(f)
	}
}

// Throughput is how many messages an actor handles before others get their turn.
func (w *workers) Throughput() int { return 300 }

// work runs f and what comes next, until nothing is to come: a nil.
func (w *workers) work(f func()) {
	for f != nil {
		f()
		if w.idle.Add(1) > idleWorkers || w.closed.Load() {
			w.idle.Add(-1)
			return
		}
		f = <-w.next
		w.idle.Add(-1)
	}
}

// close lets the idle ones go.
func (w *workers) close() {
	for w.closed.Store(true); w.idle.Load() > 0; {
		select {
		case w.next <- nil:
		default:
			runtime.Gosched() // it is on its way to wait, or to go
		}
	}
}
