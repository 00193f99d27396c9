package max

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

// proves CH-11: MAX's own library asks for the same things in the same words.
func TestCH11_MaxBotAPISaysTheSame(t *testing.T) {
	channeltest.Calibrate(t, channeltest.Calibration{
		Library: func(base string) { channeltest.Node(t, "", "max.js", "send", base) },
		Open:    func(base string, client *http.Client) (channels.Channel, error) { return Open(config(base, client)) },
		Wishes:  channeltest.Wishes(t, "7011", "text", "buttons", "phone", "where", "place", "picture", "file", "probe", "webhook"),
		Accept: func(w http.ResponseWriter, r *http.Request, base string) {
			w.Header().Set("Content-Type", "application/json")
			switch {
			case r.URL.Path == "/uploads":
				fmt.Fprintf(w, `{"url":"%s/up","token":"t1"}`, base)
			case r.URL.Path == "/up" && strings.HasSuffix(base, "/picture"):
				io.WriteString(w, `{"photos":{"p1":{"token":"t2"}}}`)
			case r.URL.Path == "/up":
				io.WriteString(w, `{"fileId":7,"token":"t3"}`)
			default:
				io.WriteString(w, `{"message":{"body":{"mid":"mid.42","seq":1}},"success":true,"subscriptions":[],"name":"Лавка","username":"teashop"}`)
			}
		},
		Differ: map[string]string{
			"POST /up file data": "the library gives bytes that have no name a name by chance, and no kind",
		},
	})
}

// proves CH-11: what we take for an update of MAX is one for its own library
// too, and says the same.
func TestCH11_MaxBotAPIReadsTheSame(t *testing.T) {
	pack := func(name string, body []byte) any { return map[string]string{"name": name, "body": string(body)} }
	library := func(calls string) string { return channeltest.Node(t, calls, "max.js", "read") }
	channeltest.Read(t, "testdata/recorded", pack, library, map[string]string{
		"forward":                 "we put what was forwarded into words",
		"share":                   "we put a link into words",
		"kind_of_tomorrow":        "we say what came, the library tells its kind apart",
		"voice_and_video":         "we say that there is a video that can't be fetched",
		"group":                   "only dialogues are our business",
		"pressed":                 "to the library a press is no message",
		"pressed_without_message": "as pressed",
	})
}
