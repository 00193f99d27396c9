/*
Package wall is the supervisor's socket: all the work that goes on, live.

	journal --follow--> model --4 times a second--> audiences --> sockets
	                      |
	                      +--every second--> alerts --> sockets, webhooks

The [Wall] is one follower of the journal: neither queues nor operators are
asked, so it costs the router nothing however many look on. Changes are
gathered, and those who may see the same are an audience: what is new to them is
found and encoded once. A socket that has not taken the last news gets no more
until it has, and then everything that is new since, each thing once: a slow
reader is behind, but never by a backlog.

What the user may see is decided here, for every thing by itself, and again
whenever the organisation changes. A conversation that is opened is followed
from its first event, read-only, and that is recorded before the first event is
sent.

Only the names of open conversations are kept in a table, so a restart reads
those and nothing else; until that is done nobody is shown half of it.
*/
package wall

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/actors/wall"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/desk"
	"crafttalkd/transport/live"
)

// A Config is what the wall is made of.
type Config struct {
	System *system.System
	Hub    *live.Hub
	Table  store.Table
	Log    *slog.Logger
	// Authenticate says who asks for a socket, or answers with a refusal.
	Authenticate func(*http.Request) (desk.Who, error)
	// Refuse answers a request for a socket that is refused.
	Refuse func(http.ResponseWriter, *http.Request, error)
	// Origin reports whether pages of an origin may connect.
	Origin func(r *http.Request, origin string) bool
	// Channels tells how all accounts are; nil for none.
	Channels func() []accounts.Condition
	// Failures lists messages whose processing failed; nil for none.
	Failures func() ([]Failure, error)
	// Client posts alerts; nil posts none. Key derives what they are signed with.
	Client  *http.Client
	Key     func(what string) []byte
	Version string // of the server
}

// A Failure is a message whose processing failed.
type Failure struct {
	ID, Account, Reason, Raw string
	At                       time.Time
	Size                     int
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none      fault = iota
	seesAll         // shows everybody whatever there is
	trusts          // looks at rights when a socket opens, and never again
	stays           // leaves with a viewer what has left the scope
	lossy           // forgets what a slow reader has missed
	forgetful       // forgets after a restart which alerts have been raised
)

// A Wall serves supervisors' sockets.
type Wall struct {
	config  Config
	upgrade *live.Upgrader
	reading *journal.Reading
	hooks   hooks
	fault   fault

	mu         sync.Mutex // guards what follows
	model      *wall.Model
	ready      bool                          // the model has all that was there at the start
	dirty      map[key]struct{}              // what may have changed since the last round
	rows       map[key]*row                  // what is shown; empty while nobody looks on
	rev        uint64                        // of the rows, rising with every round that changes one
	version    uint64                        // of the directory that the rows were made by
	conditions map[string]accounts.Condition // of accounts, at the last look
	failures   map[string]Failure            // at the last look
	audiences  map[string]*audience          // by scope
	sessions   map[*session]struct{}         // open
	alerts     map[string]wall.Alert         // that are up
	judged     bool                          // somebody has looked whether they still are
	failing    map[string]trouble            // accounts that are broken, or were just now
	stopped    bool

	empty   chan struct{} // closed by emptied
	emptied func()        // once stopped and the last socket gone
}

// The table of open conversations, and its follower.
const (
	name = "wall"
	rows = "wall"
)

// Tables are the wall's, so that it can be made anew. Alerts that are up are no
// reading, and stay.
func Tables() (follower string, tables []string) { return name, []string{rows} }

// Open returns a wall; [Wall.Follow] and [Wall.Run] make it work.
func Open(c Config) (*Wall, error) {
	r, err := c.System.Journal().Reading(name, c.Table)
	if err != nil {
		return nil, err
	}
	w := &Wall{config: c, upgrade: live.NewUpgrader(c.Origin), reading: r, model: wall.New(), dirty: map[key]struct{}{},
		audiences: map[string]*audience{}, sessions: map[*session]struct{}{}, failing: map[string]trouble{}, rev: 1,
		empty: make(chan struct{})}
	w.emptied = sync.OnceFunc(func() { close(w.empty) })
	w.hooks.wall = w
	if w.alerts, err = readAlerts(c.Table); err != nil {
		return nil, err
	}
	return w, nil
}

// ServeHTTP upgrades a request to a socket.
func (w *Wall) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	who, err := w.config.Authenticate(r)
	if err == nil && !auth.Can(w.directory().User(who.User), directory.ViewMonitoring) {
		err = refusal.New(refusal.Denied, "this needs the permission %s", directory.ViewMonitoring)
	}
	if err == nil && w.isStopped() {
		err = system.ErrStopped
	}
	if err != nil {
		w.config.Refuse(rw, r, err)
		return
	}
	conn, err := w.upgrade.Upgrade(rw, r)
	if err != nil {
		return // the upgrader has answered
	}
	s := &session{wall: w, conn: conn, who: who, tracks: map[string]*track{}}
	w.arrive(s)
	conn.Serve(s.take, func() { w.leave(s) })
}

func (w *Wall) directory() directory.State { return w.config.System.Directory.State() }

func (w *Wall) isStopped() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stopped
}

func (w *Wall) arrive(s *session) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sessions[s] = struct{}{}
	if w.stopped {
		s.conn.Bye("stopping")
	}
}

func (w *Wall) leave(s *session) {
	s.end()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.sessions, s)
	w.join(s, nil)
	if w.stopped && len(w.sessions) == 0 {
		w.emptied()
	}
}

// round is how often news are told, and rounds how many make a look at what
// does not tell of itself: channels, errors, rights, alerts.
const (
	round  = 250 * time.Millisecond
	rounds = 4
)

// Run tells the news until ctx is done.
func (w *Wall) Run(ctx context.Context) {
	tick := time.NewTicker(round)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			w.hooks.wait()
			return
		case <-tick.C:
		}
		if n%rounds == 0 {
			w.look(ctx)
		}
		w.tell()
	}
}

// Stop says goodbye to everybody, and returns when they are gone.
func (w *Wall) Stop() {
	w.mu.Lock()
	w.stopped = true
	if len(w.sessions) == 0 {
		w.emptied()
	}
	for s := range w.sessions {
		s.conn.Bye("stopping")
	}
	w.mu.Unlock()
	live.Wait(w.empty)
}

// Sockets returns how many are open.
func (w *Wall) Sockets() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.sessions)
}

// Alerts lists those that are up, as far as a user may see them.
func (w *Wall) Alerts(u *event.User) []wall.Alert {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []wall.Alert{}
	for _, a := range w.alerts {
		if d := w.directory(); placeOf(d, a).seenBy(d, u) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b wall.Alert) int { return strings.Compare(a.Key(), b.Key()) })
	return out
}
