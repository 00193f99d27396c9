package desk

import (
	"context"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/system"
	"crafttalkd/store/journal"
	"crafttalkd/transport/live"
	"crafttalkd/transport/wire"
)

// inFlight is how many frames of one socket may be unanswered; a client that
// sends more waits.
const inFlight = 64

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
	over   bool
}

// A track is a stream on its way to the socket.
type track struct {
	live.Track
	mine bool // by the facts sent so far, the user may see what comes next
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
	held := map[string]uint64{}
	for _, h := range h.Held {
		held[h.Stream] = h.Version
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send(&wire.FromServer{Is: &wire.FromServer_Welcome{Welcome: &wire.Welcome{
		Now: timestamppb.New(s.desk.config.System.Now()), UserId: s.who.User, Version: s.desk.config.Version}}})
	s.send(&wire.FromServer{Is: &wire.FromServer_Desk{Desk: snapshot}})
	s.ready = true
	s.tracks[s.stream] = &track{Track: live.Track{Version: snapshot.Version}, mine: true}
	for _, id := range snapshot.Conversations {
		s.resume(event.ConversationStream+id, held)
	}
	for stream := range held {
		if _, ok := s.tracks[stream]; !ok && strings.HasPrefix(stream, event.ConversationStream) {
			s.send(&wire.FromServer{Is: &wire.FromServer_Gone{Gone: &wire.Gone{Stream: stream}}})
		}
	}
	return s.tracks[s.stream].CatchUp(s.desk.config.System.Journal(), s.stream, s.entry)
}

// resume follows a conversation from the version the client holds. A version
// that the stream never had is none of ours: the client is told to forget it.
func (s *session) resume(stream string, held map[string]uint64) {
	from := held[stream]
	if last, err := s.desk.config.System.Journal().Version(stream); err != nil || from > last {
		s.send(&wire.FromServer{Is: &wire.FromServer_Reset_{Reset_: &wire.Reset{Stream: stream}}})
		from = 0
	}
	s.follow(stream, from)
}

// follow sends the stream after a version, now and in future. The lock is held.
func (s *session) follow(stream string, from uint64) {
	t := &track{Track: live.Track{Version: from}, mine: from > 0}
	s.tracks[stream] = t
	s.desk.config.Hub.Watch(stream, s)
	if err := t.CatchUp(s.desk.config.System.Journal(), stream, s.entry); err != nil {
		s.fail(err)
	}
	s.settle(stream, t)
}

// settle ends the following of a stream that is the user's no more.
func (s *session) settle(stream string, t *track) {
	if !t.mine {
		delete(s.tracks, stream)
		s.desk.config.Hub.Unwatch(stream, s)
		s.send(&wire.FromServer{Is: &wire.FromServer_Gone{Gone: &wire.Gone{Stream: stream}}})
	}
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
	if s.over || !s.ready {
		return
	}
	t, watched := s.tracks[e.Stream]
	if watched && t == nil {
		t = s.begin(e)
	}
	if t == nil {
		return
	}
	if err := t.Next(s.desk.config.System.Journal(), e, f, s.entry); err != nil {
		s.fail(err)
	}
	s.settle(e.Stream, t)
}

// begin starts to follow a conversation that becomes the operator's by e.
func (s *session) begin(e journal.Entry) *track {
	if a, ok := e.Event.(*event.ConversationAssigned); !ok || a.OperatorId != s.who.User {
		return nil
	}
	t := &track{}
	s.tracks[e.Stream] = t
	return t
}

// entry sends one fact and draws the consequences for what is followed. The
// lock is held.
func (s *session) entry(e journal.Entry, f *live.Frames) {
	if b, err := f.In(s.conn.Format); err == nil {
		s.conn.SendEncoded(b)
	}
	switch x := e.Event.(type) {
	case *event.SlotReserved:
		s.expect(event.ConversationStream + x.ConversationId)
	case *event.SlotConfirmed:
		s.confirm(event.ConversationStream + x.ConversationId)
	case *event.SlotReleased:
		s.expectNot(event.ConversationStream + x.ConversationId)
	case *event.ConversationAssigned:
		s.tracks[e.Stream].mine = x.OperatorId == s.who.User
	case *event.ConversationQueued, *event.ConversationClosed, *event.AgentEngaged:
		s.tracks[e.Stream].mine = false
	}
}

// expect waits for a conversation to be assigned: from then on it is followed.
func (s *session) expect(stream string) {
	if _, ok := s.tracks[stream]; !ok {
		s.tracks[stream] = nil
		s.desk.config.Hub.Watch(stream, s)
	}
}

// confirm follows a conversation whose assignment went by before the hub was
// asked to watch it.
func (s *session) confirm(stream string) {
	if s.tracks[stream] == nil {
		s.follow(stream, 0)
	}
}

func (s *session) expectNot(stream string) {
	if t, ok := s.tracks[stream]; ok && t == nil {
		delete(s.tracks, stream)
		s.desk.config.Hub.Unwatch(stream, s)
	}
}

// follows reports whether the conversation is shown to this socket.
func (s *session) follows(conversation string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tracks[event.ConversationStream+conversation] != nil
}

func (s *session) send(m *wire.FromServer) { s.conn.Send(m) }

// fail ends a socket that can't be served; the client comes back.
func (s *session) fail(err error) {
	s.desk.config.Log.Error("desk", "user", s.who.User, "err", err)
	go s.conn.Bye("fault")
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
