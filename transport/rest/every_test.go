package rest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/rest"
)

// proves AP-06 and G43: every call of the description is made, every answer is
// as described, and every change that was made names its author.
func TestAP06_EveryCallAnswersAsDescribed(t *testing.T) {
	inHouse(t, func(h *house) {
		h.book = openBook(t, h.api)
		h.do(mustRequest("GET", "/api/openapi.json"))
		exerciseMachine(h)
		exerciseDirectory(h)
		exerciseChannels(h)
		exerciseWork(h)
		exerciseCustomers(h)
		exerciseOwn(h)
		exerciseKnowledge(h)
		exerciseSpelling(h)
		exerciseSessions(h)
		for _, call := range h.book.calls() {
			if !h.book.done[call] && call != "POST /api/v1/setup" {
				t.Errorf("%s was never made with success", call)
			}
		}
		checkAuthors(h)
	})
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, func(*rest.Config) {})
		defer h.close()
		h.book = openBook(t, h.api)
		exerciseSetup(h)
		if !h.book.done["POST /api/v1/setup"] {
			t.Error("POST /api/v1/setup was never made with success")
		}
	})
}

func mustRequest(method, path string) *http.Request {
	r, err := http.NewRequest(method, path, nil)
	if err != nil {
		panic(err)
	}
	return r
}

func exerciseMachine(h *house) {
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/status", "/status?lang=en", "/status/status.css"} {
		h.as("", "GET", path, "").want(200)
	}
}

// exerciseDirectory puts, reads, replaces and takes out one entry of each kind.
func exerciseDirectory(h *house) {
	for _, e := range []struct{ name, id, first, second string }{
		{"centers", "club", `{"name":"Club","time_zone":"Europe/Moscow"}`, `{"name":"The club"}`},
		{"lines", "vip", `{"name":"VIP","center_id":"shop"}`, `{"name":"For the best","center_id":"shop"}`},
		{"languages", "ru", `{"name":"Russian"}`, `{"name":"Русский"}`},
		{"skills", "refund", `{"name":"Refunds"}`, `{"name":"Money back"}`},
		{"topics", "parcel", `{"name":"Parcel"}`, `{"name":"Parcels","parent_id":""}`},
		{"templates", "hello", `{"title":"Hello","text":"Hello! How can I help?","line_id":"help","center_id":"shop"}`, `{"title":"Hello","text":"Good day!"}`},
		{"phrases", "moment", `{"text":"One moment, please."}`, `{"text":"Just a moment.","line_id":"help"}`},
		{"positions", "clerk", `{"name":"Clerk","roles":["view_kb"],"line_ids":["help"]}`, `{"name":"Clerk","roles":[]}`},
		{"settings", "shop", `{"policy":{"silence":{"remind_after":"60s","remind_text":"Hm?","messages":[{"after":"30s","text":"…"}]}},"affinity":false}`,
			`{"priority_worth":"300s","connection_grace":"10s"}`},
		{"settings", "default", `{"affinity":true}`, `{"affinity":false,"own_agents":true}`},
		{"settings", "bank", `{"timer":{"count":"down","minutes":5,"marks":[{"seconds":60,"tone":"warning"},{"tone":"danger"}]},"auto_capital":true,
			"form":{"fields":[{"name":"fname","label":"Name","kind":"text","required":true}]}}`,
			`{"notify_assign":false,"ask_dissatisfied":false,"integration":{"tabs":[{"tab_id":"crm","title":"CRM","url":"https://crm.example/?id={customer_id}"}]}}`},
		{"users", "mila", `{"login":"mila","password":"a long word","roles":["view_kb"],"line_ids":["help"],"capacity":2}`, `{"login":"mila","disabled":true}`},
		{"accounts", "bot", `{"kind":"telegram","name":"Bot","center_id":"shop","routing":{"line_id":"help","skills":[],"priority":1},"settings":{"a":1},"secrets":{"token":"hush"}}`,
			`{"kind":"telegram","center_id":"shop"}`},
		{"agents", "hello", `{"kind":"greeting","name":"Hello","article_id":"a1"}`, `{"kind":"hours","article_id":"a2","then":"queue"}`},
		{"agents", "answers", `{"kind":"bot","bot":{"precision":0.9,"misses":2}}`, `{"kind":"bot","disabled":true}`},
		{"agents", "weather", `{"kind":"external","external":{"url":"https://weather.example/turn","deadline":"5s"}}`,
			`{"kind":"external","external":{"url":"https://weather.example/turn","patience":"60s"}}`},
		{"calendars", "office", `{"name":"Office","time_zone":"Europe/Moscow","week":[{"weekday":1,"from":540,"to":1080}],"days":[{"date":"--05-09","name":"Victory Day"}]}`,
			`{"week":[{"weekday":5,"from":1320,"to":360}],"days":[{"date":"2026-12-31","hours":[{"from":540,"to":900}]}]}`},
	} {
		one := "/api/v1/" + e.name + "/" + e.id
		h.as("boss", "PUT", one, e.first).want(200)
		got := h.as("boss", "GET", one, "").want(200)
		h.as("boss", "PUT", one, e.second, "If-Match", got.Header().Get("ETag")).want(200)
		h.as("boss", "GET", "/api/v1/"+e.name, "").want(200)
		h.as("boss", "DELETE", one, "").want(204)
	}
	h.as("boss", "GET", "/api/v1/hours", "").want(200)
	h.as("boss", "PUT", "/api/v1/agents/sage", `{"kind":"model","external":{"url":"https://models.example/v1","model":"small"},"secrets":{"bearer":"hush"}}`).want(200)
	h.as("boss", "POST", "/api/v1/agents/sage/try", `{"text":"Where is my parcel?","center_id":"shop"}`).want(200)
	h.as("boss", "PUT", "/api/v1/accounts/partner", `{"kind":"api","center_id":"shop"}`).want(200)
	h.as("boss", "POST", "/api/v1/accounts/partner/key", "").want(200)
}

