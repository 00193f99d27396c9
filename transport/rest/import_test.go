package rest_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// proves KB-04: an archive takes the knowledge base and the bytes of its files
// to a server that has none of them; one that is only tried leaves nothing.
func TestKB04_ArchiveTakesFilesAlong(t *testing.T) {
	var file, hash string
	const content = "Тарифы: 100 рублей"
	inHouse(t, func(h *house) {
		hash = h.as("boss", "POST", "/api/v1/knowledge/files?name=a.txt", content).want(200).field("blob").(string)
		h.imports("", "kind,identifier,type,question_files,files\nslot,s,text,\"{\"\"blob\"\":\"\""+hash+"\"\",\"\"name\"\":\"\"q.txt\"\"}\",\n"+
			",a,,,\"{\"\"blob\"\":\"\""+hash+"\"\",\"\"name\"\":\"\"a.txt\"\"}\"\n").want(200)
		got := h.as("boss", "GET", "/api/v1/knowledge/export?format=zip", "").want(200)
		if ct, cd := got.Header().Get("Content-Type"), got.Header().Get("Content-Disposition"); ct != "application/zip" || !strings.HasSuffix(cd, `.zip"`) {
			t.Errorf("it is %s, %s", ct, cd)
		}
		file = got.Body.String()
	})
	inHouse(t, func(h *house) {
		takes := func(query string) answer {
			return h.as("boss", "POST", "/api/v1/knowledge/import"+query, file, "Content-Type", "application/zip")
		}
		path := "/api/v1/knowledge/files/" + hash
		said := func(a answer) string {
			return fmt.Sprint(a.field("entries"), a.field("files"), a.field("articles"), a.field("slots"))
		}
		if got := said(takes("?dry_run=true").want(200)); got != "2 1 map[added:1 changed:0] map[added:1 changed:0]" {
			t.Errorf("tried: %s", got)
		}
		h.as("boss", "GET", path, "").want(404)
		takes("").want(200)
		if got := h.as("boss", "GET", path, "").want(200).Body.String(); got != content {
			t.Errorf("the file is %q", got)
		}
		if got := said(takes("?format=zip").want(200)); got != "2 0 map[added:0 changed:0] map[added:0 changed:0]" {
			t.Errorf("the same again: %s", got)
		}
		if again := h.as("boss", "GET", "/api/v1/knowledge/export?format=json", "").want(200).Body.String(); !strings.Contains(again, hash) {
			t.Errorf("the base is %s", again)
		}
	})
}

// proves KB-04: an archive that is wrong changes nothing: no entry, no file.
func TestKB04_WrongArchiveChangesNothing(t *testing.T) {
	inHouse(t, func(h *house) {
		hash := func(content string) string {
			sum := sha256.Sum256([]byte(content))
			return hex.EncodeToString(sum[:])
		}
		pack := func(book string, contents ...string) string {
			var out bytes.Buffer
			w := zip.NewWriter(&out)
			for i, content := range append([]string{book}, contents...) {
				name := "articles.json"
				if i > 0 {
					name = "files/" + hash(content)
				}
				f, err := w.Create(name)
				if err == nil {
					_, err = f.Write([]byte(content))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
		article := func(id, content string) string {
			return `{"identifier":"` + id + `","answers":[{"text":"x","files":[{"blob":"` + hash(content) + `","name":"f"}]}]}`
		}
		const program = "\x7fELF\x02\x01\x01program"
		for _, tt := range []struct{ name, file, says string }{
			{"a file is missing", pack("{\"articles\":[\n"+article("a", "here")+",\n"+article("b", "gone")+"]}", "here"), "line 3: there is no such file; upload it first"},
			{"a program", pack(`{"articles":[`+article("a", "here")+`,`+article("b", program)+`]}`, "here", program), "programs are not taken"},
			{"an entry is wrong", pack("{\"articles\":[\n"+article("a", "here")+",\n{\"identifier\":\"x y\"}]}", "here"), "line 3: an identifier has"},
			{"no archive", "PK", "not a zip archive"},
		} {
			for _, query := range []string{"?format=zip", "?format=zip&dry_run=true"} {
				if got := h.as("boss", "POST", "/api/v1/knowledge/import"+query, tt.file).want(422).Body.String(); !strings.Contains(got, tt.says) {
					t.Errorf("%s: %s, want %s", tt.name, got, tt.says)
				}
			}
			h.as("boss", "GET", "/api/v1/knowledge/files/"+hash("here"), "").want(404)
		}
		if n := len(h.events("knowledge/main")); n != 0 {
			t.Errorf("there are %d facts, want none", n)
		}
	})
}
