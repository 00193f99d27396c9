package rest_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/transport/rest"
)

// unnoted are the calls that change something and are no administrative act, each
// with the reason.
var unnoted = map[string]string{
	"POST /api/v1/session/passkey/ask":          "a question",
	"POST /api/v1/session/proof":                "for the own session",
	"POST /api/v1/me/factors/totp":              "nothing is kept before the first code",
	"POST /api/v1/me/factors/passkey":           "nothing is kept before the answer",
	"POST /api/v1/session/oidc":                 "a way there",
	"POST /api/v1/me/identities":                "a way there",
	"POST /api/v1/providers/{id}/test":          "a question",
	"POST /api/v1/ticket":                       "for the own socket",
	"PUT /api/v1/me/preferences":                "one's own",
	"PUT /api/v1/me/drafts/{conversation}":      "one's own",
	"DELETE /api/v1/me/drafts/{conversation}":   "one's own",
	"POST /api/v1/spelling":                     "a question",
	"POST /api/v1/invitation":                   "a question",
	"POST /api/v1/hours/preview":                "a question",
	"POST /api/v1/widget/preview":               "a question",
	"POST /api/v1/bot/try":                      "a question",
	"POST /api/v1/knowledge/try-slot":           "a question",
	"POST /api/v1/files":                        "work in a conversation, which tells of it",
	"PUT /api/v1/conversations/{id}/ticket":     "work in a conversation, which tells of it",
	"POST /api/v1/conversations/{id}/mail":      "work in a conversation, which tells of it",
	"POST /api/v1/conversations/{id}/call":      "work in a conversation, which tells of it",
	"POST /api/v1/customers/{id}/conversations": "work in a conversation, which tells of it",
}

// readings are the calls that change nothing and are noted all the same: secrets
// shown, and what leaves the house.
var readings = []string{
	"GET /api/v1/settings/{id}/secret", "GET /api/v1/settings/{id}/tabs/{tab}/key", "GET /api/v1/errors/{id}/raw", "GET /api/v1/history/export", "GET /api/v1/surveys/export",
	"GET /api/v1/statistics/figures.csv", "GET /api/v1/statistics/operators.csv", "GET /api/v1/statistics/presence.csv",
	"GET /api/v1/knowledge/export", "GET /api/v1/export/users", "GET /api/v1/changed/customers", "GET /api/v1/feed", "GET /api/v1/audit.csv", "GET /api/v1/audit.ndjson",
	"GET /api/v1/conversations/{id}", "GET /api/v1/conversations/{id}/text", "GET /api/v1/conversations/{id}/moment", "GET /api/v1/files/{customer}/{hash}",
}

// silent lists the calls that should have left a line in the log of acts and never
// did.
func (b *book) silent() (out []string) {
	for _, call := range b.calls() {
		method, _, _ := strings.Cut(call, " ")
		must := method != http.MethodGet && unnoted[call] == "" || slices.Contains(readings, call)
		if must && b.done[call] && !b.noted[call] {
			out = append(out, call)
		}
	}
	return out
}

// checkNoted holds the log of acts against what was done.
func checkNoted(h *house) {
	calls := h.book.calls()
	for _, call := range slices.Concat(readings, slices.Sorted(keysOf(unnoted))) {
		if !slices.Contains(calls, call) {
			h.t.Errorf("%s is in a list of this test and is no call", call)
		}
	}
	if got := h.book.silent(); len(got) > 0 {
		h.t.Errorf("these leave nothing in the log of acts; name their route's act, or say in unnoted why not:\n%s", strings.Join(got, "\n"))
	}
	for _, call := range []string{"PUT /api/v1/users/{id}", "GET /api/v1/history/export", "POST /api/v1/session"} {
		h.book.noted[call] = false // a deliberate mistake
		if got := h.book.silent(); !slices.Equal(got, []string{call}) {
			h.t.Errorf("%s leaves nothing, and what is told is %q", call, got)
		}
		h.book.noted[call] = true
	}
	if _, err := audit.Check(h.acts(), audit.Head{}); err != nil {
		h.t.Error(err)
	}
}

// pass lets time go by, of the bubble.
func pass(d time.Duration) { <-time.After(d) }

