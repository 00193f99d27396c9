package rest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// furnishWork puts what workplaces are furnished with into the house.
func (h *house) furnishWork() {
	h.t.Helper()
	for _, put := range []event.Event{
		&event.Language{Language: "ru", Name: "Русский"}, &event.Language{Language: "en", Name: "English"},
		&event.Skill{Skill: "refund", Name: "Refunds"}, &event.Skill{Skill: "gold", Name: "Gold"},
		&event.Line{LineId: "vip", Name: "VIP", CenterId: "shop"},
		&event.Account{AccountId: "mail", Kind: "email", Name: "Mail", CenterId: "shop", Routing: &event.Routing{LineId: "vip"}},
		&event.Account{AccountId: "old", Kind: "api", CenterId: "shop", Disabled: true},
		&event.Topic{TopicId: "parcel", Name: "Parcel"},
		&event.Template{TemplateId: "t1", Title: "Good day", Text: "Good day!"},
		&event.Template{TemplateId: "t2", Title: "All shops", Text: "Ours.", CenterId: "shop"},
		&event.Template{TemplateId: "t3", Title: "Loans", Text: "Theirs.", LineId: "loans"},
		&event.Template{TemplateId: "t4", Title: "Für uns", Text: "Deutsch.", Language: "en"},
		&event.Template{TemplateId: "t5", Title: "VIP", Text: "For the best.", LineId: "vip"},
		&event.Phrase{PhraseId: "p1", Text: "One moment.", LineId: "help"}, &event.Phrase{PhraseId: "p2", Text: "Theirs.", CenterId: "bank"},
		&event.Settings{CenterId: "", Timer: &event.OperatorTimer{Count: "up", Marks: []*event.TimerMark{{Seconds: 90, Tone: "danger"}}}},
		&event.Agent{AgentId: "bot", Kind: directory.Bot, Name: "The bot"},
		&event.Settings{CenterId: "shop", Policy: &event.Policy{Agents: []string{"bot"}},
			Integration: &event.Integration{Tabs: []*event.IntegrationTab{{TabId: "crm", Title: "CRM", Url: "https://crm.example/{customer_id}"}}}},
		&event.User{UserId: "mila", Login: "mila", FirstName: "Mila", LastName: "Jovovich", CenterIds: []string{"shop"}, LineIds: []string{"vip"},
			Languages: []string{"ru"}, Skills: []string{"refund"}},
		&event.User{UserId: "gone", Login: "gone", LineIds: []string{"help"}, Disabled: true},
	} {
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: put})
	}
	settle()
}

// operator gives a user of the house other roles and routing settings.
func (h *house) operator(u *event.User) {
	h.t.Helper()
	h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: u})
	settle()
}

// ids are one field of every item of a list in an answer.
func (a answer) ids(list, field string) string {
	a.t.Helper()
	var out []string
	for _, x := range a.field(list).([]any) {
		out = append(out, x.(map[string]any)[field].(string))
	}
	return strings.Join(out, " ")
}

