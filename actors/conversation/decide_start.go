package conversation

import (
	"slices"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// longestTicket is how many characters the number of a ticket may have.
const longestTicket = 100

// start lets an operator write to the customer first. Manual: «Начать диалог».
// Nobody else's conversation is taken away, and none is taken with a slot that
// may be free again.
func start(s State, c Start, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.Phase == Closed:
		return nil, ErrClosed
	case s.Phase == Nothing && c.Opening == nil:
		return nil, ErrUnknown
	case s.Phase == Served && s.Operator != c.Operator:
		return nil, &KeptError{Operator: s.Operator}
	case !s.keptBy(c.Operator) && (!at.AsTime().Before(c.Until) || slices.Contains(s.Forced, c.Offer)):
		return nil, refusal.New(refusal.Busy, "this took too long; try again")
	}
	var events []event.Event
	if s.Phase == Nothing {
		opening := proto.CloneOf(c.Opening)
		opening.At, opening.OpenedBy = at, c.Operator
		events, s = one(opening), opened(opening)
	}
	if !s.keptBy(c.Operator) {
		e := &event.ConversationAssigned{At: at, Turn: s.Turn + 1, OperatorId: c.Operator, OfferId: c.Offer,
			LineId: s.Routing.GetLineId(), CustomerId: s.Customer, Own: true}
		events = append(events, e)
		s.assigned(e)
	}
	if empty(c.Content) {
		return events, nil
	}
	said, err := reply(s, Reply{Operator: c.Operator, ID: c.ID, Content: c.Content, Account: c.Account, Address: c.Address}, at)
	if err != nil {
		return nil, err
	}
	return append(events, said...), nil
}

// A KeptError refuses a conversation that another operator keeps, and names who.
type KeptError struct{ Operator string }

func (e *KeptError) Error() string { return "operator " + e.Operator + " keeps the conversation" }

// Unwrap makes it a refusal.
func (e *KeptError) Unwrap() error { return refusal.New(refusal.Conflict, "%s", e.Error()) }

// outward decides on what leads out of a conversation.
func outward(s State, cmd Command, at *timestamppb.Timestamp) ([]event.Event, error) {
	if c, ok := cmd.(Call); ok {
		return call(s, c, at)
	}
	return setTicket(s, cmd.(SetTicket), at)
}

// setTicket may come at any time, as help desks outlive conversations.
func setTicket(s State, c SetTicket, at *timestamppb.Timestamp) ([]event.Event, error) {
	number := strings.TrimSpace(c.Number)
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case !utf8.ValidString(number) || utf8.RuneCountInString(number) > longestTicket:
		return nil, refusal.Of("number", "a number is at most %d characters", longestTicket)
	case number == s.Ticket:
		return nil, nil
	}
	return one(&event.TicketSet{At: at, Number: number, By: c.By}), nil
}

// call records a call. It has been asked for, whatever became of the
// conversation meanwhile.
func call(s State, c Call, at *timestamppb.Timestamp) ([]event.Event, error) {
	if s.Phase == Nothing {
		return nil, ErrUnknown
	}
	return one(&event.CallPlaced{At: at, CallId: c.ID, OperatorId: c.Operator, AccountId: c.Account,
		Address: c.Address, Failure: c.Failure}), nil
}
