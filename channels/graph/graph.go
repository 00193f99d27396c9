/*
Package graph is what the channels of Meta have in common: the handshake and the
signature of webhooks, calls of the Graph API with their proof, the reading of
its errors.
*/
package graph

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/channels/call"
	"crafttalkd/channels/hook"
	"crafttalkd/channels/loose"
)

// An App calls the API for one account.
type App struct {
	BaseURL string // https://graph.facebook.com
	Version string // v25.0
	Secret  string // of the app: webhooks are signed with it
	Token   string // of the page or the number
	Verify  string // what the handshake must tell
	Caller  call.Caller
	Now     func() time.Time
}

// Defaults of an account.
const (
	BaseURL = "https://graph.facebook.com"
	Version = "v25.0"
)

// Fields are what an administrator enters of the API itself.
var Fields = []channels.Field{
	{Key: "version", Title: "Версия Graph API", Kind: channels.Text, Default: Version, Advanced: true},
	{Key: "base_url", Title: "Адрес Graph API", Kind: channels.URL, Default: BaseURL, Advanced: true},
}

// New makes the app of an account.
func New(c channels.Config, base, version, secret, token, verify string) (*App, error) {
	a := &App{BaseURL: strings.TrimSuffix(cmp.Or(base, BaseURL), "/"), Version: cmp.Or(version, Version), Secret: secret, Token: token,
		Verify: cmp.Or(verify, c.Token("meta verify")), Now: c.Now,
		Caller: call.Caller{Client: c.Client, Secrets: []string{secret, token}}}
	if a.Now == nil {
		a.Now = time.Now
	}
	switch {
	case secret == "":
		return nil, refusal.Of("secrets.app_secret", "the app secret is needed")
	case token == "":
		return nil, refusal.Of("secrets.token", "the access token is needed")
	case strings.Trim(a.Version, "v0123456789.") != "":
		return nil, refusal.Of("settings.version", "a version like %s is needed", Version)
	}
	return a, channels.CheckAddress("settings.base_url", a.BaseURL)
}

// Read answers a handshake, or reads the body of a webhook and checks its
// signature. Ok is false if it has answered.
func (a *App) Read(w http.ResponseWriter, r *http.Request, most int64) (body []byte, ok bool) {
	if r.Method == http.MethodGet {
		a.shake(w, r)
		return nil, false
	}
	if body, ok = hook.Body(w, r, most); !ok {
		return nil, false
	}
	signature, named := strings.CutPrefix(r.Header.Get("X-Hub-Signature-256"), "sha256=")
	if !named || !hook.Signed(body, signature, a.Secret) {
		http.Error(w, "the signature is wrong", http.StatusForbidden)
		return nil, false
	}
	return body, true
}

// shake answers the handshake with its challenge, which is theirs and not ours:
// it goes back as plain text.
func (a *App) shake(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("hub.mode") != "subscribe" || !hook.Same(q.Get("hub.verify_token"), a.Verify) {
		http.Error(w, "the verify token is wrong", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	io.WriteString(w, loose.Clip(q.Get("hub.challenge"), 200))
}

// URL is the address of something in the API.
func (a *App) URL(path string) string { return a.BaseURL + "/" + a.Version + "/" + path }

// Header authorises a call.
func (a *App) Header() http.Header { return http.Header{"Authorization": {"Bearer " + a.Token}} }

// Proof says to the API that who has the token has the app's secret too.
func (a *App) Proof() string {
	mac := hmac.New(sha256.New, []byte(a.Secret))
	mac.Write([]byte(a.Token))
	return hex.EncodeToString(mac.Sum(nil))
}

// Ask makes a call that may be made again.
func (a *App) Ask(ctx context.Context, method, path string, b call.Body) (loose.Value, error) {
	answer, err := a.Caller.Ask(ctx, method, a.proven(path), a.Header(), b)
	if err != nil {
		return loose.Value{}, err
	}
	return a.Judge(answer)
}

// Send makes a call that says something for good.
func (a *App) Send(ctx context.Context, path string, b call.Body) (loose.Value, error) {
	answer, err := a.Caller.Send(ctx, http.MethodPost, a.proven(path), a.Header(), b)
	if err != nil {
		return loose.Value{}, err
	}
	return a.Judge(answer)
}

func (a *App) proven(path string) string {
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return a.URL(path) + mark + "appsecret_proof=" + a.Proof()
}

// Judge reads an answer.
func (a *App) Judge(answer call.Answer) (loose.Value, error) {
	v, parse := loose.Parse(answer.Body)
	e := v.At("error")
	if answer.Status/100 == 2 && parse == nil && !e.Given() {
		return v, nil
	}
	after := answer.RetryAfter(a.Now())
	if answer.Status == http.StatusTooManyRequests && !e.Given() {
		return v, &channels.Later{After: cmp.Or(after, time.Minute), Err: fmt.Errorf("Meta answered %s", answer.Text())}
	}
	if !e.Given() {
		return v, fmt.Errorf("Meta answered %s", answer.Text())
	}
	return v, failure(e, after)
}

// ErrWindow says that the customer's last message is too long ago.
var ErrWindow = refusal.New(refusal.Denied, "more than 24 hours have passed since the customer's last message, Meta does not let us write")

// failure says what an error of the API means, see facebook.md 3.1 and
// whatsapp.md 3.
func failure(e loose.Value, after time.Duration) error {
	code, sub := e.At("code").Int(), e.At("error_subcode").Int()
	text := loose.Clip(cmp.Or(e.At("error_data", "details").Text(), e.At("message").Text()), 300)
	err := fmt.Errorf("Meta: %s (code %d/%d)", text, code, sub)
	switch {
	case e.At("is_transient").Bool():
		return err
	case code == 10 && sub == 2018278, code == 131047:
		return ErrWindow
	case code == 551, code == 100 && sub == 2018001, code == 131026:
		return refusal.New(refusal.Denied, "the customer can't be reached: blocked us, or is not there any more")
	case code == 0, code == 190, code == 368, code == 131031, code == 133010:
		return &channels.Broken{Err: err}
	case code == 131056:
		return &channels.Later{After: cmp.Or(after, 6*time.Second), Only: true, Err: err}
	case code == 613 && sub != 0:
		return &channels.Later{After: cmp.Or(after, time.Minute), Only: true, Err: err}
	case code == 4, code == 17, code == 32, code == 613, code == 80006, code == 80007, code == 130429:
		return &channels.Later{After: cmp.Or(after, time.Minute), Err: err}
	case code == 1, code == 2, code == 1200, code == 131000, code == 131016, code == 131057, code == 133004,
		code == 100 && (sub == 2018008 || sub == 2018294), code == 131052, code == 131053:
		return err
	case code == 3, code == 200, code == 230, code == 10:
		return refusal.New(refusal.Denied, "Meta has not given the permission: %s (code %d)", text, code)
	}
	return refusal.New(refusal.Denied, "Meta refused the message: %s (code %d/%d)", text, code, sub)
}
