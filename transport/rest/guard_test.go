package rest_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/rest"
)

// proves WS-04: every call is refused to who has not signed in, and to who has
// signed in without the role that its description names; with the role it is
// not a matter of permission any more.
func TestWS04_EveryCallIsGuarded(t *testing.T) {
	inHouse(t, func(h *house) {
		b := openBook(t, h.api)
		for _, call := range b.calls() {
			method, path, _ := strings.Cut(call, " ")
			rule := b.at("paths", path, strings.ToLower(method), "description").(string)
			target := strings.NewReplacer("{id}", "x", "{customer}", "x", "{hash}", "x", "{address}", "x", "{conversation}", "x").Replace(path)
			clear(h.auth.ended)
			anonymous, without := h.as("", method, target, "").Code, h.as("oleg", method, target, "").Code
			clear(h.auth.ended)
			with := h.as("boss", method, target, "").Code
			switch {
			case strings.HasPrefix(rule, "Open"):
				if anonymous == 401 || anonymous == 403 {
					t.Errorf("%s is open and answers %d", call, anonymous)
				}
				continue
			case anonymous != 401:
				t.Errorf("%s answers %d to nobody, want 401", call, anonymous)
			}
			if refused := without == 403; refused == strings.HasPrefix(rule, "For anyone") {
				t.Errorf("%s answers %d to a user without roles; its rule: %s", call, without, rule)
			}
			if with == 401 || with == 403 {
				t.Errorf("%s answers %d to who has every role", call, with)
			}
		}
	})
}

// proves WS-04: each role that a call names lets in by itself.
func TestWS04_OneRoleIsEnough(t *testing.T) {
	inHouse(t, func(h *house) {
		b, tried := openBook(t, h.api), 0
		for _, call := range b.calls() {
			method, path, _ := strings.Cut(call, " ")
			roles, ok := strings.CutPrefix(b.at("paths", path, strings.ToLower(method), "description").(string), "Needs ")
			if !ok {
				continue
			}
			roles, _, _ = strings.Cut(roles, ".")
			for _, role := range strings.Split(roles, " or ") {
				h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{
					UserId: "solo", Login: "solo", CenterIds: []string{"shop"}, Roles: []string{role}}})
				settle()
				target := strings.NewReplacer("{id}", "x", "{customer}", "x", "{hash}", "x", "{address}", "x", "{conversation}", "x").Replace(path)
				if got := h.as("solo", method, target, "").Code; got == 401 || got == 403 {
					t.Errorf("%s answers %d to %s", call, got, role)
				}
				tried++
			}
		}
		if tried < 50 {
			t.Errorf("only %d pairs of call and role were tried", tried)
		}
	})
}

// proves G33, US-08: a right taken away, a user disabled and a session ended
// count at the next call.
func TestG33_RightsTakenAwayAreGone(t *testing.T) {
	inHouse(t, func(h *house) {
		put := func(u *event.User) {
			h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: u})
			settle()
		}
		h.as("rival", "GET", "/api/v1/users", "").want(200)
		put(&event.User{UserId: "rival", Login: "rival"})
		h.as("rival", "GET", "/api/v1/users", "").want(403)
		h.as("rival", "GET", "/api/v1/lines", "").want(200)
		put(&event.User{UserId: "rival", Login: "rival", Disabled: true})
		h.as("rival", "GET", "/api/v1/lines", "").want(401)
		h.as("boss", "DELETE", "/api/v1/session", "").want(204)
		h.as("boss", "GET", "/api/v1/session", "").want(401)
	})
}

