package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

// signed is the way to a bot for who does not sign: what comes goes on to the
// bot with a genuine token.
func signed(t *testing.T, p *provider, to *atomic.Value) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		on, err := http.NewRequestWithContext(r.Context(), r.Method, to.Load().(string), bytes.NewReader(body))
		if err != nil {
			panic(err)
		}
		on.Header.Set("Content-Type", "application/json")
		p.sign(p, on.Header, body)
		answer, err := http.DefaultClient.Do(on)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
		io.Copy(w, answer.Body)
	}))
	t.Cleanup(s.Close)
	return s
}

// A line is a customer who talks by way of the emulated Direct Line.
type line struct {
	t    *testing.T
	at   client
	path string
}

func newLine(t *testing.T, at string) line {
	t.Helper()
	var a struct {
		ConversationID string `json:"conversationId"`
	}
	l := line{t: t, at: client{url: at}}
	if err := l.at.ask("POST", "/directline/conversations", object{}, &a); err != nil {
		t.Fatal(err)
	}
	l.path = "/directline/conversations/" + url.PathEscape(a.ConversationID) + "/activities"
	return l
}

func (l line) post(m object) {
	l.t.Helper()
	m["type"], m["from"] = "message", object{"id": "user-1", "name": "Oleg Smirnov"}
	if err := l.at.ask("POST", l.path, m, nil); err != nil {
		l.t.Fatal(err)
	}
}

// An activity is what the customer's program finds.
type activity struct {
	From        struct{ ID string }
	Text        string
	Attachments []struct {
		Content struct {
			Text    string
			Buttons []struct {
				Type, Title, Text string
				Value             object
			}
		}
	}
}

// finds asks again and again, as customers of this channel do, until there is
// something of the bot's that is wanted.
func (l line) finds(what string, wanted func(activity) bool) {
	l.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	late := time.After(time.Minute)
	for {
		var a struct{ Activities []activity }
		if err := l.at.ask("GET", l.path+"?watermark=0", object{}, &a); err != nil {
			l.t.Fatal(err)
		}
		for _, one := range a.Activities {
			if one.From.ID == "id" && wanted(one) {
				return
			}
		}
		select {
		case <-tick.C:
		case <-late:
			l.t.Fatalf("the customer finds %+v, want %s", a.Activities, what)
		}
	}
}

// proves CH-01, CH-04, CH-10: the server talks with a customer by way of a
// Direct Line that others have written, which names neither the recipient of a
// message nor its time.
func TestCH10_DirectLineOfOthers(t *testing.T) {
	p := botOf()
	p.start(t)
	var hook atomic.Value
	at := emulate(t, "directline.js", signed(t, p, &hook).URL)
	s := newScene(t, "crafttalkd")
	hook.Store(s.server.url + "/webhooks/botframework/bot")
	settings := object{"metadata_url": p.http.URL + "/openid", "token_url": p.http.URL + "/token"}
	for k, v := range p.settings {
		settings[k] = v
	}
	s.must(s.admin.ask("PUT", "/api/v1/accounts/bot", object{"kind": "botframework", "name": "Bot", "center_id": "main",
		"routing": object{"line_id": "first"}, "settings": settings, "secrets": p.secrets}, nil))
	s.reception()
	oleg := newLine(t, at)
	oleg.post(object{"text": "Where is my order? 📦"})
	conversation := s.hears("Where is my order? 📦")
	s.reply(conversation, "It arrives tomorrow, <b>Oleg</b> 🙂")
	oleg.finds("the answer", func(a activity) bool { return a.Text == "It arrives tomorrow, <b>Oleg</b> 🙂" })
	s.do(s.olga, &wire.FromClient{Is: &wire.FromClient_Reply{Reply: &wire.Reply{ConversationId: conversation, MessageId: "choice",
		Content: &event.Content{Text: "Home or shop?", Buttons: []*event.Button{{Caption: "Home", Value: "home"}, {Caption: "Shop", Value: "shop"}}}}}})
	var pressed object
	oleg.finds("the buttons", func(a activity) bool {
		if len(a.Attachments) != 1 || len(a.Attachments[0].Content.Buttons) != 2 {
			return false
		}
		pressed = a.Attachments[0].Content.Buttons[1].Value
		return a.Attachments[0].Content.Text == "Home or shop?"
	})
	oleg.post(object{"text": "Shop", "value": pressed})
	s.presses("Shop", "shop")
	if log := fmt.Sprint(s.server.log); strings.Contains(log, p.secrets["password"].(string)) {
		t.Error("the log tells the secret")
	}
}

// presses waits until Olga is told that the button with a value was pressed.
func (s *scene) presses(caption, value string) {
	s.t.Helper()
	s.frame(s.olga, func(f *wire.FromServer) bool {
		p := f.GetEntry().GetFact().GetMessageReceived().GetContent().GetPressed()
		return p.GetCaption() == caption && p.GetValue() == value
	})
}
