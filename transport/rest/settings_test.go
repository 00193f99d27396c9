package rest_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
)

var update = flag.Bool("update", false, "write the form that the page of settings is tested with")

// formFile is what the page of settings is tested with.
const formFile = "../../ui/src/sync/testdata/settings.json"

// proves US-05: the page of settings is tested with every setting that the server
// has. After a change of the registry its file is written anew by -update.
func TestUS05_FormAsThePageKnowsIt(t *testing.T) {
	inHouse(t, func(h *house) {
		var b bytes.Buffer
		if err := json.Indent(&b, h.as("boss", "GET", "/api/v1/settings/default/form", "").want(200).Body.Bytes(), "", " "); err != nil {
			t.Fatal(err)
		}
		b.WriteByte('\n')
		if *update {
			if err := os.WriteFile(formFile, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(formFile)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("the page is tested with other settings than there are; run with -update and look at the change:\n%s", b.Bytes())
		}
	})
}

// setting finds one setting of a form.
func (a answer) setting(id string) map[string]any {
	a.t.Helper()
	for _, s := range a.field("settings").([]any) {
		if s := s.(map[string]any); s["id"] == id {
			return s
		}
	}
	a.t.Fatalf("there is no setting %s: %s", id, a.Body)
	return nil
}

// patched changes settings of a place as they are now.
func (h *house) patched(place, body string, status int) answer {
	h.t.Helper()
	tag := h.as("boss", "GET", "/api/v1/settings/"+place+"/form", "").want(200).Header().Get("ETag")
	return h.as("boss", "PATCH", "/api/v1/settings/"+place, body, "If-Match", tag).want(status)
}

// proves US-05: a form tells of every setting what holds, whose word that is and
// what would hold without it; one setting is changed and given back without
// touching the others.
func TestUS05_FormOfSettings(t *testing.T) {
	inHouse(t, func(h *house) {
		form := func(place, id, want string) {
			t.Helper()
			s := h.as("boss", "GET", "/api/v1/settings/"+place+"/form", "").want(200).setting(id)
			if got := fmt.Sprint(s["value"], " ", s["from"], " ", s["own"], " ", s["above"], " ", s["default"], " ", s["except"]); got != want {
				t.Errorf("%s of %s: %s, want %s", id, place, got, want)
			}
		}
		form("shop", "connection_grace", "60s default false 60s 60s <nil>")
		h.patched("default", `{"set":{"connection_grace":"40s","policy.join_text":"Hello"}}`, 200)
		form("default", "connection_grace", "40s organisation true 60s 60s <nil>")
		form("shop", "connection_grace", "40s organisation false 40s 60s <nil>")
		h.patched("shop", `{"set":{"connection_grace":"20s","auto_capital":true}}`, 200)
		form("shop", "connection_grace", "20s center true 40s 60s <nil>")
		form("default", "connection_grace", "40s organisation true 60s 60s [shop]")
		form("shop", "policy.join_text", "Hello organisation false Hello <nil> <nil>")
		h.patched("shop", `{"unset":["connection_grace"]}`, 200)
		form("shop", "connection_grace", "40s organisation false 40s 60s <nil>")
		form("shop", "auto_capital", "true center true false false <nil>")
		form("shop", "retention_days", "0 default false 0 0 <nil>")

		// What is taken whole begins as it holds, and goes whole.
		h.patched("shop", `{"set":{"policy.silence.close_after":"0s"}}`, 200)
		form("shop", "policy.silence.remind_after", "600s center true 600s 600s <nil>")
		form("shop", "policy.silence.close_after", "<nil> center true 1800s 1800s <nil>")
		h.patched("shop", `{"unset":["policy.silence.remind_after"]}`, 200)
		form("shop", "policy.silence.close_after", "1800s default false 1800s 1800s <nil>")
	})
}

// proves US-05 and US-08: what does not fit is refused under the name of its
// setting, and nobody changes what they have not seen.
func TestUS05_SettingsRefused(t *testing.T) {
	inHouse(t, func(h *house) {
		for body, field := range map[string]string{
			`{"set":{"connection_grace":"3601s"}}`:               "connection_grace",
			`{"set":{"connection_grace":-1}}`:                    "connection_grace",
			`{"set":{"spell_check":"yes"}}`:                      "spell_check",
			`{"set":{"policy.silence.close":"60s"}}`:             "policy.silence.close",
			`{"set":{"center_id":"bank"}}`:                       "center_id",
			`{"unset":["nothing"]}`:                              "nothing",
			`{"set":{"policy.agents":["gone"]}}`:                 "policy.agents",
			`{"set":{"timer.marks":[{"seconds":5,"tone":"x"}]}}`: "timer.marks",
			`{"set":{"train_at":"04:00"}}`:                       "train_at",
			`{"put":{}}`:                                         "put",
		} {
			if got := h.patched("shop", body, 422).field("field"); got != field {
				t.Errorf("%s: refused for %v, want %s", body, got, field)
			}
		}
		h.patched("shop", `{"set":{"auto_capital":true}}`, 200)
		h.as("boss", "PATCH", "/api/v1/settings/shop", `{"set":{"auto_capital":false}}`).want(428)
		h.as("boss", "PATCH", "/api/v1/settings/shop", `{"set":{"auto_capital":false},"revision":1}`).want(409)
		h.as("boss", "PATCH", "/api/v1/settings/nowhere", `{}`).want(404)
		h.as("oleg", "GET", "/api/v1/settings/shop/form", "").want(403)
		h.as("oleg", "GET", "/api/v1/settings/shop/changes", "").want(403)
		h.as("oleg", "PATCH", "/api/v1/settings/shop", `{}`).want(403)
		h.as("oleg", "POST", "/api/v1/settings/shop/changes/1/undo", `{"revision":1}`).want(403)
	})
}

// proves US-08: a change holds without a restart: the grace time of an operator
// who loses the connection holds at once, also for the conversation that is open;
// the time for an answer is that with which a conversation began, and the next
// begins with the new one.
func TestUS08_ChangesHoldAtOnce(t *testing.T) {
	inHouse(t, func(h *house) {
		h.online("oleg")
		first := h.writes("site", "anna", "hello")
		h.patched("shop", `{"set":{"connection_grace":"5s","policy.response_timeout":"120s"}}`, 200)
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "mila", Login: "mila", LineIds: []string{"help"}, Capacity: 1}})
		h.online("mila")
		second := h.writes("site", "boris", "hello")
		phases := func(when, want string) {
			t.Helper()
			one := func(id string) any {
				return h.as("boss", "GET", "/api/v1/conversations/"+id, "").want(200).field("phase")
			}
			if got := fmt.Sprint(one(first), " ", one(second)); got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		}
		phases("at first", "served served")
		<-time.After(121 * time.Second) // of the bubble
		settle()
		phases("after two minutes without an answer", "served waiting")
		h.ask(event.OperatorStream+"oleg", operator.Disconnect{Grace: h.system.GraceOf("oleg")})
		<-time.After(6 * time.Second) // of the bubble
		settle()
		phases("six seconds without a connection", "waiting waiting")
	})
}

