package desk_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/gorilla/websocket"

	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

// cut ends a socket as a broken line would.
func cut(c *livetest.Socket) { c.WS.NetConn().Close() }

func force(conv, offer string) operator.Force {
	return operator.Force{Conversation: conv, Offer: offer, By: "boss"}
}

// proves G30: a reader who does not read is cut off, nobody else waits for it,
// and it gets the rest when it comes back. That what waits for it is bounded is
// proved in transport/live.
func TestG30_SlowReader(t *testing.T) {
	s, oleg, anna, conv := serve(t)
	stream := event.ConversationStream + conv
	slow := s.Operator(t, "oleg", nil) // reads nothing from now on
	if err := slow.WS.NetConn().(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	before := s.Desk.Sockets()
	long := strings.Repeat("x", 30_000)
	limit := time.Now().Add(livetest.Patience)
	for i := 0; s.Desk.Sockets() == before; i++ {
		if time.Now().After(limit) {
			t.Fatalf("%d messages did not wear out the patience", i)
		}
		anna.Must(livetest.Say(fmt.Sprintf("long%d", i), long))
		oleg.Fact("what the slow one does not read", received(long)) // others are not held up
	}
	back := s.Operator(t, "oleg", slow.Fold)
	if err := back.Fold.Same(stream, s.Facts(stream)); err != nil {
		t.Error(err)
	}
}

// proves G29, G30: a story that is longer than what may wait for a reader is
// told whole to one who reads.
func TestG29_LongStory(t *testing.T) {
	s, _, anna, conv := serve(t)
	stream := event.ConversationStream + conv
	long := strings.Repeat("x", 30_000)
	for i := range 100 { // 3 MB
		anna.Must(livetest.Say("long"+string(rune('a'+i)), long))
	}
	c := s.Operator(t, "oleg", nil)
	if err := c.Fold.Same(stream, s.Facts(stream)); err != nil {
		t.Error(err)
	}
	anna.Must(livetest.Say("m2", "And that is all"))
	c.Fact("the end of it", received("And that is all"))
}

// A gate holds syncs back while it is shut.
type gate struct {
	mu   sync.Mutex // guards shut
	shut chan struct{}
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = make(chan struct{})
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.shut)
	g.shut = nil
}

// MaybeError implements [errorfs.Injector]: it never fails, and may wait.
func (g *gate) MaybeError(op errorfs.Op) error {
	switch op.Kind {
	case errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileSyncTo:
		g.mu.Lock()
		shut := g.shut
		g.mu.Unlock()
		if shut != nil {
			<-shut
		}
	}
	return nil
}

func (g *gate) String() string { return "gate" }

// proves G32: nothing is answered and nothing is shown before it is on disk.
func TestG32_AnswerIsDurable(t *testing.T) {
	disk := &gate{}
	s := livetest.Start(t, livetest.Options{FS: errorfs.Wrap(vfs.NewMem(), disk)})
	oleg := s.Online(t, "oleg")
	token, _ := s.Token(t, "site")
	anna := s.Visitor(t, token, nil)
	anna.Must(livetest.Say("m1", "Hello"))
	conv := oleg.Assigned("oleg")
	other := s.Operator(t, "oleg", nil)

	disk.close()
	var early sync.WaitGroup
	say, reply := anna.Send(livetest.Say("m2", "Still there?")), oleg.Send(livetest.Reply(conv, "r1", "Yes"))
	for _, c := range []*livetest.Socket{anna, oleg, other} {
		early.Go(func() {
			// What was on disk before may still be on its way.
			for {
				f, err := c.NextUnfolded(300 * time.Millisecond)
				if err != nil {
					return
				}
				if a := f.GetAnswer(); a != nil {
					t.Errorf("answered before it was on disk: %v", a)
				}
				if e := f.GetEntry().GetFact().Unwrap(); e != nil && (sent("Yes")(e) || received("Still there?")(e)) {
					t.Errorf("shown before it was on disk: %v", e)
				}
			}
		})
	}
	early.Wait()
	// A read that has timed out ends a client's socket; the server's go on, and
	// others come. They see nothing either before the disk has it.
	if n := s.Count(event.ConversationStream+conv, sent("Yes")); n != 0 {
		t.Errorf("the reply is readable before it is on disk")
	}
	disk.open()
	again := s.Operator(t, "oleg", nil)
	if a := again.Do(livetest.Reply(conv, "r1", "Yes")); a.Kind != "" || !a.Repeated {
		t.Errorf("the reply again, after frame %d: %v, want repeated", reply, a)
	}
	back := s.Visitor(t, token, nil)
	if a := back.Do(livetest.Say("m2", "Still there?")); a.Kind != "" || !a.Repeated {
		t.Errorf("the message again, after frame %d: %v, want repeated", say, a)
	}
	if err := again.Fold.Same(event.ConversationStream+conv, s.Facts(event.ConversationStream + conv)[:len(again.Fold.Streams[event.ConversationStream+conv])]); err != nil {
		t.Error(err)
	}
}

