package agent

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/view/articles"
)

// A Config is what a runner is made of.
type Config struct {
	System  *system.System
	Journal *journal.Journal
	Table   store.Table
	// Articles is the knowledge base at this moment.
	Articles func() *articles.Base
	Answers  Answers
	// Client calls external agents and models; it refuses what is not allowed.
	Client *http.Client
	// Secrets are what an agent's requests are signed with, and what a model's
	// endpoint is shown.
	Secrets func(a *event.Agent) (signing []string, bearer string, err error)
	// Public is where the world finds the server, for answers that come later and
	// for files.
	Public string
	// Serve answers with the bytes of a conversation's file.
	Serve func(w http.ResponseWriter, r *http.Request, conversation string, a *event.Attachment) error
	// Key seals the addresses that both have.
	Key []byte
	Now func() time.Time
	// Draw is the chance by which an article with random answers chooses one.
	Draw func() uint64
	// Refuse answers an HTTP request with an error.
	Refuse func(http.ResponseWriter, *http.Request, error)
	Log    *slog.Logger
}

// A Runner acts for the automatic agents. [Runner.Follow] and [Runner.Run] are
// its two halves, each with a goroutine of its own.
type Runner struct {
	Config
	reading *journal.Reading
	poke    chan struct{} // there is something in fresh
	gates   gates         // of agents that are asked over HTTP
	answers [64]sync.Mutex
	limit   int // commands that a test lets through; 0 for all

	mu        sync.Mutex // guards what follows
	kept      map[string]*post
	fresh     map[string]bool // conversations that Run has not seen; whether the customer wrote
	found     map[string]bool // conversations that were kept at the start, and may be half done
	directory uint64          // version that the agents are to be read at
}

// name is the follower's, and rows its table: a row is a conversation that an
// agent keeps.
const (
	name = "agents"
	rows = "agent"
)

// Tables are the runner's, so that they can be made anew.
func Tables() (follower string, tables []string) { return name, []string{rows} }

// A Post is a conversation that an agent keeps.
type Post struct {
	Conversation, Agent, Account, Center string
	Routing                              *event.Routing
	Since                                time.Time
}

// Open returns a runner that carries on where the last one ended: it looks at
// every conversation that an agent keeps.
func Open(c Config) (*Runner, error) {
	r, err := c.Journal.Reading(name, c.Table)
	if err != nil {
		return nil, err
	}
	a := &Runner{Config: c, reading: r, poke: make(chan struct{}, 1), kept: map[string]*post{}, fresh: map[string]bool{}, found: map[string]bool{}}
	for row, err := range c.Table.Scan(rows, "") {
		if err != nil {
			return nil, fmt.Errorf("read what agents keep: %w", err)
		}
		p, err := readPost(row)
		if err != nil {
			return nil, err
		}
		a.kept[row.Key], a.fresh[row.Key], a.found[row.Key] = p, false, true
	}
	return a, nil
}

// Kept lists the conversations that agents keep now, the oldest first.
func (r *Runner) Kept() []Post {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Post
	for id, p := range r.kept {
		out = append(out, Post{id, p.Agent, p.Account, p.Center, p.routing(), p.Since})
	}
	slices.SortFunc(out, func(a, b Post) int {
		if n := a.Since.Compare(b.Since); n != 0 {
			return n
		}
		return strings.Compare(a.Conversation, b.Conversation)
	})
	return out
}

// Follow reads the journal until it is closed.
func (r *Runner) Follow() error { return r.reading.Follow(r.take) }

// A change is what a batch changes.
type change struct {
	posts     map[string]*post // nil takes out
	fresh     map[string]bool
	directory uint64
	agents    []string // that the administrator has changed
}

func (r *Runner) take(batch []journal.Entry) error {
	c := change{posts: map[string]*post{}, fresh: map[string]bool{}}
	for _, e := range batch {
		if err := r.note(&c, e); err != nil {
			return err
		}
	}
	var changed []store.Row
	for id, p := range c.posts {
		row, err := p.row(id)
		if err != nil {
			return err
		}
		changed = append(changed, row)
	}
	if err := r.reading.Keep(batch, changed); err != nil {
		return err
	}
	r.announce(c)
	return nil
}

// note takes note of one event.
func (r *Runner) note(c *change, e journal.Entry) error {
	if e.Stream == event.DirectoryStream {
		c.organised(e)
		return nil
	}
	id, ok := strings.CutPrefix(e.Stream, event.ConversationStream)
	if !ok {
		return nil
	}
	switch f := e.Event.(type) {
	case *event.AgentEngaged:
		if f.AgentId == conversation.Silence {
			r.gone(c, id)
			return nil
		}
		p, err := r.posted(c, id, f)
		if err != nil {
			return err
		}
		c.posts[id] = p
		c.look(id)
	case *event.MessageReceived:
		if !f.Automatic && r.post(c, id) != nil {
			c.fresh[id] = true
		}
	case *event.SurveyEnded:
		if r.post(c, id) != nil {
			c.look(id)
		}
	case *event.RoutingSet:
		if p := r.post(c, id); p != nil {
			c.posts[id] = p.asking(f.Routing)
		}
	case *event.ConversationQueued, *event.ConversationAssigned, *event.ConversationClosed:
		r.gone(c, id)
	}
	return nil
}

