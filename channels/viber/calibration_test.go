package viber

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"testing"

	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

const (
	inHeader   = "the header has the token, viber.md 2"
	alwaysText = "pictures must have a text, which may be empty; elsewhere it is not looked at"
	askedFirst = "a webhook that is right already is not set again"
)

func calibrate(t *testing.T, library, below string, differ map[string]string) {
	channeltest.Calibrate(t, channeltest.Calibration{
		Library: func(base string) { channeltest.Node(t, "", "viber.js", "send", library, base) },
		Open: func(base string, client *http.Client) (channels.Channel, error) {
			return Open(config(base+below, client))
		},
		Wishes: channeltest.Wishes(t, "01234abc=", "text", "buttons", "phone", "picture", "file", "place", "probe", "webhook"),
		Accept: func(w http.ResponseWriter, _ *http.Request, _ string) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"status":0,"status_message":"ok","message_token":5741311803571721087,"uri":"teashop","name":"Лавка чая"}`)
		},
		Differ: differ,
	})
}

// proves CH-11: viber-bot, Viber's own library, asks Viber for the same things
// in the same words.
func TestCH11_ViberBotSaysTheSame(t *testing.T) {
	calibrate(t, "viber-bot", "", map[string]string{
		"only theirs: POST /send_message auth_token":     inHeader,
		"only theirs: POST /get_account_info auth_token": inHeader,
		"only theirs: POST /set_webhook auth_token":      inHeader,
		"only theirs: POST /send_message tracking_data":  "nothing is tracked, and the library can't leave it out",
		"POST /send_message tracking_data":               "the library tracks with the last of several messages alone; ours marks the wish for a number",
		"only ours: POST /send_message text":             alwaysText,
		"only ours: POST /get_account_info":              askedFirst,
		"only ours: POST /set_webhook send_name":         "names and pictures are told to who asks; the library can't",
		"only ours: POST /set_webhook send_photo":        "as send_name",
	})
}

// proves CH-11: so does messaging-api-viber.
func TestCH11_MessagingAPIViberSaysTheSame(t *testing.T) {
	calibrate(t, "messaging-api", "/pa", map[string]string{
		"only ours: POST /pa/send_message text": alwaysText,
		"only ours: POST /pa/get_account_info":  askedFirst,
	})
}

// proves CH-11: what we take for a genuine call of Viber is one for Viber's own
// library too, and says the same.
func TestCH11_ViberBotReadsTheSame(t *testing.T) {
	pack := func(name string, body []byte) any {
		mac := hmac.New(sha256.New, []byte(token))
		mac.Write(body)
		return map[string]string{"name": name, "body": string(body), "signature": hex.EncodeToString(mac.Sum(nil))}
	}
	library := func(calls string) string { return channeltest.Node(t, calls, "viber.js", "read") }
	channeltest.Read(t, "testdata/recorded", pack, library, map[string]string{
		"failed":           "the library stumbles over the large number of a message that failed",
		"kind_of_tomorrow": "the library takes no kind that it does not know; we say what came",
		"link":             "the library has words and address apart",
		"location":         "the library leaves out the place's name",
		"sticker":          "the library tells a number, we say that it is a sticker",
	})
}
