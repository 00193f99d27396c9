package customer

import (
	"fmt"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// Decide returns the events that cmd leads to, or refuses it.
func Decide(s State, cmd Command, now time.Time) ([]event.Event, error) {
	at := timestamppb.New(now)
	switch c := cmd.(type) {
	case Receive:
		if c.Hops > mostHops {
			return nil, fmt.Errorf("message of %s was sent on %d times", c.Home, c.Hops)
		}
		return receive(s, c, at)
	case Find, Greet, Block, Receipt:
		return hear(s, cmd, at)
	case Introduce:
		return introduce(s, c, at), nil
	case Left:
		return left(s, c, at), nil
	case Served:
		return serve(s, c, at), nil
	case Claim:
		return claim(s, c, at)
	case FollowLink:
		return followLink(s, c, at)
	case MergeInto:
		return mergeInto(s, c, at)
	case Absorb:
		return absorb(s, c, at), nil
	case Wake:
		return nil, nil
	}
	return change(s, cmd, at)
}

// mostHops is how often a message is sent on from customer to customer. Merges
// make no circles; should one be there all the same, a message is not to go
// round in it for ever.
const mostHops = 32

// change decides on what somebody wants of the customer. Who is unknown, or
// part of another customer, can't be changed.
func change(s State, cmd Command, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.ID == "":
		return nil, errUnknown()
	case s.Into != "":
		return nil, refusal.New(refusal.Conflict, "the customer is part of customer %s now", s.Into)
	}
	switch c := cmd.(type) {
	case Start:
		return start(s, c, at)
	case ChangeProfile:
		return changeProfile(s, c, at)
	case SetTest:
		return setTest(s, c, at), nil
	case AddAddress:
		return addAddress(s, c, at)
	case EditAddress:
		return editAddress(s, c, at)
	case RemoveAddress:
		return removeAddress(s, c, at), nil
	case MakeLink:
		return makeLink(s, c, at)
	case Merge:
		return merge(s, c, at)
	case BeginErasure:
		return beginErasure(s, c, at)
	case EndErasure:
		return []event.Event{&event.CustomerErased{At: at, CustomerId: s.ID}}, nil
	}
	return nil, nil
}

func errUnknown() error { return refusal.New(refusal.NotFound, "there is no such customer") }

// receive writes down what a message tells of the customer, and opens a
// conversation if none is open. The message itself is the conversation's. What a
// machine of the customer's wrote tells nothing of the person, and is nobody's
// where no conversation is open. email.md 6.2.
func receive(s State, c Receive, at *timestamppb.Timestamp) ([]event.Event, error) {
	_, away := Elsewhere(s, c)
	open := s.Open != "" && s.Open != c.Closed
	switch {
	case away:
		return nil, nil
	case c.Message.GetAutomatic() && !open:
		return nil, ErrNotFound
	case c.Message.GetAutomatic():
		return nil, nil
	}
	events := meet(s, c, at)
	events = append(events, told(s, c, at)...)
	if open {
		return events, nil
	}
	if s.Open != "" {
		events = append(events, &event.ConversationLeft{At: at, ConversationId: s.Open})
	}
	start := &event.ConversationStarted{At: at, ConversationId: next(c.ID, s.Started)}
	return append(append(events, start), ask(s, c, events, start)...), nil
}

// ask has the conversation that starts ask for the phone number, once at each
// address, of who has told none. It is s before the events. CH-05.
func ask(s State, c Receive, events []event.Event, start *event.ConversationStarted) []event.Event {
	for _, e := range events {
		s = Apply(s, e)
	}
	i := s.address(c.Address)
	told := c.Message.GetContent().GetContact() != nil || s.Fields["phone"].Value != ""
	if c.Ask == "" || told || i < 0 || s.Addresses[i].Address.PhoneAsked {
		return nil
	}
	return []event.Event{&event.PhoneAsked{At: start.At, ConversationId: start.ConversationId, Address: s.Addresses[i].Address}}
}

// next names the conversation after so many.
func next(id string, started uint64) string { return id + "." + strconv.FormatUint(started+1, 10) }

