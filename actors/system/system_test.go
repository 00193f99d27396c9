package system_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// settle lets everything come to rest. Appends are gathered, so it takes time.
func settle() {
	time.Sleep(100 * time.Millisecond) // of the bubble
	synctest.Wait()
}

// A node is a whole system on a file system in memory, without its edges.
type node struct {
	*system.System
	fs    vfs.FS
	store *pebblestore.Store
}

func start(t *testing.T, fs vfs.FS) *node {
	t.Helper()
	return startOn(t, fs, func(e store.Engine) store.Engine { return e })
}

// startOn starts a node whose journal sees the engine through a lens.
func startOn(t *testing.T, fs vfs.FS, lens func(store.Engine) store.Engine) *node {
	t.Helper()
	e, err := pebblestore.Open("store", pebblestore.Options{FS: fs})
	if err != nil {
		t.Fatal(err)
	}
	master, err := keys.ParseMaster("0000000000000000000000000000000000000000000000000000000000000001")
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(lens(e), keys.NewRing(master, e))
	if err != nil {
		t.Fatal(err)
	}
	s, err := system.Start(system.Config{Journal: j, Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return &node{s, fs, e}
}

func (n *node) stop(t *testing.T) {
	t.Helper()
	if err := n.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if err := n.store.Close(); err != nil {
		t.Error(err)
	}
}

func (n *node) ask(t *testing.T, stream string, cmd any) shell.Answer {
	t.Helper()
	a, err := n.Ask(t.Context(), stream, cmd)
	if err != nil {
		t.Fatalf("%s: %T: %v", stream, cmd, err)
	}
	return a
}

// center makes a line with one operator, Oleg, who is online.
func (n *node) center(t *testing.T) {
	t.Helper()
	for _, put := range []event.Event{
		&event.Center{CenterId: "shop", Name: "Shop"},
		&event.Line{LineId: "help", Name: "Help", CenterId: "shop"},
		&event.Account{AccountId: "site", Kind: "widget", Name: "Site", CenterId: "shop", Routing: &event.Routing{LineId: "help"}},
		&event.User{UserId: "oleg", Login: "oleg", FirstName: "Oleg", LineIds: []string{"help"}, CenterIds: []string{"shop"}, Capacity: 2},
	} {
		n.ask(t, event.DirectoryStream, directory.Put{By: "setup", Entry: put})
	}
	settle()
	n.ask(t, "operator/oleg", operator.Connect{})
	n.ask(t, "operator/oleg", operator.SetPresence{Presence: event.Presence_ONLINE, Cause: event.Cause_OPERATOR_CHOICE})
	settle()
}

func (n *node) write(t *testing.T, who, id, text string) (shell.Answer, error) {
	t.Helper()
	a := n.Directory.State().Account("site")
	return n.Ask(t.Context(), event.CustomerStream+who, customer.Receive{
		ID: who, Home: who, Key: "site/" + who + "/" + id,
		Address: &event.Address{AccountId: "site", Address: who, Kind: "widget"},
		Opening: &event.ConversationOpened{AccountId: "site", CenterId: "shop", Routing: a.Routing, Policy: n.Directory.State().SettingsFor("shop").Policy},
		Message: &event.MessageReceived{MessageId: "c" + id, AccountId: "site", Address: who, ExternalId: id, Content: &event.Content{Text: text}},
	})
}

func (n *node) conversation(t *testing.T, id string) conversation.State {
	t.Helper()
	s, err := system.Look(t.Context(), n.System, event.ConversationStream+id, func(s conversation.State, _ uint64) conversation.State { return s })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// proves CV-03, RT-05, CV-04, CV-08: the way of a first message to an operator,
// the second into the same conversation, the next one after closing into another.
func TestMessageReachesOperator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, vfs.NewMem())
		defer n.stop(t)
		n.center(t)
		a, err := n.write(t, "anna", "1", "Where is my parcel?")
		if err != nil {
			t.Fatal(err)
		}
		if a.Stream != "conversation/anna.1" {
			t.Fatalf("first message answered by %s, want conversation/anna.1", a.Stream)
		}
		settle()
		if s := n.conversation(t, "anna.1"); s.Phase != conversation.Served || s.Operator != "oleg" {
			t.Fatalf("conversation is %v with %q, want served by oleg", s.Phase, s.Operator)
		}
		if a, err := n.write(t, "anna", "1", "Where is my parcel?"); err != nil || !a.Repeated {
			t.Fatalf("the same message again: %+v, %v, want repeated", a, err)
		}
		if a, _ := n.write(t, "anna", "2", "It was due today"); a.Stream != "conversation/anna.1" {
			t.Fatalf("second message answered by %s", a.Stream)
		}
		n.ask(t, "conversation/anna.1", conversation.Reply{Operator: "oleg", ID: "r1", Content: &event.Content{Text: "Tomorrow."}})
		n.ask(t, "conversation/anna.1", conversation.Close{Operator: "oleg"})
		if a, _ := n.write(t, "anna", "3", "Thanks"); a.Stream != "conversation/anna.2" {
			t.Fatalf("message after closing answered by %s, want conversation/anna.2", a.Stream)
		}
		settle()
		if n := slots(t, n, "oleg"); n != 1 {
			t.Errorf("oleg holds %d conversations, want 1", n)
		}
	})
}