func exerciseChannels(h *house) {
	for _, path := range []string{"/kinds", "/conditions", "/accounts/site/health"} {
		h.as("boss", "GET", "/api/v1"+path, "").want(200)
	}
	h.as("boss", "POST", "/api/v1/accounts/site/test", "").want(200)
}

func exerciseWork(h *house) {
	h.surveyed(time.Minute, "eve.1", "shop", "help", "quality", "good")
	h.as("boss", "GET", "/api/v1/surveys", "").want(200)
	h.as("boss", "GET", "/api/v1/surveys/export", "").want(200)
	exerciseBot(h)
	h.online("oleg")
	first, second := h.writes("site", "anna", "hello"), h.writes("site", "boris", "good day")
	h.errors.items["e1"] = rest.Failed{ErrorID: "e1", AccountID: "site", Reason: "no JSON", Size: 10}
	h.errors.items["e2"] = rest.Failed{ErrorID: "e2", AccountID: "site"}
	for _, path := range []string{"/monitoring", "/errors", "/workplace", "/workplace/transfer?conversation=" + first,
		"/conversations/" + first, "/conversations/" + first + "/events", "/conversations/" + first + "/events?after=2",
		"/conversations/" + first + "/verdicts?operator=oleg", "/conversations/" + second + "/verdicts?operator=oleg"} {
		h.as("boss", "GET", "/api/v1"+path, "").want(200)
	}
	h.as("boss", "POST", "/api/v1/conversations/"+second+"/assign", `{"operator_id":"oleg"}`).want(204)
	h.as("boss", "GET", "/api/v1/monitoring", "").want(200)
	h.as("boss", "GET", "/api/v1/conversations/"+second+"/verdicts", "").want(200)
	h.as("boss", "GET", "/api/v1/errors/e1/raw", "").want(200)
	h.as("boss", "POST", "/api/v1/errors/e1/retry", "").want(204)
	h.as("boss", "DELETE", "/api/v1/errors/e2", "").want(204)
	file := h.as("boss", "POST", "/api/v1/files?conversation="+first+"&name=a.txt", "plain words", "Content-Type", "text/plain").want(200)
	h.as("boss", "GET", "/api/v1/files/"+file.field("customer_id").(string)+"/"+file.field("blob").(string), "").want(200)
	h.as("boss", "POST", "/api/v1/operators/oleg/offline", "").want(204)
}

func exerciseCustomers(h *house) {
	h.writes("site", "clara", "me too")
	one := "/api/v1/customers/" + customerID("site", "anna")
	h.as("boss", "GET", one, "").want(200)
	h.as("boss", "PATCH", one, `{"fields":{"lname":"Smirnova"},"test":true,"revision":1}`).want(200)
	h.as("boss", "POST", one+"/addresses", `{"account_id":"site","address":"anna at home"}`).want(200)
	id := h.as("boss", "GET", one, "").field("addresses", 1, "address_id").(string)
	id = h.as("boss", "PUT", one+"/addresses/"+id, `{"account_id":"site","address":"anna at work"}`).want(200).field("addresses", 1, "address_id").(string)
	h.as("boss", "DELETE", one+"/addresses/"+id, "").want(204)
	h.as("boss", "POST", one+"/links", `{"account_id":"site"}`).want(200)
	h.as("boss", "POST", one+"/merge", `{"from":"`+customerID("site", "clara")+`"}`).want(200)
	h.as("boss", "GET", one, "").want(200)
}

