package botframework

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

// A token is what proves us to the service.
type token struct {
	text  string
	until time.Time
}

// early is how long before its end a token is fetched anew.
const early = 5 * time.Minute

// bearer returns our token. Whoever asks while it is fetched waits for it.
func (c *Channel) bearer(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token.text != "" && c.config.Now().Before(c.token.until) {
		return c.token.text, nil
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.settings.AppID}, "client_secret": {c.password}, "scope": {scope}}
	a, err := c.caller.Ask(ctx, http.MethodPost, c.settings.TokenURL, nil, call.Form(form))
	if err != nil {
		return "", err
	}
	v, parse := loose.Parse(a.Body)
	if e := loose.Clip(v.At("error").Text(), 100); e != "" || a.Status == http.StatusUnauthorized {
		return "", &channels.Broken{Err: fmt.Errorf("Microsoft gives no token: %s %s", e, loose.Clip(v.At("error_description").Text(), 200))}
	}
	text := v.At("access_token").Text()
	if parse != nil || a.Status != http.StatusOK || text == "" {
		return "", fmt.Errorf("Microsoft's token server answered %s", a.Text())
	}
	life := time.Duration(v.At("expires_in").Int()) * time.Second
	c.token = token{text, c.config.Now().Add(max(life-early, life/2, time.Second))}
	return text, nil
}

// drop forgets the token, if it still is the one that was refused; an empty one
// stands for any.
func (c *Channel) drop(refused string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if refused == "" || c.token.text == refused {
		c.token = token{}
	}
}
