package rest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/rest"
)

// proves MN-01: what is out of the routing settings is not there, by whatever
// way it is asked for.
func TestMN01_OtherScopesAreNotThere(t *testing.T) {
	inHouse(t, func(h *house) {
		h.online("oleg")
		h.online("lena")
		ours, theirs := h.writes("site", "anna", "hello"), h.writes("safe", "boris", "good day")
		h.errors.items["e1"] = rest.Failed{ErrorID: "e1", AccountID: "safe"}
		h.errors.items["e2"] = rest.Failed{ErrorID: "e2", AccountID: "site"}
		them := "/api/v1/customers/" + customerID("safe", "boris")
		us := "/api/v1/customers/" + customerID("site", "anna")
		for _, tt := range []struct {
			method, path, body string
			want               int
		}{
			{"GET", "/api/v1/conversations/" + theirs, "", 404},
			{"GET", "/api/v1/conversations/" + theirs + "/events", "", 404},
			{"GET", "/api/v1/conversations/" + theirs + "/verdicts", "", 404},
			{"POST", "/api/v1/conversations/" + theirs + "/assign", `{"operator_id":"oleg"}`, 404},
			{"POST", "/api/v1/conversations/" + ours + "/assign", `{"operator_id":"lena"}`, 422},
			{"POST", "/api/v1/conversations/" + theirs + "/take", "", 404},
			{"POST", "/api/v1/conversations/" + theirs + "/return", "", 404},
			{"PUT", "/api/v1/conversations/" + theirs + "/priority", `{"priority":1}`, 404},
			{"POST", "/api/v1/operators/lena/offline", "", 404},
			{"GET", them, "", 404},
			{"PATCH", them, `{"fields":{"lname":"X"}}`, 404},
			{"POST", them + "/addresses", `{"account_id":"site","address":"x"}`, 404},
			{"POST", us + "/addresses", `{"account_id":"safe","address":"x"}`, 422},
			{"POST", them + "/links", `{"account_id":"site"}`, 404},
			{"POST", us + "/links", `{"account_id":"safe"}`, 422},
			{"POST", them + "/merge", `{"from":"` + customerID("site", "anna") + `"}`, 404},
			{"POST", us + "/merge", `{"from":"` + customerID("safe", "boris") + `"}`, 422},
			{"POST", "/api/v1/files?conversation=" + theirs, "x", 404},
			{"GET", "/api/v1/files/" + customerID("safe", "boris") + "/00", "", 404},
			{"POST", "/api/v1/errors/e1/retry", "", 404},
			{"DELETE", "/api/v1/errors/e1", "", 404},
			{"GET", "/api/v1/conversations/" + ours, "", 200},
		} {
			if got := h.as("boss", tt.method, tt.path, tt.body); got.Code != tt.want {
				t.Errorf("%s %s: %d, want %d: %s", tt.method, tt.path, got.Code, tt.want, got.Body)
			}
		}
		now := h.as("boss", "GET", "/api/v1/monitoring", "").want(200).Body.String()
		for _, foreign := range []string{"lena", "loans", theirs, "boris"} {
			if strings.Contains(now, foreign) {
				t.Errorf("monitoring shows %s: %s", foreign, now)
			}
		}
		if len(h.errors.did) > 0 {
			t.Errorf("error queue: %v", h.errors.did)
		}
	})
}

// An operator sees the conversation that the operator keeps, whatever the
// routing settings say by now.
func TestKeeperSeesTheConversation(t *testing.T) {
	inHouse(t, func(h *house) {
		h.online("oleg")
		id := h.writes("site", "anna", "hello")
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "oleg", Login: "oleg",
			CenterIds: []string{"shop"}, LineIds: []string{"help"}, Languages: []string{}, Roles: []string{directory.ViewClient}}})
		settle()
		h.as("oleg", "GET", "/api/v1/conversations/"+id, "").want(200)
	})
}

