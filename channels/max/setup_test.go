package max

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

// A messenger is MAX in memory.
type messenger struct {
	hooks   []string // subscriptions
	secret  string
	updates []string // the i'th has the marker i+1
	asked   []string // markers
	stop    context.CancelFunc
}

// ServeHTTP answers a call of the API.
func (m *messenger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != token {
		fault(401, "verify.token")(w, r)
		return
	}
	q := r.URL.Query()
	switch r.Method + " " + r.URL.Path {
	case "GET /me":
		io.WriteString(w, `{"user_id":5,"name":"Лавка чая","username":"teashop_bot","is_bot":true}`)
	case "GET /subscriptions":
		var all []map[string]string
		for _, h := range m.hooks {
			all = append(all, map[string]string{"url": h})
		}
		json.NewEncoder(w).Encode(map[string]any{"subscriptions": all})
	case "POST /subscriptions":
		var s struct{ URL, Secret string }
		json.NewDecoder(r.Body).Decode(&s)
		m.hooks, m.secret = append(m.hooks, s.URL), s.Secret
		io.WriteString(w, `{"success":true}`)
	case "DELETE /subscriptions":
		m.hooks = slices.DeleteFunc(m.hooks, func(h string) bool { return h == q.Get("url") })
		io.WriteString(w, `{"success":true}`)
	case "GET /updates":
		m.asked = append(m.asked, q.Get("marker"))
		from := 0
		fmt.Sscan(q.Get("marker"), &from)
		if from == len(m.updates) {
			m.stop()
			fmt.Fprintf(w, `{"updates":[],"marker":%d}`, from)
			return
		}
		fmt.Fprintf(w, `{"updates":[%s],"marker":%d}`, m.updates[from], from+1)
	default:
		http.NotFound(w, r)
	}
}

func open(t *testing.T, m *messenger, change func(*channels.Config)) *Channel {
	c := config("https://max.test", channeltest.Client(m))
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

func said(n int) string {
	return fmt.Sprintf(`{"update_type":"message_created","message":{"sender":{"user_id":7},"recipient":{"chat_id":70,"chat_type":"dialog"},"body":{"mid":"m%d","text":"x"}}}`, n)
}

// proves G3: a marker is given back only when all before it is kept, and the
// next server goes on there; a webhook would take the updates away, so it goes.
func TestG3_Polling(t *testing.T) {
	m := &messenger{updates: []string{said(1), said(2), said(3)}, hooks: []string{"https://old.test"}}
	var kept []string
	full := errors.New("the disk is full")
	channel := open(t, m, func(c *channels.Config) {
		c.Sink = func(_ context.Context, in channels.Inbound, done func(channels.Kept, error)) {
			if in.ID == "m2" && full != nil {
				done(channels.Kept{}, full)
				return
			}
			kept = append(kept, in.ID)
			done(channels.Kept{}, nil)
		}
	})
	if err := channel.Poll(t.Context()); !errors.Is(err, full) {
		t.Fatalf("Poll = %v, want %v", err, full)
	}
	full = nil
	ctx, stop := context.WithCancel(t.Context())
	m.stop = stop
	if err := channel.Poll(ctx); err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	if want := []string{"m1", "m2", "m3"}; !slices.Equal(kept, want) {
		t.Errorf("kept %v, want %v", kept, want)
	}
	if want := []string{"", "1", "1", "2", "3"}; !slices.Equal(m.asked, want) {
		t.Errorf("the markers were %q, want %q", m.asked, want)
	}
	if len(m.hooks) != 0 {
		t.Errorf("the webhooks are %v", m.hooks)
	}
	if chat, _ := channel.config.Shelf.Get("7", "chat"); string(chat) != "70" {
		t.Errorf("the dialogue on the shelf is %q", chat)
	}
}

// proves CH-15: our address is the only one that updates go to.
func TestCH15_Register(t *testing.T) {
	m := &messenger{hooks: []string{"https://old.test"}}
	channel := open(t, m, nil)
	for _, address := range []string{"https://a.test/1", "https://a.test/1", "https://b.test/2"} {
		if err := channel.Register(t.Context(), address); err != nil || !slices.Equal(m.hooks, []string{address}) {
			t.Fatalf("Register(%s) = %v, the webhooks are %v", address, err, m.hooks)
		}
	}
	if m.secret != channel.secret || len(m.secret) < 5 {
		t.Errorf("the secret is %q", m.secret)
	}
	if err := channel.Register(t.Context(), ""); err != nil || len(m.hooks) != 0 {
		t.Errorf("Register of nothing = %v, the webhooks are %v", err, m.hooks)
	}
}

// proves CH-15, CT-06: who we are, and the link that binds.
func TestCT06_Link(t *testing.T) {
	channel := open(t, &messenger{}, nil)
	id, err := channel.Probe(t.Context())
	if want := (channels.Identity{Name: "Лавка чая", Handle: "@teashop_bot", URL: "https://max.ru/teashop_bot"}); err != nil || id != want {
		t.Errorf("Probe = %v, %v, want %v", id, err, want)
	}
	link, err := channel.Link(t.Context(), "AbCd")
	if u, _ := url.Parse(link); err != nil || u.Query().Get("start") != "AbCd" {
		t.Errorf("Link = %q, %v", link, err)
	}
}
