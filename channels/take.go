package channels

import (
	"context"
	"fmt"
	"sync"

	"crafttalkd/actors/refusal"
)

// Take hands on what one call of a provider brought, in its order, and returns
// when all of it is kept. An error that is no refusal asks for the same call
// again; what is kept by then is not kept twice. A refusal is one that the
// provider can't mend by repeating: what it is about has been kept as strange,
// with raw for its body.
func (c Config) Take(ctx context.Context, kind string, raw []byte, all ...Event) error {
	var wait sync.WaitGroup
	errs := make([]error, len(all))
	for i, e := range all {
		wait.Add(1)
		done := func(err error) { errs[i] = err; wait.Done() }
		switch e := e.(type) {
		case Inbound:
			e.Account = c.Account
			c.Sink(ctx, e, func(_ Kept, err error) { done(err) })
		case Notice:
			e.Account = c.Account
			c.Notify(ctx, e, done)
		default:
			done(fmt.Errorf("%T is no event", e))
		}
	}
	wait.Wait()
	return c.judge(ctx, kind, raw, errs)
}

// judge says what is to become of a call: errors that may pass come first.
func (c Config) judge(ctx context.Context, kind string, raw []byte, errs []error) error {
	var refused error
	for _, err := range errs {
		switch k := refusal.KindOf(err); {
		case err == nil:
		case k == refusal.Invalid:
			refused = err
		case k == 0, k == refusal.Busy:
			return err
		default:
			return err // the channel is switched off, or is not there
		}
	}
	if refused == nil {
		return nil
	}
	if err := c.Strange(ctx, kind, raw, true); err != nil {
		return fmt.Errorf("keep what was refused, %v, as strange: %w", refused, err)
	}
	return nil
}