// look asks for a look at a conversation.
func (c *change) look(id string) {
	if !c.fresh[id] {
		c.fresh[id] = false
	}
}

// organised takes note of agents that have changed.
func (c *change) organised(e journal.Entry) {
	switch f := e.Event.(type) {
	case *event.AgentPut:
		c.agents, c.directory = append(c.agents, f.Agent.AgentId), e.Version
	case *event.AgentRemoved:
		c.agents, c.directory = append(c.agents, f.AgentId), e.Version
	}
}

// gone takes a conversation out that no agent keeps any more.
func (r *Runner) gone(c *change, id string) {
	if r.post(c, id) != nil {
		c.posts[id] = nil
	}
}

// post is the conversation as the batch has left it so far, nil if no agent
// keeps it.
func (r *Runner) post(c *change, id string) *post {
	if p, ok := c.posts[id]; ok {
		return p
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept[id]
}

// posted is the conversation with the agent that keeps it now.
func (r *Runner) posted(c *change, id string, e *event.AgentEngaged) (*post, error) {
	p := r.post(c, id)
	if p == nil {
		var err error
		if p, err = r.opened(id); err != nil {
			return nil, err
		}
	}
	next := *p
	next.Agent, next.Since = e.AgentId, e.At.AsTime()
	return &next, nil
}

// opened reads how a conversation began, and what it asks for now.
func (r *Runner) opened(id string) (*post, error) {
	p := &post{}
	for e, err := range r.Journal.Durable(event.ConversationStream+id, 0) {
		if err != nil {
			return nil, fmt.Errorf("read conversation %s: %w", id, err)
		}
		switch f := e.Event.(type) {
		case *event.ConversationOpened:
			p.Account, p.Center = f.AccountId, f.CenterId
			p = p.asking(f.Routing)
		case *event.RoutingSet:
			p = p.asking(f.Routing)
		case *event.ConversationQueued:
			p = p.asking(f.Routing)
		}
	}
	return p, nil
}

// announce says what is new.
func (r *Runner) announce(c change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, p := range c.posts {
		if r.kept[id] = p; p == nil {
			delete(r.kept, id)
		}
	}
	if r.directory = max(r.directory, c.directory); len(c.agents) > 0 {
		for id, p := range r.kept {
			if slices.Contains(c.agents, p.Agent) {
				r.fresh[id] = r.fresh[id] || false
			}
		}
	}
	for id, customer := range c.fresh {
		r.fresh[id] = r.fresh[id] || customer
	}
	if len(r.fresh) > 0 {
		select {
		case r.poke <- struct{}{}:
		default:
		}
	}
}

// A piece of news is a conversation to look at, and whose it is now.
type news struct {
	agent    string
	customer bool // who wrote
}

// news returns the conversations to look at that came since it was asked last.
func (r *Runner) news() map[string]news {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := map[string]news{}
	for id, customer := range r.fresh {
		if p := r.kept[id]; p != nil {
			out[id] = news{p.Agent, customer}
		}
	}
	clear(r.fresh)
	return out
}

// resumes tells, once, whether a conversation was kept at the start: what an
// agent wanted may have been done by half.
func (r *Runner) resumes(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	found := r.found[id]
	delete(r.found, id)
	return found
}

// wanted is the version of the directory that agents are to be read at.
func (r *Runner) wanted() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.directory
}

// A post is a row.
type post struct {
	Agent   string    `json:"agent"`
	Since   time.Time `json:"since"`
	Account string    `json:"account"`
	Center  string    `json:"center"`
	Routing []byte    `json:"routing,omitempty"` // protobuf
}

func readPost(row store.Row) (*post, error) {
	p := &post{}
	if err := json.Unmarshal(row.Value, p); err != nil {
		return nil, fmt.Errorf("row %q of what agents keep: %w", row.Key, err)
	}
	return p, nil
}

func (p *post) row(id string) (store.Row, error) {
	if p == nil {
		return store.Row{Table: rows, Key: id}, nil
	}
	value, err := json.Marshal(p)
	return store.Row{Table: rows, Key: id, Value: value}, err
}

// asking is the post with what the conversation asks for now.
func (p *post) asking(r *event.Routing) *post {
	next := *p
	b, err := proto.Marshal(r)
	if err != nil {
		b = nil // no routing can't be kept
	}
	next.Routing = b
	return &next
}

func (p *post) routing() *event.Routing {
	out := &event.Routing{}
	if proto.Unmarshal(p.Routing, out) != nil {
		return &event.Routing{}
	}
	return out
}

// kindOf tells the kind of an agent, as far as there is one.
func (r *Runner) kindOf(agent string) string {
	return r.System.Directory.State().Agent(agent).GetKind()
}
