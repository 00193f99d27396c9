/*
Package watcher keeps who opened which conversations of others, and when.

	Watch ---> ConversationWatched, in the user's own stream

A stream for each user, and not for each conversation: whoever is looked at is
not shown it, a busy conversation is not made busier by its readers, and what
one user has looked at stands together. A screen that lost its line and comes
back opens nothing anew.
*/
package watcher

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// Version numbers the form of [State] in snapshots.
const Version = 1

// Bounds of what counts as the same reading.
const (
	sitting = 10 * time.Minute // opened again within it, a conversation is still open
	most    = 32               // conversations remembered
)

// A State is what a user has opened last, the latest last.
type State struct {
	Looks []Look `json:",omitempty"`
}

// A Look is a conversation that was opened.
type Look struct {
	Conversation string
	At           time.Time
}

// A Command asks a watcher for something.
type Command interface{ watcherCommand() }

type (
	// Watch says that the user opened a conversation, and where it belonged then.
	// Again says that the user's screen had it already.
	Watch struct {
		User, Conversation, Center, Line string
		Again                            bool
	}
	// Wake says that the state's deadline has come, which never happens.
	Wake struct{}
)

func (Watch) watcherCommand() {}
func (Wake) watcherCommand()  {}

// Decide returns the events that cmd leads to in s, or refuses.
func Decide(s State, cmd Command, now time.Time) ([]event.Event, error) {
	switch c := cmd.(type) {
	case Watch:
		if c.User == "" || c.Conversation == "" {
			return nil, refusal.Of("conversation_id", "say what is opened")
		}
		if c.Again && s.open(c.Conversation, now) {
			return nil, nil
		}
		return []event.Event{&event.ConversationWatched{At: timestamppb.New(now), UserId: c.User, ConversationId: c.Conversation,
			CenterId: c.Center, LineId: c.Line}}, nil
	case Wake:
		return nil, nil
	}
	panic("watcher: unknown command")
}

func (s State) open(conversation string, now time.Time) bool {
	return slices.ContainsFunc(s.Looks, func(l Look) bool { return l.Conversation == conversation && now.Sub(l.At) < sitting })
}

// Apply returns s after e. It cannot fail: e has happened.
func Apply(s State, e event.Event) State {
	w, ok := e.(*event.ConversationWatched)
	if !ok {
		return s
	}
	looks := slices.DeleteFunc(slices.Clone(s.Looks), func(l Look) bool { return l.Conversation == w.ConversationId })
	s.Looks = append(looks[max(0, len(looks)-most+1):], Look{w.ConversationId, w.At.AsTime()})
	return s
}

// Deadline is never: nothing becomes of a look.
func Deadline(State) time.Time { return time.Time{} }
