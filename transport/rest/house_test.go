package rest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/actors/wall"
	"crafttalkd/channels"
	"crafttalkd/store"
	"crafttalkd/store/blob"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/store/search"
	"crafttalkd/store/view/articles"
	"crafttalkd/store/view/customers"
	"crafttalkd/store/view/surveys"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/auth/authtest"
	"crafttalkd/transport/feed"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/retention"
	"crafttalkd/transport/spelling"
	"crafttalkd/transport/teacher"
)

// A house is a whole system in memory with the API in front of it. Boss has
// every role in the center shop, rival has every role in the center bank, oleg
// is an operator of the shop without a role.
type house struct {
	t         *testing.T
	system    *system.System
	store     *pebblestore.Store
	auth      *fakeAuth
	idp       *authtest.Provider
	errors    *fakeErrors
	channels  *fakeChannels
	checked   string // secrets of the account that was put last
	keeper    *fakeKeeper
	vault     rest.Vault
	api       *rest.Server
	placed    []channels.Call // by telephone
	engaged   error           // what the telephone answers
	book      *book           // checks every answer; nil for none
	receivers *receivers
	silence   func()            // ends the herald
	teacher   *teacher.Teacher  // who does not teach by itself
	retention *retention.Keeper // who does not forget by itself
	log       bytes.Buffer
}

// inHouse runs f in a bubble with a house of its own.
func inHouse(t *testing.T, f func(h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, func(*rest.Config) {})
		defer h.close()
		h.furnish()
		f(h)
	})
}

func openHouse(t *testing.T, change func(*rest.Config)) *house {
	t.Helper()
	h := &house{t: t, auth: newFakeAuth(), keeper: &fakeKeeper{free: 1 << 40, total: 1 << 41},
		errors: &fakeErrors{items: map[string]rest.Failed{}}, channels: &fakeChannels{}}
	for _, id := range []string{"site", "safe"} {
		h.channels.fare = append(h.channels.fare, accounts.Condition{AccountID: id, State: accounts.Working, Strange: map[string]int64{}})
	}
	var err error
	if h.store, err = pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()}); err != nil {
		t.Fatal(err)
	}
	master := keys.NewMaster()
	ring := keys.NewRing(master, h.store)
	j, err := journal.Open(h.store, ring)
	if err != nil {
		t.Fatal(err)
	}
	h.vault, h.keeper.table = master, h.store
	log := slog.New(slog.NewTextHandler(&h.log, nil))
	if h.system, err = system.Start(system.Config{Journal: j, Now: time.Now, Log: log}); err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(t.TempDir(), ring)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	c := rest.Config{System: h.system, Auth: h.auth, Vault: master, Blobs: blobs, Errors: h.errors, Keeper: h.keeper,
		Log: log, CustomerID: customerID, Version: "1.2.3", Started: time.Now(), LargeFile: 1 << 20, TryAgent: echoed, Erase: h.erase}
	view, err := customers.Open(j, h.store, ring)
	if err != nil {
		t.Fatal(err)
	}
	go follow(t, view.Run)
	if c.Articles, err = articles.Open(j); err != nil {
		t.Fatal(err)
	}
	go follow(t, c.Articles.Run)
	if c.Search, err = search.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	go follow(t, func() error { return errors.Join(c.Search.Follow(j), c.Search.Close()) })
	c.Table, c.Seals, c.Customers = h.store, ring, view
	asked, err := surveys.Open(j, h.store)
	if err != nil {
		t.Fatal(err)
	}
	go follow(t, asked.Run)
	c.Surveys = asked
	h.enrol(&c, j, ring)
	c.Spelling = spelling.New()
	h.lay(&c, j)
	h.tell(&c)
	c.Call = func(_ context.Context, account string, call channels.Call) error {
		h.placed = append(h.placed, call)
		return h.engaged
	}
	c.Kinds, c.Channels, c.ShowWidget, c.Alerts = botKinds(), h.channels, asTold, oneAlert
	derive(&c)
	c.CheckAccount = func(_, _ string, _, secrets json.RawMessage) error { h.checked = string(secrets); return nil }
	change(&c)
	h.api = rest.New(c)
	return h
}