// proves G33: rights that were taken away are gone from open sockets: at once
// for commands, within seconds for what is shown.
func TestG33_RightsTakenAway(t *testing.T) {
	s, oleg, anna, conv := serve(t)
	oleg.Must(livetest.Reply(conv, "r0", "Hello"))

	fewer := livetest.User("oleg")
	fewer.Roles = nil
	s.Put(fewer)
	if a := oleg.Do(livetest.Transfer(conv, "t1", "olga", "")); a.Kind != "denied" {
		t.Errorf("a transfer without the right: %v, want denied", a)
	}
	picture := livetest.Reply(conv, "r1", "Look")
	picture.GetReply().Content.Attachments = []*event.Attachment{{AttachmentId: "a", Mime: "image/png", Blob: "00"}}
	if a := oleg.Do(picture); a.Kind != "denied" {
		t.Errorf("a picture without the right: %v, want denied", a)
	}

	s.SignOut("oleg")
	oleg.Send(livetest.Reply(conv, "r2", "One more"))
	if bye, _ := oleg.Over(); bye != "signed_out" {
		t.Errorf("a command after the session ended: bye %q, want signed_out", bye)
	}
	if n := s.Count(event.ConversationStream+conv, sent("One more")); n != 0 {
		t.Error("the command of an ended session had its effect")
	}
	anna.Must(livetest.Say("m2", "Hello?"))
}

// proves G33: a socket that only listens ends within seconds too, however slow
// others are.
func TestG33_ListenersEnd(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	ctx := t.Context()
	watched := make(chan struct{})
	go func() { defer close(watched); s.Desk.Watch(ctx) }()
	t.Cleanup(func() { <-watched })
	oleg, olga := s.Online(t, "oleg"), s.Online(t, "olga")
	gone := livetest.User("oleg")
	gone.Disabled = true
	s.Put(gone)
	start := time.Now()
	if bye, code := oleg.Over(); bye != "signed_out" || code != websocket.CloseNormalClosure {
		t.Errorf("a disabled user: bye %q, code %d", bye, code)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("the stream went on for %v", took)
	}
	olga.Must(&wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_LUNCH}}})
}

// proves G53: stopping says goodbye to everybody and returns when they are gone.
func TestG53_Stop(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	var all sync.WaitGroup
	for range 20 {
		c := s.Operator(t, "oleg", nil)
		all.Go(func() {
			if bye, _ := c.Over(); bye != "stopping" {
				t.Errorf("bye %q, want stopping", bye)
			}
		})
	}
	s.Desk.Stop()
	all.Wait()
	if n := s.Desk.Sockets(); n != 0 {
		t.Errorf("%d sockets after Stop", n)
	}
	if _, err := s.TryDial(livetest.Patience, s.Addr(), "/desk/v1/socket?user=oleg", nil, wire.Binary); err == nil {
		t.Error("a stopped desk took a socket")
	}
}

func soon() time.Time { return time.Now().Add(livetest.Patience) }

// proves OP-11, WS-04: a transfer goes to operators, lines, languages and
// skills that are there, in centers that are the operator's.
func TestOP11_TransferStaysInReach(t *testing.T) {
	s, oleg, _, conv := serve(t)
	for _, e := range []event.Event{
		&event.Center{CenterId: "bank"}, &event.Line{LineId: "loans", CenterId: "bank"},
		&event.User{UserId: "lena", Login: "lena", LineIds: []string{"loans"}}, &event.User{UserId: "clerk", Login: "clerk"},
	} {
		s.Put(e)
	}
	for _, tt := range []struct {
		to, field string
		routing   *event.Routing
	}{
		{"lena", "operator_id", nil}, {"clerk", "operator_id", nil}, {"nobody", "operator_id", nil},
		{"", "routing.line_id", &event.Routing{LineId: "loans"}}, {"", "routing.line_id", &event.Routing{LineId: "nowhere"}},
		{"", "routing.language", &event.Routing{LineId: "help", Language: "tlh"}},
		{"", "routing.skills", &event.Routing{LineId: "help", Skills: []string{"magic"}}},
	} {
		f := livetest.Transfer(conv, "t1", tt.to, "")
		f.GetTransfer().Routing = tt.routing
		if a := oleg.Do(f); a.Kind != "invalid" || a.Field != tt.field {
			t.Errorf("to %q, %v: %v, want it refused for %s", tt.to, tt.routing, a, tt.field)
		}
	}
	f := livetest.Transfer(conv, "t1", "", "")
	f.GetTransfer().Routing = &event.Routing{LineId: "help"}
	oleg.Must(f)
}
