package system

import "sync/atomic"

// idleWorkers is how many goroutines are kept for the next turn.
const idleWorkers = 128

// workers runs actors' turns on goroutines that are used again. A goroutine
// made anew for every turn would have to grow its stack every time, which is a
// tenth of the work under load. It implements protoactor's Dispatcher.
type workers struct {
	next chan func()
	quit chan struct{}
	idle atomic.Int32
}

func newWorkers() *workers {
	return &workers{next: make(chan func()), quit: make(chan struct{})}
}

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

func (w *workers) work(f func()) {
	for {
		f()
		if w.idle.Add(1) > idleWorkers {
			w.idle.Add(-1)
			return
		}
		select {
		case f = <-w.next:
			w.idle.Add(-1)
		case <-w.quit:
			return
		}
	}
}

// close lets the idle ones go.
func (w *workers) close() { close(w.quit) }
