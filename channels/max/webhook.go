package max

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/hook"
	"crafttalkd/channels/loose"
)

// ServeHTTP takes one update.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !hook.Same(r.Header.Get("X-Max-Bot-Api-Secret"), c.secret) {
		http.Error(w, "the secret is wrong", http.StatusForbidden)
		return
	}
	body, ok := hook.Body(w, r, hook.Longest)
	if !ok {
		return
	}
	v, err := loose.Parse(body)
	if err != nil {
		hook.Answer(w, c.config.Strange(r.Context(), "no JSON", body, true), nil)
		return
	}
	hook.Answer(w, c.take(r.Context(), v, body), nil)
}

// take hands on one update.
func (c *Channel) take(ctx context.Context, v loose.Value, raw []byte) error {
	u := read(v)
	if u.press != "" {
		go c.release(u.press)
	}
	return c.keep(ctx, u, raw)
}

// Reread takes an update once more that was kept. It implements
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
	if err := c.config.Take(ctx, u.kind, raw, u.events...); err != nil {
		return err
	}
	return c.remember(u)
}

// remember lays the number of a dialogue on the shelf, where it is new.
func (c *Channel) remember(u update) error {
	if u.chat == "" || len(u.events) == 0 {
		return nil
	}
	address := ""
	switch e := u.events[0].(type) {
	case channels.Inbound:
		address = e.Address
	case channels.Notice:
		address = e.Address
	}
	known, err := c.config.Shelf.Get(address, "chat")
	if err != nil || string(known) == u.chat {
		return err
	}
	return c.config.Shelf.Put(address, "chat", []byte(u.chat))
}

// release ends the waiting of a button that was pressed.
func (c *Channel) release(id string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if _, err := c.ask(ctx, http.MethodPost, "/answers?callback_id="+url.QueryEscape(id), map[string]string{"notification": "Принято"}); err != nil {
		slog.Debug("max: answer to a press", "account", c.config.Account, "err", err)
	}
}

// Poll asks for updates until ctx is done. A marker is given back when all
// before it is kept; until then MAX tells the same again.
func (c *Channel) Poll(ctx context.Context) error {
	if c.settings.Mode == "webhook" || c.settings.Mode == "auto" && c.config.Webhook != "" {
		return channels.ErrNoPolling
	}
	if err := c.Register(ctx, ""); err != nil {
		return err
	}
	marker, err := c.config.Shelf.Get("", "marker")
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		next, err := c.step(ctx, string(marker))
		if err != nil {
			return err
		}
		if next == "" || next == string(marker) {
			continue
		}
		marker = []byte(next)
		if err := c.config.Shelf.Put("", "marker", marker); err != nil {
			return err
		}
	}
	return nil
}

// wait is how long MAX keeps a question open, in seconds.
const wait = 30

func (c *Channel) step(ctx context.Context, marker string) (next string, err error) {
	query := fmt.Sprintf("/updates?limit=100&timeout=%d", wait)
	if marker != "" {
		query += "&marker=" + url.QueryEscape(marker)
	}
	a, err := c.patient.Ask(ctx, http.MethodGet, c.settings.BaseURL+query, c.header(), call.Body{})
	if err != nil {
		return "", err
	}
	v, err := c.judge(a)
	if err != nil {
		return "", err
	}
	for _, u := range v.At("updates").List() {
		if err := c.take(ctx, u, u.Raw()); err != nil {
			return "", err
		}
	}
	return v.At("marker").Text(), nil
}
