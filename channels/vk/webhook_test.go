package vk

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
	"crafttalkd/channels/loose"
)

// proves CH-01 to CH-06 and G35 for what comes in: recorded calls bring what
// they should, and nothing that is not genuine brings anything.
func TestWebhook(t *testing.T) {
	channeltest.RunWebhook(t, channeltest.Hook{
		Open: func(c channels.Config) (channels.Channel, error) {
			x := config("https://api.test", c.Client)
			c.Settings, c.Secrets = x.Settings, x.Secrets
			return Open(c)
		},
		Recorded: "testdata/recorded",
		Sign:     func(*http.Request, []byte) {}, // the secret is in the body
		Forged: map[string]func(*http.Request, []byte) []byte{
			"a wrong secret":  func(_ *http.Request, b []byte) []byte { return bytes.Replace(b, []byte("S3cret"), []byte("S3cres"), 1) },
			"an empty secret": func(_ *http.Request, b []byte) []byte { return bytes.Replace(b, []byte("S3cret"), nil, 1) },
			"no secret": func(_ *http.Request, b []byte) []byte {
				return bytes.Replace(b, []byte(`"secret"`), []byte(`"sorret"`), 1)
			},
			"another community": func(_ *http.Request, b []byte) []byte { return bytes.Replace(b, []byte("1000"), []byte("1001"), 1) },
		},
		Address: "555001", Unmoved: []string{"type", "group_id", "secret", "object.message.out"},
		Needed:   []string{"object.message.from_id", "object.message.peer_id", "object.message.text"},
		Provider: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"response":{"code":"c0nfirm"}}`) }),
	})
}

func FuzzRead(f *testing.F) {
	channeltest.FuzzRead(f, "testdata/recorded", func(body []byte) []channels.Event {
		v, err := loose.Parse(body)
		if err != nil {
			return nil
		}
		u := read(v)
		return u.events
	})
}
