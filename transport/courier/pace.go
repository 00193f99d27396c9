package courier

import (
	"time"

	"golang.org/x/time/rate"

	"crafttalkd/channels"
)

const (
	usual     = 30   // messages a second of an account
	mostPaced = 4096 // customers of one account whose pace is in memory
)

// paces are the limits of an account and of its customers. They belong to the
// account's goroutine.
type paces struct {
	account *rate.Limiter
	users   map[string]*rate.Limiter // customers that were written to just now
}

func newPaces() paces {
	return paces{account: rate.NewLimiter(usual, 1), users: map[string]*rate.Limiter{}}
}

// A turn is what the limits say of one message.
type turn struct {
	wait time.Duration // 0 for now
	only bool          // the customer waits, and not the account
}

// take asks for one message to a customer, at a pace that may have changed.
func (p *paces) take(now time.Time, user string, all, each channels.Pace) turn {
	var own *rate.Reservation
	if each.PerSecond > 0 {
		l := p.of(now, user, each)
		if l == nil {
			return turn{shortest, true}
		}
		own = l.ReserveN(now, 1)
		if wait := own.DelayFrom(now); wait > 0 {
			own.CancelAt(now)
			return turn{wait, true}
		}
	}
	set(p.account, now, all)
	r := p.account.ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		if own != nil {
			own.CancelAt(now)
		}
		return turn{wait, false}
	}
	return turn{}
}

// of is the limit of a customer; nil while too many have one. A customer who
// may be written to as much as after a long rest needs none.
func (p *paces) of(now time.Time, user string, each channels.Pace) *rate.Limiter {
	l := p.users[user]
	if l == nil {
		if len(p.users) >= mostPaced {
			p.sweep(now)
		}
		if len(p.users) >= mostPaced {
			return nil
		}
		l = rate.NewLimiter(rate.Limit(each.PerSecond), max(each.Burst, 1))
		p.users[user] = l
	}
	set(l, now, each)
	return l
}

func (p *paces) sweep(now time.Time) {
	for user, l := range p.users {
		if l.TokensAt(now) >= float64(l.Burst()) {
			delete(p.users, user)
		}
	}
}

// set changes a limit, if it is another one now.
func set(l *rate.Limiter, now time.Time, p channels.Pace) {
	if p.PerSecond <= 0 {
		p.PerSecond = usual
	}
	if limit := rate.Limit(p.PerSecond); l.Limit() != limit {
		l.SetLimitAt(now, limit)
	}
	if burst := max(p.Burst, 1); l.Burst() != burst {
		l.SetBurstAt(now, burst)
	}
}