// proves MN-01..04, MN-06: who is on reception, since when, with whom; who
// waits; and that a supervisor takes an operator off.
func TestMN02_Monitoring(t *testing.T) {
	inHouse(t, func(h *house) {
		h.online("oleg")
		began := time.Now()
		held := h.writes("site", "anna", "hello")
		waits := h.writes("site", "boris", "good day")
		time.Sleep(time.Minute) // of the bubble
		now := h.as("boss", "GET", "/api/v1/monitoring", "").want(200)
		for _, tt := range []struct {
			path []any
			want any
		}{
			{[]any{"counters", "waiting"}, 1.0}, {[]any{"counters", "operators_online"}, 1.0},
			{[]any{"operators", 0, "presence"}, "ONLINE"}, {[]any{"operators", 0, "capacity"}, 1.0},
			{[]any{"operators", 0, "held", 0, "conversation_id"}, held}, {[]any{"operators", 0, "held", 0, "customer_name"}, "anna"},
			{[]any{"queues", 0, "waiting", 0, "conversation_id"}, waits}, {[]any{"queues", 0, "waiting", 0, "customer_name"}, "boris"},
		} {
			if got := now.field(tt.path...); got != tt.want {
				t.Errorf("%v = %v, want %v", tt.path, got, tt.want)
			}
		}
		since, err := time.Parse(time.RFC3339Nano, now.field("queues", 0, "waiting", 0, "since").(string))
		if late := since.Sub(began); err != nil || late < 0 || late > time.Second {
			t.Errorf("waits since %v after it wrote, %v", late, err)
		}
		h.as("boss", "POST", "/api/v1/operators/oleg/offline", "").want(204)
		now = h.as("boss", "GET", "/api/v1/monitoring", "").want(200)
		if n := now.field("counters", "waiting"); n != 2.0 {
			t.Errorf("%v wait after the operator was taken off, want 2", n)
		}
		if p := now.field("operators", 0, "presence"); p != "OFFLINE" {
			t.Errorf("presence = %v", p)
		}
	})
}

// proves RT-08, G20: why it waits, why not that operator, and why it went where
// it went at last; over the capacity only by a supervisor's recorded will.
func TestRT08_WhyThisOperator(t *testing.T) {
	inHouse(t, func(h *house) {
		h.online("oleg")
		first, second := h.writes("site", "anna", "hello"), h.writes("site", "boris", "good day")
		got := h.as("boss", "GET", "/api/v1/conversations/"+first+"/verdicts?operator=oleg", "").want(200)
		if got.field("items", 0, "verdict", "operator_id") != "oleg" || !strings.HasPrefix(got.field("why").(string), "chosen") {
			t.Errorf("of the served one: %s", got.Body)
		}
		got = h.as("boss", "GET", "/api/v1/conversations/"+second+"/verdicts?operator=oleg", "").want(200)
		if got.field("why") != "full" || got.field("now", "rule") != "none" || got.field("now", "excluded", 0, "rule") != "full" ||
			got.field("now", "excluded", 0, "operator_ids", 0) != "oleg" || got.field("names", "oleg") == nil {
			t.Errorf("of the waiting one: %s", got.Body)
		}
		h.as("boss", "POST", "/api/v1/conversations/"+second+"/assign", `{"operator_id":"oleg"}`).want(204)
		got = h.as("boss", "GET", "/api/v1/conversations/"+second+"/verdicts", "").want(200)
		if got.field("items", 0, "forced") != true {
			t.Errorf("of the forced one: %s", got.Body)
		}
		h.as("boss", "POST", "/api/v1/conversations/"+second+"/assign", `{"operator_id":"oleg"}`).want(204)
		if n := len(h.as("boss", "GET", "/api/v1/conversations/"+second+"/verdicts", "").field("items").([]any)); n != 1 {
			t.Errorf("assigned %d times", n)
		}
	})
}

