package email

import (
	"context"
	"fmt"
	"net/http"

	"golang.org/x/oauth2"

	"crafttalkd/channels"
)

// The servers of an account, as it logs in to them.
const (
	theMailbox = "imap"
	thePost    = "smtp"
)

// password is what the account logs in with: the password, or an access token
// that is fetched when the last one is over.
func (c *Channel) password(ctx context.Context) (string, error) {
	if c.settings.Login == byPassword {
		return c.secrets.Password, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.access.Valid() {
		return c.access.AccessToken, nil
	}
	conf := oauth2.Config{ClientID: c.settings.ClientID, ClientSecret: c.secrets.ClientSecret,
		Endpoint: oauth2.Endpoint{TokenURL: c.settings.TokenURL, AuthStyle: oauth2.AuthStyleInParams}}
	if c.settings.Scope != "" {
		conf.Scopes = []string{c.settings.Scope}
	}
	old := &oauth2.Token{RefreshToken: c.secrets.RefreshToken}
	if c.access != nil && c.access.RefreshToken != "" {
		old.RefreshToken = c.access.RefreshToken
	}
	t, err := conf.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, c.Client), old).Token()
	if err != nil {
		return "", tokenError(err)
	}
	c.access, c.welcome = t, map[string]bool{}
	return t.AccessToken, nil
}

// tokenError says what an answer of the token service means, without the answer:
// it may repeat what was asked with.
func tokenError(err error) error {
	e, ok := err.(*oauth2.RetrieveError)
	if !ok {
		return fmt.Errorf("ask for an access token: the token service can't be reached")
	}
	if e.Response != nil && e.Response.StatusCode < http.StatusInternalServerError && e.Response.StatusCode != http.StatusTooManyRequests {
		return &channels.Broken{Err: fmt.Errorf("the token service refused: %s", e.ErrorCode)}
	}
	return fmt.Errorf("ask for an access token: the token service answered with an error")
}

// welcomed notes that a server has let us in.
func (c *Channel) welcomed(server string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.welcome != nil {
		c.welcome[server] = true
	}
}

// turnedAway says what it means that a server does not let us in. An access
// token that it took before was revoked: the next try has another. Any other
// waits for a person, and is not shown again either.
func (c *Channel) turnedAway(server, host, said string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	revoked := c.welcome[server]
	if c.access != nil {
		c.access = &oauth2.Token{RefreshToken: c.access.RefreshToken}
		c.welcome = nil
	}
	if revoked {
		return fmt.Errorf("%s does not take the access token any more: %s", host, said)
	}
	return &channels.Broken{Err: fmt.Errorf("%s does not let us in: %s", host, said)}
}
