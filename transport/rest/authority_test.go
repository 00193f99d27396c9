package rest_test

import (
	"strings"
	"testing"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// owner makes a user whose business everything is.
func (h *house) owner() {
	h.t.Helper()
	h.operator(&event.User{UserId: "owner", Login: "owner", Roles: directory.Roles[:]})
}

// proves US-04, WS-04: nobody gives a permission or a place that they don't have
// themselves, to anybody and in any way, and nobody changes who may do more.
func TestUS04_NobodyGivesMoreThanTheyHave(t *testing.T) {
	inHouse(t, func(h *house) {
		h.owner()
		h.operator(&event.User{UserId: "clerk", Login: "clerk", CenterIds: []string{"shop"}, Languages: []string{}, Roles: []string{
			directory.ModifyUsers, directory.ViewUsers, directory.ModifyConfiguration, directory.ViewKB}})
		h.operator(&event.User{UserId: "homeless", Login: "homeless", Roles: []string{directory.ModifyUsers, directory.ViewKB}})
		h.operator(&event.User{UserId: "pupil", Login: "pupil", CenterIds: []string{"shop"}, LineIds: []string{"help"}, Roles: []string{directory.ViewKB}})
		for _, tt := range []struct {
			name, by, path, body string
			want                 int
			field                string
		}{
			{"what the clerk has", "clerk", "users/a", `{"login":"a","roles":["view_kb"],"center_ids":["shop"],"line_ids":["help"]}`, 200, ""},
			{"nothing at all", "clerk", "users/b", `{"login":"b"}`, 200, ""},
			{"a role that the clerk lacks", "clerk", "users/c", `{"login":"c","roles":["view_stat"],"center_ids":["shop"]}`, 422, "roles"},
			{"administration", "clerk", "users/c", `{"login":"c","roles":["admin"]}`, 422, "roles"},
			{"another center", "clerk", "users/c", `{"login":"c","center_ids":["shop","bank"]}`, 422, "center_ids"},
			{"every center", "clerk", "users/c", `{"login":"c","line_ids":["help"]}`, 422, "center_ids"},
			{"a line of another center", "clerk", "users/c", `{"login":"c","center_ids":["shop"],"line_ids":["loans"]}`, 422, "line_ids"},
			{"everywhere, by who is in a center", "boss", "users/c", `{"login":"c","roles":["admin"]}`, 422, "center_ids"},
			{"a place, by who has none", "homeless", "users/c", `{"login":"c","center_ids":["shop"]}`, 422, "center_ids"},
			{"a role, by who has no place", "homeless", "users/d", `{"login":"d","roles":["view_kb"]}`, 200, ""},
			{"everywhere, by who is everywhere", "owner", "users/e", `{"login":"e","roles":["admin"]}`, 200, ""},
			{"more for oneself", "clerk", "users/clerk", `{"login":"clerk","roles":["modify_users","view_stat"],"center_ids":["shop"],"revision":REV}`, 422, "roles"},
			{"less for oneself", "clerk", "users/clerk", `{"login":"clerk","roles":["modify_users","view_users","modify_configuration","view_kb"],"center_ids":["shop"],"capacity":2,"revision":REV}`, 200, ""},
			{"a password of who may do more", "clerk", "users/boss", `{"login":"boss","password":"a good long word","roles":[],"revision":REV}`, 403, ""},
			{"a rival, even downwards", "clerk", "users/rival", `{"login":"rival","disabled":true,"revision":REV}`, 403, ""},
			{"a person below", "clerk", "users/pupil", `{"login":"pupil","disabled":true,"revision":REV}`, 200, ""},
			{"a key", "clerk", "keys/k", `{"roles":["view_stat"],"center_ids":["shop"]}`, 422, "roles"},
			{"a key for everywhere", "boss", "keys/k", `{"roles":["admin"]}`, 422, "center_ids"},
			{"a webhook", "clerk", "webhooks/w", `{"url":"https://w.example","roles":["view_stat"],"center_ids":["shop"]}`, 422, "roles"},
			{"a position", "clerk", "positions/p", `{"name":"P","roles":["view_stat"]}`, 422, "roles"},
			{"a position of another center", "clerk", "positions/p", `{"name":"P","line_ids":["loans"]}`, 422, "line_ids"},
			{"a position with a line", "clerk", "positions/p", `{"name":"P","roles":["view_kb"],"line_ids":["help"]}`, 200, ""},
			{"what nobody may name", "owner", "users/f", `{"login":"f","revision":0,"has_password":true}`, 422, "has_password"},
			{"another's id", "owner", "users/f", `{"login":"f","user_id":"admin"}`, 422, "user_id"},
		} {
			body := tt.body
			if strings.Contains(body, "REV") {
				tag := h.as("owner", "GET", "/api/v1/"+tt.path, "").Header().Get("ETag")
				body = strings.ReplaceAll(body, "REV", strings.Trim(tag, `"`))
			}
			got := h.as(tt.by, "PUT", "/api/v1/"+tt.path, body)
			if got.Code != tt.want {
				t.Errorf("%s: %d, want %d: %s", tt.name, got.Code, tt.want, got.Body)
			} else if tt.field != "" && got.field("field") != tt.field {
				t.Errorf("%s: refused for %v, want %s", tt.name, got.field("field"), tt.field)
			}
		}
		h.as("clerk", "DELETE", "/api/v1/users/boss", "").want(403)
		h.as("clerk", "DELETE", "/api/v1/users/a", "").want(204)
		h.as("owner", "PUT", "/api/v1/keys/strong", `{"roles":["admin"]}`).want(200)
		h.as("boss", "POST", "/api/v1/keys/strong/secret", "").want(403)
		h.as("boss", "DELETE", "/api/v1/keys/strong", "").want(403)
	})
}
