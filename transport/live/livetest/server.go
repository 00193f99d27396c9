/*
Package livetest puts a server with its sockets together on a file system in
memory, and clients that believe nothing: what they are sent must be the next
fact of its stream, or they fail.

Sign-in is replaced by a name in the query. Everything else is the product.
*/
package livetest

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/julienschmidt/httprouter"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/store"
	"crafttalkd/store/blob"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/desk"
	"crafttalkd/transport/intake"
	"crafttalkd/transport/live"
	"crafttalkd/transport/problem"
	"crafttalkd/transport/visitor"
)

// Signing is what the sites of every widget sign identities with.
const Signing = "the site's own secret"

// Patience is how long a client waits for what must come.
const Patience = 20 * time.Second

// Options are the choices of a test. The zero value is a server like any other.
type Options struct {
	FS    vfs.FS
	Room  func() (free, total uint64, err error)
	Carry int64
	Lag   int
	Log   io.Writer
}

// A Server is a whole server. It has a center "shop" with the line "help", the
// widgets "site" and "blog", the account "bot" of another kind, and the
// operators Oleg and Olga.
type Server struct {
	*system.System
	HTTP     *httptest.Server
	Hub      *live.Hub
	Door     *intake.Door
	Links    *intake.Links
	Receipts *intake.Receipts
	Desk     *desk.Desk
	Lobby    *visitor.Lobby
	Articles *articles.View
	Master   *keys.Master
	Log      *slog.Logger

	t     testing.TB
	store *pebblestore.Store
	blobs *blob.Store
	mu    sync.Mutex // guards out
	out   map[string]bool
}

// Start starts a server that ends with the test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	if o.FS == nil {
		o.FS = vfs.NewMem()
	}
	if o.Room == nil {
		o.Room = func() (uint64, uint64, error) { return 1 << 40, 1 << 40, nil }
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	s := &Server{t: t, Master: keys.NewMaster(), out: map[string]bool{}, Log: slog.New(slog.NewTextHandler(o.Log, nil))}
	var err error
	if s.store, err = pebblestore.Open("store", pebblestore.Options{FS: o.FS, Log: s.Log}); err != nil {
		t.Fatal(err)
	}
	ring := keys.NewRing(s.Master, s.store)
	j, err := journal.Open(s.store, ring)
	if err != nil {
		t.Fatal(err)
	}
	if s.blobs, err = blob.Open(t.TempDir(), ring); err != nil {
		t.Fatal(err)
	}
	if s.System, err = system.Start(system.Config{Journal: j, Now: time.Now, Log: s.Log}); err != nil {
		t.Fatal(err)
	}
	s.Put(center()...)
	s.open(o)
	t.Cleanup(s.close)
	return s
}

// open makes the edges.
func (s *Server) open(o Options) {
	var err error
	if s.Links, err = intake.OpenLinks(s.Journal(), s.store); err != nil {
		s.t.Fatal(err)
	}
	go s.Links.Follow()
	if s.Articles, err = articles.Open(s.Journal()); err != nil {
		s.t.Fatal(err)
	}
	go s.Articles.Run()
	s.Hub = live.NewHub(s.Journal())
	go s.Hub.Run()
	s.Receipts = &intake.Receipts{Table: s.store, CustomerID: s.Master.CustomerID, Tells: func(string) bool { return true }}
	s.Door = intake.NewDoor(intake.Config{System: s.System, CustomerID: s.Master.CustomerID, Links: s.Links, Receipts: s.Receipts,
		Asks: asks, Typing: func(conv string) { s.Hub.Typing(nil, conv, "customer") }, Room: o.Room, Carry: o.Carry, Lag: o.Lag})
	s.Receipts.Known = s.Door.Known
	if err := s.Receipts.Open(s.Journal()); err != nil {
		s.t.Fatal(err)
	}
	go s.Receipts.Follow()
	s.Lobby = visitor.New(visitor.Config{System: s.System, Hub: s.Hub, Door: s.Door, Log: s.Log,
		CustomerID: s.Master.CustomerID, Blobs: s.blobs, Secret: []byte("secret"), Refuse: problem.Write,
		Signing: func(*event.Account) ([]string, error) { return []string{Signing}, nil }, Version: "test"})
	s.Desk = desk.New(desk.Config{System: s.System, Hub: s.Hub, Log: s.Log, Authenticate: s.who, Refuse: problem.Write,
		Asks: asks, Articles: s.Articles.State,
		Origin: func(*http.Request, string) bool { return true }, Version: "test"})
	router := httprouter.New()
	router.HandlerFunc("POST", "/widget/v1/:account/session", s.Lobby.Session)
	router.HandlerFunc("GET", "/widget/v1/:account/socket", s.Lobby.Socket)
	router.HandlerFunc("GET", "/widget/v1/:account/messages", s.Lobby.Messages)
	router.HandlerFunc("POST", "/widget/v1/:account/messages", s.Lobby.Say)
	router.HandlerFunc("OPTIONS", "/widget/v1/:account/messages", s.Lobby.Options)
	router.HandlerFunc("POST", "/widget/v1/:account/rating", s.Lobby.Rate)
	router.HandlerFunc("GET", "/widget/v1/:account/config", s.Lobby.Configuration)
	router.HandlerFunc("GET", "/widget/v1/:account/logo", s.Lobby.Logo)
	router.HandlerFunc("POST", "/widget/v1/:account/files", s.Lobby.Upload)
	router.HandlerFunc("GET", "/widget/v1/:account/files/:hash", s.Lobby.Download)
	router.Handler("GET", "/desk/v1/socket", s.Desk)
	s.HTTP = httptest.NewServer(router)
}

