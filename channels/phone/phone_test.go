package phone

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

var secret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("this is the only secret, long"))

func open(t *testing.T, url, secret string) channels.Caller {
	t.Helper()
	c, err := Open(channels.Config{Account: "pbx", Client: http.DefaultClient,
		Settings: json.RawMessage(`{"webhook":"` + url + `"}`), Secrets: json.RawMessage(`{"signing":["` + secret + `"]}`)})
	if err != nil {
		t.Fatal(err)
	}
	return c.(channels.Caller)
}

var wanted = channels.Call{ID: "k1", Conversation: "anna.1", Customer: "anna", Operator: "oleg", Login: "oleg", Name: "Oleg Petrov",
	Address: "+79990001122", At: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}

// proves OP-16: the wish says who is to be called by whom, and is signed.
func TestOP16_Wish(t *testing.T) {
	var body []byte
	var head http.Header
	there := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		head = r.Header
		body, _ = io.ReadAll(r.Body)
	}))
	defer there.Close()
	if err := open(t, there.URL, secret).Call(t.Context(), wanted); err != nil {
		t.Fatal(err)
	}
	const want = `{"type":"call.asked","timestamp":"2026-03-01T09:00:00Z","data":{"call_id":"k1","account_id":"pbx",` +
		`"conversation_id":"anna.1","customer_id":"anna","address":"+79990001122","operator":{"user_id":"oleg","login":"oleg","name":"Oleg Petrov"}}}`
	if string(body) != want {
		t.Errorf("posted %s\nwant %s", body, want)
	}
	hook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := hook.Verify(body, head); err != nil {
		t.Error(err)
	}
	if err := hook.Verify(append(body, ' '), head); err == nil {
		t.Error("a changed wish is taken")
	}
}

// proves OP-16: whatever the telephone says, the operator is told, and nothing
// of where it is.
func TestOP16_Answers(t *testing.T) {
	for name, tt := range map[string]struct {
		answer func(http.ResponseWriter)
		want   string
	}{
		"refused":    {func(w http.ResponseWriter) { w.WriteHeader(486) }, "486"},
		"broken":     {func(w http.ResponseWriter) { w.WriteHeader(500) }, "500 Internal Server Error"},
		"moved":      {func(w http.ResponseWriter) { w.Header().Set("Location", "/x"); w.WriteHeader(301) }, "301"},
		"hanging up": {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, "can't be reached"},
		"silent":     {nil, "in time"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			if name == "silent" {
				ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
			}
			defer cancel()
			done := make(chan struct{})
			there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if name == "silent" {
					<-done
					return
				}
				tt.answer(w)
			}))
			defer there.Close()
			defer close(done)
			c := open(t, there.URL+"/tell-nobody", secret).(*Channel)
			client := *http.DefaultClient
			client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			c.client = &client
			err := c.Call(ctx, wanted)
			if refusal.KindOf(err) == 0 || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "tell-nobody") {
				t.Errorf("told %v, want a refusal with %q", err, tt.want)
			}
		})
	}
}

// What a telephone can't work with is refused, and nothing can be written to it.
func TestOpen(t *testing.T) {
	for _, tt := range []struct{ settings, secrets, field string }{
		{`{}`, `{"signing":["` + secret + `"]}`, "settings.webhook"},
		{`{"webhook":"ftp://x"}`, `{"signing":["` + secret + `"]}`, "settings.webhook"},
		{`{"webhook":"https://user:word@x"}`, `{"signing":["` + secret + `"]}`, "settings.webhook"},
		{`{"url":"https://x"}`, `{"signing":["` + secret + `"]}`, "settings"},
		{`{"webhook":"https://x"}`, `{}`, "secrets.signing"},
		{`{"webhook":"https://x"}`, `{"signing":["whsec_short"]}`, "secrets.signing"},
	} {
		_, err := Open(channels.Config{Settings: json.RawMessage(tt.settings), Secrets: json.RawMessage(tt.secrets)})
		if e, ok := err.(*refusal.Error); !ok || e.Field != tt.field {
			t.Errorf("%s %s: %v, want a refusal about %s", tt.settings, tt.secrets, err, tt.field)
		}
	}
	c := open(t, "https://pbx.example", secret).(channels.Channel)
	if _, err := c.Deliver(t.Context(), channels.Outbound{}); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("written to a telephone: %v", err)
	}
}