// proves CV-05, CV-06, CV-07: a conversation is read off its events: sessions of
// processing with begin, end and handler, what was said and what became of it.
func TestCV07_ConversationIsReadOffItsEvents(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.writes("site", "anna", "hello")
		time.Sleep(time.Minute) // of the bubble
		h.online("oleg")
		stream := event.ConversationStream + id
		h.ask(stream, conversation.Reply{Operator: "oleg", ID: "r1", Content: &event.Content{Text: "Good day."}})
		h.ask(stream, conversation.Delivered{Message: "r1", ExternalID: "x", Arrived: true})
		h.ask(stream, conversation.Note{Operator: "oleg", ID: "n1", Text: "an old friend"})
		h.ask(stream, conversation.Close{Operator: "oleg", Topic: "parcel"})
		h.ask(stream, conversation.Rate{Rating: 5, Comment: "quick"})
		got := h.as("boss", "GET", "/api/v1/conversations/"+id, "").want(200)
		for _, tt := range []struct {
			path []any
			want any
		}{
			{[]any{"phase"}, "closed"}, {[]any{"customer_name"}, "anna"},
			{[]any{"sessions", 0, "handler"}, "queue"}, {[]any{"sessions", 0, "handler_id"}, "help"},
			{[]any{"sessions", 1, "handler"}, "operator"}, {[]any{"sessions", 1, "handler_id"}, "oleg"},
			{[]any{"sessions", 0, "end"}, got.field("sessions", 1, "begin")}, {[]any{"sessions", 1, "end"}, got.field("closed_at")},
			{[]any{"messages", 0, "from"}, "customer"}, {[]any{"messages", 1, "state"}, "arrived"},
			{[]any{"messages", 1, "content", "text"}, "Good day."}, {[]any{"messages", 2, "from"}, "note"},
			{[]any{"disposition", "topic_id"}, "parcel"}, {[]any{"disposition", "rating"}, 5.0}, {[]any{"disposition", "closed_by"}, "oleg"},
		} {
			if v := got.field(tt.path...); v != tt.want {
				t.Errorf("%v = %v, want %v", tt.path, v, tt.want)
			}
		}
		at := func(path ...any) time.Time {
			at, err := time.Parse(time.RFC3339Nano, got.field(path...).(string))
			if err != nil {
				t.Fatal(err)
			}
			return at.Truncate(time.Millisecond)
		}
		for name, want := range map[string]time.Duration{
			"wait_seconds": at("sessions", 0, "end").Sub(at("sessions", 0, "begin")), "close_seconds": at("closed_at").Sub(at("opened_at")),
			"first_response_seconds": at("messages", 1, "at").Sub(at("messages", 0, "at")),
		} {
			if v := got.field("timings", name).(float64); v != want.Seconds() || v < 60 {
				t.Errorf("%s = %v, want %v", name, v, want.Seconds())
			}
		}
		all := h.as("boss", "GET", "/api/v1/conversations/"+id+"/events", "").want(200).field("items").([]any)
		rest := h.as("boss", "GET", "/api/v1/conversations/"+id+"/events?after=2", "").want(200).field("items").([]any)
		if len(all) != len(h.events(stream)) || len(rest) != len(all)-2 {
			t.Errorf("%d events, %d after the second, of %d", len(all), len(rest), len(h.events(stream)))
		}
		h.as("boss", "GET", "/api/v1/conversations/"+id+"/events?after=x", "").want(422)
	})
}

