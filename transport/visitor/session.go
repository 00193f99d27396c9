package visitor

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/time/rate"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/channels"
	"crafttalkd/store/journal"
	"crafttalkd/transport/live"
	"crafttalkd/transport/wire"
)

const (
	// inFlight is how many messages of one socket may be on their way to the disk.
	inFlight = 64
	// usual is how many frames a second a visitor may send, burst in one go.
	usual, burst = 20, 60
)

// A session is one socket of one visitor. It is kept small: most sockets are
// idle.
type session struct {
	lobby *Lobby
	conn  *live.Conn
	visitor
	open  atomic.Int32  // messages on their way to the disk
	limit *rate.Limiter // made with the first frame

	mu     sync.Mutex // guards what follows
	ready  bool
	owner  string                 // the customer who has the address now
	tracks map[string]*live.Track // conversations shown
	claims map[string]string      // what the page says of the visitor
}

// errOwn is the answer about a conversation of somebody else.
var errOwn = refusal.New(refusal.NotFound, "there is no such conversation of yours")

// take reads one frame and carries it out. It returns false to end the socket.
func (s *session) take(b []byte) bool {
	f := &wire.FromClient{}
	if err := s.conn.Format.Decode(b, f); err != nil {
		s.refuse(0, refusal.New(refusal.Invalid, "the frame can't be read"))
		return false
	}
	if !s.calm() {
		s.refuse(f.Id, refusal.New(refusal.Busy, "you write too fast; wait a moment"))
		return true
	}
	hello, first := f.Is.(*wire.FromClient_Hello)
	if first == s.greeted() {
		s.refuse(f.Id, refusal.New(refusal.Invalid, "hello comes first, and once"))
		return false
	}
	if first {
		if err := s.hello(hello.Hello); err != nil {
			s.refuse(f.Id, err)
			return false
		}
		s.answer(f.Id, shell.Answer{})
		return true
	}
	s.carryOut(f)
	return true
}

// calm reports whether the visitor keeps to the allowed rate.
func (s *session) calm() bool {
	if s.limit == nil {
		n := settingsOf(s.lobby.config.System.Directory.State().Account(s.account)).Rate
		if n <= 0 {
			n = usual
		}
		s.limit = rate.NewLimiter(rate.Limit(n), max(burst, int(3*n)))
	}
	return s.limit.Allow()
}

func (s *session) greeted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready
}

// carryOut is the table of everything a visitor can ask for.
func (s *session) carryOut(f *wire.FromClient) {
	switch m := f.Is.(type) {
	case *wire.FromClient_Say:
		s.say(f.Id, m.Say)
	case *wire.FromClient_Typing:
		if s.shows(m.Typing.ConversationId) {
			s.lobby.config.Hub.Typing(s, m.Typing.ConversationId, "customer")
		}
	case *wire.FromClient_Seen:
		s.ask(f.Id, m.Seen.ConversationId, conversation.SeenByCustomer{Message: m.Seen.MessageId})
	case *wire.FromClient_Rate:
		s.ask(f.Id, m.Rate.ConversationId, conversation.Rate{Rating: m.Rate.Rating, Comment: m.Rate.Comment})
	case *wire.FromClient_Identify:
		s.identify(f.Id, m.Identify)
	default:
		s.refuse(f.Id, refusal.New(refusal.Invalid, "a visitor can't ask for this"))
	}
}

// say brings a message in. It is answered once it is on disk.
func (s *session) say(id uint64, m *wire.Say) {
	if s.open.Load() >= inFlight {
		s.refuse(id, refusal.New(refusal.Busy, "too much is on its way; wait for the answers"))
		return
	}
	s.open.Add(1)
	s.mu.Lock()
	claims := s.claims
	s.mu.Unlock()
	in := channels.Inbound{Account: s.account, Address: s.address, Home: s.customer, ID: m.MessageId, Content: m.Content, Order: m.Order, Fields: claims}
	s.lobby.config.Door.Receive(context.Background(), in, func(k channels.Kept, err error) {
		s.open.Add(-1)
		if err != nil {
			s.refuse(id, err)
			return
		}
		s.answer(id, shell.Answer{Stream: event.ConversationStream + k.Conversation, Version: k.Version, Repeated: k.Repeated})
	})
}

// known are the fields that a page may say of its visitor. They are claims:
// nothing is proven by them.
var known = []string{"fname", "lname", "email", "phone", "contract"}

func (s *session) identify(id uint64, m *wire.Identify) {
	claims := map[string]string{}
	for _, f := range known {
		if v := strings.TrimSpace(m.Fields[f]); v != "" {
			claims[f] = v
		}
	}
	s.mu.Lock()
	s.claims = claims
	s.mu.Unlock()
	s.answer(id, shell.Answer{})
}

