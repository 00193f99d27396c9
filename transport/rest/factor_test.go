package rest_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/pquerna/otp/totp"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/auth/authtest"
	"crafttalkd/transport/rest"
)

// codeOf is what a program for codes shows now.
func codeOf(h *house, secret string) string {
	h.t.Helper()
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// A stick is an authenticator of a person's.
type stick struct {
	rp   virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	key  virtualwebauthn.Credential
}

func newStick(user string) *stick {
	handle := sha256.Sum256([]byte("passkey of\x00" + user))
	return &stick{virtualwebauthn.RelyingParty{ID: "chat.example", Origin: "https://chat.example"},
		virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: handle[:]}),
		authtest.NewPasskey()}
}

func (s *stick) enrol(h *house, user string) {
	h.t.Helper()
	asked := h.as(user, "POST", "/api/v1/me/factors/passkey", "").want(200)
	o, err := virtualwebauthn.ParseAttestationOptions(optionsOf(asked))
	if err != nil {
		h.t.Fatal(err)
	}
	made := virtualwebauthn.CreateAttestationResponse(s.rp, s.auth, s.key, *o)
	h.as(user, "POST", "/api/v1/me/factors/passkey/confirm", fmt.Sprintf(`{"token":%q,"name":"Stick","credential":%s}`, asked.field("token"), made)).want(200)
}

func (s *stick) signIn(h *house, step string) answer {
	h.t.Helper()
	asked := h.as("", "POST", "/api/v1/session/passkey/ask", fmt.Sprintf(`{"step":%q}`, step)).want(200)
	o, err := virtualwebauthn.ParseAssertionOptions(optionsOf(asked))
	if err != nil {
		h.t.Fatal(err)
	}
	s.key.Counter++
	signed := virtualwebauthn.CreateAssertionResponse(s.rp, s.auth, s.key, *o)
	return h.as("", "POST", "/api/v1/session/passkey", fmt.Sprintf(`{"token":%q,"credential":%s}`, asked.field("token"), signed))
}

// optionsOf is what a page hands to an authenticator, as text.
func optionsOf(a answer) string {
	body := a.Body.String()
	return strings.TrimSuffix(body[strings.Index(body, `"options":`)+len(`"options":`):strings.LastIndex(body, "}")], ",")
}

// journey goes to a provider and comes back by the same browser.
func (h *house) journey(user, path, subject string) answer {
	h.t.Helper()
	sent := h.as(user, "POST", "/api/v1"+path, `{"provider_id":"id"}`).want(200)
	state, code := h.idp.SignIn(sent.field("address").(string), subject, nil)
	kept, err := http.ParseSetCookie(sent.Header().Get("Set-Cookie"))
	if err != nil {
		h.t.Fatal(err)
	}
	if !kept.HttpOnly || !kept.Secure || kept.SameSite != http.SameSiteLaxMode || !strings.HasPrefix(kept.Name, "__Host-") {
		h.t.Errorf("the cookie %v may be taken", kept)
	}
	return h.as(user, "POST", "/api/v1"+path+"/return", fmt.Sprintf(`{"state":%q,"code":%q}`, state, code), "Cookie", kept.Name+"="+kept.Value)
}

// inRealHouse runs a test in a house whose door is the real one.
func inRealHouse(t *testing.T, f func(h *house)) {
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, func(c *rest.Config) { c.Auth = c.Auth.(*fakeAuth).Gate })
		defer h.close()
		h.furnish()
		f(h)
	})
}

// A role that needs a second factor lets nobody do anything before having one,
// and the token of before is good for nothing afterwards.
func TestWhoMustEnrolCanDoNothingElse(t *testing.T) {
	inRealHouse(t, func(h *house) {
		h.ask(event.DirectoryStream, directory.Put{By: "boss", Any: true, Entry: &event.Settings{SecondFactorRoles: []string{directory.ViewClients}}})
		settle()
		e, err := h.auth.Gate.Admit("boss", auth.ByPassword, false, auth.Place{})
		if err != nil || !e.Enrol {
			t.Fatalf("%+v, %v", e, err)
		}
		as := func(method, path, body string) answer {
			r := httptest.NewRequest(method, "https://chat.example/api/v1"+path, strings.NewReader(body))
			r.Header.Set("Cookie", "__Host-ct_session="+e.Token)
			r.Header.Set("Content-Type", "application/json")
			return h.do(r)
		}
		if got := as("GET", "/session", "").want(200); got.field("enrol") != true {
			t.Error("the session does not say so")
		}
		for _, call := range []string{"GET /me/preferences", "GET /sessions", "POST /ticket", "GET /settings", "GET /workplace", "POST /me/recovery", "POST /password"} {
			method, path, _ := strings.Cut(call, " ")
			as(method, path, `{}`).want(403)
		}
		r := httptest.NewRequest("GET", "https://chat.example/desk/v1/socket", nil)
		r.Header.Set("Cookie", "__Host-ct_session="+e.Token)
		if u, _, err := h.api.Recognise(r); err == nil {
			t.Errorf("a socket opens for %v", u)
		}
		if h.api.Stands(e.Token) {
			t.Error("a socket stays open")
		}
		fresh := as("POST", "/me/factors/totp", "").want(200)
		done := as("POST", "/me/factors/totp/confirm", fmt.Sprintf(`{"token":%q,"code":%q}`, fresh.field("token"), codeOf(h, fresh.field("secret").(string)))).want(200)
		if len(done.field("recovery_codes").([]any)) != 10 {
			t.Error("there are no recovery codes")
		}
		as("GET", "/session", "").want(401)
		kept, err := http.ParseSetCookie(done.Header().Get("Set-Cookie"))
		if err != nil {
			t.Fatal(err)
		}
		e.Token = kept.Value
		as("GET", "/me/preferences", "").want(200)
		got := as("GET", "/me/factors", "").want(200)
		as("DELETE", "/me/factors/"+got.field("items", 0, "factor_id").(string), "").want(409)
	})
}