// follow runs a reading of the journal until the house is closed.
func follow(t *testing.T, run func() error) {
	if err := run(); err != nil {
		t.Error(err)
	}
}

// gate gives the house factors and a provider.
func (h *house) gate() {
	h.idp = authtest.NewProvider("https://id.example", "crafttalk", time.Now)
	h.auth.Gate = auth.New(auth.Config{Directory: h.system.Directory, Table: h.store, Now: time.Now, Vault: h.vault,
		Public: "https://chat.example", Client: h.idp.Client()})
}

// lay gives the house a door and a feed.
func (h *house) lay(c *rest.Config, j *journal.Journal) {
	h.gate()
	c.Feed = feed.New(feed.Config{Journal: j, Directory: h.system.Directory.State, Key: []byte("cursors")})
	go func() {
		if err := c.Feed.Run(); err != nil {
			h.t.Error(err)
		}
	}()
}

// derive gives the house the secrets of its tabs and alerts.
func derive(c *rest.Config) {
	c.TabKey = func(purpose string) []byte { sum := sha256.Sum256([]byte(purpose)); return sum[:] }
	c.Secret = func(center string) string { return "whsec_of " + center }
}

// asTold shows a widget by the settings it is told.
func asTold(settings json.RawMessage) (json.RawMessage, error) { return settings, nil }

// oneAlert is up in the shop.
func oneAlert(u *event.User) []wall.Alert {
	if !auth.InScope(u, nil, "shop") {
		return nil
	}
	return []wall.Alert{{Kind: wall.LongQueue, Center: "shop", Line: "help", Subject: "help", Since: time.Now(), Value: 21, Bound: 20}}
}

func (h *house) close() {
	h.t.Helper()
	h.silence()
	if err := h.system.Stop(context.Background()); err != nil {
		h.t.Error(err)
	}
	if err := h.store.Close(); err != nil {
		h.t.Error(err)
	}
}

func customerID(account, address string) string {
	sum := sha256.Sum256([]byte(account + "\x00" + address))
	return hex.EncodeToString(sum[:8])
}

// furnish makes the organisation.
func (h *house) furnish() {
	h.t.Helper()
	for _, put := range []event.Event{
		&event.Center{CenterId: "shop", Name: "Shop"}, &event.Center{CenterId: "bank", Name: "Bank"},
		&event.Line{LineId: "help", Name: "Help", CenterId: "shop"}, &event.Line{LineId: "loans", Name: "Loans", CenterId: "bank"},
		&event.Account{AccountId: "site", Kind: "widget", CenterId: "shop", Routing: &event.Routing{LineId: "help"}},
		&event.Account{AccountId: "safe", Kind: "widget", CenterId: "bank", Routing: &event.Routing{LineId: "loans"}},
		&event.User{UserId: "boss", Login: "boss", CenterIds: []string{"shop"}, Roles: directory.Roles[:]},
		&event.User{UserId: "rival", Login: "rival", CenterIds: []string{"bank"}, Roles: directory.Roles[:]},
		&event.User{UserId: "oleg", Login: "oleg", FirstName: "Oleg", CenterIds: []string{"shop"}, LineIds: []string{"help"}, Capacity: 1, Roles: []string{directory.Login}},
		&event.User{UserId: "lena", Login: "lena", FirstName: "Lena", CenterIds: []string{"bank"}, LineIds: []string{"loans"}},
	} {
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: put})
	}
	h.ask(event.DirectoryStream, directory.SetPassword{By: "setup", User: "boss", Hash: "hash:the boss's word"})
	settle()
}

func (h *house) ask(stream string, cmd any) shell.Answer {
	h.t.Helper()
	a, err := h.system.Ask(context.Background(), stream, cmd)
	if err != nil {
		h.t.Fatalf("%s: %T: %v", stream, cmd, err)
	}
	return a
}

// online brings an operator on reception.
func (h *house) online(id string) {
	h.t.Helper()
	h.ask(event.OperatorStream+id, operator.Connect{})
	h.ask(event.OperatorStream+id, operator.SetPresence{Presence: event.Presence_ONLINE, Cause: event.Cause_OPERATOR_CHOICE})
	settle()
}

