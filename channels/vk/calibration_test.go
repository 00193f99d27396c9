package vk

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

const (
	keyed      = "ours is made of the message's key, so that a repetition says nothing twice"
	sixDigits  = "the same number: ours has six digits always"
	noMentions = "a customer's dialogue notifies nobody else, whoever is named in it"
	saidAloud  = "VK's default, said aloud"
)

func calibrate(t *testing.T, library func(base string), differ map[string]string) {
	channeltest.Calibrate(t, channeltest.Calibration{
		Library: library,
		Open:    func(base string, client *http.Client) (channels.Channel, error) { return Open(config(base, client)) },
		Wishes:  channeltest.Wishes(t, "7011", "text", "buttons", "where", "place", "picture", "file", "typing", "probe"),
		Accept: func(w http.ResponseWriter, r *http.Request, base string) {
			w.Header().Set("Content-Type", "application/json")
			switch path := r.URL.Path; {
			case path == "/method/photos.getMessagesUploadServer", path == "/method/docs.getMessagesUploadServer":
				fmt.Fprintf(w, `{"response":{"upload_url":"%s/upload"}}`, base)
			case path == "/method/groups.getById":
				fmt.Fprint(w, `{"response":{"groups":[{"id":1000,"name":"Лавка чая","screen_name":"teashop"}],"profiles":[]}}`)
			case path == "/method/messages.setActivity":
				fmt.Fprint(w, `{"response":1}`)
			case path == "/upload" && strings.HasSuffix(base, "/picture"):
				fmt.Fprint(w, `{"server":1,"photo":"[{}]","hash":"h"}`)
			case path == "/upload":
				fmt.Fprint(w, `{"file":"f"}`)
			default:
				accept(w, r)
			}
		},
		Differ: differ,
	})
}

// proves CH-11: vk-io asks VK for the same things in the same words.
func TestCH11_VKIOSaysTheSame(t *testing.T) {
	calibrate(t, func(base string) { channeltest.Node(t, "", "vk.js", base) }, map[string]string{
		"POST /method/messages.send random_id":                   keyed,
		"POST /method/messages.send lat":                         sixDigits,
		"POST /method/messages.send long":                        sixDigits,
		"only ours: POST /method/messages.send disable_mentions": noMentions,
		"only ours: POST /method/messages.send dont_parse_links": saidAloud,
	})
}
