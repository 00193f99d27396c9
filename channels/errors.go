package channels

import (
	"errors"
	"time"
)

// An Unsure error says that the request left us and no answer came.
type Unsure struct{ Err error }

func (e *Unsure) Error() string { return "no answer came: " + e.Err.Error() }
func (e *Unsure) Unwrap() error { return e.Err }

// A Later error says when the provider wants to be asked again. It is about the
// whole account, unless Only says that it is about the customer.
type Later struct {
	After time.Duration
	Only  bool
	Err   error
}

func (e *Later) Error() string { return e.Err.Error() }
func (e *Later) Unwrap() error { return e.Err }

// LaterIn returns the wait that a [*Later] in err's chain asks for, or 0.
func LaterIn(err error) time.Duration {
	if l, ok := errors.AsType[*Later](err); ok {
		return l.After
	}
	return 0
}

// A Broken error says that the account itself does not work: its token was
// revoked, its password changed. Messages wait until an administrator has
// mended it or a day is over.
type Broken struct{ Err error }

func (e *Broken) Error() string { return "the account does not work: " + e.Err.Error() }
func (e *Broken) Unwrap() error { return e.Err }
