package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// A provider is a messenger at the loopback: it calls our webhook as the real
// one does, and writes down what it is given.
type provider struct {
	kind     string
	settings object // base_url is added
	secrets  object
	// call is what a customer's n'th message looks like.
	call func(p *provider, customer, n int, text string) object
	// sign makes a call genuine.
	sign func(p *provider, h http.Header, body []byte)
	// takes reads a message to a customer out of a request, and answers it.
	takes func(p *provider, w http.ResponseWriter, r *http.Request, body []byte) (to, text string)

	http *httptest.Server
	key  *rsa.PrivateKey

	mu     sync.Mutex // guards what follows
	secret string     // that we told it for its calls
	given  map[string][]string
	loud   chan struct{} // something was given
}

func (p *provider) start(t *testing.T) {
	p.given, p.loud = map[string][]string{}, make(chan struct{}, 1)
	var err error
	if p.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	p.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		to, text := p.takes(p, w, r, body)
		if text == "" {
			return
		}
		p.given[to] = append(p.given[to], text)
		select {
		case p.loud <- struct{}{}:
		default:
		}
	}))
	t.Cleanup(p.http.Close)
}

// hears is a genuine call that brings a message. Who is told a secret for its
// calls signs with what it was told last.
func (p *provider) hears(base string, customer, n int, text string) (*http.Request, error) {
	body, err := json.Marshal(p.call(p, customer, n, text))
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest("POST", base+"/webhooks/"+p.kind+"/"+p.kind, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sign(p, r.Header, body)
	return r, nil
}

// calls makes a call of the provider's until it is taken: at first the provider
// may not have been told the secret.
func (p *provider) calls(t *testing.T, base string, update object) {
	t.Helper()
	body, err := json.Marshal(update)
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(startTime); ; {
		r, err := http.NewRequest("POST", base+"/webhooks/"+p.kind+"/"+p.kind, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		p.mu.Lock()
		p.sign(p, r.Header, body)
		p.mu.Unlock()
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the call was answered with %s", answer.Status)
		}
	}
}

// numberOf is how a provider names a customer.
func numberOf(customer int) string { return strconv.Itoa(9000 + customer) }

func field(body []byte, names ...string) string {
	var v any
	json.Unmarshal(body, &v)
	for _, n := range names {
		switch t := v.(type) {
		case map[string]any:
			v = t[n]
		case []any:
			i, err := strconv.Atoi(n)
			if err != nil || i >= len(t) {
				return ""
			}
			v = t[i]
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func hmacOf(key string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// writtenAt is when a message was written, in seconds.
func writtenAt(n int) int64 { return time.Now().Unix() - 100 + int64(n) }

// providers are one of each kind.
func providers() []*provider {
	return []*provider{telegramOf(), vkOf(), viberOf(), maxOf(), facebookOf(), whatsappOf(), botOf()}
}

func telegramOf() *provider {
	return &provider{kind: "telegram", secrets: object{"token": "123456:ABCdefGHIjklMNOpqrSTUvwxYZabcdefghi"},
		call: func(_ *provider, customer, n int, text string) object {
			who := object{"id": 9000 + customer, "first_name": "Ольга", "is_bot": false}
			return object{"update_id": customer*100 + n, "message": object{"message_id": n, "date": writtenAt(n), "text": text, "from": who,
				"chat": object{"id": 9000 + customer, "type": "private"}}}
		},
		sign: func(p *provider, h http.Header, _ []byte) { h.Set("X-Telegram-Bot-Api-Secret-Token", p.secret) },
		takes: func(p *provider, w http.ResponseWriter, r *http.Request, body []byte) (to, text string) {
			switch path.Base(r.URL.Path) {
			case "setWebhook":
				p.secret = field(body, "secret_token")
				io.WriteString(w, `{"ok":true,"result":true}`)
			case "sendMessage":
				io.WriteString(w, `{"ok":true,"result":{"message_id":500}}`)
				return chatOf(body), field(body, "text")
			case "getMe":
				io.WriteString(w, `{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Лавка","username":"teashop_bot"}}`)
			case "getWebhookInfo":
				io.WriteString(w, `{"ok":true,"result":{"url":""}}`)
			case "getUserProfilePhotos":
				io.WriteString(w, `{"ok":true,"result":{"total_count":0,"photos":[]}}`)
			default:
				io.WriteString(w, `{"ok":true,"result":true}`)
			}
			return "", ""
		}}
}

// chatOf is the number of a chat, which may come as a number or a text.
func chatOf(body []byte) string {
	var m struct {
		ChatID json.RawMessage `json:"chat_id"`
	}
	json.Unmarshal(body, &m)
	return strings.Trim(string(m.ChatID), `"`)
}

func vkOf() *provider {
	return &provider{kind: "vk", settings: object{"group_id": "1000"}, secrets: object{"token": "vk1", "secret": "S3cret"},
		call: func(_ *provider, customer, n int, text string) object {
			return object{"type": "message_new", "group_id": 1000, "event_id": fmt.Sprintf("%d-%d", customer, n), "v": "5.199", "secret": "S3cret",
				"object": object{"message": object{"from_id": 9000 + customer, "peer_id": 9000 + customer, "conversation_message_id": n, "date": writtenAt(n), "text": text}}}
		},
		sign: func(*provider, http.Header, []byte) {},
		takes: func(_ *provider, w http.ResponseWriter, r *http.Request, body []byte) (to, text string) {
			form, _ := url.ParseQuery(string(body))
			switch path.Base(r.URL.Path) {
			case "messages.send":
				io.WriteString(w, `{"response":[{"peer_id":1,"conversation_message_id":500}]}`)
				return form.Get("peer_ids"), form.Get("message")
			case "users.get":
				io.WriteString(w, `{"response":[{"id":1,"first_name":"Ольга","last_name":"Орлова"}]}`)
			default:
				io.WriteString(w, `{"response":{"items":[],"server_id":1}}`)
			}
			return "", ""
		}}
}

func viberOf() *provider {
	const token = "44dafb7e0f40021e-61a47a1e6778d187-f2c5a676a07050b3"
	return &provider{kind: "viber", settings: object{"name": "Лавка"}, secrets: object{"token": token},
		call: func(_ *provider, customer, n int, text string) object {
			return object{"event": "message", "timestamp": writtenAt(n) * 1000, "message_token": 5741311803571720000 + customer*100 + n,
				"sender": object{"id": numberOf(customer), "name": "Ольга Орлова"}, "message": object{"type": "text", "text": text}}
		},
		sign: func(_ *provider, h http.Header, body []byte) { h.Set("X-Viber-Content-Signature", hmacOf(token, body)) },
		takes: func(_ *provider, w http.ResponseWriter, r *http.Request, body []byte) (to, text string) {
			io.WriteString(w, `{"status":0,"status_message":"ok","message_token":500,"uri":"teashop","name":"Лавка"}`)
			if path.Base(r.URL.Path) == "send_message" {
				return field(body, "receiver"), field(body, "text")
			}
			return "", ""
		}}
}

func maxOf() *provider {
	return &provider{kind: "max", secrets: object{"token": "f9LHod"},
		call: func(_ *provider, customer, n int, text string) object {
			return object{"update_type": "message_created", "timestamp": writtenAt(n) * 1000, "message": object{
				"sender": object{"user_id": 9000 + customer, "first_name": "Ольга"}, "recipient": object{"chat_id": customer, "chat_type": "dialog"},
				"timestamp": writtenAt(n) * 1000, "body": object{"mid": fmt.Sprintf("mid.%d.%d", customer, n), "seq": n, "text": text}}}
		},
		sign: func(p *provider, h http.Header, _ []byte) { h.Set("X-Max-Bot-Api-Secret", p.secret) },
		takes: func(p *provider, w http.ResponseWriter, r *http.Request, body []byte) (to, text string) {
			switch r.Method + r.URL.Path {
			case "POST/subscriptions":
				p.secret = field(body, "secret")
			case "POST/messages":
				io.WriteString(w, `{"message":{"body":{"mid":"mid.500"}}}`)
				return r.URL.Query().Get("user_id"), field(body, "text")
			}
			io.WriteString(w, `{"success":true,"subscriptions":[]}`)
			return "", ""
		}}
}

func facebookOf() *provider {
	return &provider{kind: "facebook", settings: object{"page_id": "1000"}, secrets: object{"token": "EAAG", "app_secret": "s3cret"},
		call: func(_ *provider, customer, n int, text string) object {
			return object{"object": "page", "entry": []object{{"id": "1000", "time": 1, "messaging": []object{{"sender": object{"id": numberOf(customer)},
				"recipient": object{"id": "1000"}, "timestamp": writtenAt(n) * 1000, "message": object{"mid": fmt.Sprintf("m_%d_%d", customer, n), "text": text}}}}}}
		},
		sign: func(_ *provider, h http.Header, body []byte) {
			h.Set("X-Hub-Signature-256", "sha256="+hmacOf("s3cret", body))
		},
		takes: func(_ *provider, w http.ResponseWriter, r *http.Request, body []byte) (to, text string) {
			io.WriteString(w, `{"message_id":"m_500","data":[],"first_name":"Ольга","success":true}`)
			if strings.HasSuffix(r.URL.Path, "/1000/messages") {
				return field(body, "recipient", "id"), field(body, "message", "text")
			}
			return "", ""
		}}
}

func whatsappOf() *provider {
	return &provider{kind: "whatsapp", settings: object{"number_id": "1000", "business_id": "2000"}, secrets: object{"token": "EAAG", "app_secret": "s3cret"},
		call: func(_ *provider, customer, n int, text string) object {
			return object{"object": "whatsapp_business_account", "entry": []object{{"id": "2000", "changes": []object{{"field": "messages", "value": object{
				"metadata": object{"phone_number_id": "1000"}, "contacts": []object{{"wa_id": numberOf(customer), "profile": object{"name": "Ольга"}}},
				"messages": []object{{"from": numberOf(customer), "id": fmt.Sprintf("wamid.%d.%d", customer, n), "timestamp": strconv.FormatInt(writtenAt(n), 10),
					"type": "text", "text": object{"body": text}}}}}}}}}
		},
		sign: func(_ *provider, h http.Header, body []byte) {
			h.Set("X-Hub-Signature-256", "sha256="+hmacOf("s3cret", body))
		},
		takes: func(_ *provider, w http.ResponseWriter, r *http.Request, body []byte) (to, text string) {
			io.WriteString(w, `{"messages":[{"id":"wamid.500"}],"data":[{}]}`)
			if strings.HasSuffix(r.URL.Path, "/1000/messages") {
				return field(body, "to"), field(body, "text", "body")
			}
			return "", ""
		}}
}

func botOf() *provider {
	const app = "11111111-2222-3333-4444-555555555555"
	const service = "https://smba.example/emea/"
	return &provider{kind: "botframework", settings: object{"app_id": app}, secrets: object{"password": "s3cret"},
		call: func(_ *provider, customer, n int, text string) object {
			return object{"type": "message", "id": fmt.Sprintf("%d-%d", customer, n), "timestamp": time.Unix(writtenAt(n), 0).UTC().Format(time.RFC3339),
				"channelId": "msteams", "serviceUrl": service, "from": object{"id": numberOf(customer), "name": "Ольга Орлова"},
				"recipient": object{"id": "28:app"}, "conversation": object{"id": numberOf(customer)}, "text": text}
		},
		sign: func(p *provider, h http.Header, body []byte) {
			t := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"iss": "https://api.botframework.com", "aud": app, "serviceurl": field(body, "serviceUrl"),
				"exp": time.Now().Add(time.Hour).Unix()})
			t.Header["kid"] = "k1"
			text, err := t.SignedString(p.key)
			if err != nil {
				panic(err)
			}
			h.Set("Authorization", "Bearer "+text)
		},
		takes: func(p *provider, w http.ResponseWriter, r *http.Request, body []byte) (to, text string) {
			switch r.URL.Path {
			case "/openid":
				fmt.Fprintf(w, `{"jwks_uri":"http://%s/keys"}`, r.Host)
			case "/keys":
				json.NewEncoder(w).Encode(object{"keys": []object{{"kty": "RSA", "kid": "k1", "endorsements": []string{"msteams", "emulator"},
					"n": base64.RawURLEncoding.EncodeToString(p.key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(p.key.E)).Bytes())}}})
			case "/token":
				io.WriteString(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"t"}`)
			default:
				io.WriteString(w, `{"id":"500"}`)
				return field(body, "recipient", "id"), field(body, "text")
			}
			return "", ""
		}}
}
