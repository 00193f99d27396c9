package facebook

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

const inHeader = "a token in an address stands in logs on the way"

// proves CH-11: messaging-api-messenger asks Meta for the same things in the
// same words.
func TestCH11_MessagingAPIMessengerSaysTheSame(t *testing.T) {
	channeltest.Calibrate(t, channeltest.Calibration{
		Library: func(base string) { channeltest.Node(t, "", "messenger.js", base) },
		Open:    func(base string, client *http.Client) (channels.Channel, error) { return Open(config(base, client)) },
		Wishes:  channeltest.Wishes(t, "7011", "text", "buttons", "phone", "picture", "file", "typing", "probe"),
		Accept: func(w http.ResponseWriter, _ *http.Request, _ string) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"recipient_id":"7011","message_id":"m_500","id":"1000","name":"Лавка чая"}`)
		},
		// Me is whose the token is: the page.
		Path: func(path string) string { return strings.Replace(path, "/me", "/1000", 1) },
		Differ: map[string]string{
			"only theirs: POST /v25.0/1000/messages query access_token": inHeader,
			"only ours: POST /v25.0/1000/messages header Authorization": inHeader,
			"only theirs: GET /v25.0/1000 query access_token":           inHeader,
			"only ours: GET /v25.0/1000 header Authorization":           inHeader,
			"only ours: GET /v25.0/1000 query fields":                   "the user name makes the link, and comes only if it is asked for",
			"only ours: POST /v25.0/1000/messages message.metadata":     "our key of the message, which comes back with its echo",
		},
	})
}
