package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/transport/problem"
)

const plainMessage = `{"id":"x1","user":{"id":"u"},"text":"a"}`

// serve gives one request to a channel whose sink is sink.
func serve(t *testing.T, sink channels.Sink, method, kind string, body io.Reader) *httptest.ResponseRecorder {
	c := config(t, "https://shop.example/hook", secretA)
	c.Sink = sink
	ch, err := open(c)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, "/channel/v1/shop/messages", body)
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	problem.Logging(slog.New(slog.DiscardHandler), ch).ServeHTTP(w, r)
	return w
}

// proves AP-04: a message is kept before it is acknowledged, and one that was
// kept before is acknowledged again.
func TestWebhook(t *testing.T) {
	for _, c := range []struct {
		repeated bool
		status   int
	}{{false, 202}, {true, 200}} {
		var got channels.Inbound
		w := serve(t, func(_ context.Context, m channels.Inbound, done func(channels.Kept, error)) {
			got = m
			go done(channels.Kept{Conversation: "k1.1", Message: "m5", Version: 7, Repeated: c.repeated}, nil)
		}, "POST", "application/json; charset=utf-8", strings.NewReader(plainMessage))
		want := `{"conversation_id":"k1.1","message_id":"m5","version":7}` + "\n"
		if w.Code != c.status || w.Body.String() != want || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("repeated %v: %d %s, want %d %s", c.repeated, w.Code, w.Body, c.status, want)
		}
		if got.Account != "shop" || got.ID != "x1" || got.Address != "u" || got.Content.Text != "a" {
			t.Errorf("the sink got %+v", got)
		}
	}
}

func TestWebhookRefuses(t *testing.T) {
	never := func(context.Context, channels.Inbound, func(channels.Kept, error)) {
		t.Error("the sink was given something")
	}
	says := func(err error) channels.Sink {
		return func(_ context.Context, _ channels.Inbound, done func(channels.Kept, error)) {
			done(channels.Kept{}, err)
		}
	}
	for _, c := range []struct {
		name               string
		sink               channels.Sink
		method, kind, body string
		status             int
		field, header      string
	}{
		{"another method", never, "PUT", "application/json", plainMessage, 405, "", "Allow"},
		{"a form", never, "POST", "application/x-www-form-urlencoded", plainMessage, 415, "", ""},
		{"no type", never, "POST", "", plainMessage, 415, "", ""},
		{"text", never, "POST", "application/json", "hello", 400, "", ""},
		{"an unknown field", never, "POST", "application/json", `{"ip":1}`, 422, "ip", ""},
		{"too long", never, "POST", "application/json", `{"text":"` + strings.Repeat("a", maxBody) + `"}`, 413, "", ""},
		{"no room", says(refusal.New(refusal.Busy, "full")), "POST", "application/json", plainMessage, 503, "", "Retry-After"},
		{"no account", says(refusal.New(refusal.NotFound, "gone")), "POST", "application/json", plainMessage, 404, "", ""},
		{"a fault", says(errors.New("disk")), "POST", "application/json", plainMessage, 500, "", ""},
	} {
		w := serve(t, c.sink, c.method, c.kind, strings.NewReader(c.body))
		var d problem.Details
		if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
			t.Fatalf("%s: %v in %s", c.name, err, w.Body)
		}
		if w.Code != c.status || d.Status != c.status || d.Field != c.field || w.Header().Get("Content-Type") != problem.ContentType {
			t.Errorf("%s: %d %+v, want %d %q", c.name, w.Code, d, c.status, c.field)
		}
		if c.header != "" && w.Header().Get(c.header) == "" {
			t.Errorf("%s: no header %s", c.name, c.header)
		}
	}
}

// A sink that does not answer leaves the sender to give the message again.
func TestWebhookTooSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := serve(t, func(context.Context, channels.Inbound, func(channels.Kept, error)) {}, "POST", "application/json", strings.NewReader(plainMessage))
		if w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("answer %d %v, want 503 and a hint", w.Code, w.Header())
		}
	})
}

// A sender that stops in the middle of a body has given nothing.
func TestWebhookCut(t *testing.T) {
	w := serve(t, func(context.Context, channels.Inbound, func(channels.Kept, error)) {
		t.Error("half a message was kept")
	},
		"POST", "application/json", io.MultiReader(strings.NewReader(plainMessage[:20]), brokenReader{}))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("answer %d, want 503", w.Code)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
