package live

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// round is how many seconds it takes to look after every socket once: each
	// is asked whether it is there.
	round = 50
	// silence: a socket that has not answered two pings is dead.
	silence = 120
	// storm is how many handshakes leave so much garbage that it is given back
	// to the machine when they are over, and calm how many a second is over.
	// It costs a collection, so it is not done more often than once in a round.
	storm, calm = 500, 50
)

// rounds looks after sockets: one goroutine and one timer for all of them, as
// long as there are any.
type rounds struct {
	now atomic.Int64 // seconds, counted by the rounds themselves

	mu      sync.Mutex // guards what follows
	groups  [round][]*Conn
	next    int // the group that takes the next one
	open    int
	arrived int // since memory was given back last
	running bool
}

// begin is where the seconds begin: everything was long ago.
const begin = 1000

// enter looks after c from now on.
func (r *rounds) enter(c *Conn, w *workers) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.running {
		r.running = true
		r.now.CompareAndSwap(0, begin)
		go r.run(w)
	}
	c.hear()
	r.next = (r.next + 1) % round
	c.group, c.place = r.next, len(r.groups[r.next])
	r.groups[c.group] = append(r.groups[c.group], c)
	r.open++
	r.arrived++
}

// leave looks after c no more.
func (r *rounds) leave(c *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	group := r.groups[c.group]
	last := group[len(group)-1]
	group[c.place], last.place = last, c.place
	group[len(group)-1] = nil
	r.groups[c.group] = group[:len(group)-1]
	r.open--
}

// run makes rounds until no socket is left.
func (r *rounds) run(w *workers) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for tidied := int64(0); ; {
		before := r.arrivals()
		<-tick.C
		now := r.now.Add(1)
		if !r.visit(now) {
			w.dismiss()
			return
		}
		if n := r.arrivals(); n >= storm && n-before < calm && now-tidied > round {
			tidied = now
			r.forget(n)
			debug.FreeOSMemory()
		}
	}
}

func (r *rounds) arrivals() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.arrived
}

func (r *rounds) forget(arrivals int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.arrived -= arrivals
}

// visit looks after one group, and reports false if there is nobody at all.
func (r *rounds) visit(now int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.groups[now%round] {
		c.visit(now)
	}
	r.running = r.open > 0
	return r.running
}

// visit ends a socket that is dead, and asks one that may be.
func (c *Conn) visit(now int64) {
	quiet := now - c.heard.Load()
	if quiet > silence {
		c.Close()
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if quiet > lively {
		c.nudge()
	}
	if !c.dead && c.last == nil {
		c.asking = true
		c.wake()
	}
}
