package vk

import (
	"context"
	"net/url"
	"strings"

	"crafttalkd/channels"
	"crafttalkd/channels/loose"
)

// title is how our server is called in the community's settings: at most 14
// characters.
const title = "crafttalk"

// Register enters our address as a server of the Callback API, and says which
// events go there. Taken back, the server is deleted.
func (c *Channel) Register(ctx context.Context, address string) error {
	if c.settings.Mode == "polling" {
		address = ""
	}
	server, err := c.server(ctx, address)
	if err != nil {
		return err
	}
	group := func() url.Values { return url.Values{"group_id": {c.settings.Group}} }
	switch {
	case address == "" && server.is == "":
		return nil
	case address == "":
		form := group()
		form.Set("server_id", server.is)
		_, err := c.method(ctx, "groups.deleteCallbackServer", form)
		return err
	case server.is == "":
		form := group()
		form.Set("url", address)
		form.Set("title", title)
		form.Set("secret_key", c.secret)
		v, err := c.method(ctx, "groups.addCallbackServer", form)
		if err != nil {
			return err
		}
		server.is = v.At("server_id").Text()
	case server.right && server.status == "ok":
		return nil
	default:
		form := group()
		form.Set("server_id", server.is)
		form.Set("url", address)
		form.Set("title", title)
		form.Set("secret_key", c.secret)
		if _, err := c.method(ctx, "groups.editCallbackServer", form); err != nil {
			return err
		}
	}
	form := group()
	form.Set("server_id", server.is)
	form.Set("api_version", c.settings.Version)
	for _, kind := range kinds {
		form.Set(kind, "1")
	}
	_, err = c.method(ctx, "groups.setCallbackSettings", form)
	return err
}

// A server is ours among those of the Callback API.
type server struct {
	is, status string
	right      bool // its address is the one we want
}

// server finds the server with our address, else the one with our title.
func (c *Channel) server(ctx context.Context, address string) (s server, err error) {
	v, err := c.method(ctx, "groups.getCallbackServers", url.Values{"group_id": {c.settings.Group}})
	if err != nil {
		return s, err
	}
	for _, i := range v.At("items").List() {
		right := address != "" && i.At("url").Text() == address
		if right || s.is == "" && ours(i) {
			s = server{i.At("id").Text(), i.At("status").Text(), right}
		}
		if right {
			break
		}
	}
	return s, nil
}

func ours(i loose.Value) bool { return strings.EqualFold(i.At("title").Text(), title) }

// Enter tells what is to be entered by hand where our token may not manage the
// community.
func (c *Channel) Enter() []channels.Entry {
	return []channels.Entry{{Title: "Секретный ключ (Callback API)", Value: c.secret}}
}
