package day_test

import (
	"sync"
	"time"
)

// A clock is what the nodes take for the time. It may jump, and it remembers
// when it told what, so that a time it told leads back to the true one.
type clock struct {
	mu    sync.Mutex // guards what follows
	spans []span
}

// A span is a stretch of true time with one skew, and a node or none.
type span struct {
	from time.Time
	skew time.Duration
	up   bool
}

// mark is the most spans that a clock can tell apart: the number of the span is
// hidden below the microsecond.
const mark = 1000

func newClock() *clock { return &clock{spans: []span{{from: time.Now()}}} }

// now is the node's time.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.spans) - 1
	return time.Now().Add(c.spans[n].skew).Truncate(time.Microsecond).Add(time.Duration(n))
}

// jump moves the node's time.
func (c *clock) jump(d time.Duration) {
	c.change(func(s *span) { s.skew += d })
}

// turn says that a node is up from now on, or that there is none.
func (c *clock) turn(up bool) {
	c.change(func(s *span) { s.up = up })
}

func (c *clock) change(f func(*span)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.spans[len(c.spans)-1]
	s.from = time.Now()
	f(&s)
	c.spans = append(c.spans, s)
	if len(c.spans) >= mark {
		panic("the clock has changed too often")
	}
}

// truth returns when the node said that it was at.
func (c *clock) truth(at time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := at.Nanosecond() % mark
	if n >= len(c.spans) {
		return time.Time{}
	}
	return at.Add(-time.Duration(n) - c.spans[n].skew)
}

// lateness is how much later than possible a thing may happen: the second that
// is promised, and the disk.
const lateness = 1300 * time.Millisecond

// possible returns the first true moment after another one at which a node took
// it for due or later, and had the time to do something; zero if there is none.
func (c *clock) possible(after, due time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, s := range c.spans {
		end := time.Now()
		if i < len(c.spans)-1 {
			end = c.spans[i+1].from
		}
		at := latest(s.from, after, due.Add(-s.skew))
		if s.up && end.Sub(at) > lateness {
			return at
		}
	}
	return time.Time{}
}

func latest(times ...time.Time) (last time.Time) {
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
