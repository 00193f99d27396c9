package introducer

import (
	"sync"
	"time"

	"crafttalkd/actors/event"
)

// Pictures remembers for a moment where the pictures of people are, as their
// messages tell. It is in memory alone and bounded: what is not asked for soon
// belongs to somebody who is known.
type Pictures struct {
	Now func() time.Time

	mu   sync.Mutex // guards what follows
	by   map[place]told
	list []told // in the order in which they came
}

// A place is an address of an account.
type place struct{ account, address string }

// A told picture.
type told struct {
	place
	source string
	at     time.Time
}

const (
	remembered = 4096        // pictures at most
	lasts      = time.Minute // so long
)

// Tell says where the picture is of who writes from an address.
func (p *Pictures) Tell(account, address, source string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := told{place{account, address}, source, p.Now()}
	if p.by == nil {
		p.by = map[place]told{}
	}
	p.by[t.place] = t
	p.list = append(p.list, t)
	for len(p.list) > remembered || t.at.Sub(p.list[0].at) > lasts {
		p.drop(p.list[0])
		p.list = p.list[1:]
	}
}

// drop forgets what was told, unless it was told again since.
func (p *Pictures) drop(t told) {
	if p.by[t.place] == t {
		delete(p.by, t.place)
	}
}

// of returns where the picture is of who writes from an address, or "".
func (p *Pictures) of(a *event.Address) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.by[place{a.GetAccountId(), a.GetAddress()}]
	if p.Now().Sub(t.at) > lasts {
		return ""
	}
	return t.source
}
