package shell

import (
	"encoding/json"
	"fmt"
	"time"

	"crafttalkd/actors/event"
)

// A Machine is the pure half of an actor with states S and commands C.
type Machine[S, C any] struct {
	// Decide returns the events that a command leads to, or refuses. A command
	// that has had its effect already leads to none. The state is not changed.
	Decide func(S, C, time.Time) ([]event.Event, error)
	// Apply returns the state after an event. It cannot fail, and may reuse the
	// state it is given.
	Apply func(S, event.Event) S
	// Deadline returns when the state must next be woken; zero for never.
	Deadline func(S) time.Time
	// Wake is the command for a deadline that has come.
	Wake C
	// Version numbers the form of S in snapshots. A snapshot of another version
	// is ignored and the stream replayed.
	Version int
	// Every is how many events go between snapshots.
	Every uint64
	// Copy returns a state that stays as it is, whatever Apply does to the one
	// it is given. It is for states that take long to encode; nil for others.
	Copy func(S) S
}

// Encode returns the canonical form of a state: JSON under a version number.
func Encode[S any](version int, s S) ([]byte, error) {
	return json.Marshal(snapshot[S]{version, s})
}

// Decode reads what Encode wrote; ok is false for another version.
func Decode[S any](version int, b []byte) (s S, ok bool, err error) {
	var v snapshot[json.RawMessage]
	if err := json.Unmarshal(b, &v); err != nil {
		return s, false, fmt.Errorf("snapshot: %w", err)
	}
	if v.Version != version {
		return s, false, nil
	}
	return s, true, json.Unmarshal(v.State, &s)
}

type snapshot[S any] struct {
	Version int
	State   S
}
