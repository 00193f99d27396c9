package wall_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/problem"
	"crafttalkd/transport/wall"
	"crafttalkd/transport/wire"
)

// A house is a server with a wall. Beside the shop it has a bank with the line
// "loans", the account "safe" and the operator Lena; Oleg and Olga serve the
// shop, Zoya both. Boss looks on in the shop, Chief everywhere.
type house struct {
	*livetest.Server
	wall *wall.Wall
	http *httptest.Server
	stop func()

	mu         sync.Mutex // guards what follows
	conditions []accounts.Condition
	failures   []wall.Failure
}

func supervisor(id string, u *event.User) *event.User {
	u.UserId, u.Login = id, id
	u.Roles = append(u.Roles, directory.ViewMonitoring)
	return u
}

func open(t *testing.T, f wall.Fault, change func(*wall.Config)) *house {
	t.Helper()
	s := livetest.Start(t, livetest.Options{})
	lena, zoya := livetest.User("lena"), livetest.User("zoya")
	lena.LineIds, lena.CenterIds = []string{"loans"}, []string{"bank"}
	zoya.LineIds, zoya.CenterIds = []string{"help", "loans"}, nil
	s.Put(&event.Center{CenterId: "bank", Name: "Bank"}, &event.Line{LineId: "loans", Name: "Loans", CenterId: "bank"},
		&event.Account{AccountId: "safe", Kind: "api", CenterId: "bank", Routing: &event.Routing{LineId: "loans"}}, lena, zoya,
		&event.Skill{Skill: "refund", Name: "Refunds"},
		supervisor("boss", &event.User{CenterIds: []string{"shop"}}), supervisor("clerk", &event.User{CenterIds: []string{"shop"}}),
		supervisor("chief", &event.User{Roles: []string{directory.Admin}}))
	h := &house{Server: s}
	h.begin(t, f, change)
	return h
}

// begin starts a wall, in the place of the one before.
func (h *house) begin(t *testing.T, f wall.Fault, change func(*wall.Config)) {
	t.Helper()
	if h.stop != nil {
		h.stop()
	}
	c := wall.Config{System: h.System, Hub: h.Hub, Table: h.Table(), Log: h.Log, Authenticate: h.Who, Refuse: problem.Write,
		Origin:   func(*http.Request, string) bool { return true },
		Channels: func() []accounts.Condition { h.mu.Lock(); defer h.mu.Unlock(); return h.conditions },
		Failures: func() ([]wall.Failure, error) { h.mu.Lock(); defer h.mu.Unlock(); return h.failures, nil }, Key: h.Master.Derive, Version: "test"}
	if change != nil {
		change(&c)
	}
	w, err := wall.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	w.Err(f)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go w.Follow() // until the journal ends
	go func() { w.Run(ctx); close(done) }()
	srv := httptest.NewServer(w)
	h.wall, h.http = w, srv
	h.stop = func() {
		h.stop = nil
		cancel()
		<-done
		srv.CloseClientConnections()
		w.Stop()
		srv.Close()
	}
	t.Cleanup(func() {
		if h.wall == w && h.stop != nil {
			h.stop()
		}
	})
}

// fail sets what is in the error queue, and fare how the accounts are.
func (h *house) fail(list []wall.Failure) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failures = list
}

func (h *house) fare(list ...accounts.Condition) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conditions = list
}

// writes brings a customer's message and returns the conversation.
func (h *house) writes(t *testing.T, account, who, id string) string {
	t.Helper()
	type kept struct {
		is  channels.Kept
		err error
	}
	done := make(chan kept, 1)
	h.Door.Receive(t.Context(), channels.Inbound{Account: account, Address: who, ID: id, Content: &event.Content{Text: "hello"}},
		func(k channels.Kept, err error) { done <- kept{k, err} })
	k := <-done
	if k.err != nil {
		t.Fatal(k.err)
	}
	return k.is.Conversation
}

