package visitor

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/time/rate"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/store/journal"
	"crafttalkd/transport/live"
	"crafttalkd/transport/wire"
)

const (
	// inFlight is how many messages of one socket may be on their way to the disk.
	inFlight = 64
	// usual is how many frames a second a visitor may send, burst in one go.
	usual, burst = 20, 60
	// most is how many conversations one socket shows at the most.
	most = 5
)

// A session is one socket of one visitor. It is kept small: most sockets are
// idle.
type session struct {
	lobby *Lobby
	conn  *live.Conn
	visitor
	open  atomic.Int32  // messages on their way to the disk
	limit *rate.Limiter // made with the first frame

	mu      sync.Mutex // guards what follows
	ready   bool       // hello was said
	over    bool
	met     []string // the customers whose facts are followed
	owner   string   // the one of them who has the address
	settled bool     // who has the address is known
	missed  bool     // it has changed while it was being asked for
	tracks  []*track // conversations shown, oldest first
	of      saying   // what is known of the visitor
	says    []says   // messages of this socket that are on their way
}

// A track is a conversation on its way to the socket.
type track struct {
	live.Track
	names
	conv string
	gone bool // shown no more
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
			s.lobby.config.Hub.Typing(s, m.Typing.ConversationId, customerTypes)
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

// identify notes what the page says of its visitor. The fields are claims; what
// the token says is proven. With a token that is no good nothing is taken, but
// the visitor may write.
func (s *session) identify(id uint64, m *wire.Identify) {
	of, err := s.lobby.saying(s.account, m.Fields, m.Token)
	s.mu.Lock()
	s.of = of
	s.mu.Unlock()
	s.answer(id, shell.Answer{Err: err})
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
	return s.track(conv) != nil
}

// hello sends what the visitor has missed and follows what comes.
func (s *session) hello(h *wire.Hello) error {
	s.mu.Lock()
	s.ready = true
	s.mu.Unlock()
	s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Welcome{Welcome: &wire.Welcome{
		Now: timestamppb.New(s.lobby.config.System.Now()), UserId: s.customer, Version: s.lobby.config.Version}}})
	var tracks []*track
	err := s.settle(func(owner, open string) { tracks = s.takeUp(h.Held, owner, open) })
	for _, t := range tracks {
		s.catchUp(t)
	}
	return err
}

// settle finds out who has the visitor's address and which conversation is
// open, and passes that on with the lock held: whatever happens to them after
// that is seen. If something happens meanwhile, it asks again.
func (s *session) settle(then func(owner, open string)) error {
	for {
		s.mu.Lock()
		s.missed = false
		s.mu.Unlock()
		owner, open, err := s.lobby.home(context.Background(), s.visitor, s.meet)
		if err != nil {
			return err
		}
		if s.settledWith(owner, open, then) {
			return nil
		}
	}
}

func (s *session) settledWith(owner, open string, then func(owner, open string)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.missed {
		return false
	}
	s.settled, s.owner = true, owner
	then(owner, open)
	return true
}

// meet follows the facts of a customer.
func (s *session) meet(customer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over && !slices.Contains(s.met, customer) {
		s.met = append(s.met, customer)
		s.lobby.config.Hub.Watch(event.CustomerStream+customer, s)
	}
}

// takeUp returns the tracks of what the visitor holds, and of the open
// conversation. The lock is held.
func (s *session) takeUp(held []*wire.Held, owner, open string) []*track {
	for _, h := range held {
		id, ok := strings.CutPrefix(h.Stream, event.ConversationStream)
		if ok && len(s.tracks) < most-1 && (id == open || mine(id, s.customer, owner)) {
			s.show(id, h.Version)
		}
	}
	s.show(open, 0)
	return slices.Clone(s.tracks)
}

// mine reports whether a conversation was begun by one of two customers.
func mine(conv, customer, owner string) bool {
	id, _, _ := strings.Cut(conv, ".")
	return id != "" && (id == customer || id == owner)
}

func (s *session) track(conv string) *track {
	for _, t := range s.tracks {
		if t.conv == conv {
			return t
		}
	}
	return nil
}

// show makes a track for a conversation, nil if there is one. The oldest is
// shown no more if there are too many. The lock is held.
func (s *session) show(conv string, from uint64) *track {
	if conv == "" || s.over || s.track(conv) != nil {
		return nil
	}
	if len(s.tracks) == most {
		s.drop(s.tracks[0])
		s.tracks = slices.Delete(s.tracks, 0, 1)
	}
	t := &track{conv: conv, Track: live.Track{Version: from, Behind: true},
		names: s.lobby.names(s.account, event.ConversationStream+conv)}
	s.tracks = append(s.tracks, t)
	s.lobby.config.Hub.Watch(t.stream, s)
	return t
}

