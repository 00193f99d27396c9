/*
Package desk is the operator's socket: a snapshot, then the events after it.

	          Hello{held}
	browser -------------> session ---commands---> actors
	        <------------- Desk, Entry… <--- hub <--- journal

A session follows the operator's own stream and the stream of every
conversation that the operator keeps, from its first event. Coming back after a
lost line, the client names the versions it holds and gets exactly the rest; of
a stream that is not the operator's any more it gets the last events it may see
and [wire.Gone], and if it names a version that never was, [wire.Reset] and the
stream from its first event.

What is long ago is read from the journal and sent as fast as the reader takes
it; what is new is pushed, and a reader who can't follow that is cut off.

Two tabs of one operator are two sessions: both see everything, either may act,
and a frame sent twice has its effect once.
*/
package desk

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/live"
)

// A Config is what the desk is made of.
type Config struct {
	System *system.System
	Hub    *live.Hub
	Log    *slog.Logger
	// Authenticate says who asks for a socket, or answers with a refusal.
	Authenticate func(*http.Request) (Who, error)
	// Refuse answers a request for a socket that is refused.
	Refuse func(http.ResponseWriter, *http.Request, error)
	// Origin reports whether pages of an origin may connect.
	Origin func(r *http.Request, origin string) bool
	// Typed is told in which conversation an operator types, and must not wait;
	// nil for nobody.
	Typed func(conversation string)
	// Asks tells what a kind of channel can ask a customer for; nil for nothing.
	Asks func(kind string) []event.Ask
	// Articles returns the knowledge base as it is now; nil for none.
	Articles func() *articles.Base
	Version  string // of the server
}

// Who is a signed-in user and the session that proves it.
type Who struct {
	User    string
	Session string
	// Alive reports whether the session still stands.
	Alive func() bool
}

// A Desk serves operators' sockets.
type Desk struct {
	config  Config
	upgrade *live.Upgrader

	mu       sync.Mutex            // guards what follows
	sessions map[*session]struct{} // open
	here     map[string]int        // how many sockets each operator has
	stopped  bool

	empty   chan struct{} // closed by emptied
	emptied func()        // once stopped and the last socket gone
}

// New returns a desk.
func New(c Config) *Desk {
	d := &Desk{config: c, upgrade: live.NewUpgrader(c.Origin), sessions: map[*session]struct{}{}, here: map[string]int{},
		empty: make(chan struct{})}
	d.emptied = sync.OnceFunc(func() { close(d.empty) })
	return d
}

// ServeHTTP upgrades a request to a socket.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	who, err := d.config.Authenticate(r)
	if err == nil && d.isStopped() {
		err = system.ErrStopped
	}
	if err != nil {
		d.config.Refuse(w, r, err)
		return
	}
	conn, err := d.upgrade.Upgrade(w, r)
	if err != nil {
		return // the upgrader has answered
	}
	s := &session{desk: d, conn: conn, who: who, stream: event.OperatorStream + who.User,
		tracks: map[string]*track{}, kept: map[string]bool{}, slots: make(chan struct{}, inFlight)}
	d.arrive(s)
	conn.Serve(s.take, func() { d.leave(s) })
}

func (d *Desk) isStopped() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stopped
}

func (d *Desk) arrive(s *session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sessions[s] = struct{}{}
	d.here[s.who.User]++
	if d.stopped {
		s.conn.Bye("stopping")
	}
}

// leave forgets a session. With the operator's last socket the grace time begins.
func (d *Desk) leave(s *session) {
	s.end()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.sessions, s)
	if d.here[s.who.User]--; d.here[s.who.User] == 0 {
		delete(d.here, s.who.User)
		if s.isOperator() {
			d.disconnect(s.who.User)
		}
	}
	if d.stopped && len(d.sessions) == 0 {
		d.emptied()
	}
}

// disconnect tells an operator that no socket is open, and tells it again if it
// was too busy to listen. The lock is held, so that a socket that opens now says
// Connect after it.
func (d *Desk) disconnect(user string) {
	if d.here[user] > 0 || d.stopped {
		return
	}
	lost := operator.Disconnect{Grace: d.config.System.GraceOf(user)}
	d.config.System.Tell(event.OperatorStream+user, lost, func(a shell.Answer) {
		if a.Err != nil {
			time.AfterFunc(again, func() {
				d.mu.Lock()
				defer d.mu.Unlock()
				d.disconnect(user)
			})
		}
	})
}

// again is how long a command waits that found no hearing.
const again = time.Second

// Watch ends the sockets of sessions that were ended and users that were
// disabled, every second until ctx is done.
func (d *Desk) Watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, s := range d.open() {
			if !s.allowed() {
				s.conn.Bye("signed_out")
			}
		}
	}
}

func (d *Desk) open() []*session {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := make([]*session, 0, len(d.sessions))
	for s := range d.sessions {
		out = append(out, s)
	}
	return out
}

// Stop says goodbye to everybody, and returns when they are gone: they know
// their place and come back.
func (d *Desk) Stop() {
	d.mu.Lock()
	d.stopped = true
	if len(d.sessions) == 0 {
		d.emptied()
	}
	d.mu.Unlock()
	for _, s := range d.open() {
		s.conn.Bye("stopping")
	}
	live.Wait(d.empty)
}

// Sockets returns how many are open.
func (d *Desk) Sockets() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.sessions)
}

// errHello is the answer to a client that does not begin as it should.
var errHello = errors.New("hello comes first, and once")
