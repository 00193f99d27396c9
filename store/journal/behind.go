package journal

import (
	"sync"
	"sync/atomic"
)

// taken counts for every follower by name the facts up to its place.
type taken struct {
	mu sync.Mutex
	by map[string]*atomic.Uint64
}

// of returns the count of a follower, who is at a place now.
func (t *taken) of(name string, at Places) *atomic.Uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.by == nil {
		t.by = map[string]*atomic.Uint64{}
	}
	n := t.by[name]
	if n == nil {
		n = &atomic.Uint64{}
		t.by[name] = n
	}
	n.Store(at.facts())
	return n
}

// facts returns how many facts there are up to the place.
func (p Places) facts() (n uint64) {
	for _, position := range p {
		n += position
	}
	return n
}

// Behind tells of each follower how many facts on disk it has not taken yet.
func (j *Journal) Behind(tell func(name string, facts uint64)) {
	j.taken.mu.Lock()
	defer j.taken.mu.Unlock()
	for name, n := range j.taken.by {
		has := n.Load() // before the end is asked for, which rises
		end := j.Now().facts()
		tell(name, end-min(has, end))
	}
}
