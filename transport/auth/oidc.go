package auth

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// returnPath is where providers send people back to, under the public address.
const returnPath = "/signin/return"

const (
	journeyLasts   = 10 * time.Minute // at the provider
	discoveryLasts = time.Hour
	longestAnswer  = 1 << 20 // bytes of a provider's
)

// algorithms are those a provider may sign with: with a key of its own, never
// with the secret that we share, and never with none.
var algorithms = [...]string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

// A journey is somebody who has been sent to a provider.
type journey struct {
	provider, nonce, verifier string
	browser                   string // hash of what only this browser has
	user                      string // who wants to link the identity; empty for a sign-in
}

// Sent is where a browser goes, and what it keeps until it comes back.
type Sent struct{ Address, Browser string }

// discovered is what providers say of themselves, by issuer, for a while.
type discovered struct {
	mu    sync.Mutex // guards known
	known map[string]discovery
}

type discovery struct {
	provider *oidc.Provider
	until    time.Time
}

func errProvider() error {
	return refusal.New(refusal.Denied, "the sign-in with the provider was not accepted; begin anew")
}

// provider returns a provider that users can sign in with.
func (g *Gate) provider(id string) (*event.Provider, error) {
	p := g.Directory.State().Providers[id].Value
	if p == nil || p.Disabled || g.Public == "" || g.Client == nil {
		return nil, refusal.New(refusal.NotFound, "there is no provider %q", id)
	}
	return p, nil
}

// Providers reports whether users can come back from providers at all.
func (g *Gate) Providers() bool { return g.Public != "" && g.Client != nil }

// ReturnAddress is what a provider is told to send people back to; empty if nobody
// could come back.
func (g *Gate) ReturnAddress() string {
	if !g.Providers() {
		return ""
	}
	return strings.TrimSuffix(g.Public, "/") + returnPath
}

// SendTo sends a browser to a provider: to sign in, or to link an identity to
// the user who is signed in.
func (g *Gate) SendTo(ctx context.Context, provider, user string) (Sent, error) {
	p, err := g.provider(provider)
	if err != nil {
		return Sent{}, err
	}
	at, err := g.discover(ctx, p.Issuer)
	if err != nil {
		return Sent{}, err
	}
	client, err := g.oauth(p, at)
	if err != nil {
		return Sent{}, err
	}
	j := journey{provider: provider, nonce: newSecret(), verifier: oauth2.GenerateVerifier(), user: user}
	browser := newSecret()
	j.browser = hashOf(browser)
	state, err := g.journeys.sell(g.Now(), journeyLasts, j)
	if err != nil {
		return Sent{}, err
	}
	return Sent{client.AuthCodeURL(state, oidc.Nonce(j.nonce), oauth2.S256ChallengeOption(j.verifier)), browser}, nil
}

// oauth is how we speak to a provider.
func (g *Gate) oauth(p *event.Provider, at *oidc.Provider) (*oauth2.Config, error) {
	var s ProviderSecrets
	if len(p.Secrets) > 0 {
		plain, err := g.Vault.Open(p.Secrets, placeOfProvider(p.ProviderId))
		if err == nil {
			err = json.Unmarshal(plain, &s)
		}
		if err != nil {
			return nil, fmt.Errorf("open the secret of provider %s: %w", p.ProviderId, err)
		}
	}
	return &oauth2.Config{ClientID: p.ClientId, ClientSecret: s.ClientSecret, Endpoint: at.Endpoint(),
		RedirectURL: g.ReturnAddress(), Scopes: []string{oidc.ScopeOpenID, "profile"}}, nil
}

// ProviderSecrets are what is kept sealed of a provider.
type ProviderSecrets struct {
	ClientSecret string `json:"client_secret"`
}

func placeOfProvider(id string) []byte { return []byte("provider/" + id) }

// SealProvider seals what is secret of a provider.
func SealProvider(v Vault, id string, s ProviderSecrets) ([]byte, error) {
	plain, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("secrets of provider %s: %w", id, err)
	}
	return v.Seal(plain, placeOfProvider(id)), nil
}

