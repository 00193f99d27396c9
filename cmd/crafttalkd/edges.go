package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/julienschmidt/httprouter"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/transport/agent"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/egress"
	"crafttalkd/transport/files"
	"crafttalkd/transport/intake"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/visitor"
	"crafttalkd/ui"
)

// openGate makes who knows passwords, factors, providers and sessions.
func (n *node) openGate() error {
	base, err := n.config.base()
	if err != nil {
		return err
	}
	client, err := egress.New(egress.Options{Allow: n.config.egress})
	if err != nil {
		return err
	}
	c := auth.Config{Table: n.engine, Now: time.Now, Directory: n.system.Directory, Rehash: n.rehash, Vault: n.master,
		Public: base, Client: client, Words: []string{"crafttalk", n.config.company}}
	if n.config.breached != "" {
		if c.Breached, err = auth.OpenBreached(n.config.breached); err != nil {
			return err
		}
	}
	n.gate = auth.New(c)
	return nil
}

// rehash keeps a better hash of a password that has just been right.
func (n *node) rehash(ctx context.Context, user, hash string) {
	cmd := directory.SetPassword{By: user, User: user, Hash: hash}
	if _, err := n.system.Ask(ctx, event.DirectoryStream, cmd); err != nil {
		n.log.Error("rehash", "user", user, "err", err)
	}
}

// setupCode returns the one-time code of a server where nobody can sign in yet,
// or "".
func (n *node) setupCode() string {
	if n.rest.IsSetUp() {
		return ""
	}
	return n.gate.NewSetupCode()
}

func (n *node) openREST() *rest.Server {
	return rest.New(rest.Config{System: n.system, Auth: n.gate, Vault: n.master, Blobs: n.blobs, Hand: n.handouts.Hand, Errors: errorQueue{n.failures},
		Keeper: n.engine, Table: n.engine, Seals: n.ring, Customers: n.customers, Erase: n.eraseCustomer, Retention: n.retention, Articles: n.articles, Search: n.search, Surveys: n.surveys, History: n.history, Talk: n.talk, Presence: n.presence, Teacher: n.teacher, Spelling: n.spelling, Feed: n.feed, Webhooks: n.herald, Call: n.call, Log: n.log, CustomerID: n.master.CustomerID, CheckAccount: n.checkAccount, Stopping: n.stopping.Load, Automatic: n.automatic, TryAgent: n.tryAgent, Gauges: n.gauges(), Families: n.families(), Kinds: kinds, Channels: n.accounts, Beside: beside(),
		Alerts: n.wall.Alerts, OpenIn: n.wall.OpenIn, ShowWidget: visitor.Preview, Open: n.wall.Count, Secret: n.wall.Secret, TabKey: n.master.Derive, Version: version, Started: time.Now(), Reserve: n.config.reserve})
}

// call asks the telephone of an account for a call.
func (n *node) call(ctx context.Context, account string, c channels.Call) error {
	ch, err := n.accounts.Channel(account)
	if err != nil {
		return err
	}
	caller, ok := ch.(channels.Caller)
	if !ok {
		return refusal.New(refusal.NotFound, "the channel %q makes no calls", account)
	}
	return caller.Call(ctx, c)
}

// site is the web interface; it is the same for every node of a process.
var site = sync.OnceValues(ui.New)

