package whatsapp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

const (
	token  = "EAAG-tell-nobody"
	secret = "app-secret-tell-nobody"
)

func config(base string, client *http.Client) channels.Config {
	settings, _ := json.Marshal(Settings{Number: "1000", Business: "2000", Verify: "v3rify", Template: "answer", BaseURL: base})
	secrets, _ := json.Marshal(Secrets{Token: token, AppSecret: secret})
	return channels.Config{Account: "number", Settings: settings, Secrets: secrets, Client: client, Shelf: &channeltest.Shelf{},
		Token: func(purpose string) string { return "token-of-" + purpose }}
}

func fault(status, code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":{"message":"no","code":%d}}`, code)
	}
}

func accept(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/media") {
		io.WriteString(w, `{"id":"9"}`)
		return
	}
	io.WriteString(w, `{"messaging_product":"whatsapp","messages":[{"id":"wamid.42"}]}`)
}

type got struct {
	To, Recipient, Type string
	Text                struct{ Body string }
	Location            *struct{ Latitude, Longitude float64 }
	Template            struct {
		Name       string
		Components []struct{ Parameters []struct{ Text string } }
	}
	Interactive struct {
		Type   string
		Body   struct{ Text string }
		Action struct {
			Name    string
			Buttons []struct{ Reply struct{ ID, Title string } }
		}
	}
	Image, Document, Audio, Video struct{ ID string }
}

// seen takes the message out of a call, and checks what Meta checks.
func seen(c channeltest.Call) (s channeltest.Seen, ok bool) {
	if c.Request.URL.Path != "/v25.0/1000/messages" {
		return s, false
	}
	var m got
	switch err := json.Unmarshal(c.Body, &m); {
	case err != nil || m.To == "" && m.Recipient == "":
		panic("WhatsApp does not take " + string(c.Body))
	case c.Request.Header.Get("Authorization") != "Bearer "+token:
		panic("the call is not authorised")
	case (m.Type == "image" || m.Type == "document") && m.Image.ID+m.Document.ID != "9":
		panic("a file that did not go up")
	}
	s = channeltest.Seen{Text: m.Text.Body + m.Interactive.Body.Text}
	for _, p := range m.Template.Components {
		s.Text += p.Parameters[0].Text
	}
	if m.Location != nil {
		s.Place = &event.Location{Latitude: m.Location.Latitude, Longitude: m.Location.Longitude}
	}
	if m.Interactive.Action.Name == "send_location" {
		s.Ask = event.Ask_ASK_LOCATION
	}
	for _, b := range m.Interactive.Action.Buttons {
		s.Buttons = append(s.Buttons, &event.Button{Caption: b.Reply.Title, Value: b.Reply.ID})
	}
	return s, true
}

func uploaded(c channeltest.Call) ([]byte, bool) {
	_, boundary, ok := strings.Cut(c.Request.Header.Get("Content-Type"), "boundary=")
	for r := multipart.NewReader(bytes.NewReader(c.Body), boundary); ok; {
		p, err := r.NextPart()
		if err != nil {
			return nil, false
		}
		if b, err := io.ReadAll(p); p.FormName() == "file" {
			return b, err == nil
		}
	}
	return nil, false
}

// proves CH-01, CH-02, CH-03, CH-06, G35, G36: the outcomes of a delivery.
func TestDeliver(t *testing.T) {
	channeltest.Run(t, channeltest.Fixture{
		Open:    func(url string, client *http.Client) (channels.Channel, error) { return Open(config(url, client)) },
		Address: "79990001122", Read: seen, File: uploaded, Accept: accept, External: "wamid.42", Abilities: Abilities,
		Refuse: fault(400, 131026), Revoke: fault(401, 190), Secrets: []string{token, secret},
		Throttle: func(w http.ResponseWriter, after time.Duration) {
			w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds())))
			fault(429, 130429)(w, nil)
		},
	})
}
