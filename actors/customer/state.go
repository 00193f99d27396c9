package customer

import (
	"slices"
	"time"

	"crafttalkd/actors/event"
)

// Version numbers the form of State in snapshots.
const Version = 4

// A State is what a customer remembers of its events.
type State struct {
	ID            string // empty until somebody wrote
	Fields        map[string]Field
	Revision      uint64 // of the profile
	Test          bool   // «Тестовый»
	Addresses     []Address
	Linked        bool     // an address that leads elsewhere by itself was ours, now or ever
	Open          string   // the open conversation, if there is one
	Asking        string   // the conversation that asks for the phone number as it opens
	Conversations []string // all of them
	Started       uint64   // how many were started here
	ServedBy      []string // operators, most recent first
	Links         []Link
	Moved         string   // who has the address this customer is home to
	Lent          []string // who has ever had it
	Into          string   // whom this customer is part of
	Absorbed      []string // all customers that are part of this one
	Asked         []Ask
}

// A Field of the profile. A cleared one keeps its revision.
type Field struct {
	Value    string
	Revision uint64 // of the profile when the field last changed
	Claim    bool   `json:",omitempty"` // told by the customer and proven by nothing
	Signed   bool   `json:",omitempty"` // proven by the customer's own site
	By       string `json:",omitempty"` // the user who wrote it; empty for the customer, and for what came with another one
}

// An Address of the customer.
type Address struct {
	Address *event.Address
	Home    string // empty for one that came with another customer
}

// A Link is an invite link that may be followed once.
type Link struct {
	Made   *event.InviteLinkMade
	UsedBy string // home of the address that followed it
}

// An Ask is a merge that was asked for and not heard of yet.
type Ask struct {
	From string
	At   time.Time
}

const (
	keepServed = 20             // operators remembered
	askLasts   = 24 * time.Hour // an older one was refused, or lost with its stream
)

// Apply returns the state after e. It cannot fail.
func Apply(s State, e event.Event) State {
	switch e := e.(type) {
	case *event.CustomerRegistered:
		s.ID = e.CustomerId
		s = s.withAddress(e.Address, e.CustomerId)
	case *event.ProfileChanged:
		s = s.withFields(e.Fields, Field{Revision: e.Revision, By: e.By, Claim: e.By == "" && e.Verified == "", Signed: e.Verified == "signed"})
	case *event.CustomerTyped:
		s.Test = e.Test
	case *event.AddressAdded:
		s = s.withAddress(e.Address, e.Home)
		s.Linked = s.Linked || e.Home != s.ID
	case *event.AddressEdited:
		s = s.withoutAddress(e.Before).withAddress(e.After, e.Home)
		s.Linked = s.Linked || e.Home != s.ID
	case *event.AddressRemoved:
		s = s.withoutAddress(e.Address)
	case *event.AddressBlocked:
		s = s.marked(e.Address, func(a *event.Address) { a.Unreachable = e.Blocked })
	case *event.PhoneAsked:
		s = s.marked(e.Address, func(a *event.Address) { a.PhoneAsked = true })
		s.Asking = e.ConversationId
	case *event.AddressMoved:
		s.Moved = e.To
		if e.To != "" {
			s.Lent = union(s.Lent, []string{e.To})
		}
	case *event.ConversationStarted:
		s.Open = e.ConversationId
		s.Conversations = append(s.Conversations, e.ConversationId)
		s.Started++
	case *event.ConversationLeft:
		s.Open = ""
	case *event.OperatorServed:
		s.ServedBy = served([]string{e.OperatorId}, s.ServedBy)
	case *event.InviteLinkMade:
		s.Links = append(liveLinks(s.Links, e.At.AsTime()), Link{Made: e})
	case *event.InviteLinkUsed:
		s.Links = slices.Clone(s.Links)
		if i := linkIndex(s.Links, e.TokenHash); i >= 0 {
			s.Links[i].UsedBy = e.Home
		}
	case *event.MergeAsked:
		s.Asked = append(without(s.Asked, e.From), Ask{From: e.From, At: e.At.AsTime()})
	case *event.CustomerMerged:
		s.Into, s.Open = e.Into, ""
	case *event.CustomerAbsorbed:
		s = absorbed(s, e)
	}
	return s
}

// absorbed returns s with what another customer brought.
func absorbed(s State, e *event.CustomerAbsorbed) State {
	s.ID = e.CustomerId
	for _, a := range e.Addresses {
		s = s.withAddress(a, "")
	}
	if len(e.Fields) > 0 {
		s = s.withFields(e.Fields, Field{Revision: s.Revision + 1})
	}
	if e.Adopted != "" {
		s.Open = e.Adopted
	}
	s.Conversations = union(s.Conversations, e.Conversations)
	s.ServedBy = served(s.ServedBy, e.ServedBy)
	s.Absorbed = union(s.Absorbed, append([]string{e.From}, e.Absorbed...))
	for _, from := range e.Asked {
		s.Asked = append(without(s.Asked, from), Ask{From: from, At: e.At.AsTime()})
	}
	s.Asked = without(s.Asked, append([]string{s.ID}, s.Absorbed...)...)
	for _, l := range e.Links {
		s.Links = append(slices.Clone(s.Links), Link{Made: l})
	}
	if slices.Contains(s.Absorbed, s.Moved) {
		s.Moved = "" // who had our address is part of us
	}
	return s
}

// Deadline returns the zero time: a customer is never woken.
func Deadline(State) time.Time { return time.Time{} }

func (s State) withAddress(a *event.Address, home string) State {
	if a != nil && s.address(a) < 0 {
		s.Addresses = append(slices.Clone(s.Addresses), Address{a, home})
	}
	return s
}

func (s State) withoutAddress(a *event.Address) State {
	s.Addresses = slices.DeleteFunc(slices.Clone(s.Addresses), func(b Address) bool { return same(a, b.Address) })
	return s
}

// address returns where a is in the list, or -1.
func (s State) address(a *event.Address) int {
	return slices.IndexFunc(s.Addresses, func(b Address) bool { return same(a, b.Address) })
}

func same(a, b *event.Address) bool {
	return a.GetAccountId() == b.GetAccountId() && a.GetAddress() == b.GetAddress()
}

// withFields returns s with fields that are all known in the same way.
func (s State) withFields(fields map[string]string, known Field) State {
	all := make(map[string]Field, len(s.Fields)+len(fields))
	for k, f := range s.Fields {
		all[k] = f
	}
	for k, v := range fields {
		known.Value = v
		all[k] = known
	}
	s.Fields, s.Revision = all, known.Revision
	return s
}

// served puts recent before earlier, everyone once.
func served(recent, earlier []string) []string {
	all := union(recent, earlier)
	return all[:min(len(all), keepServed)]
}

// union returns a and what b adds to it, everything once, in a slice of its own.
func union(a, b []string) []string {
	var out []string
	for _, list := range [...][]string{a, b} {
		for _, x := range list {
			if !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out
}

func without(asks []Ask, from ...string) []Ask {
	return slices.DeleteFunc(slices.Clone(asks), func(a Ask) bool { return slices.Contains(from, a.From) })
}

func linkIndex(links []Link, hash string) int {
	return slices.IndexFunc(links, func(l Link) bool { return l.Made.TokenHash == hash })
}

// liveLinks returns the links that have not expired, the used ones included.
func liveLinks(links []Link, now time.Time) []Link {
	return slices.DeleteFunc(slices.Clone(links), func(l Link) bool { return !now.Before(l.Made.Until.AsTime()) })
}