// proves WS-01, TM-07, TM-08: a workplace is furnished with what the own
// routing settings allow, and with nothing of other centers.
func TestWS01_WorkplaceIsTheOwn(t *testing.T) {
	inHouse(t, func(h *house) {
		h.furnishWork()
		h.operator(&event.User{UserId: "solo", Login: "solo", FirstName: "Han", LineIds: []string{"help"}})
		h.operator(&event.User{UserId: "root", Login: "root", Roles: []string{directory.Admin}})
		h.operator(&event.User{UserId: "stray", Login: "stray"})
		for _, tt := range []struct{ user, list, field, want string }{
			{"oleg", "operators", "user_id", "gone mila oleg solo"}, {"oleg", "operators", "name", "gone Mila Jovovich Oleg Han"},
			{"oleg", "centers", "center_id", "shop"}, {"oleg", "lines", "line_id", "help vip"}, {"oleg", "accounts", "account_id", "site"},
			{"oleg", "templates", "template_id", "t2 t4 t1"}, {"oleg", "phrases", "phrase_id", "p1"},
			{"oleg", "topics", "topic_id", "parcel"}, {"oleg", "languages", "language", "en ru"}, {"oleg", "skills", "skill", "gold refund"},
			{"oleg", "agents", "agent_id", "bot"}, {"oleg", "agents", "name", "The bot"},
			{"mila", "accounts", "account_id", "mail"}, {"mila", "languages", "language", "ru"}, {"mila", "skills", "skill", "refund"},
			{"mila", "templates", "template_id", "t2 t1 t5"}, {"mila", "phrases", "phrase_id", ""},
			{"solo", "centers", "center_id", "shop"}, {"solo", "templates", "template_id", "t2 t4 t1"}, {"solo", "accounts", "account_id", "site"},
			{"lena", "templates", "template_id", "t4 t1 t3"}, {"lena", "operators", "user_id", "lena"}, {"lena", "lines", "line_id", "loans"},
			{"lena", "phrases", "phrase_id", "p2"}, {"lena", "accounts", "account_id", "safe"}, {"lena", "agents", "agent_id", ""},
			{"boss", "templates", "template_id", "t2 t4 t1 t5"},
			{"root", "centers", "center_id", "bank shop"}, {"root", "templates", "template_id", "t2 t4 t1 t3 t5"},
			{"stray", "centers", "center_id", ""}, {"stray", "operators", "user_id", "stray"}, {"stray", "lines", "line_id", ""},
		} {
			if got := h.as(tt.user, "GET", "/api/v1/workplace", "").want(200).ids(tt.list, tt.field); got != tt.want {
				t.Errorf("%s has the %s %q, want %q", tt.user, tt.list, got, tt.want)
			}
		}
		h.as("", "GET", "/api/v1/workplace", "").want(401)
	})
}

// proves OP-10, CT-01, US-05: the settings of a workplace are those in force
// in the own center, and those of all for who works in several.
func TestUS05_WorkplaceSettings(t *testing.T) {
	inHouse(t, func(h *house) {
		h.furnishWork()
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: &event.Settings{CenterId: "bank", AutoCapital: proto.Bool(true)}})
		h.operator(&event.User{UserId: "root", Login: "root", Roles: []string{directory.Admin}})
		ours := h.as("oleg", "GET", "/api/v1/workplace", "").want(200)
		for _, tt := range []struct {
			path []any
			want any
		}{
			{[]any{"settings", "timer", "count"}, "up"}, {[]any{"settings", "timer", "marks", 0, "seconds"}, 90.0},
			{[]any{"settings", "tabs", 0, "url"}, "https://crm.example/{customer_id}"}, {[]any{"settings", "fields", 1, "name"}, "fname"},
			{[]any{"settings", "notify_assign"}, true}, {[]any{"settings", "auto_capital"}, false}, {[]any{"settings", "ask_dissatisfied"}, true},
			{[]any{"settings", "spell_check"}, true}, {[]any{"settings", "forbid_errors"}, false},
			{[]any{"user", "login"}, "oleg"}, {[]any{"accounts", 0, "by_identifier"}, false},
		} {
			if got := ours.field(tt.path...); got != tt.want {
				t.Errorf("%v = %v, want %v", tt.path, got, tt.want)
			}
		}
		all := h.as("root", "GET", "/api/v1/workplace", "").want(200)
		if n := len(all.field("settings", "tabs").([]any)); n != 0 || all.field("settings", "auto_capital") != false {
			t.Errorf("who works in several centers has the settings of one: %v", all.field("settings"))
		}
		if n := len(all.field("centers", 1, "settings", "tabs").([]any)); n != 1 {
			t.Errorf("the center's own settings have %d tabs", n)
		}
		if got := h.as("mila", "GET", "/api/v1/workplace", "").field("accounts", 0, "by_identifier"); got != true {
			t.Error("a mailbox can't be told by its address")
		}
	})
}

