package queue

import (
	"time"

	"crafttalkd/actors/event"
)

// A Command asks a queue for something.
type Command interface{ queueCommand() }

type (
	// Configure says how the queue chooses.
	Configure struct {
		Line          string
		Affinity      bool
		PriorityWorth time.Duration
	}
	// Enter puts a conversation in line. A turn that has left is not news.
	Enter struct {
		Conversation string
		Turn         uint64
		Routing      *event.Routing
		Since        time.Time
		Preferred    []string
		Wanted       string
		WantedUntil  time.Time
		Avoid        []string
	}
	// Leave takes a conversation out of line, up to and including the turn, also
	// if the turn enters only later.
	Leave struct {
		Conversation string
		Turn         uint64
		Cause        event.Cause
	}
	// See brings an operator's standing, and what became of an offer if one is named.
	See struct {
		Operator, Offer string
		Standing        *event.Standing
		Outcome         event.Outcome
		Gone            bool
	}
	// Wake says that the state's deadline has come.
	Wake struct{}
)

func (Configure) queueCommand() {}
func (Enter) queueCommand()     {}
func (Leave) queueCommand()     {}
func (See) queueCommand()       {}
func (Wake) queueCommand()      {}
