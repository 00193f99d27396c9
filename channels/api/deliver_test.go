package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

var (
	secretA = "whsec_" + base64.StdEncoding.EncodeToString([]byte("this is the first secret, long"))
	secretB = "whsec_" + base64.StdEncoding.EncodeToString([]byte("this is the other secret, long"))
)

func config(t *testing.T, url string, secrets ...string) channels.Config {
	settings, err := json.Marshal(Settings{WebhookURL: url})
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := json.Marshal(Secrets{Signing: secrets})
	if err != nil {
		t.Fatal(err)
	}
	return channels.Config{Account: "shop", Settings: settings, Secrets: hidden, Client: http.DefaultClient}
}

// proves CH-13, G34, G35: the outcomes of a delivery.
func TestDeliver(t *testing.T) {
	channeltest.Run(t, channeltest.Fixture{
		Open: func(url string, client *http.Client) (channels.Channel, error) {
			c := config(t, url+"/hook?token=tell-nobody", secretA)
			c.Client = client
			return Open(c)
		},
		Read: func(c channeltest.Call) (m channeltest.Seen, ok bool) {
			var body sent
			if err := json.Unmarshal(c.Body, &body); err != nil {
				return m, false
			}
			m = channeltest.Seen{Key: c.Request.Header.Get("Webhook-Id"), Text: body.Data.Text}
			for _, b := range body.Data.Buttons {
				m.Buttons = append(m.Buttons, &event.Button{Caption: b.Caption, Value: b.Value})
			}
			for _, a := range body.Data.Attachments {
				m.Links = append(m.Links, a.URL)
			}
			if p := body.Data.Location; p != nil {
				m.Place = &event.Location{Latitude: p.Latitude, Longitude: p.Longitude}
			}
			return m, true
		},
		Abilities: Abilities,
		Valued:    true,
		Accept:    func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"id":"theirs-7"}`) },
		External:  "theirs-7",
		Throttle: func(w http.ResponseWriter, after time.Duration) {
			w.Header().Set("Retry-After", fmt.Sprint(int(after.Seconds())))
			w.WriteHeader(http.StatusTooManyRequests)
		},
		Refuse:  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) },
		Secrets: []string{"tell-nobody", secretA},
	})
}

// post delivers m to a receiver that answers by h, and returns what it got.
func post(t *testing.T, m channels.Outbound, h http.HandlerFunc, secrets ...string) (r *http.Request, body []byte, id string, err error) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, got *http.Request) {
		r, body = got, nil
		body, _ = io.ReadAll(got.Body)
		h(w, got)
	}))
	defer s.Close()
	c, err := Open(config(t, s.URL+"/hook", secrets...))
	if err != nil {
		t.Fatal(err)
	}
	id, err = c.Deliver(context.Background(), m)
	return r, body, id, err
}

var full = channels.Outbound{
	Conversation: "k7.2", Address: "user 5", ID: "m9", At: time.Date(2030, 1, 2, 3, 4, 5, 6000000, time.FixedZone("", 3*3600)),
	Content: &event.Content{
		Text:        "Вот <счёт> & ключ",
		Attachments: []*event.Attachment{{AttachmentId: "1", Name: "счёт.pdf", Mime: "application/pdf", Size: 12, Blob: "5e1f", Source: "https://files.example/1?sig=x"}},
		Buttons:     []*event.Button{{Caption: "Да", Value: "yes"}, {Caption: "Нет"}},
		Location:    &event.Location{Latitude: 55.75, Longitude: 37.62},
		Contact:     &event.Contact{Name: "Олег", Phone: "+79990001122"},
	},
}

// proves AP-04: the body and the headers of an outbound message.
func TestDeliverBody(t *testing.T) {
	r, body, _, err := post(t, full, func(http.ResponseWriter, *http.Request) {}, secretA)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"type":"message.sent","timestamp":"2030-01-02T00:04:05.006Z","data":{"conversation_id":"k7.2","message_id":"m9",` +
		`"user_id":"user 5","text":"Вот <счёт> & ключ","attachments":[{"id":"1","name":"счёт.pdf","mime":"application/pdf","size":12,` +
		`"sha256":"5e1f","url":"https://files.example/1?sig=x"}],"buttons":[{"caption":"Да","value":"yes"},{"caption":"Нет","value":"Нет"}],` +
		`"location":{"latitude":55.75,"longitude":37.62},"contact":{"name":"Олег","phone":"+79990001122"}}}`
	if string(body) != want {
		t.Errorf("the body is\n%s, want\n%s", body, want)
	}
	if r.Method != "POST" || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s with %v", r.Method, r.Header)
	}
	if id := r.Header.Get("Webhook-Id"); id != Key(full) || strings.Contains(id, ".") {
		t.Errorf("webhook-id = %q, want %q", id, Key(full))
	}
}

