package shell

import (
	"errors"
	"sync/atomic"
)

// A Row keeps the order of requests that were sent to one actor one behind the
// other without waiting: once one of them has met a fault, those behind it are
// not decided, and are answered with a fault too.
type Row struct{ broken atomic.Bool }

// errBehind is the answer to who stands behind a request that met a fault.
var errBehind = errors.New("a request before this one has met a fault")

// meet notes that a request of the row has met a fault.
func (r *Row) meet() {
	if r != nil {
		r.broken.Store(true)
	}
}

func (r *Row) isBroken() bool { return r != nil && r.broken.Load() }