// proves CT-03: two who edit one form don't overwrite each other.
func TestCT03_TwoEditOneForm(t *testing.T) {
	inHouse(t, func(h *house) {
		h.writes("site", "anna", "hello")
		one := "/api/v1/customers/" + customerID("site", "anna")
		seen := h.as("boss", "GET", one, "").want(200).field("revision").(float64)
		if seen != 1 {
			t.Fatalf("revision = %v", seen)
		}
		h.as("boss", "PATCH", one, `{"fields":{"lname":"Smirnova"},"revision":1}`).want(200)
		h.as("boss", "PATCH", one, `{"fields":{"lname":"Ivanova"},"revision":1}`).want(409)
		by := h.as("boss", "GET", one, "").want(200).field("changed_by").(map[string]any)
		if by["lname"] != "boss" || by["fname"] != "" {
			t.Errorf("changed_by is %v", by)
		}
		h.as("boss", "PATCH", one, `{"fields":{"lname":"Ivanova"}}`, "If-Match", `"1"`).want(409)
		h.as("boss", "PATCH", one, `{"fields":{"phone":"+79990000000"},"revision":1}`).want(200)
		got := h.as("boss", "GET", one, "").field("fields").(map[string]any)
		if got["lname"] != "Smirnova" || got["phone"] != "+79990000000" {
			t.Errorf("fields = %v", got)
		}
	})
}

// proves US-08: a directory entry is replaced only by who has seen it.
func TestUS08_EntriesAreNotOverwritten(t *testing.T) {
	inHouse(t, func(h *house) {
		put := func(user, body, match string) answer {
			return h.as(user, "PUT", "/api/v1/skills/refund", body, "If-Match", match)
		}
		tag := put("boss", `{"name":"Refunds"}`, "").want(200).Header().Get("ETag")
		put("rival", `{"name":"Refunds"}`, "").want(200)
		put("rival", `{"name":"Money"}`, "").want(428)
		put("rival", `{"name":"Money"}`, tag).want(200)
		put("boss", `{"name":"Cash"}`, tag).want(409)
		put("boss", `{"name":"Cash","revision":1}`, tag).want(422)
		put("boss", `{"name":"Cash"}`, "new").want(422)
		e := h.system.Directory.State().Skills["refund"]
		if e.Value.Name != "Money" || e.By != "rival" {
			t.Errorf("%s by %s", e.Value.Name, e.By)
		}
		h.as("boss", "PUT", "/api/v1/lines/vip", `{"name":"VIP","center_id":"nowhere"}`).want(422)
		h.as("boss", "DELETE", "/api/v1/lines/help", "").want(409)
	})
}

// proves CH-13, CH-15: the key of an api account is told once, two work while
// one is replaced, and other secrets survive what is put without them.
func TestCH13_KeysOfAnAccount(t *testing.T) {
	inHouse(t, func(h *house) {
		const one = "/api/v1/accounts/partner"
		made := h.as("boss", "PUT", one, `{"kind":"api","center_id":"shop","settings":{"webhook_url":"https://partner.example/in"}}`).want(200)
		keys := []string{made.field("key").(string)}
		if !strings.HasPrefix(made.field("signing").(string), "whsec_") {
			t.Errorf("signing = %v", made.field("signing"))
		}
		again := h.as("boss", "PUT", one, `{"kind":"api","name":"Partner","center_id":"shop"}`, "If-Match", made.Header().Get("ETag")).want(200)
		if again.field("key") != nil || again.field("has_secrets") != true {
			t.Errorf("put again: %s", again.Body)
		}
		for range 2 {
			keys = append(keys, h.as("boss", "POST", one+"/key", "").want(200).field("key").(string))
		}
		s := h.secrets("partner")
		for i, want := range []bool{false, true, true} {
			if got := s.Allows(keys[i]); got != want {
				t.Errorf("key %d is good: %v, want %v", i, got, want)
			}
		}
		if s.Allows("") || !strings.Contains(string(s.Channel), made.field("signing").(string)) {
			t.Errorf("an empty key, or the signing secret is lost")
		}
		h.as("boss", "POST", "/api/v1/accounts/site/key", "").want(409)
		h.as("boss", "POST", "/api/v1/accounts/ghost/key", "").want(404)
	})
}

