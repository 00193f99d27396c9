package courier

import (
	"time"

	"github.com/sony/gobreaker/v2"
)

// A Standing is how an account is doing.
type Standing struct {
	Account   string
	Waiting   int       // messages without an outcome
	Oldest    time.Time // when the first of them was sent; zero if none waits
	UnderWay  int       // requests
	Until     time.Time // nothing is sent before; zero for now
	Broken    bool      // the account itself does not work: an administrator must do something
	Resting   bool      // so many requests failed that it is asked seldom
	Succeeded time.Time // when the provider took something last, since the start
	Failed    time.Time // when a request failed last
	Why       string    // it failed
}

// show publishes how the account is doing.
func (a *account) show() {
	s := &Standing{
		Account: a.name, UnderWay: a.underWay, Succeeded: a.succeeded, Failed: a.failed, Why: a.why,
		Broken: a.broken, Resting: a.breaker.State() == gobreaker.StateOpen,
	}
	if until := later(a.pause, a.mend); until.After(time.Now()) {
		s.Until = until
	}
	for _, n := range a.lanes {
		if at := n.letters[0].At; s.Oldest.IsZero() || at.Before(s.Oldest) {
			s.Oldest = at
		}
	}
	a.standing.Store(s)
}

// note keeps what a provider's answer says of the account.
func (a *account) note(o outcome, now time.Time) {
	switch {
	case o.err != nil:
		a.failed, a.why = now, o.err.Error()
	case o.asked:
		a.succeeded, a.broken, a.mend = now, false, time.Time{}
	}
}