// proves AP-04: the signature is the one of Standard Webhooks, and while a
// secret is replaced the old and the new one are both good.
func TestSignature(t *testing.T) {
	for _, c := range []struct {
		name    string
		active  []string
		checked string
		good    bool
	}{
		{"one secret", []string{secretA}, secretA, true},
		{"another secret", []string{secretA}, secretB, false},
		{"the old of two", []string{secretA, secretB}, secretA, true},
		{"the new of two", []string{secretA, secretB}, secretB, true},
	} {
		r, body, _, err := post(t, full, func(http.ResponseWriter, *http.Request) {}, c.active...)
		if err != nil {
			t.Fatal(err)
		}
		hook, err := standardwebhooks.NewWebhook(c.checked)
		if err != nil {
			t.Fatal(err)
		}
		if err := hook.Verify(body, r.Header); (err == nil) != c.good {
			t.Errorf("%s: Verify = %v, want good: %v", c.name, err, c.good)
		}
		if err := hook.Verify(append(body, ' '), r.Header); err == nil {
			t.Errorf("%s: a changed body is taken", c.name)
		}
		if n := len(strings.Fields(r.Header.Get("Webhook-Signature"))); n != len(c.active) {
			t.Errorf("%s: %d signatures, want %d", c.name, n, len(c.active))
		}
	}
}

// proves G35, G38: every answer of a receiver has its meaning.
func TestAnswers(t *testing.T) {
	const (
		final = "final"
		again = "again"
	)
	for _, c := range []struct {
		status int
		hint   string
		want   string // final, again, a time to wait, or the receiver's id
		body   string
	}{
		{200, "", "x1", `{"id":"x1","more":[1]}`}, {201, "", "", ``}, {202, "", "", `not JSON`}, {204, "", "", ``},
		{200, "", "", `{"id":7}`}, {200, "", "", `{"id":"` + strings.Repeat("x", 201) + `"}`},
		{400, "", final, ``}, {401, "", final, ``}, {403, "", final, ``}, {404, "", final, ``}, {410, "", final, ``}, {413, "", final, ``}, {422, "", final, ``},
		{301, "", final, ``}, {308, "", final, ``}, {302, "", again, ``}, {303, "", again, ``}, {307, "", again, ``},
		{408, "", again, ``}, {425, "", again, ``}, {429, "", again, ``}, {503, "", again, ``}, {500, "", again, ``}, {502, "", again, ``}, {504, "", again, ``},
		{429, "7", "7s", ``}, {503, "120", "2m0s", ``}, {503, "Wed, 02 Jan 2030 03:05:05 GMT", "1m0s", ``}, {429, "999999999", "24h0m0s", ``},
		{429, "-5", again, ``}, {429, "soon", again, ``}, {503, "Wed, 02 Jan 2030 03:00:00 GMT", again, ``}, {500, "7", again, ``},
	} {
		w := httptest.NewRecorder()
		w.Header().Set("Retry-After", c.hint)
		w.WriteHeader(c.status)
		w.WriteString(c.body)
		id, err := judge(w.Result(), time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
		got := id
		switch {
		case refusal.KindOf(err) != 0:
			got = final
		case channels.LaterIn(err) != 0:
			got = channels.LaterIn(err).String()
		case err != nil:
			got = again
		}
		if got != c.want {
			t.Errorf("status %d, Retry-After %q, body %.20q: %s (%v), want %s", c.status, c.hint, c.body, got, err, c.want)
		}
	}
}

// The words of a receiver are not repeated: they may hold anything.
func TestAnswerIsNotRepeated(t *testing.T) {
	_, _, _, err := post(t, full, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<script>", 403) }, secretA)
	if err == nil || err.Error() != "the receiver refused the message with status 403 Forbidden" {
		t.Errorf("Deliver = %v", err)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	asked := 0
	_, _, _, err := post(t, full, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}, secretA)
	if err == nil || refusal.KindOf(err) != 0 || asked != 1 {
		t.Errorf("Deliver = %v after %d requests, want an error after one", err, asked)
	}
}

func TestOpen(t *testing.T) {
	good := config(t, "https://shop.example/hook", secretA, secretB)
	if _, err := open(good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, settings, secrets, field string }{
		{"no address", `{}`, `{"signing":["` + secretA + `"]}`, "settings.webhook_url"},
		{"nothing at all", ``, ``, "settings.webhook_url"},
		{"another scheme", `{"webhook_url":"file:///etc/passwd"}`, ``, "settings.webhook_url"},
		{"no host", `{"webhook_url":"https:///hook"}`, ``, "settings.webhook_url"},
		{"a password", `{"webhook_url":"https://a:b@shop.example"}`, ``, "settings.webhook_url"},
		{"an unknown setting", `{"webhook_url":"https://shop.example","colour":1}`, ``, "settings"},
		{"two settings", `{"webhook_url":"https://shop.example"}{}`, ``, "settings"},
		{"no secret", `{"webhook_url":"https://shop.example"}`, `{"signing":[]}`, "secrets.signing"},
		{"three secrets", `{"webhook_url":"https://shop.example"}`, `{"signing":["a","b","c"]}`, "secrets.signing"},
		{"a short secret", `{"webhook_url":"https://shop.example"}`, `{"signing":["whsec_c2hvcnQ="]}`, "secrets.signing"},
		{"no prefix", `{"webhook_url":"https://shop.example"}`, `{"signing":["` + secretA[6:] + `"]}`, "secrets.signing"},
	} {
		broken := good
		broken.Settings, broken.Secrets = json.RawMessage(c.settings), json.RawMessage(c.secrets)
		_, err := Open(broken)
		r, ok := err.(*refusal.Error)
		if !ok || r.Field != c.field {
			t.Errorf("%s: Open = %#v, want a refusal of %s", c.name, err, c.field)
		}
	}
}
