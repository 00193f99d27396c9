package livetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

// A Fold is what a client has made of the frames it was sent.
type Fold struct {
	Desk    *wire.Desk
	Streams map[string][]event.Event  // of an operator: version 1 first
	Seen    map[string]uint64         // of a visitor: the last place in each conversation
	Bubbles map[string][]*wire.Bubble // of a visitor
	Phase   map[string]string         // of a visitor
	Gone    []string
	Resets  int
	Entries int

	own  uint64               // version of the operator's own stream
	said map[uint64]*wire.Say // of a visitor, by the frames' ids
}

// NewFold returns what a new client has: nothing.
func NewFold() *Fold {
	return &Fold{Streams: map[string][]event.Event{}, Seen: map[string]uint64{}, Bubbles: map[string][]*wire.Bubble{}, Phase: map[string]string{},
		said: map[uint64]*wire.Say{}}
}

// Held is what the client says it has.
func (f *Fold) Held() []*wire.Held {
	var out []*wire.Held
	for _, s := range slices.Sorted(maps.Keys(f.Streams)) {
		out = append(out, &wire.Held{Stream: s, Version: uint64(len(f.Streams[s]))})
	}
	for _, s := range slices.Sorted(maps.Keys(f.Seen)) {
		out = append(out, &wire.Held{Stream: event.ConversationStream + s, Version: f.Seen[s]})
	}
	return out
}

// Take folds a frame. What does not follow on what was sent is an error.
func (f *Fold) Take(m *wire.FromServer) error {
	switch m := m.Is.(type) {
	case *wire.FromServer_Desk:
		f.Desk, f.own = m.Desk, m.Desk.Version
	case *wire.FromServer_Entry:
		return f.entry(m.Entry)
	case *wire.FromServer_Gone:
		delete(f.Streams, m.Gone.Stream)
		f.Gone = append(f.Gone, m.Gone.Stream)
	case *wire.FromServer_Reset_:
		f.Resets++
		delete(f.Streams, m.Reset_.Stream)
		delete(f.Seen, m.Reset_.Stream[len(event.ConversationStream):])
	case *wire.FromServer_Bubble:
		f.Bubbles[m.Bubble.ConversationId] = append(f.Bubbles[m.Bubble.ConversationId], m.Bubble)
		return f.place(m.Bubble.ConversationId, m.Bubble.Version)
	case *wire.FromServer_Answer:
		return f.answer(m.Answer)
	case *wire.FromServer_Progress:
		f.Phase[m.Progress.ConversationId] = m.Progress.Phase
		return f.place(m.Progress.ConversationId, m.Progress.Version)
	case *wire.FromServer_Mark:
		return f.place(m.Mark.ConversationId, m.Mark.Version)
	case *wire.FromServer_File:
		return f.place(m.File.ConversationId, m.File.Version)
	}
	return nil
}

func (f *Fold) entry(e *wire.Entry) error {
	f.Entries++
	if f.Desk != nil && e.Stream == event.OperatorStream+f.Desk.OperatorId {
		if f.own++; e.Version != f.own {
			return fmt.Errorf("%s: version %d where %d is next", e.Stream, e.Version, f.own)
		}
		return nil
	}
	if n := uint64(len(f.Streams[e.Stream])); e.Version != n+1 {
		return fmt.Errorf("%s: version %d where %d is next", e.Stream, e.Version, n+1)
	}
	f.Streams[e.Stream] = append(f.Streams[e.Stream], e.Fact.Unwrap())
	return nil
}

// Said remembers a visitor's message until it is answered.
func (f *Fold) Said(m *wire.FromClient) {
	if m.GetSay() != nil {
		f.said[m.Id] = m.GetSay()
	}
}

// answer makes a bubble of an answer that stands for one.
func (f *Fold) answer(a *wire.Answer) error {
	if a.At == nil {
		return nil
	}
	say, conv := f.said[a.Id], strings.TrimPrefix(a.Stream, event.ConversationStream)
	if say == nil {
		return fmt.Errorf("%v stands for a message that was not said", a)
	}
	f.Bubbles[conv] = append(f.Bubbles[conv], &wire.Bubble{ConversationId: conv, Version: a.Version, MessageId: say.MessageId,
		From: "customer", Content: say.Content, At: a.At})
	return f.place(conv, a.Version)
}

// place checks that places in a conversation rise.
func (f *Fold) place(conv string, version uint64) error {
	if version <= f.Seen[conv] {
		return fmt.Errorf("%s: place %d after %d", conv, version, f.Seen[conv])
	}
	f.Seen[conv] = version
	return nil
}

// Same returns how what the client has of a stream differs from the facts, or
// nil.
func (f *Fold) Same(stream string, facts []event.Event) error {
	has := f.Streams[stream]
	if len(has) != len(facts) {
		return fmt.Errorf("%s: the client has %d facts, the server %d", stream, len(has), len(facts))
	}
	for i := range facts {
		if !proto.Equal(has[i], facts[i]) {
			return fmt.Errorf("%s at %d: the client has %v, the server %v", stream, i+1, has[i], facts[i])
		}
	}
	return nil
}
