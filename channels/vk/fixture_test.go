package vk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

const token = "vk1.a.tell-nobody"

// config is of a community whose API is at base.
func config(base string, client *http.Client) channels.Config {
	settings, _ := json.Marshal(Settings{Group: "1000", BaseURL: base})
	secrets, _ := json.Marshal(Secrets{Token: token, Secret: "S3cret"})
	return channels.Config{Account: "club", Settings: settings, Secrets: secrets, Client: client, Patient: client,
		Token: func(purpose string) string { return "token-of-" + purpose }}
}

// accept answers every method as VK does.
func accept(w http.ResponseWriter, r *http.Request) {
	switch path := strings.TrimPrefix(r.URL.Path, "/method/"); path {
	case "messages.send":
		io.WriteString(w, `{"response":[{"peer_id":7,"message_id":11,"conversation_message_id":42}]}`)
	case "photos.getMessagesUploadServer", "docs.getMessagesUploadServer":
		fmt.Fprintf(w, `{"response":{"upload_url":"http://%s/upload"}}`, r.Host)
	case "/upload":
		io.WriteString(w, `{"server":1,"photo":"[{}]","hash":"h","file":"f"}`)
	case "photos.saveMessagesPhoto":
		io.WriteString(w, `{"response":[{"id":5,"owner_id":-1000,"access_key":"k"}]}`)
	case "docs.save":
		io.WriteString(w, `{"response":{"type":"doc","doc":{"id":6,"owner_id":-1000}}}`)
	default:
		http.NotFound(w, r)
	}
}

// fault answers with an error of the API.
func fault(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"error":{"error_code":%d,"error_msg":"no"}}`, code)
	}
}

// seen takes the message out of a call of messages.send, and checks what VK
// checks.
func seen(c channeltest.Call) (m channeltest.Seen, ok bool) {
	if c.Request.URL.Path != "/method/messages.send" {
		return m, false
	}
	form, err := url.ParseQuery(string(c.Body))
	if err != nil || form.Get("access_token") != token || form.Get("v") == "" || form.Get("peer_ids") == "" || form.Has("peer_id") {
		panic(fmt.Sprintf("VK does not take %q", c.Body))
	}
	if n, err := strconv.ParseInt(form.Get("random_id"), 10, 32); err != nil || n == 0 {
		panic("random_id is " + form.Get("random_id"))
	}
	m = channeltest.Seen{Key: form.Get("random_id"), Text: form.Get("message")}
	if form.Has("lat") {
		lat, _ := strconv.ParseFloat(form.Get("lat"), 64)
		long, _ := strconv.ParseFloat(form.Get("long"), 64)
		m.Place = &event.Location{Latitude: lat, Longitude: long}
	}
	var k board
	if s := form.Get("keyboard"); s != "" && json.Unmarshal([]byte(s), &k) != nil {
		panic("the keyboard is no JSON: " + s)
	}
	for _, row := range k.Buttons {
		if len(row) > 5 || len(k.Buttons) > 6 {
			panic("the keyboard is too large")
		}
		for _, b := range row {
			if b.Action.Type == "location" {
				m.Ask = event.Ask_ASK_LOCATION
				continue
			}
			var payload struct{ B string }
			if json.Unmarshal([]byte(b.Action.Payload), &payload) != nil || len(b.Action.Payload) > 255 {
				panic("the payload is " + b.Action.Payload)
			}
			m.Buttons = append(m.Buttons, &event.Button{Caption: b.Action.Label, Value: payload.B})
		}
	}
	return m, true
}

// upload takes the bytes of a file out of a call to an upload server.
func upload(c channeltest.Call) ([]byte, bool) {
	if c.Request.URL.Path != "/upload" {
		return nil, false
	}
	_, boundary, _ := strings.Cut(c.Request.Header.Get("Content-Type"), "boundary=")
	part, err := multipart.NewReader(bytes.NewReader(c.Body), boundary).NextPart()
	if err != nil || part.FormName() != "photo" && part.FormName() != "file" || part.FileName() == "" {
		return nil, false
	}
	b, err := io.ReadAll(part)
	return b, err == nil
}

// proves CH-01, CH-02, CH-03, CH-06, CH-09, G34: the outcomes of a delivery.
func TestDeliver(t *testing.T) {
	channeltest.Run(t, channeltest.Fixture{
		Open:    func(url string, client *http.Client) (channels.Channel, error) { return Open(config(url, client)) },
		Address: "7", Read: seen, File: upload, Accept: accept, External: "42", Abilities: Abilities,
		Refuse: fault(901), Revoke: fault(5), Secrets: []string{token, "S3cret"},
		Throttle: func(w http.ResponseWriter, after time.Duration) {
			w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds())))
			w.WriteHeader(http.StatusTooManyRequests)
		},
	})
}