// proves BT-07, G44: what an agent's requests are signed with is told once, a
// token is never shown, outlives a change, and goes to no other host than it
// was entered for.
func TestBT07_SecretsOfAnAgent(t *testing.T) {
	inHouse(t, func(h *house) {
		made := h.as("boss", "PUT", "/api/v1/agents/weather", `{"kind":"external","external":{"url":"https://weather.example/turn"}}`).want(200)
		if told := made.field("signing"); !slices.Equal(h.agentSecrets("weather").Signing, []string{told.(string)}) {
			t.Errorf("told %v, kept %v", told, h.agentSecrets("weather").Signing)
		}
		again := h.as("boss", "PUT", "/api/v1/agents/weather", `{"kind":"external","name":"Weather","external":{"url":"https://weather.example/v2"}}`,
			"If-Match", made.Header().Get("ETag")).want(200)
		if again.field("signing") != nil || again.field("has_secrets") != true || len(h.agentSecrets("weather").Signing) != 1 {
			t.Errorf("put again: %s", again.Body)
		}
		model := func(url, secrets, tag string) answer {
			return h.as("boss", "PUT", "/api/v1/agents/sage", `{"kind":"model","external":{"url":"`+url+`","model":"small"}`+secrets+`}`, "If-Match", tag)
		}
		tag := h.as("boss", "PUT", "/api/v1/agents/sage", `{"kind":"model","external":{"url":"https://models.example/v1","model":"small"},"secrets":{"bearer":"hush-hush"}}`).want(200).
			Header().Get("ETag")
		tag = model("https://models.example/v2", "", tag).want(200).Header().Get("ETag")
		if got := h.agentSecrets("sage").Bearer; got != "hush-hush" {
			t.Errorf("the token is %q after a change on its host", got)
		}
		if body := h.as("boss", "GET", "/api/v1/agents", "").want(200).Body.String(); strings.Contains(body, "hush") || strings.Contains(body, "whsec_") {
			t.Errorf("shown: %s", body)
		}
		for _, secrets := range []string{`{"password":"x"}`, `{"signing":["short"]}`, `{"signing":"whsec_"}`, `{"bearer":"a\nb"}`} {
			model("https://models.example/v2", `,"secrets":`+secrets, tag).want(422)
		}
		model("https://elsewhere.example/v2", "", tag).want(200)
		if got := h.agentSecrets("sage").Bearer; got != "" {
			t.Errorf("another host is shown the token %q", got)
		}
		h.as("boss", "PUT", "/api/v1/calendars/office", `{"time_zone":"Europe/Nowhere"}`).want(422)
	})
}

// proves BT-02, CV-07: who knows nothing of calendars and chains, and says
// nothing of them, leaves them as they are.
func TestBT02_LeftOutStays(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "PUT", "/api/v1/calendars/office", `{"week":[{"weekday":1,"from":540,"to":1080}]}`).want(200)
		h.as("boss", "PUT", "/api/v1/agents/bot", `{"kind":"bot"}`).want(200)
		for _, tt := range []struct{ path, with, without, none, field, kept, gone string }{
			{"/api/v1/centers/club", `{"calendar_id":"office"}`, `{"name":"Club"}`, `{"calendar_id":""}`, "calendar_id", "office", ""},
			{"/api/v1/lines/vip", `{"center_id":"shop","calendar_id":"office"}`, `{"center_id":"shop","name":"VIP"}`, `{"center_id":"shop","calendar_id":""}`, "calendar_id", "office", ""},
			{"/api/v1/accounts/tg", `{"kind":"telegram","center_id":"shop","own_agents":true,"agents":["bot"]}`, `{"kind":"telegram","center_id":"shop","name":"T"}`,
				`{"kind":"telegram","center_id":"shop","own_agents":false}`, "agents", "[bot]", "[]"},
		} {
			tag := h.as("boss", "PUT", tt.path, tt.with).want(200).Header().Get("ETag")
			again := h.as("boss", "PUT", tt.path, tt.without, "If-Match", tag).want(200)
			if got := fmt.Sprint(again.field(tt.field)); got != tt.kept {
				t.Errorf("%s: %s = %s, want %s", tt.path, tt.field, got, tt.kept)
			}
			last := h.as("boss", "PUT", tt.path, tt.none, "If-Match", again.Header().Get("ETag")).want(200)
			if got := fmt.Sprint(last.field(tt.field)); got != tt.gone {
				t.Errorf("%s: %s = %s in the end, want %q", tt.path, tt.field, got, tt.gone)
			}
		}
	})
}