func keysOf(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// acts yields the log of acts as it is kept.
func (h *house) acts() func(func(*event.AuditNoted, error) bool) {
	return func(yield func(*event.AuditNoted, error) bool) {
		for _, e := range h.events(event.AuditStream) {
			if !yield(e.(*event.AuditNoted), nil) {
				return
			}
		}
	}
}

// last returns the log's last line as BY ACT OBJECT.
func (h *house) last() string {
	h.t.Helper()
	list := h.events(event.AuditStream)
	n := list[len(list)-1].(*event.AuditNoted)
	return strings.TrimSpace(n.By + " " + n.Act + " " + n.Object)
}

// proves G43: what leaves no fact is noted too: who signed in and was refused, who
// was denied a call, what was handed out and shown.
func TestG43_WhatLeavesNoFactIsNoted(t *testing.T) {
	inHouse(t, func(h *house) {
		for _, tt := range []struct{ user, method, path, body, want string }{
			{"", "POST", "/api/v1/session", `{"login":"boss","password":"the boss's word"}`, "boss signed_in boss"},
			{"", "POST", "/api/v1/session", `{"login":"boss","password":"wrong"}`, "sign_in_refused boss"},
			{"", "POST", "/api/v1/session", `{"login":"my secret word","password":"boss"}`, "sign_in_refused"},
			{"oleg", "GET", "/api/v1/users", "", "oleg refused GET /api/v1/users"},
			{"boss", "GET", "/api/v1/settings/shop/secret", "", "boss secret_shown shop"},
			{"boss", "GET", "/api/v1/history/export", "", "boss history_exported"},
			{"boss", "PUT", "/api/v1/skills/a", `{"name":"A"}`, "boss skill_put a"},
			{"boss", "DELETE", "/api/v1/skills/a", "", "boss skill_removed a"},
			{"boss", "DELETE", "/api/v1/skills/a", "", "boss skill_removed a"}, // a 404 is no act
			{"boss", "GET", "/api/v1/settings/nowhere/secret", "", "boss skill_removed a"},
			{"rival", "DELETE", "/api/v1/session", "", "rival signed_out"},
		} {
			h.as(tt.user, tt.method, tt.path, tt.body)
			if got := h.last(); got != tt.want {
				t.Errorf("%s %s by %q: the log ends with %q, want %q", tt.method, tt.path, tt.user, got, tt.want)
			}
		}
	})
}

// proves G43: strangers can't fill the disk by being refused, nor can users, and
// no refusal goes uncounted.
func TestG43_RefusalsAreBounded(t *testing.T) {
	inHouse(t, func(h *house) {
		begin := len(h.events(event.AuditStream))
		knock := func(times int) {
			for range times {
				h.as("", "POST", "/api/v1/session", `{"login":"x","password":"y"}`)
				h.as("oleg", "GET", "/api/v1/users", "")
			}
		}
		knock(200)
		if n := len(h.events(event.AuditStream)) - begin; n != 70 {
			t.Errorf("400 refusals in a minute left %d lines, want 70", n)
		}
		pass(time.Minute)
		knock(1)
		told := map[string]int{}
		for n := range h.acts() {
			told[n.Act] += int(max(n.Count, 1))
		}
		if told[audit.Refused] != 201 || told[audit.SignInRefused] != 201 {
			t.Errorf("counted %v, want 201 of each", told)
		}
	})
}

// proves G43: who opens a conversation of others over REST is recorded, once in a
// sitting; who keeps it is not, and nothing in the conversation tells of it.
func TestG43_OpeningsOverREST(t *testing.T) {
	inHouse(t, func(h *house) {
		h.online("oleg")
		conv := h.writes("site", "anna", "hello")
		opened := func(who string) (n int) {
			for e := range h.acts() {
				if e.By == who && e.Act == "conversation_watched" && e.Object == conv {
					n++
				}
			}
			return n
		}
		h.as("oleg", "GET", "/api/v1/conversations/"+conv+"/text", "").want(200)
		for _, path := range []string{"", "/events", "/text", "/moment?at=" + time.Now().UTC().Format(time.RFC3339Nano)} {
			h.as("boss", "GET", "/api/v1/conversations/"+conv+path, "").want(200)
			if n := opened("boss"); n != 1 {
				t.Errorf("%q opened: %d lines, want 1", path, n)
			}
			pass(time.Minute)
		}
		pass(10 * time.Minute)
		h.as("boss", "GET", "/api/v1/conversations/"+conv, "").want(200)
		h.as("rival", "GET", "/api/v1/conversations/"+conv, "").want(404)
		if boss, oleg, rival := opened("boss"), opened("oleg"), opened("rival"); boss != 2 || oleg != 0 || rival != 0 {
			t.Errorf("boss %d, oleg %d, rival %d, want 2, 0, 0", boss, oleg, rival)
		}
		for _, e := range h.events(event.ConversationStream + conv) {
			if _, told := e.(*event.ConversationWatched); told {
				t.Error("who is looked at is told")
			}
		}
	})
}

// proves G43: the log is read by pages and filters, and what an act changed is
// shown field by field, without secrets.
func TestG43_TheLogIsSearched(t *testing.T) {
	inHouse(t, func(h *house) {
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "chief", Login: "chief", Roles: []string{directory.Admin, directory.ModifyConfiguration, directory.ModifyUsers}}})
		settle()
		from := time.Now().Add(time.Minute).UTC()
		for i := range 300 {
			h.as("boss", "PUT", fmt.Sprintf("/api/v1/skills/s%03d", i), `{"name":"A skill"}`).want(200)
			if i == 99 {
				pass(time.Until(from))
			}
		}
		h.as("chief", "PUT", "/api/v1/skills/s000", `{"name":"Another name"}`, "If-Match", revision(h.as("chief", "GET", "/api/v1/skills/s000", ""))).want(200)
		seen, before := 0, ""
		for pages := 0; before != "" || pages == 0; pages++ {
			page := h.as("chief", "GET", "/api/v1/audit?act=skill_put&by=boss&limit=70&before="+before, "").want(200)
			for i, item := range list(page.field("items")) {
				if want := fmt.Sprintf("s%03d", 299-seen); item.(map[string]any)["object"] != want {
					t.Fatalf("page %d, item %d is %v, want %s", pages, i, item, want)
				}
				seen++
			}
			before = page.field("next").(string)
		}
		if seen != 300 {
			t.Errorf("%d acts were paged through, want 300", seen)
		}
		count := func(query string) int {
			return len(list(h.as("chief", "GET", "/api/v1/audit?limit=500&"+query, "").want(200).field("items")))
		}
		at := from.Format(time.RFC3339Nano)
		for query, want := range map[string]int{"act=skill_put": 301, "act=skill_put&from=" + at: 201, "act=skill_put&until=" + at: 101, "object=s000": 2, "by=chief": 1, "act=skill_put,center_put&object=shop": 1} {
			if got := count(query); got != want {
				t.Errorf("%s: %d acts, want %d", query, got, want)
			}
		}
		for _, query := range []string{"from=yesterday", "limit=501", "before=x"} {
			h.as("chief", "GET", "/api/v1/audit?"+query, "").want(422)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(h.as("chief", "GET", "/api/v1/audit.csv?object=s000&lang=ru", "").want(200).Body.String(), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 3 || rows[0][2] != "Кто" || rows[1][2] != "chief" || rows[2][4] != "s000" {
			t.Errorf("the table: %v, %v", rows, err)
		}
		if got := h.last(); got != "chief audit_exported" {
			t.Errorf("handing out the log leaves %q", got)
		}
	})
}

