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
		Library: func(base string) { channeltest.Node(t, "", "max.js", base) },
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
