package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/transport/egress"
)

// A book is a directory in memory.
type book struct {
	mu      sync.Mutex // guards what follows
	state   directory.State
	changed chan struct{}
}

func (b *book) State() directory.State {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

func (b *book) Wait(ctx context.Context, version uint64) error {
	for {
		b.mu.Lock()
		there, changed := b.state.Version >= version, b.changed
		b.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// edit puts accounts, or takes out those that are named.
func (b *book) edit(put []*event.Account, out ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := map[string]directory.Entry[*event.Account]{}
	for id, e := range b.state.Accounts {
		if !slices.Contains(out, id) {
			next[id] = e
		}
	}
	b.state.Version++
	for _, a := range put {
		next[a.AccountId] = directory.Entry[*event.Account]{Value: a, Revision: b.state.Version}
	}
	b.state.Accounts = next
	close(b.changed)
	b.changed = make(chan struct{})
}

// A bot is an adapter that does as the test says, and tells what it was asked.
type bot struct {
	channels.Config
	poll     func(context.Context) error
	register func(url string) error
	serve    http.HandlerFunc
	reread   func(raw []byte) error // nil if it can't
}

// A reader is a bot that reads again what it did not understand.
type reader struct{ *bot }

func (r reader) Reread(_ context.Context, raw []byte) error { return r.reread(raw) }

func (*bot) Deliver(context.Context, channels.Outbound) (string, error) { return "", nil }
func (b *bot) Poll(ctx context.Context) error                           { return b.poll(ctx) }
func (b *bot) Register(_ context.Context, url string) error             { return b.register(url) }
func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request)         { b.serve(w, r) }
func (b *bot) Probe(ctx context.Context) (channels.Identity, error) {
	if len(b.Settings) == 0 {
		<-ctx.Done()
		return channels.Identity{}, ctx.Err()
	}
	return channels.Identity{Name: string(b.Settings)}, nil
}

// A stand is accounts over a book, with bots of the kind "bot".
type stand struct {
	*Accounts
	book *book
	log  *strings.Builder
	kept []string

	mu   sync.Mutex // guards what follows
	said []string
	bots map[string]*bot
}

// say notes what happened.
func (s *stand) say(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, what)
}

// told returns what happened since it was called last.
func (s *stand) told() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := strings.Join(s.said, " ")
	s.said = nil
	return out
}

func newStand(t *testing.T, public string, make func(s *stand, c channels.Config) *bot) *stand {
	t.Helper()
	ways, err := egress.NewWays(egress.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{book: &book{changed: newChanged()}, log: &strings.Builder{}, bots: map[string]*bot{}}
	open := func(c channels.Config) (channels.Channel, error) {
		if strings.Contains(string(c.Settings), "wrong") {
			return nil, refusal.Of("settings.token", "this is wrong")
		}
		b := make(s, c)
		b.Config = c
		s.mu.Lock()
		defer s.mu.Unlock()
		s.bots[c.Account] = b
		if b.reread != nil {
			return reader{b}, nil
		}
		return b, nil
	}
	s.Accounts = New(Config{Directory: s.book, Ways: ways, Key: []byte("key"), Public: public, Now: time.Now,
		Registry: channels.Registry{"bot": {Open: open, Abilities: channels.Abilities{Webhook: true}}, "api": {Open: open, Keyed: true}},
		Secrets:  func(a *event.Account) (json.RawMessage, error) { return a.Secrets, nil },
		Sink: func(_ context.Context, m channels.Inbound, done func(channels.Kept, error)) {
			s.say("in:" + m.ID)
			done(channels.Kept{}, nil)
		},
		Notify: func(_ context.Context, n channels.Notice, done func(error)) { done(nil) },
		Keep: func(account, kind string, raw []byte) error {
			s.kept = append(s.kept, account+" "+kind+" "+string(raw))
			return nil
		},
		Shelf:    newShelves(t),
		Standing: func(string) Standing { return Standing{} },
		Log:      slog.New(slog.NewTextHandler(s.log, nil))})
	return s
}

func newChanged() chan struct{} { return make(chan struct{}) }

// tended runs the accounts until the test's bubble ends.
func (s *stand) tended(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	synctest.Wait()
}

func account(id string) *event.Account {
	return &event.Account{AccountId: id, Kind: "bot", Settings: "{}"}
}

// polls is a bot that polls until it is told to end.
func polls(s *stand, c channels.Config) *bot {
	return &bot{register: func(string) error { return errors.New("not a bot with a webhook") }, poll: func(ctx context.Context) error {
		s.say("poll:" + c.Account + string(c.Settings))
		<-ctx.Done()
		s.say("end:" + c.Account)
		return nil
	}}
}

// proves CH-15: an account is polled while it is switched on, anew when it has
// changed, and after what went on before has ended.
func TestCH15_PolledWhileOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, "", polls)
		s.book.edit([]*event.Account{account("a")})
		s.tended(t)
		changed, off := account("a"), account("a")
		changed.Settings, off.Disabled = `{"x":1}`, true
		for _, step := range []struct {
			put   *event.Account
			want  string
			state string
		}{
			{nil, "poll:a{}", Polling},
			{changed, `end:a poll:a{"x":1}`, Polling},
			{off, "end:a", Off},
			{account("a"), "poll:a{}", Polling},
		} {
			if step.put != nil {
				s.book.edit([]*event.Account{step.put})
				synctest.Wait()
			}
			if got := s.told(); got != step.want {
				t.Errorf("told %q, want %q", got, step.want)
			}
			if c, err := s.Condition("a"); err != nil || c.State != step.state {
				t.Errorf("the state is %q, %v, want %q", c.State, err, step.state)
			}
		}
		s.book.edit(nil, "a")
		synctest.Wait()
		if got := s.told(); got != "end:a" {
			t.Errorf("told %q of an account that was taken out", got)
		}
	})
}

