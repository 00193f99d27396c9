package customer

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// maxLinks is how many links of one customer may wait to be followed.
const maxLinks = 20

func addAddress(s State, c AddAddress, at *timestamppb.Timestamp) ([]event.Event, error) {
	if err := checkAddress(c.Address); err != nil {
		return nil, err
	}
	if s.address(c.Address) >= 0 {
		return nil, nil
	}
	return []event.Event{&event.AddressAdded{At: at, CustomerId: s.ID, Address: vouched(c.Address, c.By), By: c.By, Home: c.Home}}, nil
}

func editAddress(s State, c EditAddress, at *timestamppb.Timestamp) ([]event.Event, error) {
	if err := checkAddress(c.After); err != nil {
		return nil, err
	}
	before, after := s.address(c.Before), s.address(c.After)
	switch {
	case before < 0 && after >= 0:
		return nil, nil // done before
	case before < 0:
		return nil, refusal.New(refusal.NotFound, "the customer has no such address")
	case after >= 0 && after != before:
		return nil, refusal.New(refusal.Conflict, "the customer has this address already")
	case after == before && proto.Equal(s.Addresses[before].Address, vouched(c.After, c.By)):
		return nil, nil
	}
	return []event.Event{&event.AddressEdited{At: at, CustomerId: s.ID, By: c.By, Before: s.Addresses[before].Address,
		After: vouched(c.After, c.By), Home: c.Home, HomeBefore: c.HomeBefore}}, nil
}

func removeAddress(s State, c RemoveAddress, at *timestamppb.Timestamp) []event.Event {
	i := s.address(c.Address)
	if i < 0 {
		return nil
	}
	return []event.Event{&event.AddressRemoved{At: at, CustomerId: s.ID, Address: s.Addresses[i].Address, By: c.By, Home: c.Home}}
}

func checkAddress(a *event.Address) error {
	switch {
	case a.GetAddress() == "":
		return refusal.Of("address", "the address is required")
	case a.GetAccountId() == "":
		return refusal.Of("account_id", "the channel is required")
	}
	return nil
}

// vouched returns the address as the user who wrote it down knows it.
func vouched(a *event.Address, by string) *event.Address {
	if a.Verified != "" || by == "" {
		return a
	}
	a = proto.CloneOf(a)
	a.Verified = "operator"
	return a
}

// claim gives away the address that this customer is home to. Who never was
// more than that address goes with it; who was is a person of their own, and
// only a user can say that two persons are one. That the other address may be
// gone again does not count: its home may still be told that it is ours, and
// the two would become part of each other.
func claim(s State, c Claim, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case c.To == "" && (s.Moved == "" || c.From != "" && c.From != s.Moved):
		return nil, nil
	case c.To == "":
		return []event.Event{&event.AddressMoved{At: at}}, nil
	case c.To == s.ID || c.To == s.Moved && c.Home == "" || s.Into != "":
		return nil, nil
	case slices.Contains(s.Absorbed, c.To) || slices.Contains(asked(s, at), c.To):
		return nil, nil // it is part of us, or about to be
	case c.Home != "":
		return kept(s, c, at)
	case !s.ownsHome() || len(s.Conversations) == 0 && len(s.Addresses) == 1:
		return []event.Event{&event.AddressMoved{At: at, To: c.To}}, nil
	case s.Linked || len(s.Absorbed) > 0 || len(asked(s, at)) > 0:
		return kept(s, c, at)
	}
	return []event.Event{merged(s, c.To, "", at)}, nil
}

// kept refuses to give an address away. What a link has put in another's list
// is taken out again; what a user has written there is the user's to take out.
func kept(s State, c Claim, at *timestamppb.Timestamp) (events []event.Event, err error) {
	if c.Address != nil {
		events = []event.Event{&event.AddressKept{At: at, CustomerId: s.ID, Home: cmp.Or(c.Home, s.ID), AskedBy: c.To, Address: c.Address}}
	}
	return events, refusal.New(refusal.Conflict, "the address belongs to customer %s, who has others; merge the two", s.ID)
}

// ownsHome reports whether the address that leads here is in the list.
func (s State) ownsHome() bool {
	return slices.ContainsFunc(s.Addresses, func(a Address) bool { return a.Home == s.ID })
}

func makeLink(s State, c MakeLink, at *timestamppb.Timestamp) ([]event.Event, error) {
	live := slices.DeleteFunc(liveLinks(s.Links, at.AsTime()), func(l Link) bool { return l.UsedBy != "" })
	switch {
	case c.TokenHash == "":
		return nil, refusal.Of("token_hash", "a link has a token")
	case c.Account == "":
		return nil, refusal.Of("account_id", "the channel is required")
	case linkIndex(s.Links, c.TokenHash) >= 0:
		return nil, nil
	case !c.Until.After(at.AsTime()):
		return nil, refusal.Of("until", "the link would have expired already")
	case len(live) >= maxLinks:
		return nil, refusal.New(refusal.Conflict, "%d links wait to be followed already", maxLinks)
	}
	return []event.Event{&event.InviteLinkMade{At: at, CustomerId: s.ID, TokenHash: c.TokenHash, AccountId: c.Account,
		Until: timestamppb.New(c.Until), By: c.By}}, nil
}

// followLink binds the address that followed a link, once. Manual: Ссылки на
// каналы. A link that can't be followed is as good as unknown.
func followLink(s State, c FollowLink, at *timestamppb.Timestamp) ([]event.Event, error) {
	if s.Into != "" {
		return nil, nil
	}
	i := linkIndex(s.Links, c.TokenHash)
	if i < 0 {
		return nil, errNoLink()
	}
	l := s.Links[i]
	switch {
	case l.UsedBy != "" && l.UsedBy == c.Home:
		return nil, nil
	case l.UsedBy != "" || !at.AsTime().Before(l.Made.Until.AsTime()) || l.Made.AccountId != c.Address.GetAccountId():
		return nil, errNoLink()
	}
	events := []event.Event{&event.InviteLinkUsed{At: at, TokenHash: c.TokenHash, Home: c.Home}}
	if s.address(c.Address) >= 0 {
		return events, nil
	}
	a := proto.CloneOf(c.Address)
	a.Verified = "link"
	return append(events, &event.AddressAdded{At: at, CustomerId: s.ID, Address: a, By: l.Made.By, Home: c.Home}), nil
}

func errNoLink() error { return refusal.New(refusal.NotFound, "there is no such link") }
