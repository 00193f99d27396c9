package customer

import (
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// merge asks another customer to become part of this one. Manual: «Объединить
// анкеты». To ask again is allowed: the other may have been busy merging.
func merge(s State, c Merge, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case c.From == "":
		return nil, refusal.Of("from", "the other customer is required")
	case c.From == s.ID:
		return nil, refusal.Of("from", "a customer can't be merged with itself")
	case slices.Contains(s.Absorbed, c.From):
		return nil, refusal.New(refusal.Conflict, "customer %s is part of this one already", c.From)
	}
	return []event.Event{&event.MergeAsked{At: at, CustomerId: s.ID, From: c.From, By: c.By}}, nil
}

// mergeInto makes this customer part of another. See the package comment for
// why there is no circle.
func mergeInto(s State, c MergeInto, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.ID == "":
		return nil, errUnknown()
	case s.Into != "" || c.Into == s.ID:
		return nil, nil
	case slices.Contains(s.Absorbed, c.Into):
		return nil, refusal.New(refusal.Conflict, "customer %s is part of this one already", c.Into)
	case len(asked(s, at)) > 0 && s.ID < c.Into:
		return nil, refusal.New(refusal.Conflict, "the customer is just being merged with another one")
	}
	return []event.Event{merged(s, c.Into, c.By, at)}, nil
}

// merged tells all that the customer had.
func merged(s State, into, by string, at *timestamppb.Timestamp) *event.CustomerMerged {
	e := &event.CustomerMerged{
		At: at, CustomerId: s.ID, Into: into, By: by,
		Fields:           map[string]string{},
		OpenConversation: s.Open,
		Conversations:    slices.Clone(s.Conversations),
		ServedBy:         slices.Clone(s.ServedBy),
		Absorbed:         slices.Clone(s.Absorbed),
		Asked:            asked(s, at),
	}
	for _, a := range s.Addresses {
		e.Addresses = append(e.Addresses, a.Address)
	}
	for name, f := range s.Fields {
		if f.Value != "" {
			e.Fields[name] = f.Value
		}
	}
	for _, l := range liveLinks(s.Links, at.AsTime()) {
		if l.UsedBy == "" {
			e.Links = append(e.Links, l.Made)
		}
	}
	return e
}

// absorb takes in what the other customer had. Of two open conversations ours
// is kept. What was sent on to us by a third one says that this one comes too.
func absorb(s State, c Absorb, at *timestamppb.Timestamp) []event.Event {
	m := c.Merged
	switch {
	case s.Into != "":
		return comeAlong(s, m, at)
	case m.CustomerId == s.ID || slices.Contains(s.Absorbed, m.CustomerId):
		return nil
	}
	e := &event.CustomerAbsorbed{
		At: at, CustomerId: c.ID, From: m.CustomerId,
		Fields:        map[string]string{},
		Conversations: m.Conversations, ServedBy: m.ServedBy, Absorbed: m.Absorbed, Asked: m.Asked, Links: m.Links,
	}
	if m.Into != c.ID && !slices.Contains(s.Absorbed, m.Into) {
		e.Asked = append(slices.Clone(m.Asked), m.Into)
	}
	for _, a := range m.Addresses {
		if s.address(a) < 0 {
			e.Addresses = append(e.Addresses, a)
		}
	}
	for name, value := range m.Fields {
		if s.Fields[name].Value == "" {
			e.Fields[name] = value
		}
	}
	switch {
	case m.OpenConversation != "" && s.Open != "":
		e.Joined, e.Kept = m.OpenConversation, s.Open
	case m.OpenConversation != "":
		e.Adopted = m.OpenConversation
	}
	return []event.Event{e}
}

// comeAlong calls our address home when the customer that has it turns out to
// be part of us, and we of another: the address would lead there and back.
func comeAlong(s State, m *event.CustomerMerged, at *timestamppb.Timestamp) []event.Event {
	if s.Moved == m.CustomerId || s.Moved != "" && slices.Contains(m.Absorbed, s.Moved) {
		return []event.Event{&event.AddressMoved{At: at}}
	}
	return nil
}

// asked returns the customers that may still come to be part of this one.
func asked(s State, at *timestamppb.Timestamp) []string {
	var out []string
	for _, a := range s.Asked {
		if at.AsTime().Sub(a.At) < askLasts {
			out = append(out, a.From)
		}
	}
	return out
}
