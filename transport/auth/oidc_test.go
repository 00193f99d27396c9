package auth

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth/authtest"
)

func linked(h *house) {
	h.apply(&event.IdentityLinked{UserId: "anna", Identity: &event.Identity{Issuer: "https://id.example", Subject: "248"}})
}

// travel signs in at the provider and comes back.
func (h *house) travel(p *authtest.Provider, subject string, claims map[string]any) (Entrance, error) {
	h.t.Helper()
	sent, err := h.SendTo(h.t.Context(), "id", "")
	if err != nil {
		h.t.Fatal(err)
	}
	state, code := p.SignIn(sent.Address, subject, claims)
	return h.SignInFrom(h.t.Context(), state, code, sent.Browser, Place{IP: "10.0.0.1"})
}

// ASVS 10.5: of tokens that a provider sends, the right one lets in and no other.
func TestTokensThatAreWrong(t *testing.T) {
	sign := func(method jwt.SigningMethod, key any) func(jwt.MapClaims) (string, error) {
		return func(c jwt.MapClaims) (string, error) {
			token := jwt.NewWithClaims(method, c)
			token.Header["kid"] = "the only one"
			return token.SignedString(key)
		}
	}
	stranger := authtest.NewProvider("https://other.example", "x", time.Now)
	tests := []struct {
		name   string
		claims func(jwt.MapClaims)
		sign   func(p *authtest.Provider) func(jwt.MapClaims) (string, error)
	}{
		{"for somebody else", func(c jwt.MapClaims) { c["aud"] = "another client" }, nil},
		{"for somebody else too", func(c jwt.MapClaims) { c["aud"] = []string{"crafttalk", "another client"} }, nil},
		{"handed on", func(c jwt.MapClaims) { c["azp"] = "another client" }, nil},
		{"of another issuer", func(c jwt.MapClaims) { c["iss"] = "https://other.example" }, nil},
		{"an answer to another question", func(c jwt.MapClaims) { c["nonce"] = "another" }, nil},
		{"an answer to no question", func(c jwt.MapClaims) { delete(c, "nonce") }, nil},
		{"expired", func(c jwt.MapClaims) { c["exp"] = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix() }, nil},
		{"about nobody", func(c jwt.MapClaims) { delete(c, "sub") }, nil},
		{"signed with nothing", nil, func(*authtest.Provider) func(jwt.MapClaims) (string, error) {
			return sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType)
		}},
		{"signed with what everybody knows", nil, func(p *authtest.Provider) func(jwt.MapClaims) (string, error) {
			der, err := x509.MarshalPKIXPublicKey(&p.Key().PublicKey)
			if err != nil {
				t.Fatal(err)
			}
			return sign(jwt.SigningMethodHS256, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		}},
		{"signed with what we share", nil, func(p *authtest.Provider) func(jwt.MapClaims) (string, error) {
			return sign(jwt.SigningMethodHS256, []byte(p.Secret))
		}},
		{"signed by another", nil, func(*authtest.Provider) func(jwt.MapClaims) (string, error) {
			return sign(jwt.SigningMethodES256, stranger.Key())
		}},
		{"no token", nil, func(*authtest.Provider) func(jwt.MapClaims) (string, error) {
			return func(jwt.MapClaims) (string, error) { return "", nil }
		}},
	}
	for _, tt := range tests {
		h := newHouse(t)
		p := h.open()
		linked(h)
		p.Claims = tt.claims
		if tt.sign != nil {
			p.Sign = tt.sign(p)
		}
		e, err := h.travel(p, "248", nil)
		denied(t, tt.name, e, err)
		p.Claims, p.Sign = nil, nil
		if e, err := h.travel(p, "248", nil); err != nil || e.User != "anna" || e.Way != ByIdentity {
			t.Errorf("%s: the right token after it: %+v, %v", tt.name, e, err)
		}
	}
}

// Whoever comes back does so once, soon, and in the browser that was sent.
func TestJourneysEnd(t *testing.T) {
	h := newHouse(t)
	p := h.open()
	linked(h)
	from := Place{IP: "10.0.0.1"}
	sent, err := h.SendTo(t.Context(), "id", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"code_challenge_method=S256", "code_challenge=", "nonce=", "state=", "redirect_uri=https%3A%2F%2Fchat.example%2Fsignin%2Freturn"} {
		if !strings.Contains(sent.Address, want) {
			t.Errorf("%s lacks %s", sent.Address, want)
		}
	}
	state, code := p.SignIn(sent.Address, "248", nil)
	if _, err := h.SignInFrom(t.Context(), state, code, sent.Browser, from); err != nil {
		t.Fatal(err)
	}
	_, code = p.SignIn(sent.Address, "248", nil)
	e, err := h.SignInFrom(t.Context(), state, code, sent.Browser, from)
	denied(t, "a state twice", e, err)
	back := func(browser string, wait time.Duration) (Entrance, error) {
		sent, err := h.SendTo(t.Context(), "id", "")
		if err != nil {
			t.Fatal(err)
		}
		state, code := p.SignIn(sent.Address, "248", nil)
		h.now = h.now.Add(wait)
		return h.SignInFrom(t.Context(), state, code, browser, from)
	}
	e, err = back("another browser", 0)
	denied(t, "another browser", e, err)
	e, err = back("", 0)
	denied(t, "no browser", e, err)
	sent, err = h.SendTo(t.Context(), "id", "")
	if err != nil {
		t.Fatal(err)
	}
	state, code = p.SignIn(sent.Address, "248", nil)
	h.now = h.now.Add(journeyLasts)
	e, err = h.SignInFrom(t.Context(), state, code, sent.Browser, from)
	denied(t, "too late", e, err)
	_, code = p.SignIn(sent.Address, "248", nil)
	e, err = h.SignInFrom(t.Context(), "made up", code, sent.Browser, from)
	denied(t, "a state that was made up", e, err)
}

