package system

import "sync"

// mostWorkers is how many turns go on at once: enough for those that wait for
// the disk. No turn waits for another.
const mostWorkers = 64

// workers runs actors' turns on goroutines that are used again, the one that
// has rested the least first. A goroutine made anew, or one so long at rest that
// the collector has taken its stack back, would have to grow it: a tenth of the
// work under load. It implements protoactor's Dispatcher.
type workers struct {
	mu      sync.Mutex // guards what follows
	made    int
	resting []*worker // the last to come is the first to go
	waiting []func()  // turns, while all workers have one
	closed  bool
}

// A worker rests until it is given a turn, and ends when it is given nil.
type worker struct{ next chan func() }

func newWorkers() *workers { return &workers{} }

// Schedule runs f soon.
func (w *workers) Schedule(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch n := len(w.resting); {
	case n > 0:
		w.resting[n-1].next <- f
		w.resting = w.resting[:n-1]
	case w.made < mostWorkers:
		w.made++
		go w.work(&worker{make(chan func(), 1)}, f)
	default:
		w.waiting = append(w.waiting, f)
	}
}

// Throughput is how many messages an actor handles before others get their turn.
func (w *workers) Throughput() int { return 300 }

func (w *workers) work(me *worker, f func()) {
	for f != nil {
		f()
		f = w.turn(me)
	}
}

// turn returns the next turn, once there is one, and nil if there will be none.
func (w *workers) turn(me *worker) func() {
	w.mu.Lock()
	if len(w.waiting) > 0 {
		defer w.mu.Unlock()
		f := w.waiting[0]
		w.waiting[0] = nil
		w.waiting = w.waiting[1:]
		return f
	}
	if w.closed {
		w.made--
		w.mu.Unlock()
		return nil
	}
	w.resting = append(w.resting, me)
	w.mu.Unlock()
	return <-me.next
}

// close lets those at rest go, and the others when they are done.
func (w *workers) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for _, r := range w.resting {
		r.next <- nil
	}
	w.made -= len(w.resting)
	w.resting = nil
}
