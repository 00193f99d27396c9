// Package refusal is how crafttalkd says no.
//
// Two kinds of error leave a function. A refusal is an answer: the request was
// understood and the rules forbid it; its text is shown to whoever asked. Any
// other error is a fault: it is logged once, at the edge, and the asker learns
// only that something broke.
package refusal

import (
	"errors"
	"fmt"
)

// A Kind says what the asker can do about a refusal.
type Kind uint8

const (
	Invalid  Kind = iota + 1 // the request makes no sense; mend it
	Denied                   // not with these permissions
	NotFound                 // there is no such thing
	Conflict                 // not in the present state; look again
	Busy                     // no capacity now; ask again later
)

var kinds = [...]string{"fault", "invalid", "denied", "not_found", "conflict", "busy"}

// String returns the kind's name on the wire.
func (k Kind) String() string { return kinds[k] }

// An Error is a refusal.
type Error struct {
	Kind  Kind
	Text  string // a sentence for the asker, without a period
	Field string // the field of the request it is about, if one
}

func (e *Error) Error() string { return e.Text }

// New returns a refusal with the formatted text.
func New(k Kind, format string, args ...any) error {
	return &Error{Kind: k, Text: fmt.Sprintf(format, args...)}
}

// Of returns a refusal about one field of the request.
func Of(field, format string, args ...any) error {
	return &Error{Kind: Invalid, Text: fmt.Sprintf(format, args...), Field: field}
}

// KindOf returns the kind of the refusal in err's chain, or 0 for a fault.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}