// proves US-05: every setting of the workplace that is put is shown as it was
// put, is in force, and reaches the workplace.
func TestUS05_WorkplaceSettingsAreKept(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "PUT", "/api/v1/settings/shop", `{"timer":{"count":"down","minutes":7,"marks":[{"seconds":9,"tone":"danger"}]},"auto_capital":true,
			"notify_assign":false,"ask_dissatisfied":false,"spell_check":false,"forbid_errors":true,"form":{"fields":[{"name":"city","label":"City","kind":"text","required":true}]},
			"integration":{"tabs":[{"tab_id":"crm","title":"CRM","url":"https://crm.example/"}]}}`).want(200)
		kept := h.as("boss", "GET", "/api/v1/settings/shop", "").want(200)
		for _, in := range []any{kept.field(), kept.field("in_force")} {
			m := in.(map[string]any)
			got := fmt.Sprint(m["timer"], m["auto_capital"], m["notify_assign"], m["ask_dissatisfied"], m["spell_check"], m["forbid_errors"], m["form"], m["integration"])
			if want := "map[count:down marks:[map[seconds:9 tone:danger]] minutes:7] true false false false true " +
				"map[fields:[map[kind:text label:City name:city required:true]]] map[tabs:[map[tab_id:crm title:CRM url:https://crm.example/]]]"; got != want {
				t.Errorf("kept is %s, want %s", got, want)
			}
		}
		got := fmt.Sprint(h.as("oleg", "GET", "/api/v1/workplace", "").want(200).field("settings"))
		if want := "map[ask_dissatisfied:false auto_capital:true fields:[map[kind:text label:City name:city required:true]] forbid_errors:true notify_assign:false spell_check:false " +
			"tabs:[map[tab_id:crm title:CRM url:https://crm.example/]] timer:map[count:down marks:[map[seconds:9 tone:danger]] minutes:7]]"; got != want {
			t.Errorf("the workplace has %s, want %s", got, want)
		}
	})
}

// proves US-08: a workplace that is as it was is not sent again; any change
// that it shows makes it another one, and so does another user.
func TestUS08_WorkplaceIsSentOnce(t *testing.T) {
	inHouse(t, func(h *house) {
		read := func(user, tag string) answer {
			return h.as(user, "GET", "/api/v1/workplace", "", "If-None-Match", tag)
		}
		first := read("oleg", "").want(200)
		tag := first.Header().Get("ETag")
		if got := first.Header().Get("Cache-Control"); got != "private, no-cache" {
			t.Errorf("Cache-Control is %q", got)
		}
		for _, same := range []string{tag, `"x", ` + tag, "W/" + tag, "*"} {
			if body := read("oleg", same).want(304).Body.Len(); body > 0 {
				t.Errorf("%s: %d bytes are sent again", same, body)
			}
		}
		read("oleg", `"x"`).want(200)
		read("mila", tag).want(401)
		read("rival", tag).want(200)
		h.as("boss", "PUT", "/api/v1/templates/hello", `{"title":"Hello","text":"Hello!"}`).want(200)
		changed := read("oleg", tag).want(200)
		if changed.Header().Get("ETag") == tag || changed.ids("templates", "template_id") != "hello" {
			t.Errorf("after a change: %s", changed.Body)
		}
	})
}

// proves US-06: words are changed only by who may modify the configuration.
func TestUS06_WordsAreGuarded(t *testing.T) {
	inHouse(t, func(h *house) {
		for path, body := range map[string]string{"templates/hello": `{"title":"Hello","text":"Hello!"}`, "phrases/moment": `{"text":"One moment."}`} {
			h.as("oleg", "PUT", "/api/v1/"+path, body).want(403)
			h.as("boss", "PUT", "/api/v1/"+path, body).want(200)
			h.as("oleg", "DELETE", "/api/v1/"+path, "").want(403)
			h.as("oleg", "GET", "/api/v1/"+path, "").want(200)
		}
		const whom = `"center_id":"shop","line_id":"help","language":""`
		for path, body := range map[string]string{"templates/t": `{"title":"Hm","text":"Hm?",` + whom + `}`, "phrases/p": `{"text":"Hm.",` + whom + `}`} {
			h.as("boss", "PUT", "/api/v1/"+path, body).want(200)
			got := h.as("boss", "GET", "/api/v1/"+path, "")
			if got.field("center_id") != "shop" || got.field("line_id") != "help" || got.field("language") != "" {
				t.Errorf("%s is kept as %s", path, got.Body)
			}
		}
		h.as("boss", "PUT", "/api/v1/phrases/empty", `{"text":""}`).want(422)
		h.as("boss", "PUT", "/api/v1/phrases/far", `{"text":"x","line_id":"nowhere"}`).want(422)
	})
}

