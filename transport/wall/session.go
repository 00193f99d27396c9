package wall

import (
	"context"
	"maps"
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/watcher"
	"crafttalkd/store/journal"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/desk"
	"crafttalkd/transport/live"
	"crafttalkd/transport/wire"
)

const (
	// mostWatched is how many conversations one socket may follow.
	mostWatched = 20
	// direct is how many parts of news are sent without looking whether there
	// is room for them.
	direct = 8
)

// A session is one socket of one supervisor.
type session struct {
	wall *Wall
	conn *live.Conn
	who  desk.Who

	// What follows is guarded by the wall's lock.
	audience *audience
	rev      uint64 // told so far
	telling  bool   // parts are on their way, and nobody else tells

	mu     sync.Mutex        // guards what follows
	ready  bool              // hello was said
	tracks map[string]*track // the streams followed
	over   bool
}

// A track is a conversation that is read.
type track struct {
	live.Track
	place place // where it belonged when it was looked at last; only who rechecks changes it
}

func (s *session) greeted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready
}

// user is who looks on, as the directory has them now.
func (s *session) user() *event.User { return s.wall.directory().User(s.who.User) }

// allowed reports whether the user may still be here.
func (s *session) allowed() bool {
	return s.wall.fault == trusts || auth.Can(s.user(), directory.ViewMonitoring) && s.who.Alive()
}

// take reads one frame and carries it out. It returns false to end the socket.
func (s *session) take(b []byte) bool {
	f := &wire.FromClient{}
	if err := s.conn.Format.Decode(b, f); err != nil {
		s.answer(0, refusal.New(refusal.Invalid, "the frame can't be read"))
		return false
	}
	if !s.allowed() {
		s.conn.Bye("signed_out")
		return false
	}
	if _, hello := f.Is.(*wire.FromClient_Hello); hello == s.greeted() {
		s.answer(f.Id, refusal.New(refusal.Invalid, "hello comes first, and once"))
		return false
	}
	switch m := f.Is.(type) {
	case *wire.FromClient_Hello:
		s.hello(f.Id)
	case *wire.FromClient_Watch:
		s.answer(f.Id, s.watch(m.Watch))
	case *wire.FromClient_Unwatch:
		s.unwatch(event.ConversationStream + m.Unwatch.ConversationId)
		s.answer(f.Id, nil)
	default:
		s.answer(f.Id, refusal.New(refusal.Invalid, "who looks on can't ask for this"))
	}
	return true
}

func (s *session) answer(id uint64, err error) {
	m := &wire.FromServer{Is: &wire.FromServer_Answer{Answer: &wire.Answer{Id: id}}}
	if err != nil {
		m = live.Refusal(id, err, s.wall.config.Log)
	}
	s.conn.Send(m)
}

// hello lets the session in; the wall tells it everything with the next round.
func (s *session) hello(id uint64) {
	s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Welcome{Welcome: &wire.Welcome{
		Now: timestamppb.New(s.wall.config.System.Now()), UserId: s.who.User, Version: s.wall.config.Version}}})
	s.answer(id, nil)
	s.mu.Lock()
	s.ready = true
	s.mu.Unlock()
}

// inform brings the session what is new, if it has taken all before: otherwise
// it gets that together with what comes next, each thing once. The wall's lock
// is held.
func (s *session) inform(a *audience, fresh []*encoded, rev uint64) {
	switch {
	case s.telling || !s.conn.Clear():
		if s.wall.fault == lossy {
			s.rev = rev
		}
		return
	case s.rev == rev-1 && len(fresh) <= direct:
		for _, e := range fresh {
			if b, err := e.in(s.conn.Format); err == nil {
				s.conn.SendEncoded(b)
			}
		}
	default:
		s.telling = true
		go s.tell(s.wall.since(a, s.rev))
	}
	s.rev = rev
}

// tell sends parts as fast as the reader takes them.
func (s *session) tell(parts []*wire.Wall) {
	for _, p := range parts {
		if !s.conn.Room() || !s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Wall{Wall: p}}) {
			break
		}
	}
	s.wall.mu.Lock()
	s.telling = false
	s.wall.mu.Unlock()
}

