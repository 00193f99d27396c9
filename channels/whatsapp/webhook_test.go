package whatsapp

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
			mac := hmac.New(sha256.New, []byte(secret))
			mac.Write(body)
			r.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
		},
		Signed: true, Address: "79990001122", Most: longest, Unmoved: []string{"object", "entry.0.changes.0.field", "entry.0.changes.0.value.metadata.phone_number_id"},
		Needed: []string{"entry.0.changes.0.value.messages.0.from", "entry.0.changes.0.value.messages.0.type", "entry.0.changes.0.value.messages.0.text"},
	})
}

func FuzzRead(f *testing.F) {
	channeltest.FuzzRead(f, "testdata/recorded", func(body []byte) []channels.Event {
		v, err := loose.Parse(body)
		if err != nil {
			return nil
		}
		var all []channels.Event
		for _, entry := range v.At("entry").List() {
			for _, change := range entry.At("changes").List() {
				events, _ := read(change.At("value"))
				all = append(all, events...)
			}
		}
		return all
	})
}
