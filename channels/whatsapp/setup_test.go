package whatsapp

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
	"crafttalkd/channels/graph"
)

// A cloud is Meta in memory.
type cloud func(w http.ResponseWriter, r *http.Request, body string)

func (c cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	c(w, r, string(body))
}

func open(t *testing.T, m cloud, change func(*channels.Config)) *Channel {
	c := config("https://graph.test", channeltest.Client(m))
	if change != nil {
		change(&c)
	}
	ch, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return ch.(*Channel)
}

// proves CH-15, CT-06: who we are, and a link whose draft binds.
func TestCT06_Link(t *testing.T) {
	c := open(t, func(w http.ResponseWriter, _ *http.Request, _ string) {
		io.WriteString(w, `{"verified_name":"Лавка чая","display_phone_number":"+7 495 000-11-22"}`)
	}, nil)
	id, err := c.Probe(t.Context())
	if want := (channels.Identity{Name: "Лавка чая", Handle: "+74950001122", URL: "https://wa.me/74950001122"}); err != nil || id != want {
		t.Errorf("Probe = %v, %v, want %v", id, err, want)
	}
	link, err := c.Link(t.Context(), "AbCdEfGhIjKlMnOpQrStUv")
	u, _ := url.Parse(link)
	if err != nil || channels.Code(u.Query().Get("text")) != "AbCdEfGhIjKlMnOpQrStUv" {
		t.Errorf("Link = %q, %v", link, err)
	}
}

// proves CH-15: the app is subscribed once, and taken back.
func TestCH15_Register(t *testing.T) {
	var asked []string
	subscribed := false
	c := open(t, func(w http.ResponseWriter, r *http.Request, _ string) {
		asked = append(asked, r.Method)
		switch r.Method {
		case "POST":
			subscribed = true
		case "DELETE":
			subscribed = false
		}
		if data := `{"data":[]}`; !subscribed {
			io.WriteString(w, data)
			return
		}
		io.WriteString(w, `{"data":[{"id":"1"}],"success":true}`)
	}, nil)
	for _, address := range []string{"https://a.test", "https://a.test", ""} {
		if err := c.Register(t.Context(), address); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(asked, " "); got != "GET POST GET DELETE" {
		t.Errorf("asked %s", got)
	}
	if e := c.Enter(); len(e) != 1 || e[0].Value != "v3rify" {
		t.Errorf("what is entered at Meta is %v", e)
	}
}

// proves G35: after 24 hours the template goes out, or the operator is told.
func TestG35_TheWindow(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	var bodies []string
	c := open(t, func(w http.ResponseWriter, r *http.Request, body string) {
		bodies = append(bodies, body)
		accept(w, r)
	}, func(c *channels.Config) {
		c.Now = func() time.Time { return now }
	})
	last := channels.Inbound{Address: "79990001122", ID: "wamid.1", SentAt: now.Add(-23 * time.Hour)}
	if err := c.remember([]channels.Event{last}); err != nil {
		t.Fatal(err)
	}
	m := channels.Outbound{Address: "79990001122", ID: "m1", Key: "k", Content: &event.Content{Text: "Ваш заказ\nготов"}}
	for _, want := range []string{`"type":"text"`, `"type":"template"`} {
		if _, err := c.Deliver(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if got := bodies[len(bodies)-1]; !strings.Contains(got, want) {
			t.Errorf("%s went out, want %s", got, want)
		}
		now = now.Add(2 * time.Hour)
	}
	if got := bodies[len(bodies)-1]; !strings.Contains(got, "Ваш заказ готов") {
		t.Errorf("the template says %s", got)
	}
	c.settings.Template = ""
	if _, err := c.Deliver(t.Context(), m); !errors.Is(err, graph.ErrWindow) || len(bodies) != 2 {
		t.Errorf("without a template Deliver = %v, %d calls", err, len(bodies))
	}
	newer := channels.Inbound{Address: "79990001122", ID: "wamid.2", SentAt: now}
	if err := errors.Join(c.remember([]channels.Event{newer}), c.remember([]channels.Event{last})); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Deliver(t.Context(), m); err != nil {
		t.Errorf("after a new message Deliver = %v", err)
	}
}

// proves CH-02: a file is fetched from where it is now, with our token.
func TestCH02_Request(t *testing.T) {
	c := open(t, func(w http.ResponseWriter, r *http.Request, _ string) {
		if r.URL.Path != "/v25.0/901" {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, `{"url":"https://lookaside.test/901","mime_type":"image/jpeg"}`)
	}, nil)
	r, err := c.Request(t.Context(), "901")
	if err != nil || r.URL.String() != "https://lookaside.test/901" || r.Header.Get("Authorization") != "Bearer "+token {
		t.Errorf("Request = %v, %v", r, err)
	}
	if _, err := c.Request(t.Context(), "../x"); err == nil {
		t.Error("Request of what is not there is no error")
	}
}
