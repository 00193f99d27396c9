package customer

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// ErrNotFound is the answer about what no conversation of the customer has.
var ErrNotFound = refusal.New(refusal.NotFound, "no conversation of the customer has it")

// hear decides on what a channel tells beside messages. None of it opens a
// conversation.
func hear(s State, cmd Command, at *timestamppb.Timestamp) ([]event.Event, error) {
	home, hops := journey(cmd)
	_, away := Elsewhere(s, cmd)
	switch {
	case hops > mostHops:
		return nil, fmt.Errorf("news of %s were sent on %d times", home, hops)
	case away:
		return nil, nil
	}
	switch c := cmd.(type) {
	case Greet:
		return greet(s, c, at), nil
	case Block:
		return block(s, c, at), nil
	case Receipt:
		if len(s.Conversations) > 0 {
			return nil, nil
		}
	}
	return nil, ErrNotFound // what was found has not come here
}

// journey tells from where a command comes, and how far it has come.
func journey(cmd Command) (home string, hops int) {
	switch c := cmd.(type) {
	case Find:
		return c.Home, c.Hops
	case Greet:
		return c.Home, c.Hops
	case Block:
		return c.Home, c.Hops
	case Receipt:
		return c.Home, c.Hops
	}
	return "", 0
}

// greet registers who has come, with what the channel tells of the person.
func greet(s State, c Greet, at *timestamppb.Timestamp) []event.Event {
	m := Receive{ID: c.ID, Home: c.Home, Address: c.Address, Fields: c.Fields}
	return append(meet(s, m, at), told(s, m, at)...)
}

// introduce writes down who is behind an address, as far as nobody has said it.
// Whose the address is no more is not the one who was asked for.
func introduce(s State, c Introduce, at *timestamppb.Timestamp) []event.Event {
	if s.Into != "" || s.address(c.Address) < 0 {
		return nil
	}
	fields := claims(s, c.Fields)
	if fields == nil {
		fields = map[string]string{}
	}
	if _, said := s.Fields[Avatar]; c.Avatar != "" && !said && len(s.Fields)+len(fields) < maxFields {
		fields[Avatar] = c.Avatar
	}
	if len(fields) == 0 {
		return nil
	}
	return []event.Event{&event.ProfileChanged{At: at, Fields: fields, Revision: s.Revision + 1}}
}

// block marks an address of the customer. Who is unknown has nothing to hear
// from us.
func block(s State, c Block, at *timestamppb.Timestamp) []event.Event {
	i := s.address(c.Address)
	if i < 0 || s.Addresses[i].Address.Unreachable == c.Blocked {
		return nil
	}
	return []event.Event{&event.AddressBlocked{At: at, CustomerId: s.ID, Address: s.Addresses[i].Address, Blocked: c.Blocked, Reason: c.Reason}}
}

// back unblocks an address from which the customer is heard again.
func (s State) back(a *event.Address, at *timestamppb.Timestamp) []event.Event {
	return block(s, Block{Address: a}, at)
}

// marked returns s with an address of its list changed.
func (s State) marked(a *event.Address, change func(*event.Address)) State {
	i := s.address(a)
	if i < 0 {
		return s
	}
	s.Addresses = append([]Address(nil), s.Addresses...)
	s.Addresses[i].Address = proto.CloneOf(s.Addresses[i].Address)
	change(s.Addresses[i].Address)
	return s
}
