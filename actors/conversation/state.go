package conversation

import (
	"time"

	"crafttalkd/actors/event"
)

// Version numbers the form of [State] in snapshots.
const Version = 4

// Silence is the agent that keeps a conversation whose customer was detached
// from the operator.
const Silence = "silence"

// A State is what a conversation remembers of its events: only what the next
// decision needs. The messages themselves are kept by store/view/history.
type State struct {
	ID       string `json:",omitzero"`
	Customer string `json:",omitzero"`
	Phase    Phase  `json:",omitzero"`
	Agent    string `json:",omitzero"` // who keeps it when Automatic
	Operator string `json:",omitzero"` // who keeps it when Served
	Turn     uint64 `json:",omitzero"` // rises with every change of keeper

	Account string         `json:",omitzero"` // where the customer wrote last
	Address string         `json:",omitzero"`
	Policy  *event.Policy  `json:",omitzero"`
	Routing *event.Routing `json:",omitzero"`

	Wait     Wait
	Offer    string    `json:",omitzero"`  // by which the operator keeps it
	Assigned time.Time `json:",omitzero"`  // when the operator got it
	Forced   []string  `json:",omitempty"` // offers by a supervisor's or an operator's own will, each good for once

	Handed  Handed  `json:",omitzero"` // the last turn that an agent ended by itself
	Refused Refused `json:",omitzero"` // the last late act of an agent
	Owed    Owed    `json:",omitzero"` // what the agent who keeps it has to do
	Heard   bool    `json:",omitzero"` // the customer has written since it was engaged
	Passed  int     `json:",omitzero"` // from agent to agent, since the customer wrote

	Survey *Survey          `json:",omitempty"` // under way
	Slots  map[string]Known `json:",omitempty"` // what is known of the customer, by class

	Unanswered time.Time        `json:",omitzero"` // the customer's first message that no operator answered
	Asked      Asked            `json:",omitzero"`
	Hold       Hold             `json:",omitzero"`
	Said       int              `json:",omitzero"`  // messages that the system made by itself
	LastIn     string           `json:",omitzero"`  // the customer's last message
	Orders     map[string]int64 `json:",omitempty"` // by account and address: the channel's highest number so far

	Outbox   map[string]Fate `json:",omitempty"` // messages whose fate may still change
	Taken    []string        `json:",omitempty"` // those of them that a channel took, oldest first
	Unseen   []Said          `json:",omitempty"` // our messages after the customer's read mark
	Unread   []string        `json:",omitempty"` // the customer's messages after the operator's
	Fetching map[string]bool `json:",omitempty"` // files under way, by message and attachment
	Changed  []Changed       `json:",omitempty"` // the customer's messages that were changed, latest last
	Offers   []Offer         `json:",omitempty"` // our messages with buttons, latest last

	Topic     string   `json:",omitzero"`
	Ticket    string   `json:",omitzero"` // its number in a help desk of others
	Rating    Rating   `json:",omitzero"`
	Joined    []string `json:",omitempty"` // conversations that ended in this one
	Labelled  Labelled `json:",omitzero"`  // what was said last of a message
	Reviewed  bool     `json:",omitzero"`
	Forgotten bool     `json:",omitzero"` // its words are gone
}

// A Phase says what kind of keeper a conversation has.
type Phase uint8

const (
	Nothing   Phase = iota // not opened yet
	Automatic              // with an agent
	Waiting                // in the queue of its line
	Served                 // with an operator
	Closed
)

// A Fate is what is known of a message to the customer.
type Fate uint8

const (
	UnderWay Fate = iota + 1
	Taken         // by the channel
	Unsure        // whether the channel has it
	Lost
	Arrived // on the customer's device
)

type (
	// Wait is how the conversation waits, or last waited, for an operator.
	Wait struct {
		Since       time.Time `json:",omitzero"`  // the waiting age counts from here
		Preferred   []string  `json:",omitempty"` // operators who know the customer, most recent first
		Wanted      string    `json:",omitzero"`  // the operator of a transfer
		WantedUntil time.Time `json:",omitzero"`
		Avoid       []string  `json:",omitempty"`
	}
	// Asked is the customer's silence.
	Asked struct {
		At       time.Time `json:",omitzero"` // of our last message; zero if it is our turn to write
		Told     int       `json:",omitzero"` // messages of the silence policy that went out
		Reminded bool      `json:",omitzero"`
		Detached bool      `json:",omitzero"` // an operator who has been given it since keeps it
	}
	// Hold is the hold timer.
	Hold struct {
		Kind    event.HoldKind `json:",omitzero"`
		Due     time.Time      `json:",omitzero"`
		Text    string         `json:",omitzero"`
		Expired bool           `json:",omitzero"` // the last one was not stopped in time
	}
	// Handed is a turn that an agent ended by itself.
	Handed struct {
		Agent string
		Turn  uint64
	}
	// Refused is an act of an agent whose turn was over.
	Refused struct {
		Agent, Reason string
		Turn          uint64
	}
	// Owed is what an agent has to do: to act on its engagement or on what the
	// customer wrote.
	Owed struct {
		Since time.Time `json:",omitzero"` // zero: nothing
		Until time.Time `json:",omitzero"` // it has said that it will do more by then
	}
	// Survey is one under way.
	Survey struct {
		Survey          *event.Survey
		Operator, Agent string   `json:",omitzero"`  // who gave it
		About           string   `json:",omitzero"`  // the customer's message that it answers
		Asked           string   `json:",omitzero"`  // the slot that was asked for last
		Confirming      bool     `json:",omitzero"`  // whether what is known of it may be used
		Mistakes        int32    `json:",omitzero"`  // inputs that did not fit it
		Filled          []string `json:",omitempty"` // its slots that are known now
	}
	// Known is what is known of the customer.
	Known struct {
		Value, Caption string
		Slots          []string `json:",omitempty"` // that were filled with it
	}
	// Labelled is what somebody who knows said of a message.
	Labelled struct {
		Message, Article string
		Cleared          bool
	}
	// Said is a message of ours.
	Said struct {
		ID, Account string
		At          time.Time
	}
	// Changed is what became last of a message of the customer's.
	Changed struct {
		Message string
		At      time.Time `json:",omitzero"` // by the channel's clock, where it tells
		Removed bool      `json:",omitzero"`
	}
	// Offer is the buttons of a message of ours.
	Offer struct {
		Message string
		Buttons []*event.Button
		Passed  bool `json:",omitzero"` // a person or an agent has written since
	}
	// Rating is what the customer thought of it all.
	Rating struct {
		Points  int32
		Comment string
	}
)

// keptBy tells whether the operator keeps the conversation.
func (s State) keptBy(operator string) bool {
	return s.Phase == Served && s.Operator == operator
}

// Deadline returns when s must next be woken, or the zero time for never.
func Deadline(s State) time.Time {
	return next(s).due
}