// A view is what a viewer has made of the frames.
type view struct {
	*livetest.Socket
	operators     map[string]*wire.WallOperator
	conversations map[string]*wire.WallConversation
	channels      map[string]*wire.WallChannel
	failures      map[string]*wire.WallFailure
	alerts        map[string]*wire.WallAlert
	counters      *wire.WallCounters
	full, frames  int
	whole         bool // no part of the moment is missing
	bye           string
	gone          []string
}

// look opens a socket.
func (h *house) look(t *testing.T, user string) *view {
	t.Helper()
	v := &view{Socket: h.dial(t, user)}
	v.Write(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}})
	v.until(t, "everything", func() bool { return v.full > 0 && v.whole })
	return v
}

func (h *house) dial(t *testing.T, user string) *livetest.Socket {
	t.Helper()
	s, err := h.TryDial(livetest.Patience, h.http.Listener.Addr().String(), "/?user="+user, nil, wire.Binary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.WS.Close() })
	return s
}

// until reads frames until something is so.
func (v *view) until(t *testing.T, what string, so func() bool) {
	t.Helper()
	limit := time.Now().Add(livetest.Patience)
	for !so() {
		f, err := v.Next(time.Until(limit))
		if err != nil {
			t.Fatalf("waiting for %s: %v", what, err)
		}
		v.take(f)
	}
}

func (v *view) take(f *wire.FromServer) {
	if f.GetBye() != nil {
		v.bye = f.GetBye().Reason
	}
	if f.GetGone() != nil {
		v.gone = append(v.gone, f.GetGone().Stream)
	}
	m := f.GetWall()
	if m == nil {
		return
	}
	if m.Full || v.operators == nil {
		v.operators, v.conversations, v.channels = map[string]*wire.WallOperator{}, map[string]*wire.WallConversation{}, map[string]*wire.WallChannel{}
		v.failures, v.alerts = map[string]*wire.WallFailure{}, map[string]*wire.WallAlert{}
		v.full++
	}
	v.frames++
	for _, x := range m.Operators {
		v.operators[x.OperatorId] = x
	}
	for _, x := range m.Conversations {
		v.conversations[x.ConversationId] = x
	}
	for _, x := range m.Channels {
		v.channels[x.AccountId] = x
	}
	for _, x := range m.Failures {
		v.failures[x.ErrorId] = x
	}
	for _, x := range m.Alerts {
		v.alerts[x.AlertId] = x
	}
	drop(v.operators, m.GetGone().GetOperators())
	drop(v.conversations, m.GetGone().GetConversations())
	drop(v.channels, m.GetGone().GetChannels())
	drop(v.failures, m.GetGone().GetFailures())
	drop(v.alerts, m.GetGone().GetAlerts())
	if v.whole = !m.More; v.whole {
		v.counters = m.Counters
	}
}

func drop[T any](from map[string]T, ids []string) {
	for _, id := range ids {
		delete(from, id)
	}
}

// idle waits until nothing is on its way between actors.
func (h *house) idle(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.After(livetest.Patience)
	for quiet := 0; quiet < 20; {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("the actors don't come to rest")
		}
		if quiet++; h.Flowing() > 0 {
			quiet = 0
		}
	}
}

// settled waits until a view is what the actors say to those who see it.
func (h *house) settled(t *testing.T, v *view, user string, all []string) {
	t.Helper()
	want := h.ask(t, user, all)
	limit := time.Now().Add(livetest.Patience)
	for {
		differs := want.differs(v)
		if differs == "" {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("%s: %s", user, differs)
		}
		f, err := v.Next(time.Until(limit))
		if err != nil {
			t.Fatalf("%s: %s: %v", user, differs, err)
		}
		v.take(f)
	}
}

// truth is what the actors say.
type truth struct {
	operators     map[string]*wire.WallOperator
	conversations map[string]*wire.WallConversation
}

