package rest_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A book is the served description, and what of it has been seen in answers.
type book struct {
	doc    map[string]any
	schema *jsonschema.Compiler
	done   map[string]bool // method and path of every call that succeeded
	noted  map[string]bool // and of those that left something in the log of acts
}

func openBook(t *testing.T, api http.Handler) *book {
	t.Helper()
	w := httptest.NewRecorder()
	api.ServeHTTP(w, httptest.NewRequest("GET", "/api/openapi.json", nil))
	doc, err := jsonschema.UnmarshalJSON(w.Body)
	if err != nil || w.Code != 200 {
		t.Fatalf("description: %d, %v", w.Code, err)
	}
	b := &book{doc: doc.(map[string]any), schema: jsonschema.NewCompiler(), done: map[string]bool{}, noted: map[string]bool{}}
	b.schema.AssertFormat()
	if err := b.schema.AddResource("api.json", doc); err != nil {
		t.Fatal(err)
	}
	return b
}

// at returns a part of the description, or nil.
func (b *book) at(names ...string) any {
	var v any = b.doc
	for _, n := range names {
		m, _ := v.(map[string]any)
		v = m[n]
	}
	return v
}

// calls lists every method and path described.
func (b *book) calls() []string {
	var out []string
	for path, methods := range b.at("paths").(map[string]any) {
		for method := range methods.(map[string]any) {
			out = append(out, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(out)
	return out
}

// find returns the described path that a request went to.
func (b *book) find(r *http.Request) string {
	want := strings.Split(r.URL.Path, "/")
	for path := range b.at("paths").(map[string]any) {
		have := strings.Split(path, "/")
		if len(have) != len(want) || b.at("paths", path, strings.ToLower(r.Method)) == nil {
			continue
		}
		if slices.EqualFunc(have, want, func(h, w string) bool { return h == w || strings.HasPrefix(h, "{") }) {
			return path
		}
	}
	return ""
}

// check holds one answer against the description.
func (b *book) check(t *testing.T, r *http.Request, w *httptest.ResponseRecorder) {
	t.Helper()
	path, status := b.find(r), fmt.Sprint(w.Code)
	if path == "" {
		return
	}
	where := []string{"paths", path, strings.ToLower(r.Method), "responses", status}
	if w.Code >= 400 {
		where[4] = "default"
	} else {
		b.done[r.Method+" "+path] = true
	}
	response, ok := b.at(where...).(map[string]any)
	if w.Code == http.StatusPartialContent {
		return
	}
	if !ok {
		t.Errorf("%s %s answers %s, which is not described", r.Method, path, status)
		return
	}
	media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	content, _ := response["content"].(map[string]any)
	if _, any := content["*/*"]; any {
		return
	}
	if content == nil && w.Body.Len() == 0 {
		return
	}
	if _, ok := content[media]; !ok {
		t.Errorf("%s %s answers %s with %q, described are %v", r.Method, path, status, media, slices.Collect(maps.Keys(content)))
		return
	}
	if media == "application/x-ndjson" {
		for line := range bytes.Lines(w.Body.Bytes()) {
			b.validate(t, r.Method+" "+path, append(where, "content", media, "schema"), line)
		}
		return
	}
	if strings.HasSuffix(media, "json") {
		b.validate(t, r.Method+" "+path, append(where, "content", media, "schema"), w.Body.Bytes())
	}
}

func (b *book) validate(t *testing.T, call string, where []string, body []byte) {
	t.Helper()
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
	at := "api.json#"
	for _, name := range where {
		at += "/" + escape.Replace(name)
	}
	s, err := b.schema.Compile(at)
	if err != nil {
		t.Fatalf("%s: %v", at, err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v: %s", call, err, body)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s answers what is not described: %v\n%s", call, err, body)
	}
}

// The checker itself is no ornament: it reports an answer with a field too
// many and one with a field of another type.
func TestDescriptionIsHeldAgainstAnswers(t *testing.T) {
	inHouse(t, func(h *house) {
		b := openBook(t, h.api)
		where := []string{"paths", "/healthz", "get", "responses", "200", "content", "application/json", "schema"}
		for _, body := range []string{`{"status":"ok","more":1}`, `{"status":1}`, `{}`} {
			probe := &testing.T{}
			b.validate(probe, "GET /healthz", where, []byte(body))
			if !probe.Failed() {
				t.Errorf("%s passes as an answer of GET /healthz", body)
			}
		}
	})
}