// erase keeps that a customer was erased. What it does to keys and files is main's.
func (h *house) erase(ctx context.Context, id, by string) error {
	found := &event.Erasure{CustomerIds: []string{id}, ConversationIds: []string{id + ".1"}, Facts: 4, AccountIds: []string{"site"}}
	for _, cmd := range []customer.Command{customer.BeginErasure{By: by, Found: found}, customer.EndErasure{}} {
		if _, err := h.system.Ask(ctx, event.CustomerStream+id, cmd); err != nil {
			return err
		}
	}
	return nil
}

// writes brings a customer's message, and returns the conversation's id.
func (h *house) writes(account, who, text string) string {
	h.t.Helper()
	a, home := h.system.Directory.State().Account(account), customerID(account, who)
	got := h.ask(event.CustomerStream+home, customer.Receive{
		ID: home, Home: home, Key: account + "/" + who + "/" + text, Fields: map[string]string{"fname": who},
		Address: &event.Address{AccountId: account, Address: who, Kind: a.Kind},
		Opening: &event.ConversationOpened{AccountId: account, CenterId: a.CenterId, Kind: a.Kind, Routing: a.Routing,
			Policy: h.system.Directory.State().SettingsFor(a.CenterId).Policy},
		Message: &event.MessageReceived{MessageId: "m-" + text, AccountId: account, Address: who, Content: &event.Content{Text: text}},
	})
	settle()
	return strings.TrimPrefix(got.Stream, event.ConversationStream)
}

// events returns the facts of a stream.
func (h *house) events(stream string) (out []event.Event) {
	h.t.Helper()
	for e, err := range h.system.Journal().Events(stream, 0) {
		if err != nil {
			h.t.Fatal(err)
		}
		out = append(out, e.Event)
	}
	return out
}

// An answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t *testing.T
}

// as makes a request by a user; nobody for "".
func (h *house) as(user, method, path, body string, headers ...string) answer {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if user != "" {
		r.Header.Set("Authorization", "Bearer "+h.auth.token(user))
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.do(r)
}

func (h *house) do(r *http.Request) answer {
	h.t.Helper()
	w := httptest.NewRecorder()
	acts := h.countActs()
	h.api.ServeHTTP(w, r)
	settle()
	if h.book != nil {
		h.book.check(h.t, r, w)
		if h.countActs() > acts {
			h.book.noted[r.Method+" "+h.book.find(r)] = true
		}
	}
	return answer{w, h.t}
}

// countActs returns how many lines the log of acts has.
func (h *house) countActs() uint64 {
	h.t.Helper()
	n, err := h.system.Journal().Version(event.AuditStream)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// want fails unless the status is the one given.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("status = %d, want %d: %s", a.Code, status, a.Body)
	}
	return a
}

// field returns a value of the JSON answered, by its path.
func (a answer) field(path ...any) any {
	a.t.Helper()
	var v any
	if err := json.Unmarshal(a.Body.Bytes(), &v); err != nil {
		a.t.Fatalf("%v: %s", err, a.Body)
	}
	for _, p := range path {
		switch p := p.(type) {
		case string:
			v = v.(map[string]any)[p]
		case int:
			v = v.([]any)[p]
		}
	}
	return v
}

// fakeAuth knows everybody: the password is told by the hash the directory
// would keep, and a token names its user.
type fakeAuth struct {
	words      map[string]string // login -> password
	ended      map[string]bool   // sessions
	tickets    map[string]string
	code       string
	invited    map[string]auth.Invitation // by token
	*auth.Gate                            // factors and providers are the gate\'s own
}

func newFakeAuth() *fakeAuth {
	return &fakeAuth{words: map[string]string{"boss": "the boss's word"}, ended: map[string]bool{},
		tickets: map[string]string{}, code: "1234-5678", invited: map[string]auth.Invitation{}}
}

func (a *fakeAuth) token(user string) string { return "token-" + user }

