package rest

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many requests a minute somebody may make: a program that nobody said more
// of, and a person's session, whose screens ask by themselves.
const (
	programRate = 600
	sessionRate = 12_000
	mostPaces   = 10_000 // remembered
	mostStreams = 16     // open at once for one asker
)

// paces keep how much each asker may ask. Those that are full again are as good
// as new and are let go when there are many; if there are too many yet, all are.
type paces struct {
	mu      sync.Mutex // guards what follows
	buckets map[string]*rate.Limiter
	streams map[string]int
	used    map[string]time.Time // when each key was used last
}

func newPaces() *paces {
	return &paces{buckets: map[string]*rate.Limiter{}, streams: map[string]int{}, used: map[string]time.Time{}}
}

// perMinute is how much an asker may ask.
func (a asker) perMinute() int {
	switch {
	case a.key == nil:
		return sessionRate
	case a.key.Rate == 0:
		return programRate
	}
	return int(a.key.Rate)
}

// name tells askers apart: each key, and each session of a user.
func (a asker) name() string {
	if a.key != nil {
		return a.user.UserId
	}
	return "session:" + a.user.GetUserId() + "/" + a.session.ID
}

// take takes one request of an asker's minute. It returns how many are left,
// and how long it takes until there is one, or, if some are left, all.
func (p *paces) take(now time.Time, who string, perMinute int) (ok bool, left int, until time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.bucket(now, who, perMinute)
	ok = b.AllowN(now, 1)
	tokens := max(b.TokensAt(now), 0)
	wanted := float64(perMinute) - tokens
	if tokens < 1 {
		wanted = 1 - tokens
	}
	return ok, int(tokens), time.Duration(wanted / float64(perMinute) * float64(time.Minute))
}

// bucket holds a minute's worth. Who is given another rate begins anew.
func (p *paces) bucket(now time.Time, who string, perMinute int) *rate.Limiter {
	if b := p.buckets[who]; b != nil && b.Burst() == perMinute {
		return b
	}
	if len(p.buckets) >= mostPaces {
		for k, b := range p.buckets {
			if b.TokensAt(now) >= float64(b.Burst()) {
				delete(p.buckets, k)
			}
		}
		if len(p.buckets) >= mostPaces {
			clear(p.buckets)
		}
	}
	b := rate.NewLimiter(rate.Limit(float64(perMinute)/60), perMinute)
	p.buckets[who] = b
	return b
}

// use notes that a key is used.
func (p *paces) use(now time.Time, who string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used[who] = now
}

// usedAt is when a key was used last since the server started; zero for never.
func (p *paces) usedAt(who string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.used[who]
}

// enter counts one more stream of an asker, and refuses one too many.
func (p *paces) enter(who string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.streams[who] >= mostStreams {
		return as(http.StatusTooManyRequests, "at most %d streams are open at once", mostStreams)
	}
	p.streams[who]++
	return nil
}

func (p *paces) leave(who string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.streams[who]--; p.streams[who] == 0 {
		delete(p.streams, who)
	}
}

// slow refuses who asks too much, and tells everybody else how much is left, as
// draft-ietf-httpapi-ratelimit-headers has it.
func (c *call) slow() error {
	n := c.asker.perMinute()
	if c.asker.key != nil {
		c.paces.use(c.config.System.Now(), c.asker.name())
	}
	ok, left, until := c.paces.take(c.config.System.Now(), c.asker.name(), n)
	seconds := int(math.Ceil(until.Seconds()))
	h := c.w.Header()
	h.Set("RateLimit-Policy", fmt.Sprintf(`"minute";q=%d;w=60`, n))
	h.Set("RateLimit", fmt.Sprintf(`"minute";r=%d;t=%d`, left, seconds))
	if ok {
		return nil
	}
	h.Set("Retry-After", strconv.Itoa(max(seconds, 1)))
	return as(http.StatusTooManyRequests, "at most %d requests a minute are taken; ask again in %d s", n, max(seconds, 1))
}
