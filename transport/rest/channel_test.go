package rest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/rest"
)

// botKinds is one kind of channel with a field of each sort.
func botKinds() channels.Registry {
	return channels.Registry{"bot": {
		Abilities: channels.Abilities{Name: "A bot", Text: 4096, Files: 1, Webhook: true, Polls: true, Links: true},
		Fields: []channels.Field{
			{Key: "token", Title: "Токен", Hint: "От провайдера", Kind: channels.Secret, Required: true},
			{Key: "mode", Title: "Как получать", Kind: channels.OneOf, Choices: []channels.Choice{{Value: "polling", Title: "Спрашивать"}}},
			{Key: "limit", Title: "Предел", Kind: channels.Number}, {Key: "loud", Title: "Вслух", Kind: channels.Bool},
			{Key: "base_url", Title: "Адрес", Kind: channels.URL, Default: "https://bot.example", Advanced: true},
		}}}
}

// fakeChannels are accounts at work that fare as the test says.
type fakeChannels struct {
	fare []accounts.Condition
	err  error // of a probe
	link string
}

func (f *fakeChannels) Condition(id string) (accounts.Condition, error) {
	for _, c := range f.fare {
		if c.AccountID == id {
			c.Enter = []accounts.Entry{{Title: "Verify token", Value: "hush"}}
			return c, nil
		}
	}
	return accounts.Condition{}, refusal.New(refusal.NotFound, "there is no account %q", id)
}

func (f *fakeChannels) Conditions() []accounts.Condition { return f.fare }

func (f *fakeChannels) Probe(context.Context, string) (channels.Identity, error) {
	return channels.Identity{Name: "Tea shop", Handle: "@teashop_bot"}, f.err
}

func (f *fakeChannels) Link(_ context.Context, _, token string) (string, error) {
	return f.link + token, f.err
}

// proves CH-15: who sets channels up sees what is entered for each kind, how
// each account fares, and what its provider says; who does not sees nothing.
func TestCH15_ChannelsOverREST(t *testing.T) {
	inHouse(t, func(h *house) {
		kind := h.as("boss", "GET", "/api/v1/kinds", "").want(200)
		for _, c := range []struct {
			at   []any
			want any
		}{
			{[]any{"items", 0, "kind"}, "bot"}, {[]any{"items", 0, "name"}, "A bot"},
			{[]any{"items", 0, "abilities", "polls"}, true}, {[]any{"items", 0, "abilities", "location"}, false},
			{[]any{"items", 0, "fields", 0, "kind"}, "secret"}, {[]any{"items", 0, "fields", 0, "required"}, true},
			{[]any{"items", 0, "secrets_schema", "properties", "token", "title"}, "Токен"},
			{[]any{"items", 0, "secrets_schema", "required", 0}, "token"},
			{[]any{"items", 0, "settings_schema", "properties", "mode", "enum", 0}, "polling"},
			{[]any{"items", 0, "settings_schema", "properties", "limit", "type"}, "number"},
			{[]any{"items", 0, "settings_schema", "properties", "loud", "type"}, "boolean"},
			{[]any{"items", 0, "fields", 5, "name"}, "network.proxy"},
			{[]any{"items", 0, "settings_schema", "properties", "network", "properties", "proxy", "title"}, "Прокси"},
			{[]any{"items", 0, "secrets_schema", "properties", "proxy_password", "type"}, "string"},
		} {
			if got := kind.field(c.at...); got != c.want {
				t.Errorf("%v is %v, want %v", c.at, got, c.want)
			}
		}
		if got := h.as("boss", "GET", "/api/v1/accounts/site/health", "").want(200).field("enter", 0, "value"); got != "hush" {
			t.Errorf("what is entered at the provider is %v", got)
		}
		for _, path := range []string{"/conditions", "/monitoring"} {
			if body := h.as("boss", "GET", "/api/v1"+path, "").want(200).Body.String(); strings.Contains(body, "hush") {
				t.Errorf("%s tells %s", path, body)
			}
		}
		for _, path := range []string{"/kinds", "/conditions", "/accounts/site/health"} {
			h.as("oleg", "GET", "/api/v1"+path, "").want(403)
		}
		h.as("oleg", "POST", "/api/v1/accounts/site/test", "").want(403)
	})
}