// drop follows a conversation no more. The lock is held.
func (s *session) drop(t *track) {
	t.gone = true
	s.lobby.config.Hub.Unwatch(t.stream, s)
	s.give(t.stream)
}

// catchUp sends what the journal has of a conversation.
func (s *session) catchUp(t *track) {
	j := s.lobby.config.System.Journal()
	switch last, err := j.Version(t.stream); {
	case err != nil:
		s.fail(err)
		return
	case t.Version > last:
		// A version that never was: what the visitor has is not ours.
		s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Reset_{Reset_: &wire.Reset{Stream: t.stream}}})
		t.Version = 0
	}
	if err := t.CatchUp(live.Catch{Conn: s.conn, Journal: j, Stream: t.stream, Lock: &s.mu,
		Follows: func() bool { return !t.gone },
		Send:    func(e journal.Entry) { s.entry(t, e) },
		Live: func(last []journal.Entry) {
			for _, e := range last {
				t.Next(e, func() { s.entry(t, e) })
			}
		},
	}); err != nil {
		s.fail(err)
	}
}

// See implements [live.Viewer].
func (s *session) See(e journal.Entry, _ *live.Frames) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if conv, ok := strings.CutPrefix(e.Stream, event.ConversationStream); ok {
		if t := s.track(conv); t != nil && !t.Next(e, func() { s.entry(t, e) }) {
			t.Behind = true
			go s.catchUp(t)
		}
		return
	}
	switch x := e.Event.(type) {
	case *event.ConversationStarted:
		if s.settled {
			if e.Stream != event.CustomerStream+s.owner {
				return
			}
			if t := s.show(x.ConversationId, 0); t != nil {
				go s.catchUp(t)
			}
			return
		}
	case *event.AddressRemoved:
		if x.Address.GetAccountId() != s.account || x.Address.GetAddress() != s.address {
			return
		}
		s.hide()
		s.unsettle()
	case *event.CustomerMerged, *event.AddressMoved, *event.CustomerAbsorbed:
		s.unsettle()
	default:
		return
	}
	s.missed = true
}

// hide shows no more what is another customer's: the address is not theirs any
// more. The lock is held.
func (s *session) hide() {
	s.tracks = slices.DeleteFunc(s.tracks, func(t *track) bool {
		if mine(t.conv, s.customer, "") {
			return false
		}
		s.drop(t)
		return true
	})
}

// unsettle finds out anew who has the address. The lock is held.
func (s *session) unsettle() {
	if s.settled {
		s.settled = false
		go s.move()
	}
}

// move turns to the customer who has the address now: the conversation that is
// open there is shown, and those that are not the visitor's any more are not.
func (s *session) move() {
	var fresh *track
	err := s.settle(func(owner, open string) {
		s.tracks = slices.DeleteFunc(s.tracks, func(t *track) bool {
			if t.conv == open || mine(t.conv, s.customer, owner) {
				return false
			}
			s.drop(t)
			return true
		})
		fresh = s.show(open, 0)
	})
	if err != nil {
		s.fail(err)
	}
	if fresh != nil {
		s.catchUp(fresh)
	}
}

// entry shows one fact, if it is the visitor's business. The lock is held.
func (s *session) entry(t *track, e journal.Entry) {
	if s.echo(t, e) {
		return
	}
	m, err := t.shown(e)
	if err != nil {
		s.fail(err)
		return
	}
	if m != nil {
		s.conn.Send(m)
	}
}

// Typing implements [live.Typist]. The visitor's own other tabs are no news.
func (s *session) Typing(conv, who string) {
	if who != customerTypes {
		s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Typing{Typing: &wire.Typing{ConversationId: conv, Who: "operator"}}})
	}
}

// customerTypes is who types when a visitor does.
const customerTypes = "customer"

func (s *session) answer(id uint64, a shell.Answer) {
	if a.Err != nil {
		s.refuse(id, a.Err)
		return
	}
	s.reply(&wire.Answer{Id: id, Stream: a.Stream, Version: a.Version, Repeated: a.Repeated})
}

func (s *session) reply(a *wire.Answer) {
	s.conn.Send(&wire.FromServer{Is: &wire.FromServer_Answer{Answer: a}})
}

func (s *session) refuse(id uint64, err error) {
	s.conn.Send(live.Refusal(id, err, s.lobby.config.Log))
}

func (s *session) fail(err error) {
	s.lobby.config.Log.Error("widget", "customer", s.customer, "err", err)
	s.conn.Bye("fault")
}

func (s *session) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	for _, id := range s.met {
		s.lobby.config.Hub.Unwatch(event.CustomerStream+id, s)
	}
	for _, t := range s.tracks {
		s.lobby.config.Hub.Unwatch(t.stream, s)
	}
	s.met, s.tracks = nil, nil
}
