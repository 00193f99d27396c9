package desk

import (
	"context"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/store/journal"
	"crafttalkd/transport/live"
	"crafttalkd/transport/wire"
)

const (
	// inFlight is how many frames of one socket may be unanswered; a client that
	// sends more waits.
	inFlight = 64
	// mostHeld is how many streams a client may name.
	mostHeld = 1000
)

// A session is one socket of one user.
type session struct {
	desk   *Desk
	conn   *live.Conn
	who    Who
	stream string        // the operator's own
	slots  chan struct{} // one for each frame that is not answered yet

	mu     sync.Mutex        // guards what follows
	ready  bool              // the snapshot has been sent
	tracks map[string]*track // the streams followed; of a conversation not yet assigned, nil
	kept   map[string]bool   // streams of conversations that have a slot, by the operator's own facts
	over   bool
}

// isOperator reports whether the user takes conversations at all.
func (s *session) isOperator() bool {
	u := s.desk.config.System.Directory.State().User(s.who.User)
	return u != nil && len(u.LineIds) > 0
}

// allowed reports whether the user may still be here.
func (s *session) allowed() bool {
	u := s.desk.config.System.Directory.State().User(s.who.User)
	return u != nil && !u.Disabled && s.who.Alive()
}

// hello sends the snapshot and everything after what the client holds.
func (s *session) hello(h *wire.Hello) error {
	if len(h.Held) > mostHeld {
		return refusal.Of("held", "at most %d streams can be taken up", mostHeld)
	}
	if s.isOperator() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if _, err := s.desk.config.System.Ask(ctx, s.stream, operator.Connect{}); err != nil {
			return err
		}
	}
	s.desk.config.Hub.Watch(s.stream, s)
	snapshot, err := s.snapshot()
	if err != nil {
		return err
	}
	for stream, t := range s.begin(snapshot, h.Held) {
		s.catchUp(stream, t)
	}
	return nil
}

// begin sends the snapshot and returns the tracks of what the client should
// have: its own stream from the snapshot on, the operator's conversations, and
// those the client holds, of which the end is to be told.
func (s *session) begin(d *wire.Desk, held []*wire.Held) map[string]*track {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send(&wire.FromServer{Is: &wire.FromServer_Welcome{Welcome: &wire.Welcome{
		Now: timestamppb.New(s.desk.config.System.Now()), UserId: s.who.User, Version: s.desk.config.Version}}})
	s.send(&wire.FromServer{Is: &wire.FromServer_Desk{Desk: d}})
	s.ready = true
	tracks := map[string]*track{s.stream: {Track: live.Track{Version: d.Version, Behind: true}, mine: true, surveyed: true}}
	for _, id := range d.Conversations {
		stream := event.ConversationStream + id
		s.kept[stream] = true
		tracks[stream] = &track{Track: live.Track{Behind: true}}
	}
	for _, h := range held {
		if strings.HasPrefix(h.Stream, event.ConversationStream) {
			tracks[h.Stream] = &track{Track: live.Track{Version: h.Version, Behind: true}, held: true}
		}
	}
	for stream, t := range tracks {
		s.tracks[stream] = t
		s.desk.config.Hub.Watch(stream, s)
	}
	return tracks
}

func (s *session) snapshot() (*wire.Desk, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return system.Look(ctx, s.desk.config.System, s.stream, func(o operator.State, version uint64) *wire.Desk {
		d := &wire.Desk{OperatorId: s.who.User, Presence: o.Presence, Capacity: o.Capacity, Version: version}
		if !o.Since.IsZero() {
			d.Since = timestamppb.New(o.Since)
		}
		for _, held := range o.Slots {
			d.Conversations = append(d.Conversations, held.Conversation)
		}
		return d
	})
}

// See implements [live.Viewer].
func (s *session) See(e journal.Entry, f *live.Frames) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ready && !s.over {
		s.see(e, f)
	}
}

// see takes a fact that is on disk. The lock is held.
func (s *session) see(e journal.Entry, f *live.Frames) {
	t, watched := s.tracks[e.Stream]
	switch {
	case !watched:
	case t == nil:
		if a, ok := e.Event.(*event.ConversationAssigned); ok && a.OperatorId == s.who.User {
			s.follow(e.Stream, &track{reach: e.Version, surveyed: true})
		}
	case !t.Next(e, func() { s.entry(t, e, f) }):
		s.follow(e.Stream, t)
	default:
		s.settle(e.Stream, t)
	}
}

// follow reads a stream from the journal, beside whoever brings the newest
// facts. The lock is held.
func (s *session) follow(stream string, t *track) {
	t.Behind = true
	s.tracks[stream] = t
	go s.catchUp(stream, t)
}

// entry sends one fact and draws the consequences for what is followed. The
// lock is held.
func (s *session) entry(t *track, e journal.Entry, f *live.Frames) {
	b, err := f.In(s.conn.Format)
	if err != nil {
		s.fail(err)
		return
	}
	s.conn.SendEncoded(b)
	t.mine = keeps(s.who.User, e.Event, t.mine)
	switch x := e.Event.(type) {
	case *event.SlotReserved:
		s.expect(event.ConversationStream + x.ConversationId)
	case *event.SlotConfirmed:
		s.confirm(event.ConversationStream + x.ConversationId)
	case *event.SlotReleased:
		s.expectNot(event.ConversationStream + x.ConversationId)
	}
}

// expect waits for a conversation to be assigned: from then on it is followed.
func (s *session) expect(stream string) {
	s.kept[stream] = true
	if _, ok := s.tracks[stream]; !ok {
		s.tracks[stream] = nil
		s.desk.config.Hub.Watch(stream, s)
	}
}

// confirm follows a conversation whose assignment went by before the hub was
// asked to watch it.
func (s *session) confirm(stream string) {
	if s.kept[stream] && s.tracks[stream] == nil {
		s.follow(stream, &track{})
	}
}

// expectNot gives up what is not followed yet. What is followed ends with the
// fact that takes it away, whichever of the two comes first.
func (s *session) expectNot(stream string) {
	delete(s.kept, stream)
	if t, ok := s.tracks[stream]; ok && t == nil {
		s.drop(stream)
	}
}

// settle ends the following of a stream that is the user's no more.
func (s *session) settle(stream string, t *track) {
	if !t.Behind && t.left() {
		s.gone(stream)
		s.drop(stream)
	}
}

// drop follows a stream no more, unless it is about to be the user's again.
func (s *session) drop(stream string) {
	if s.kept[stream] {
		s.tracks[stream] = nil
		return
	}
	delete(s.tracks, stream)
	s.desk.config.Hub.Unwatch(stream, s)
}

func (s *session) gone(stream string) {
	s.send(&wire.FromServer{Is: &wire.FromServer_Gone{Gone: &wire.Gone{Stream: stream}}})
}

// follows reports whether the conversation is shown to this socket.
func (s *session) follows(conversation string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[event.ConversationStream+conversation]
	return t != nil && t.mine
}

func (s *session) send(m *wire.FromServer) { s.conn.Send(m) }

// fail ends a socket that can't be served; the client comes back.
func (s *session) fail(err error) {
	s.desk.config.Log.Error("desk", "user", s.who.User, "err", err)
	s.conn.Bye("fault")
}

func (s *session) end() {
	s.mu.Lock()
	s.over = true
	tracks := s.tracks
	s.tracks = map[string]*track{}
	s.mu.Unlock()
	s.desk.config.Hub.Unwatch(s.stream, s)
	for stream := range tracks {
		s.desk.config.Hub.Unwatch(stream, s)
	}
}
