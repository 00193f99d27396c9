package max

import (
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
		Sign: func(r *http.Request, _ []byte) {
			r.Header.Set("X-Max-Bot-Api-Secret", channeltest.Token("max webhook"))
		},
		Address: "90001", Unmoved: []string{"update_type", "message.sender.is_bot"},
		Needed:   []string{"message.sender.user_id", "message.recipient.chat_type", "message.body.text"},
		Provider: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"success":true}`) }),
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
