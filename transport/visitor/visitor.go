/*
Package visitor is the customer's socket: the widget on a web site.

It speaks the desk's protocol with other rights: a visitor sees the messages of
the own conversations and how far they are, and nothing that is among operators.

	POST /widget/v1/ACCOUNT/session   -> a token: who the visitor is from now on
	GET  /widget/v1/ACCOUNT/socket    -> say, typing, seen, rate; bubbles, progress
	GET  /widget/v1/ACCOUNT/messages  -> the same without a socket
	POST /widget/v1/ACCOUNT/messages
	POST /widget/v1/ACCOUNT/rating
	GET  /widget/v1/ACCOUNT/config    -> how the widget looks and what it says

A token is made by the server and kept by the browser alone: the visitor's
address is derived from it, so ten thousand visitors who only look cost the
store nothing.
*/
package visitor

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/store/blob"
	"crafttalkd/transport/files"
	"crafttalkd/transport/intake"
	"crafttalkd/transport/live"
)

// Kind is the kind of the accounts that are widgets.
const Kind = "widget"

// A Config is what the visitors' edge is made of.
type Config struct {
	System *system.System
	Hub    *live.Hub
	Door   *intake.Door
	Log    *slog.Logger
	// CustomerID derives the customer's id from an address.
	CustomerID func(account, address string) string
	Blobs      Blobs
	// Hand gives a file to who may have it; nil is [files.Serve].
	Hand func(http.ResponseWriter, *http.Request, *blob.File, string) error
	// Secret signs tokens.
	Secret []byte
	// Signing opens what the sites of an account sign identities with; nil for nothing.
	Signing func(*event.Account) ([]string, error)
	// Refuse answers a request that is refused, in the usual form.
	Refuse  func(http.ResponseWriter, *http.Request, error)
	Version string // of the server
}

// A Lobby serves visitors' sockets and requests.
type Lobby struct {
	config  Config
	upgrade *live.Upgrader

	mu      sync.Mutex // guards what follows
	open    map[*session]struct{}
	stopped bool

	empty   chan struct{} // closed by emptied
	emptied func()        // once stopped and the last socket gone
}

// New returns a lobby.
func New(c Config) *Lobby {
	if c.Hand == nil {
		c.Hand = files.Serve
	}
	l := &Lobby{config: c, open: map[*session]struct{}{}, empty: make(chan struct{})}
	l.emptied = sync.OnceFunc(func() { close(l.empty) })
	l.upgrade = live.NewUpgrader(l.allowed)
	return l
}

// allowed reports whether pages of an origin may show the account's widget:
// those of its settings' sites, or all if it names none.
func (l *Lobby) allowed(r *http.Request, origin string) bool {
	if origin == "null" { // a page that hides where it is from
		return false
	}
	sites := settingsOf(l.config.System.Directory.State().Account(accountOf(r))).Sites
	if len(sites) == 0 {
		return true
	}
	for _, s := range sites {
		if strings.EqualFold(strings.TrimSuffix(s, "/"), origin) {
			return true
		}
	}
	return false
}

// Socket upgrades a request to a visitor's socket.
func (l *Lobby) Socket(w http.ResponseWriter, r *http.Request) {
	v, err := l.visitor(r)
	if err == nil && l.isStopped() {
		err = system.ErrStopped
	}
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	conn, err := l.upgrade.Upgrade(w, r)
	if err != nil {
		return // the upgrader has answered
	}
	s := &session{lobby: l, conn: conn, visitor: v}
	l.arrive(s)
	conn.Serve(s.take, func() { l.leave(s) })
}

func (l *Lobby) arrive(s *session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[s] = struct{}{}
	if l.stopped {
		s.conn.Bye("stopping")
	}
}

func (l *Lobby) leave(s *session) {
	s.end()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, s)
	if l.stopped && len(l.open) == 0 {
		l.emptied()
	}
}

func (l *Lobby) isStopped() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stopped
}

// Stop says goodbye to everybody, and returns when they are gone: they know
// their place and come back.
func (l *Lobby) Stop() {
	l.mu.Lock()
	l.stopped = true
	for s := range l.open {
		s.conn.Bye("stopping")
	}
	if len(l.open) == 0 {
		l.emptied()
	}
	l.mu.Unlock()
	live.Wait(l.empty)
}

// Sockets returns how many are open.
func (l *Lobby) Sockets() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// A visitor is who a token says.
type visitor struct {
	account  string
	address  string
	customer string // the home of the address
}

// visitor reads who asks.
func (l *Lobby) visitor(r *http.Request) (visitor, error) {
	account, err := l.widget(r)
	if err != nil {
		return visitor{}, err
	}
	address, ok := l.address(tokenOf(r))
	if !ok {
		return visitor{}, refusal.New(refusal.Denied, "the token is not one of ours")
	}
	return visitor{account, address, l.config.CustomerID(account, address)}, nil
}

// widget returns the account that a request is for, if it may be used and by
// the page that asks.
func (l *Lobby) widget(r *http.Request) (string, error) {
	id := accountOf(r)
	a := l.config.System.Directory.State().Account(id)
	if a == nil || a.Kind != Kind {
		return "", refusal.New(refusal.NotFound, "there is no widget %q", id)
	}
	if a.Disabled {
		return "", refusal.New(refusal.Denied, "the channel is switched off")
	}
	if o := r.Header.Get("Origin"); o != "" && !l.allowed(r, o) {
		return "", refusal.New(refusal.Denied, "this site may not show the widget")
	}
	return id, nil
}

// home returns the customer who has the visitor's address now, and the
// conversation that is open. Each customer on the way is passed to meet before
// it is asked.
//
// An address that was given to a customer and taken out of that one's list is
// the visitor's own again, even before its home has heard of it.
func (l *Lobby) home(ctx context.Context, v visitor, meet func(customer string)) (id, open string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var own standing
	id = v.customer
	for hop := range 8 { // an address may have moved more than once, never in a circle
		meet(id)
		at, err := l.ask(ctx, v, id)
		if hop == 0 {
			own = at
		}
		switch {
		case err != nil:
			return id, "", err
		case at.next != "":
			id = at.next
		case own.lent && !at.holds:
			return v.customer, own.open, nil
		default:
			return id, at.open, nil
		}
	}
	return id, "", refusal.New(refusal.Conflict, "the customer is being moved; try again")
}

// standing is how a customer stands to a visitor's address.
type standing struct {
	next  string // who is to be asked instead
	lent  bool   // the address was given to next
	holds bool   // it is the customer's
	open  string // the conversation that is open
}

// ask returns how a customer stands to the visitor's address. Nobody is
// bothered for a visitor who never wrote: most only look.
func (l *Lobby) ask(ctx context.Context, v visitor, id string) (standing, error) {
	stream := event.CustomerStream + id
	if n, err := l.config.System.Journal().Version(stream); err != nil || n == 0 {
		return standing{}, err
	}
	return system.Look(ctx, l.config.System, stream, func(s customer.State, _ uint64) standing {
		next, _ := customer.Elsewhere(s, customer.Find{ID: id, Home: v.customer})
		return standing{next: next, lent: next != "" && next == s.Moved, open: customer.OpenConversation(s),
			holds: customer.Has(s, v.account, v.address)}
	})
}

// refuse answers a request with a refusal that the page may read.
func (l *Lobby) refuse(w http.ResponseWriter, r *http.Request, err error) {
	l.cors(w, r)
	l.config.Refuse(w, r, err)
}
