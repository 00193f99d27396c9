package telegram

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/loose"
)

// Probe asks Telegram who the bot is. It implements [channels.Prober].
func (c *Channel) Probe(ctx context.Context) (channels.Identity, error) {
	me, err := c.ask(ctx, c.caller, "getMe", nil)
	if err != nil {
		return channels.Identity{}, err
	}
	name := me.At("username").Text()
	c.mu.Lock()
	c.username = name
	c.mu.Unlock()
	i := channels.Identity{Name: cmp.Or(me.At("first_name").Text(), name)}
	if name != "" {
		i.Handle, i.URL = "@"+name, "https://t.me/"+name
	}
	return i, nil
}

// Register tells Telegram where the webhook is, telegram.md 2.1. It implements
// [channels.Registrar]. The secret can't be asked for: it is told again if the
// last call of Telegram was refused.
func (c *Channel) Register(ctx context.Context, url string) error {
	if c.settings.Mode == polling {
		return nil // Poll has taken the webhook back
	}
	if url == "" {
		_, err := c.ask(ctx, c.caller, "deleteWebhook", map[string]any{"drop_pending_updates": false})
		return err
	}
	info, err := c.ask(ctx, c.caller, "getWebhookInfo", nil)
	if err != nil {
		return err
	}
	if info.At("url").Text() == url && sameKinds(info.At("allowed_updates")) && !strings.Contains(info.At("last_error_message").Text(), "403") {
		return nil
	}
	_, err = c.ask(ctx, c.caller, "setWebhook", map[string]any{
		"url": url, "secret_token": c.secret, "allowed_updates": allowed, "max_connections": 40, "drop_pending_updates": false,
	})
	return err
}

func sameKinds(list loose.Value) bool {
	var got []string
	for _, v := range list.List() {
		got = append(got, v.Text())
	}
	slices.Sort(got)
	return slices.Equal(got, slices.Sorted(slices.Values(allowed)))
}

var payload = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Link is the address that begins a conversation with the token, telegram.md
// 2.7. It implements [channels.Linker].
func (c *Channel) Link(ctx context.Context, token string) (string, error) {
	if !payload.MatchString(token) {
		return "", refusal.New(refusal.Invalid, "Telegram takes no such token in a link")
	}
	c.mu.Lock()
	name := c.username
	c.mu.Unlock()
	if name == "" {
		i, err := c.Probe(ctx)
		if err != nil {
			return "", err
		}
		if name = strings.TrimPrefix(i.Handle, "@"); name == "" {
			return "", errors.New("Telegram does not tell the bot's name")
		}
	}
	return "https://t.me/" + url.PathEscape(name) + "?start=" + token, nil
}

// Introduce finds the customer's picture; names come with messages. It
// implements [channels.Introducer].
func (c *Channel) Introduce(ctx context.Context, address string) (map[string]string, error) {
	if !number.MatchString(address) {
		return nil, refusal.New(refusal.NotFound, "there is no such customer in Telegram")
	}
	photos, err := c.ask(ctx, c.caller, "getUserProfilePhotos", map[string]any{"user_id": json.Number(address), "limit": 1})
	if err != nil {
		return nil, err
	}
	fields := map[string]string{}
	if all := photos.At("photos").List(); len(all) > 0 {
		var best loose.Value
		for _, size := range all[0].List() {
			if size.At("file_id").Text() != "" && area(size) >= area(best) {
				best = size
			}
		}
		if id := best.At("file_id").Text(); id != "" {
			fields[channels.Avatar] = channels.Held + id
		}
	}
	return fields, nil
}

// Request finds a file and makes the request that fetches it. It implements
// [channels.Holder]. Telegram's own servers give bots no more than 20 MB.
func (c *Channel) Request(ctx context.Context, ref string) (*http.Request, error) {
	f, err := c.ask(ctx, c.caller, "getFile", map[string]any{"file_id": ref})
	if refusal.KindOf(err) != 0 {
		if strings.Contains(err.Error(), "too large") {
			return nil, refusal.New(refusal.Invalid, "the file is larger than the 20 MB that Telegram gives to bots")
		}
		return nil, refusal.New(refusal.NotFound, "Telegram has this file no more")
	}
	if err != nil {
		return nil, err
	}
	path := f.At("file_path").Text()
	switch {
	case path == "":
		return nil, errors.New("Telegram does not tell where the file is")
	case strings.HasPrefix(path, "/"), slices.Contains(strings.Split(path, "/"), ".."):
		return nil, refusal.New(refusal.Invalid, "the Bot API server keeps files on its own disk: run it without --local")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.file(path), nil)
	if err != nil {
		return nil, fmt.Errorf("the address of the file %q can't be called", path)
	}
	return r, nil
}
