package viber

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

// token is that of the check value in viber.md 2.
const token = "44dafb7e0f40021e-61a47a1e6778d187-f2c5a676a07050b3"

func config(base string, client *http.Client) channels.Config {
	settings, _ := json.Marshal(Settings{Name: "Лавка чая", BaseURL: base})
	secrets, _ := json.Marshal(Secrets{Token: token})
	return channels.Config{Account: "bot", Settings: settings, Secrets: secrets, Client: client}
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

// seen takes the message out of a call of send_message, and checks what Viber
// checks.
func seen(c channeltest.Call) (s channeltest.Seen, ok bool) {
	if c.Request.URL.Path != "/send_message" {
		return s, false
	}
	var m message
	switch err := json.Unmarshal(c.Body, &m); {
	case err != nil || c.Request.Header.Get("X-Viber-Auth-Token") != token:
		panic("Viber does not take " + string(c.Body))
	case m.Sender.Name == "" || len([]rune(m.Sender.Name)) > 28 || m.Receiver == "":
		panic("there is no sender or no receiver")
	case m.Type == "file" && (m.Size == 0 || m.FileName == ""):
		panic("a file without size and name")
	}
	s = channeltest.Seen{Text: m.Text}
	if m.Media != "" {
		s.Links = []string{m.Media}
	}
	if m.Location != nil {
		s.Place = &event.Location{Latitude: m.Location.Lat, Longitude: m.Location.Lon}
	}
	if m.Keyboard == nil {
		return s, true
	}
	for _, b := range m.Keyboard.Buttons {
		switch b.ActionType {
		case "share-phone":
			s.Ask = event.Ask_ASK_PHONE
		case "location-picker":
			s.Ask = event.Ask_ASK_LOCATION
		default:
			s.Buttons = append(s.Buttons, &event.Button{Caption: html.UnescapeString(b.Text), Value: b.ActionBody})
		}
	}
	return s, true
}

// proves CH-01, CH-02, CH-03, CH-05, CH-06, CH-11, G35, G36: the outcomes of a
// delivery.
func TestDeliver(t *testing.T) {
	channeltest.Run(t, channeltest.Fixture{
		Open:    func(url string, client *http.Client) (channels.Channel, error) { return Open(config(url, client)) },
		Address: "01234abc=", Read: seen, Abilities: Abilities, Spoken: true,
		Accept: says(`{"status":0,"status_message":"ok","message_token":5741311803571721087}`), External: "5741311803571721087",
		Refuse: says(`{"status":6,"status_message":"notSubscribed"}`), Revoke: says(`{"status":2,"status_message":"invalidAuthToken"}`),
		Secrets: []string{token},
		Throttle: func(w http.ResponseWriter, after time.Duration) {
			w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds())))
			w.WriteHeader(http.StatusTooManyRequests)
		},
	})
}
