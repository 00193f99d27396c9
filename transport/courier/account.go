package courier

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/time/rate"

	"crafttalkd/channels"
)

const (
	atOnce   = 4    // requests under way for one account
	window   = 64   // conversations of one account in memory
	depth    = 16   // letters of one conversation in memory
	reach    = 4096 // rows looked through to fill the window
	usual    = 30   // messages a second
	patience = 24 * time.Hour

	shortest = time.Second // the first pause before another try, at most
	longest  = 5 * time.Minute

	tripsAfter = 5 // failures in a row open the breaker
	cooldown   = 30 * time.Second
)

// A Standing is how an account is doing.
type Standing struct {
	Account  string
	Waiting  int       // letters in memory; there may be more in the outbox
	UnderWay int       // requests
	Until    time.Time // nothing is sent before; zero for now
	Broken   bool      // the breaker is open
	Why      string    // the last failure, until a success
}

// An account delivers the letters of one account. Everything but poke is for
// its own goroutine.
type account struct {
	courier  *Courier
	name     string
	fresh    chan struct{} // there are new letters
	results  chan result
	standing atomic.Pointer[Standing]

	lanes    map[string]*lane // by conversation
	stale    bool             // the outbox must be looked at
	more     bool             // the outbox holds more than the lanes
	underWay int
	pause    time.Time // nothing is sent before
	probing  bool      // the breaker waits for the outcome of one request
	why      string
	breaker  *gobreaker.TwoStepCircuitBreaker[struct{}]
	limiter  *rate.Limiter
}

// A lane is the letters of one conversation, the oldest first.
type lane struct {
	letters []letter
	last    string // key of the newest that was read
	full    bool
	busy    bool // the first one is under way
	tries   int
	pause   time.Time
	why     string
}

// A result is what came of the first letter of a lane.
type result struct {
	lane    *lane
	stream  string
	outcome outcome
	report  func(error) // to the breaker; nil if it was not asked
}

func newAccount(k *Courier, name string) *account {
	a := &account{
		courier: k, name: name, fresh: make(chan struct{}, 1), results: make(chan result),
		lanes: map[string]*lane{}, stale: true, limiter: rate.NewLimiter(usual, 1),
	}
	a.standing.Store(&Standing{Account: name})
	a.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:     cooldown,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripsAfter },
		IsExcluded:  func(err error) bool { return channels.LaterIn(err) > 0 },
	})
	return a
}

// poke says that there are new letters.
func (a *account) poke() {
	select {
	case a.fresh <- struct{}{}:
	default:
	}
}

// run delivers until the courier stops, and then waits for what is under way.
func (a *account) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		if a.stale {
			a.load()
		}
		a.begin()
		a.show()
		var due <-chan time.Time
		if wait, ok := a.wait(time.Now()); ok {
			timer.Reset(wait)
			due = timer.C
		}
		select {
		case <-a.courier.looping.Done():
			for ; a.underWay > 0; a.underWay-- {
				<-a.results
			}
			return
		case <-a.fresh:
			a.stale = true
		case r := <-a.results:
			a.settle(r)
		case <-due:
		}
	}
}

// load fills the window from the outbox.
func (a *account) load() {
	a.stale, a.more = false, false
	if len(a.lanes) == window {
		a.more = true
		return
	}
	looked := 0
	for l, err := range a.courier.outbox.of(a.name) {
		if err != nil {
			a.trouble("read the outbox", err)
			return
		}
		if looked++; looked > reach || !a.admit(l) {
			a.more = true
			return
		}
	}
}

// admit puts a letter in its lane, unless it is there. It returns false if
// there is no room for another conversation.
func (a *account) admit(l letter) bool {
	n := a.lanes[l.Stream]
	switch {
	case n == nil && len(a.lanes) == window:
		return false
	case n == nil:
		n = &lane{}
		a.lanes[l.Stream] = n
	case l.key <= n.last:
		return true
	case n.full || len(n.letters) == depth:
		n.full, a.more = true, true
		return true
	}
	n.letters, n.last = append(n.letters, l), l.key
	return true
}

// trouble notes that the store does not answer, and looks again in a while.
func (a *account) trouble(what string, err error) {
	if a.courier.looping.Err() != nil {
		return
	}
	a.courier.Log.Error("courier: "+what, "account", a.name, "err", err)
	a.stale, a.pause = true, time.Now().Add(shortest)
}

// begin starts every delivery that may start now.
func (a *account) begin() {
	for a.underWay < atOnce && a.courier.looping.Err() == nil {
		now := time.Now()
		stream, n, givenUp := a.next(now)
		if n == nil {
			return
		}
		r := result{lane: n, stream: stream}
		if !givenUp {
			var ok bool
			if r.report, ok = a.allow(now); !ok {
				return
			}
		}
		n.busy = true
		a.underWay++
		l, why := n.letters[0], n.why
		go func() {
			r.outcome = a.carry(l, givenUp, why)
			a.results <- r
		}()
	}
}

