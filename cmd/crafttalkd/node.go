package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/store/journal"
	"crafttalkd/store/search"
	"crafttalkd/store/search/talk"
	"crafttalkd/store/view/articles"
	"crafttalkd/store/view/customers"
	"crafttalkd/store/view/history"
	"crafttalkd/store/view/lessons"
	"crafttalkd/store/view/presence"
	"crafttalkd/store/view/surveys"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/agent"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/courier"
	"crafttalkd/transport/desk"
	"crafttalkd/transport/feed"
	"crafttalkd/transport/files"
	"crafttalkd/transport/herald"
	"crafttalkd/transport/intake"
	"crafttalkd/transport/introducer"
	"crafttalkd/transport/live"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/retention"
	"crafttalkd/transport/spelling"
	"crafttalkd/transport/teacher"
	"crafttalkd/transport/typing"
	"crafttalkd/transport/visitor"
	"crafttalkd/transport/wall"
	"crafttalkd/ui"
)

// A node is the whole server but its listening socket.
type node struct {
	*home
	config    config
	log       *slog.Logger
	journal   *journal.Journal
	system    *system.System
	hub       *live.Hub
	links     *intake.Links
	customers *customers.View
	articles  *articles.View
	search    *search.Index
	talk      *talk.Index
	surveys   *surveys.View
	agents    *agent.Runner
	feed      *feed.Feed
	herald    *herald.Herald
	spelling  *spelling.Desk
	lessons   *lessons.View
	history   *history.View
	presence  *presence.View
	teacher   *teacher.Teacher
	retention *retention.Keeper
	receipts  *intake.Receipts
	failures  *intake.Failures
	door      *intake.Door
	shelves   *accounts.Shelves
	accounts  *accounts.Accounts
	courier   *courier.Courier
	typing    *typing.Signal
	pictures  *introducer.Pictures
	uploads   *files.Uploads
	handouts  *files.Links // files by links that end by themselves
	gate      *auth.Gate
	rest      *rest.Server
	desk      *desk.Desk
	wall      *wall.Wall
	lobby     *visitor.Lobby
	site      *ui.Site
	handler   http.Handler

	stopping atomic.Bool
	running  sync.WaitGroup
	cancel   context.CancelFunc
	stopped  sync.Once
}

// openNode opens a data directory and starts everything on it.
func openNode(c config, log *slog.Logger) (*node, error) {
	h, err := openHome(c.data, log, 0)
	if err != nil {
		return nil, err
	}
	n, err := openNodeOn(h, c, log)
	if err != nil {
		h.close()
		return nil, err
	}
	return n, nil
}

