package vk

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/loose"
)

// patience is how long side matters may take.
const patience = 20 * time.Second

// A place is where Long Poll goes on.
type place struct{ server, key, ts string }

// Poll asks Long Poll for events until ctx is done. Where it goes on is on the
// shelf, so that what was written while we were away still comes.
func (c *Channel) Poll(ctx context.Context) error {
	if c.settings.Mode == "webhook" || c.settings.Mode == "auto" && c.config.Webhook != "" {
		return channels.ErrNoPolling
	}
	p, err := c.begin(ctx)
	if err != nil {
		return err
	}
	kept, err := c.config.Shelf.Get("", "ts")
	if err != nil {
		return err
	}
	p.ts = cmp.Or(string(kept), p.ts)
	for ctx.Err() == nil {
		if p, err = c.step(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// begin switches Long Poll on and asks for a server.
func (c *Channel) begin(ctx context.Context) (place, error) {
	on := url.Values{"group_id": {c.settings.Group}, "enabled": {"1"}, "api_version": {c.settings.Version}}
	for _, kind := range kinds {
		on.Set(kind, "1")
	}
	if _, err := c.method(ctx, "groups.setLongPollSettings", on); err != nil {
		return place{}, err
	}
	v, err := c.method(ctx, "groups.getLongPollServer", url.Values{"group_id": {c.settings.Group}})
	return place{v.At("server").Text(), v.At("key").Text(), v.At("ts").Text()}, err
}

// kinds are the events that we ask for.
var kinds = []string{"message_new", "message_edit", "message_event", "message_allow", "message_deny", "message_read", "message_typing_state"}

// step waits for the next events and hands them on. The place moves only when
// all of them are kept.
func (c *Channel) step(ctx context.Context, p place) (place, error) {
	query := url.Values{"act": {"a_check"}, "key": {p.key}, "ts": {p.ts}, "wait": {"25"}}
	a, err := c.patient.Ask(ctx, http.MethodGet, p.server+"?"+query.Encode(), nil, call.Body{})
	if err != nil {
		return p, err
	}
	v, err := loose.Parse(a.Body)
	if err != nil || a.Status != http.StatusOK {
		return p, fmt.Errorf("VK's Long Poll server answered %s", a.Text())
	}
	switch v.At("failed").Int() {
	case 1: // what was before is lost; VK keeps it for a while only
		return c.moved(place{p.server, p.key, v.At("ts").Text()})
	case 2, 3:
		fresh, err := c.begin(ctx)
		if v.At("failed").Int() == 2 {
			fresh.ts = p.ts
		}
		return fresh, err
	}
	for _, u := range v.At("updates").List() {
		if err := c.take(ctx, u, u.Raw()); err != nil {
			return p, err
		}
	}
	next := v.At("ts").Text()
	if next == "" || next == p.ts {
		return p, nil
	}
	return c.moved(place{p.server, p.key, next})
}

func (c *Channel) moved(p place) (place, error) {
	return p, c.config.Shelf.Put("", "ts", []byte(p.ts))
}