// next returns the lane whose first letter comes next: one that is too old,
// else the oldest that may be sent.
func (a *account) next(now time.Time) (stream string, first *lane, givenUp bool) {
	for s, n := range a.lanes {
		if n.busy {
			continue
		}
		old := a.left(n) <= 0
		if !old && (now.Before(n.pause) || now.Before(a.pause) || a.probing) {
			continue
		}
		if first == nil || old && !givenUp || old == givenUp && n.letters[0].key < first.letters[0].key {
			stream, first, givenUp = s, n, old
		}
	}
	return stream, first, givenUp
}

// left is how long the first letter of a lane has until it is given up.
func (a *account) left(n *lane) time.Duration {
	return n.letters[0].At.Add(patience).Sub(a.courier.Now())
}

// allow asks the limiter and the breaker for one request.
func (a *account) allow(now time.Time) (report func(error), ok bool) {
	a.limiter.SetLimitAt(now, a.rate())
	turn := a.limiter.ReserveN(now, 1)
	if wait := turn.DelayFrom(now); wait > 0 {
		turn.CancelAt(now)
		a.pause = now.Add(wait)
		return nil, false
	}
	report, err := a.breaker.Allow()
	switch {
	case errors.Is(err, gobreaker.ErrTooManyRequests):
		a.probing = true
		return nil, false
	case err != nil:
		a.pause = now.Add(shortest)
		return nil, false
	}
	return report, true
}

func (a *account) rate() rate.Limit {
	if a.courier.Rate == nil {
		return usual
	}
	return rate.Limit(cmp.Or(a.courier.Rate(a.name), usual))
}

// wait returns how long nothing can be done by itself; false if only somebody
// else can change that.
func (a *account) wait(now time.Time) (d time.Duration, ok bool) {
	if a.underWay == atOnce {
		return 0, false
	}
	if a.stale {
		d, ok = max(a.pause.Sub(now), 0), true
	}
	for _, n := range a.lanes {
		if n.busy {
			continue
		}
		turn := max(n.pause.Sub(now), a.pause.Sub(now), 0)
		if left := a.left(n); a.probing || left < turn {
			turn = max(left, 0)
		}
		if !ok || turn < d {
			d, ok = turn, true
		}
	}
	return d, ok
}

// settle takes note of what came of a delivery.
func (a *account) settle(r result) {
	a.underWay--
	a.probing = false
	n, o := r.lane, r.outcome
	n.busy = false
	if r.report != nil {
		r.report(o.err)
	}
	now := time.Now()
	if a.breaker.State() == gobreaker.StateOpen {
		a.pause = later(a.pause, now.Add(cooldown+time.Millisecond))
	}
	if o.err != nil {
		a.why = o.err.Error()
	}
	switch o.fate {
	case settled:
		if o.err == nil {
			a.why = ""
		}
		a.advance(r.stream, n)
	case postponed:
		if a.courier.fault != ignoresHints {
			a.pause = later(a.pause, now.Add(channels.LaterIn(o.err)))
		}
		n.why = o.err.Error()
	case again:
		n.pause = now.Add(backOff(n.tries))
		n.tries++
		if a.courier.fault == overtakes && len(n.letters) > 1 {
			n.letters[0], n.letters[1] = n.letters[1], n.letters[0]
		}
		n.why = o.err.Error()
	case cutOff:
		n.pause = now.Add(shortest)
	}
}

// advance goes on to the next letter of a lane.
func (a *account) advance(stream string, n *lane) {
	n.letters = slices.Delete(n.letters, 0, 1)
	n.tries, n.why, n.pause = 0, "", time.Time{}
	if len(n.letters) == 0 {
		delete(a.lanes, stream)
		a.stale = a.stale || a.more
	}
}

// backOff is the pause after some tries that failed: a random part of a time
// that doubles.
func backOff(tries int) time.Duration {
	most := longest
	if tries < 9 {
		most = min(shortest<<tries, longest)
	}
	return rand.N(most) + time.Millisecond
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// show publishes how the account is doing.
func (a *account) show() {
	s := &Standing{
		Account: a.name, UnderWay: a.underWay, Why: a.why,
		Broken: a.breaker.State() == gobreaker.StateOpen,
	}
	if a.pause.After(time.Now()) {
		s.Until = a.pause
	}
	for _, n := range a.lanes {
		s.Waiting += len(n.letters)
	}
	a.standing.Store(s)
}
