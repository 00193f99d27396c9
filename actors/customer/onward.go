package customer

import (
	"cmp"
	"slices"
	"strings"

	"crafttalkd/actors/event"
)

// Elsewhere names the customer that must decide c instead of this one: the one
// our address was given to, or the one we are part of. The command is to be
// sent there, see [Readdress], whatever events it led to here.
func Elsewhere(s State, c Command) (customer string, ok bool) {
	switch c := c.(type) {
	case Receive:
		return s.away(c.ID, c.Home)
	case Find:
		return s.away(c.ID, c.Home)
	case Greet:
		return s.away(c.ID, c.Home)
	case Block:
		return s.away(c.ID, c.Home)
	case Receipt:
		return s.away(c.ID, c.Home)
	case Left, Served, Introduce, FollowLink, Absorb:
		return s.Into, s.Into != ""
	case Claim:
		ours := c.Home != "" || s.ownsHome() && s.Moved == ""
		return s.Into, s.Into != "" && c.Address != nil && ours
	case MergeInto:
		if s.Into != c.Into && !slices.Contains(s.Absorbed, c.Into) { // they are one already
			return s.Into, s.Into != ""
		}
	}
	return "", false
}

// away names who has what comes from an address that leads to home by itself.
func (s State) away(id, home string) (customer string, ok bool) {
	if s.Moved != "" && home == id {
		return s.Moved, true
	}
	return s.Into, s.Into != ""
}

// Known names the customers, other than s itself, in whose conversations a
// message to s may have been kept before: those it passed on its way, those who
// had its address, and those who are part of them.
func Known(s State, c Receive) []string {
	all := union(c.Passed, union(s.Lent, s.Absorbed))
	if c.Home != "" && !slices.Contains(all, c.Home) {
		all = append(all, c.Home)
	}
	return slices.DeleteFunc(all, func(id string) bool { return id == s.ID || id == "" })
}

// Holders names the customers who had the address that a message came from, and
// have it no more. What was kept while they had it may be in a conversation of
// anybody who is one with them.
func Holders(s State, c Receive) []string {
	if !home(c) {
		return c.Holders
	}
	return slices.DeleteFunc(union(c.Holders, s.Lent), func(id string) bool { return id == s.Moved })
}

// Opens reports whether s would open a conversation for a message that no
// conversation has sent back.
func Opens(s State, c Receive) bool {
	_, away := Elsewhere(s, c)
	return !away && s.Open == ""
}

// Readdress returns c as s sends it to another customer.
func Readdress(s State, c Command, customer string) Command {
	switch c := c.(type) {
	case Receive:
		c.Passed, c.Holders, c.Hops = append(Known(s, c), c.ID), Holders(s, c), c.Hops+1
		c.ID = customer
		return c
	case Find:
		m := c.message()
		c.Passed, c.Holders, c.Hops = append(Known(s, m), c.ID), Holders(s, m), c.Hops+1
		c.ID = customer
		return c
	case Greet:
		c.ID, c.Hops = customer, c.Hops+1
		return c
	case Block:
		c.ID, c.Hops = customer, c.Hops+1
		return c
	case Receipt:
		c.ID, c.Hops = customer, c.Hops+1
		return c
	case FollowLink:
		c.ID = customer
		return c
	case Claim:
		c.Home = cmp.Or(c.Home, s.ID)
		return c
	case MergeInto:
		c.ID = customer
		return c
	case Absorb:
		c.ID = customer
		return c
	}
	return c
}

// message is a message that would be where c looks for one.
func (c Find) message() Receive {
	return Receive{ID: c.ID, Home: c.Home, Key: c.Key, Passed: c.Passed, Holders: c.Holders}
}

// Traces reports whether a message may be known at s before c is decided, and
// as what message: one for which s would open a conversation, or one that is
// looked for.
func Traces(s State, c Command) (Receive, bool) {
	switch c := c.(type) {
	case Receive:
		return c, c.Key != "" && Opens(s, c)
	case Find:
		return c.message(), true
	}
	return Receive{}, false
}

// Asks reports whether a conversation asks for the phone number as it opens.
func Asks(s State, conversation string) bool { return s.Asking == conversation }

// Latest returns the conversation that is open, or was last, or "".
func Latest(s State) string {
	if n := len(s.Conversations); s.Open == "" && n > 0 {
		return s.Conversations[n-1]
	}
	return s.Open
}

// Has reports whether an address is the customer's. One who has become part of
// another has none: they are the other's.
func Has(s State, account, address string) bool {
	return s.Into == "" && s.address(&event.Address{AccountId: account, Address: address}) >= 0
}

// OpenConversation returns the conversation that messages go to, or "".
func OpenConversation(s State) string { return s.Open }

// Preferred returns the operators who served the customer, most recent first.
func Preferred(s State) []string { return slices.Clone(s.ServedBy[:min(len(s.ServedBy), 5)]) }

// Name returns what to call the customer, or "".
func Name(s State) string {
	return strings.TrimSpace(s.Fields["fname"].Value + " " + s.Fields["lname"].Value)
}

// Onward returns where a message goes that s has decided on, and what a new
// conversation there opens with. An empty conversation means that it is
// decided elsewhere.
func Onward(s State, c Receive) (conversation string, opening *event.ConversationOpened) {
	if _, away := Elsewhere(s, c); away || s.Open == "" {
		return "", nil
	}
	opening = s.opening(c.Opening)
	if opening.AccountId == "" {
		opening.AccountId, opening.Kind = c.Address.GetAccountId(), c.Address.GetKind()
	}
	if opening.Address == "" {
		opening.Address = c.Address.GetAddress()
	}
	return s.Open, opening
}

// StartOnward is Onward for an operator who writes first. A conversation that is
// not to be opened may be open already.
func StartOnward(s State, c Start) (conversation string, opening *event.ConversationOpened) {
	return c.Conversation, s.opening(c.Opening)
}

// opening completes what the open conversation opened with, by o. It is not
// cloned whole: this is the way of every message.
func (s State) opening(o *event.ConversationOpened) *event.ConversationOpened {
	opening := &event.ConversationOpened{AccountId: o.GetAccountId(), Address: o.GetAddress(), CenterId: o.GetCenterId(),
		Routing: o.GetRouting(), Policy: o.GetPolicy(), Kind: o.GetKind()}
	opening.ConversationId, opening.CustomerId = s.Open, s.ID
	opening.Preferred, opening.Test, opening.CustomerName = Preferred(s), s.Test, Name(s)
	return opening
}
