package rest_test

import (
	"fmt"
	"strings"
	"testing"
)

// imports sends a file of the knowledge base.
func (h *house) imports(query, file string) answer {
	h.t.Helper()
	return h.as("boss", "POST", "/api/v1/knowledge/import"+query, file, "Content-Type", "text/csv")
}

// proves KB-03: a broken import names line and field, all of them, and changes
// nothing; neither does one that is only tried.
func TestKB03_BrokenImportChangesNothing(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "PUT", "/api/v1/articles/old", `{"identifier":"old"}`).want(200)
		for _, tt := range []struct{ file, places string }{
			{"identifier,line\ngood,\nbad,nowhere\n", "[3 routing.line_id]"},
			{"identifier,for_lines\ngood,help\n\nbad,loan\n", "[4 answers.0.audience.line_ids]"},
			{"identifier,topic\nOLD,no\nx y,\n", "[2 topic_id]"},
			{"identifier,title,policy\nOLD,New,\nx y,,\n\"line\n break\",,\n", "[3 identifier] [4 identifier]"},
			{"identifier,text,conditions\ngood,1,city = 5\nbad,2,\n", "[2 conditions]"},
			{"identifier,files\ngood,\"{\"\"blob\"\":\"\"" + strings.Repeat("0", 64) + "\"\"}\"\n", "[2 answers.0.attachments.0.blob]"},
			{"kind,identifier,text,for_lines\n,good,1,\nanswer,,2,help\nanswer,,3,loan\n", "[4 answers.2.audience.line_ids]"},
			{"identifier\n\"a\n", "[2 ]"},
		} {
			for _, query := range []string{"", "?dry_run=true", "?format=csv"} {
				got := h.imports(query, tt.file).want(422)
				places := ""
				for i := range got.field("places").([]any) {
					places += fmt.Sprint([]any{got.field("places", i, "line"), got.field("places", i, "field")}, " ")
				}
				if strings.TrimSpace(places) != tt.places {
					t.Errorf("%q: %s, want %s", tt.file, got.Body, tt.places)
				}
			}
		}
		if n := len(h.events("knowledge/main")); n != 1 {
			t.Errorf("there are %d facts, want the one of before", n)
		}
		got := h.imports("?dry_run=true", "kind,identifier,title,type\narticle,OLD,New,qa\narticle,fresh,,\ntype,QA,Questions,\n").want(200)
		if s := fmt.Sprint(got.field("dry_run"), got.field("entries"), got.field("articles"), got.field("slots"), got.field("types")); s !=
			"true 3 map[added:1 changed:1] map[added:0 changed:0] map[added:1 changed:0]" {
			t.Errorf("tried: %s", s)
		}
		if n := len(h.events("knowledge/main")); n != 1 {
			t.Errorf("after a trial there are %d facts, want one", n)
		}
		h.as("boss", "POST", "/api/v1/knowledge/import", "x", "Content-Type", "text/plain").want(422)
		h.imports("?dry_run=perhaps", "identifier\na\n").want(422)
	})
}

// proves KB-01: what is handed out can be taken in by another server, and is
// equal there, so that nobody is locked in.
func TestKB01_ExportAndImport(t *testing.T) {
	for _, format := range []string{"?format=json", "?format=csv", "?format=csv&separator=semicolon"} {
		var file string
		inHouse(t, func(h *house) {
			h.imports("", "kind,identifier,title,type,questions,slots,text,buttons,conditions,entries,for_lines\n"+
				"type,QA,Вопросы,,,,,,,,\nslot,speed,Скорость,dictionary,,,,,,\"good = Да\nbad = Нет\",\n"+
				",menu,Меню,qa,что?,speed,=Привет,Дальше -> next,speed = good,,help\nanswer,,,,,,Жаль,,,,\n,next,,,,,,,,,\n").want(200)
			file = h.as("boss", "GET", "/api/v1/knowledge/export"+format, "").want(200).Body.String()
		})
		inHouse(t, func(h *house) {
			h.as("boss", "POST", "/api/v1/knowledge/import"+strings.Replace(format, "&separator=semicolon", "", 1), file, "Content-Type", "application/octet-stream").want(200)
			if again := h.as("boss", "GET", "/api/v1/knowledge/export"+format, "").want(200).Body.String(); again != file {
				t.Errorf("%s: it was\n%s\nand is\n%s", format, file, again)
			}
			if got := h.as("boss", "GET", "/api/v1/articles?query=меню", "").field("total"); got != 1.0 {
				t.Errorf("%s: the menu is there %v times", format, got)
			}
			if got := h.as("boss", "POST", "/api/v1/knowledge/import"+strings.Replace(format, "&separator=semicolon", "", 1), file); got.field("articles", "changed") != 0.0 {
				t.Errorf("%s: the same again changes %s", format, got.Body)
			}
		})
	}
}

// proves KB-04: a file that was uploaded is for saving, whatever it holds, and a
// program is not taken.
func TestKB04_Files(t *testing.T) {
	inHouse(t, func(h *house) {
		up := func(body string) answer {
			return h.as("boss", "POST", "/api/v1/knowledge/files?name=Тариф%20«Всё».html", body, "Content-Type", "application/octet-stream")
		}
		file := up("<html><script>alert(1)</script>").want(200)
		got := h.as("boss", "GET", "/api/v1/knowledge/files/"+file.field("blob").(string)+"?name=a.html", "").want(200)
		if ct, cd := got.Header().Get("Content-Type"), got.Header().Get("Content-Disposition"); ct != "application/octet-stream" || !strings.HasPrefix(cd, "attachment") ||
			got.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("it is %s, %s", ct, cd)
		}
		up("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 64)).want(422)
		up("").want(422)
		h.as("boss", "GET", "/api/v1/knowledge/files/"+strings.Repeat("0", 64), "").want(404)
		body := `{"identifier":"a","answers":[{"answer_id":"1","attachments":[{"blob":"` + file.field("blob").(string) + `","name":"a.html"}]}]}`
		if got := h.as("boss", "PUT", "/api/v1/articles/a", body).want(200).field("answers", 0, "attachments", 0, "size"); got != "31" {
			t.Errorf("the file has %v bytes", got)
		}
	})
}
