package accounts

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
)

const (
	again    = time.Hour        // the provider is told our address once more
	askTime  = 30 * time.Second // for one call to the provider
	shortest = time.Second      // the first pause after an error, at most
	widest   = 5 * time.Minute
	takeBack = 3 // tries to tell a provider that we are gone
)

// errNowhere is why a channel that waits for calls waits in vain.
var errNowhere = errors.New("the provider can't call this server: it has no public address; start it with --public-url")

// A tender looks after one account, as it was written down at one time.
type tender struct {
	of     *event.Account
	cancel context.CancelFunc
	ended  chan struct{}
	told   channels.Registrar // who has our address; for who comes next, once it has ended
}

// Run tends every account until ctx is done. An account that is changed is
// tended anew, after what went on with it has ended.
func (a *Accounts) Run(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	tended := map[string]*tender{}
	for {
		d := a.Directory.State()
		start := func(id string, of *event.Account) {
			before := tended[id]
			life, cancel := context.WithCancel(ctx)
			t := &tender{of: of, cancel: cancel, ended: make(chan struct{})}
			tended[id] = t
			if before != nil {
				before.cancel()
			}
			running.Go(func() {
				defer close(t.ended)
				if before != nil {
					<-before.ended
					t.told = before.told
				}
				a.tend(life, id, t)
			})
		}
		for id, e := range d.Accounts {
			if t := tended[id]; t == nil || t.of != e.Value {
				start(id, e.Value)
			}
		}
		for id, t := range tended {
			if _, ok := d.Accounts[id]; !ok && t.of != nil {
				start(id, nil)
			}
		}
		if a.Directory.Wait(ctx, d.Version+1) != nil {
			return
		}
	}
}

// tend looks after an account until ctx is done. No account at all is one that
// was taken out.
func (a *Accounts) tend(ctx context.Context, id string, t *tender) {
	r := a.record(id)
	r.reset()
	if t.of == nil || t.of.Disabled {
		if t.told != nil {
			a.leave(ctx, id, t)
		}
		if t.of == nil {
			a.forget(id)
		}
		return
	}
	if _, ok := a.Registry[t.of.Kind]; !ok {
		return // others serve it
	}
	ch, err := a.opened(id, t.of)
	if err != nil {
		a.trouble(r, id, err)
		return
	}
	if p, ok := ch.(channels.Poller); ok && !a.poll(ctx, id, p) {
		return
	}
	address := a.webhook(t.of.Kind, id)
	if address == "" {
		if k := a.Registry[t.of.Kind]; k.Abilities.Webhook && !k.Keyed {
			a.trouble(r, id, errNowhere)
		}
		return
	}
	r.begins(Hooked, time.Time{})
	if g, ok := ch.(channels.Registrar); ok {
		t.told = g
		a.register(ctx, id, g, address)
	}
}

// poll polls until ctx is done; false says so. True says that there is nothing
// to poll.
func (a *Accounts) poll(ctx context.Context, id string, p channels.Poller) bool {
	r := a.record(id)
	for tries := 0; ; tries++ {
		began := a.Now()
		r.begins(Polling, began)
		err := guarded(func() error { return p.Poll(ctx) })
		switch {
		case errors.Is(err, channels.ErrNoPolling):
			r.reset()
			return true
		case ctx.Err() != nil:
			return false
		case err == nil:
			err = errors.New("polling ended by itself")
		}
		a.trouble(r, id, err)
		if a.Now().Sub(began) > widest {
			tries = 0
		}
		if !rest(ctx, backOff(tries)) {
			return false
		}
	}
}

// register tells the provider where we are, and again every hour: some forget.
func (a *Accounts) register(ctx context.Context, id string, g channels.Registrar, address string) {
	r := a.record(id)
	for tries := 0; ; tries++ {
		pause := again
		err := a.tell(ctx, g, address)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.trouble(r, id, err)
			pause = backOff(tries)
		default:
			r.ends(nil, a.Now())
			tries = -1
		}
		if !rest(ctx, pause) {
			return
		}
	}
}

// leave tells the provider that we are not there any more.
func (a *Accounts) leave(ctx context.Context, id string, t *tender) {
	for tries := range takeBack {
		err := a.tell(ctx, t.told, "")
		if err == nil {
			t.told = nil
			return
		}
		a.Log.Warn("take the webhook back", "account", id, "err", err)
		if !rest(ctx, backOff(tries)) {
			return
		}
	}
}

func (a *Accounts) tell(ctx context.Context, g channels.Registrar, address string) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	return guarded(func() error { return g.Register(ctx, address) })
}

// forget lets go of an account that was taken out.
func (a *Accounts) forget(id string) {
	if err := a.Shelf.clear(id); err != nil {
		a.Log.Error("clear the shelf", "account", id, "err", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if o, ok := a.open[id]; ok {
		o.way.Close()
	}
	delete(a.open, id)
	delete(a.records, id)
}

func (a *Accounts) trouble(r *record, id string, err error) {
	r.ends(err, a.Now())
	a.Log.Warn("a channel does not work", "account", id, "err", err)
}

// guarded makes an error of a panic: an adapter that breaks breaks alone.
func guarded(f func() error) (err error) {
	defer func() {
		if what := recover(); what != nil {
			err = fmt.Errorf("panic: %v\n%s", what, debug.Stack())
		}
	}()
	return f()
}

// backOff is a random part of a time that doubles.
func backOff(tries int) time.Duration {
	most := widest
	if tries < 9 {
		most = min(shortest<<tries, widest)
	}
	return rand.N(most) + 10*time.Millisecond
}

// rest waits, and tells whether there is still something to do.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
