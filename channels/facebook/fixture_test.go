package facebook

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
	settings, _ := json.Marshal(Settings{Page: "1000", Verify: "v3rify", BaseURL: base})
	secrets, _ := json.Marshal(Secrets{Token: token, AppSecret: secret})
	return channels.Config{Account: "page", Settings: settings, Secrets: secrets, Client: client,
		Token: func(purpose string) string { return "token-of-" + purpose }}
}

func fault(status, code, sub int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":{"message":"no","code":%d,"error_subcode":%d}}`, code, sub)
	}
}

// form takes a call with a file apart.
func form(c channeltest.Call) (fields map[string]string, file []byte) {
	_, boundary, ok := strings.Cut(c.Request.Header.Get("Content-Type"), "boundary=")
	if !ok {
		return nil, nil
	}
	fields = map[string]string{}
	for r := multipart.NewReader(bytes.NewReader(c.Body), boundary); ; {
		p, err := r.NextPart()
		if err != nil {
			return fields, file
		}
		b, _ := io.ReadAll(p)
		if p.FormName() == "filedata" {
			file = b
		} else {
			fields[p.FormName()] = string(b)
		}
	}
}

// seen takes the message out of a call, and checks what Meta checks.
func seen(c channeltest.Call) (s channeltest.Seen, ok bool) {
	if c.Request.URL.Path != "/v25.0/1000/messages" {
		return s, false
	}
	var m sent
	body := c.Body
	if fields, file := form(c); file != nil {
		body = fmt.Appendf(nil, `{"recipient":%s,"messaging_type":%q,"message":%s}`, fields["recipient"], fields["messaging_type"], fields["message"])
	}
	q := c.Request.URL.Query()
	switch err := json.Unmarshal(body, &m); {
	case err != nil || m.Recipient.ID == "" || m.Type != "RESPONSE":
		return s, false // a file that broke off
	case c.Request.Header.Get("Authorization") != "Bearer "+token || len(q.Get("appsecret_proof")) != 64:
		panic("the call is not authorised")
	case m.Message.Text != "" && m.Message.Attachment != nil:
		panic("words with a file")
	}
	s = channeltest.Seen{Text: m.Message.Text}
	for _, r := range m.Message.QuickReplies {
		if r.Type == "user_phone_number" {
			s.Ask = event.Ask_ASK_PHONE
			continue
		}
		s.Buttons = append(s.Buttons, &event.Button{Caption: r.Title, Value: r.Payload})
	}
	return s, true
}

// proves CH-01, CH-02, CH-03, CH-05, CH-08, G35, G36: the outcomes of a delivery.
func TestDeliver(t *testing.T) {
	channeltest.Run(t, channeltest.Fixture{
		Open:    func(url string, client *http.Client) (channels.Channel, error) { return Open(config(url, client)) },
		Address: "7", Read: seen, Abilities: Abilities,
		File: func(c channeltest.Call) ([]byte, bool) { _, b := form(c); return b, b != nil },
		Accept: func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"recipient_id":"7","message_id":"m_42"}`)
		},
		External: "m_42", Refuse: fault(400, 10, 2018278), Revoke: fault(401, 190, 463), Secrets: []string{token, secret},
		Throttle: func(w http.ResponseWriter, after time.Duration) {
			w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds())))
			fault(400, 4, 0)(w, nil)
		},
	})
}