// changes returns an act's differences as FIELD: BEFORE > AFTER.
func (h *house) changes(object string) (out []string) {
	h.t.Helper()
	n := h.as("chief", "GET", "/api/v1/audit?object="+object, "").want(200).field("items", 0, "number").(float64)
	for _, c := range list(h.as("chief", "GET", fmt.Sprintf("/api/v1/audit/%.0f", n), "").want(200).field("changes")) {
		c := c.(map[string]any)
		text := func(name string) string {
			s, _ := c[name].(string)
			return s
		}
		line := fmt.Sprintf("%s: %s > %s", c["field"], text("before"), text("after"))
		if c["hidden"] == true {
			line = fmt.Sprintf("%s: hidden", c["field"])
		}
		out = append(out, line)
	}
	return out
}

// proves G43: what an act changed is shown field by field, and no secret.
func TestG43_WhatAnActChanged(t *testing.T) {
	inHouse(t, func(h *house) {
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "chief", Login: "chief", Roles: directory.Roles[:]}})
		settle()
		put := func(path, body string) {
			h.as("chief", "PUT", "/api/v1/"+path, body, "If-Match", h.as("chief", "GET", "/api/v1/"+path, "").Header().Get("ETag")).want(200)
		}
		h.as("chief", "PUT", "/api/v1/settings/shop", `{"policy":{"silence":{"remind_text":"Hm?"}},"affinity":false}`).want(200)
		put("settings/shop", `{"policy":{"silence":{"remind_text":"Well?"}},"connection_grace":"10s"}`)
		h.as("chief", "PUT", "/api/v1/accounts/bot", `{"kind":"telegram","center_id":"shop","secrets":{"token":"hush"}}`).want(200)
		put("accounts/bot", `{"kind":"telegram","center_id":"shop","secrets":{"token":"hush hush"}}`)
		put("users/oleg", `{"login":"oleg","first_name":"Oleg","roles":["view_kb","view_stat"],"center_ids":["shop"],"line_ids":["help"],"capacity":2}`)
		h.writes("site", "anna", "hello")
		id := customerID("site", "anna")
		h.as("boss", "PATCH", "/api/v1/customers/"+id, `{"fields":{"lname":"Smirnova"},"revision":1}`).want(200)
		for object, want := range map[string][]string{
			"shop": {"policy.silence.remind_text: Hm? > Well?", "affinity: false > ", "connection_grace:  > 10s"},
			"bot":  {"secrets: hidden"},
			"oleg": {`roles: ["login"] > ["view_kb","view_stat"]`, "capacity: 1 > 2"},
			id:     {"lname: hidden"},
		} {
			if got := h.changes(object); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", object, got, want)
			}
		}
		h.as("chief", "DELETE", "/api/v1/users/oleg", "").want(204)
		if got := h.changes("oleg"); !slices.Contains(got, "login: oleg > ") {
			t.Errorf("taken out: %q", got)
		}
		all := h.as("chief", "GET", "/api/v1/audit?limit=500", "").want(200).Body.String()
		for _, word := range []string{"hush", "Smirnova", "anna", "hello"} {
			if strings.Contains(all, word) {
				t.Errorf("the log has %q", word)
			}
		}
		for _, number := range []string{"0", "x", "99999", "-1"} {
			h.as("chief", "GET", "/api/v1/audit/"+number, "").want(404)
		}
	})
}

