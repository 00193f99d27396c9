package rest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// exerciseKnowledge writes a small knowledge base, and takes it out again.
func exerciseKnowledge(h *house) {
	kb := "/api/v1"
	h.as("boss", "PUT", kb+"/article-types/qa", `{"identifier":"QA","name":"Вопрос — ответ"}`).want(200)
	h.as("boss", "PUT", kb+"/slots/speed", `{"identifier":"speed","type":"DICTIONARY","question":{"text":"Как быстро?"},
		"entries":[{"id":"good","caption":"Быстро"},{"id":"bad","caption":"Долго"}]}`).want(200)
	h.as("boss", "PUT", kb+"/articles/menu", `{"identifier":"menu","title":"Меню","type_id":"qa","questions":["что вы умеете"],"answers":[{"answer_id":"1","text":"Многое"}]}`).want(200)
	got := h.as("boss", "PUT", kb+"/articles/menu", `{"identifier":"menu","title":"Меню","slot_ids":["speed"],"policy":"FIRST_ANSWER","routing":{"line_id":"help"},
		"answers":[{"answer_id":"1","text":"Ура","conditions":[{"all":[{"slot_id":"speed","value":"good"}]}],"buttons":[{"caption":"Сначала","article_id":"menu"}]}],"revision":1}`).want(200)
	for _, path := range []string{"/articles", "/articles?query=меню&sort=changed&order=desc&limit=5&offset=0", "/articles/menu", "/articles/menu/versions",
		"/articles/menu/versions/1", "/slots", "/slots/speed", "/article-types", "/article-types/qa"} {
		h.as("boss", "GET", kb+path, "").want(200)
	}
	file := h.as("boss", "POST", kb+"/knowledge/files?name=a.txt", "plain words", "Content-Type", "text/plain").want(200)
	h.as("boss", "GET", kb+"/knowledge/files/"+file.field("blob").(string)+"?name=a.txt", "").want(200)
	for _, query := range []string{"", "?format=csv&separator=semicolon", "?format=zip"} {
		h.as("boss", "GET", kb+"/knowledge/export"+query, "").want(200)
	}
	for _, path := range []string{"/kb/search?q=меню", "/kb/search?type=qa", "/kb/suggest?q=ме", "/kb/articles/menu"} {
		h.as("boss", "GET", kb+path, "").want(200)
	}
	h.as("boss", "POST", kb+"/knowledge/import?dry_run=true", "identifier\nnew\n", "Content-Type", "text/csv").want(200)
	h.as("boss", "POST", kb+"/knowledge/import", "identifier\nimported\n", "Content-Type", "text/csv").want(200)
	h.as("boss", "DELETE", kb+"/articles/menu", "", "If-Match", got.Header().Get("ETag")).want(204)
	h.as("boss", "GET", kb+"/knowledge/removed?limit=5&offset=0", "").want(200)
	h.as("boss", "POST", kb+"/articles/menu/restore", `{"revision":1}`).want(200)
	h.as("boss", "POST", kb+"/knowledge/try-slot", `{"slot":{"identifier":"speed","type":"INTEGER"},"text":"5"}`).want(200)
	h.as("boss", "DELETE", kb+"/articles/menu", "").want(204)
	for _, path := range []string{"/slots/speed", "/article-types/qa"} {
		h.as("boss", "DELETE", kb+path, "").want(204)
		revision := h.as("boss", "GET", kb+"/knowledge/removed", "").field("items", 0, "revision")
		h.as("boss", "POST", kb+path+"/restore", fmt.Sprintf(`{"revision":%v}`, revision)).want(200)
		h.as("boss", "DELETE", kb+path, "").want(204)
	}
}

