package desk

import (
	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/transport/live"
	"crafttalkd/transport/wire"
)

// A track is a stream on its way to the socket.
//
// An operator sees a conversation from its first fact to the one that takes it
// away, also what others did with it before. One that left and came back is
// seen up to the end of the last time.
type track struct {
	live.Track
	mine     bool   // by the facts sent so far, the user keeps it
	reach    uint64 // up to here it is the user's to see, whatever the facts on the way say
	held     bool   // the client says that it has it up to the version
	surveyed bool   // reach is known
}

// left reports whether nothing that comes next is the user's to see.
func (t *track) left() bool { return !t.mine && t.Version >= t.reach }

// keeps returns whether the user keeps a conversation after e.
func keeps(user string, e event.Event, before bool) bool {
	switch e := e.(type) {
	case *event.ConversationAssigned:
		return e.OperatorId == user
	case *event.ConversationQueued, *event.ConversationClosed, *event.AgentEngaged:
		return false
	}
	return before
}

// catchUp sends what the journal has of a stream, as far as it is the user's to see.
func (s *session) catchUp(stream string, t *track) {
	if err := s.survey(stream, t); err != nil {
		s.fail(err)
		return
	}
	if err := t.CatchUp(live.Catch{Conn: s.conn, Journal: s.desk.config.System.Journal(), Stream: stream, Lock: &s.mu,
		Follows: func() bool { return s.tracks[stream] == t },
		Left:    t.left,
		Send:    func(e journal.Entry) { s.entry(t, e, live.FramesOf(e)) },
		Live: func(last []journal.Entry) {
			s.settle(stream, t)
			for _, e := range last {
				s.see(e, live.FramesOf(e))
			}
		},
	}); err != nil {
		s.fail(err)
	}
}

// survey finds out how far the stream is the user's to see, and how what the
// client holds can be continued.
func (s *session) survey(stream string, t *track) error {
	if t.surveyed {
		return nil
	}
	var last, reach uint64
	mine, then := false, false // now, and at the version that the client holds
	for e, err := range s.desk.config.System.Journal().Durable(stream, 0) {
		if err != nil {
			return err
		}
		before := mine
		mine = keeps(s.who.User, e.Event, mine)
		last = e.Version
		if mine || before {
			reach = last
		}
		if last == t.Version {
			then = mine
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.surveyed = true
	if s.tracks[stream] != t {
		return nil
	}
	if !mine && (!t.held || t.Version == 0 || t.Version > reach) {
		return s.refrain(stream, t, last)
	}
	t.mine, t.reach = then, reach
	if mine && t.Version > last {
		// A version that never was: the client has something that is not ours.
		s.send(&wire.FromServer{Is: &wire.FromServer_Reset_{Reset_: &wire.Reset{Stream: stream}}})
		t.Version = 0
	}
	return nil
}

// refrain follows no stream that is not the user's. It becomes that by what the
// survey, which had come to a version, has not seen yet. The lock is held.
func (s *session) refrain(stream string, t *track, version uint64) error {
	if t.held {
		s.gone(stream)
	}
	s.drop(stream)
	rest, _, err := live.Page(s.desk.config.System.Journal(), stream, version)
	for _, e := range rest {
		s.see(e, live.FramesOf(e))
	}
	return err
}
