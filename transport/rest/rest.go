package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/julienschmidt/httprouter"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/actors/wall"
	"crafttalkd/channels"
	"crafttalkd/store"
	"crafttalkd/store/blob"
	"crafttalkd/store/search"
	"crafttalkd/store/search/talk"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/feed"
	"crafttalkd/transport/files"
	"crafttalkd/transport/problem"
	"crafttalkd/transport/retention"
)

// A Config is what the API is made of.
type Config struct {
	System *system.System
	Auth   Auth
	Vault  Vault
	Blobs  Blobs
	// Hand gives a file to who may have it; nil is [files.Serve].
	Hand   func(http.ResponseWriter, *http.Request, *blob.File, string) error
	Errors Errors
	Keeper Keeper
	Table  store.Table // for what users keep for themselves
	Seals  Seals
	Log    *slog.Logger

	// History is the conversations that have ended.
	History History
	// Presence knows when operators were in which status.
	Presence Presence
	// Talk finds them by what was said in them.
	Talk *talk.Index
	// Teacher makes the bot's models; nil for no bot.
	Teacher Teacher
	// Search finds articles by their words.
	Search *search.Index
	// Articles is the knowledge base.
	Articles *articles.View
	// Customers finds customers; nil finds nobody.
	Customers Customers
	// Retention forgets conversations whose time is over.
	Retention *retention.Keeper
	// Erase makes a customer unreadable, for good.
	Erase func(ctx context.Context, customer, by string) error
	// Feed hands out what happens.
	Feed *feed.Feed
	// Webhooks tell programs of others what happens.
	Webhooks Webhooks
	// Spelling looks words up.
	Spelling Spelling
	// Surveys lists what customers answered.
	Surveys Surveys
	// Call asks an account of kind phone for a call.
	Call func(ctx context.Context, account string, c channels.Call) error
	// CheckAccount refuses an account whose settings or secrets its kind could not
	// work with; nil lets everything pass.
	CheckAccount func(id, kind string, settings, secrets json.RawMessage) error
	// ShowWidget is what a page would be told of a widget with these settings, or why
	// there can be none; nil for no preview.
	ShowWidget func(settings json.RawMessage) (json.RawMessage, error)
	// Kinds are the channels that accounts can be of, beside the widget.
	Kinds channels.Registry
	// Channels are the accounts at work; nil for none.
	Channels Channels
	// CustomerID derives a customer's id from an address.
	CustomerID func(account, address string) string
	// Automatic lists the conversations that agents keep now; nil for none.
	Automatic func() []Automatic
	// Alerts lists what goes wrong now, as far as a user may see it; nil for
	// nothing. Secret is what the alerts of a center are signed with.
	Alerts func(*event.User) []wall.Alert
	Secret func(center string) string
	// TabKey derives what the contexts of a tab are signed with.
	TabKey func(purpose string) []byte
	// OpenIn counts the conversations that are open now, by center; nil counts none.
	OpenIn func() map[string]int
	// Open counts the open conversations within a user's routing settings; nil
	// counts none.
	Open func(*event.User) map[wall.Phase]int
	// TryAgent asks an agent for once, as if a customer of a center had written.
	TryAgent func(ctx context.Context, agent, center, text string) (TriedAgent, error)
	// Stopping reports whether the server is going down.
	Stopping func() bool
	// Beside are the calls that others serve and the description tells of.
	Beside []Operation
	// Gauges are figures for /metrics beside those of the process.
	Gauges []Gauge
	// Families are figures of which there are many, told apart by labels.
	Families []Family

	Version   string
	Started   time.Time
	Reserve   uint64 // bytes that must stay free; 0 stands for the smaller of 1 GiB and 5 %
	LargeFile int64  // bytes of one upload; 0 stands for 50 MiB
}

// A Vault seals the secrets of accounts.
type Vault interface {
	Seal(plain, aad []byte) []byte
	Open(sealed, aad []byte) ([]byte, error)
}