// proves KB-03, KB-06, KB-08: a refusal names the field and the reason.
func TestKB08_RefusalsNameTheField(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "PUT", "/api/v1/articles/other", `{"identifier":"other"}`).want(200)
		for _, tt := range []struct{ body, field, reason string }{
			{`{"identifier":""}`, "identifier", "the identifier is required"},
			{`{"title":"Без имени"}`, "identifier", "the field is required"},
			{`{"identifier":"OTHER"}`, "identifier", `the identifier "OTHER" belongs to another article`},
			{`{"identifier":"a","type_id":"no"}`, "type_id", `there is no article type "no"`},
			{`{"identifier":"a","topic_id":"no"}`, "topic_id", `there is no topic "no"`},
			{`{"identifier":"a","policy":"BEST"}`, "policy", "this must be one of [ALL_ANSWERS FIRST_ANSWER RANDOM_ANSWER]"},
			{`{"identifier":"a","routing":{"line_id":"no"}}`, "routing.line_id", `there is no line "no"`},
			{`{"identifier":"a","answers":[{"answer_id":"1","text":"x","audience":{"center_ids":["no"]}}]}`, "answers.0.audience.center_ids", `there is no center "no"`},
			{`{"identifier":"a","answers":[{"answer_id":"1","text":"/redirect nobody"}]}`, "answers.0.text", `there is no agent "nobody"`},
			{`{"identifier":"a","answers":[{"answer_id":"1","buttons":[{"caption":"x","article_id":"no"}]}]}`, "answers.0.buttons.0.article_id", `there is no article "no"`},
			{`{"identifier":"a","answers":[{"answer_id":"1","attachments":[{"blob":"` + fmt.Sprintf("%064d", 0) + `"}]}]}`, "answers.0.attachments.0.blob", "there is no such file; upload it first"},
		} {
			got := h.as("boss", "PUT", "/api/v1/articles/a", tt.body).want(422)
			if got.field("field") != tt.field || got.field("detail") != tt.reason {
				t.Errorf("%s: %v, %v; want %s, %s", tt.body, got.field("field"), got.field("detail"), tt.field, tt.reason)
			}
		}
		h.as("boss", "PUT", "/api/v1/articles/other", `{"identifier":"other","title":"T"}`).want(428)
		h.as("boss", "PUT", "/api/v1/articles/other", `{"identifier":"other","title":"T","revision":7}`).want(409)
		h.as("boss", "PUT", "/api/v1/agents/hello", `{"kind":"greeting","article_id":"other"}`).want(200)
		if got := h.as("boss", "DELETE", "/api/v1/articles/other", "").want(409).field("detail"); got != `article "other" is in use by agent hello` {
			t.Errorf("an agent's article: %v", got)
		}
	})
}

// What was taken out is found again as long as nobody brought it back.
func TestWhatWasTakenOutIsFoundAgain(t *testing.T) {
	inHouse(t, func(h *house) {
		const removed = "/api/v1/knowledge/removed"
		for _, id := range []string{"one", "two"} {
			h.as("boss", "PUT", "/api/v1/articles/"+id, `{"identifier":"`+id+`","title":"Запись `+id+`"}`).want(200)
			h.as("boss", "DELETE", "/api/v1/articles/"+id, "").want(204)
		}
		if got := h.as("boss", "GET", removed, "").want(200); got.field("total") != 2.0 || got.field("items", 0, "id") != "two" ||
			got.field("items", 1, "title") != "Запись one" || got.field("items", 1, "revision") != 1.0 || got.field("items", 1, "by") != "boss" {
			t.Errorf("taken out: %s", got.Body)
		}
		h.as("boss", "POST", "/api/v1/articles/one/restore", `{"revision":1}`).want(200)
		if got := h.as("boss", "GET", removed+"?offset=0&limit=1", "").want(200); got.field("total") != 1.0 || got.field("items", 0, "id") != "two" {
			t.Errorf("after one was brought back: %s", got.Body)
		}
		h.as("boss", "GET", removed+"?limit=0", "").want(422)
		h.as("lena", "GET", removed, "").want(403)
	})
}

// proves KB-10: slots and types that were taken out come back as articles do: as
// they were, once, and not over what has their name since.
func TestKB10_SlotsAndTypesComeBack(t *testing.T) {
	for _, tt := range []struct{ kind, body, says string }{
		{"slots", `{"identifier":"city","name":"Город","type":"DICTIONARY","entries":[{"id":"m","caption":"Москва"}]}`, `"caption":"Москва"`},
		{"article-types", `{"identifier":"QA","name":"Вопросы"}`, `"name":"Вопросы"`},
	} {
		inHouse(t, func(h *house) {
			const removed = "/api/v1/knowledge/removed"
			path, other := "/api/v1/"+tt.kind+"/one", "/api/v1/"+tt.kind+"/other"
			h.as("boss", "PUT", path, tt.body).want(200)
			h.as("boss", "DELETE", path, "").want(204)
			gone := h.as("boss", "GET", removed, "").want(200)
			if gone.field("total") != 1.0 || gone.field("items", 0, "kind") != tt.kind || gone.field("items", 0, "id") != "one" || gone.field("items", 0, "by") != "boss" {
				t.Fatalf("taken out: %s", gone.Body)
			}
			back := fmt.Sprintf(`{"revision":%v}`, gone.field("items", 0, "revision"))
			h.as("oleg", "POST", path+"/restore", back).want(403)
			h.as("boss", "POST", path+"/restore", `{"revision":99}`).want(422)
			h.as("boss", "POST", other+"/restore", back).want(404)
			h.as("boss", "PUT", other, tt.body).want(200) // it has the identifier now
			if got := h.as("boss", "POST", path+"/restore", back).want(422).Body.String(); !strings.Contains(got, "belongs to another") {
				t.Errorf("over another's name: %s", got)
			}
			h.as("boss", "DELETE", other, "").want(204)
			for range 2 { // the answer may have been lost
				if got := h.as("boss", "POST", path+"/restore", back).want(200).Body.String(); !strings.Contains(got, tt.says) || !strings.Contains(got, `"origin":"restore:`) {
					t.Errorf("it came back as %s", got)
				}
			}
			if left := h.as("boss", "GET", removed, ""); left.field("total") != 1.0 || left.field("items", 0, "id") != "other" {
				t.Errorf("still taken out: %s", left.Body)
			}
		})
	}
}

