package rest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/auth"
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
		exerciseUsers(h)
		exerciseChannels(h)
		exerciseWork(h)
		exerciseCustomers(h)
		exerciseFeed(h)
		exerciseHistory(h)
		exerciseRetention(h)
		exerciseOwn(h)
		exerciseKnowledge(h)
		exerciseSpelling(h)
		exerciseFactors(h)
		exerciseProviders(h)
		exerciseAudit(h)
		exerciseSessions(h)
		for _, call := range h.book.calls() {
			if !h.book.done[call] && call != "POST /api/v1/setup" {
				t.Errorf("%s was never made with success", call)
			}
		}
		checkAuthors(h)
		checkNoted(h)
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
			`{"notify_assign":false,"alerts":{"queue_over":20,"waiting_over":"300s","webhook":"https://alerts.example/in"},"ask_dissatisfied":false,"integration":{"tabs":[{"tab_id":"crm","title":"CRM","url":"https://crm.example/?id={customer_id}"}]}}`},
		{"users", "mila", `{"login":"mila","password":"a long word","roles":["view_kb"],"center_ids":["shop"],"line_ids":["help"],"capacity":2}`, `{"login":"mila","disabled":true}`},
		{"accounts", "bot", `{"kind":"telegram","name":"Bot","center_id":"shop","routing":{"line_id":"help","skills":[],"priority":1},"settings":{"a":1},"secrets":{"token":"hush"}}`,
			`{"kind":"telegram","center_id":"shop"}`},
		{"agents", "hello", `{"kind":"greeting","name":"Hello","article_id":"a1"}`, `{"kind":"hours","article_id":"a2","then":"queue"}`},
		{"agents", "answers", `{"kind":"bot","bot":{"precision":0.9,"misses":2}}`, `{"kind":"bot","disabled":true}`},
		{"agents", "weather", `{"kind":"external","external":{"url":"https://weather.example/turn","deadline":"5s"}}`,
			`{"kind":"external","external":{"url":"https://weather.example/turn","patience":"60s"}}`},
		{"keys", "bi", `{"name":"BI","roles":["view_stat"],"center_ids":["shop"],"until":"2100-01-01T00:00:00Z","rate":60}`, `{"name":"Figures"}`},
		{"webhooks", "bi", `{"url":"https://bi.example","kinds":["conversation_closed"],"roles":["view_clients"],"center_ids":["shop"],"line_ids":["help"]}`, `{"url":"https://bi.example","disabled":true}`},
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
	h.as("boss", "GET", "/api/v1/uses", "").want(200)
	h.as("boss", "POST", "/api/v1/topics/parcel/move", `{"parent_id":""}`).want(200)
	h.as("boss", "DELETE", "/api/v1/topics/parcel?for_good=true", "").want(204)
	h.as("boss", "POST", "/api/v1/hours/preview", `{"week":[{"weekday":5,"from":1320,"to":360}],"days":[{"date":"--05-09","name":"Victory Day"}]}`).want(200)
	changed := h.patched("shop", `{"set":{"policy.silence.remind_after":"60s","retention_days":365},"unset":["affinity"]}`, 200)
	h.as("boss", "GET", "/api/v1/settings/default/form", "").want(200)
	h.as("boss", "GET", "/api/v1/settings/shop/changes?limit=5", "").want(200)
	revision := fmt.Sprint(changed.field("revision"))
	h.as("boss", "POST", "/api/v1/settings/shop/changes/"+revision+"/undo", `{"revision":`+revision+`}`).want(200)
	h.as("boss", "PUT", "/api/v1/webhooks/crm", `{"url":"https://crm.example","roles":["view_clients"],"center_ids":["shop"]}`).want(200)
	for _, call := range []string{"POST secret", "POST test", "GET log", "GET failed"} {
		method, what, _ := strings.Cut(call, " ")
		h.as("boss", method, "/api/v1/webhooks/crm/"+what, "").want(200)
	}
	h.as("boss", "POST", "/api/v1/webhooks/crm/resend", `{}`).want(200)
	h.as("boss", "POST", "/api/v1/keys/crm/secret", "").want(404)
	h.as("boss", "PUT", "/api/v1/keys/crm", `{"name":"CRM"}`).want(200)
	h.as("boss", "POST", "/api/v1/keys/crm/secret", "").want(200)
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
	h.as("boss", "POST", "/api/v1/widget/preview", `{"settings":{"accent":"#123456"}}`).want(200)
}