// exerciseOwn begins a conversation as somebody on reception does, and keeps what
// users keep for themselves.
func exerciseOwn(h *house) {
	h.receptionist("boss", 3)
	h.writes("site", "dora", "and me")
	dora := customerID("site", "dora")
	h.as("boss", "GET", "/api/v1/customers?query=dor&limit=5", "").want(200)
	id := h.as("boss", "POST", "/api/v1/customers/"+dora+"/conversations", `{"account_id":"site","address":"dora","text":"Good day!"}`).want(200).
		field("conversation_id").(string)
	h.as("boss", "PUT", "/api/v1/conversations/"+id+"/ticket", `{"number":"T-1"}`).want(204)
	h.as("boss", "PUT", "/api/v1/accounts/pbx", `{"kind":"phone","center_id":"shop","settings":{"webhook":"https://pbx.example"}}`).want(200)
	h.as("boss", "POST", "/api/v1/customers/"+dora+"/addresses", `{"account_id":"pbx","address":"+79990001122"}`).want(200)
	h.as("boss", "POST", "/api/v1/conversations/"+id+"/call", `{"address":"+79990001122"}`).want(200)
	h.as("boss", "PUT", "/api/v1/me/drafts/"+id, `{"account_id":"site","text":"By the way","attachments":[{"blob":"aa","name":"a.png"}]}`).want(204)
	h.as("boss", "GET", "/api/v1/me/drafts", "").want(200)
	h.as("boss", "DELETE", "/api/v1/me/drafts/"+id, "").want(204)
	h.as("boss", "PUT", "/api/v1/me/preferences", `{"sendKey":"enter"}`).want(200)
	h.as("boss", "GET", "/api/v1/me/preferences", "").want(200)
}

func exerciseSpelling(h *house) {
	h.as("boss", "PUT", "/api/v1/dictionary/crafttalk", `{"center_id":"shop"}`).want(200)
	h.as("boss", "PUT", "/api/v1/dictionary/protoactor", `{}`).want(200)
	h.as("boss", "GET", "/api/v1/dictionary", "").want(200)
	h.as("boss", "POST", "/api/v1/spelling", `{"language":"en","words":["crafttalk","wrold"]}`).want(200)
	h.as("boss", "DELETE", "/api/v1/dictionary/crafttalk?center_id=shop", "").want(204)
}

func exerciseSessions(h *house) {
	h.as("", "POST", "/api/v1/session", `{"login":"boss","password":"the boss's word"}`).want(200)
	h.as("boss", "GET", "/api/v1/session", "").want(200)
	h.as("boss", "GET", "/api/v1/sessions", "").want(200)
	h.as("boss", "POST", "/api/v1/ticket", "").want(200)
	h.as("boss", "POST", "/api/v1/password", `{"current":"the boss's word","password":"another word"}`).want(204)
	h.as("boss", "DELETE", "/api/v1/sessions", "").want(204)
	h.as("boss", "DELETE", "/api/v1/session", "").want(204)
	h.as("rival", "DELETE", "/api/v1/sessions/session-rival", "").want(204)
}

func exerciseSetup(h *house) {
	h.as("", "POST", "/api/v1/setup", `{"code":"1234-5678","login":"first","password":"a first word","first_name":"Ann","last_name":"Lee"}`).want(200)
	h.as("admin", "GET", "/api/v1/session", "").want(200)
}

// checkAuthors fails for a change of the journal that does not name who asked.
func checkAuthors(h *house) {
	by := func(stream string, e event.Event) {
		a, ok := e.(interface{ GetBy() string })
		if ok && !slices.Contains([]string{"boss", "setup"}, a.GetBy()) {
			h.t.Errorf("%s: %T is by %q", stream, e, a.GetBy())
		}
	}
	directory := h.events(event.DirectoryStream)
	for _, e := range directory {
		by(event.DirectoryStream, e)
	}
	if len(directory) < 30 {
		h.t.Errorf("the directory has %d events, as if nothing had been changed", len(directory))
	}
	for _, e := range h.events(event.KnowledgeStream) {
		by(event.KnowledgeStream, e)
	}
	anna := event.CustomerStream + customerID("site", "anna")
	named := map[string]bool{}
	for _, e := range slices.Concat(h.events(anna), h.events(event.OperatorStream+"oleg")) {
		if a, ok := e.(interface{ GetBy() string }); ok && a.GetBy() == "boss" {
			named[strings.TrimPrefix(string(e.ProtoReflect().Descriptor().Name()), "event.")] = true
		}
	}
	for _, kind := range []string{"ProfileChanged", "CustomerTyped", "AddressAdded", "AddressEdited", "AddressRemoved",
		"InviteLinkMade", "MergeAsked", "PresenceChanged", "SlotReserved"} {
		if !named[kind] {
			h.t.Errorf("no %s names boss as its author", kind)
		}
	}
	if want := []string{"retry e1 boss", "discard e2 boss"}; !slices.Equal(h.errors.did, want) {
		h.t.Errorf("error queue: %v, want %v", h.errors.did, want)
	}
}