func (s *Server) close() {
	s.HTTP.CloseClientConnections()
	s.Desk.Stop()
	s.Lobby.Stop()
	s.HTTP.Close()
	s.Kill()
	if err := s.store.Close(); err != nil {
		s.t.Error(err)
	}
}

// Table is where readings keep their rows.
func (s *Server) Table() store.Table { return s.store }

// Who takes the user's word for it.
func (s *Server) Who(r *http.Request) (desk.Who, error) { return s.who(r) }

// who takes the user's word for it.
func (s *Server) who(r *http.Request) (desk.Who, error) {
	user := r.URL.Query().Get("user")
	if s.Directory.State().User(user) == nil {
		return desk.Who{}, refusal.New(refusal.Denied, "sign in")
	}
	return desk.Who{User: user, Alive: func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return !s.out[user]
	}}, nil
}

// SignOut ends the user's sessions.
func (s *Server) SignOut(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out[user] = true
}

// asks has accounts of one kind that can ask for a number.
func asks(kind string) []event.Ask {
	if kind == "asking" {
		return []event.Ask{event.Ask_ASK_PHONE}
	}
	return nil
}

func center() []event.Event {
	help := &event.Routing{LineId: "help"}
	return []event.Event{
		&event.Center{CenterId: "shop", Name: "Shop"},
		&event.Line{LineId: "help", Name: "Help", CenterId: "shop"},
		&event.Topic{TopicId: "parcel", Name: "Parcels"},
		&event.Account{AccountId: "site", Kind: "widget", Name: "Site", CenterId: "shop", Routing: help, Settings: `{"rate":100000}`},
		&event.Account{AccountId: "blog", Kind: "widget", Name: "Blog", CenterId: "shop", Routing: help,
			Settings: `{"sites":["https://shop.example","https://m.shop.example:8443"],"rate":5}`},
		&event.Account{AccountId: "bot", Kind: "api", Name: "Bot", CenterId: "shop", Routing: help},
		&event.Account{AccountId: "tg", Kind: "asking", Name: "Asking", CenterId: "shop", Routing: help},
		&event.Account{AccountId: "shy", Kind: "asking", Name: "Shy", CenterId: "shop", Routing: help, Settings: `{"ask_phone":""}`},
		&event.Account{AccountId: "shut", Kind: "widget", Name: "Shut", CenterId: "shop", Routing: help, Disabled: true},
		User("oleg"), User("olga"),
	}
}

// User is an operator with every right.
func User(id string) *event.User {
	return &event.User{UserId: id, Login: id, FirstName: strings.ToUpper(id[:1]) + id[1:], LineIds: []string{"help"},
		CenterIds: []string{"shop"}, Capacity: 100, Roles: []string{"view_reroute_btn", "send_files", "send_pics", "view_kb"}}
}

// Put changes the directory and returns when everybody knows.
func (s *Server) Put(entries ...event.Event) {
	s.t.Helper()
	for _, e := range entries {
		a := s.Ask(event.DirectoryStream, directory.Put{By: "setup", Entry: e, Any: true})
		if err := s.Directory.Wait(s.t.Context(), a.Version); err != nil {
			s.t.Fatal(err)
		}
	}
}

// Know changes the knowledge base and returns when everybody knows.
func (s *Server) Know(entries ...event.Event) {
	s.t.Helper()
	for _, e := range entries {
		a := s.Ask(event.KnowledgeStream, knowledge.Put{By: "setup", Entry: e, Any: true})
		if err := s.Articles.Wait(s.t.Context(), a.Version); err != nil {
			s.t.Fatal(err)
		}
	}
}

// Keep keeps a file for a subject and returns its hash.
func (s *Server) Keep(subject, content string) string {
	s.t.Helper()
	b, err := s.blobs.Put(s.t.Context(), subject, strings.NewReader(content), 1<<20)
	if err != nil {
		s.t.Fatal(err)
	}
	return b.Hash
}

// Ask brings a command to an actor, which must not refuse it.
func (s *Server) Ask(stream string, cmd any) shell.Answer {
	s.t.Helper()
	a, err := s.System.Ask(s.t.Context(), stream, cmd)
	if err != nil {
		s.t.Fatalf("%s: %T: %v", stream, cmd, err)
	}
	return a
}

// Force gives a conversation to an operator by a supervisor's will.
func (s *Server) Force(conv, user string) {
	s.t.Helper()
	s.Ask(event.OperatorStream+user, operator.Force{Conversation: conv, Offer: "forced-" + user, By: "boss"})
}

// Facts returns the stream as it is on disk.
func (s *Server) Facts(stream string) []event.Event {
	s.t.Helper()
	var out []event.Event
	for e, err := range s.Journal().Durable(stream, 0) {
		if err != nil {
			s.t.Fatal(err)
		}
		out = append(out, e.Event)
	}
	return out
}

// Count returns how many facts of the stream f is true for.
func (s *Server) Count(stream string, f func(event.Event) bool) int {
	return len(slices.DeleteFunc(s.Facts(stream), func(e event.Event) bool { return !f(e) }))
}