// proves OP-11: a transfer is offered to lines and operators of the
// conversation's center, with who is free; not to its keeper, nor to whom it
// is no business of.
func TestOP11_TransferTargets(t *testing.T) {
	inHouse(t, func(h *house) {
		h.furnishWork()
		h.operator(&event.User{UserId: "oleg", Login: "oleg", CenterIds: []string{"shop"}, LineIds: []string{"help"}, Capacity: 1,
			Languages: []string{"ru", "en"}, Roles: []string{directory.ViewRerouteBtn}})
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.Settings{CenterId: "shop"}})
		h.online("oleg")
		h.online("mila")
		h.online("lena")
		kept, theirs := h.writes("site", "anna", "hello"), h.writes("safe", "boris", "good day")
		h.writes("site", "clara", "me too")
		const path = "/api/v1/workplace/transfer?conversation="
		got := h.as("oleg", "GET", path+kept, "").want(200)
		lines, operators := fmt.Sprint(got.field("lines")), fmt.Sprint(got.field("operators"))
		if want := "[map[free:0 line_id:help name:Help waiting:1] map[free:3 line_id:vip name:VIP waiting:0]]"; lines != want {
			t.Errorf("lines = %s, want %s", lines, want)
		}
		if want := "[map[free:3 name:Mila Jovovich presence:ONLINE user_id:mila]]"; operators != want {
			t.Errorf("operators = %s, want %s", operators, want)
		}
		if l, k := got.ids("languages", "language"), got.ids("skills", "skill"); l != "en ru" || k != "refund" {
			t.Errorf("languages %q, skills %q", l, k)
		}
		h.as("oleg", "GET", path+theirs, "").want(404)
		h.as("oleg", "GET", path, "").want(404)
		h.as("mila", "GET", path+kept, "").want(403)
	})
}

// proves CT-09, RT-08: an operator reads the earlier conversations of a
// customer, and why each went where it did, within the own routing settings.
func TestCT09_OperatorReadsEarlierConversations(t *testing.T) {
	inHouse(t, func(h *house) {
		h.online("oleg")
		earlier := h.writes("site", "anna", "hello")
		h.ask(event.ConversationStream+earlier, conversation.Close{Operator: "oleg"})
		settle()
		now := h.writes("site", "anna", "me again")
		if now == earlier {
			t.Fatal("the closed conversation went on")
		}
		for _, role := range []string{directory.ViewClient, directory.ViewClients} {
			h.operator(&event.User{UserId: "oleg", Login: "oleg", CenterIds: []string{"shop"}, LineIds: []string{"help"}, Roles: []string{role}})
			h.operator(&event.User{UserId: "lena", Login: "lena", CenterIds: []string{"bank"}, LineIds: []string{"loans"}, Roles: []string{role}})
			listed := h.as("oleg", "GET", "/api/v1/customers/"+customerID("site", "anna"), "").want(200).field("conversations").([]any)
			if !slices.Equal(listed, []any{earlier, now}) {
				t.Errorf("%s: conversations = %v", role, listed)
			}
			for _, what := range []string{"", "/events", "/verdicts"} {
				h.as("oleg", "GET", "/api/v1/conversations/"+earlier+what, "").want(200)
				h.as("lena", "GET", "/api/v1/conversations/"+earlier+what, "").want(404)
			}
			events := h.as("oleg", "GET", "/api/v1/conversations/"+earlier+"/events", "").Body.String()
			for _, fact := range []string{`"conversation_opened"`, `"message_received"`, `"conversation_closed"`} {
				if !strings.Contains(events, fact) {
					t.Errorf("%s: no %s in %s", role, fact, events)
				}
			}
			v := h.as("oleg", "GET", "/api/v1/conversations/"+earlier+"/verdicts", "")
			if rule := v.field("items", 0, "verdict", "rule"); rule != "only_one" {
				t.Errorf("%s: the verdict's rule is %v", role, rule)
			}
		}
	})
}
