package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/rest"
)

// exerciseUsers makes the calls that are about users beside those of a collection.
func exerciseUsers(h *house) {
	h.as("boss", "PUT", "/api/v1/users/nora", `{"login":"nora","center_ids":["shop"],"line_ids":["help"]}`).want(200)
	h.as("boss", "GET", "/api/v1/users?search=nora&sort=-name&from=0&limit=10", "").want(200)
	h.as("boss", "GET", "/api/v1/users/nora/view", "").want(200)
	revision := h.as("boss", "GET", "/api/v1/users/nora", "").field("revision")
	h.as("boss", "PATCH", "/api/v1/users", fmt.Sprintf(`{"users":[{"user_id":"nora","revision":%v}],"add":{"roles":["view_kb"]},"dry_run":true}`, revision)).want(200)
	h.as("boss", "PATCH", "/api/v1/users", fmt.Sprintf(`{"users":[{"user_id":"nora","revision":%v}],"disabled":true}`, revision)).want(200)
	h.as("boss", "GET", "/api/v1/export/users?separator=semicolon&language=ru", "").want(200)
	h.as("boss", "POST", "/api/v1/import/users?dry_run=true", "login,user_id\nnils,nils\n", "Content-Type", "text/csv").want(200)
	h.as("boss", "POST", "/api/v1/import/users", "login,user_id,centers\nnils,nils,shop\n", "Content-Type", "text/csv").want(200)
	h.as("", "POST", "/api/v1/invitation/password", `{"token":"`+h.as("boss", "POST", "/api/v1/users/nils/invitation", "").want(200).field("token").(string)+`","password":"a word of his"}`).want(204)
	h.as("boss", "DELETE", "/api/v1/users/nils", "").want(204)
	h.as("boss", "GET", "/api/v1/users/oleg/invitation", "").want(200)
	h.as("boss", "DELETE", "/api/v1/users/oleg/invitation", "").want(204)
	token := h.as("boss", "POST", "/api/v1/users/boss/invitation", "").want(200).field("token").(string)
	h.as("", "POST", "/api/v1/invitation", `{"token":"`+token+`"}`).want(200)
	h.as("", "POST", "/api/v1/invitation/password", `{"token":"`+token+`","password":"the boss's word"}`).want(204)
	clear(h.auth.ended)
	h.as("boss", "DELETE", "/api/v1/users/nora", "").want(204)
}

// crew fills the house with people to look for.
func (h *house) crew() {
	h.t.Helper()
	for _, put := range []event.Event{
		&event.Position{PositionId: "senior", Name: "Старший оператор", Roles: []string{"view_kb"}, CenterIds: []string{"shop"}, LineIds: []string{"help"}},
		&event.Language{Language: "ru", Name: "Русский"}, &event.Skill{Skill: "vip", Name: "Важные клиенты"},
		&event.User{UserId: "u1", Login: "fedorova", LastName: "Фёдорова", FirstName: "Анна", PositionId: "senior", CenterIds: []string{"shop"}, LineIds: []string{"help"}},
		&event.User{UserId: "u2", Login: "abramov", LastName: "Абрамов", FirstName: "Яков", Languages: []string{"ru"}, Capacity: 12},
		&event.User{UserId: "u3", Login: "yang", LastName: "Ян", FirstName: "Анна", Skills: []string{"vip"}, Capacity: 5, Disabled: true},
	} {
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: put})
	}
	settle()
}

