package telegram

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
)

const testToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

// configured is c with the settings and the token of a bot.
func configured(c channels.Config, settings string) channels.Config {
	c.Settings = json.RawMessage(settings)
	c.Secrets = json.RawMessage(`{"token":"` + testToken + `"}`)
	return c
}

// proves CH-01, CH-02, CH-03, CH-04, CH-05, CH-06, CH-07: what Telegram brings,
// and that nothing of it is lost.
func TestCH07_Webhook(t *testing.T) {
	channeltest.RunWebhook(t, channeltest.Hook{
		Open:     func(c channels.Config) (channels.Channel, error) { return Open(configured(c, `{}`)) },
		Sign:     func(r *http.Request, _ []byte) { r.Header.Set(secretHeader, channeltest.Token(purposeOfHook)) },
		Recorded: "testdata/updates", Address: "70555",
		Needed: []string{"message.chat.id", "message.message_id"},
	})
}

// An account without a secret takes nothing.
func TestNoSecret(t *testing.T) {
	c, err := open(configured(channels.Config{Client: http.DefaultClient}, ""))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set(secretHeader, "")
	if c.ServeHTTP(w, r); w.Code != http.StatusForbidden {
		t.Errorf("the answer is %d", w.Code)
	}
}