func (a *fakeAuth) SignIn(_ context.Context, login, password string, from auth.Place) (auth.Entrance, error) {
	if a.words[login] != password || password == "" {
		return auth.Entrance{}, refusal.New(refusal.Denied, "the login or the password is wrong")
	}
	user := login
	if login == "first" {
		user = "admin"
	}
	s, err := a.Session(a.token(user))
	s.Token, s.IP = a.token(user), from.IP
	return auth.Entrance{Session: s}, err
}

func (a *fakeAuth) Session(token string) (auth.Session, error) {
	user, ok := strings.CutPrefix(token, "token-")
	if !ok || a.ended["session-"+user] {
		return auth.Session{}, refusal.New(refusal.Denied, "the session has ended")
	}
	now := time.Now()
	return auth.Session{ID: "session-" + user, User: user, Begun: now, Seen: now, Proved: now, Expires: now.Add(12 * time.Hour)}, nil
}

func (a *fakeAuth) List(user string) ([]auth.Session, error) {
	s, err := a.Session(a.token(user))
	return []auth.Session{s}, err
}

func (a *fakeAuth) End(user, id, but string) error {
	if id == "" {
		id = "session-" + user
	}
	if id != but {
		a.ended[id] = true
	}
	return nil
}

func (a *fakeAuth) ShutOut(users ...string) error {
	for _, user := range users {
		a.End(user, "", "")
		a.Uninvite(user)
	}
	return nil
}

func (a *fakeAuth) Hash(_ context.Context, login, password string) (string, error) {
	if len(password) < 8 {
		return "", refusal.Of("password", "a password has at least 8 characters")
	}
	a.words[login] = password
	return "hash:" + password, nil
}

func (a *fakeAuth) Check(_ context.Context, user, password string) error {
	if a.words[user] != password {
		return refusal.New(refusal.Denied, "wrong")
	}
	return nil
}

func (a *fakeAuth) Prove(ctx context.Context, s auth.Session, password, _ string) error {
	return a.Check(ctx, s.User, password)
}

func (a *fakeAuth) Ticket(token string) (string, error) {
	a.tickets["ticket-1"] = token
	return "ticket-1", nil
}

func (a *fakeAuth) Redeem(ticket string) (string, error) {
	token, ok := a.tickets[ticket]
	delete(a.tickets, ticket)
	if !ok {
		return "", refusal.New(refusal.Denied, "the ticket is not good")
	}
	return token, nil
}

func (a *fakeAuth) Setup(code string) error {
	if code != a.code || code == "" {
		return refusal.Of("code", "this is not the code")
	}
	a.code = ""
	return nil
}

// fakeErrors is an error queue that remembers who did what.
type fakeErrors struct {
	items map[string]rest.Failed
	did   []string
	broke bool
}

func (e *fakeErrors) List(context.Context) (out []rest.Failed, err error) {
	if e.broke {
		panic("the error queue is broken: secret detail")
	}
	for _, f := range e.items {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b rest.Failed) int { return strings.Compare(a.ErrorID, b.ErrorID) })
	return out, nil
}

func (e *fakeErrors) Retry(_ context.Context, id, by string) error { return e.take("retry", id, by) }
func (e *fakeErrors) Discard(_ context.Context, id, by string) error {
	return e.take("discard", id, by)
}

func (e *fakeErrors) Raw(_ context.Context, id string) ([]byte, error) {
	return []byte(e.items[id].Raw), nil
}

func (e *fakeErrors) take(what, id, by string) error {
	delete(e.items, id)
	e.did = append(e.did, what+" "+id+" "+by)
	return nil
}

type fakeKeeper struct {
	err         error
	slow        bool
	table       store.Table
	free, total uint64
}

func (k *fakeKeeper) Ready(ctx context.Context) error {
	if k.slow {
		<-ctx.Done()
		return ctx.Err()
	}
	return k.err
}

func (k *fakeKeeper) Room() (free, total uint64, err error) { return k.free, k.total, nil }

// settle lets everything come to rest. Appends are gathered, so it takes time.
func settle() {
	<-time.After(50 * time.Millisecond) // of the bubble
	synctest.Wait()
}
