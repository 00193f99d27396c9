package call

import (
	"context"
	"sync"
)

// A Known is something that a provider is asked for once, such as who we are.
// The zero Known is not known yet.
type Known[T any] struct {
	mu    sync.Mutex // guards what follows
	value T
	is    bool
}

// Get asks, unless it is known; anew asks in any case. What could not be asked
// for is not known after.
func (k *Known[T]) Get(ctx context.Context, anew bool, ask func(context.Context) (T, error)) (T, error) {
	k.mu.Lock()
	value, is := k.value, k.is
	k.mu.Unlock()
	if is && !anew {
		return value, nil
	}
	value, err := ask(ctx)
	if err != nil {
		return value, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.value, k.is = value, true
	return value, nil
}
