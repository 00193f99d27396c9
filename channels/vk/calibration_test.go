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
	bothWays   = "VK takes the token with the fields or in the header"
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

// proves CH-11: vksdk asks VK for the same things in the same words.
func TestCH11_VKSDKSaysTheSame(t *testing.T) {
	calibrate(t, func(base string) { channeltest.Go(t, "", "vksdk", base) }, map[string]string{
		"only ours: POST /method/* access_token":                 bothWays,
		"only theirs: POST /method/* header Authorization":       bothWays,
		"POST /method/messages.send random_id":                   keyed,
		"POST /method/messages.send lat":                         sixDigits,
		"POST /method/messages.send long":                        sixDigits,
		"only ours: POST /method/messages.send disable_mentions": noMentions,
		"only ours: POST /method/messages.send dont_parse_links": saidAloud,
		"POST /method/messages.send attachment":                  "the library leaves out the key of the photo, which we were given for it",
		"only theirs: POST /method/docs.save tags":               "nobody looks for our files by tags",
		"POST /upload file *":                                    "the library does not say what a file is, and calls all pictures the same",
	})
}

// proves CH-11: what we take for an event of VK's Callback API is one for the
// handler of vksdk too, and says the same.
func TestCH11_VKSDKReadsTheSame(t *testing.T) {
	pack := func(name string, body []byte) any { return map[string]string{"name": name, "body": string(body)} }
	library := func(calls string) string { return channeltest.Go(t, calls, "vksdk", "read") }
	channeltest.Read(t, "testdata/recorded", pack, library, map[string]string{
		"forwarded":        "we put what was forwarded into words",
		"others":           "we put attachments of other kinds into words",
		"from_a_community": "communities are no customers",
		"group_chat":       "only dialogues are our business",
		"old_format":       "the library knows the present form of the event alone",
		"pressed":          "to the library a press is no message",
	})
}