// A page of another site can't make a browser act with the user's cookie, and
// can't sign anybody in. A bearer token is no browser's.
func TestOtherSitesAreRefused(t *testing.T) {
	inHouse(t, func(h *house) {
		cookie := "__Host-ct_session=" + h.auth.token("boss")
		signIn := `{"login":"boss","password":"the boss's word"}`
		for _, tt := range []struct {
			name, user, method, path, body string
			headers                        []string
			want                           int
		}{
			{"cookie, same site", "", "PUT", "/api/v1/skills/a", `{"name":"A"}`, []string{"Cookie", cookie, "Sec-Fetch-Site", "same-origin"}, 200},
			{"cookie, other site", "", "PUT", "/api/v1/skills/b", `{"name":"B"}`, []string{"Cookie", cookie, "Sec-Fetch-Site", "cross-site"}, 403},
			{"cookie, sibling site", "", "PUT", "/api/v1/skills/b", `{"name":"B"}`, []string{"Cookie", cookie, "Sec-Fetch-Site", "same-site"}, 403},
			{"cookie, other origin", "", "DELETE", "/api/v1/skills/a", "", []string{"Cookie", cookie, "Origin", "https://evil.example"}, 403},
			{"cookie, no origin", "", "DELETE", "/api/v1/skills/a", "", []string{"Cookie", cookie, "Origin", "null"}, 403},
			{"sign-in, other site", "", "POST", "/api/v1/session", signIn, []string{"Sec-Fetch-Site", "cross-site"}, 403},
			{"sign-in, same site", "", "POST", "/api/v1/session", signIn, []string{"Sec-Fetch-Site", "same-origin"}, 200},
			{"bearer, other site", "boss", "PUT", "/api/v1/skills/c", `{"name":"C"}`, []string{"Sec-Fetch-Site", "cross-site"}, 200},
			{"plain cookie from afar", "", "GET", "/api/v1/skills", "", []string{"Cookie", "ct_session=" + h.auth.token("boss")}, 401},
		} {
			if got := h.as(tt.user, tt.method, tt.path, tt.body, tt.headers...); got.Code != tt.want {
				t.Errorf("%s: %d, want %d: %s", tt.name, got.Code, tt.want, got.Body)
			}
		}
		if s := h.system.Directory.State().Skills; len(s) != 2 {
			t.Errorf("skills = %v, want those of the same site and of the bearer", s)
		}
	})
}

// proves WS-02: the session's cookie is one that only this host gets, only over
// TLS; on the own machine without TLS it has another name.
func TestWS02_Cookies(t *testing.T) {
	inHouse(t, func(h *house) {
		for _, tt := range []struct {
			host, peer, forwarded, want string
		}{
			{"chat.example.com", "203.0.113.9:80", "", "__Host-ct_session=token-boss; Path=/; Expires=X; HttpOnly; Secure; SameSite=Lax"},
			{"localhost:8080", "127.0.0.1:999", "", "ct_session=token-boss; Path=/; Expires=X; HttpOnly; SameSite=Lax"},
			{"[::1]:8080", "[::1]:999", "", "ct_session=token-boss; Path=/; Expires=X; HttpOnly; SameSite=Lax"},
			{"localhost", "127.0.0.1:999", "203.0.113.9", "__Host-ct_session=token-boss; Path=/; Expires=X; HttpOnly; Secure; SameSite=Lax"},
			{"localhost", "203.0.113.9:80", "", "__Host-ct_session=token-boss; Path=/; Expires=X; HttpOnly; Secure; SameSite=Lax"},
		} {
			r := httptest.NewRequest("POST", "/api/v1/session", strings.NewReader(`{"login":"boss","password":"the boss's word"}`))
			r.Header.Set("Content-Type", "application/json")
			r.Host, r.RemoteAddr = tt.host, tt.peer
			if tt.forwarded != "" {
				r.Header.Set("X-Forwarded-For", tt.forwarded)
			}
			got := h.do(r).want(200).Header().Get("Set-Cookie")
			before, rest, _ := strings.Cut(got, "Expires=")
			_, after, _ := strings.Cut(rest, ";")
			if got = before + "Expires=X;" + after; got != tt.want {
				t.Errorf("%s from %s: %s, want %s", tt.host, tt.peer, got, tt.want)
			}
		}
		out := h.as("boss", "DELETE", "/api/v1/session", "").want(204)
		if c := out.Header().Get("Set-Cookie"); !strings.Contains(c, "Max-Age=0") {
			t.Errorf("signing out sets %q", c)
		}
		if c := out.Header().Get("Clear-Site-Data"); c == "" {
			t.Error("signing out clears nothing")
		}
	})
}