// routes leads each address to its edge; everything else is the API's.
func (n *node) routes() http.Handler {
	r := httprouter.New()
	r.RedirectFixedPath, r.RedirectTrailingSlash, r.HandleMethodNotAllowed = false, false, false
	r.Handler("GET", "/desk/v1/socket", n.desk)
	r.Handler("GET", "/api/v1/wall", n.wall)
	r.HandlerFunc("POST", "/widget/v1/:account/session", n.lobby.Session)
	r.HandlerFunc("GET", "/widget/v1/:account/socket", n.lobby.Socket)
	r.HandlerFunc("GET", "/widget/v1/:account/messages", n.lobby.Messages)
	r.HandlerFunc("POST", "/widget/v1/:account/messages", n.lobby.Say)
	r.HandlerFunc("POST", "/widget/v1/:account/files", n.lobby.Upload)
	r.HandlerFunc("GET", "/widget/v1/:account/files/:hash", n.lobby.Download)
	r.HandlerFunc("POST", "/widget/v1/:account/rating", n.lobby.Rate)
	r.HandlerFunc("GET", "/widget/v1/:account/config", n.lobby.Configuration)
	r.HandlerFunc("GET", "/widget/v1/:account/logo", n.lobby.Logo)
	for _, what := range []string{"session", "messages", "rating", "config", "files", "files/:hash"} {
		r.HandlerFunc("OPTIONS", "/widget/v1/:account/"+what, n.lobby.Options)
	}
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		r.HandlerFunc(method, "/webhooks/:kind/:account", n.hook)
	}
	r.HandlerFunc("POST", "/channel/v1/:account/messages", n.channel)
	r.HandlerFunc("POST", "/channel/v1/:account/files", n.upload)
	r.Handler("POST", agent.AnswerPath+":token", n.agents)
	r.HandlerFunc("GET", agent.FilePath+":token", n.agents.File)
	r.HandlerFunc("HEAD", agent.FilePath+":token", n.agents.File)
	r.Handler("GET", files.LinkPath+":customer/:hash", n.handouts)
	r.Handler("HEAD", files.LinkPath+":customer/:hash", n.handouts)
	r.HandlerFunc("GET", "/demo", n.shopPage)
	r.HandlerFunc("GET", "/demo/shop.css", n.shopStyle)
	r.HandlerFunc("GET", "/setup", n.setupPage)
	r.HandlerFunc("POST", "/setup", n.setupForm)
	r.HandlerFunc("GET", "/setup/setup.css", n.setupStyle)
	r.NotFound = n.site.Over(n.rest)
	return r
}

// channel lets a third party in that has the account's key.
func (n *node) channel(w http.ResponseWriter, r *http.Request) {
	ch, id, err := n.thirdParty(r)
	hook, ok := ch.(channels.Webhook)
	if err == nil && !ok {
		err = refusal.New(refusal.NotFound, "the channel %q takes no messages here", id)
	}
	if err != nil {
		n.rest.Refuse(w, r, err)
		return
	}
	hook.ServeHTTP(w, r)
}

// thirdParty returns the channel of the account that a request is about, if it
// came with the account's key.
func (n *node) thirdParty(r *http.Request) (ch channels.Channel, id string, err error) {
	id = httprouter.ParamsFromContext(r.Context()).ByName("account")
	a := n.system.Directory.State().Account(id)
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s, err := rest.OpenSecrets(n.master, a)
	if err == nil && (a == nil || !s.Allows(key)) {
		err = refusal.New(refusal.Denied, "the key is not one of this channel's")
	}
	if err != nil {
		return nil, id, err
	}
	ch, err = n.accounts.Channel(id)
	return ch, id, err
}

// sameOrigin reports whether a page comes from this very server.
func sameOrigin(r *http.Request, origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// errorQueue shows the intake's failures as the API wants them.
type errorQueue struct{ failures *intake.Failures }

func (q errorQueue) List(context.Context) ([]rest.Failed, error) {
	list, err := q.failures.List()
	out := make([]rest.Failed, 0, len(list))
	for _, f := range list {
		out = append(out, rest.Failed{ErrorID: f.ID, At: f.At, AccountID: f.Account, Reason: f.Reason, Size: f.Size, Raw: f.Raw})
	}
	return out, err
}

func (q errorQueue) Retry(ctx context.Context, id, _ string) error { return q.failures.Again(ctx, id) }

func (q errorQueue) Discard(_ context.Context, id, _ string) error { return q.failures.Discard(id) }

func (q errorQueue) Raw(_ context.Context, id string) ([]byte, error) { return q.failures.Raw(id) }
