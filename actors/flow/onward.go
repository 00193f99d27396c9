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
	m, ok := c.(customer.Receive)
	if !ok {
		return shell.Onward{}, false
	}
	conv, opening := customer.Onward(s, m)
	if conv == "" {
		return shell.Onward{}, false
	}
	cmd := conversation.Receive{Opening: opening, Message: m.Message, Key: m.Key, Earlier: earlier(s, m, conv)}
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
	for _, id := range customer.Known(s, m) {
		out = append(out, event.CustomerStream+id)
	}
	return out
}