func exerciseWork(h *house) {
	h.surveyed(time.Minute, "eve.1", "shop", "help", "quality", "good")
	h.as("boss", "GET", "/api/v1/surveys", "").want(200)
	h.as("boss", "GET", "/api/v1/surveys/summary", "").want(200)
	h.as("boss", "GET", "/api/v1/surveys/export", "").want(200)
	exerciseBot(h)
	exerciseStatistics(h)
	h.online("oleg")
	first, second := h.writes("site", "anna", "hello"), h.writes("site", "boris", "good day")
	h.errors.items["e1"] = rest.Failed{ErrorID: "e1", AccountID: "site", Reason: "no JSON", Size: 10}
	h.errors.items["e2"] = rest.Failed{ErrorID: "e2", AccountID: "site"}
	for _, path := range []string{"/monitoring", "/errors", "/workplace", "/workplace/transfer?conversation=" + first,
		"/conversations/" + first, "/conversations/" + first + "/events", "/conversations/" + first + "/events?after=2",
		"/conversations/" + first + "/verdicts?operator=oleg", "/conversations/" + second + "/verdicts?operator=oleg"} {
		h.as("boss", "GET", "/api/v1"+path, "").want(200)
	}
	h.as("boss", "GET", "/api/v1/conversations/"+second+"/moment?at="+time.Now().UTC().Format(time.RFC3339Nano), "").want(200)
	h.as("boss", "PUT", "/api/v1/conversations/"+second+"/priority", `{"priority":2}`).want(204)
	h.as("boss", "POST", "/api/v1/conversations/"+second+"/assign", `{"operator_id":"oleg"}`).want(204)
	h.as("boss", "GET", "/api/v1/monitoring", "").want(200)
	h.as("boss", "POST", "/api/v1/conversations/"+second+"/return", "").want(204)
	h.as("boss", "GET", "/api/v1/settings/shop/secret", "").want(200)
	h.turnTab(0)
	h.as("boss", "GET", "/api/v1/settings/shop/tabs/crm/key?turn=1", "").want(200)
	h.as("boss", "GET", "/api/v1/conversations/"+second+"/tabs/crm/context", "").want(200)
	h.as("boss", "GET", "/api/v1/conversations/"+second+"/verdicts", "").want(200)
	h.as("boss", "GET", "/api/v1/errors/e1/raw", "").want(200)
	h.as("boss", "POST", "/api/v1/errors/e1/retry", "").want(204)
	h.as("boss", "DELETE", "/api/v1/errors/e2", "").want(204)
	file := h.as("boss", "POST", "/api/v1/files?conversation="+first+"&name=a.txt", "plain words", "Content-Type", "text/plain").want(200)
	h.as("boss", "GET", "/api/v1/files/"+file.field("customer_id").(string)+"/"+file.field("blob").(string), "").want(200)
	h.as("boss", "POST", "/api/v1/operators/oleg/offline", "").want(204)
}

// exerciseFeed reads what happened, in both ways.
func exerciseFeed(h *house) {
	h.as("boss", "GET", "/api/v1/feed?limit=1000", "").want(200)
	h.as("boss", "GET", "/api/v1/changed/customers", "").want(200)
	h.as("boss", "GET", "/api/v1/changed/customers", "", "Accept", "application/x-ndjson").want(200)
	ctx, leave := context.WithCancel(context.Background())
	leave() // at once: what there is comes first
	r := httptest.NewRequestWithContext(ctx, "GET", "/api/v1/feed?cursor=now", nil)
	r.Header.Set("Authorization", "Bearer "+h.auth.token("boss"))
	r.Header.Set("Accept", "application/x-ndjson")
	h.do(r)
}

