package rest_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/rest"
)

// table is where a gate keeps its rows: the engine of the house.
func table(c *rest.Config) store.Table { return c.Keeper.(*fakeKeeper).table }

var _ rest.Auth = (*auth.Gate)(nil)

// proves WS-02, WS-03: with the real gate, from the first start to the second
// password: set up, signed in, idle, signed out, refused.
func TestWS02_AtTheRealGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var gate *auth.Gate
		h := openHouse(t, func(c *rest.Config) {
			gate = auth.New(auth.Config{Directory: c.System.Directory, Table: table(c), Now: time.Now})
			c.Auth = gate
		})
		defer h.close()
		code := gate.NewSetupCode()
		h.as("", "POST", "/api/v1/setup", `{"code":"x","login":"anna","password":"nine tall trees"}`).want(403)
		token := h.as("", "POST", "/api/v1/setup", `{"code":"`+code+`","login":"anna","password":"nine tall trees"}`).want(200).field("token").(string)
		bearer := []string{"Authorization", "Bearer " + token}
		h.as("", "GET", "/api/v1/session", "", bearer...).want(200)
		ticket := h.as("", "POST", "/api/v1/ticket", "", bearer...).want(200).field("ticket").(string)
		if u, err := h.api.Authenticate(httptest.NewRequest("GET", "/?ticket="+ticket, nil)); err != nil || u.Login != "anna" {
			t.Errorf("by ticket: %v, %v", u, err)
		}
		other := h.as("", "POST", "/api/v1/session", `{"login":"ANNA","password":"nine tall trees"}`).want(200).field("token").(string)
		if n := len(h.as("", "GET", "/api/v1/sessions", "", bearer...).want(200).field("items").([]any)); n != 2 {
			t.Errorf("%d sessions, want 2", n)
		}
		h.as("", "POST", "/api/v1/password", `{"current":"nine tall trees","password":"ten small stones"}`, bearer...).want(204)
		h.as("", "GET", "/api/v1/session", "", "Authorization", "Bearer "+other).want(401)
		h.as("", "GET", "/api/v1/session", "", bearer...).want(200)
		h.as("", "POST", "/api/v1/session", `{"login":"anna","password":"nine tall trees"}`).want(401)
		time.Sleep(31 * time.Minute) // of the bubble
		h.as("", "GET", "/api/v1/session", "", bearer...).want(401)
	})
}

// Guesses are slowed down, and told so as too many.
func TestWS02_GuessesAreSlowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, func(c *rest.Config) {
			c.Auth = auth.New(auth.Config{Directory: c.System.Directory, Table: table(c), Now: time.Now})
		})
		defer h.close()
		var last answer
		for range 10 {
			last = h.as("", "POST", "/api/v1/session", `{"login":"anna","password":"a guess"}`)
		}
		if last.want(429).Header().Get("Retry-After") == "" {
			t.Error("nobody says when to try again")
		}
	})
}

// proves MN-07: what agents keep is shown, as far as the asker may see it.
func TestMN07_AutomaticHandling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, func(c *rest.Config) {
			c.Automatic = func() []rest.Automatic {
				return []rest.Automatic{
					{ConversationID: "a.1", CenterID: "shop", AgentID: "bot", Routing: rest.Message[*event.Routing]{Of: &event.Routing{LineId: "help"}}},
					{ConversationID: "b.1", CenterID: "bank", AgentID: "bot", Routing: rest.Message[*event.Routing]{Of: &event.Routing{}}},
				}
			}
		})
		defer h.close()
		h.furnish()
		h.book = openBook(t, h.api)
		now := h.as("boss", "GET", "/api/v1/monitoring", "").want(200)
		if n := now.field("counters", "automatic"); n != 1.0 || strings.Contains(now.Body.String(), "b.1") {
			t.Errorf("automatic: %s", now.Body)
		}
	})
}

// proves US-05: settings are shown with what holds, also where a center says
// nothing, and taking them out brings back what holds for all.
func TestUS05_SettingsInForce(t *testing.T) {
	inHouse(t, func(h *house) {
		const one = "/api/v1/settings/shop"
		grace := func() any {
			return h.as("boss", "GET", one, "").want(200).field("in_force", "connection_grace")
		}
		if got := grace(); got != "60s" {
			t.Errorf("built in: %v", got)
		}
		h.as("boss", "PUT", "/api/v1/settings/default", `{"connection_grace":"40s"}`).want(200)
		if got := grace(); got != "40s" {
			t.Errorf("of the organisation: %v", got)
		}
		h.as("boss", "PUT", one, `{"connection_grace":"20s"}`).want(200)
		if got := grace(); got != "20s" {
			t.Errorf("of the center: %v", got)
		}
		h.as("boss", "DELETE", one, "").want(204)
		if got := grace(); got != "40s" {
			t.Errorf("taken out: %v", got)
		}
		h.as("boss", "PUT", "/api/v1/settings/nowhere", `{}`).want(422)
		h.as("boss", "GET", "/api/v1/settings/nowhere", "").want(404)
	})
}

// proves US-01..04: a user that is put is a user that signs in, with the roles
// that exist and no others; the last who may modify users stays.
func TestUS02_Users(t *testing.T) {
	inHouse(t, func(h *house) {
		put := func(id, body string) answer { return h.as("boss", "PUT", "/api/v1/users/"+id, body) }
		got := put("mila", `{"login":"mila","password":"a word of hers","first_name":"Mila","roles":["view_kb"],"center_ids":["shop"]}`).want(200)
		if got.field("has_password") != true || got.field("by") != "boss" || got.field("roles", 0) != "view_kb" {
			t.Errorf("put: %s", got.Body)
		}
		h.as("", "POST", "/api/v1/session", `{"login":"mila","password":"a word of hers"}`).want(200)
		for body, field := range map[string]string{
			`{"login":"mila2","roles":["root"]}`: "roles", `{"login":"BOSS"}`: "login", `{"login":""}`: "login",
			`{"login":"x","center_ids":["no"]}`: "center_ids", `{"login":"x","capacity":101}`: "capacity", `{"login":"x","password":"short"}`: "password",
		} {
			if f := put("other", body).want(422).field("field"); f != field {
				t.Errorf("%s: about %v, want %s", body, f, field)
			}
		}
		put("mila", `{"login":"mila","disabled":true}`).want(428)
		put("mila", `{"login":"mila","disabled":true,"revision":`+revision(got)+`}`).want(200)
		if !h.auth.ended["session-mila"] {
			t.Error("a disabled user is not signed out")
		}
		h.ask(event.DirectoryStream, directory.Remove{By: "setup", Kind: "User", ID: "rival"})
		h.as("boss", "DELETE", "/api/v1/users/boss", "").want(409)
	})
}

// revision is the one in an answer's ETag.
func revision(a answer) string { return strings.Trim(a.Header().Get("ETag"), `"`) }
