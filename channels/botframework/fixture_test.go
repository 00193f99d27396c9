package botframework

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/channels/channeltest"
	"crafttalkd/channels/loose"
)

const (
	appID    = "11111111-2222-3333-4444-555555555555"
	password = "tell~nobody"
	service  = "https://smba.example/emea/"
)

// A signer is a service with a key of its own.
type signer struct {
	key          *rsa.PrivateKey
	id           string
	endorsements []string
}

func newSigner(t testing.TB, bits int, endorsements ...string) signer {
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return signer{k, fmt.Sprintf("key-%d", bits), endorsements}
}

// claims are those of a good token.
func claims() jwt.MapClaims {
	now := time.Now()
	return jwt.MapClaims{"iss": issuer, "aud": appID, "serviceurl": service, "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix()}
}

func (s signer) sign(c jwt.MapClaims) string {
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, c)
	t.Header["kid"] = s.id
	text, err := t.SignedString(s.key)
	if err != nil {
		panic(err)
	}
	return text
}

// public is the key as it is published.
func (s signer) public() map[string]any {
	return map[string]any{"kty": "RSA", "kid": s.id, "endorsements": s.endorsements,
		"n": base64.RawURLEncoding.EncodeToString(s.key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(s.key.E)).Bytes())}
}

// ServeHTTP is everything of Microsoft: keys, tokens and a connector.
func (s signer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasSuffix(r.URL.Path, "/openid"):
		fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":"http://%s/keys"}`, issuer, r.Host)
	case strings.HasSuffix(r.URL.Path, "/keys"):
		json.NewEncoder(w).Encode(map[string]any{"keys": []any{s.public()}})
	case strings.HasSuffix(r.URL.Path, "/token"):
		io.WriteString(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"our-token"}`)
	default:
		io.WriteString(w, `{"id":"17400042"}`)
	}
}

func config(base string, client *http.Client) channels.Config {
	settings, _ := json.Marshal(Settings{AppID: appID, MetadataURL: base + "/openid", TokenURL: base + "/token", BaseURL: base})
	secrets, _ := json.Marshal(Secrets{Password: password})
	s := &channeltest.Shelf{}
	s.Put("29:1xAbC", "place", []byte(`{"service_url":"https://smba.example","conversation":"a:1y/=","bot":"28:app","user":"29:1xAbC","channel":"msteams"}`))
	return channels.Config{Account: "bot", Settings: settings, Secrets: secrets, Client: client, Shelf: s}
}

// seen takes the message out of a call, and checks what the connector checks.
func seen(c channeltest.Call) (s channeltest.Seen, ok bool) {
	if !strings.HasPrefix(c.Request.URL.Path, "/v3/conversations/") {
		return s, false
	}
	var m sent
	if json.Unmarshal(c.Body, &m) != nil || c.Request.URL.EscapedPath() != "/v3/conversations/a:1y%2F=/activities" || c.Request.Header.Get("Authorization") != "Bearer our-token" {
		panic("the connector does not take " + c.Request.URL.EscapedPath() + " " + string(c.Body))
	}
	s.Text = m.Text
	for _, a := range m.Attachments {
		s.Text += a.Content.Text
		for _, b := range a.Content.Buttons {
			s.Buttons = append(s.Buttons, &event.Button{Caption: b.Title, Value: b.Value.Button})
		}
	}
	return s, true
}

// proves CH-01, CH-02, CH-03, CH-10, G35, G36: the outcomes of a delivery.
func TestDeliver(t *testing.T) {
	k := newSigner(t, 2048)
	only := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/token") {
				k.ServeHTTP(w, r)
				return
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	channeltest.Run(t, channeltest.Fixture{
		Open:    func(url string, client *http.Client) (channels.Channel, error) { return Open(config(url, client)) },
		Address: "29:1xAbC", Read: seen, Accept: k.ServeHTTP, External: "17400042", Abilities: Abilities,
		Refuse: only(403, `{"error":{"code":"ConversationBlockedByUser"}}`), Revoke: only(401, ""), Secrets: []string{password},
		Throttle: func(w http.ResponseWriter, after time.Duration) {
			w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds())))
			w.WriteHeader(http.StatusTooManyRequests)
		},
	})
}

// proves CH-01 to CH-06 and CH-10 for what comes in.
func TestWebhook(t *testing.T) {
	k := newSigner(t, 2048, "msteams")
	other := newSigner(t, 2048, "msteams")
	small := newSigner(t, 1024, "msteams")
	with := func(s signer, change func(jwt.MapClaims)) func(*http.Request, []byte) []byte {
		return func(r *http.Request, b []byte) []byte {
			c := claims()
			change(c)
			r.Header.Set("Authorization", "Bearer "+s.sign(c))
			return b
		}
	}
	same := func(jwt.MapClaims) {}
	channeltest.RunWebhook(t, channeltest.Hook{
		Open: func(c channels.Config) (channels.Channel, error) {
			x := config("http://microsoft.test", c.Client)
			c.Settings, c.Secrets = x.Settings, x.Secrets
			return Open(c)
		},
		Recorded: "testdata/recorded", Provider: k, Address: "29:1xAbC",
		Sign: func(r *http.Request, _ []byte) { r.Header.Set("Authorization", "Bearer "+k.sign(claims())) },
		Forged: map[string]func(*http.Request, []byte) []byte{
			"a key of the same name":  with(signer{other.key, k.id, nil}, same),
			"an unknown key":          with(signer{other.key, "other", nil}, same),
			"a key that is too small": with(small, same),
			"another app":             with(k, func(c jwt.MapClaims) { c["aud"] = "other" }),
			"another issuer":          with(k, func(c jwt.MapClaims) { c["iss"] = "https://sts.windows.net/x/" }),
			"another server":          with(k, func(c jwt.MapClaims) { c["serviceurl"] = "https://evil.example" }),
			"the server in camel":     with(k, func(c jwt.MapClaims) { delete(c, "serviceurl"); c["serviceUrl"] = service }),
			"over for six minutes":    with(k, func(c jwt.MapClaims) { c["exp"] = time.Now().Add(-6 * time.Minute).Unix() }),
			"without an end":          with(k, func(c jwt.MapClaims) { delete(c, "exp") }),
			"good in six minutes":     with(k, func(c jwt.MapClaims) { c["nbf"] = time.Now().Add(6 * time.Minute).Unix() }),
			"a symmetric signature": func(r *http.Request, b []byte) []byte {
				t := jwt.NewWithClaims(jwt.SigningMethodHS256, claims())
				t.Header["kid"] = k.id
				text, _ := t.SignedString(k.key.N.Bytes())
				r.Header.Set("Authorization", "Bearer "+text)
				return b
			},
			"no signature": func(r *http.Request, b []byte) []byte {
				text, _ := jwt.NewWithClaims(jwt.SigningMethodNone, claims()).SignedString(jwt.UnsafeAllowNoneSignatureType)
				r.Header.Set("Authorization", "Bearer "+text)
				return b
			},
			"another channel": func(_ *http.Request, b []byte) []byte {
				return []byte(strings.Replace(string(b), "msteams", "webchat", 1))
			},
		},
		Unmoved: []string{"type", "serviceUrl", "channelId", "conversation.conversationType", "conversation.isGroup"},
		Needed:  []string{"from.id", "text"},
	})
}

func FuzzRead(f *testing.F) {
	channeltest.FuzzRead(f, "testdata/recorded", func(body []byte) []channels.Event {
		v, err := loose.Parse(body)
		if err != nil {
			return nil
		}
		return read(v).events
	})
}

// proves CH-10, CT-04: nothing goes to a server that no genuine activity named.
func TestCH10_NobodyIsWrittenToBeforeTheyWrote(t *testing.T) {
	c := config("http://microsoft.test", http.DefaultClient)
	c.Shelf = &channeltest.Shelf{}
	ch, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	_, err = ch.Deliver(t.Context(), channels.Outbound{Address: "29:stranger", Content: &event.Content{Text: "hello"}})
	if err == nil || !strings.Contains(err.Error(), "has not written") {
		t.Errorf("Deliver = %v, want a refusal that says why", err)
	}
}

// proves CH-10, OP-14: our token goes to the service's own hosts alone.
func TestCH10_TheTokenGoesToTheServiceAlone(t *testing.T) {
	k := newSigner(t, 2048)
	c := config("http://microsoft.test", channeltest.Client(k))
	ch, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"https://smba.trafficmanager.net/emea/v3/attachments/1":  "Bearer our-token",
		"https://webchat.botframework.com/attachments/1":         "Bearer our-token",
		"https://smba.trafficmanager.net.evil.example/1":         "",
		"https://evilbotframework.com/1":                         "",
		"http://smba.trafficmanager.net/emea/v3/attachments/1":   "",
		"https://user@evil.example/https://botframework.com/x.y": "",
	} {
		r, err := ch.(channels.Holder).Request(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Header.Get("Authorization"); got != want {
			t.Errorf("to %s goes %q, want %q", address, got, want)
		}
	}
}

// proves CH-10: a token is fetched with the app's secret, kept, and fetched anew
// when it is refused; a wrong secret breaks the account.
func TestCH10_Tokens(t *testing.T) {
	fetched, refuse, wrong := 0, true, false
	c := config("http://microsoft.test", channeltest.Client(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/token" && (wrong || r.FormValue("client_secret") != password || r.FormValue("client_id") != appID || r.FormValue("scope") != scope):
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"error":"invalid_client","error_description":"AADSTS7000215"}`)
		case r.URL.Path == "/token":
			fetched++
			fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"token-%d"}`, fetched)
		case refuse && r.Header.Get("Authorization") == "Bearer token-1":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			io.WriteString(w, `{"id":"1"}`)
		}
	})))
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	c.Now = func() time.Time { return now }
	ch, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	send := func() error {
		_, err := ch.Deliver(t.Context(), channels.Outbound{Address: "29:1xAbC", ID: "m1", Content: &event.Content{Text: "hello"}})
		return err
	}
	if err := errors.Join(send(), send()); err != nil || fetched != 2 {
		t.Errorf("two messages, the first token refused: %v, %d tokens fetched, want 2", err, fetched)
	}
	now = now.Add(time.Hour)
	if err := send(); err != nil || fetched != 3 {
		t.Errorf("an hour later: %v, %d tokens fetched, want 3", err, fetched)
	}
	now, wrong = now.Add(time.Hour), true
	if _, broken := errors.AsType[*channels.Broken](send()); !broken {
		t.Error("a wrong secret does not break the account")
	}
}

// proves CT-06: the link opens Teams with a draft, and the draft binds.
func TestCT06_Link(t *testing.T) {
	ch, err := Open(config("http://microsoft.test", http.DefaultClient))
	if err != nil {
		t.Fatal(err)
	}
	link, err := ch.(channels.Linker).Link(t.Context(), "AbCdEfGhIjKlMnOpQrStUv")
	u, _ := url.Parse(link)
	if err != nil || u.Host != "teams.microsoft.com" || channels.Code(u.Query().Get("message")) != "AbCdEfGhIjKlMnOpQrStUv" {
		t.Errorf("Link = %q, %v", link, err)
	}
	v, err := loose.Parse([]byte(`{"type":"message","id":"1","from":{"id":"u"},"text":"` + u.Query().Get("message") + `"}`))
	if err != nil {
		t.Fatal(err)
	}
	if m, ok := read(v).events[0].(channels.Inbound); !ok || m.Link != "AbCdEfGhIjKlMnOpQrStUv" {
		t.Errorf("the draft brings %v", m)
	}
}
