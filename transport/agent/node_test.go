package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/problem"
)

// A node is a whole system with a runner, on a disk in memory.
type node struct {
	*system.System
	t       *testing.T
	disk    *vfs.MemFS
	store   *pebblestore.Store
	journal *journal.Journal
	runner  *Runner
	running sync.WaitGroup
	cancel  context.CancelFunc
	sent    int // messages of customers
}

// A world is what is around a node: who answers over HTTP.
type world struct {
	answers Answers
	http    http.RoundTripper
}

// answering is an agent in the world: it returns a status and a body.
type answering func(r *http.Request) (int, string)

func (f answering) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := f(r)
	if status == 0 {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return &http.Response{StatusCode: status, Status: fmt.Sprint(status), Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}}, nil
}

func boot(t *testing.T, w world, disk *vfs.MemFS) *node {
	t.Helper()
	n := &node{t: t, disk: disk}
	log := slog.New(slog.DiscardHandler)
	var err error
	n.store, err = pebblestore.Open("store", pebblestore.Options{FS: disk, Log: log, MemTableSize: 1 << 20, CacheSize: 1 << 20})
	n.must(err)
	master, err := keys.ParseMaster("0000000000000000000000000000000000000000000000000000000000000001")
	n.must(err)
	n.journal, err = journal.Open(n.store, keys.NewRing(master, n.store))
	n.must(err)
	n.System, err = system.Start(system.Config{Journal: n.journal, Now: time.Now, Log: log})
	n.must(err)
	kb, err := articles.Open(n.journal)
	n.must(err)
	answers := w.answers
	if answers == nil {
		answers = &Exact{Articles: kb.State}
	}
	n.runner, err = Open(Config{System: n.System, Journal: n.journal, Table: n.store, Articles: kb.State, Answers: answers,
		Client: &http.Client{Transport: w.http}, Secrets: func(*event.Agent) ([]string, string, error) { return nil, "hush", nil },
		Public: "https://chat.example", Serve: serveName, Key: master.Derive("agent answer"), Now: time.Now, Draw: func() uint64 { return 0 },
		Refuse: problem.Write, Log: log})
	n.must(err)
	var ctx context.Context
	ctx, n.cancel = context.WithCancel(context.Background())
	n.running.Go(func() { n.fine(kb.Run()) })
	n.running.Go(func() { n.fine(n.runner.Follow()) })
	n.running.Go(func() { n.runner.Run(ctx) })
	return n
}

// serveName answers with what would be served. What is called gone is not there.
func serveName(w http.ResponseWriter, _ *http.Request, conversation string, a *event.Attachment) error {
	if a.Blob == "gone" {
		return refusal.New(refusal.NotFound, "there is no such file")
	}
	_, err := io.WriteString(w, conversation+" "+a.Blob)
	return err
}

func (n *node) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

func (n *node) fine(err error) {
	if err != nil {
		n.t.Error(err)
	}
}

func (n *node) stop() {
	n.t.Helper()
	n.cancel()
	n.end(n.Stop(context.Background()))
}

// crash ends a node without power, and returns its disk.
func (n *node) crash() *vfs.MemFS {
	n.t.Helper()
	left := n.disk.CrashClone(vfs.CrashCloneCfg{RNG: rand.New(rand.NewPCG(1, 2))})
	n.Kill()
	n.cancel()
	n.end(nil)
	return left
}

func (n *node) end(err error) {
	n.t.Helper()
	n.running.Wait()
	if err := errors.Join(err, n.store.Close()); err != nil {
		n.t.Error(err)
	}
	synctest.Wait()
}

// put keeps entries of the organisation and of the knowledge base.
func (n *node) put(entries ...event.Event) {
	n.t.Helper()
	for _, e := range entries {
		var err error
		switch e.(type) {
		case *event.Article, *event.Slot, *event.ArticleType:
			_, err = n.Ask(context.Background(), event.KnowledgeStream, knowledge.Put{By: "setup", Entry: e, Any: true})
		default:
			_, err = n.Ask(context.Background(), event.DirectoryStream, directory.Put{By: "setup", Entry: e, Any: true})
		}
		n.must(err)
	}
	settle()
}

// settle lets everything come to rest. Appends are gathered, so it takes time.
func settle() { pass(50 * time.Millisecond) }

// pass lets virtual time go by.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// says brings what a customer writes, and returns the conversation.
func (n *node) says(who, text string) string {
	return n.brings(who, &event.Content{Text: text})
}

// presses brings a customer's press of a button.
func (n *node) presses(who, value string) string {
	return n.brings(who, &event.Content{Pressed: &event.Button{Caption: value, Value: value}})
}

