package rest

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// Providers let users in who have signed in elsewhere, by OpenID Connect.
type Providers interface {
	// SendTo sends a browser to a provider, and SignInFrom and LinkFrom take it
	// back: to sign in, or to link the identity to a user.
	SendTo(ctx context.Context, provider, user string) (auth.Sent, error)
	SignInFrom(ctx context.Context, state, code, browser string, from auth.Place) (auth.Entrance, error)
	LinkFrom(ctx context.Context, user, state, code, browser string) (*event.Identity, error)
	// Providers reports whether anybody could come back.
	Providers() bool
	// ReturnAddress is what a provider is told to send people back to.
	ReturnAddress() string
	// TryProvider asks a provider for what it says of itself.
	TryProvider(ctx context.Context, p *event.Provider) error
}

// ProviderFields are what may be said of a provider.
type ProviderFields struct {
	Name     string `json:"name" need:"yes" doc:"on its button"`
	Issuer   string `json:"issuer" need:"yes" doc:"exactly as the provider calls itself"`
	ClientID string `json:"client_id" need:"yes"`
	Disabled bool   `json:"disabled"`
}

// PutProvider is a provider as it is put.
type PutProvider struct {
	ProviderFields
	ClientSecret *string `json:"client_secret,omitempty" doc:"left out, it stays; it is never shown"`
	Revised
}

// Provider is a provider as it is shown.
type Provider struct {
	ProviderID string `json:"provider_id"`
	ProviderFields
	HasSecret bool `json:"has_secret"`
	Mark
}

var ourProviders = collection[*event.Provider, PutProvider, Provider]{
	name: "providers", kind: "Provider", view: letIn, change: letIn,
	entries: func(d directory.State) map[string]directory.Entry[*event.Provider] { return d.Providers },
	show: func(_ directory.State, id string, e directory.Entry[*event.Provider]) Provider {
		p := e.Value
		return Provider{ProviderID: id, Mark: markOf(e), HasSecret: len(p.Secrets) > 0,
			ProviderFields: ProviderFields{Name: p.Name, Issuer: p.Issuer, ClientID: p.ClientId, Disabled: p.Disabled}}
	},
	build: buildProvider,
}

// buildProvider does not hand a secret on to another issuer: it was told to the
// first one.
func buildProvider(c *call, id string, in PutProvider, old *event.Provider) (*event.Provider, func() error, error) {
	p := &event.Provider{ProviderId: id, Name: in.Name, Issuer: in.Issuer, ClientId: in.ClientID, Disabled: in.Disabled}
	var err error
	switch {
	case in.ClientSecret != nil && *in.ClientSecret != "":
		p.Secrets, err = auth.SealProvider(c.config.Vault, id, auth.ProviderSecrets{ClientSecret: *in.ClientSecret})
	case in.ClientSecret == nil && old.GetIssuer() == in.Issuer:
		p.Secrets = old.GetSecrets()
	case in.ClientSecret == nil && len(old.GetSecrets()) > 0:
		err = refusal.Of("client_secret", "with another issuer the secret is to be told anew")
	}
	return p, nil, err
}

func providerRoutes() []*route {
	const v1 = "/api/v1"
	return append(ourProviders.routes(), []*route{
		{method: "POST", path: v1 + "/providers/:id/test", summary: "Ask a provider for what it says of itself", may: letIn, verb: answers((*call).tryProvider)},
		{method: "GET", path: v1 + "/session/ways", summary: "How one can sign in beside a password", may: anyone, verb: answers((*call).waysIn)},
		{method: "POST", path: v1 + "/session/oidc", summary: "Go to a provider to sign in", may: anyone, verb: takes((*call).goSignIn)},
		{method: "POST", path: v1 + "/session/oidc/return", summary: "Sign in with what the provider sent back", may: anyone, verb: takes((*call).comeSignIn)},
		{method: "POST", path: v1 + "/me/identities", summary: "Go to a provider to link the identity there", may: person, verb: takes((*call).goLink)},
		{method: "POST", path: v1 + "/me/identities/return", summary: "Link what the provider sent back", may: person, verb: takes((*call).comeLink)},
		{method: "DELETE", path: v1 + "/me/identities/:id", summary: "Unlink an own identity", may: person, verb: does((*call).unlinkOwn)},
		{method: "POST", path: v1 + "/users/:id/identities", summary: "Link an identity to a user", may: letIn, verb: takes((*call).linkUser)},
		{method: "DELETE", path: v1 + "/users/:id/identities/:identity", summary: "Unlink an identity of a user", may: letIn, verb: does((*call).unlinkUser)},
	}...)
}

// TriedProvider says whether a provider answers.
type TriedProvider struct {
	Works  bool   `json:"works"`
	Reason string `json:"reason" doc:"why it does not"`
	Return string `json:"return_address" doc:"what the provider is to be told to send people back to; empty if the server has no public address"`
}

func (c *call) tryProvider() (TriedProvider, error) {
	e, ok := c.directory().Providers[c.id()]
	if !ok {
		return TriedProvider{}, refusal.New(refusal.NotFound, "there is no provider %q", c.id())
	}
	out := TriedProvider{Works: true, Return: c.config.Auth.ReturnAddress()}
	if err := c.config.Auth.TryProvider(c.r.Context(), e.Value); err != nil {
		out.Works, out.Reason = false, err.Error()
	}
	return out, nil
}

// WaysIn is how one can sign in beside a password.
type WaysIn struct {
	Passkeys  bool    `json:"passkeys"`
	Providers []WayIn `json:"providers"`
	Return    string  `json:"return_address" doc:"what a provider is to be told to send people back to; empty if the server has no public address"`
}