// proves KB-11: reading needs view_kb, and writing modify_knowledgebase.
func TestKB11_Rights(t *testing.T) {
	inHouse(t, func(h *house) {
		h.reads("oleg", directory.ViewKB)
		for path, want := range map[string]int{"/articles": 200, "/slots": 200, "/article-types": 200, "/articles/a": 404} {
			h.as("oleg", "GET", "/api/v1"+path, "").want(want)
			h.as("lena", "GET", "/api/v1"+path, "").want(403)
			h.as("", "GET", "/api/v1"+path, "").want(401)
		}
		for _, kind := range []string{"articles", "slots", "article-types"} {
			h.as("oleg", "PUT", "/api/v1/"+kind+"/a", `{"identifier":"a","name":"A"}`).want(403)
			h.as("oleg", "DELETE", "/api/v1/"+kind+"/a", "").want(403)
		}
		h.as("oleg", "POST", "/api/v1/articles/a/restore", `{"revision":1}`).want(403)
		h.as("oleg", "POST", "/api/v1/knowledge/import", `{}`).want(403)
		h.as("oleg", "POST", "/api/v1/knowledge/files", `x`).want(403)
		h.as("oleg", "GET", "/api/v1/knowledge/export", "").want(200)
		h.as("lena", "GET", "/api/v1/knowledge/export", "").want(403)
		h.as("lena", "GET", "/api/v1/knowledge/files/"+strings.Repeat("0", 64), "").want(403)
	})
}

// proves KB-02: the list is filtered while one types, by title, identifier or
// type, sorted by each column in both directions, and paged.
func TestKB02_List(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "PUT", "/api/v1/article-types/kb", `{"identifier":"KB","name":"Справочник"}`).want(200)
		h.as("boss", "PUT", "/api/v1/article-types/qa", `{"identifier":"QA","name":"Вопрос — ответ"}`).want(200)
		for _, a := range []string{`"identifier":"delivery","title":"Ёлки: доставка","type_id":"qa"`, `"identifier":"БИЛЕТ","title":"Авиабилеты","type_id":"kb"`,
			`"identifier":"refund","title":"Возврат","type_id":"qa"`} {
			h.as("boss", "PUT", fmt.Sprintf("/api/v1/articles/%d", len(h.events("knowledge/main"))), "{"+a+"}").want(200)
		}
		for _, tt := range []struct{ query, want string }{
			{"", "[delivery refund БИЛЕТ] of 3"},
			{"?sort=identifier&order=desc", "[БИЛЕТ refund delivery] of 3"},
			{"?sort=title", "[БИЛЕТ refund delivery] of 3"},
			{"?sort=type", "[delivery refund БИЛЕТ] of 3"},
			{"?sort=changed&order=desc&limit=1", "[refund] of 3"},
			{"?sort=changed&limit=2&offset=2", "[refund] of 3"},
			{"?offset=9", "[] of 3"},
			{"?query=елк", "[delivery] of 1"},
			{"?query=билет", "[БИЛЕТ] of 1"},
			{"?query=qa", "[delivery refund] of 2"},
			{"?query=ответ+возв", "[refund] of 1"},
			{"?query=ответ+билет", "[] of 0"},
			{"?type=kb", "[БИЛЕТ] of 1"},
		} {
			got := h.as("boss", "GET", "/api/v1/articles"+tt.query, "").want(200)
			names := []any{}
			for i := range got.field("items").([]any) {
				names = append(names, got.field("items", i, "identifier"))
			}
			if s := fmt.Sprintf("%v of %v", names, got.field("total")); s != tt.want {
				t.Errorf("%s: %s, want %s", tt.query, s, tt.want)
			}
		}
		for query, field := range map[string]string{"?sort=size": "sort", "?order=up": "order", "?limit=0": "limit", "?limit=501": "limit", "?offset=-1": "offset"} {
			if got := h.as("boss", "GET", "/api/v1/articles"+query, "").want(422).field("field"); got != field {
				t.Errorf("%s is refused about %v", query, got)
			}
		}
	})
}

