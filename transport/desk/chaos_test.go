package desk_test

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

// number reads a number from the environment: for long runs and old seeds.
func number(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return usual
}

// tolerance is how long a client listens to a line that says nothing. One that
// brought nothing is followed by one that is listened to twice as long: the
// line may be dead, or the machine busy with all who come back.
const tolerance, longest = 100 * time.Millisecond, livetest.Patience / 2

// A stubborn client comes back whenever the line is lost, with what it has, and
// sends again what was not answered.
type stubborn struct {
	server *livetest.Server
	addr   string
	user   string

	mu       sync.Mutex // guards what follows
	fold     *livetest.Fold
	outbox   map[string]*wire.FromClient // by message, until it is answered
	lines    int
	stopped  bool
	err      error
	progress chan struct{} // closed and made anew with every frame

	lined chan struct{} // told of a new line, if anybody listens
}

func newStubborn(s *livetest.Server, addr, user string) *stubborn {
	return &stubborn{server: s, addr: addr, user: user, fold: livetest.NewFold(),
		outbox: map[string]*wire.FromClient{}, progress: make(chan struct{}), lined: make(chan struct{}, 1)}
}

// run keeps a line until the client is stopped or was sent what does not fit.
func (c *stubborn) run() {
	for listens := tolerance; c.goOn(); listens = min(2*listens, longest) {
		s, err := c.server.TryDial(listens, c.addr, "/desk/v1/socket?user="+c.user, nil, wire.Binary)
		if err != nil {
			continue
		}
		if c.serve(s, listens) {
			listens = tolerance / 2
		}
		s.WS.Close()
	}
}

func (c *stubborn) goOn() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stopped && c.err == nil
}

// serve takes what comes on a line until it is lost, and reports whether
// anything came.
func (c *stubborn) serve(s *livetest.Socket, listens time.Duration) (heard bool) {
	c.mu.Lock()
	c.lines++
	s.Fold = livetest.NewFold() // frames are folded below, with the lock held
	held := c.fold.Held()
	c.mu.Unlock()
	select {
	case c.lined <- struct{}{}:
	default:
	}
	if _, err := s.Write(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{Held: held}}}); err != nil {
		return false
	}
	ids, sent := map[uint64]string{}, map[string]bool{}
	for first := true; ; first = false {
		f, err := s.NextUnfolded(listens)
		if err != nil || !c.take(f, ids) {
			return !first
		}
		if a := f.GetAnswer(); a != nil && a.Id == 1 || !first {
			if err := c.send(s, ids, sent); err != nil {
				return true
			}
		}
	}
}

// take folds a frame, and makes a reply to every message that is new.
func (c *stubborn) take(f *wire.FromServer, ids map[uint64]string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.progress)
	c.progress = make(chan struct{})
	if err := c.fold.Take(f); err != nil {
		c.err = err
		return false
	}
	if m := f.GetEntry().GetFact().GetMessageReceived(); m != nil {
		conv := f.GetEntry().Stream[len(event.ConversationStream):]
		c.outbox["re-"+m.MessageId] = livetest.Reply(conv, "re-"+m.MessageId, "Re: "+m.Content.GetText())
	}
	if a := f.GetAnswer(); a != nil {
		delete(c.outbox, ids[a.Id])
		if a.Kind != "" && a.Kind != "busy" {
			c.err = fmt.Errorf("refused: %s: %s", a.Kind, a.Text)
		}
	}
	return !c.stopped
}

// send sends what was not sent on this line.
func (c *stubborn) send(s *livetest.Socket, ids map[uint64]string, sent map[string]bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, f := range c.outbox {
		if sent[name] {
			continue
		}
		id, err := s.Write(f)
		if err != nil {
			return err
		}
		ids[id], sent[name] = name, true
	}
	return nil
}

// wait returns when the client has what is wanted.
func (c *stubborn) wait(t *testing.T, what string, wanted func(*livetest.Fold) bool) {
	t.Helper()
	limit := time.After(4 * livetest.Patience)
	for {
		c.mu.Lock()
		there, err, progress := wanted(c.fold) && len(c.outbox) == 0, c.err, c.progress
		c.mu.Unlock()
		switch {
		case err != nil:
			t.Fatalf("%s: %v", c.user, err)
		case there:
			return
		}
		select {
		case <-progress:
		case <-limit:
			t.Fatalf("%s waits for %s in vain: %d entries on %d lines", c.user, what, c.fold.Entries, c.lines)
		}
	}
}

