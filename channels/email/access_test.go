package email

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Tokens is a token service that gives a new access token at every request, and
// tells mail servers whose one is.
type tokens struct {
	service *httptest.Server

	mu      sync.Mutex // guards what follows
	given   int
	good    map[string]bool
	refuses bool // it gives no more
	down    bool // it can't say whose one is
}

func newTokens(t *testing.T) *tokens {
	k := &tokens{good: map[string]bool{}}
	k.service = httptest.NewServer(k)
	t.Cleanup(k.service.Close)
	return k
}

func (k *tokens) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.URL.Path == "/introspect" && k.down:
		w.WriteHeader(http.StatusInternalServerError)
	case r.URL.Path == "/introspect":
		answer := map[string]any{"active": k.good[r.PostFormValue("token")]}
		if answer["active"] == true {
			answer["username"] = "support@x.test"
		}
		json.NewEncoder(w).Encode(answer)
	case k.refuses || r.PostFormValue("refresh_token") != "refresh":
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"error":"invalid_grant"}`))
	default:
		k.given++
		token := "access-" + strconv.Itoa(k.given)
		k.good[token] = true
		json.NewEncoder(w).Encode(map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 3600})
	}
}

// revoke takes back every token there is, and gives no more if it is the end.
func (k *tokens) revoke(end bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.good)
	k.refuses = end
}

// fails says whether mail servers can't ask.
func (k *tokens) fails(down bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.down = down
}

func (k *tokens) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.given
}

// proves CH-12: an account logs in to Dovecot with access tokens. One that is
// revoked is told as such and another is asked for; when there is none, the
// account waits for a person, who reads why.
func TestChainOAuth2(t *testing.T) {
	c := newChain(t, newTokens(t))
	s := c.settings()
	s.Login, s.TokenURL, s.ClientID = byOAuth2, c.tokens.service.URL+"/token", "crafttalk"
	config := newDesk().config(t, s, Secrets{RefreshToken: "refresh"})
	config.Client = c.tokens.service.Client()
	ch, err := open(config)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if who, err := ch.Probe(t.Context()); err != nil || who.Handle != "support@x.test" {
			t.Fatalf("Probe = %+v, %v", who, err)
		}
	}
	if n := c.tokens.count(); n != 1 {
		t.Errorf("%d tokens were asked for, want 1", n)
	}
	c.tokens.fails(true)
	if _, err := ch.Probe(t.Context()); err == nil || isBroken(err) {
		t.Errorf("Probe while Dovecot can't ask whose the token is = %v", err)
	}
	c.tokens.fails(false)
	if _, err := ch.Probe(t.Context()); err != nil {
		t.Errorf("Probe after that = %v", err)
	}
	c.tokens.revoke(false)
	if _, err := ch.Probe(t.Context()); isBroken(err) || err == nil || !strings.Contains(err.Error(), "127.0.0.1 does not take the access token any more") {
		t.Errorf("Probe with a token that was revoked = %v", err)
	}
	if _, err := ch.Probe(t.Context()); err != nil || c.tokens.count() != 2 {
		t.Errorf("Probe with another token = %v, after %d", err, c.tokens.count())
	}
	c.tokens.revoke(true)
	if _, err := ch.Probe(t.Context()); err == nil || isBroken(err) {
		t.Errorf("Probe with a token that was revoked again = %v", err)
	}
	if _, err := ch.Probe(t.Context()); !isBroken(err) || !strings.Contains(err.Error(), "the token service refused: invalid_grant") {
		t.Errorf("Probe without a token = %v, want the account to be broken", err)
	}
}