// discover asks an issuer for what it says of itself.
func (g *Gate) discover(ctx context.Context, issuer string) (*oidc.Provider, error) {
	now := g.Now()
	g.discovered.mu.Lock()
	d, found := g.discovered.known[issuer]
	g.discovered.mu.Unlock()
	if found && now.Before(d.until) {
		return d.provider, nil
	}
	p, err := oidc.NewProvider(g.calling(ctx), issuer)
	if err != nil {
		return nil, refusal.New(refusal.Busy, "the provider can't be asked: %s", reasonOf(err))
	}
	g.discovered.mu.Lock()
	defer g.discovered.mu.Unlock()
	if g.discovered.known == nil || len(g.discovered.known) > 100 {
		g.discovered.known = map[string]discovery{}
	}
	g.discovered.known[issuer] = discovery{p, now.Add(discoveryLasts)}
	return p, nil
}

// reasonOf is what an administrator is told of a provider that does not answer.
// It is the address's business and holds no secret, but may be long.
func reasonOf(err error) string {
	text := err.Error()
	return strings.ToValidUTF8(text[:min(len(text), 300)], "")
}

// TryProvider asks a provider for what it says of itself, anew.
func (g *Gate) TryProvider(ctx context.Context, p *event.Provider) error {
	g.discovered.mu.Lock()
	delete(g.discovered.known, p.Issuer)
	g.discovered.mu.Unlock()
	if !g.Providers() {
		return refusal.New(refusal.Conflict, "nobody could come back: the server was not told its public address")
	}
	at, err := g.discover(ctx, p.Issuer)
	if err != nil {
		return err
	}
	return suits(at)
}

// suits refuses a provider that can't let anybody in the way we ask for it.
func suits(at *oidc.Provider) error {
	var said struct {
		Keys       string   `json:"jwks_uri"`
		Algorithms []string `json:"id_token_signing_alg_values_supported"`
		Challenges []string `json:"code_challenge_methods_supported"`
	}
	if err := at.Claims(&said); err != nil {
		return refusal.New(refusal.Conflict, "what the provider says of itself can't be read: %s", reasonOf(err))
	}
	signs := func(name string) bool { return slices.Contains(algorithms[:], name) }
	switch e := at.Endpoint(); {
	case e.AuthURL == "" || e.TokenURL == "" || said.Keys == "":
		return refusal.New(refusal.Conflict, "the provider does not say where one signs in, where tokens are, or where its keys are")
	case len(said.Algorithms) > 0 && !slices.ContainsFunc(said.Algorithms, signs):
		return refusal.New(refusal.Conflict, "the provider signs with %s, and none of that is taken", strings.Join(said.Algorithms, ", "))
	case len(said.Challenges) > 0 && !slices.Contains(said.Challenges, "S256"):
		return refusal.New(refusal.Conflict, "the provider does not take S256, by which a code is bound to who began")
	}
	return nil
}

// calling is a context in which the libraries call providers as we want it.
func (g *Gate) calling(ctx context.Context) context.Context {
	c := *g.Client
	c.Transport = short{c.Transport}
	return oidc.ClientContext(context.WithoutCancel(ctx), &c)
}

// short ends answers that are too long.
type short struct{ over http.RoundTripper }

func (s short) RoundTrip(r *http.Request) (*http.Response, error) {
	over := s.over
	if over == nil {
		over = http.DefaultTransport
	}
	answer, err := over.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, longestAnswer), answer.Body}
	}
	return answer, err
}