// Next names the conversation that would be opened now, if none is open.
func Next(s State) string { return next(s.ID, s.Started) }

// start opens a conversation for an operator who writes first. Manual: «Начать
// диалог». The one that is open stays; another one than was prepared for is
// somebody else's by now.
func start(s State, c Start, at *timestamppb.Timestamp) ([]event.Event, error) {
	closed := s.Open != "" && s.Open == c.Closed
	switch {
	case s.address(c.Address) < 0:
		return nil, refusal.Of("address", "the customer has no such address")
	case s.Open == c.Conversation && !closed && s.Open != "":
		return nil, nil
	case s.Open != "" && !closed || c.Conversation != Next(s):
		return nil, ErrMovedOn
	}
	var events []event.Event
	if closed {
		events = append(events, &event.ConversationLeft{At: at, ConversationId: s.Open})
	}
	return append(events, &event.ConversationStarted{At: at, ConversationId: c.Conversation, By: c.By}), nil
}

// ErrMovedOn is the answer to who prepared for another conversation.
var ErrMovedOn = refusal.New(refusal.Conflict, "another conversation has begun meanwhile")

// told writes down what a message tells of the customer: first what is certain,
// then what is only said and not known otherwise.
func told(s State, c Receive, at *timestamppb.Timestamp) (events []event.Event) {
	if fields := proven(s, c.Proven); len(fields) > 0 {
		e := &event.ProfileChanged{At: at, Fields: fields, Revision: s.Revision + 1, Verified: "signed"}
		s, events = Apply(s, e), append(events, e)
	}
	if fields := claims(s, c.Fields); len(fields) > 0 {
		events = append(events, &event.ProfileChanged{At: at, Fields: fields, Revision: s.Revision + 1})
	}
	return events
}

// meet registers who is unknown, and an address that is. One that was a claim
// and is proven now is known better.
func meet(s State, c Receive, at *timestamppb.Timestamp) []event.Event {
	switch {
	case s.ID == "" && home(c):
		return []event.Event{&event.CustomerRegistered{At: at, CustomerId: c.ID, Address: c.Address}}
	case s.ID != "" && c.Address != nil && s.address(c.Address) >= 0:
		return append(s.better(c.Address, at), s.back(c.Address, at)...)
	case s.ID != "" && c.Address == nil:
		return nil
	}
	added := &event.AddressAdded{At: at, CustomerId: c.ID, Address: c.Address, Home: c.Home}
	if home(c) {
		added.Home = c.ID
	}
	if s.ID == "" {
		return []event.Event{&event.CustomerRegistered{At: at, CustomerId: c.ID}, added}
	}
	return []event.Event{added}
}

// better writes down that an address which was a claim is proven. Whose it is
// does not change by that.
func (s State) better(a *event.Address, at *timestamppb.Timestamp) []event.Event {
	old := s.Addresses[s.address(a)]
	if a.Verified == "" || old.Address.Verified != "" || old.Home != s.ID {
		return nil
	}
	after := proto.CloneOf(old.Address)
	after.Verified = a.Verified
	return []event.Event{&event.AddressEdited{At: at, CustomerId: s.ID, Before: old.Address, After: after, Home: s.ID, HomeBefore: s.ID}}
}

// home reports whether a message is at the customer that its address leads to
// by itself.
func home(c Receive) bool { return c.Home == "" || c.Home == c.ID }

func left(s State, c Left, at *timestamppb.Timestamp) []event.Event {
	if s.Open == "" || s.Open != c.Conversation {
		return nil
	}
	return []event.Event{&event.ConversationLeft{At: at, ConversationId: c.Conversation}}
}

// serve remembers who knows the customer now.
func serve(s State, c Served, at *timestamppb.Timestamp) []event.Event {
	if s.ID == "" || s.Into != "" || len(s.ServedBy) > 0 && s.ServedBy[0] == c.Operator {
		return nil
	}
	return []event.Event{&event.OperatorServed{At: at, OperatorId: c.Operator, ConversationId: c.Conversation}}
}