// watch follows a conversation that the user may see, after that is recorded.
func (s *session) watch(m *wire.Watch) error {
	stream := event.ConversationStream + m.ConversationId
	place, ok := s.wall.placeOf(m.ConversationId)
	if !ok || !s.wall.shows(s.user(), place) {
		return refusal.New(refusal.NotFound, "there is no open conversation %q", m.ConversationId)
	}
	s.mu.Lock()
	_, already := s.tracks[stream]
	full := len(s.tracks) >= mostWatched
	s.mu.Unlock()
	switch {
	case already:
		return nil
	case full:
		return refusal.New(refusal.Conflict, "at most %d conversations can be followed at once", mostWatched)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, err := s.wall.config.System.Ask(ctx, event.WatcherStream+s.who.User, watcher.Watch{User: s.who.User, Conversation: m.ConversationId,
		Center: place.center, Line: place.routing.GetLineId(), Again: m.Version > 0}); err != nil {
		return err
	}
	return s.follow(stream, &track{Track: live.Track{Version: m.Version, Behind: true}, place: place})
}

// follow begins a track. A version that never was is told to be forgotten.
func (s *session) follow(stream string, t *track) error {
	last, err := s.wall.config.System.Journal().Version(stream)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over || s.tracks[stream] != nil {
		return nil
	}
	if t.Version > last {
		s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Reset_{Reset_: &wire.Reset{Stream: stream}}})
		t.Version = 0
	}
	s.tracks[stream] = t
	s.wall.config.Hub.Watch(stream, s)
	go s.catchUp(stream, t)
	return nil
}

// See implements [live.Viewer].
func (s *session) See(e journal.Entry, f *live.Frames) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[e.Stream]
	if t != nil && !t.Next(e, func() { s.entry(f) }) {
		t.Behind = true
		go s.catchUp(e.Stream, t)
	}
}

func (s *session) entry(f *live.Frames) {
	b, err := f.In(s.conn.Format)
	if err != nil {
		s.fail(err)
		return
	}
	s.conn.SendEncoded(b)
}

// catchUp sends what the journal has of a stream.
func (s *session) catchUp(stream string, t *track) {
	send := func(e journal.Entry) { s.entry(live.FramesOf(e)) }
	if err := t.CatchUp(live.Catch{Conn: s.conn, Journal: s.wall.config.System.Journal(), Stream: stream, Lock: &s.mu,
		Follows: func() bool { return s.tracks[stream] == t },
		Send:    send,
		Live: func(last []journal.Entry) {
			for _, e := range last {
				t.Next(e, func() { send(e) })
			}
		},
	}); err != nil {
		s.fail(err)
	}
}

func (s *session) unwatch(stream string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tracks[stream] != nil {
		delete(s.tracks, stream)
		s.wall.config.Hub.Unwatch(stream, s)
	}
}

// recheck ends what is not the user's to see any more.
func (s *session) recheck() {
	if !s.allowed() {
		s.conn.Bye("signed_out")
		return
	}
	u := s.user()
	var lost []string
	for stream, t := range s.followed() {
		if now, ok := s.wall.placeOf(stream[len(event.ConversationStream):]); ok {
			t.place = now
		}
		if s.wall.fault != trusts && !s.wall.shows(u, t.place) {
			lost = append(lost, stream)
		}
	}
	for _, stream := range lost {
		s.unwatch(stream)
		s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Gone{Gone: &wire.Gone{Stream: stream}}})
	}
}

// followed is what is followed now. The wall's lock goes before the session's,
// so it is not asked for where a conversation belongs with this one held.
func (s *session) followed() map[string]*track {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.tracks)
}

// placeOf is where an open conversation belongs now.
func (w *Wall) placeOf(conversation string) (place, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.model.Conversations[conversation]
	if c == nil {
		return place{}, false
	}
	return place{center: c.Center, routing: c.Routing}, true
}

// shows reports whether a user may see what is at a place.
func (w *Wall) shows(u *event.User, p place) bool {
	return w.fault == seesAll || p.seenBy(w.directory(), u)
}

// fail ends a socket that can't be served; the client comes back.
func (s *session) fail(err error) {
	s.wall.config.Log.Error("wall", "user", s.who.User, "err", err)
	s.conn.Bye("fault")
}

func (s *session) end() {
	s.mu.Lock()
	s.over = true
	tracks := s.tracks
	s.tracks = map[string]*track{}
	s.mu.Unlock()
	for stream := range tracks {
		s.wall.config.Hub.Unwatch(stream, s)
	}
}