// proves G43, G42: who may administer some centers alone sees the acts of those who
// have bounds within them, and no others.
func TestG43_TheLogHasBounds(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "PUT", "/api/v1/skills/ours", `{"name":"A"}`).want(200)
		h.as("rival", "PUT", "/api/v1/skills/theirs", `{"name":"A"}`).want(200)
		whose := map[string]bool{}
		for _, item := range list(h.as("boss", "GET", "/api/v1/audit?limit=500", "").want(200).field("items")) {
			whose[item.(map[string]any)["by"].(string)] = true
		}
		if len(whose) != 1 || !whose["boss"] {
			t.Errorf("boss sees acts of %v", whose)
		}
		var theirs uint64
		for n := range h.acts() {
			if n.By == "rival" {
				theirs = n.Number
			}
		}
		h.as("boss", "GET", fmt.Sprint("/api/v1/audit/", theirs), "").want(404)
		h.as("rival", "GET", fmt.Sprint("/api/v1/audit/", theirs), "").want(200)
		h.as("oleg", "GET", "/api/v1/audit", "").want(403)
	})
}

// proves G43: what can't be noted is not done: nothing is handed out, and nobody is
// signed in.
func TestG43_NothingHappensUnnoted(t *testing.T) {
	inHouse(t, func(h *house) {
		w := httptest.NewRecorder()
		noted, err := rest.Noted(w, func() error { return system.ErrStopped }, func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusOK)
			fmt.Fprint(w, "all that was said")
		})
		if !noted || err == nil || w.Body.Len() > 0 {
			t.Errorf("tried %v, %v, and handed out %q", noted, err, w.Body)
		}
		w = httptest.NewRecorder()
		noted, err = rest.Noted(w, func() error { return nil }, func(w http.ResponseWriter) { http.Error(w, "no", http.StatusForbidden) })
		if noted || err != nil || w.Code != http.StatusForbidden {
			t.Errorf("a refusal was noted: %v, %v, %d", noted, err, w.Code)
		}
	})
}
