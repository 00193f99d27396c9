package replay

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

// A backoff waits longer after each try, up to two seconds.
type backoff struct{ tries int }

func (b *backoff) pause(ctx context.Context) error {
	d := min(50*time.Millisecond<<min(b.tries, 10), 2*time.Second)
	b.tries++
	t := time.NewTimer(d/2 + rand.N(d/2))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// busy reports whether the server asks to be asked later.
func busy(err error) bool {
	e, ok := errors.AsType[*refusedError](err)
	return ok && (e.status == http.StatusTooManyRequests || e.status == http.StatusServiceUnavailable)
}

// signedOut reports whether the server does not know the token.
func signedOut(err error) bool {
	e, ok := errors.AsType[*refusedError](err)
	return ok && e.status == http.StatusUnauthorized
}
