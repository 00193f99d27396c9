package vk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

// A community is VK in memory: what its methods answer, and what was asked.
type community struct {
	servers []url.Values // of the Callback API
	polls   []string     // answers of Long Poll, one after another
	asked   []string
	stop    context.CancelFunc // when the polls are over
}

// ServeHTTP answers a call of the API, or of Long Poll.
func (c *community) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/lp" {
		c.asked = append(c.asked, "ts="+r.URL.Query().Get("ts")+" key="+r.URL.Query().Get("key"))
		if len(c.polls) == 0 {
			c.stop()
			io.WriteString(w, `{"ts":"0","updates":[]}`)
			return
		}
		io.WriteString(w, c.polls[0])
		c.polls = c.polls[1:]
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/method/")
	c.asked = append(c.asked, name)
	if err := r.ParseForm(); err != nil || r.PostForm.Get("access_token") != token {
		fault(5)(w, r)
		return
	}
	switch name {
	case "groups.getById":
		io.WriteString(w, `{"response":{"groups":[{"id":1000,"name":"Лавка чая","screen_name":"teashop"}],"profiles":[]}}`)
	case "groups.getLongPollServer":
		fmt.Fprintf(w, `{"response":{"key":"k%d","server":"https://lp.vk.test/lp","ts":"10"}}`, len(c.asked))
	case "groups.getCallbackServers":
		var items []string
		for i, s := range c.servers {
			items = append(items, fmt.Sprintf(`{"id":%d,"url":%q,"title":%q,"status":"ok"}`, i+1, s.Get("url"), s.Get("title")))
		}
		fmt.Fprintf(w, `{"response":{"count":%d,"items":[%s]}}`, len(items), strings.Join(items, ","))
	case "groups.addCallbackServer":
		c.servers = append(c.servers, r.PostForm)
		fmt.Fprintf(w, `{"response":{"server_id":%d}}`, len(c.servers))
	case "groups.editCallbackServer":
		c.servers[0] = r.PostForm
		io.WriteString(w, `{"response":1}`)
	case "groups.deleteCallbackServer":
		c.servers = nil
		io.WriteString(w, `{"response":1}`)
	default:
		io.WriteString(w, `{"response":1}`)
	}
}

func open(t *testing.T, vk *community, change func(*channels.Config)) *Channel {
	c := config("https://api.vk.test", channeltest.Client(vk))
	c.Shelf = &channeltest.Shelf{}
	if change != nil {
		change(&c)
	}
	ch, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return ch.(*Channel)
}

const told = `{"type":"message_new","object":{"message":{"from_id":7,"peer_id":7,"conversation_message_id":%d,"text":"%d"}}}`

// proves CH-09, G3: Long Poll goes on where the last kept event was, after a
// failure and after a restart, and asks for a new key when the old one is over.
func TestCH09_LongPoll(t *testing.T) {
	vk := &community{polls: []string{
		`{"ts":"11","updates":[` + fmt.Sprintf(told, 1, 1) + `]}`,
		`{"ts":"13","updates":[` + fmt.Sprintf(told, 2, 2) + `,` + fmt.Sprintf(told, 3, 3) + `]}`,
	}}
	var kept []string
	full := errors.New("the disk is full")
	channel := open(t, vk, func(c *channels.Config) {
		c.Sink = func(_ context.Context, m channels.Inbound, done func(channels.Kept, error)) {
			if m.ID == "3" && full != nil {
				done(channels.Kept{}, full)
				return
			}
			kept = append(kept, m.ID)
			done(channels.Kept{}, nil)
		}
	})
	if err := channel.Poll(t.Context()); !errors.Is(err, full) {
		t.Fatalf("Poll = %v, want %v", err, full)
	}
	full = nil
	vk.polls = []string{
		`{"ts":13,"updates":[` + fmt.Sprintf(told, 2, 2) + `,` + fmt.Sprintf(told, 3, 3) + `]}`,
		`{"failed":1,"ts":20}`, `{"failed":2}`, `{"failed":3}`,
		`{"ts":"21","updates":[` + fmt.Sprintf(told, 4, 4) + `]}`,
	}
	vk.asked = nil
	ctx, stop := context.WithCancel(t.Context())
	vk.stop = stop
	if err := channel.Poll(ctx); err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	if want := []string{"1", "2", "2", "3", "4"}; !slices.Equal(kept, want) {
		t.Errorf("kept %v, want %v", kept, want)
	}
	var places []string
	for _, a := range vk.asked {
		if at, _, ok := strings.Cut(a, " key="); ok {
			places = append(places, at)
		}
	}
	if want := []string{"ts=11", "ts=13", "ts=20", "ts=20", "ts=10", "ts=21"}; !slices.Equal(places, want) {
		t.Errorf("asked at %v, want %v", places, want)
	}
}

