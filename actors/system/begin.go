package system

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/refusal"
)

// A Beginning is an operator's wish to write to a customer first.
type Beginning struct {
	Operator, Customer string
	Opening            *event.ConversationOpened // what a new conversation opens with
	Address            *event.Address            // to write to
	Message            string                    // id of the message: the same again is the same
	Content            *event.Content            // empty says nothing yet
}

// Bounds of a beginning: a slot is asked about ten seconds after it was
// reserved, so a conversation is not to take it later than this, see
// conversation.Start.
const (
	slotLasts   = 5 * time.Second
	beginTries  = 4
	betweenThem = 150 * time.Millisecond
)

// Begin gives the operator a conversation with the customer, and returns its id:
// the open one, unless another operator keeps it, or else a new one. A slot is
// reserved before anything is opened, so who has no room is refused and nothing
// has happened. Should the process end between the two, the slot asks the
// conversation, which knows of nothing, and is free again.
func (s *System) Begin(ctx context.Context, b Beginning) (id string, err error) {
	for range beginTries {
		id, err = s.begins(ctx, b)
		if !errors.Is(err, customer.ErrMovedOn) && !errors.Is(err, conversation.ErrClosed) && !errors.Is(err, operator.ErrComing) {
			return id, err
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(betweenThem):
		}
	}
	return "", err
}

// begins is one try: what it was prepared for may have changed meanwhile.
func (s *System) begins(ctx context.Context, b Beginning) (string, error) {
	id, closed, err := s.prepare(ctx, b)
	if err != nil {
		return "", err
	}
	offer, until := "own-"+rand.Text(), s.Now().Add(slotLasts)
	if _, err := s.Ask(ctx, event.OperatorStream+b.Operator, operator.Take{Conversation: id, Offer: offer}); err != nil {
		return "", err
	}
	_, err = s.Ask(ctx, event.CustomerStream+b.Customer, customer.Start{ID: b.Customer, By: b.Operator, Conversation: id, Closed: closed,
		Offer: offer, Until: until, Opening: b.Opening, Address: b.Address, Message: b.Message, Content: b.Content})
	if refusal.KindOf(err) != 0 {
		back := operator.Release{Conversation: id, Offer: offer, Cause: event.Cause_STALE}
		if _, lost := s.Ask(ctx, event.OperatorStream+b.Operator, back); lost != nil {
			err = errors.Join(err, lost)
		}
	}
	return id, err
}

// prepare names the conversation: the open one, or the next if there is none or
// it has closed. Whose it is now is asked first, to take no slot in vain.
func (s *System) prepare(ctx context.Context, b Beginning) (id, closed string, err error) {
	type names struct{ open, next string }
	n, err := Look(ctx, s, event.CustomerStream+b.Customer, func(c customer.State, _ uint64) names {
		return names{customer.OpenConversation(c), customer.Next(c)}
	})
	if err != nil || n.open == "" {
		return n.next, "", err
	}
	c, err := Look(ctx, s, event.ConversationStream+n.open, func(c conversation.State, _ uint64) conversation.State {
		return conversation.State{Phase: c.Phase, Operator: c.Operator}
	})
	switch {
	case err != nil:
		return "", "", err
	case c.Phase == conversation.Closed:
		return n.next, n.open, nil
	case c.Phase == conversation.Served && c.Operator != b.Operator:
		return "", "", &conversation.KeptError{Operator: c.Operator}
	}
	return n.open, "", nil
}
