package pebblestore

import (
	"sync"

	"crafttalkd/store"
)

const (
	maxWaiting = 4096    // appends in the queue; who brings more waits
	maxGroup   = 2048    // appends in a group
	maxBytes   = 2 << 20 // bytes of events and rows in a group, unless one alone has more
)

// A request is something that waits to be committed.
type request struct {
	a     *store.Append // nil for a claim
	done  func(store.Receipt, error)
	claim *claim
	bare  bool // a holds rows only, and concerns no stream
}

// A claim is a request to own a shard.
type claim struct {
	shard int
	epoch uint64 // the answer
}

// A queue holds the requests that the committer has not taken yet.
type queue struct {
	mu      sync.Mutex
	news    sync.Cond // for the committer: something waits, or the queue is closed
	room    sync.Cond // for everybody else: there is room, or the queue is closed
	waiting []request
	taken   int // of waiting, from the front
	closed  bool
}

func (q *queue) init() {
	q.news.L, q.room.L = &q.mu, &q.mu
	q.waiting = make([]request, 0, maxWaiting)
}

// put adds r, when there is room. It returns false if the queue is closed.
func (q *queue) put(r request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting)-q.taken >= maxWaiting && !q.closed {
		q.room.Wait()
	}
	if q.closed {
		return false
	}
	if len(q.waiting) == q.taken {
		q.news.Signal()
	}
	if len(q.waiting) == cap(q.waiting) {
		q.shift()
	}
	q.waiting = append(q.waiting, r)
	return true
}

// take moves the next group's requests to dst. It waits for one, and returns
// none when the queue is closed and empty.
func (q *queue) take(dst []request) []request {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) == q.taken && !q.closed {
		q.news.Wait()
	}
	full := len(q.waiting)-q.taken >= maxWaiting
	bytes := 0
	for _, r := range q.waiting[q.taken:] {
		if bytes += r.size(); len(dst) == maxGroup || len(dst) > 0 && bytes > maxBytes {
			break
		}
		dst = append(dst, r)
		q.taken++
	}
	if q.taken == len(q.waiting) {
		q.shift()
	}
	if full {
		q.room.Broadcast()
	}
	return dst
}

// shift drops what was taken.
func (q *queue) shift() {
	n := copy(q.waiting, q.waiting[q.taken:])
	clear(q.waiting[n:])
	q.waiting, q.taken = q.waiting[:n], 0
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.news.Broadcast()
	q.room.Broadcast()
}

func (r *request) size() int {
	if r.a == nil {
		return 0
	}
	n := 0
	for _, e := range r.a.Events {
		n += len(e)
	}
	for i := range r.a.Rows {
		n += len(r.a.Rows[i].Value)
	}
	return n
}
