package conversation

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// ErrForgotten is the answer to whoever says something of words that are not
// kept any longer.
var ErrForgotten = refusal.New(refusal.Conflict, "the words of this conversation are not kept any longer")

// errOpen is the answer to whoever would forget what goes on.
var errOpen = refusal.New(refusal.Conflict, "the conversation is not closed")

// forget ends the time for which words are kept. Whoever keeps the event destroys
// the key in the same write.
func forget(s State, c Forget, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case s.Phase != Closed:
		return nil, errOpen
	case s.Forgotten:
		return nil, nil
	}
	return one(&event.ConversationForgotten{At: at, By: c.By, Days: c.Days, Messages: c.Messages, Files: c.Files, Words: c.Words}), nil
}

// wordy reports whether a command would bring words into the conversation, or is
// about some.
func wordy(cmd Command) bool {
	switch cmd.(type) {
	case Edit, Remove, Fetched, Rate, Label, Review, SetTicket, Delivered, Failed, Uncertain, Bounced, Receipt, SeenByCustomer, SeenByOperator:
		return true
	}
	return false
}

// tooLate is what people are told. News of a channel comes too late for anybody.
func tooLate(cmd Command) error {
	switch cmd.(type) {
	case Rate, Label, Review, SetTicket:
		return ErrForgotten
	}
	return nil
}