// proves CH-15: «проверить подключение» says who the account is, or in words
// why nobody knows.
func TestCH15_Test(t *testing.T) {
	inHouse(t, func(h *house) {
		for _, c := range []struct {
			err    error
			status int
			ok     any
			says   string
		}{
			{nil, 200, true, "@teashop_bot"},
			{&channels.Broken{Err: errors.New("the token was revoked")}, 200, false, "the token was revoked"},
			{refusal.New(refusal.Denied, "the bot is blocked"), 200, false, "the bot is blocked"},
			{context.DeadlineExceeded, 200, false, "the provider does not answer"},
			{accounts.ErrNoProbe, 409, nil, "can't be tested"},
		} {
			h.channels.err = c.err
			a := h.as("boss", "POST", "/api/v1/accounts/site/test", "").want(c.status)
			if !strings.Contains(a.Body.String(), c.says) || c.ok != nil && a.field("ok") != c.ok {
				t.Errorf("after %v: %s", c.err, a.Body)
			}
		}
	})
}

// proves CH-06: an invite link is the provider's own address, or is not made if
// the provider can't be asked.
func TestCH06_InviteAddress(t *testing.T) {
	inHouse(t, func(h *house) {
		h.writes("site", "anna", "hello")
		links := "/api/v1/customers/" + customerID("site", "anna") + "/links"
		if got := h.as("boss", "POST", links, `{"account_id":"site"}`).want(200).Body.String(); strings.Contains(got, "url") {
			t.Errorf("a widget has the address %s", got)
		}
		h.as("boss", "PUT", "/api/v1/accounts/tea", `{"kind":"bot","center_id":"shop","routing":{"line_id":"help"}}`).want(200)
		h.channels.link = "https://t.example/teashop?start="
		a := h.as("boss", "POST", links, `{"account_id":"tea"}`).want(200)
		if got := a.field("url"); got != "https://t.example/teashop?start="+a.field("token").(string) {
			t.Errorf("the address is %v", got)
		}
		h.channels.err = errors.New("connection refused")
		h.as("boss", "POST", links, `{"account_id":"tea"}`).want(503)
	})
}

// proves G1: what nobody understands is handed out byte by byte, to who may
// set channels up.
func TestRawError(t *testing.T) {
	inHouse(t, func(h *house) {
		h.errors.items["raw-1"] = rest.Failed{ErrorID: "raw-1", AccountID: "site", Raw: "{\"gift\":\"\x00\"}"}
		a := h.as("boss", "GET", "/api/v1/errors/raw-1/raw", "").want(200)
		if a.Body.String() != "{\"gift\":\"\x00\"}" || !strings.HasPrefix(a.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("handed out %q", a.Body)
		}
		h.as("boss", "GET", "/api/v1/errors/none/raw", "").want(404)
		h.as("oleg", "GET", "/api/v1/errors/raw-1/raw", "").want(403)
	})
}

// Secrets that are left out when an account is put stay, null takes one out,
// and what is checked is what will be kept.
func TestPutSecrets(t *testing.T) {
	inHouse(t, func(h *house) {
		const one = "/api/v1/accounts/tea"
		revision := ""
		for _, c := range []struct{ put, want string }{
			{`"secrets":{"token":"t","app":"a"}`, `{"app":"a","token":"t"}`},
			{`"name":"Tea"`, `{"app":"a","token":"t"}`},
			{`"secrets":{"token":"u"}`, `{"app":"a","token":"u"}`},
			{`"secrets":{"app":null}`, `{"token":"u"}`},
		} {
			revision = h.as("boss", "PUT", one, `{"kind":"bot","center_id":"shop",`+c.put+`}`, "If-Match", revision).want(200).Header().Get("ETag")
			if h.checked != c.want {
				t.Errorf("after %s the secrets are %s, want %s", c.put, h.checked, c.want)
			}
			s, err := rest.OpenSecrets(h.vault, h.system.Directory.State().Account("tea"))
			if err != nil || string(s.Channel) != c.want {
				t.Errorf("after %s %s is kept, %v", c.put, s.Channel, err)
			}
		}
		h.as("boss", "PUT", one, `{"kind":"other","center_id":"shop"}`, "If-Match", revision).want(200)
		if h.checked != "" {
			t.Errorf("another kind was given the secrets %s", h.checked)
		}
	})
}