// ask brings a command to one of the visitor's conversations.
func (s *session) ask(id uint64, conv string, cmd conversation.Command) {
	if !s.shows(conv) {
		s.refuse(id, errOwn)
		return
	}
	s.lobby.config.System.Tell(event.ConversationStream+conv, cmd, func(a shell.Answer) { s.answer(id, a) })
}

func (s *session) shows(conv string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tracks[event.ConversationStream+conv] != nil
}

// hello sends what the visitor has missed and follows what comes.
func (s *session) hello(h *wire.Hello) error {
	s.lobby.config.Hub.Watch(event.CustomerStream+s.customer, s)
	owner, open, err := s.lobby.home(context.Background(), s.visitor)
	if err != nil {
		return err
	}
	if owner != s.customer {
		s.lobby.config.Hub.Watch(event.CustomerStream+owner, s)
	}
	s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Welcome{Welcome: &wire.Welcome{
		Now: timestamppb.New(s.lobby.config.System.Now()), UserId: s.customer, Version: s.lobby.config.Version}}})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owner, s.ready = owner, true
	for _, held := range h.Held {
		id := strings.TrimPrefix(held.Stream, event.ConversationStream)
		if s.mine(id) && len(s.tracks) < 4 {
			s.follow(id, held.Version)
		}
	}
	if open != "" {
		s.follow(open, 0)
	}
	return nil
}

// mine reports whether a conversation was begun by the visitor's customer.
func (s *session) mine(conv string) bool {
	id, _, _ := strings.Cut(conv, ".")
	return id == s.customer || id == s.owner
}

// follow shows a conversation after a version. The lock is held.
func (s *session) follow(conv string, from uint64) {
	stream := event.ConversationStream + conv
	if s.tracks[stream] != nil {
		return
	}
	if s.tracks == nil {
		s.tracks = map[string]*live.Track{}
	}
	t := &live.Track{Version: from}
	s.tracks[stream] = t
	s.lobby.config.Hub.Watch(stream, s)
	if err := t.CatchUp(s.lobby.config.System.Journal(), stream, s.entry); err != nil {
		s.fail(err)
	}
}

// See implements [live.Viewer].
func (s *session) See(e journal.Entry, f *live.Frames) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tracks[e.Stream]; t != nil {
		if err := t.Next(s.lobby.config.System.Journal(), e, f, s.entry); err != nil {
			s.fail(err)
		}
		return
	}
	if !s.ready {
		return
	}
	switch x := e.Event.(type) {
	case *event.ConversationStarted:
		s.turn(x.ConversationId)
	case *event.CustomerMerged:
		s.moved(x.Into)
	case *event.AddressMoved:
		if x.To != "" {
			s.moved(x.To)
		}
	case *event.CustomerAbsorbed:
		if x.Kept != "" {
			s.turn(x.Kept)
		}
	}
}

// turn shows a new conversation, and no more those that are long over.
func (s *session) turn(conv string) {
	for stream := range s.tracks {
		if len(s.tracks) > 2 {
			delete(s.tracks, stream)
			s.lobby.config.Hub.Unwatch(stream, s)
		}
	}
	s.follow(conv, 0)
}

// moved follows the customer who has the address now.
func (s *session) moved(owner string) {
	s.owner = owner
	s.lobby.config.Hub.Watch(event.CustomerStream+owner, s)
}

// entry shows one fact, if it is the visitor's business.
func (s *session) entry(e journal.Entry, _ *live.Frames) {
	if m := s.lobby.shown(e, s.account); m != nil {
		s.conn.Send(m)
	}
}

// Typing implements [live.Typist].
func (s *session) Typing(conv, _ string) {
	s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Typing{Typing: &wire.Typing{ConversationId: conv, Who: "operator"}}})
}

func (s *session) answer(id uint64, a shell.Answer) {
	if a.Err != nil {
		s.refuse(id, a.Err)
		return
	}
	s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Answer{Answer: &wire.Answer{
		Id: id, Stream: a.Stream, Version: a.Version, Repeated: a.Repeated}}})
}

func (s *session) refuse(id uint64, err error) {
	s.conn.Send(live.Refusal(id, err, s.lobby.config.Log))
}

func (s *session) fail(err error) {
	s.lobby.config.Log.Error("widget", "customer", s.customer, "err", err)
	go s.conn.Bye("fault")
}

func (s *session) end() {
	s.mu.Lock()
	s.ready = false
	tracks, owner := s.tracks, s.owner
	s.tracks = nil
	s.mu.Unlock()
	s.lobby.config.Hub.Unwatch(event.CustomerStream+s.customer, s)
	if owner != "" && owner != s.customer {
		s.lobby.config.Hub.Unwatch(event.CustomerStream+owner, s)
	}
	for stream := range tracks {
		s.lobby.config.Hub.Unwatch(stream, s)
	}
}
