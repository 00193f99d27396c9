// Package authtest has the other side of a sign-in, for tests: a provider of
// OpenID Connect that signs tokens as it should, or as it should not.
package authtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// A Provider answers at its issuer's address, through [Provider.Client].
type Provider struct {
	Issuer, ClientID, Secret string
	Now                      func() time.Time
	// Claims changes what is said of somebody, and Sign how that is signed; nil
	// leaves it as it should be.
	Claims func(jwt.MapClaims)
	Sign   func(jwt.MapClaims) (string, error)
	// Says changes what the provider says of itself; nil leaves it as it should be.
	Says func(map[string]any)
	// Asked counts the requests that were answered.
	Asked int

	mu    sync.Mutex // guards codes and Asked
	codes map[string]grant
	key   *ecdsa.PrivateKey
}

// A grant is what a code stands for.
type grant struct {
	subject, nonce, challenge, redirect string
	claims                              map[string]any
}

const keyID = "the only one"

// NewProvider returns a provider that knows one client.
func NewProvider(issuer, client string, now func() time.Time) *Provider {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // the machine has no randomness
	}
	return &Provider{Issuer: issuer, ClientID: client, Secret: "between us", Now: now, codes: map[string]grant{}, key: key}
}

// Key is what tokens are signed with.
func (p *Provider) Key() *ecdsa.PrivateKey { return p.key }

// Client returns a client whose requests all come here.
func (p *Provider) Client() *http.Client { return &http.Client{Transport: straight{p}} }

type straight struct{ to http.Handler }

func (s straight) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s.to.ServeHTTP(w, r)
	return w.Result(), nil
}

// SignIn is what a browser does at the address that it was sent to, and the
// person in front of it: it returns what the browser brings back.
func (p *Provider) SignIn(address, subject string, claims map[string]any) (state, code string) {
	at, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	q := at.Query()
	code = rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes[code] = grant{subject, q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri"), claims}
	return q.Get("state"), code
}

// ServeHTTP implements [http.Handler].
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Asked++
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		said := map[string]any{"issuer": p.Issuer, "authorization_endpoint": p.Issuer + "/authorize", "token_endpoint": p.Issuer + "/token",
			"jwks_uri": p.Issuer + "/keys", "id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"}}
		if p.Says != nil {
			p.Says(said)
		}
		tell(w, said)
	case "/keys":
		point, err := p.key.PublicKey.Bytes() // 4, X, Y
		if err != nil {
			panic(err) // the curve is one of the usual ones
		}
		text := base64.RawURLEncoding.EncodeToString
		tell(w, map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": keyID,
			"x": text(point[1:33]), "y": text(point[33:])}}})
	case "/token":
		p.token(w, r)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// token exchanges a code, once, for whom it was made.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	client, secret, basic := r.BasicAuth()
	if !basic {
		client, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	g, found := p.codes[r.PostFormValue("code")]
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	if !found || client != p.ClientID || secret != url.QueryEscape(p.Secret) && secret != p.Secret || challenge != g.challenge || g.redirect != r.PostFormValue("redirect_uri") {
		w.WriteHeader(http.StatusBadRequest)
		tell(w, map[string]any{"error": "invalid_grant"})
		return
	}
	delete(p.codes, r.PostFormValue("code"))
	token, err := p.sign(g)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	tell(w, map[string]any{"access_token": "unused", "token_type": "Bearer", "id_token": token})
}

func (p *Provider) sign(g grant) (string, error) {
	now := p.Now()
	claims := jwt.MapClaims{"iss": p.Issuer, "aud": p.ClientID, "sub": g.subject, "nonce": g.nonce,
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	maps.Copy(claims, g.claims)
	if p.Claims != nil {
		p.Claims(claims)
	}
	if p.Sign != nil {
		return p.Sign(claims)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	t.Header["kid"] = keyID
	return t.SignedString(p.key)
}

func tell(w http.ResponseWriter, what any) {
	if err := json.NewEncoder(w).Encode(what); err != nil {
		panic(err) // it is written into memory
	}
}
