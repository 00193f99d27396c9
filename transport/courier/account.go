package courier

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
)

const (
	atOnce   = 4    // requests under way for one account
	window   = 64   // conversations of one account in memory
	depth    = 16   // letters of one conversation in memory
	reach    = 4096 // rows looked through to fill the window
	patience = 24 * time.Hour

	shortest = time.Second // the first pause before another try, at most
	longest  = 5 * time.Minute
	mending  = 5 * time.Minute // between two tries of a broken account

	tripsAfter = 5 // failures in a row open the breaker
	cooldown   = 30 * time.Second
)

// An account delivers the letters of one account. Everything but poke is for
// its own goroutine.
type account struct {
	courier  *Courier
	name     string
	fresh    chan struct{} // there are new letters
	mended   chan struct{} // the settings have changed
	results  chan result
	standing atomic.Pointer[Standing]

	lanes    map[string]*lane // by conversation
	stale    bool             // the outbox must be looked at
	more     bool             // the outbox holds more than the lanes
	underWay int
	pause    time.Time // nothing is sent before
	probing  bool      // the breaker waits for the outcome of one request
	broken   bool      // the last answer was that the account does not work
	mend     time.Time // a broken account is not tried before
	breaker  *gobreaker.TwoStepCircuitBreaker[struct{}]
	paces    paces

	succeeded, failed time.Time
	why               string
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
		courier: k, name: name, fresh: make(chan struct{}, 1), mended: make(chan struct{}, 1), results: make(chan result),
		lanes: map[string]*lane{}, stale: true, paces: newPaces(),
	}
	a.standing.Store(&Standing{Account: name})
	a.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:     cooldown,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripsAfter },
		IsExcluded:  func(err error) bool { return channels.LaterIn(err) > 0 || isBroken(err) },
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
		case <-a.mended:
			a.mend = time.Time{}
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
			switch turn := a.turn(now, stream); {
			case turn.only:
				n.pause = now.Add(turn.wait)
				continue
			case turn.wait > 0:
				a.pause = now.Add(turn.wait)
				return
			}
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
		if !old && (now.Before(n.pause) || now.Before(a.pause) || now.Before(a.mend) || a.waits()) {
			continue
		}
		if first == nil || old && !givenUp || old == givenUp && n.letters[0].key < first.letters[0].key {
			stream, first, givenUp = s, n, old
		}
	}
	return stream, first, givenUp
}

// waits tells whether nothing is sent before a request that is under way has
// shown how the account is doing.
func (a *account) waits() bool { return a.probing || a.broken && a.underWay > 0 }

// left is how long the first letter of a lane has until it is given up.
func (a *account) left(n *lane) time.Duration {
	return n.letters[0].At.Add(patience).Sub(a.courier.Now())
}

// turn asks the pace of the account and of the customer for one request.
func (a *account) turn(now time.Time, stream string) turn {
	all := a.courier.abilities(a.name)
	if a.courier.fault == hurries {
		all.PerUser = channels.Pace{}
	}
	return a.paces.take(now, customerOf(stream), all.Pace, all.PerUser)
}

// customerOf is whose conversation a stream is.
func customerOf(stream string) string {
	id, _, _ := strings.Cut(strings.TrimPrefix(stream, event.ConversationStream), ".")
	return id
}

// allow asks the breaker for one request.
func (a *account) allow(now time.Time) (report func(error), ok bool) {
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
		turn := max(n.pause.Sub(now), a.pause.Sub(now), a.mend.Sub(now), 0)
		if left := a.left(n); a.waits() || left < turn {
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
	a.note(o, now)
	switch o.fate {
	case settled:
		a.advance(r.stream, n)
	case onward:
		n.tries, n.why, n.pause = 0, "", time.Time{}
	case postponed:
		a.postpone(n, o.err, now)
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

// postpone obeys the provider, or a broken account's need of help.
func (a *account) postpone(n *lane, err error, now time.Time) {
	l, _ := errors.AsType[*channels.Later](err)
	switch {
	case isBroken(err):
		a.broken, a.mend = true, now.Add(mending)
	case a.courier.fault == ignoresHints:
	case l.Only:
		n.pause = later(n.pause, now.Add(l.After))
	default:
		a.pause = later(a.pause, now.Add(l.After))
	}
}

func isBroken(err error) bool {
	_, broken := errors.AsType[*channels.Broken](err)
	return broken
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