// proves SECURITY 6.5: an administrator takes a lost factor away and is named;
// nobody does that to who may do more, and what is secret of a factor is never told.
func TestALostFactorIsTakenAway(t *testing.T) {
	inRealHouse(t, func(h *house) {
		e, err := h.auth.Gate.Admit("boss", auth.ByPassword, false, auth.Place{IP: "10.0.0.7", Browser: "Chromium"})
		if err != nil {
			t.Fatal(err)
		}
		enrolment, err := h.auth.Gate.BeginTOTP(h.system.Directory.State().User("oleg"))
		if err != nil {
			t.Fatal(err)
		}
		f, err := h.auth.Gate.FinishTOTP("oleg", enrolment.Token, codeOf(h, enrolment.Secret), "Phone")
		if err != nil {
			t.Fatal(err)
		}
		h.ask(event.DirectoryStream, directory.PutFactor{By: "oleg", User: "oleg", Factor: f})
		settle()
		as := func(token, method, path string) answer {
			r := httptest.NewRequest(method, "https://chat.example/api/v1"+path, nil)
			r.Header.Set("Authorization", "Bearer "+token)
			return h.do(r)
		}
		shown := as(e.Token, "GET", "/users/oleg/factors").want(200)
		if strings.Contains(shown.Body.String(), enrolment.Secret) || shown.field("items", 0, "name") != "Phone" {
			t.Errorf("%s", shown.Body)
		}
		h.ask(event.DirectoryStream, directory.Put{By: "boss", Any: true, Entry: &event.User{UserId: "clerk", Login: "clerk", Roles: []string{directory.Login, directory.ModifyUsers}}})
		settle()
		clerk, err := h.auth.Gate.Admit("clerk", auth.ByPassword, false, auth.Place{})
		if err != nil {
			t.Fatal(err)
		}
		as(clerk.Token, "DELETE", "/users/boss/factors/any").want(403)
		as(clerk.Token, "DELETE", "/users/boss/sessions").want(403)
		as(e.Token, "DELETE", "/users/oleg/factors/"+f.FactorId).want(204)
		events := h.events(event.DirectoryStream)
		var taken *event.FactorRemoved
		for _, e := range events {
			if r, ok := e.(*event.FactorRemoved); ok {
				taken = r
			}
		}
		if taken.GetBy() != "boss" || taken.GetUserId() != "oleg" {
			t.Errorf("taken away: %v", taken)
		}
		in, err := h.auth.Gate.Admit("oleg", auth.ByPassword, false, auth.Place{IP: "10.0.0.9", Browser: "Firefox"})
		if err != nil || in.Step != nil {
			t.Fatalf("oleg: %+v, %v", in, err)
		}
		list := as(e.Token, "GET", "/users/oleg/sessions").want(200)
		if list.field("items", 0, "ip") != "10.0.0.9" || list.field("items", 0, "browser") != "Firefox" || list.field("items", 0, "way") != "password" {
			t.Errorf("%s", list.Body)
		}
		as(e.Token, "DELETE", "/users/oleg/sessions/"+in.ID).want(204)
		as(in.Token, "GET", "/session").want(401)
	})
}

// proves SECURITY: the calls for others' ways in are no way around the proof that
// the own calls ask for.
func TestOneselfIsNotAnother(t *testing.T) {
	inRealHouse(t, func(h *house) {
		e, err := h.auth.Gate.Admit("boss", auth.ByPassword, false, auth.Place{})
		if err != nil {
			t.Fatal(err)
		}
		remove := func(user string) answer {
			r := httptest.NewRequest("DELETE", "https://chat.example/api/v1/users/"+user+"/factors/none", nil)
			r.Header.Set("Authorization", "Bearer "+e.Token)
			return h.do(r)
		}
		if code := remove("boss").Code; code != 204 {
			t.Errorf("just proved: %d, want 204: there is none", code)
		}
		time.Sleep(11 * time.Minute) // of the bubble
		if a := remove("boss"); a.Code != 401 && a.Code != 403 || a.field("field") != "proof" {
			t.Errorf("long after: %d %s, want the proof to be asked for", a.Code, a.Body)
		}
		if code := remove("oleg").Code; code != 204 {
			t.Errorf("another's: %d, want 204", code)
		}
	})
}