// A wrong password and an unknown login are told the same way.
func TestWS02_SignInTellsNothing(t *testing.T) {
	inHouse(t, func(h *house) {
		var told []string
		for _, body := range []string{`{"login":"boss","password":"wrong word"}`, `{"login":"nobody","password":"wrong word"}`} {
			told = append(told, h.as("", "POST", "/api/v1/session", body).want(401).Body.String())
		}
		if told[0] != told[1] {
			t.Errorf("known login: %s\nunknown login: %s", told[0], told[1])
		}
		if log := h.log.String(); strings.Contains(log, "wrong word") || strings.Contains(log, "boss's") {
			t.Errorf("the log has a password: %s", log)
		}
	})
}

// proves WS-03: who has change_password changes the own password, and must
// know the present one.
func TestWS03_OwnPassword(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("oleg", "POST", "/api/v1/password", `{"current":"x","password":"a new long word"}`).want(403)
		wrong := h.as("boss", "POST", "/api/v1/password", `{"current":"x","password":"a new long word"}`).want(422)
		if wrong.field("field") != "current" {
			t.Errorf("a wrong present password is told about %v", wrong.field("field"))
		}
		h.as("boss", "POST", "/api/v1/password", `{"current":"the boss's word","password":"short"}`).want(422)
		h.as("boss", "POST", "/api/v1/password", `{"current":"the boss's word","password":"a new long word"}`).want(204)
		if got := h.system.Directory.State().Passwords["boss"]; got != "hash:a new long word" {
			t.Errorf("kept %q", got)
		}
	})
}

// A ticket opens one socket; a token is good for many.
func TestAuthenticate(t *testing.T) {
	inHouse(t, func(h *house) {
		ticket := h.as("boss", "POST", "/api/v1/ticket", "").want(200).field("ticket").(string)
		first := httptest.NewRequest("GET", "/desk/v1/socket?ticket="+ticket, nil)
		if u, err := h.api.Authenticate(first); err != nil || u.UserId != "boss" {
			t.Errorf("by ticket: %v, %v", u, err)
		}
		if u, err := h.api.Authenticate(first); err == nil {
			t.Errorf("by a used ticket: %v", u)
		}
		bearer := httptest.NewRequest("GET", "/desk/v1/socket", nil)
		bearer.Header.Set("Authorization", "Bearer "+h.auth.token("oleg"))
		u, token, err := h.api.Recognise(bearer)
		if err != nil || u.UserId != "oleg" || !h.api.Stands(token) {
			t.Errorf("by token: %v, %v", u, err)
		}
		h.auth.ended["session-oleg"] = true
		if h.api.Stands(token) {
			t.Error("a session that has ended stands")
		}
		if _, err := h.api.Authenticate(httptest.NewRequest("GET", "/", nil)); err == nil {
			t.Error("nobody is somebody")
		}
	})
}

// Every answer says what browsers may do with it, the unknown page too, and a
// handler that breaks tells nothing of how.
func TestAnswersOfEveryKind(t *testing.T) {
	inHouse(t, func(h *house) {
		h.errors.broke = true
		for _, tt := range []struct {
			method, path string
			want         int
		}{
			{"GET", "/healthz", 200}, {"GET", "/nothing", 404}, {"GET", "/api/v1/users/", 404}, {"GET", "/API/v1/users", 404},
			{"POST", "/healthz", 405}, {"OPTIONS", "/api/v1/users", 405}, {"GET", "/api/v1/users/ghost", 404}, {"GET", "/api/v1/errors", 500},
		} {
			got := h.as("boss", tt.method, tt.path, "")
			if got.Code != tt.want {
				t.Errorf("%s %s: %d, want %d", tt.method, tt.path, got.Code, tt.want)
			}
			for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
				"Access-Control-Allow-Origin": "", "Referrer-Policy": "no-referrer"} {
				if v := got.Header().Get(name); v != want {
					t.Errorf("%s %s: %s is %q, want %q", tt.method, tt.path, name, v, want)
				}
			}
			if tt.want >= 400 && got.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s is a %s", tt.method, tt.path, got.Header().Get("Content-Type"))
			}
			if strings.Contains(got.Body.String(), "secret detail") {
				t.Errorf("%s %s tells what broke: %s", tt.method, tt.path, got.Body)
			}
		}
		if !strings.Contains(h.log.String(), "secret detail") {
			t.Error("what broke was not noted")
		}
	})
}

// A route that does not say who may call it does not register.
func TestWS04_NoRouteWithoutRule(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a route without a rule was registered")
		}
	}()
	rest.RegisterUnguarded()
}