// proves KB-01, KB-08: what was taken out comes back as it was, and so does
// every version, with its author.
func TestKB_VersionsAndUndo(t *testing.T) {
	inHouse(t, func(h *house) {
		one := "/api/v1/articles/a"
		h.as("boss", "PUT", one, `{"identifier":"a","title":"Первая"}`).want(200)
		h.as("boss", "PUT", one, `{"identifier":"a","title":"Вторая","revision":1}`).want(200)
		h.as("boss", "DELETE", one, "").want(204)
		h.as("boss", "GET", one, "").want(404)
		if got := h.as("boss", "GET", "/api/v1/articles", "").field("total"); got != 0.0 {
			t.Errorf("%v articles are left", got)
		}
		h.as("boss", "POST", one+"/restore", `{"revision":3}`).want(404)
		got := h.as("boss", "POST", one+"/restore", `{"revision":2}`).want(200)
		if got.field("title") != "Вторая" || got.field("revision") != 4.0 || got.field("origin") != "restore:2" {
			t.Errorf("undone: %s", got.Body)
		}
		h.as("boss", "POST", one+"/restore", `{"revision":1}`, "If-Match", "3").want(409)
		h.as("boss", "POST", one+"/restore", `{"revision":1}`, "If-Match", "4").want(200)
		vs := h.as("boss", "GET", one+"/versions", "").want(200)
		want := "[5 restore:1 boss false] [4 restore:2 boss false] [3 <nil> boss true] [2 <nil> boss false] [1 <nil> boss false] "
		var s string
		for i := range vs.field("items").([]any) {
			s += fmt.Sprint([]any{vs.field("items", i, "revision"), vs.field("items", i, "origin"), vs.field("items", i, "by"), vs.field("items", i, "removed")}, " ")
		}
		if s != want {
			t.Errorf("versions: %s\nwant %s", s, want)
		}
		if got := h.as("boss", "GET", one+"/versions/2", "").want(200).field("title"); got != "Вторая" {
			t.Errorf("revision 2 is %v", got)
		}
		h.as("boss", "GET", one+"/versions/3", "").want(404)
		h.as("boss", "GET", one+"/versions/x", "").want(422)
	})
}

// reads gives a user of the shop these permissions.
func (h *house) reads(id string, roles ...string) {
	h.t.Helper()
	u := &event.User{UserId: id, Login: id, CenterIds: []string{"shop"}, LineIds: []string{"help"}, Roles: roles}
	h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: u})
	settle()
}

// proves SL-02, SL-03: an author sees what a slot makes of a text before it is kept.
func TestSL02_SlotsAreTriedOut(t *testing.T) {
	inHouse(t, func(h *house) {
		for _, tt := range []struct {
			slot, text, value, caption string
			ok                         bool
		}{
			{`"type":"CAPTURE","pattern":"(?i)заказ.*?(\\d+)"`, "Заказ № 20481", "20481", "20481", true},
			{`"type":"CAPTURE","pattern":"\\d{4}"`, "не знаю", "", "", false},
			{`"type":"MATCH","pattern":"(?i)iphone"`, "Samsung", "false", "Нет", true},
			{`"type":"INTEGER","least":1,"most":5`, "7", "", "", false},
			{`"type":"PHONE","pattern":"+7 (XXX) XXX-XX-XX"`, "89161234567", "+79161234567", "+7 (916) 123-45-67", true},
			{`"type":"DICTIONARY","entries":[{"id":"good","caption":"Быстро"}]`, "быстро", "good", "Быстро", true},
			{`"type":"CAPTURE","kind":"INFERRED","pattern":"модель (\\S+)"`, "У меня модель X5, не включается", "X5,", "X5,", true},
		} {
			got := h.as("boss", "POST", "/api/v1/knowledge/try-slot", `{"slot":{"identifier":"s",`+tt.slot+`},"text":"`+tt.text+`"}`).want(200)
			if got.field("ok") != tt.ok || got.field("value") != tt.value || got.field("caption") != tt.caption {
				t.Errorf("%s of %q: %s", tt.slot, tt.text, got.Body)
			}
		}
		refused := h.as("boss", "POST", "/api/v1/knowledge/try-slot", `{"slot":{"identifier":"s","type":"MATCH","pattern":"("},"text":"x"}`).want(422)
		if refused.field("field") != "pattern" {
			t.Errorf("a pattern that is none: %s", refused.Body)
		}
	})
}

