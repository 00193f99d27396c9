package rest_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"crafttalkd/actors/event"
	"crafttalkd/channels/webhook"
	"crafttalkd/transport/herald"
	"crafttalkd/transport/rest"
)

// A receivers is every program that webhooks post to.
type receivers struct {
	posts []post
	wrong int // the status that it answers with; 0 takes everything
}

type post struct {
	head http.Header
	body string
}

func (r *receivers) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	r.posts = append(r.posts, post{req.Header, string(body)})
	return &http.Response{StatusCode: max(r.wrong, 200), Body: io.NopCloser(strings.NewReader("")), Request: req}, err
}

// tell gives the house a herald.
func (h *house) tell(c *rest.Config) {
	h.receivers = &receivers{}
	k := herald.New(herald.Config{Feed: c.Feed, Table: c.Table, Directory: h.system.Directory, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Client: &http.Client{Transport: h.receivers}, Signers: func(w *event.Webhook) ([]webhook.Signer, error) { return rest.Signers(h.vault, w) }})
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- k.Run(ctx) }()
	h.silence = func() {
		cancel()
		if err := <-over; err != nil {
			h.t.Error(err)
		}
	}
	c.Webhooks = k
}

// proves G38: a webhook posts what happens within its limits, signed with a secret
// that is told once, and with two while one is replaced.
func TestG38_WebhooksPostWithinTheirLimits(t *testing.T) {
	inHouse(t, func(h *house) {
		made := h.as("boss", "PUT", "/api/v1/webhooks/crm", `{"url":"https://crm.example/in","kinds":["message_received"],"roles":["view_clients"],"center_ids":["shop"]}`).want(200)
		old := made.field("signing").(string)
		h.writes("site", "anna", "hello")
		h.writes("safe", "boris", "my secret")
		<-time.After(time.Second) // of the bubble
		if n := len(h.receivers.posts); n != 1 || !strings.Contains(h.receivers.posts[0].body, "hello") {
			t.Fatalf("%d posts: %v", n, h.receivers.posts)
		}
		fresh := h.as("boss", "POST", "/api/v1/webhooks/crm/secret", "").want(200).field("signing").(string)
		h.writes("site", "anna", "again")
		<-time.After(time.Second) // of the bubble
		last := h.receivers.posts[len(h.receivers.posts)-1]
		for _, secret := range []string{old, fresh} {
			verifier, err := standardwebhooks.NewWebhook(secret)
			if err == nil {
				err = verifier.VerifyIgnoringTimestamp([]byte(last.body), last.head)
			}
			if err != nil || !strings.Contains(last.body, "again") {
				t.Errorf("with %s: %v: %s", secret, err, last.body)
			}
		}
		shown := h.as("boss", "GET", "/api/v1/webhooks", "").want(200).Body.String()
		if strings.Contains(shown, "whsec_") || strings.Contains(shown, "secret") {
			t.Errorf("shown: %s", shown)
		}
		h.as("boss", "PUT", "/api/v1/webhooks/bad", `{"url":"ftp://crm.example"}`).want(422)
		h.as("oleg", "GET", "/api/v1/webhooks", "").want(403)
	})
}

// A webhook's log, what it was not told, and sending that again.
func TestG38_WebhooksAreLookedAfter(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "PUT", "/api/v1/webhooks/crm", `{"url":"https://crm.example/in","kinds":["message_received"],"roles":["view_clients"],"center_ids":["shop"]}`).want(200)
		h.receivers.wrong = 500
		if try := h.as("boss", "POST", "/api/v1/webhooks/crm/test", "").want(200); try.field("status") != 500.0 || try.field("error") == "" {
			t.Errorf("a test: %s", try.Body)
		}
		h.writes("site", "anna", "hello")
		<-time.After(time.Second) // of the bubble
		log := h.as("boss", "GET", "/api/v1/webhooks/crm/log", "").want(200)
		if log.field("waiting") != 1.0 || log.field("items", 0, "status") != 500.0 || log.field("items", 0, "next") == nil {
			t.Errorf("the log: %s", log.Body)
		}
		<-time.After(26 * time.Hour) // of the bubble
		item := h.as("boss", "GET", "/api/v1/webhooks/crm/failed", "").want(200).field("items", 0, "item").(string)
		h.receivers.wrong = 0
		if n := h.as("boss", "POST", "/api/v1/webhooks/crm/resend", `{"items":["`+item+`"]}`).want(200).field("count"); n != 1.0 {
			t.Errorf("%v are sent again", n)
		}
		<-time.After(time.Second) // of the bubble
		if n := len(h.as("boss", "GET", "/api/v1/webhooks/crm/failed", "").want(200).field("items").([]any)); n != 0 {
			t.Errorf("%d have failed after they were taken", n)
		}
		for _, path := range []string{"GET log", "GET failed", "POST test", "POST secret"} {
			method, what, _ := strings.Cut(path, " ")
			h.as("boss", method, "/api/v1/webhooks/nobody/"+what, "").want(404)
		}
	})
}