// proves CH-09: who has a public address is not polled by itself.
func TestCH09_TheModeChooses(t *testing.T) {
	for mode, polls := range map[string]bool{"auto": false, "webhook": false, "polling": true} {
		vk := &community{}
		channel := open(t, vk, func(c *channels.Config) { c.Webhook = "https://desk.test/webhooks/vk/club" })
		channel.settings.Mode = mode
		ctx, stop := context.WithCancel(t.Context())
		vk.stop = stop
		if err := channel.Poll(ctx); errors.Is(err, channels.ErrNoPolling) == polls {
			t.Errorf("%s: Poll = %v", mode, err)
		}
		stop()
	}
}

// proves CH-15: our address is entered once, changed where it is, and taken back;
// the servers of others stay.
func TestCH15_Register(t *testing.T) {
	vk := &community{}
	channel := open(t, vk, nil)
	for _, address := range []string{"https://a.test/1", "https://a.test/1", "https://b.test/2"} {
		if err := channel.Register(t.Context(), address); err != nil {
			t.Fatal(err)
		}
		if len(vk.servers) != 1 || vk.servers[0].Get("url") != address || vk.servers[0].Get("secret_key") != "S3cret" {
			t.Fatalf("after Register(%s) the servers are %v", address, vk.servers)
		}
	}
	if n := strings.Count(strings.Join(vk.asked, " "), "CallbackServer "); n != 2 {
		t.Errorf("%v: a server that is there already was entered again", vk.asked)
	}
	if err := channel.Register(t.Context(), ""); err != nil || len(vk.servers) != 0 {
		t.Errorf("Register of nothing = %v, the servers are %v", err, vk.servers)
	}
	if err := channel.Register(t.Context(), ""); err != nil {
		t.Error(err)
	}
}

// proves CH-15, CT-06: who we are, and the link that binds.
func TestCT06_Link(t *testing.T) {
	channel := open(t, &community{}, nil)
	id, err := channel.Probe(t.Context())
	if want := (channels.Identity{Name: "Лавка чая", Handle: "@teashop", URL: "https://vk.me/teashop"}); err != nil || id != want {
		t.Errorf("Probe = %v, %v, want %v", id, err, want)
	}
	link, err := channel.Link(t.Context(), "AbCd")
	if err != nil || link != "https://vk.me/teashop?ref=AbCd&ref_source=crafttalk" {
		t.Errorf("Link = %q, %v", link, err)
	}
}

// proves CH-15: what is wrong is said at its field.
func TestCH15_Fields(t *testing.T) {
	for settings, want := range map[string]string{
		`{"group_id":""}`: "settings.group_id", `{"group_id":"club"}`: "settings.group_id", `{"group_id":"1","mode":"x"}`: "settings.mode",
		`{"group_id":"1","base_url":"ftp://x"}`: "settings.base_url", `{"grup":1}`: "settings",
	} {
		c := config("", nil)
		c.Settings = []byte(settings)
		_, err := Open(c)
		if r, ok := errors.AsType[*refusal.Error](err); !ok || r.Field != want {
			t.Errorf("Open(%s) = %v, want it to be about %s", settings, err, want)
		}
	}
}