func (n *node) brings(who string, c *event.Content) string {
	n.t.Helper()
	n.sent++
	account := n.Directory.State().Account("site")
	a, err := n.Ask(context.Background(), event.CustomerStream+who, customer.Receive{
		ID: who, Home: who, Key: fmt.Sprint("site/", who, "/", n.sent), Fields: map[string]string{"fname": who},
		Address: &event.Address{AccountId: "site", Address: who, Kind: "widget"},
		Opening: &event.ConversationOpened{AccountId: "site", CenterId: "shop", Kind: "widget", Routing: account.Routing,
			CustomerName: who, Policy: n.Directory.State().PolicyFor(account)},
		Message: &event.MessageReceived{MessageId: fmt.Sprint("m", n.sent), AccountId: "site", Address: who, Content: c},
	})
	n.must(err)
	settle()
	return strings.TrimPrefix(a.Stream, event.ConversationStream)
}

// told is the story of a conversation, a line for what matters of each event.
func (n *node) told(id string) string {
	n.t.Helper()
	var out []string
	for e, err := range n.journal.Events(event.ConversationStream+id, 0) {
		n.must(err)
		if line := tell(e.Event); line != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func tell(e event.Event) string {
	switch e := e.(type) {
	case *event.MessageReceived:
		return "< " + Heard{Content: e.Content}.text()
	case *event.MessageSent:
		line := "> " + e.Content.Text
		for _, b := range e.Content.Buttons {
			line += " [" + b.Caption + "]"
		}
		return line
	case *event.AgentEngaged:
		return "engaged " + e.AgentId
	case *event.AgentFailed:
		return "failed " + e.AgentId + ": " + e.Reason
	case *event.AgentRefused:
		return "refused " + e.AgentId + ": " + e.Reason
	case *event.ConversationQueued:
		return "queued " + e.Cause.String()
	case *event.ConversationClosed:
		return "closed"
	case *event.SlotFilled:
		return fmt.Sprintf("slot %s=%s", e.Class, e.Value)
	case *event.RoutingSet:
		return "routing " + e.Routing.GetLineId() + " " + strings.Join(e.Routing.GetSkills(), ",")
	case *event.TopicSet:
		return "topic " + e.TopicId
	case *event.AgentAwaited:
		if e.Until != nil {
			return "awaited"
		}
	}
	return ""
}

// want fails unless the conversation went as the lines say.
func (n *node) want(id string, lines ...string) {
	n.t.Helper()
	if got, want := n.told(id), strings.Join(lines, "\n"); got != want {
		n.t.Errorf("the conversation went\n%s\nwant\n%s", got, want)
	}
}

// state is that of a conversation.
func (n *node) state(id string) conversation.State {
	n.t.Helper()
	s, err := system.Look(context.Background(), n.System, event.ConversationStream+id, func(s conversation.State, _ uint64) conversation.State { return s })
	n.must(err)
	return s
}

// article says texts, and expects questions.
func article(id, text string, questions ...string) *event.Article {
	return &event.Article{ArticleId: id, Identifier: id, Title: "On " + id, TypeId: "KB", Questions: questions,
		Answers: []*event.Answer{{AnswerId: id + "1", Text: text}}}
}

// organise makes a shop whose customers meet the agents in order.
func (n *node) organise(agents ...*event.Agent) {
	n.t.Helper()
	n.put(&event.Center{CenterId: "shop", TimeZone: "UTC"}, &event.Line{LineId: "help", CenterId: "shop"}, &event.Line{LineId: "vip", CenterId: "shop"},
		&event.Skill{Skill: "gold"}, &event.Topic{TopicId: "weather"}, &event.Language{Language: "en"},
		&event.ArticleType{TypeId: "KB", Identifier: "KB", Name: "KB"},
		article("hello", "Welcome!"), article("hours", "We open at ten.", "When do you open?"), article("price", "It costs a rouble.", "What does it cost?"))
	chain := []string{}
	for _, a := range agents {
		n.put(a)
		chain = append(chain, a.AgentId)
	}
	n.put(&event.Account{AccountId: "site", Kind: "widget", CenterId: "shop", OwnAgents: true, Agents: chain, Routing: &event.Routing{LineId: "help", Language: "en"}})
}

// inShop runs f in a bubble, in a shop whose customers meet the agents.
func inShop(t *testing.T, w world, agents []*event.Agent, f func(n *node)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.organise(agents...)
		f(n)
	})
}

// The agents of most shops.
var (
	hello   = &event.Agent{AgentId: "hello", Kind: directory.Greeting, ArticleId: "hello"}
	theBot  = &event.Agent{AgentId: "bot", Kind: directory.Bot}
	weather = &event.Agent{AgentId: "weather", Kind: directory.External, External: &event.ExternalAgent{Url: "https://weather.example/turn"}}
	sage    = &event.Agent{AgentId: "sage", Kind: directory.Model, External: &event.ExternalAgent{Url: "https://models.example/v1/", Model: "small"}}
)

func chain(agents ...*event.Agent) []*event.Agent { return agents }
