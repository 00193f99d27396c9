package operator

import (
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// ErrComing is the answer to who wants what is on its way to them.
var ErrComing = refusal.New(refusal.Conflict, "the conversation is just coming to you")

var errNotOnline = refusal.New(refusal.Conflict, "choose «В сети» first: only who is on reception begins a conversation")

var errAway = refusal.New(refusal.Conflict, "the operator is neither online nor invisible")

// reserve takes an offer, or declines it with the standing that says why. A
// decline changes nothing, so the standing keeps its number.
func (p *plan) reserve(c Reserve) {
	held, found := p.Slot(c.Conversation)
	switch {
	case found && held.Offer == c.Offer:
		return // taken already
	case found || !p.fits(c.Line):
		p.decline(c)
		return
	}
	p.take(&event.SlotReserved{
		OfferId:        c.Offer,
		ConversationId: c.Conversation,
		LineId:         c.Line,
		Turn:           c.Turn,
		Verdict:        c.Verdict,
	})
}

// fits reports whether the operator has room for a conversation of the line.
func (p *plan) fits(line string) bool {
	return p.Open() && slices.Contains(p.Lines, line) && len(p.Slots) < int(p.Capacity)
}

func (p *plan) decline(c Reserve) {
	st := p.standing(p.Open(), len(p.Slots))
	st.Seq = p.Seq
	p.emit(&event.OfferDeclined{
		At:             p.at,
		OfferId:        c.Offer,
		ConversationId: c.Conversation,
		LineId:         c.Line,
		Standing:       st,
		OperatorId:     p.ID,
	})
}

// force takes a conversation whatever the capacity.
func (p *plan) force(c Force) error {
	switch {
	case p.find(c.Conversation) >= 0:
		return nil
	case p.Removed || p.Presence != event.Presence_ONLINE && p.Presence != event.Presence_INVISIBLE:
		return errAway
	}
	p.take(&event.SlotReserved{OfferId: c.Offer, ConversationId: c.Conversation, Forced: true, By: c.By})
	return nil
}

// takeOwn reserves a slot by the operator's own will. What a queue has just
// offered is on its way, and must be waited for.
func (p *plan) takeOwn(c Take) error {
	held, found := p.Slot(c.Conversation)
	switch {
	case found && (held.Until.IsZero() || held.Offer == c.Offer):
		return nil
	case found:
		return ErrComing
	case !p.Open():
		return errNotOnline
	case len(p.Slots) >= int(p.Capacity):
		return refusal.New(refusal.Conflict, "all your %d places are taken; finish a conversation first", p.Capacity)
	}
	p.take(&event.SlotReserved{OfferId: c.Offer, ConversationId: c.Conversation, Own: true})
	return nil
}

// take fills in what every reservation says.
func (p *plan) take(e *event.SlotReserved) {
	e.At = p.at
	e.Until = timestamppb.New(p.at.AsTime().Add(patience))
	e.Standing = p.standing(p.Open(), len(p.Slots)+1)
	e.OperatorId, e.FirstName, e.LastName = p.ID, p.FirstName, p.LastName
	p.emit(e)
}

// confirm believes the conversation. One that was let go meanwhile is on its
// way back to its queue: it is not taken again.
func (p *plan) confirm(c Confirm) {
	x, found := p.Slot(c.Conversation)
	if !found || x.Until.IsZero() || c.Offer != "" && c.Offer != x.Offer {
		return
	}
	p.emit(&event.SlotConfirmed{At: p.at, ConversationId: x.Conversation, OfferId: x.Offer})
}

// release frees the slot that an offer took, or whichever holds the
// conversation if no offer is named.
func (p *plan) release(c Release) {
	x, found := p.Slot(c.Conversation)
	if !found || c.Offer != "" && c.Offer != x.Offer {
		return
	}
	p.free(x, c.Cause, false)
}

func (p *plan) free(x Slot, cause event.Cause, requeue bool) {
	p.emit(&event.SlotReleased{
		At:             p.at,
		ConversationId: x.Conversation,
		OfferId:        x.Offer,
		Cause:          cause,
		Standing:       p.standing(p.Open(), len(p.Slots)-1),
		OperatorId:     p.ID,
		Requeue:        requeue,
	})
}