// proves KB-09, KB-11: what is saved is found at once, within the routing
// settings of who looks and of the conversation that it is looked for.
func TestKB11_Search(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "PUT", "/api/v1/article-types/qa", `{"identifier":"QA","name":"Вопрос — ответ"}`).want(200)
		h.as("boss", "PUT", "/api/v1/skills/vip", `{"name":"VIP"}`).want(200)
		h.as("boss", "PUT", "/api/v1/articles/delivery", `{"identifier":"delivery","title":"Доставка заказа","type_id":"qa","questions":["когда привезут посылку"],
			"answers":[{"answer_id":"1","text":"Курьер приедет завтра"},{"answer_id":"2","text":"Персональный водитель","audience":{"skills":["vip"]}}]}`).want(200)
		h.as("boss", "PUT", "/api/v1/articles/loans", `{"identifier":"loans","title":"Доставка карты","answers":[{"answer_id":"1","text":"В отделении","audience":{"center_ids":["bank"]}}]}`).want(200)
		h.as("boss", "PUT", "/api/v1/articles/draft", `{"identifier":"draft","title":"Доставка мечты"}`).want(200)
		h.reads("oleg", directory.ViewKB)
		h.reads("mila", directory.ViewKB)
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "lone", Login: "lone", Roles: []string{directory.ViewKB}}})
		talk := h.writes("site", "anna", "hello")
		for _, tt := range []struct{ user, call, want string }{
			{"oleg", "search?q=доставка", "delivery"}, {"oleg", "search?q=посылка", "delivery"}, {"oleg", "search?q=курьер", "delivery"},
			{"oleg", "search?q=доставка&type=kb", ""}, {"oleg", "search?q=доставка&type=qa", "delivery"}, {"oleg", "search", "delivery"},
			{"oleg", "search?q=водитель", "delivery"}, {"oleg", "search?q=водитель&conversation_id=" + talk, ""},
			{"oleg", "search?q=доставка&conversation_id=" + talk, "delivery"}, {"rival", "search?q=доставка", "delivery loans"},
			{"lone", "search?q=доставка", "delivery"}, {"lone", "search?q=отделение", ""},
			{"oleg", "suggest?q=дост", "delivery"}, {"oleg", "suggest?q=посыл", "delivery"}, {"rival", "suggest?q=дост", "delivery loans"},
		} {
			got, ids := h.as(tt.user, "GET", "/api/v1/kb/"+tt.call, "").want(200), []string{}
			for i := range got.field("items").([]any) {
				ids = append(ids, got.field("items", i, "article_id").(string))
			}
			if slices.Sort(ids); strings.Join(ids, " ") != tt.want {
				t.Errorf("%s %s: %v, want %s", tt.user, tt.call, ids, tt.want)
			}
		}
		for _, tt := range []struct {
			user, path string
			answers    int // 0 is not there
		}{
			{"oleg", "delivery", 2}, {"oleg", "delivery?conversation_id=" + talk, 1}, {"oleg", "loans", 0}, {"oleg", "draft", 0}, {"rival", "loans", 1}, {"oleg", "delivery?conversation_id=no", 0},
		} {
			got := h.as(tt.user, "GET", "/api/v1/kb/articles/"+tt.path, "")
			if n := 0; got.Code == 200 {
				if n = len(got.field("answers").([]any)); n != tt.answers {
					t.Errorf("%s sees %d answers of %s, want %d", tt.user, n, tt.path, tt.answers)
				}
			} else if got.want(404); tt.answers > 0 {
				t.Errorf("%s does not see %s", tt.user, tt.path)
			}
		}
		h.as("boss", "DELETE", "/api/v1/articles/delivery", "").want(204)
		if got := h.as("oleg", "GET", "/api/v1/kb/search?q=доставка", "").want(200); got.field("total") != 0.0 {
			t.Errorf("what was taken out is found: %s", got.Body)
		}
		h.as("lena", "GET", "/api/v1/kb/search?q=x", "").want(403)
		h.as("oleg", "GET", "/api/v1/kb/search?q=x&limit=51", "").want(422)
	})
}
