package live

import "sync/atomic"

// idleWorkers is how many goroutines are kept for the next task.
const idleWorkers = 64

// workers carries out tasks on goroutines that are used again: a new one would
// have to grow its stack for each.
type workers struct {
	next chan task
	idle *atomic.Int32
}

// A task is the reading or the writing of a socket.
type task struct {
	conn *Conn // nil lets a worker go
	read bool
}

func newWorkers() workers { return workers{make(chan task), &atomic.Int32{}} }

// do carries t out soon.
func (w *workers) do(t task) {
	select {
	case w.next <- t:
	default:
		go w.work(t)
	}
}

func (w *workers) work(t task) {
	for t.conn != nil {
		if t.read {
			t.conn.readFrames()
		} else {
			t.conn.flush()
		}
		if w.idle.Add(1) > idleWorkers {
			w.idle.Add(-1)
			return
		}
		t = <-w.next
		w.idle.Add(-1)
	}
}

// dismiss lets those go who wait for a task.
func (w *workers) dismiss() {
	for w.idle.Load() > 0 {
		select {
		case w.next <- task{}:
		default:
			return
		}
	}
}
