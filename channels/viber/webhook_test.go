package viber

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
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
		Sign: func(r *http.Request, body []byte) {
			mac := hmac.New(sha256.New, []byte(token))
			mac.Write(body)
			r.Header.Set("X-Viber-Content-Signature", hex.EncodeToString(mac.Sum(nil)))
		},
		Signed: true, Address: "01234abcXYZ56789defg==", Unmoved: []string{"event"},
		Needed: []string{"sender.id", "message.text", "message_token"},
	})
}

func FuzzRead(f *testing.F) {
	channeltest.FuzzRead(f, "testdata/recorded", func(body []byte) []channels.Event {
		v, err := loose.Parse(body)
		if err != nil {
			return nil
		}
		events, _ := read(v)
		return events
	})
}
