package max

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

const token = "f9LHodD0cOL-tell-nobody"

func config(base string, client *http.Client) channels.Config {
	settings, _ := json.Marshal(Settings{BaseURL: base})
	secrets, _ := json.Marshal(Secrets{Token: token})
	return channels.Config{Account: "bot", Settings: settings, Secrets: secrets, Client: client, Patient: client,
		Token: func(purpose string) string { return "token-of-" + strings.ReplaceAll(purpose, " ", "-") }}
}

// accept answers every call as MAX does.
func accept(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/messages":
		io.WriteString(w, `{"message":{"body":{"mid":"mid.42","seq":1}}}`)
	case r.URL.Path == "/uploads":
		fmt.Fprintf(w, `{"url":"http://%s/up","token":"t1"}`, r.Host)
	case r.URL.Path == "/up":
		io.WriteString(w, `{"photos":{"p1":{"token":"t2"}},"token":"t3"}`)
	default:
		http.NotFound(w, r)
	}
}

func fault(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"code":%q,"message":"no"}`, code)
	}
}

// seen takes the message out of a call, and checks what MAX checks.
func seen(c channeltest.Call) (s channeltest.Seen, ok bool) {
	if c.Request.URL.Path != "/messages" {
		return s, false
	}
	var m struct {
		Text        string
		Attachments []struct {
			Type                string
			Latitude, Longitude float64
			Payload             struct {
				Buttons [][]button
				Token   string
				Photos  map[string]struct{ Token string }
			}
		}
	}
	if json.Unmarshal(c.Body, &m) != nil || c.Request.Header.Get("Authorization") != token || c.Request.URL.Query().Get("user_id") == "" {
		panic("MAX does not take " + string(c.Body))
	}
	s.Text = m.Text
	for _, a := range m.Attachments {
		switch a.Type {
		case "location":
			s.Place = &event.Location{Latitude: a.Latitude, Longitude: a.Longitude}
		case "inline_keyboard":
			for _, row := range a.Payload.Buttons {
				for _, b := range row {
					switch b.Type {
					case "request_contact":
						s.Ask = event.Ask_ASK_PHONE
					case "request_geo_location":
						s.Ask = event.Ask_ASK_LOCATION
					default:
						s.Buttons = append(s.Buttons, &event.Button{Caption: b.Text, Value: b.Payload})
					}
				}
			}
		default:
			if a.Payload.Token == "" && a.Payload.Photos["p1"].Token != "t2" {
				panic("an attachment without its token: " + string(c.Body))
			}
		}
	}
	return s, true
}

func upload(c channeltest.Call) ([]byte, bool) {
	if c.Request.URL.Path != "/up" || c.Request.Header.Get("Authorization") != "" {
		return nil, false
	}
	_, boundary, _ := strings.Cut(c.Request.Header.Get("Content-Type"), "boundary=")
	part, err := multipart.NewReader(bytes.NewReader(c.Body), boundary).NextPart()
	if err != nil || part.FormName() != "data" || part.FileName() == "" {
		return nil, false
	}
	b, err := io.ReadAll(part)
	return b, err == nil
}

// proves CH-01, CH-02, CH-03, CH-05, CH-06, G35, G36: the outcomes of a
// delivery.
func TestDeliver(t *testing.T) {
	channeltest.Run(t, channeltest.Fixture{
		Open:    func(url string, client *http.Client) (channels.Channel, error) { return Open(config(url, client)) },
		Address: "7", Read: seen, File: upload, Accept: accept, External: "mid.42", Abilities: Abilities,
		Refuse: fault(403, "chat.denied"), Revoke: fault(401, "verify.token"), Secrets: []string{token},
		Throttle: func(w http.ResponseWriter, after time.Duration) {
			w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds())))
			fault(429, "too.many.requests")(w, nil)
		},
	})
}
