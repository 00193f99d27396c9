package pebblestore

import (
	"sync"
	"time"

	"crafttalkd/store"
)

const (
	maxWaiting = 4096    // appends in the queue; who brings more waits
	maxGroup   = 2048    // appends in a group
	maxBytes   = 2 << 20 // bytes of events and rows in a group, unless one alone has more
	enough     = 64      // requests that are worth a group while another is under way
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

	gather   time.Duration // the least time between groups, where there is something to merge
	underWay int           // groups taken and not finished
	began    time.Time     // when the last was taken
	company  bool          // the last had more than one request
	timer    *time.Timer   // gives news when gather is over
}

func (q *queue) init(gather time.Duration) {
	q.news.L, q.room.L = &q.mu, &q.mu
	q.waiting = make([]request, 0, maxWaiting)
	q.gather = gather
	q.timer = time.AfterFunc(gather, q.again)
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
	if n := len(q.waiting) - q.taken; n == 0 || n == enough-1 {
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
	for !q.ripe() {
		q.news.Wait()
	}
	q.underWay++
	q.began = time.Now()
	full := len(q.waiting)-q.taken >= maxWaiting
	bytes := 0
	for _, r := range q.waiting[q.taken:] {
		if bytes += r.size(); len(dst) == maxGroup || len(dst) > 0 && bytes > maxBytes {
			break
		}
		dst = append(dst, r)
		q.taken++
	}
	q.company = len(dst) > 1
	if q.taken == len(q.waiting) {
		q.shift()
	}
	if full {
		q.room.Broadcast()
	}
	return dst
}

// ripe reports whether it is time for the next group. A sync costs more than a
// hundred appends, so they are gathered: while a sync is under way, and for a
// little longer if others are about. One that is alone does not wait.
func (q *queue) ripe() bool {
	switch n := len(q.waiting) - q.taken; {
	case q.closed || n >= enough:
		return true
	case n == 0 || q.underWay > 0:
		return false
	case n == 1 && !q.company:
		return true
	}
	left := q.gather - time.Since(q.began)
	if left > 0 {
		q.timer.Reset(left)
	}
	return left <= 0
}

// again has the committer look again. It takes the lock, so that it does not
// fall between a look and the wait that follows.
func (q *queue) again() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.news.Signal()
}

// finished is told when a group is no longer under way.
func (q *queue) finished() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.underWay--
	q.news.Signal()
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
