package conversation

import (
	"maps"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// A draft is a decision of several steps, each of which sees the conversation
// as the one before it left it.
type draft struct {
	state  State
	at     *timestamppb.Timestamp
	events []event.Event
}

// begin returns a draft in which nothing has been decided yet. What [Apply] may
// change is its own.
func begin(s State, at *timestamppb.Timestamp) *draft {
	s.Outbox, s.Orders, s.Fetching = maps.Clone(s.Outbox), maps.Clone(s.Orders), maps.Clone(s.Fetching)
	s.Slots = maps.Clone(s.Slots)
	return &draft{state: s, at: at}
}

func (d *draft) add(events ...event.Event) {
	for _, e := range events {
		d.state = Apply(d.state, e)
		d.events = append(d.events, e)
	}
}
