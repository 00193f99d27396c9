/*
Package visitor is the customer's socket: the widget on a web site.

It speaks the desk's protocol with other rights: a visitor sees the messages of
the own conversations and how far they are, and nothing that is among operators.

	POST /widget/v1/ACCOUNT/session   -> a token: who the visitor is from now on
	GET  /widget/v1/ACCOUNT/socket    -> say, typing, seen, rate; bubbles, progress
	GET  /widget/v1/ACCOUNT/messages  -> the same without a socket
	POST /widget/v1/ACCOUNT/messages

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
	// Secret signs tokens.
	Secret []byte
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
}

// New returns a lobby.
func New(c Config) *Lobby {
	l := &Lobby{config: c, open: map[*session]struct{}{}}
	l.upgrade = live.NewUpgrader(l.allowed)
	return l
}

// allowed reports whether pages of an origin may show the account's widget:
// those of its settings' sites, or all if it names none.
func (l *Lobby) allowed(r *http.Request, origin string) bool {
	sites := settingsOf(l.config.System.Directory.State().Account(accountOf(r))).Sites
	if len(sites) == 0 {
		return origin != "null"
	}
	for _, s := range sites {
		if strings.EqualFold(s, origin) {
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
		l.config.Refuse(w, r, err)
		return
	}
	conn, err := l.upgrade.Upgrade(w, r)
	if err != nil {
		return // the upgrader has answered
	}
	s := &session{lobby: l, conn: conn, visitor: v}
	l.mu.Lock()
	l.open[s] = struct{}{}
	l.mu.Unlock()
	conn.Serve(s.take, func() {
		s.end()
		l.mu.Lock()
		delete(l.open, s)
		l.mu.Unlock()
	})
}

func (l *Lobby) isStopped() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stopped
}

// Stop says goodbye to everybody; they know their place and come back.
func (l *Lobby) Stop() {
	l.mu.Lock()
	l.stopped = true
	var all []*session
	for s := range l.open {
		all = append(all, s)
	}
	l.mu.Unlock()
	for _, s := range all {
		s.conn.Bye("stopping")
	}
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
	account := accountOf(r)
	a := l.config.System.Directory.State().Account(account)
	if a == nil || a.Kind != Kind {
		return visitor{}, refusal.New(refusal.NotFound, "there is no widget %q", account)
	}
	if a.Disabled {
		return visitor{}, refusal.New(refusal.Denied, "the channel is switched off")
	}
	address, ok := l.address(tokenOf(r))
	if !ok {
		return visitor{}, refusal.New(refusal.Denied, "the token is not one of ours")
	}
	return visitor{account, address, l.config.CustomerID(account, address)}, nil
}

// home returns the customer who has the visitor's address now, and the
// conversation that is open.
func (l *Lobby) home(ctx context.Context, v visitor) (id, open string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	id = v.customer
	for range 8 { // an address may have moved more than once, never in a circle
		var next string
		next, err = system.Look(ctx, l.config.System, event.CustomerStream+id, func(s customer.State, _ uint64) string {
			open = customer.OpenConversation(s)
			if s.Moved != "" {
				return s.Moved
			}
			return s.Into
		})
		if err != nil || next == "" {
			return id, open, err
		}
		id = next
	}
	return id, "", refusal.New(refusal.Conflict, "the customer is being moved; try again")
}