// A Server is the API as an http.Handler.
type Server struct {
	config      Config
	router      *httprouter.Router
	handler     http.Handler
	routes      []*route
	description []byte
	sameSite    *http.CrossOriginProtection
	paces       *paces
	changes     *settingsLog
	crowds      *crowds
	own         sync.Mutex // between reading and writing what a user keeps
}

// New returns the API. It panics if the table of routes is wrong.
func New(c Config) *Server {
	if c.LargeFile == 0 {
		c.LargeFile = 50 << 20
	}
	if c.Hand == nil {
		c.Hand = files.Serve
	}
	s := &Server{config: c, router: httprouter.New(), paces: newPaces(), crowds: &crowds{of: map[string]*crowd{}}, changes: &settingsLog{journal: c.System.Journal()}, sameSite: http.NewCrossOriginProtection()}
	s.router.RedirectFixedPath = false
	s.router.RedirectTrailingSlash = false
	s.router.HandleOPTIONS = false
	s.router.PanicHandler = s.broken
	s.router.NotFound = s.always(errNoPage)
	s.router.MethodNotAllowed = s.always(as(http.StatusMethodNotAllowed, "there is nothing here for this method"))
	s.routes = slices.Concat(s.sessionRoutes(), factorRoutes(), providerRoutes(), directoryRoutes(), channelRoutes(), workRoutes(), workplaceRoutes(), customerRoutes(), erasureRoutes(), retentionRoutes(), ownRoutes(), telephoneRoutes(), tabRoutes(), knowledgeRoutes(), spellingRoutes(), surveyRoutes(), reviewRoutes(), historyRoutes(), statRoutes(), presenceRoutes(), assistantRoutes(), botRoutes(), feedRoutes(), changedRoutes(), auditRoutes(), s.machineRoutes())
	var err error
	if s.description, err = describe(s.routes, c.Beside, c.Version); err != nil {
		panic(err) // the table of routes is wrong
	}
	s.register(s.routes)
	s.handler = problem.Logging(c.Log, s.router)
	return s
}

// ServeHTTP answers a request. Every answer says what browsers may do with it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	s.handler.ServeHTTP(w, r)
}

// A statusError is a refusal with a status that its kind does not tell.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }

// as returns a refusal that is answered with the status.
func as(status int, format string, args ...any) error {
	kind := refusal.Invalid
	if status == http.StatusUnauthorized {
		kind = refusal.Denied
	}
	return &statusError{status, refusal.New(kind, format, args...)}
}

var (
	errNoPage = refusal.New(refusal.NotFound, "there is nothing at this address")
	errEnrol  = refusal.New(refusal.Denied, "set up a second factor first: your role needs one")
	errSignIn = as(http.StatusUnauthorized, "sign in first")
)

// fail answers with err, as its kind or its status says.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	h := w.Header()
	h.Del("ETag")
	if e, ok := errors.AsType[*statusError](err); ok {
		if e.status == http.StatusUnauthorized {
			h.Set("WWW-Authenticate", `Bearer realm="crafttalkd"`)
		}
		problem.WriteAs(w, r, e.status, e.err)
		return
	}
	problem.Write(w, r, err)
}

func (s *Server) always(err error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, err) })
}

// broken answers for a handler that panicked. One that breaks off an answer does
// so on purpose.
func (s *Server) broken(w http.ResponseWriter, r *http.Request, what any) {
	if what == http.ErrAbortHandler {
		panic(what)
	}
	s.fail(w, r, fmt.Errorf("panic: %v\n%s", what, debug.Stack()))
}

// ask sends a command to an actor and returns the version it led to.
func (c *call) ask(stream string, cmd any) (uint64, error) {
	return c.Server.ask(c.r.Context(), stream, cmd)
}

func (s *Server) ask(ctx context.Context, stream string, cmd any) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a, err := s.config.System.Ask(ctx, stream, cmd)
	return a.Version, err
}

// patience is how long an actor may take.
const patience = 10 * time.Second

// look reads an actor's state.
func look[S, T any](c *call, stream string, f func(S) T) (T, error) {
	ctx, cancel := context.WithTimeout(c.r.Context(), patience)
	defer cancel()
	return system.Look(ctx, c.config.System, stream, func(s S, _ uint64) T { return f(s) })
}