func slots(t *testing.T, n *node, op string) int {
	t.Helper()
	held, err := system.Look(t.Context(), n.System, "operator/"+op, func(s operator.State, _ uint64) int { return len(s.Slots) })
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// proves G3: first messages that arrive together open one conversation.
func TestG3_OneConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, vfs.NewMem())
		defer n.stop(t)
		n.center(t)
		got := make(chan string, 50)
		for i := range 50 {
			go func() {
				a, err := n.write(t, "anna", string(rune('a'+i)), "Hello")
				if err != nil {
					t.Error(err)
				}
				got <- a.Stream
			}()
		}
		for range 50 {
			if s := <-got; s != "conversation/anna.1" {
				t.Errorf("message went to %s, want conversation/anna.1", s)
			}
		}
	})
}

// proves TM-09, G25: a timer outlives the process and fires once.
func TestG25_TimersOutliveTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fs := vfs.NewMem()
		n := start(t, fs)
		n.center(t)
		if _, err := n.write(t, "anna", "1", "Hello"); err != nil {
			t.Fatal(err)
		}
		settle()
		n.ask(t, "conversation/anna.1", conversation.Reply{Operator: "oleg", ID: "r1", Content: &event.Content{Text: "Yes?"}})
		n.stop(t)
		time.Sleep(8 * time.Hour)
		n = start(t, fs)
		defer n.stop(t)
		time.Sleep(5 * time.Second)
		settle()
		var kinds []string
		for e, err := range n.Journal().Durable("conversation/anna.1", 0) {
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, string(e.Event.ProtoReflect().Descriptor().Name()))
		}
		reminded, closed := 0, 0
		for _, k := range kinds {
			switch k {
			case "CustomerReminded":
				reminded++
			case "ConversationClosed":
				closed++
			}
		}
		if reminded != 1 || closed != 1 {
			t.Errorf("reminded %d times and closed %d times, want once each: %v", reminded, closed, kinds)
		}
	})
}

// proves G22, OP-02: what an operator at lunch held goes back to the queue and
// keeps its waiting age, and reaches the next operator who comes.
func TestG22_LunchReturnsConversations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, vfs.NewMem())
		defer n.stop(t)
		n.center(t)
		n.write(t, "anna", "1", "Hello")
		settle()
		since := n.conversation(t, "anna.1").Wait.Since
		time.Sleep(time.Minute)
		n.ask(t, "operator/oleg", operator.SetPresence{Presence: event.Presence_LUNCH, Cause: event.Cause_OPERATOR_CHOICE})
		settle()
		s := n.conversation(t, "anna.1")
		if s.Phase != conversation.Waiting || !s.Wait.Since.Equal(since) {
			t.Fatalf("after lunch began: phase %v since %v, want waiting since %v", s.Phase, s.Wait.Since, since)
		}
		n.ask(t, "operator/oleg", operator.SetPresence{Presence: event.Presence_ONLINE, Cause: event.Cause_OPERATOR_CHOICE})
		settle()
		if s := n.conversation(t, "anna.1"); s.Phase != conversation.Served {
			t.Fatalf("after lunch: phase %v, want served", s.Phase)
		}
		waiting, err := system.Look(t.Context(), n.System, "queue/help", func(s queue.State, _ uint64) int { return queue.Len(s) })
		if err != nil || waiting != 0 {
			t.Errorf("%d wait, %v", waiting, err)
		}
	})
}

// proves the way of actors out of memory: an idle one is let go, and speaks
// again from what was kept.
func TestPassivation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, vfs.NewMem())
		defer n.stop(t)
		n.center(t)
		n.write(t, "anna", "1", "Hello")
		settle()
		before := n.Stats().Actors
		time.Sleep(5 * time.Minute) // short of every deadline in the default policy but the operator's
		settle()
		time.Sleep(4 * time.Minute)
		if after := n.Stats().Actors; after >= before {
			t.Errorf("%d actors in memory after 9 idle minutes, %d before", after, before)
		}
		if a, err := n.write(t, "anna", "1", "Hello"); err != nil || !a.Repeated {
			t.Errorf("the first message again: %+v, %v, want repeated", a, err)
		}
	})
}

// proves the way of actors out of memory: a conversation that is over is let go
// within seconds, with all that waits to be known of it on disk; one that is
// spoken to meanwhile stays.
func TestEndedConversationsAreLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, vfs.NewMem())
		defer n.stop(t)
		n.center(t)
		for _, who := range []string{"anna", "boris"} {
			if _, err := n.write(t, who, "1", "Hello"); err != nil {
				t.Fatal(err)
			}
		}
		settle()
		over, spoken := "anna.1", "boris.1"
		before := n.Stats().Actors
		for _, id := range []string{over, spoken} {
			n.ask(t, event.ConversationStream+id, conversation.Close{Operator: "oleg"})
		}
		for range 5 {
			time.Sleep(time.Second)
			n.conversation(t, spoken)
		}
		if left := n.Stats().Actors; left != before-1 {
			t.Errorf("%d actors are in memory, want %d: without the one that is over", left, before-1)
		}
		if phase := n.conversation(t, over).Phase; phase != conversation.Closed {
			t.Errorf("read anew it is %v, want closed", phase)
		}
	})
}

func TestUnknownStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, vfs.NewMem())
		defer n.stop(t)
		for _, stream := range []string{"", "nothing", "conversation/", "conversation/a/b", "secret/1", "directory/other"} {
			if _, err := n.Ask(context.Background(), stream, conversation.Wake{}); refusal.KindOf(err) != refusal.NotFound {
				t.Errorf("Ask(%q) = %v, want not found", stream, err)
			}
		}
		if _, err := n.Ask(context.Background(), "operator/x", errors.New("no command")); err == nil || refusal.KindOf(err) != 0 {
			t.Errorf("a command of another machine: %v, want a fault", err)
		}
	})
}