// proves US-01: users are found by the words in any column that the manual names,
// sorted by any, and come in pages.
func TestUS01_UsersAreSearchedSortedAndPaged(t *testing.T) {
	inHouse(t, func(h *house) {
		h.crew()
		for _, tt := range []struct{ query, want string }{
			{"search=федорова", "u1"}, {"search=АННА", "u1 u3"}, {"search=анна+фёд", "u1"}, {"search=abram", "u2"}, {"search=старший", "u1"},
			{"search=help", "oleg u1"}, {"search=русск", "u2"}, {"search=важн", "u3"}, {"search=bank", "lena rival"}, {"search=u2", "u2"},
			{"search=nobody", ""}, {"search=hash", ""},
			{"search=u&sort=name&limit=0", "u2 u1 u3"}, {"search=u&sort=-name", "u3 u1 u2"},
			{"search=анна&sort=capacity", "u1 u3"}, {"search=анна&sort=-disabled", "u3 u1"}, {"search=анна&sort=login&from=1", "u3"},
			{"search=анна&sort=login&limit=1", "u1"}, {"search=анна&from=7", ""},
		} {
			got := h.as("boss", "GET", "/api/v1/users?"+tt.query, "").want(200)
			if ids := strings.Join(strings.Fields(got.ids("items", "user_id")), " "); ids != tt.want {
				t.Errorf("%s: %s, want %s", tt.query, ids, tt.want)
			}
		}
		if total := h.as("boss", "GET", "/api/v1/users?search=анна&limit=1", "").field("total"); total != 2.0 {
			t.Errorf("%v were found, want 2", total)
		}
		h.as("boss", "GET", "/api/v1/users?sort=hash", "").want(422)
		h.as("boss", "GET", "/api/v1/users?limit=x", "").want(422)
		for _, column := range []string{"name", "login", "user_id", "position", "centers", "lines", "languages", "skills", "roles", "capacity", "disabled", "at"} {
			h.as("boss", "GET", "/api/v1/users?sort="+column, "").want(200)
		}
		h.as("oleg", "GET", "/api/v1/users", "").want(403)
	})
}

// proves US-01, WS-04: what a user may do and see is judged by what judges the
// calls themselves.
func TestWS04_AUserIsSeenAsTheServerJudges(t *testing.T) {
	inHouse(t, func(h *house) {
		h.crew()
		h.operator(&event.User{UserId: "watcher", Login: "watcher", CenterIds: []string{"shop"}, Roles: []string{"view_monitoring", "send_pics"}})
		allowed := func(id string) string {
			var out []string
			for _, act := range h.as("boss", "GET", "/api/v1/users/"+id+"/view", "").want(200).field("acts").([]any) {
				if a := act.(map[string]any); a["allowed"] == true {
					out = append(out, a["name"].(string))
				}
			}
			return strings.Join(out, " ")
		}
		if got, want := allowed("watcher"), "read_conversations monitor assign operator_offline send_pics"; got != want {
			t.Errorf("the watcher may %s, want %s", got, want)
		}
		if got := allowed("u3"); got != "" {
			t.Errorf("who is disabled may %s", got)
		}
		all := len(h.as("boss", "GET", "/api/v1/users/boss/view", "").field("acts").([]any))
		if got := len(strings.Fields(allowed("boss"))); got != all {
			t.Errorf("who has every role may %d of %d: some are of no call", got, all)
		}
		h.online("oleg")
		h.writes("site", "anna", "hello")
		got := h.as("boss", "GET", "/api/v1/users/oleg/view", "").want(200)
		if got.field("held") != 1.0 || got.field("on_reception") != true || got.field("scope", "serves") != true {
			t.Errorf("oleg at work: %s", got.Body)
		}
		if h.as("boss", "GET", "/api/v1/users/u2/view", "").field("scope", "nowhere") != true {
			t.Error("who has no center and no line is somewhere")
		}
		h.owner()
		if h.as("boss", "GET", "/api/v1/users/owner/view", "").field("scope", "everywhere") != true {
			t.Error("an administrator without bounds is not everywhere")
		}
		h.as("boss", "GET", "/api/v1/users/nobody/view", "").want(404)
		h.as("oleg", "GET", "/api/v1/users/boss/view", "").want(403)
	})
}

// change asks for a change of users as the directory has them.
func (h *house) changeUsers(by, change string, ids ...string) answer {
	h.t.Helper()
	var users []string
	for _, id := range ids {
		users = append(users, fmt.Sprintf(`{"user_id":%q,"revision":%d}`, id, h.system.Directory.State().Users[id].Revision))
	}
	return h.as(by, "PATCH", "/api/v1/users", `{"users":[`+strings.Join(users, ",")+`],`+change+`}`)
}

