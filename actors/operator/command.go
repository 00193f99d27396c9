package operator

import (
	"time"

	"crafttalkd/actors/event"
)

// A Command asks an operator's machine for something.
type Command interface{ operatorCommand() }

type (
	// Configure says who the operator is, from the directory.
	Configure struct {
		ID                       string
		Version                  uint64 // of the directory
		Lines, Languages, Skills []string
		Capacity                 int32
		FirstName, LastName      string
		Removed                  bool
	}
	// SetPresence changes the status: by the operator, or by a supervisor (By).
	SetPresence struct {
		Presence event.Presence
		Cause    event.Cause
		By       string
	}
	// Connect and Disconnect say that the first socket opened, the last closed.
	Connect    struct{}
	Disconnect struct{ Grace time.Duration }
	// Reserve asks for a slot. The answer is SlotReserved or OfferDeclined.
	Reserve struct {
		Offer, Conversation, Line string
		Turn                      uint64
		Verdict                   *event.Verdict
	}
	// Force gives the operator a conversation whatever the capacity: a
	// supervisor's will, recorded as such.
	Force struct {
		Conversation, Offer, By string
	}
	// Take asks for a slot for a conversation that the operator wants to begin or
	// to take by the own will, which may not exceed the capacity. Who asks tells
	// the conversation next, see conversation.Start.
	Take struct{ Conversation, Offer string }
	// Confirm says that the conversation is the operator's now.
	Confirm struct{ Conversation, Offer string }
	// Release says that the conversation is the operator's no more, or never was.
	Release struct {
		Conversation, Offer string
		Cause               event.Cause
	}
	// TimeOut says that a customer waited too long for this operator's answer.
	TimeOut struct{ Conversation, Offer string }
	// Wake says that the state's deadline has come.
	Wake struct{}
)

func (Configure) operatorCommand()   {}
func (SetPresence) operatorCommand() {}
func (Connect) operatorCommand()     {}
func (Disconnect) operatorCommand()  {}
func (Reserve) operatorCommand()     {}
func (Force) operatorCommand()       {}
func (Take) operatorCommand()        {}
func (Confirm) operatorCommand()     {}
func (Release) operatorCommand()     {}
func (TimeOut) operatorCommand()     {}
func (Wake) operatorCommand()        {}
