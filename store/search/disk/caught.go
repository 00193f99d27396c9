package disk

import (
	"fmt"
	"runtime/debug"
)

// Caught makes an error of a panic of bluge's; it is deferred.
func Caught(err *error) {
	if p := recover(); p != nil {
		*err = &PanicError{p, debug.Stack()}
	}
}

// A PanicError is what came of a panic in an index.
type PanicError struct {
	value any
	stack []byte
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("the index panicked: %v\n%s", e.value, e.stack)
}