// proves US-02, US-03: several users are changed in the same way, all or none.
func TestUS02_ManyUsersAreChangedAtOnce(t *testing.T) {
	inHouse(t, func(h *house) {
		h.crew()
		h.owner()
		user := func(id string) *event.User { return h.system.Directory.State().User(id) }
		dry := h.changeUsers("owner", `"dry_run":true,"add":{"roles":["view_kb"]}`, "u1", "u2").want(200)
		if dry.field("changed") != 2.0 || dry.field("done") != false || len(user("u1").Roles) != 0 {
			t.Errorf("a look changes: %s", dry.Body)
		}
		h.changeUsers("owner", `"add":{"roles":["view_kb","send_pics"],"center_ids":["shop"],"skills":["vip"]},"remove":{"languages":["ru"]}`, "u1", "u2").want(200)
		if u := user("u2"); fmt.Sprint(u.Roles, u.CenterIds, u.Skills, u.Languages) != "[view_kb send_pics] [shop] [vip] []" {
			t.Errorf("u2 is %v", u)
		}
		h.changeUsers("owner", `"position_id":"senior","by_position":{"roles":true,"places":true}`, "u2").want(200)
		if u := user("u2"); fmt.Sprint(u.PositionId, u.Roles, u.CenterIds, u.LineIds, u.Skills) != "senior[view_kb] [shop] [help] []" {
			t.Errorf("u2 as the position has it: %v", u)
		}
		// What is wrong with one changes none, and nobody gives more than they have.
		got := h.changeUsers("boss", `"add":{"roles":["send_files"]}`, "u1", "rival").want(200)
		if got.field("done") != false || got.field("wrong") != 1.0 || got.field("items", 1, "outcome") != "wrong" || strings.Contains(fmt.Sprint(user("u1").Roles), "send_files") {
			t.Errorf("a change of one who may do more: %s", got.Body)
		}
		h.operator(&event.User{UserId: "clerk", Login: "clerk", CenterIds: []string{"shop"}, Roles: []string{directory.Login, directory.ModifyUsers}})
		if got := h.changeUsers("clerk", `"add":{"roles":["admin"]}`, "clerk").want(200); got.field("items", 0, "faults", 0, "field") != "roles" {
			t.Errorf("more for oneself: %s", got.Body)
		}
		stale := h.as("owner", "PATCH", "/api/v1/users", `{"users":[{"user_id":"u1","revision":1},{"user_id":"ghost","revision":1}],"disabled":true}`).want(200)
		if stale.field("wrong") != 2.0 || user("u1").Disabled {
			t.Errorf("what others have changed or taken out: %s", stale.Body)
		}
		if got := h.changeUsers("owner", `"disabled":true`, "owner", "boss", "rival", "clerk").want(200); got.field("wrong") != 4.0 {
			t.Errorf("the last who may modify users: %s", got.Body)
		}
	})
}

// proves US-02, G33: who is disabled is out at once, and their conversations are
// served by others; how many they are is told before.
func TestG33_WhoIsDisabledKeepsNothing(t *testing.T) {
	inHouse(t, func(h *house) {
		h.online("oleg")
		id := h.writes("site", "anna", "hello")
		h.as("oleg", "GET", "/api/v1/lines", "").want(200)
		if got := h.changeUsers("boss", `"dry_run":true,"disabled":true`, "oleg").want(200).field("items", 0, "held"); got != 1.0 {
			t.Errorf("%v conversations would go back, want 1", got)
		}
		h.auth.invited["t"] = invitationOf("oleg")
		if h.changeUsers("boss", `"disabled":true`, "oleg").want(200).field("done") != true {
			t.Fatal("oleg was not disabled")
		}
		if !h.auth.ended["session-oleg"] || len(h.auth.invited) != 0 {
			t.Error("oleg has a session or an invitation still")
		}
		h.as("oleg", "GET", "/api/v1/lines", "").want(401)
		waiting := h.as("boss", "GET", "/api/v1/monitoring", "").field("queues", 0, "waiting").([]any)
		if len(waiting) != 1 || waiting[0].(map[string]any)["conversation_id"] != id {
			t.Errorf("in the queue: %v, want %s", waiting, id)
		}
	})
}

