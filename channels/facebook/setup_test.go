package facebook

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
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

func open(t *testing.T, m cloud) *Channel {
	ch, err := Open(config("https://graph.test", channeltest.Client(m)))
	if err != nil {
		t.Fatal(err)
	}
	return ch.(*Channel)
}

// proves CH-08: the handshake gives its challenge back to who knows the verify
// token, and to nobody else.
func TestCH08_Handshake(t *testing.T) {
	c := open(t, nil)
	for query, want := range map[string]string{
		"hub.mode=subscribe&hub.verify_token=v3rify&hub.challenge=1158201444": "200 1158201444",
		"hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1":           "403",
		"hub.mode=subscribe&hub.challenge=1":                                  "403",
		"hub.mode=other&hub.verify_token=v3rify&hub.challenge=1":              "403",
	} {
		w := httptest.NewRecorder()
		c.ServeHTTP(w, httptest.NewRequest("GET", "/webhooks/facebook/page?"+query, nil))
		got := w.Result().Status[:3]
		if w.Code == 200 {
			got += " " + w.Body.String()
		}
		if got != want {
			t.Errorf("%s is answered with %q, want %q", query, got, want)
		}
	}
}

// proves CH-08, CH-15: the app is subscribed to all that we handle, once, and
// gets the button without which no invite arrives.
func TestCH15_Register(t *testing.T) {
	var asked []string
	subscribed := `[]`
	c := open(t, func(w http.ResponseWriter, r *http.Request, body string) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		switch {
		case r.Method == "POST" && strings.HasSuffix(r.URL.Path, "subscribed_apps"):
			for _, field := range strings.Split(fields, ",") {
				if !strings.Contains(body, field) {
					t.Errorf("%s is not subscribed to", field)
				}
			}
			subscribed = `[{"subscribed_fields":["` + strings.ReplaceAll(fields, ",", `","`) + `"]}]`
		case strings.HasSuffix(r.URL.Path, "messenger_profile") && !strings.Contains(body, start):
			t.Errorf("the profile is %s", body)
		}
		io.WriteString(w, `{"data":`+subscribed+`,"success":true}`)
	})
	for _, address := range []string{"https://a.test", "https://a.test", ""} {
		if err := c.Register(t.Context(), address); err != nil {
			t.Fatal(err)
		}
	}
	const apps, profile = " /v25.0/1000/subscribed_apps", " /v25.0/me/messenger_profile"
	if got, want := strings.Join(asked, ", "), "GET"+apps+", POST"+apps+", POST"+profile+", GET"+apps+", DELETE"+apps; got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
}

// proves CH-04, CT-06, CH-15: who the page is, who the customer is, the link that
// binds.
func TestCH04_Names(t *testing.T) {
	c := open(t, func(w http.ResponseWriter, r *http.Request, _ string) {
		if strings.HasSuffix(r.URL.Path, "/1000") {
			io.WriteString(w, `{"name":"Лавка чая","username":"teashop"}`)
			return
		}
		io.WriteString(w, `{"first_name":"Олег","last_name":"Смирнов","profile_pic":"https://cdn.test/p.jpg"}`)
	})
	id, err := c.Probe(t.Context())
	if want := (channels.Identity{Name: "Лавка чая", Handle: "teashop", URL: "https://m.me/teashop"}); err != nil || id != want {
		t.Errorf("Probe = %v, %v, want %v", id, err, want)
	}
	who, err := c.Introduce(t.Context(), "7")
	if err != nil || who[channels.FirstName] != "Олег" || who[channels.LastName] != "Смирнов" || who[channels.Avatar] == "" {
		t.Errorf("Introduce = %v, %v", who, err)
	}
	if link, err := c.Link(t.Context(), "AbCd"); err != nil || link != "https://m.me/1000?ref=AbCd" {
		t.Errorf("Link = %q, %v", link, err)
	}
}

// proves CH-08: operators may write for seven days where Meta allows it; what
// the system says by itself may not.
func TestCH08_HumanAgent(t *testing.T) {
	var bodies []string
	c := open(t, func(w http.ResponseWriter, _ *http.Request, body string) {
		bodies = append(bodies, body)
		io.WriteString(w, `{"message_id":"m_1"}`)
	})
	c.settings.HumanAgent = true
	for _, automatic := range []bool{false, true} {
		if _, err := c.Deliver(t.Context(), channels.Outbound{Address: "7", Automatic: automatic, Content: &event.Content{Text: "да"}}); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(bodies[0], `"tag":"HUMAN_AGENT"`) || strings.Contains(bodies[1], "HUMAN_AGENT") {
		t.Errorf("sent %s and %s", bodies[0], bodies[1])
	}
}
