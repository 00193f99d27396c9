/*
Package pace lets whoever has a lot to do step back while others need the
machine: a training, or an index that is made anew.
*/
package pace

import (
	"cmp"
	"context"
	"time"
)

// A Pace works on one core and rests every few milliseconds. At each rest it
// looks how late it wakes: on a busy machine it wakes late, and rests longer. A
// nil one never rests.
type Pace struct {
	Work time.Duration // at a stretch; 0 stands for 5 ms

	began time.Time
	rest  time.Duration
}

// How one works and rests.
const (
	usualWork   = 5 * time.Millisecond
	leastRest   = 200 * time.Microsecond
	longestRest = 40 * time.Millisecond
	late        = 2 * time.Millisecond // later than this somebody else is at work
)

// Stop is asked again and again by who works; true ends the work, as ctx is done.
func (p *Pace) Stop(ctx context.Context) bool {
	now := time.Now()
	if p == nil || now.Sub(p.began) < cmp.Or(p.Work, usualWork) {
		return ctx.Err() != nil
	}
	p.rest = max(p.rest, leastRest)
	timer := time.NewTimer(p.rest)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return true
	case <-timer.C:
	}
	p.began = time.Now()
	if p.began.Sub(now)-p.rest > late {
		p.rest = min(2*p.rest, longestRest)
	} else {
		p.rest /= 2
	}
	return false
}