// proves G33: whichever way somebody is disabled, they are out; what broke off in
// the middle of that is done by being asked for once more.
func TestG33_EveryWayShutsOut(t *testing.T) {
	inHouse(t, func(h *house) {
		for name, disable := range map[string]func(){
			"form": func() {
				rev := revision(h.as("boss", "GET", "/api/v1/users/oleg", "").want(200))
				h.as("boss", "PUT", "/api/v1/users/oleg", `{"login":"oleg","disabled":true,"revision":`+rev+`}`).want(200)
			},
			"many": func() { h.changeUsers("boss", `"disabled":true`, "oleg").want(200) },
			"table": func() {
				h.as("boss", "POST", "/api/v1/import/users", "login;disabled\noleg;yes\n", "Content-Type", "text/csv").want(200)
			},
		} {
			for range 2 {
				h.auth.ended, h.auth.invited["t"] = map[string]bool{}, invitationOf("oleg")
				disable()
				if !h.auth.ended["session-oleg"] || len(h.auth.invited) != 0 || !h.system.Directory.State().User("oleg").Disabled {
					t.Errorf("%s: oleg has a session or an invitation still", name)
				}
			}
			h.changeUsers("boss", `"disabled":false`, "oleg").want(200)
		}
	})
}

// proves US-02: users go out as a table and come in again; a dry run says row by row
// what would change or is wrong, and nothing happens before.
func TestUS02_UsersGoOutAndComeIn(t *testing.T) {
	inHouse(t, func(h *house) {
		h.crew()
		h.owner()
		load := func(dry, text string) answer {
			return h.as("owner", "POST", "/api/v1/import/users?dry_run="+dry, text, "Content-Type", "text/csv").want(200)
		}
		for _, query := range []string{"", "?separator=semicolon&language=ru"} {
			out := h.as("boss", "GET", "/api/v1/export/users"+query, "").want(200).Body.String()
			if !strings.HasPrefix(out, "\ufeff") || strings.Contains(out, "hash:") {
				t.Errorf("%s: %q", query, out)
			}
			if back := load("false", out); back.field("done") != true || back.field("changed") != 0.0 || back.field("new") != 0.0 {
				t.Errorf("%s: what went out is not what is here: %s", query, back.Body)
			}
		}
		before := h.system.Directory.State().Version
		text := "\ufeffЛогин;Идентификатор;Фамилия;Должность;Группы;Колл-центры;Отключён\n" +
			"nils;nils;Нильсен;Старший оператор;Help;shop;нет\nABRAMOV;;Абрамова;;;;да\n"
		dry := load("true", text)
		if dry.field("new") != 1.0 || dry.field("changed") != 1.0 || dry.field("items", 1, "user_id") != "u2" || dry.field("items", 1, "line") != 3.0 {
			t.Errorf("a look: %s", dry.Body)
		}
		wrong := load("false", "login,user_id,roles,lines,capacity,disabled\nok,ok,,,,\nbad,bad,root,nowhere,many,perhaps\n,x,,,,\nnew,,,,,\n")
		if wrong.field("done") != false || wrong.field("wrong") != 3.0 || len(wrong.field("items", 1, "faults").([]any)) != 4 {
			t.Errorf("a file with faults: %s", wrong.Body)
		}
		if now := h.system.Directory.State().Version; now != before {
			t.Errorf("%d changes before anything was confirmed", now-before)
		}
		load("false", text)
		d := h.system.Directory.State()
		if u := d.User("nils"); fmt.Sprint(u.PositionId, u.LineIds, u.CenterIds) != "senior[help] [shop]" {
			t.Errorf("nils is %v", u)
		}
		if u := d.User("u2"); u.LastName != "Абрамова" || u.FirstName != "Яков" || !u.Disabled || u.Capacity != 12 {
			t.Errorf("u2 is %v", u)
		}
		for _, text := range []string{"", "name\nx\n", "user_id\nx\n", "\xff", "login,login\na,b\n"} {
			h.as("owner", "POST", "/api/v1/import/users", text, "Content-Type", "text/csv").want(422)
		}
		// The same rule holds as for one.
		if got := h.as("boss", "POST", "/api/v1/import/users", "login,user_id,roles\nm,m,admin\n", "Content-Type", "text/csv").want(200); got.field("wrong") != 1.0 {
			t.Errorf("an administrator from a file: %s", got.Body)
		}
		h.as("oleg", "POST", "/api/v1/import/users", "login,user_id\nm,m\n", "Content-Type", "text/csv").want(403)
	})
}

var _ rest.Invitations = (*fakeAuth)(nil)
