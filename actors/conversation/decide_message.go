package conversation

import (
	"cmp"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// receive takes a message from the customer. The first one opens the
// conversation and finds it a keeper, all in one append.
func receive(s State, c Receive, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case c.Message.GetAutomatic():
		return remark(s, c.Message, at)
	case s.Phase == Nothing:
		return open(c, at)
	case c.Message == nil:
		return nil, nil // opened by an operator, and asked again
	case c.Message.MessageId == s.LastIn:
		return nil, nil // brought again
	case s.Phase == Closed:
		return nil, ErrClosed
	}
	in := incoming(s, c.Message, at)
	events := one(in)
	switch {
	case s.Phase == Automatic && s.Agent == Silence:
		q := toQueue(s, event.Cause_CUSTOMER_RETURNED, at)
		q.Since, q.Avoid = at, nil
		events = append(events, q)
	case s.Phase == Automatic && WantsPerson(s.Policy, in.Content):
		return append(events, toQueue(s, event.Cause_AGENT_HANDED_OVER, at)), nil
	case s.Hold.Kind == event.HoldKind_HOLD_CUSTOMER:
		events = append(events, &event.HoldCancelled{At: at})
	}
	if s.Survey == nil {
		return events, nil
	}
	d := begin(s, at)
	d.add(events...)
	d.hear(in, c.Message.Content.GetPressed() == nil)
	return d.events, nil
}

// remark keeps what a machine of the customer's wrote, for operators to see: it
// opens nothing, asks nothing and stops no timer. email.md 6.2.
func remark(s State, m *event.MessageReceived, at *timestamppb.Timestamp) ([]event.Event, error) {
	if err := s.shut(); err != nil {
		return nil, err
	}
	return one(incoming(s, m, at)), nil
}

// open begins a conversation. One that an operator opened may do so without a
// message, passes no agents, and prefers that operator.
func open(c Receive, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case c.Opening == nil:
		return nil, ErrUnknown
	case c.Message == nil && c.Opening.OpenedBy == "":
		return nil, refusal.New(refusal.Invalid, "nothing was written")
	}
	opening := proto.CloneOf(c.Opening)
	opening.At = at
	events, s := one(opening), opened(opening)
	if c.Message != nil {
		events = append(events, incoming(s, c.Message, at))
	}
	if agent := firstAgent(opening); agent != "" {
		events = append(events, &event.AgentEngaged{At: at, Turn: 1, AgentId: agent})
	} else {
		events = append(events, toQueue(s, event.Cause_NEW_CONVERSATION, at))
	}
	if c.Ask != "" {
		s.Turn = 1
		request := say(s, event.Purpose_PHONE_REQUEST, c.Ask, at)
		request.Content.Ask = event.Ask_ASK_PHONE
		events = append(events, request)
	}
	return events, nil
}

// firstAgent returns the automatic agent that a new conversation begins with.
func firstAgent(opening *event.ConversationOpened) string {
	return head(opening.Policy.GetAgents(), opening.OpenedBy == "")
}

// incoming is m as it arrives in s. It shares what m says and is not cloned
// whole: this is the way of every message.
func incoming(s State, m *event.MessageReceived, at *timestamppb.Timestamp) *event.MessageReceived {
	in := &event.MessageReceived{At: at, MessageId: m.MessageId, AccountId: m.AccountId, Address: m.Address,
		ExternalId: m.ExternalId, Content: m.Content, SentAt: m.SentAt, Order: m.Order, Guessed: m.Guessed, Threading: m.Threading, Automatic: m.Automatic}
	if in.AccountId == "" {
		in.AccountId, in.Address = s.Account, s.Address
	}
	if !in.Automatic {
		in.Content = s.pressed(in.Content)
	}
	in.Late = in.Order > 0 && in.Order < s.Orders[source(in)]
	return in
}

func reply(s State, c Reply, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch err := s.shut(); {
	case err != nil:
		return nil, err
	case !s.keptBy(c.Operator):
		return nil, errNotYours
	case said(c.ID) > 0:
		return nil, errOurName
	case (c.Account == "") != (c.Address == ""):
		return nil, refusal.Of("address", "an account and an address go together")
	case empty(c.Content):
		return nil, refusal.Of("content", "the message is empty")
	case s.Outbox[c.ID] != 0:
		return nil, nil // sent already
	}
	sent := &event.MessageSent{
		At:         at,
		MessageId:  c.ID,
		OperatorId: c.Operator,
		AccountId:  cmp.Or(c.Account, s.Account),
		Address:    cmp.Or(c.Address, s.Address),
		Content:    c.Content,
		Turn:       s.Turn,
	}
	if c.Phrase {
		sent.Purpose = event.Purpose_HOLD_REPLY
	}
	events := append(one(sent), arm(s, c, at)...)
	if c.Choice != nil {
		events = append(events, chosen(c.Choice, c.Operator, c.ID, at))
	}
	return events, nil
}

func note(s State, c Note, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch err := s.shut(); {
	case err != nil:
		return nil, err
	case strings.TrimSpace(c.Text) == "":
		return nil, refusal.Of("text", "the note is empty")
	}
	return one(&event.NoteAdded{At: at, NoteId: c.ID, OperatorId: c.Operator, Text: c.Text}), nil
}

// empty tells whether there is nothing in a message.
func empty(c *event.Content) bool {
	return strings.TrimSpace(c.GetText()) == "" && len(c.GetAttachments()) == 0 && len(c.GetButtons()) == 0 &&
		c.GetLocation() == nil && c.GetContact() == nil && c.GetPressed() == nil
}