// ask asks every actor, and leaves out what the user may not see by a rule of
// this test's own: the shop is Boss's and Clerk's, and everything is Chief's.
func (h *house) ask(t *testing.T, user string, all []string) truth {
	t.Helper()
	w := truth{map[string]*wire.WallOperator{}, map[string]*wire.WallConversation{}}
	for _, u := range h.Directory.State().Operators() {
		if user != "chief" && !slices.Contains(u.LineIds, "help") {
			continue
		}
		o, err := system.Look(t.Context(), h.System, event.OperatorStream+u.UserId, func(s operator.State, _ uint64) *wire.WallOperator {
			o := &wire.WallOperator{OperatorId: u.UserId, FirstName: u.FirstName, Presence: cmp.Or(s.Presence, event.Presence_OFFLINE),
				Connected: s.LostUntil.IsZero(), Capacity: s.Capacity, Held: int32(len(s.Slots)), LineIds: u.LineIds}
			if !s.Since.IsZero() {
				o.Since = stamp(s.Since)
			}
			return o
		})
		if err != nil {
			t.Fatal(err)
		}
		w.operators[u.UserId] = o
	}
	for _, id := range all {
		c, err := system.Look(t.Context(), h.System, event.ConversationStream+id, h.conversation)
		if err != nil {
			t.Fatal(err)
		}
		if c != nil && (user == "chief" || c.CenterId == "shop") {
			w.conversations[id] = c
		}
	}
	return w
}

func (h *house) conversation(s conversation.State, _ uint64) *wire.WallConversation {
	opened := h.Facts(event.ConversationStream + s.ID)[0].(*event.ConversationOpened)
	c := &wire.WallConversation{ConversationId: s.ID, CustomerName: opened.CustomerName, CustomerId: s.Customer, AccountId: s.Account,
		Kind: opened.Kind, CenterId: opened.CenterId, Routing: s.Routing}
	switch s.Phase {
	case conversation.Waiting:
		c.Phase, c.KeeperId, c.Since = "waiting", s.Routing.GetLineId(), stamp(s.Wait.Since)
	case conversation.Served:
		c.Phase, c.KeeperId, c.Since = "served", s.Operator, stamp(s.Assigned)
		c.Forced = slices.Contains(s.Forced, s.Offer)
		if owed := s.Unanswered; !owed.IsZero() {
			if s.Assigned.After(owed) {
				owed = s.Assigned
			}
			c.Unanswered = stamp(owed)
		}
	case conversation.Automatic:
		c.Phase, c.KeeperId = "automatic", s.Agent
	default:
		return nil
	}
	return c
}

// differs says how a view is something else, or nothing.
func (w truth) differs(v *view) string {
	if len(w.operators) != len(v.operators) || len(w.conversations) != len(v.conversations) {
		return fmt.Sprintf("operators %v and conversations %v are shown, where %v and %v are", slices.Sorted(maps.Keys(v.operators)),
			slices.Sorted(maps.Keys(v.conversations)), slices.Sorted(maps.Keys(w.operators)), slices.Sorted(maps.Keys(w.conversations)))
	}
	var n wire.WallCounters
	for id, o := range w.operators {
		if !proto.Equal(o, v.operators[id]) {
			return fmt.Sprintf("%s is shown as\n%v, and is\n%v", id, v.operators[id], o)
		}
		if o.Presence == event.Presence_ONLINE && o.Connected {
			n.OperatorsOnline++
		}
	}
	for id, c := range w.conversations {
		shown := v.conversations[id]
		if shown != nil {
			shown = proto.CloneOf(shown)
			if shown.Cause = 0; c.Phase == "automatic" {
				shown.Since = nil // an agent's actor does not remember it
			}
		}
		if !proto.Equal(c, shown) {
			return fmt.Sprintf("%s is shown as\n%v, and is\n%v", id, shown, c)
		}
		switch c.Phase {
		case "waiting":
			n.Waiting++
		case "served":
			n.Served++
		default:
			n.Automatic++
		}
	}
	if c := proto.CloneOf(v.counters); c != nil {
		c.Failures = 0
		if !proto.Equal(&n, c) {
			return fmt.Sprintf("the head line says %v, where %v are", c, &n)
		}
	}
	return ""
}
