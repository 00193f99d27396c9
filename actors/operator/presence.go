package operator

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

var (
	errInvisible = refusal.New(refusal.Conflict, "from «Невидимый» only «Не в сети» can be chosen")
	errRemoved   = refusal.New(refusal.NotFound, "the user is an operator no more")
)

// setPresence changes the status. Manual: Статусы оператора.
func (p *plan) setPresence(c SetPresence) error {
	previous := p.presence()
	switch {
	case c.Presence < event.Presence_ONLINE || c.Presence > event.Presence_TRAINING:
		return refusal.Of("presence", "there is no such status")
	case c.Presence == previous:
		return nil
	case p.Removed:
		return errRemoved
	case previous == event.Presence_INVISIBLE && c.Presence != event.Presence_OFFLINE:
		return errInvisible
	}
	p.leave(c.Presence, causeOf(c), c.By)
	return nil
}

func causeOf(c SetPresence) event.Cause {
	switch {
	case c.Cause != event.Cause_CAUSE_UNKNOWN:
		return c.Cause
	case c.By != "":
		return event.Cause_FORCED_OFFLINE
	}
	return event.Cause_OPERATOR_CHOICE
}

// leave changes the presence, and gives every conversation back if work ends
// with it.
func (p *plan) leave(to event.Presence, cause event.Cause, by string) {
	previous := p.presence()
	if to != previous {
		open := to == event.Presence_ONLINE && p.LostUntil.IsZero()
		p.emit(&event.PresenceChanged{
			At:       p.at,
			Presence: to,
			Cause:    cause,
			By:       by,
			Standing: p.standing(open, len(p.Slots)),
			Previous: previous,
		})
	}
	if to == event.Presence_ONLINE || to == event.Presence_INVISIBLE {
		return
	}
	for len(p.Slots) > 0 {
		p.free(p.Slots[0], cause, true)
	}
}

// presence is the status; an operator of whom nothing is known is offline.
func (p *plan) presence() event.Presence {
	if p.Presence == event.Presence_PRESENCE_UNKNOWN {
		return event.Presence_OFFLINE
	}
	return p.Presence
}

func (p *plan) connect() {
	if p.LostUntil.IsZero() {
		return
	}
	open := p.Presence == event.Presence_ONLINE && !p.Removed
	p.emit(&event.ConnectionRestored{At: p.at, Standing: p.standing(open, len(p.Slots))})
}

// disconnect lets the grace time run. It runs once: a connection that is
// reported lost twice does not prolong it.
func (p *plan) disconnect(c Disconnect) {
	if p.presence() == event.Presence_OFFLINE || !p.LostUntil.IsZero() {
		return
	}
	until := timestamppb.New(p.at.AsTime().Add(max(c.Grace, 0)))
	p.emit(&event.ConnectionLost{At: p.at, Until: until, Standing: p.standing(false, len(p.Slots))})
}

// timeOut sends an operator offline whose customer waited too long. A
// conversation that is held no more has been answered for by somebody else.
// Manual: Таймауты, «таймаут оператора на ответ».
func (p *plan) timeOut(c TimeOut) {
	if i := p.find(c.Conversation); i >= 0 && (c.Offer == "" || p.Slots[i].Offer == c.Offer) {
		p.leave(event.Presence_OFFLINE, event.Cause_RESPONSE_TIMEOUT, "")
	}
}