// proves G37: an account that does not work is tried again after growing
// pauses, is shown as broken, and delays no other; a panic is an error.
func TestG37_BrokenAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mended atomic.Bool
		var tries atomic.Int32
		s := newStand(t, "", func(s *stand, c channels.Config) *bot {
			b := polls(s, c)
			if c.Account == "bad" {
				b.poll = func(ctx context.Context) error {
					switch n := tries.Add(1); {
					case !mended.Load() && n%2 == 0:
						panic("out of range")
					case !mended.Load():
						return errors.New("the token was revoked")
					}
					<-ctx.Done()
					return nil
				}
			}
			return b
		})
		s.book.edit([]*event.Account{account("bad"), account("good")})
		s.tended(t)
		if got := s.told(); got != "poll:good{}" {
			t.Errorf("told %q", got)
		}
		if c, _ := s.Condition("bad"); c.State != Broken || c.Error != "the token was revoked" || c.ErrorAt.IsZero() {
			t.Errorf("the condition is %+v", c)
		}
		time.Sleep(time.Hour)
		if n := tries.Load(); n < 12 || n > 200 {
			t.Errorf("%d tries in an hour", n)
		}
		mended.Store(true)
		time.Sleep(10 * time.Minute)
		if c, _ := s.Condition("bad"); c.State != Polling {
			t.Errorf("the state is %s after it was mended", c.State)
		}
		if c, _ := s.Condition("good"); c.State != Polling || c.Error != "" {
			t.Errorf("the other account is %+v", c)
		}
	})
}

// hooked is a bot with a webhook.
func hooked(s *stand, c channels.Config) *bot {
	return &bot{poll: func(context.Context) error { return channels.ErrNoPolling },
		register: func(url string) error { s.say("register:" + url); return nil },
		serve:    func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "served "+r.Method) }}
}

// proves CH-15: the provider is told where the webhook is at the start and
// every hour, and that it is no more when the account is switched off.
func TestCH15_Registered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, "https://chat.example", hooked)
		s.book.edit([]*event.Account{account("a b")})
		s.tended(t)
		const told = "register:https://chat.example/webhooks/bot/a%20b"
		if got := s.told(); got != told {
			t.Errorf("told %q", got)
		}
		if c, _ := s.Condition("a b"); c.State != Hooked || c.Webhook != "https://chat.example/webhooks/bot/a%20b" {
			t.Errorf("the condition is %+v", c)
		}
		time.Sleep(2*time.Hour + time.Minute)
		if got := s.told(); got != told+" "+told {
			t.Errorf("in two hours told %q", got)
		}
		off := account("a b")
		off.Disabled = true
		s.book.edit([]*event.Account{off})
		synctest.Wait()
		s.book.edit(nil, "a b")
		synctest.Wait()
		if got := s.told(); got != "register:" {
			t.Errorf("when switched off and taken out told %q", got)
		}
	})
}

// A server without a public address says so where an administrator looks.
func TestNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, "", hooked)
		s.book.edit([]*event.Account{account("a")})
		s.tended(t)
		if c, _ := s.Condition("a"); c.State != Broken || !strings.Contains(c.Error, "--public-url") || s.told() != "" {
			t.Errorf("the condition is %+v", c)
		}
	})
}

// proves that nobody learns from a webhook's address what accounts there are.
func TestHook(t *testing.T) {
	s := newStand(t, "", hooked)
	off, api := account("off"), account("shop")
	off.Disabled, api.Kind = true, "api"
	broken := account("broken")
	broken.Settings = `{"token":"wrong"}`
	s.book.edit([]*event.Account{account("a"), off, api, broken})
	call := func(method, kind, id string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.Hook(w, httptest.NewRequest(method, "/webhooks/"+kind+"/"+id, nil), kind, id)
		return w
	}
	for _, method := range []string{"GET", "POST", "HEAD"} {
		if w := call(method, "bot", "a"); w.Code != 200 || w.Body.String() != "served "+method {
			t.Errorf("%s answers %d %s", method, w.Code, w.Body)
		}
	}
	nothing := call("POST", "bot", "nobody")
	for _, c := range [][2]string{{"bot", "off"}, {"api", "shop"}, {"api", "a"}, {"bot", "shop"}, {"none", "a"}, {"bot", "broken"}} {
		if w := call("POST", c[0], c[1]); w.Code != 404 || w.Body.String() != nothing.Body.String() {
			t.Errorf("%v answers %d %s", c, w.Code, w.Body)
		}
	}
	s.bots["a"].serve = func(http.ResponseWriter, *http.Request) { panic("out of range") }
	if w := call("POST", "bot", "a"); w.Code != 500 || !strings.Contains(s.log.String(), "out of range") {
		t.Errorf("a webhook that breaks answers %d", w.Code)
	}
	s.bots["a"].serve = func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) }
	s.log.Reset()
	for range 100 {
		call("POST", "bot", "a")
	}
	if n := strings.Count(s.log.String(), "refused"); n != 1 {
		t.Errorf("100 forged calls are %d lines of the log, want 1", n)
	}
	if r := s.record("a"); r.calls[2] != 3 || r.calls[4] != 100 || r.calls[5] != 1 {
		t.Errorf("the calls are counted as %v", r.calls)
	}
}

