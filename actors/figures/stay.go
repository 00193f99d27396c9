package figures

import (
	"slices"
	"time"

	"crafttalkd/actors/event"
)

// A Status is what an operator is in for a while.
type Status string

// The statuses, in the order in which they are shown. An operator is in one of
// those that are chosen, and beside it in Busy while there is any conversation to
// serve. Manual: «Обращение».
const (
	Busy      Status = "conversation"
	Online    Status = "online"
	Invisible Status = "invisible"
	Lunch     Status = "lunch"
	Training  Status = "training"
	Offline   Status = "offline"
)

// Statuses are all of them.
var Statuses = [...]Status{Busy, Online, Invisible, Lunch, Training, Offline}

var chosen = map[event.Presence]Status{event.Presence_ONLINE: Online, event.Presence_OFFLINE: Offline, event.Presence_INVISIBLE: Invisible,
	event.Presence_LUNCH: Lunch, event.Presence_TRAINING: Training}

// A Stay is a stretch of time that an operator was in a status.
type Stay struct {
	Status Status
	Span
}

// A Watch is an operator as stays are made of: one event after the other.
type Watch struct {
	Status Status    // the chosen one; empty if none is known
	Since  time.Time // when it was chosen
	Held   []string  // the conversations that the operator serves
	Busy   time.Time // since when there is any
}

// Apply takes what happens next, and returns the stays that it ends. Conversations
// that are served at the same time are one stay, from the first one's beginning to
// the last one's end: three for the same ten minutes are ten minutes.
func (w *Watch) Apply(e event.Event) []Stay {
	at := event.At(e).Truncate(time.Millisecond)
	switch e := e.(type) {
	case *event.PresenceChanged:
		return w.choose(chosen[e.Presence], at)
	case *event.OperatorConfigured:
		if e.Removed {
			return append(w.choose("", at), w.rest(at)...)
		}
	case *event.SlotConfirmed:
		if len(w.Held) == 0 {
			w.Busy = at
		}
		if !slices.Contains(w.Held, e.ConversationId) {
			w.Held = append(w.Held, e.ConversationId)
		}
	case *event.SlotReleased:
		if i := slices.Index(w.Held, e.ConversationId); i >= 0 {
			if w.Held = slices.Delete(w.Held, i, i+1); len(w.Held) == 0 {
				return w.rest(at)
			}
		}
	}
	return nil
}

// choose ends the chosen status and begins another.
func (w *Watch) choose(s Status, at time.Time) []Stay {
	if s == w.Status {
		return nil
	}
	ended := Stay{w.Status, Span{w.Since, at}}
	w.Status, w.Since = s, at
	return real(ended)
}

// rest ends the time with conversations.
func (w *Watch) rest(at time.Time) []Stay {
	ended := Stay{Busy, Span{w.Busy, at}}
	w.Held, w.Busy = nil, time.Time{}
	return real(ended)
}

// real leaves out what never was, or ended before it began by a clock that was set
// back.
func real(s Stay) []Stay {
	if s.Status == "" || s.From.IsZero() || !s.To.After(s.From) {
		return nil
	}
	return []Stay{s}
}

// Lasting are the stays that are not over.
func (w *Watch) Lasting(now time.Time) []Stay {
	return append(real(Stay{w.Status, Span{w.Since, now}}), real(Stay{Busy, Span{w.Busy, now}})...)
}

// Clip is the part of a span that is within another; false if there is none.
func (s Span) Clip(to Span) (Span, bool) {
	if !to.From.IsZero() && s.From.Before(to.From) {
		s.From = to.From
	}
	if !to.To.IsZero() && s.To.After(to.To) {
		s.To = to.To
	}
	return s, s.From.Before(s.To)
}