func exerciseHistory(h *house) {
	h.passed(past{id: "gone.1", center: "shop", line: "help", operator: "oleg", opened: time.Now().Add(-time.Hour), texts: []string{"an old word"}})
	h.heard()
	for _, path := range []string{"/history?text=words", "/history/days?zone=Europe/Moscow", "/history/export", "/conversations/gone.1/text", "/reviews?text=old"} {
		h.as("boss", "GET", "/api/v1"+path, "").want(200)
	}
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
	h.as("boss", "POST", "/api/v1/conversations/"+h.writes("site", "ella", "hello")+"/take", "").want(204)
	h.as("boss", "GET", "/api/v1/customers?query=dor&limit=5", "").want(200)
	id := h.as("boss", "POST", "/api/v1/customers/"+dora+"/conversations", `{"account_id":"site","address":"dora","text":"Good day!"}`).want(200).
		field("conversation_id").(string)
	h.as("boss", "PUT", "/api/v1/conversations/"+id+"/ticket", `{"number":"T-1"}`).want(204)
	h.as("boss", "PUT", "/api/v1/accounts/pbx", `{"kind":"phone","center_id":"shop","settings":{"webhook":"https://pbx.example"}}`).want(200)
	h.as("boss", "POST", "/api/v1/customers/"+dora+"/addresses", `{"account_id":"pbx","address":"+79990001122"}`).want(200)
	h.as("boss", "POST", "/api/v1/conversations/"+id+"/call", `{"address":"+79990001122"}`).want(200)
	h.as("boss", "PUT", "/api/v1/accounts/post", `{"kind":"email","center_id":"shop","routing":{"line_id":"help"}}`).want(200)
	h.as("boss", "POST", "/api/v1/customers/"+dora+"/addresses", `{"account_id":"post","address":"dora@example.org"}`).want(200)
	h.as("boss", "POST", "/api/v1/conversations/"+id+"/mail", `{"address":"dora@example.org","text":"By mail too","message_id":"by-mail"}`).want(200)
	h.as("boss", "PUT", "/api/v1/me/drafts/"+id, `{"account_id":"site","text":"By the way","attachments":[{"blob":"aa","name":"a.png"}]}`).want(204)
	h.as("boss", "GET", "/api/v1/me/drafts", "").want(200)
	h.as("boss", "DELETE", "/api/v1/me/drafts/"+id, "").want(204)
	h.ask(event.ConversationStream+id, conversation.Close{Operator: "boss"})
	settle()
	h.as("boss", "POST", "/api/v1/customers/"+dora+"/erasures", `{"customer_id":"`+dora+`"}`).want(200)
	h.as("boss", "GET", "/api/v1/customers/"+dora+"/erasures", "").want(200)
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

func exerciseAudit(h *house) {
	for _, path := range []string{"/audit", "/audit/1", "/audit.csv", "/audit.ndjson"} {
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "chief", Login: "chief", Roles: directory.Roles[:]}})
		settle()
		h.as("chief", "GET", "/api/v1"+path, "").want(200)
	}
}

// exerciseFactors signs in with all there is beside a password, and takes it away
// again.
func exerciseFactors(h *house) {
	const v1 = "/api/v1"
	h.as("", "GET", v1+"/session/ways", "").want(200)
	h.as("boss", "POST", v1+"/session/proof", `{"password":"the boss's word"}`).want(204)
	fresh := h.as("boss", "POST", v1+"/me/factors/totp", "").want(200)
	code := codeOf(h, fresh.field("secret").(string))
	made := h.as("boss", "POST", v1+"/me/factors/totp/confirm", fmt.Sprintf(`{"token":%q,"code":%q,"name":"Phone"}`, fresh.field("token"), code)).want(200)
	recovery := made.field("recovery_codes", 0).(string)
	s := newStick("boss")
	s.enrol(h, "boss")
	step, err := h.auth.Gate.Admit("boss", auth.ByPassword, false, auth.Place{})
	if err != nil {
		h.t.Fatal(err)
	}
	h.as("", "POST", v1+"/session/step", fmt.Sprintf(`{"token":%q,"code":%q}`, step.Step.Token, recovery)).want(200)
	s.signIn(h, "").want(200)
	h.as("boss", "POST", v1+"/me/recovery", "").want(200)
	got := h.as("boss", "GET", v1+"/me/factors", "").want(200)
	h.as("boss", "DELETE", v1+"/me/factors/"+got.field("items", 0, "factor_id").(string), "").want(204)
	h.as("boss", "GET", v1+"/users/boss/factors", "").want(200)
	h.as("boss", "DELETE", v1+"/users/boss/factors/"+got.field("items", 1, "factor_id").(string), "").want(204)
	h.as("boss", "GET", v1+"/users/oleg/sessions", "").want(200)
	h.as("boss", "DELETE", v1+"/users/oleg/sessions/none", "").want(204)
	h.as("boss", "DELETE", v1+"/users/oleg/sessions", "").want(204)
}