// proves that what nobody understands is counted, kept if it carries a message,
// and bounded in names that are the provider's.
func TestStrange(t *testing.T) {
	s := newStand(t, "", hooked)
	s.book.edit([]*event.Account{account("a")})
	if _, err := s.Channel("a"); err != nil {
		t.Fatal(err)
	}
	strange := s.bots["a"].Strange
	for _, c := range []struct {
		kind    string
		carries bool
	}{{"poll", false}, {"gift", true}, {"gift", false}} {
		if err := strange(t.Context(), c.kind, []byte("{}"), c.carries); err != nil {
			t.Error(err)
		}
	}
	for n := range 100 {
		strange(t.Context(), strings.Repeat("я", n+1), nil, false)
	}
	c, err := s.Condition("a")
	if err != nil || c.Strange["poll"] != 1 || c.Strange["gift"] != 2 || len(c.Strange) > most+1 {
		t.Errorf("counted %v, %v", c.Strange, err)
	}
	if !slices.Equal(s.kept, []string{"a gift {}"}) {
		t.Errorf("kept %q", s.kept)
	}
}

// What an account is made of: its own secrets differ, the network is taken out,
// and what is wrong is told with its field.
func TestChannel(t *testing.T) {
	s := newStand(t, "https://chat.example", hooked)
	a := account("a")
	a.Settings = `{"network":{"proxy":"http://proxy.example:3128"},"x":1}`
	a.Secrets = []byte(`{"proxy_password":"p","token":"t"}`)
	off := account("off")
	off.Disabled = true
	s.book.edit([]*event.Account{a, account("b"), off})
	for _, id := range []string{"a", "b", "a"} {
		if _, err := s.Channel(id); err != nil {
			t.Fatal(err)
		}
	}
	got, other := s.bots["a"], s.bots["b"]
	if string(got.Settings) != `{"x":1}` || string(got.Secrets) != `{"token":"t"}` {
		t.Errorf("the adapter sees %s and %s", got.Settings, got.Secrets)
	}
	if first := got.Token("x"); first != got.Token("x") || first == got.Token("y") || first == other.Token("x") || len(first) != 43 {
		t.Errorf("tokens are %q, %q, %q", got.Token("x"), got.Token("y"), other.Token("x"))
	}
	for id, want := range map[string]refusal.Kind{"off": refusal.Denied, "none": refusal.NotFound} {
		if _, err := s.Channel(id); refusal.KindOf(err) != want {
			t.Errorf("Channel(%s) = %v, want %v", id, err, want)
		}
	}
	for _, c := range []struct{ kind, settings, secrets, field string }{
		{"none", "{}", "{}", "kind"},
		{"bot", `{"token":"wrong"}`, "", "settings.token"},
		{"bot", `{"network":{"proxi":""}}`, "", "settings.network"},
		{"bot", `{"network":{"proxy":"x"}}`, "", "settings.network.proxy"},
		{"bot", ``, `{"proxy_password":1}`, "secrets.proxy_password"},
	} {
		err := s.Check("c", c.kind, json.RawMessage(c.settings), json.RawMessage(c.secrets))
		if r, ok := errors.AsType[*refusal.Error](err); !ok || r.Field != c.field {
			t.Errorf("Check(%v) = %v, want a refusal of %s", c, err, c.field)
		}
	}
}

// proves CH-15: «проверить подключение» answers in time, and before the account
// is switched on.
func TestCH15_Probe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, "", hooked)
		off, slow, other := account("off"), account("slow"), account("other")
		off.Disabled, slow.Settings, other.Kind = true, "", "widget"
		s.book.edit([]*event.Account{off, slow, other})
		if who, err := s.Probe(t.Context(), "off"); err != nil || who.Name != "{}" {
			t.Errorf("Probe = %v, %v", who, err)
		}
		began := time.Now()
		if _, err := s.Probe(t.Context(), "slow"); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != probeTime {
			t.Errorf("Probe = %v after %v", err, time.Since(began))
		}
		if _, err := s.Probe(t.Context(), "other"); refusal.KindOf(err) != refusal.Conflict {
			t.Errorf("Probe = %v", err)
		}
	})
}
