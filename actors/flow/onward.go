package flow

import (
	"errors"
	"strings"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/shell"
)

// Onward returns where a customer's command goes on, once what it led to is
// kept: to the customer that has the address now, or a message to the open
// conversation. A conversation that has closed meanwhile sends it back, and the
// customer opens another.
func Onward(s customer.State, c customer.Command) (shell.Onward, bool) {
	if id, ok := customer.Elsewhere(s, c); ok {
		return shell.Onward{Stream: event.CustomerStream + id, Command: customer.Readdress(s, c, id)}, true
	}
	if m, ok := c.(customer.Start); ok {
		conv, opening := customer.StartOnward(s, m)
		return shell.Onward{Stream: event.ConversationStream + conv, Command: conversation.Start{Opening: opening,
			Operator: m.By, Offer: m.Offer, Until: m.Until, ID: m.Message, Content: m.Content,
			Account: m.Address.GetAccountId(), Address: m.Address.GetAddress()}}, true
	}
	if r, ok := c.(customer.Receipt); ok {
		return shell.Onward{Stream: event.ConversationStream + customer.Latest(s),
			Command: conversation.Receipt{Account: r.Account, At: r.At, Seen: r.Seen}}, true
	}
	m, ok := c.(customer.Receive)
	if !ok {
		return shell.Onward{}, false
	}
	conv, opening := customer.Onward(s, m)
	if conv == "" {
		return shell.Onward{}, false
	}
	cmd := conversation.Receive{Opening: opening, Message: m.Message, Key: m.Key,
		Earlier: earlier(s, m, conv), Holders: customers(customer.Holders(s, m))}
	if customer.Asks(s, conv) {
		cmd.Ask = m.Ask
	}
	return shell.Onward{Stream: event.ConversationStream + conv, Command: cmd, Again: func(err error) (any, bool) {
		m.Closed = conv
		return m, errors.Is(err, conversation.ErrClosed)
	}}, true
}

// earlier names the streams in whose shards the message may be known, other
// than that of the conversation it goes to.
func earlier(s customer.State, m customer.Receive, conv string) []string {
	var out []string
	if !strings.HasPrefix(conv, s.ID+".") {
		out = append(out, event.CustomerStream+s.ID) // adopted, and in its own shard
	}
	return append(out, customers(customer.Known(s, m))...)
}

func customers(ids []string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, event.CustomerStream+id)
	}
	return out
}

// Trace returns where to look for a message before a conversation is opened for
// it: one that comes again after its conversation has closed begins no other.
func Trace(s customer.State, c customer.Command) (shell.Trace, bool) {
	m, ok := customer.Traces(s, c)
	if !ok {
		return shell.Trace{}, false
	}
	return shell.Trace{Key: m.Key, Streams: customers(customer.Known(s, m)), Kin: customers(customer.Holders(s, m))}, true
}