func (c *stubborn) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
}

func (c *stubborn) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lines
}

// proves G29, WG-05: over lines that are cut, delayed, halved and dead the
// client gets every fact once and in order, what it sends has one effect, and
// in the end it has what the server has. RECONNECTS=1000 is the long run.
func TestG29_BadLine(t *testing.T) {
	reconnects, seed := number("RECONNECTS", 100), number("SEED", int(time.Now().UnixNano()))
	t.Logf("SEED=%d RECONNECTS=%d", seed, reconnects)
	s := livetest.Start(t, livetest.Options{})
	stays := s.Online(t, "oleg") // so that the operator is never away
	go drain(stays)
	line := livetest.NewProxy(t, s.Addr(), uint64(seed))
	c := newStubborn(s, line.Addr().String(), "oleg")
	var ended sync.WaitGroup
	ended.Go(c.run)
	defer ended.Wait()
	defer c.stop()

	var visitors []*livetest.Socket
	for range 8 {
		token, _ := s.Token(t, "site")
		visitors = append(visitors, s.Visitor(t, token, nil))
	}
	said := 0
	for c.count() < reconnects && c.goOn() {
		for i, v := range visitors {
			said++
			v.Must(livetest.Say(fmt.Sprintf("m%d-%d", i, said), fmt.Sprintf("Message %d", said)))
		}
		select {
		case <-c.lined:
		case <-time.After(livetest.Patience):
			t.Fatal("the client does not come back")
		}
	}
	line.Mend()
	line.Cut()
	total := 0
	c.wait(t, "all that was said", func(f *livetest.Fold) bool {
		total = 0
		for stream := range f.Streams {
			for _, e := range f.Streams[stream] {
				if _, ok := e.(*event.MessageReceived); ok {
					total++
				}
			}
		}
		return total == said
	})
	c.wait(t, "the server's state", func(f *livetest.Fold) bool {
		for stream := range f.Streams {
			if f.Same(stream, s.Facts(stream)) != nil {
				return false
			}
		}
		return true
	})
	for stream, facts := range c.fold.Streams {
		replies := map[string]int{}
		for _, e := range facts {
			if m, ok := e.(*event.MessageSent); ok && m.OperatorId != "" {
				replies[m.MessageId]++
			}
		}
		for id, n := range replies {
			if n != 1 {
				t.Errorf("%s: reply %s was sent %d times", stream, id, n)
			}
		}
	}
	t.Logf("%d lines, %d entries, %d messages", c.count(), c.fold.Entries, said)
}

// drain reads what comes until the socket ends.
func drain(c *livetest.Socket) {
	for {
		if _, err := c.NextUnfolded(time.Hour); err != nil {
			return
		}
	}
}

// proves G29: when all clients lose their lines at once and come back, each
// gets exactly the rest.
func TestG29_Storm(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	users := make([]event.Event, 30)
	for i := range users {
		users[i] = livetest.User(fmt.Sprintf("op%d", i))
	}
	s.Put(users...)
	line := livetest.NewProxy(t, s.Addr(), 1)
	line.Mend()
	var ended sync.WaitGroup
	var clients []*stubborn
	for i := range users {
		user := fmt.Sprintf("op%d", i)
		go drain(s.Online(t, user))
		for range 3 { // tabs
			c := newStubborn(s, line.Addr().String(), user)
			ended.Go(c.run)
			clients = append(clients, c)
		}
	}
	defer ended.Wait()
	defer func() {
		for _, c := range clients {
			c.stop()
		}
	}()
	var visitors []*livetest.Socket
	for range 60 {
		token, _ := s.Token(t, "site")
		visitors = append(visitors, s.Visitor(t, token, nil))
	}
	for round := range 5 {
		for i, v := range visitors {
			v.Must(livetest.Say(fmt.Sprintf("m%d", round), fmt.Sprintf("Message %d of %d", round, i)))
		}
		line.Cut()
	}
	for _, c := range clients {
		c.wait(t, "its conversations", func(f *livetest.Fold) bool {
			n := 0
			for stream, facts := range f.Streams {
				if f.Same(stream, s.Facts(stream)) != nil {
					return false
				}
				for _, e := range facts {
					if _, ok := e.(*event.MessageReceived); ok {
						n++
					}
				}
			}
			return n == 10 // two conversations each, five messages
		})
	}
}
