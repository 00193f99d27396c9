package visitor

import (
	"context"
	"slices"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/store/journal"
	"crafttalkd/transport/wire"
)

// A says is a message that this socket has said and that is on its way to the
// disk. It is answered where its bubble would stand, among the other facts of
// the conversation, so that the answer is all that the page needs: a bubble
// for it goes to the visitor's other sockets alone.
//
// The answer doesn't wait for a place that the socket may never show: that of a
// message which was there before, or whose conversation is not followed yet. It
// comes at once then, without a place, and the bubble as for everybody else.
type says struct {
	frame    uint64
	message  string       // the widget's own name for it
	answered bool         // in its place
	kept     *wire.Answer // what to answer if its place does not come; nil until it is on disk
}

// say brings a message in. It is answered once it is on disk.
func (s *session) say(id uint64, m *wire.Say) {
	if s.open.Load() >= inFlight {
		s.refuse(id, refusal.New(refusal.Busy, "too much is on its way; wait for the answers"))
		return
	}
	s.open.Add(1)
	of := s.expect(id, m.MessageId)
	in := channels.Inbound{Account: s.account, Address: s.address, Home: s.customer, ID: m.MessageId, Content: said(m.Content), Order: m.Order,
		Fields: of.claims, Proven: of.proven, Verified: of.verified()}
	s.lobby.config.Door.Receive(context.Background(), in, func(k channels.Kept, err error) {
		s.open.Add(-1)
		s.settleSay(id, k, err)
	})
}

// expect notes that a message is on its way, and returns what is known of its
// visitor.
func (s *session) expect(frame uint64, message string) saying {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says = append(s.says, says{frame: frame, message: message})
	return s.of
}

// settleSay answers a message that is on disk, or refused, unless it has been
// answered in its place or will be.
func (s *session) settleSay(frame uint64, k channels.Kept, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.says, func(m says) bool { return m.frame == frame })
	if i < 0 {
		return
	}
	m := &s.says[i]
	if !m.answered {
		a := &wire.Answer{Id: frame, Version: k.Version, Repeated: k.Repeated}
		if !k.Failed { // it is kept, and will be brought in again
			a.Stream = event.ConversationStream + k.Conversation
		}
		t := s.track(k.Conversation)
		switch {
		case err != nil:
			s.refuse(frame, err)
		case t != nil && t.Version < k.Version:
			m.kept = a
			return
		default:
			s.reply(a)
		}
	}
	s.forget(i)
}

// forget lets go of a message that is answered. The lock is held.
func (s *session) forget(i int) {
	s.says = slices.Delete(s.says, i, i+1)
	if len(s.says) == 0 && cap(s.says) > 4 { // most sockets are silent for minutes
		s.says = nil
	}
}

// echo answers a message that this socket has said, in its place, and reports
// whether the fact was such a one. The lock is held.
func (s *session) echo(t *track, e journal.Entry) bool {
	x, ok := e.Event.(*event.MessageReceived)
	if !ok || len(s.says) == 0 || x.AccountId != s.account || x.Address != s.address {
		return false
	}
	i := slices.IndexFunc(s.says, func(m says) bool { return m.message == x.ExternalId && !m.answered })
	if i < 0 {
		return false
	}
	t.received(x)
	m := &s.says[i]
	s.reply(&wire.Answer{Id: m.frame, Stream: t.stream, Version: e.Version, At: at(x.SentAt, x.At)})
	if m.answered = true; m.kept != nil {
		s.forget(i)
	}
	return true
}

// give answers what was waiting for its place in a conversation that is not
// followed any more. The lock is held.
func (s *session) give(stream string) {
	s.says = slices.DeleteFunc(s.says, func(m says) bool {
		gone := m.kept != nil && m.kept.Stream == stream
		if gone {
			s.reply(m.kept)
		}
		return gone
	})
}
