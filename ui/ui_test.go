package ui

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const page = `<html><meta name="csp-nonce" content="" /></html>`

var script = strings.Repeat("let a = 1;\n", 100)

func small(t *testing.T) http.Handler {
	s, err := open(fstest.MapFS{
		"index.html":          {Data: []byte(page)},
		"favicon.svg":         {Data: []byte("<svg/>")},
		"assets/index-abc.js": {Data: []byte(script)},
		"assets/data-abc.bin": {Data: []byte(script)},
		"widget/widget.js":    {Data: []byte(script)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.Over(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "next", http.StatusNotFound) }))
}

func ask(h http.Handler, method, path string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func read(t *testing.T, r *http.Response) string {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPage(t *testing.T) {
	h := small(t)
	nonces := map[string]bool{}
	for _, path := range []string{"/", "/work", "/work/c-1", "/signin", "/profile", "/knowledge/articles/a-1", "/bot/try", "/reviews", "/agents", "/settings"} {
		r := ask(h, "GET", path)
		nonce := regexp.MustCompile(`content="(\w+)"`).FindStringSubmatch(read(t, r))
		if r.StatusCode != 200 || nonce == nil {
			t.Fatalf("%s: %d, no nonce", path, r.StatusCode)
		}
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "style-src 'self' 'nonce-"+nonce[1]+"'") {
			t.Errorf("%s: the policy %q does not know the nonce %s", path, policy, nonce[1])
		}
		if got := r.Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
		nonces[nonce[1]] = true
	}
	if len(nonces) != 10 {
		t.Errorf("%d nonces for 10 requests", len(nonces))
	}
	if body := read(t, ask(h, "HEAD", "/work")); body != "" {
		t.Errorf("HEAD has a body: %q", body)
	}
}

func TestNotOurs(t *testing.T) {
	h := small(t)
	for _, path := range []string{"/assets/missing.js", "/assets/", "/api/v1/session", "/index.html", "/workshop", "/status", "//work", "/widget/widget.js"} {
		if r := ask(h, "GET", path); r.StatusCode != 404 {
			t.Errorf("%s: %d, want 404", path, r.StatusCode)
		}
	}
	if r := ask(h, "POST", "/work"); r.StatusCode != 404 {
		t.Errorf("POST /work: %d, want 404", r.StatusCode)
	}
}

// An address that nobody has shows a person the workspace's page, and says 404;
// programs, and what a page is made of, hear what the server says.
func TestMissingPage(t *testing.T) {
	h := small(t)
	const browser = "text/html,application/xhtml+xml,*/*;q=0.8"
	for _, path := range []string{"/nowhere", "/status/none", "/workshop"} {
		r := ask(h, "GET", path, "Accept", browser)
		if body := read(t, r); r.StatusCode != 404 || !strings.Contains(body, "csp-nonce") || strings.Contains(body, "next") {
			t.Errorf("%s: %d %q, want the page", path, r.StatusCode, body)
		}
		if r.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: a page without a policy", path)
		}
	}
	for _, c := range [][2]string{{"/nowhere", "*/*"}, {"/api/v1/nothing", browser}, {"/assets/missing.js", browser}} {
		if body := read(t, ask(h, "GET", c[0], "Accept", c[1])); body != "next\n" {
			t.Errorf("%s for %s: %q, want what the server says", c[0], c[1], body)
		}
	}
}

func TestAsset(t *testing.T) {
	h := small(t)
	plain := ask(h, "GET", "/assets/index-abc.js")
	packed := ask(h, "GET", "/assets/index-abc.js", "Accept-Encoding", "br, gzip")
	if got := read(t, plain); got != script || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("plain: %d bytes, encoding %q", len(got), plain.Header.Get("Content-Encoding"))
	}
	body := read(t, packed)
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(z); string(got) != script || len(body) >= len(script) {
		t.Errorf("packed: %d bytes for %d", len(body), len(script))
	}
	if plain.Header.Get("ETag") == packed.Header.Get("ETag") {
		t.Error("one ETag for two bodies")
	}
	for name, want := range map[string]string{
		"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable",
		"Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "",
	} {
		if got := packed.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestKept(t *testing.T) {
	h := small(t)
	for _, encoding := range []string{"", "gzip"} {
		first := ask(h, "GET", "/favicon.svg", "Accept-Encoding", encoding)
		again := ask(h, "GET", "/favicon.svg", "Accept-Encoding", encoding, "If-None-Match", first.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified || read(t, again) != "" {
			t.Errorf("%q: %d", encoding, again.StatusCode)
		}
	}
	if r := ask(h, "GET", "/favicon.svg", "If-None-Match", `"other"`); r.StatusCode != 200 {
		t.Errorf("another ETag: %d", r.StatusCode)
	}
}

func TestGzipRefused(t *testing.T) {
	h := small(t)
	for _, accept := range []string{"gzip;q=0", "br", ""} {
		if r := ask(h, "GET", "/assets/index-abc.js", "Accept-Encoding", accept); r.Header.Get("Content-Encoding") != "" {
			t.Errorf("%q is answered with gzip", accept)
		}
	}
	if r := ask(h, "GET", "/assets/data-abc.bin", "Accept-Encoding", "gzip"); r.Header.Get("Content-Encoding") != "" {
		t.Error("an unknown type is packed")
	}
}

func TestWidget(t *testing.T) {
	r := ask(small(t), "GET", "/widget.js", "Origin", "https://shop.example")
	if got := r.Header.Get("Access-Control-Allow-Origin"); r.StatusCode != 200 || got != "*" {
		t.Errorf("%d, %q", r.StatusCode, got)
	}
	if got := r.Header.Get("Cache-Control"); got != "public, max-age=300" {
		t.Errorf("Cache-Control %q", got)
	}
	if got := r.Header.Get("Cross-Origin-Resource-Policy"); got != "cross-origin" {
		t.Errorf("Cross-Origin-Resource-Policy %q", got)
	}
}

func TestWrongBuild(t *testing.T) {
	for _, root := range []fstest.MapFS{{}, {"index.html": {Data: []byte("<html></html>")}}} {
		if _, err := open(root); err == nil {
			t.Errorf("%v is taken for an interface", root)
		}
	}
}

// TestBuilt looks at what is really built in.
func TestBuilt(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	h := s.Over(http.NotFoundHandler())
	body := read(t, ask(h, "GET", "/"))
	linked := regexp.MustCompile(`(?:src|href)="(/[^"]+)"`).FindAllStringSubmatch(body, -1)
	if len(linked) < 3 {
		t.Fatalf("the page names %d files", len(linked))
	}
	for _, l := range linked {
		if r := ask(h, "GET", l[1]); r.StatusCode != 200 {
			t.Errorf("%s: %d", l[1], r.StatusCode)
		}
	}
	if bytes.Contains([]byte(body), []byte("<script>")) || strings.Contains(body, "<style") {
		t.Error("the page has scripts or styles within, which its policy forbids")
	}
}

// TestEveryScreenIsServed reads the screens' addresses where they are written.
func TestEveryScreenIsServed(t *testing.T) {
	source, err := os.ReadFile("src/app/screens.tsx")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`path: '/(\w+)'`).FindAllSubmatch(source, -1)
	if len(found) == 0 {
		t.Fatal("no screens")
	}
	for _, f := range found {
		if !slices.Contains(pages, string(f[1])) {
			t.Errorf("the screen /%s is not among the pages", f[1])
		}
	}
}