// come takes somebody back who was sent to a provider: once, and in the browser
// that went. It returns as whom the provider knows the person. What the provider
// says of an e-mail address is not looked at.
func (g *Gate) come(ctx context.Context, state, code, browser string) (journey, *event.Identity, error) {
	j, ok := g.journeys.take(g.Now(), state)
	if !ok || subtle.ConstantTimeCompare([]byte(hashOf(browser)), []byte(j.browser)) == 0 {
		return j, nil, errProvider()
	}
	p, err := g.provider(j.provider)
	if err != nil {
		return j, nil, errProvider()
	}
	at, err := g.discover(ctx, p.Issuer)
	if err != nil {
		return j, nil, err
	}
	client, err := g.oauth(p, at)
	if err != nil {
		return j, nil, err
	}
	token, err := client.Exchange(g.calling(ctx), code, oauth2.VerifierOption(j.verifier))
	if err != nil {
		return j, nil, errProvider()
	}
	i, err := g.identity(ctx, p, at, token, j.nonce)
	return j, i, err
}

// identity returns whom a token is about, if it is the provider's, for us, of
// now, and the answer to this very question.
func (g *Gate) identity(ctx context.Context, p *event.Provider, at *oidc.Provider, token *oauth2.Token, nonce string) (*event.Identity, error) {
	raw, _ := token.Extra("id_token").(string)
	verifier := at.VerifierContext(g.calling(ctx), &oidc.Config{ClientID: p.ClientId, SupportedSigningAlgs: algorithms[:], Now: g.Now})
	id, err := verifier.Verify(g.calling(ctx), raw)
	if err != nil {
		return nil, errProvider()
	}
	var claims struct {
		Party string `json:"azp"`
		Name  string `json:"name"`
		Login string `json:"preferred_username"`
	}
	if err := id.Claims(&claims); err != nil {
		return nil, errProvider()
	}
	switch {
	case id.Issuer != p.Issuer, id.Subject == "":
		return nil, errProvider()
	case nonce == "" || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) == 0:
		return nil, errProvider()
	case claims.Party != "" && claims.Party != p.ClientId, claims.Party == "" && len(id.Audience) > 1:
		return nil, errProvider() // it was made for somebody else too
	}
	name := claims.Name
	if name == "" {
		name = claims.Login
	}
	if len([]rune(name)) > 100 {
		name = string([]rune(name)[:100])
	}
	return &event.Identity{Issuer: id.Issuer, Subject: id.Subject, ProviderId: p.ProviderId, Name: name}, nil
}

// SignInFrom lets in who comes back from a provider and whose identity is linked
// to a user.
func (g *Gate) SignInFrom(ctx context.Context, state, code, browser string, from Place) (Entrance, error) {
	if err := g.throttle.place(g.Now(), from.IP); err != nil {
		return Entrance{}, err
	}
	j, i, err := g.come(ctx, state, code, browser)
	if err != nil {
		return Entrance{}, err
	}
	if j.user != "" {
		return Entrance{}, errProvider()
	}
	u := g.Directory.State().UserByIdentity(i.Issuer, i.Subject)
	if u == nil {
		return Entrance{}, &refusal.Error{Kind: refusal.Denied, Field: "identity",
			Text: "nobody here has linked this identity; sign in with the password and link it in the profile, or ask an administrator"}
	}
	e, err := g.Admit(u.UserId, ByIdentity, false, from)
	if err == nil {
		g.throttle.release(g.Now(), from.IP)
	}
	return e, err
}

// LinkFrom returns the identity of who comes back from a provider, for the user
// who went there.
func (g *Gate) LinkFrom(ctx context.Context, user, state, code, browser string) (*event.Identity, error) {
	j, i, err := g.come(ctx, state, code, browser)
	if err == nil && (j.user != user || user == "") {
		err = errProvider()
	}
	if err != nil {
		return nil, err
	}
	return i, nil
}

// IdentityID is a name of an identity for addresses.
func IdentityID(i *event.Identity) string { return hashOf(i.Issuer + "\x00" + i.Subject)[:16] }

// IdentityOf returns a user's identity by that name, or nil.
func IdentityOf(d directory.State, user, id string) *event.Identity {
	for _, e := range d.Proofs[user].Identities {
		if IdentityID(e.Value) == id {
			return e.Value
		}
	}
	return nil
}