func (h *house) agentSecrets(agent string) rest.AgentSecrets {
	h.t.Helper()
	s, err := rest.OpenAgentSecrets(h.vault, h.system.Directory.State().Agent(agent))
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

func (h *house) secrets(account string) rest.Secrets {
	h.t.Helper()
	s, err := rest.OpenSecrets(h.vault, h.system.Directory.State().Account(account))
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// proves G55: ready means that a write can be committed, that there is room and
// that the server stays; alive stays true meanwhile.
func TestG55_ReadyIsTrue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping := false
		h := openHouse(t, func(c *rest.Config) { c.Stopping = func() bool { return stopping } })
		defer h.close()
		for _, tt := range []struct {
			name  string
			state func()
			want  int
		}{
			{"well", func() {}, 200},
			{"no writes", func() { h.keeper.err = errors.New("read-only file system") }, 503},
			{"full", func() { h.keeper.free = 1 << 20 }, 503},
			{"slow", func() { h.keeper.slow = true }, 503},
			{"stopping", func() { stopping = true }, 503},
		} {
			*h.keeper = fakeKeeper{free: 1 << 40, total: 1 << 41}
			tt.state()
			began := time.Now()
			if got := h.as("", "GET", "/readyz", ""); got.Code != tt.want {
				t.Errorf("%s: ready answers %d, want %d", tt.name, got.Code, tt.want)
			}
			if d := time.Since(began); d > 5*time.Second {
				t.Errorf("%s: the answer took %s", tt.name, d)
			}
			h.as("", "GET", "/healthz", "").want(200)
		}
	})
}

// proves OP-14: a file is for saving, in parts if asked; who may send pictures
// sends nothing else; pages are bytes.
func TestOP14_Files(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.writes("site", "anna", "hello")
		png := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 100)
		page := "<html><script>alert(1)</script></html>"
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: &event.User{UserId: "pics", Login: "pics",
			CenterIds: []string{"shop"}, Roles: []string{directory.SendPics}}})
		settle()
		up := "/api/v1/files?conversation=" + id + "&name=%D1%84%D0%BE%D1%82%D0%BE%22%0D%0A.png"
		h.as("pics", "POST", up, page).want(403)
		h.as("pics", "POST", up, png).want(200)
		h.as("boss", "POST", up, "").want(422)
		h.as("boss", "POST", up, strings.Repeat("x", 1<<20+1)).want(422)
		for _, tt := range []struct{ body, media string }{{png, "image/png"}, {page, "application/octet-stream"}} {
			file := h.as("boss", "POST", up, tt.body).want(200)
			down := "/api/v1/files/" + file.field("customer_id").(string) + "/" + file.field("blob").(string) + "?name=%D1%84%0D%0Ax.png"
			got := h.as("boss", "GET", down, "").want(200)
			if got.Body.String() != tt.body {
				t.Errorf("got %d bytes of %d", got.Body.Len(), len(tt.body))
			}
			for name, want := range map[string]string{"Content-Type": tt.media, "Content-Disposition": "attachment; filename*=utf-8''%D1%84x.png",
				"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'"} {
				if v := got.Header().Get(name); v != want {
					t.Errorf("%s: %q, want %q", name, v, want)
				}
			}
			part := h.as("boss", "GET", down, "", "Range", "bytes=1-3").want(206)
			if part.Body.String() != tt.body[1:4] {
				t.Errorf("bytes 1 to 3 are %q", part.Body)
			}
		}
		h.as("", "GET", "/api/v1/files/"+customerID("site", "anna")+"/00", "").want(401)
	})
}

