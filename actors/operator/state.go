package operator

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// Version numbers the form of [State] in snapshots.
const Version = 1

// A State is what an operator remembers of the own events.
type State struct {
	ID         string         `json:",omitempty"`
	FirstName  string         `json:",omitempty"`
	LastName   string         `json:",omitempty"`
	Configured uint64         `json:",omitempty"` // version of the directory
	Removed    bool           `json:",omitempty"` // an operator no more
	Lines      []string       `json:",omitempty"`
	Languages  []string       `json:",omitempty"`
	Skills     []string       `json:",omitempty"`
	Capacity   int32          `json:",omitempty"`
	Presence   event.Presence `json:",omitempty"` // unknown is offline
	Since      time.Time      `json:",omitzero"`  // of the presence
	LostUntil  time.Time      `json:",omitzero"`  // no connection, and offline then
	Seq        uint64         `json:",omitempty"` // of the latest standing
	IdleSince  time.Time      `json:",omitzero"`
	Slots      []Slot         `json:",omitempty"` // in order of reservation
}

// A Slot is one conversation that the operator holds.
type Slot struct {
	Conversation string
	Offer        string
	Line         string    `json:",omitempty"` // whose offer it was; empty if forced
	Turn         uint64    `json:",omitempty"`
	Since        time.Time // of the reservation
	Until        time.Time `json:",omitzero"` // asked about then; zero once confirmed
	Forced       bool      `json:",omitempty"`
}

// Open reports whether the operator may be given conversations by a queue.
func (s State) Open() bool {
	return s.Presence == event.Presence_ONLINE && s.LostUntil.IsZero() && !s.Removed
}

// Slot returns the slot that holds the conversation.
func (s State) Slot(conversation string) (Slot, bool) {
	if i := s.find(conversation); i >= 0 {
		return s.Slots[i], true
	}
	return Slot{}, false
}

func (s State) find(conversation string) int {
	return slices.IndexFunc(s.Slots, func(x Slot) bool { return x.Conversation == conversation })
}

// Apply returns s after e. It cannot fail: e has happened.
func Apply(s State, e event.Event) State {
	switch e := e.(type) {
	case *event.OperatorConfigured:
		return configured(s, e).stand(e.Standing)
	case *event.PresenceChanged:
		return presenceChanged(s, e).stand(e.Standing)
	case *event.ConnectionLost:
		s.LostUntil = moment(e.Until)
		return s.stand(e.Standing)
	case *event.ConnectionRestored:
		s.LostUntil = time.Time{}
		return s.stand(e.Standing)
	case *event.SlotReserved:
		s.Slots = append(s.Slots, slotOf(e))
		return s.stand(e.Standing)
	case *event.SlotConfirmed:
		s.ask(e.ConversationId, time.Time{})
	case *event.SlotDoubted:
		s.ask(e.ConversationId, moment(e.Until))
	case *event.SlotReleased:
		if i := s.find(e.ConversationId); i >= 0 {
			s.Slots = slices.Delete(s.Slots, i, i+1)
		}
		return s.stand(e.Standing)
	}
	return s
}

func configured(s State, e *event.OperatorConfigured) State {
	s.ID, s.Configured, s.Removed = e.OperatorId, e.Version, e.Removed
	s.FirstName, s.LastName = e.FirstName, e.LastName
	s.Capacity = e.Standing.GetCapacity()
	s.Lines = e.Standing.GetLineIds()
	s.Languages = e.Standing.GetLanguages()
	s.Skills = e.Standing.GetSkills()
	return s
}

func presenceChanged(s State, e *event.PresenceChanged) State {
	s.Presence, s.Since = e.Presence, moment(e.At)
	if e.Presence == event.Presence_OFFLINE {
		s.LostUntil = time.Time{}
	}
	return s
}

// stand takes over what a standing alone knows.
func (s State) stand(st *event.Standing) State {
	s.Seq, s.IdleSince = st.GetSeq(), moment(st.GetIdleSince())
	return s
}

func slotOf(e *event.SlotReserved) Slot {
	return Slot{
		Conversation: e.ConversationId,
		Offer:        e.OfferId,
		Line:         e.LineId,
		Turn:         e.Turn,
		Since:        moment(e.At),
		Until:        moment(e.Until),
		Forced:       e.Forced,
	}
}

func (s State) ask(conversation string, until time.Time) {
	if i := s.find(conversation); i >= 0 {
		s.Slots[i].Until = until
	}
}

// Deadline returns when s must next be woken: when the grace time of a lost
// connection ends, or a reservation is due to be asked about. Zero is never.
func Deadline(s State) time.Time {
	at := s.LostUntil
	for _, x := range s.Slots {
		if !x.Until.IsZero() && (at.IsZero() || x.Until.Before(at)) {
			at = x.Until
		}
	}
	return at
}

// moment returns the time of ts, and the zero time for none.
func moment(ts *timestamppb.Timestamp) time.Time {
	if ts == nil {
		return time.Time{}
	}
	return ts.AsTime()
}