// openNodeOn starts everything on an open data directory, top to bottom.
func openNodeOn(h *home, c config, log *slog.Logger) (*node, error) {
	n := &node{home: h, config: c, log: log, spelling: spelling.New()}
	if err := n.begin(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	n.cancel = cancel
	if err := n.readings(); err != nil {
		n.abandon()
		return nil, err
	}
	if err := errors.Join(n.openSearch(ctx), n.openTalk(ctx), n.beginKnowledge(ctx)); err != nil {
		n.abandon()
		return nil, err
	}
	if err := n.edges(ctx); err != nil {
		n.abandon()
		return nil, err
	}
	return n, nil
}

// begin opens the journal and starts the actors.
func (n *node) begin() (err error) {
	if n.journal, err = journal.OpenWindow(n.engine, n.ring, cmp.Or(n.config.window, journal.Window)); err != nil {
		return err
	}
	n.system, err = system.Start(system.Config{Journal: n.journal, Now: time.Now, Log: n.log})
	return err
}

// abandon ends a node that could not be opened to the end, before the store
// is closed under those who read it.
func (n *node) abandon() {
	n.stopping.Store(true)
	n.cancel()
	n.system.Kill()
	n.running.Wait()
}

// readings starts what follows the journal beside the actors.
func (n *node) readings() error {
	n.hub = live.NewHub(n.journal)
	n.running.Go(func() { n.must("hub", n.hub.Run()) })
	n.feed = feed.New(feed.Config{Journal: n.journal, Directory: n.system.Directory.State, Key: n.master.Derive("feed cursor")})
	n.running.Go(func() { n.must("feed", n.feed.Run()) })
	var err error
	if n.links, err = intake.OpenLinks(n.journal, n.engine); err != nil {
		return err
	}
	n.running.Go(func() { n.must("links", n.links.Follow()) })
	if err := n.openReceipts(); err != nil {
		return err
	}
	if n.customers, err = customers.Open(n.journal, n.engine, n.ring); err != nil {
		return err
	}
	n.running.Go(func() { n.must("customers", n.customers.Run()) })
	if n.articles, err = articles.Open(n.journal); err != nil {
		return err
	}
	n.running.Go(func() { n.must("articles", n.articles.Run()) })
	if n.surveys, err = surveys.Open(n.journal, n.engine); err != nil {
		return err
	}
	n.running.Go(func() { n.must("surveys", n.surveys.Run()) })
	return n.openLessons()
}

// openLessons starts the readings that the bot learns from.
func (n *node) openLessons() (err error) {
	if n.lessons, err = lessons.Open(n.journal, n.engine, n.ring); err != nil {
		return err
	}
	n.running.Go(func() { n.must("lessons", n.lessons.Run()) })
	if n.history, err = history.Open(n.journal, n.engine); err != nil {
		return err
	}
	n.running.Go(func() { n.must("history", n.history.Run()) })
	if n.presence, err = presence.Open(n.journal, n.engine); err != nil {
		return err
	}
	n.running.Go(func() { n.must("presence", n.presence.Run()) })
	n.teacher, err = teacher.New(teacher.Config{Articles: n.articles, Lessons: n.lessons, History: n.history, Journal: n.journal,
		Directory: n.system.Directory.State, Table: n.engine, Ring: n.ring, Dir: n.dir, Now: time.Now, Log: n.log})
	return err
}

// openReceipts starts the reading of what providers call our messages, and the
// door that asks it.
func (n *node) openReceipts() error {
	n.receipts = &intake.Receipts{Table: n.engine, CustomerID: n.master.CustomerID, Tells: n.tells}
	n.failures = &intake.Failures{Table: n.engine, Vault: n.ring, Now: time.Now}
	n.pictures = &introducer.Pictures{Now: time.Now}
	n.door = intake.NewDoor(intake.Config{System: n.system, CustomerID: n.master.CustomerID, Links: n.links, Receipts: n.receipts,
		Failures: n.failures, Asks: asks, Typing: n.customerTypes, Picture: n.pictures.Tell, Room: n.engine.Room, Reserve: n.config.reserve})
	n.receipts.Known, n.failures.Retry = n.door.Known, n.door.Receive
	if err := n.receipts.Open(n.journal); err != nil {
		return err
	}
	n.running.Go(func() { n.must("receipts", n.receipts.Follow()) })
	return nil
}

// tells reports whether the account's provider says what becomes of messages.
func (n *node) tells(account string) bool {
	a := n.system.Directory.State().Account(account)
	return a != nil && len(kinds[a.Kind].Abilities.Tells) > 0
}

// asks are what a kind of channel can ask a customer for.
func asks(kind string) []event.Ask { return kinds[kind].Abilities.Asks }

func (n *node) customerTypes(conversation string) { n.hub.Typing(nil, conversation, "customer") }

// must ends the process when a follower can't go on: a disk or a bug, and
// going on without it would be a lie.
func (n *node) must(what string, err error) {
	if err != nil && !n.stopping.Load() {
		panic(fmt.Errorf("%s: %w", what, err))
	}
}

// edges starts what talks with the world.
func (n *node) edges(ctx context.Context) error {
	n.running.Go(func() { n.must("teacher", n.teacher.Run(ctx)) })
	n.retention = n.openRetention()
	n.running.Go(func() { n.retention.Run(ctx) })
	n.running.Go(func() { n.spelling.Follow(ctx, n.articles) })
	n.running.Go(func() { n.door.Watch(ctx) })
	n.running.Go(func() { n.must("receipts", n.receipts.Watch(ctx, time.Now)) })
	if err := n.openFiles(); err != nil {
		return err
	}
	if err := n.openAccounts(); err != nil {
		return err
	}
	if err := n.deliver(ctx); err != nil {
		return err
	}
	if err := n.openAgents(ctx); err != nil {
		return err
	}
	if err := n.proclaim(ctx); err != nil {
		return err
	}
	if err := n.openGate(); err != nil {
		return err
	}
	if err := n.openWall(ctx); err != nil {
		return err
	}
	n.rest = n.openREST()
	n.running.Go(func() { n.rest.Watch(ctx) })
	n.desk = desk.New(desk.Config{System: n.system, Hub: n.hub, Log: n.log, Authenticate: n.who, Refuse: n.rest.Refuse,
		Asks: asks, Articles: n.articles.State, Origin: sameOrigin, Typed: n.typing.Typed, Version: version})
	n.running.Go(func() { n.desk.Watch(ctx) })
	n.lobby = visitor.New(visitor.Config{System: n.system, Hub: n.hub, Door: n.door, Log: n.log, CustomerID: n.master.CustomerID,
		Blobs: n.blobs, Hand: n.handouts.Hand, Secret: n.master.Derive("visitor token"), Signing: n.signing, Refuse: n.rest.Refuse, Version: version})
	var err error
	if n.site, err = site(); err != nil {
		return err
	}
	if n.handouts.Apart {
		n.site = n.site.WithFiles(n.handouts.Base)
	}
	n.handler = n.handouts.Over(n.routes())
	n.running.Go(func() { n.accounts.Run(ctx) })
	return n.fetch(ctx)
}

// signing opens what the sites of a widget sign their visitors' identities with.
func (n *node) signing(a *event.Account) ([]string, error) {
	raw, err := n.secrets(a)
	if err != nil {
		return nil, err
	}
	s, err := visitor.ReadSecrets(raw)
	return s.Signing, err
}

// who says which user asks for a desk.
func (n *node) who(r *http.Request) (desk.Who, error) {
	u, token, err := n.rest.Recognise(r)
	if err != nil {
		return desk.Who{}, err
	}
	return desk.Who{User: u.UserId, Session: token, Alive: func() bool { return n.rest.Stands(token) }}, nil
}

// stop finishes what was accepted, or until ctx is done, and ends everything
// but the home.
func (n *node) stop(ctx context.Context) error {
	var err error
	n.stopped.Do(func() {
		n.stopping.Store(true)
		n.courier.Stop(ctx)
		err = n.system.Stop(ctx)
		n.cancel()
		n.running.Wait()
	})
	return err
}

// close ends everything.
func (n *node) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return errors.Join(n.stop(ctx), n.gate.Breached.Close(), n.home.close())
}