// proves CT-07, OP-14: files of a customer who became part of another are the
// other's too.
func TestOP14_FilesAfterAMerge(t *testing.T) {
	inHouse(t, func(h *house) {
		anna, boris := h.writes("site", "anna", "hello"), customerID("site", "boris")
		h.writes("site", "boris", "hello")
		blob := h.as("boss", "POST", "/api/v1/files?conversation="+anna, "words").want(200).field("blob").(string)
		down := "/api/v1/files/" + boris + "/" + blob
		h.as("boss", "GET", down, "").want(404)
		h.as("boss", "POST", "/api/v1/customers/"+boris+"/merge", `{"from":"`+customerID("site", "anna")+`"}`).want(200)
		settle()
		if got := h.as("boss", "GET", down, "").want(200).Body.String(); got != "words" {
			t.Errorf("the file is %q", got)
		}
	})
}

// The page for a person speaks two languages, runs nothing and names nobody.
func TestStatusPage(t *testing.T) {
	inHouse(t, func(h *house) {
		for path, words := range map[string][]string{
			"/status":         {`<html lang="ru">`, "Принимает обращения", "1.2.3", `href="/status?lang=en"`},
			"/status?lang=en": {`<html lang="en">`, "Takes conversations", `href="/api/openapi.json"`},
			"/status?lang=<x": {`<html lang="ru">`},
		} {
			got := h.as("", "GET", path, "").want(200)
			for _, word := range words {
				if !strings.Contains(got.Body.String(), word) {
					t.Errorf("%s lacks %q", path, word)
				}
			}
			for _, word := range []string{"<script", "style=", "boss", "<x"} {
				if strings.Contains(got.Body.String(), word) {
					t.Errorf("%s has %q", path, word)
				}
			}
			if csp := got.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'; style-src 'self'") {
				t.Errorf("%s has the policy %q", path, csp)
			}
		}
		h.keeper.err = errors.New("broken")
		if body := h.as("", "GET", "/status", "").want(200).Body.String(); !strings.Contains(body, "Сейчас не принимает обращения") {
			t.Error("the page of a server that is not ready says that it is")
		}
	})
}

func TestMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, func(c *rest.Config) {
			c.Gauges = []rest.Gauge{{Name: "crafttalk_taken", Help: "Messages taken.", Read: func() float64 { return 42 }}}
		})
		defer h.close()
		got := h.as("", "GET", "/metrics", "").want(200).Body.String()
		for _, name := range []string{"process_cpu_seconds_total", "process_resident_memory_bytes", "go_goroutines", "crafttalk_taken 42"} {
			if !strings.Contains(got, "\n"+name) {
				t.Errorf("/metrics lacks %s", name)
			}
		}
	})
}

// The first administrator is made once, by who has the code, and may do all.
func TestSetup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, func(*rest.Config) {})
		defer h.close()
		setup := func(code, password string) answer {
			return h.as("", "POST", "/api/v1/setup", `{"code":"`+code+`","login":"first","password":"`+password+`"}`)
		}
		setup("wrong", "a first word").want(422)
		setup("1234-5678", "short").want(422)
		made := setup("1234-5678", "a first word").want(200)
		if n := len(made.field("user", "roles").([]any)); n != len(directory.Roles) {
			t.Errorf("the administrator has %d roles", n)
		}
		h.auth.code = "1234-5678"
		setup("1234-5678", "a second word").want(409)
		for _, e := range h.events(event.DirectoryStream) {
			if by := e.(interface{ GetBy() string }).GetBy(); by != "setup" {
				t.Errorf("%T is by %q", e, by)
			}
		}
	})
}
