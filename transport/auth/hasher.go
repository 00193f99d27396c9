package auth

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"

	"crafttalkd/actors/refusal"
)

// standIn is compared with where there is no password: a hash of nothing that
// anybody knows, with the parameters of the others.
const standIn = "$argon2id$v=19$m=65536,t=1,p=1$c3RhbmRzIGZvciBub2JvZA$bm9ib2R5IGtub3dzIHdoYXQgdGhpcyBpcyBvZiBhbGw"

// maxWaiting is how many may wait for a core to hash on. One hash takes 64 MiB
// and a tenth of a second, so more would wait for seconds.
const maxWaiting = 32

// A hasher hashes on half of the cores at once: the other half serves those who
// are signed in already, and no 64 MiB are taken for it.
type hasher struct {
	params  argon2id.Params
	running chan struct{}
	waiting atomic.Int64
	tidying atomic.Bool // the memory of the last hashes will be given back
}

// tidyAfter is how long after a hash its 64 MiB go back to the machine: not at
// once, as people who begin their day sign in together.
const tidyAfter = 3 * time.Second

func newHasher() *hasher {
	return &hasher{
		params:  argon2id.Params{Memory: 64 * 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		running: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
	}
}

// enter waits for a core; leave gives it back.
func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.running <- struct{}{}:
		return nil
	default:
	}
	if h.waiting.Add(1) > maxWaiting {
		h.waiting.Add(-1)
		return refusal.New(refusal.Busy, "too many sign in at once; try again in a moment")
	}
	defer h.waiting.Add(-1)
	select {
	case h.running <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *hasher) leave() {
	<-h.running
	if h.tidying.CompareAndSwap(false, true) {
		time.AfterFunc(tidyAfter, func() {
			h.tidying.Store(false)
			debug.FreeOSMemory()
		})
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	hash, err := argon2id.CreateHash(password, &h.params)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// verify reports whether the hash is the password's, and whether it was made
// with other parameters than today's.
func (h *hasher) verify(ctx context.Context, password, hash string) (ok, stale bool, err error) {
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
	ok, params, err := argon2id.CheckHash(password, hash)
	if err != nil {
		return false, false, fmt.Errorf("check a password: %w", err)
	}
	return ok, *params != h.params, nil
}