// A code that was stolen on its way is of no use without what the server kept.
func TestStolenCode(t *testing.T) {
	h := newHouse(t)
	p := h.open()
	linked(h)
	theirs, err := h.SendTo(t.Context(), "id", "")
	if err != nil {
		t.Fatal(err)
	}
	_, stolen := p.SignIn(theirs.Address, "248", nil)
	mine, err := h.SendTo(t.Context(), "id", "")
	if err != nil {
		t.Fatal(err)
	}
	state, _ := p.SignIn(mine.Address, "666", nil)
	e, err := h.SignInFrom(t.Context(), state, stolen, mine.Browser, Place{IP: "10.0.0.1"})
	denied(t, "a stolen code", e, err)
}

// SECURITY 3, no. 1 to 3: an e-mail address, a login or a name makes nobody a
// user, verified or not: an identity is one because somebody linked it.
func TestNobodyIsKnownByAnAddress(t *testing.T) {
	h := newHouse(t)
	p := h.open()
	h.put(&event.User{UserId: "anna", Login: "anna@shop.example"})
	linked(h)
	for _, claims := range []map[string]any{
		{"email": "anna@shop.example", "email_verified": true}, {"email": "anna@shop.example"},
		{"preferred_username": "anna@shop.example"}, {"name": "anna"}, {},
	} {
		e, err := h.travel(p, "another", claims)
		denied(t, "a stranger", e, err)
	}
	e, err := h.travel(p, "anna", nil)
	denied(t, "whose subject is her id", e, err)
	if h.disk.count(sessions) != 0 {
		t.Error("there is a session")
	}
}

// An identity is linked by who went to the provider signed in, and a journey to
// sign in links nothing.
func TestLinking(t *testing.T) {
	h := newHouse(t)
	p := h.open()
	go1 := func(user string) (state, code, browser string) {
		sent, err := h.SendTo(t.Context(), "id", user)
		if err != nil {
			t.Fatal(err)
		}
		state, code = p.SignIn(sent.Address, "900", map[string]any{"name": "Anna K."})
		return state, code, sent.Browser
	}
	state, code, browser := go1("anna")
	i, err := h.LinkFrom(t.Context(), "anna", state, code, browser)
	if err != nil || i.Subject != "900" || i.Issuer != p.Issuer || i.Name != "Anna K." || i.ProviderId != "id" {
		t.Errorf("LinkFrom = %v, %v", i, err)
	}
	for _, users := range [][2]string{{"anna", "oleg"}, {"", "oleg"}, {"", ""}} {
		state, code, browser := go1(users[0])
		if i, err := h.LinkFrom(t.Context(), users[1], state, code, browser); refusal.KindOf(err) != refusal.Denied || i != nil {
			t.Errorf("sent as %q, back as %q: %v, %v", users[0], users[1], i, err)
		}
	}
	linked(h)
	state, code, browser = go1("anna")
	e, err := h.SignInFrom(t.Context(), state, code, browser, Place{IP: "10.0.0.1"})
	denied(t, "signing in with a journey to link", e, err)
}

// A provider that is switched off, or gone, lets nobody in who is on the way.
func TestProviderSwitchedOff(t *testing.T) {
	h := newHouse(t)
	p := h.open()
	linked(h)
	sent, err := h.SendTo(t.Context(), "id", "")
	if err != nil {
		t.Fatal(err)
	}
	state, code := p.SignIn(sent.Address, "248", nil)
	was := h.state.Providers["id"].Value
	h.apply(&event.ProviderPut{Provider: &event.Provider{ProviderId: "id", Issuer: was.Issuer, ClientId: was.ClientId, Secrets: was.Secrets, Disabled: true}})
	e, err := h.SignInFrom(t.Context(), state, code, sent.Browser, Place{IP: "10.0.0.1"})
	denied(t, "switched off", e, err)
	if _, err := h.SendTo(t.Context(), "id", ""); refusal.KindOf(err) != refusal.NotFound {
		t.Errorf("SendTo = %v, want not found", err)
	}
	broken := &event.Provider{ProviderId: "id", Issuer: "https://elsewhere.example", ClientId: "crafttalk"}
	if err := h.TryProvider(t.Context(), broken); refusal.KindOf(err) != refusal.Busy {
		t.Errorf("TryProvider of one that calls itself otherwise = %v", err)
	}
	if err := h.TryProvider(t.Context(), was); err != nil {
		t.Errorf("TryProvider = %v", err)
	}
}

// A provider is tried before anybody is sent there: what stands in the way is said.
func TestProviderTried(t *testing.T) {
	h := newHouse(t)
	p := h.open()
	of := h.state.Providers["id"].Value
	for _, tt := range []struct {
		name string
		says func(map[string]any)
		want string
	}{
		{"as it should be", func(map[string]any) {}, ""},
		{"with S256 named", func(m map[string]any) { m["code_challenge_methods_supported"] = []string{"plain", "S256"} }, ""},
		{"another issuer", func(m map[string]any) { m["issuer"] = "https://id.example/" }, `did not match the issuer URL returned by provider ("https://id.example/")`},
		{"no keys", func(m map[string]any) { delete(m, "jwks_uri") }, "does not say where"},
		{"no tokens", func(m map[string]any) { delete(m, "token_endpoint") }, "does not say where"},
		{"a shared secret", func(m map[string]any) { m["id_token_signing_alg_values_supported"] = []string{"HS256"} }, "signs with HS256"},
		{"codes for anybody", func(m map[string]any) { m["code_challenge_methods_supported"] = []string{"plain"} }, "S256"},
	} {
		p.Says = tt.says
		err := h.TryProvider(t.Context(), of)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
