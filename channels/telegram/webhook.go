package telegram

import (
	"context"
	"encoding/json"
	"net/http"

	"crafttalkd/channels"
	"crafttalkd/channels/hook"
	"crafttalkd/channels/loose"
)

// secretHeader is where Telegram says the secret of the webhook.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// ServeHTTP takes one update, telegram.md 2.1. It implements
// [channels.Webhook]. The answer to a press goes in the answer to the call:
// Telegram carries out one method that is named there.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !hook.Same(r.Header.Get(secretHeader), c.secret) {
		http.Error(w, "the secret is not the one of this webhook", http.StatusForbidden)
		return
	}
	body, ok := hook.Body(w, r, hook.Longest)
	if !ok {
		return
	}
	u := decode(body)
	take := c.keep
	if u.album != "" {
		take = func(ctx context.Context, u update) error { return c.albums.take(ctx, u, c.keep) }
	}
	hook.Answer(w, take(r.Context(), u), func() {
		if u.press == "" {
			return
		}
		w.Header().Set("Content-Type", "application/json")
		// A broken line leaves the customer with a button that turns for a while.
		_ = json.NewEncoder(w).Encode(map[string]string{"method": "answerCallbackQuery", "callback_query_id": u.press})
	})
}

// decode reads the body of a call.
func decode(body []byte) update {
	v, err := loose.Parse(body)
	if err != nil {
		return update{raw: body, strange: nonsense, carries: true}
	}
	return sensible(v, body)
}

// nonsense is the kind of what is no object.
const nonsense = "nonsense"

// sensible reads an update, which is an object.
func sensible(v loose.Value, raw []byte) update {
	if !v.IsObject() {
		return update{raw: raw, strange: nonsense, carries: true}
	}
	return read(v, raw)
}

// Reread takes what was kept once more: an update, or the pieces of an album. It
// implements [channels.Rereader].
func (c *Channel) Reread(ctx context.Context, raw []byte) error {
	v, err := loose.Parse(raw)
	pieces := v.List()
	if err != nil || len(pieces) == 0 {
		return c.keep(ctx, decode(raw))
	}
	all := make([]update, len(pieces))
	for i, p := range pieces {
		all[i] = sensible(p, p.Raw())
	}
	for _, u := range bundle(all) {
		if err := c.keep(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

// keep hands on an update and returns when it is kept.
func (c *Channel) keep(ctx context.Context, u update) error {
	switch {
	case u.strange != "":
		return c.Strange(ctx, u.strange, u.raw, u.carries)
	case u.trail != "" && !c.trails.due(u.trail, u.at):
		return nil
	}
	if err := c.Take(ctx, "update", u.raw, u.event); err != nil {
		return err
	}
	if u.trail != "" {
		c.trails.tell(u.trail, u.at)
	}
	c.noteAnswer(u.event)
	return nil
}

// noteAnswer notes that the customer gave what was asked for, so that the
// keyboard goes away with the next message. If it can't, a keyboard stays that
// does no harm.
func (c *Channel) noteAnswer(e channels.Event) {
	in, ok := e.(channels.Inbound)
	if !ok || in.Content.Contact == nil && in.Content.Location == nil {
		return
	}
	if v, err := c.Shelf.Get(in.Address, keyboardOf); err == nil && string(v) == shown {
		_ = c.Shelf.Put(in.Address, keyboardOf, []byte(hasServed))
	}
}
