package telegram

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/channeltest"
)

// A sent is a request for a message, in JSON or as a form.
type sent struct {
	ChatID    int64    `json:"chat_id"`
	Text      string   `json:"text"`
	Caption   string   `json:"caption"`
	Latitude  *float64 `json:"latitude"`
	Longitude float64  `json:"longitude"`
	Markup    keyboard `json:"reply_markup"`
}

// unpack reads a request for a message.
func unpack(c channeltest.Call) (s sent, ok bool) {
	method := path.Base(c.Request.URL.Path)
	if method != "sendMessage" && method != "sendPhoto" && method != "sendDocument" && method != "sendLocation" {
		return s, false
	}
	kind, params, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil {
		return s, false
	}
	if kind == "application/json" {
		return s, json.Unmarshal(c.Body, &s) == nil
	}
	form, err := multipart.NewReader(bytes.NewReader(c.Body), params["boundary"]).ReadForm(64 << 20)
	if err != nil {
		return s, false
	}
	if all := form.Value["caption"]; len(all) > 0 {
		s.Caption = all[0]
	}
	return s, true
}

// fileOf is the bytes of the file that a request brings.
func fileOf(c channeltest.Call) ([]byte, bool) {
	_, params, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, false
	}
	form, err := multipart.NewReader(bytes.NewReader(c.Body), params["boundary"]).ReadForm(64 << 20)
	if err != nil {
		return nil, false
	}
	for _, all := range form.File {
		f, err := all[0].Open()
		if err != nil {
			return nil, false
		}
		b, err := io.ReadAll(f)
		return b, err == nil
	}
	return nil, false
}

func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// proves CH-01, CH-02, CH-03, CH-05, CH-06, CH-07, G35, G36: the outcomes of a delivery.
func TestCH07_Deliver(t *testing.T) {
	channeltest.Run(t, channeltest.Fixture{
		Open: func(url string, client *http.Client) (channels.Channel, error) {
			return Open(configured(channels.Config{Client: client, Shelf: &channeltest.Shelf{}}, `{"base_url":"`+url+`"}`))
		},
		Read: func(c channeltest.Call) (m channeltest.Seen, ok bool) {
			s, ok := unpack(c)
			m.Text = cmp.Or(s.Text, s.Caption)
			for _, row := range s.Markup.Inline {
				m.Buttons = append(m.Buttons, &event.Button{Caption: row[0].Text, Value: row[0].Data})
			}
			for _, row := range s.Markup.Reply {
				switch {
				case row[0].Contact:
					m.Ask = event.Ask_ASK_PHONE
				case row[0].Location:
					m.Ask = event.Ask_ASK_LOCATION
				}
			}
			if s.Latitude != nil {
				m.Place = &event.Location{Latitude: *s.Latitude, Longitude: s.Longitude}
			}
			return m, ok
		},
		File:      fileOf,
		Abilities: Abilities,
		Address:   "70555",
		Accept:    answers(200, `{"ok":true,"result":{"message_id":4711,"chat":{"id":70555}}}`),
		External:  "4711",
		Throttle: func(w http.ResponseWriter, after time.Duration) {
			answers(429, fmt.Sprintf(`{"ok":false,"error_code":429,"description":"Too Many Requests: retry after","parameters":{"retry_after":%d}}`, int(after.Seconds())))(w, nil)
		},
		Refuse:  answers(403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`),
		Revoke:  answers(401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`),
		Secrets: []string{testToken},
	})
}

// proves G35: every answer of Telegram has its meaning, telegram.md 3.4.
func TestG35_Answers(t *testing.T) {
	const (
		final  = "final: "
		again  = "again"
		broken = "broken"
		unsure = "unsure"
	)
	for _, c := range []struct {
		status int
		body   string
		want   string
	}{
		{200, `{"ok":true,"result":{"message_id":7}}`, "7"},
		{200, `{"ok":true,"result":{}}`, ""},
		{200, `<html>`, unsure},
		{200, ``, unsure},
		{400, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, final + "the customer must write to the bot first"},
		{400, `{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}`, final + "Telegram refused the message: Bad Request: message is too long"},
		{400, `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-100}}`, final + "the chat is a group that has moved; only private chats are served"},
		{401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, broken},
		{404, `{"ok":false,"error_code":404,"description":"Not Found"}`, broken},
		{404, `<html>no such page</html>`, again},
		{403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`, final + "the customer has blocked the bot"},
		{403, `{"ok":false,"error_code":403,"description":"Forbidden: user is deactivated"}`, final + "the customer's Telegram account is deleted"},
		{403, `{"ok":false,"error_code":403,"description":"Forbidden: bot can't initiate conversation with a user"}`, final + "the customer must write to the bot first"},
		{403, `{"ok":false,"error_code":403,"description":"Forbidden: x"}`, final + "Telegram does not let the bot write to this customer: Forbidden: x"},
		{403, `blocked by a firewall`, again},
		{409, `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}`, again},
		{413, `{"ok":false,"error_code":413,"description":"Request Entity Too Large"}`, final + "the file is too large for Telegram; send a link to it"},
		{429, `{"ok":false,"error_code":429,"parameters":{"retry_after":7}}`, "7s"},
		{429, `{"ok":false,"error_code":429,"parameters":{"retry_after":"9"}}`, "9s"},
		{429, `{"ok":false,"error_code":429,"parameters":{"retry_after":99999999}}`, "24h0m0s"},
		{429, `{"ok":false,"error_code":429}`, again},
		{500, `{"ok":false,"error_code":500,"description":"Internal Server Error"}`, again},
		{502, `<html>Bad Gateway</html>`, again},
	} {
		got, err := judge(call.Answer{Status: c.status, Body: []byte(c.body)})
		_, isBroken := err.(*channels.Broken)
		_, isUnsure := err.(*channels.Unsure)
		switch {
		case refusal.KindOf(err) != 0:
			got = final + err.Error()
		case isBroken:
			got = broken
		case isUnsure:
			got = unsure
		case channels.LaterIn(err) != 0:
			got = channels.LaterIn(err).String()
		case err != nil:
			got = again
		}
		if got != c.want {
			t.Errorf("status %d, %s: %s (%v), want %s", c.status, c.body, got, err, c.want)
		}
	}
}