// WayIn is a provider's button.
type WayIn struct {
	ProviderID string `json:"provider_id"`
	Name       string `json:"name"`
}

func (c *call) waysIn() (WaysIn, error) {
	out := WaysIn{Passkeys: c.config.Auth.Passkeys(), Providers: []WayIn{}, Return: c.config.Auth.ReturnAddress()}
	if !c.config.Auth.Providers() {
		return out, nil
	}
	all := c.directory().Providers
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if p := all[id].Value; !p.Disabled {
			out.Providers = append(out.Providers, WayIn{id, p.Name})
		}
	}
	return out, nil
}

// Journey names the provider to go to.
type Journey struct {
	ProviderID string `json:"provider_id" need:"yes"`
}

// Destination is where the browser goes.
type Destination struct {
	Address string `json:"address"`
}

// Back is what the provider sent back.
type Back struct {
	State string `json:"state" need:"yes"`
	Code  string `json:"code" need:"yes"`
}

// The name of the cookie by which a browser is known that comes back.
const (
	journeyCookie      = "__Host-ct_journey"
	plainJourneyCookie = "ct_journey"
	journeyTime        = 10 * time.Minute
)

func (c *call) goSignIn(in Journey) (Destination, error) { return c.send(in.ProviderID, "") }

func (c *call) goLink(in Journey) (Destination, error) {
	if err := c.config.Auth.Fresh(c.asker.session); err != nil {
		return Destination{}, err
	}
	return c.send(in.ProviderID, c.by())
}

func (c *call) send(provider, user string) (Destination, error) {
	sent, err := c.config.Auth.SendTo(c.r.Context(), provider, user)
	if err != nil {
		return Destination{}, err
	}
	c.journeyCookie(sent.Browser, int(journeyTime/time.Second))
	return Destination{sent.Address}, nil
}

func (c *call) journeyCookie(value string, age int) {
	cookie := &http.Cookie{Name: journeyCookie, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: age}
	if onLoopback(c.r) {
		cookie.Name, cookie.Secure = plainJourneyCookie, false
	}
	http.SetCookie(c.w, cookie)
}

// traveller is what the browser has kept since it was sent, and keeps no more.
func (c *call) traveller() string {
	name := journeyCookie
	if onLoopback(c.r) {
		name = plainJourneyCookie
	}
	cookie, err := c.r.Cookie(name)
	if err != nil {
		return ""
	}
	c.journeyCookie("", -1)
	return cookie.Value
}

func (c *call) comeSignIn(in Back) (SignedIn, error) {
	return c.entered("")(c.config.Auth.SignInFrom(c.r.Context(), in.State, in.Code, c.traveller(), c.from()))
}

func (c *call) comeLink(in Back) (UserFactors, error) {
	i, err := c.config.Auth.LinkFrom(c.r.Context(), c.by(), in.State, in.Code, c.traveller())
	if err == nil {
		err = c.change(directory.Link{By: c.by(), User: c.by(), Identity: i})
	}
	if err != nil {
		return UserFactors{}, err
	}
	return c.ownFactors()
}

// Identity is how a provider names a user.
type Identity struct {
	IdentityID string    `json:"identity_id"`
	ProviderID string    `json:"provider_id"`
	Issuer     string    `json:"issuer"`
	Subject    string    `json:"subject"`
	Name       string    `json:"name" doc:"what the provider called the user"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

func identitiesOf(d directory.State, user string) []Identity {
	out := []Identity{}
	for _, e := range d.Proofs[user].Identities {
		i := e.Value
		out = append(out, Identity{auth.IdentityID(i), i.ProviderId, i.Issuer, i.Subject, i.Name, e.By, e.At})
	}
	return out
}

func (c *call) unlinkOwn() error {
	if err := c.config.Auth.Fresh(c.asker.session); err != nil {
		return err
	}
	return c.unlink(c.by(), c.id())
}

func (c *call) unlink(user, id string) error {
	i := auth.IdentityOf(c.directory(), user, id)
	if i == nil {
		return nil // unlinked before
	}
	return c.change(directory.Unlink{By: c.by(), User: user, Issuer: i.Issuer, Subject: i.Subject})
}

// NewIdentity is an identity as an administrator links it.
type NewIdentity struct {
	ProviderID string `json:"provider_id" need:"yes"`
	Subject    string `json:"subject" need:"yes" doc:"the claim sub of the provider's tokens; not an e-mail address"`
}

func (c *call) linkUser(in NewIdentity) (UserFactors, error) {
	u, err := c.changedPerson()
	if err != nil {
		return UserFactors{}, err
	}
	p, ok := c.directory().Providers[in.ProviderID]
	if !ok {
		return UserFactors{}, refusal.Of("provider_id", "there is no provider %q", in.ProviderID)
	}
	i := &event.Identity{Issuer: p.Value.Issuer, Subject: strings.TrimSpace(in.Subject), ProviderId: in.ProviderID}
	if err := c.change(directory.Link{By: c.by(), User: u.UserId, Identity: i}); err != nil {
		return UserFactors{}, err
	}
	return c.factors(u.UserId)
}

func (c *call) unlinkUser() error {
	u, err := c.changedPerson()
	if err != nil {
		return err
	}
	if err := c.unlink(u.UserId, c.params.ByName("identity")); err != nil {
		return err
	}
	return c.config.Auth.End(u.UserId, "", c.asker.session.ID)
}
