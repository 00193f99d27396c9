package vk

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"

	"crafttalkd/channels/hook"
	"crafttalkd/channels/loose"
)

// ServeHTTP takes a call of the Callback API. The secret is in the body; only
// the handshake may lack it, when the server is entered for the first time.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := hook.Body(w, r, hook.Longest)
	if !ok {
		return
	}
	v, err := loose.Parse(body)
	secret, given := v.At("secret").Text(), v.At("secret").Given()
	handshake := v.At("type").Text() == "confirmation"
	if err != nil || v.At("group_id").Text() != c.settings.Group || (given || !handshake) && !hook.Same(secret, c.secret) {
		http.Error(w, "the secret is wrong", http.StatusForbidden)
		return
	}
	if handshake {
		c.confirm(w, r)
		return
	}
	hook.Answer(w, c.take(r.Context(), v, body), func() { io.WriteString(w, "ok") })
}

// confirm answers the handshake with the community's code, and nothing else.
func (c *Channel) confirm(w http.ResponseWriter, r *http.Request) {
	code, err := c.confirmation(r.Context())
	hook.Answer(w, err, func() { io.WriteString(w, code) })
}

func (c *Channel) confirmation(ctx context.Context) (string, error) {
	if c.settings.Confirmation != "" {
		return c.settings.Confirmation, nil
	}
	return c.code.Get(ctx, false, func(ctx context.Context) (string, error) {
		v, err := c.method(ctx, "groups.getCallbackConfirmationCode", url.Values{"group_id": {c.settings.Group}})
		return v.At("code").Text(), err
	})
}

// take hands on one event.
func (c *Channel) take(ctx context.Context, v loose.Value, raw []byte) error {
	u := read(v)
	if u.press != nil {
		go c.release(*u.press)
	}
	return c.keep(ctx, u, raw)
}

// Reread takes an event once more that was kept. It implements
// [channels.Rereader].
func (c *Channel) Reread(ctx context.Context, raw []byte) error {
	v, err := loose.Parse(raw)
	if err != nil {
		return c.config.Strange(ctx, "no JSON", raw, true)
	}
	return c.keep(ctx, read(v), raw)
}

func (c *Channel) keep(ctx context.Context, u update, raw []byte) error {
	if u.strange {
		return c.config.Strange(ctx, u.kind, raw, u.carries)
	}
	return c.config.Take(ctx, u.kind, raw, u.events...)
}

// release stops the spinning of a callback button.
func (c *Channel) release(p press) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	form := url.Values{"event_id": {p.event}, "user_id": {p.user}, "peer_id": {p.peer}}
	if _, err := c.method(ctx, "messages.sendMessageEventAnswer", form); err != nil {
		slog.Debug("vk: answer to a press", "account", c.config.Account, "err", err)
	}
}