// exerciseProviders comes back from a provider, to link and to sign in.
func exerciseProviders(h *house) {
	const v1 = "/api/v1"
	put := h.as("boss", "PUT", v1+"/providers/id", `{"name":"Company","issuer":"https://id.example","client_id":"crafttalk","client_secret":"between us"}`).want(200)
	h.as("boss", "PUT", v1+"/providers/id", `{"name":"The company","issuer":"https://id.example","client_id":"crafttalk"}`, "If-Match", put.Header().Get("ETag")).want(200)
	h.as("boss", "GET", v1+"/providers/id", "").want(200)
	h.as("boss", "GET", v1+"/providers", "").want(200)
	h.as("boss", "POST", v1+"/providers/id/test", "").want(200)
	h.journey("boss", "/me/identities", "900").want(200)
	h.journey("", "/session/oidc", "900").want(200)
	id := h.as("boss", "GET", v1+"/me/factors", "").field("identities", 0, "identity_id").(string)
	h.as("boss", "DELETE", v1+"/me/identities/"+id, "").want(204)
	linked := h.as("boss", "POST", v1+"/users/oleg/identities", `{"provider_id":"id","subject":"901"}`).want(200)
	h.as("boss", "DELETE", v1+"/users/oleg/identities/"+linked.field("identities", 0, "identity_id").(string), "").want(204)
	h.as("boss", "DELETE", v1+"/providers/id", "").want(204)
}

func exerciseSetup(h *house) {
	h.as("", "POST", "/api/v1/setup", `{"code":"1234-5678","login":"first","password":"a first word","first_name":"Ann","last_name":"Lee"}`).want(200)
	h.as("admin", "GET", "/api/v1/session", "").want(200)
}

// checkAuthors fails for a change of the journal that does not name who asked: an
// administrator, or nils, who was invited.
func checkAuthors(h *house) {
	by := func(stream string, e event.Event) {
		a, ok := e.(interface{ GetBy() string })
		if ok && !slices.Contains([]string{"boss", "setup", "nils"}, a.GetBy()) {
			h.t.Errorf("%s: %T is by %q", stream, e, a.GetBy())
		}
	}
	organisation := h.events(event.DirectoryStream)
	for _, e := range organisation {
		by(event.DirectoryStream, e)
	}
	if len(organisation) < 30 {
		h.t.Errorf("the directory has %d events, as if nothing had been changed", len(organisation))
	}
	for _, e := range h.events(event.KnowledgeStream) {
		by(event.KnowledgeStream, e)
	}
	anna := event.CustomerStream + customerID("site", "anna")
	named := map[string]bool{}
	dora := event.CustomerStream + customerID("site", "dora")
	for _, e := range slices.Concat(h.events(anna), h.events(dora), h.events(event.OperatorStream+"oleg")) {
		if a, ok := e.(interface{ GetBy() string }); ok && a.GetBy() == "boss" {
			named[strings.TrimPrefix(string(e.ProtoReflect().Descriptor().Name()), "event.")] = true
		}
	}
	for _, kind := range []string{"ProfileChanged", "CustomerTyped", "AddressAdded", "AddressEdited", "AddressRemoved",
		"InviteLinkMade", "MergeAsked", "ErasureBegun", "PresenceChanged", "SlotReserved"} {
		if !named[kind] {
			h.t.Errorf("no %s names boss as its author", kind)
		}
	}
	if want := []string{"retry e1 boss", "discard e2 boss"}; !slices.Equal(h.errors.did, want) {
		h.t.Errorf("error queue: %v, want %v", h.errors.did, want)
	}
}
