package teacher

import (
	"context"
	"time"
)

// A pace lets a training work on one core and step back while others need it.
// Every few milliseconds it rests, and looks how late it wakes: on a busy
// machine it wakes late, and rests longer.
type pace struct {
	ctx   context.Context
	began time.Time
	rest  time.Duration
}

// How a training works and rests.
const (
	workTime    = 10 * time.Millisecond
	leastRest   = 200 * time.Microsecond
	longestRest = 40 * time.Millisecond
	late        = 2 * time.Millisecond // later than this somebody else is at work
)

// stop is asked by a training again and again; true ends it.
func (p *pace) stop() bool {
	now := time.Now()
	if now.Sub(p.began) < workTime {
		return p.ctx.Err() != nil
	}
	p.rest = max(p.rest, leastRest)
	timer := time.NewTimer(p.rest)
	defer timer.Stop()
	select {
	case <-p.ctx.Done():
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
