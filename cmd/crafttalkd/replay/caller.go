package replay

import (
	"context"
	"errors"
	"net/http"
	"sync"
)

// A caller is a business's own program at the channel API: a few requests at a
// time for all its customers.
type caller struct {
	p            *player
	account, key string
	calls        chan call
}

// A call is a message on its way through the API.
type call struct {
	lane, n    int
	order      int
	user, name string
	text       string
	told       func(taken bool)
}

const callsAtOnce = 4

func newCaller(p *player, account, key string) *caller {
	return &caller{p: p, account: account, key: key, calls: make(chan call, 1024)}
}

// run makes the calls until ctx ends.
func (c *caller) run(ctx context.Context) {
	var wg sync.WaitGroup
	for range callsAtOnce {
		wg.Go(func() {
			for {
				select {
				case call := <-c.calls:
					c.make(ctx, call)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	wg.Wait()
}

func (c *caller) make(ctx context.Context, m call) {
	id := string(c.p.ledger.appendID(nil, m.lane, m.n))
	body := object{"id": id, "user": object{"id": m.user, "name": m.name}, "text": m.text, "order": m.order}
	err := c.post(ctx, body)
	if ctx.Err() != nil {
		return
	}
	if err == nil {
		c.p.ledger.ack(m.lane, m.n, c.p.now())
	} else {
		c.p.ledger.refuse(m.lane, m.n)
	}
	m.told(err == nil)
}

// post sends one message. If the player is to bear a server that goes away, it
// sends until there is an answer.
func (c *caller) post(ctx context.Context, body object) error {
	for wait := (backoff{}); ; {
		err := c.p.stage.ask(ctx, http.MethodPost, "/channel/v1/"+c.account+"/messages", c.key, body, nil)
		_, answered := errors.AsType[*refusedError](err)
		if err == nil || answered || !c.p.o.Resilient {
			return err
		}
		if err := wait.pause(ctx); err != nil {
			return err
		}
	}
}