// proves US-08: every change is told with its author, its time and what it
// changed, the latest first, on pages; one change is taken back without those
// made since, and not when what it brings back is gone.
func TestUS08_HistoryOfSettings(t *testing.T) {
	inHouse(t, func(h *house) {
		const changes = "/api/v1/settings/shop/changes"
		h.patched("shop", `{"set":{"connection_grace":"5s","policy.hold.patterns":["One moment"]}}`, 200)
		h.as("boss", "PUT", "/api/v1/agents/bot", `{"kind":"bot"}`).want(200)
		h.patched("default", `{"set":{"auto_capital":true}}`, 200)
		h.patched("shop", `{"set":{"policy.agents":["bot"]}}`, 200)
		h.patched("shop", `{"set":{"connection_grace":"9s"}}`, 200)
		h.patched("shop", `{"unset":["policy.agents"],"set":{"spell_check":false}}`, 200)

		all := h.as("boss", "GET", changes, "").want(200)
		told := func(i int) string {
			b, err := json.Marshal(all.field("items", i, "differences"))
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		for i, want := range []string{
			`[{"after":false,"before":null,"id":"spell_check"},{"after":null,"before":["bot"],"id":"policy.agents"}]`,
			`[{"after":"9s","before":"5s","id":"connection_grace"}]`,
			`[{"after":["bot"],"before":null,"id":"policy.agents"}]`,
			`[{"after":"5s","before":null,"id":"connection_grace"},{"after":["One moment"],"before":null,"id":"policy.hold.patterns"}]`,
		} {
			if got := told(i); got != want {
				t.Errorf("change %d: %s, want %s", i, got, want)
			}
		}
		if n := len(all.field("items").([]any)); n != 4 || all.field("next") != 0.0 || all.field("items", 0, "by") != "boss" || all.field("items", 0, "name") != "boss" {
			t.Errorf("%d changes: %s", n, all.Body)
		}
		page := h.as("boss", "GET", changes+"?limit=3", "").want(200)
		rest := h.as("boss", "GET", fmt.Sprintf("%s?limit=3&before=%v", changes, page.field("next")), "").want(200)
		if len(page.field("items").([]any)) != 3 || fmt.Sprint(rest.field("items", 0)) != fmt.Sprint(all.field("items", 3)) {
			t.Errorf("pages: %s and %s", page.Body, rest.Body)
		}
		undo := func(i, status int) answer {
			t.Helper()
			tag := h.as("boss", "GET", "/api/v1/settings/shop/form", "").want(200).Header().Get("ETag")
			return h.as("boss", "POST", fmt.Sprintf("%s/%v/undo", changes, all.field("items", i, "revision")), `{"revision":`+tag[1:len(tag)-1]+`}`).want(status)
		}
		back := undo(3, 200) // the first: the later change of grace goes with it, the rest stays
		if got := back.setting("connection_grace"); got["own"] != false || back.setting("spell_check")["value"] != false || back.setting("policy.hold.patterns")["value"] != nil {
			t.Errorf("undone: %s", back.Body)
		}
		undo(3, 409)
		h.as("boss", "DELETE", "/api/v1/agents/bot", "").want(204)
		if got := undo(0, 422); got.field("field") != "policy.agents" || got.field("detail") != `there is no agent "bot"` {
			t.Errorf("the agent is gone: %s", got.Body)
		}
		h.as("boss", "POST", changes+"/1/undo", `{"revision":1}`).want(404)

		// A center that comes anew begins a history of its own.
		h.as("boss", "PUT", "/api/v1/centers/club", `{}`).want(200)
		h.patched("club", `{"set":{"spell_check":false}}`, 200)
		h.as("boss", "DELETE", "/api/v1/centers/club", "").want(204)
		h.as("boss", "GET", "/api/v1/settings/club/changes", "").want(404)
		h.as("boss", "PUT", "/api/v1/centers/club", `{}`).want(200)
		h.patched("club", `{"set":{"spell_check":true}}`, 200)
		club := h.as("boss", "GET", "/api/v1/settings/club/changes", "").want(200)
		if got := club.field("items", 0, "differences", 0, "before"); got != nil {
			t.Errorf("before the first change of a new center there was %v", got)
		}
	})
}
