package telegram

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"path"
	"testing"

	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

// whole is a token of the length that real ones have, on which telego insists.
const whole = testToken + "1"

// at is where the bot's methods are.
const at = "/bot" + whole + "/"

const (
	noKind  = "the library does not say what a file is"
	noField = "a request for nothing has an empty object with us, and no body with the library"
	spoken  = "Telegram's default, said aloud"
)

func calibrate(t *testing.T, library string, differ map[string]string) {
	channeltest.Calibrate(t, channeltest.Calibration{
		Library: func(base string) { channeltest.Go(t, "", library, base) },
		Open: func(base string, client *http.Client) (channels.Channel, error) {
			c := configured(channels.Config{Client: client, Shelf: &channeltest.Shelf{},
				Token: func(string) string { return "secret-of-the-hook" }}, fmt.Sprintf(`{"base_url":%q}`, base))
			c.Secrets = fmt.Appendf(nil, `{"token":%q}`, whole)
			return Open(c)
		},
		Wishes: channeltest.Wishes(t, "70555", "text", "buttons", "phone", "where", "picture", "file", "place", "typing", "webhook", "probe"),
		Accept: func(w http.ResponseWriter, r *http.Request, _ string) {
			w.Header().Set("Content-Type", "application/json")
			switch path.Base(r.URL.Path) {
			case "getMe":
				io.WriteString(w, `{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Лавка","username":"teashop_bot"}}`)
			case "getWebhookInfo":
				io.WriteString(w, `{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}`)
			case "setWebhook", "sendChatAction":
				io.WriteString(w, `{"ok":true,"result":true}`)
			default:
				io.WriteString(w, `{"ok":true,"result":{"message_id":4711,"date":1767000000,"chat":{"id":70555,"type":"private"}}}`)
			}
		},
		Differ: differ,
	})
}

// proves CH-07: telego asks Telegram for the same things in the same words.
func TestCH07_TelegoSaysTheSame(t *testing.T) {
	calibrate(t, "telego", map[string]string{
		"POST " + at + "sendPhoto file photo":                       noKind,
		"POST " + at + "sendDocument file document":                 noKind,
		"only ours: POST " + at + "setWebhook drop_pending_updates": spoken,
	})
}

// proves CH-07: so does go-telegram/bot, but that it sends forms always.
func TestCH07_TelegramBotSaysTheSame(t *testing.T) {
	differ := map[string]string{}
	for _, method := range []string{"sendMessage", "sendLocation", "sendChatAction", "setWebhook"} {
		differ["POST "+at+method+" kind"] = "the library knows forms alone, we send those with files alone: Telegram takes both"
	}
	maps.Copy(differ, map[string]string{
		"only theirs: POST " + at + "sendMessage reply_markup.inline_keyboard*.copy_text.text": "the library can't leave it out",
		"POST " + at + "sendPhoto file photo":                                                  noKind,
		"POST " + at + "sendDocument file document":                                            noKind,
		"only ours: POST " + at + "get* kind":                                                  noField,
		"only ours: POST " + at + "setWebhook drop_pending_updates":                            spoken,
	})
	calibrate(t, "telegram-bot", differ)
}

// worded are updates that the libraries have more or less of than words.
func worded() map[string]string {
	const (
		inWords = "the libraries have it in fields of its own, we put it into words"
		noWords = "to us it says nothing"
		other   = "to the libraries it is no message but a happening of another kind"
		lenient = "a field that is not what it should be costs us that field alone"
	)
	return map[string]string{
		"dice": inWords, "forward": inWords, "forward_hidden": inWords, "future_content": inWords, "links": inWords, "photo": inWords,
		"poll": inWords, "quote": inWords, "reply": inWords, "reply_to_file": inWords, "sticker_animated": inWords, "story": inWords, "venue": inWords,
		"nothing": noWords, "pinned": noWords, "start": noWords, "start_link": noWords, "group": "only private chats are our business",
		"edited_album": other, "press": other, "press_inline": other, "press_old": other, "document_odd": lenient, "sticker_video": lenient,
	}
}

// proves CH-07: what we take for an update of Telegram is one for the libraries
// too, and says the same.
func TestCH07_LibrariesReadTheSame(t *testing.T) {
	pack := func(name string, body []byte) any { return map[string]string{"name": name, "body": string(body)} }
	for _, library := range []string{"telego", "telegram-bot"} {
		t.Run(library, func(t *testing.T) {
			differ := worded()
			if library == "telego" {
				differ["member_of_group"] = "telego wants what was before to be told"
			}
			channeltest.Read(t, "testdata/updates", pack, func(calls string) string { return channeltest.Go(t, calls, library, "read") }, differ)
		})
	}
}
