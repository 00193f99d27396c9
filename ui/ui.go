/*
Package ui is the bundled web interface: the workspace of operators and the
widget of websites, built by `npm run build` into dist, and how they are served.

The workspace is one page, whatever the address; its files have names that
change with their contents and are kept by browsers for good.
*/
package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed all:dist
var dist embed.FS

// pages are the first words of the addresses that are the workspace's. The page
// itself finds out what is behind them.
var pages = []string{"", "work", "monitoring", "history", "statistics", "signin", "profile", "welcome", "users", "invite", "channels", "knowledge", "bot", "reviews", "agents",
	"organisation", "topics", "programs", "settings", "audit"}

// A Site serves the interface.
type Site struct {
	files         map[string]*file // by path
	before, after []byte           // of the page, around the nonce
	apart         string           // the origin of users' files, with a space before; empty for our own
}

// New returns the interface that is built into the program.
func New() (*Site, error) {
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	return open(root)
}

func open(root fs.FS) (*Site, error) {
	s := &Site{files: map[string]*file{}}
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		body, err := fs.ReadFile(root, name)
		s.files["/"+name] = newFile(name, body)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s, s.openPage()
}

// WithFiles is the interface whose files come from an origin of their own:
// "https://files.example"; empty for ours.
func (s *Site) WithFiles(origin string) *Site {
	apart := *s
	if origin != "" {
		apart.apart = " " + origin
	}
	return &apart
}

// place is where the page wants the nonce.
const place = `name="csp-nonce" content="`

func (s *Site) openPage() error {
	page := s.files["/index.html"]
	if page == nil {
		return errors.New("ui: there is no page; build it by: make ui")
	}
	before, after, ok := bytes.Cut(page.body, []byte(place))
	if !ok {
		return errors.New("ui: the page has no place for the nonce")
	}
	s.before, s.after = append(slices.Clip(before), place...), after
	delete(s.files, "/index.html")
	if widget := s.files["/widget/widget.js"]; widget != nil {
		s.files["/widget.js"] = widget.forEverySite()
		delete(s.files, "/widget/widget.js")
	}
	return nil
}

// Over returns a handler of the interface's addresses; next has all others.
func (s *Site) Over(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := s.files[r.URL.Path]
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			next.ServeHTTP(w, r)
		case f != nil:
			f.serve(w, r)
		case isPage(r.URL.Path):
			s.page(w, r, http.StatusOK)
		case byPerson(r):
			page := func(w http.ResponseWriter) { s.page(w, r, http.StatusNotFound) }
			next.ServeHTTP(&missing{ResponseWriter: w, page: page}, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func isPage(p string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	return slices.Contains(pages, first) && !strings.HasPrefix(p, "//")
}

// policy is what the page may do. Tabs of other systems are the only thing from
// elsewhere, in frames of their own.
const policy = "default-src 'self'; style-src 'self' 'nonce-%[1]s'; img-src 'self' data: blob:%[2]s; media-src 'self'%[2]s; " +
	"connect-src 'self'%[2]s; worker-src 'self'; frame-src 'self' https:; frame-ancestors 'none'; form-action 'self'; object-src 'none'; base-uri 'none'"

// page answers with the workspace. The nonce lets the components' own styles in.
func (s *Site) page(w http.ResponseWriter, r *http.Request, status int) {
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", fmt.Sprintf(policy, nonce, s.apart))
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	guard(w, r)
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		w.Write(slices.Concat(s.before, []byte(nonce), s.after)) // whoever asked is gone if this fails
	}
}

func guard(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	if r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// A file is a part of the interface, as it is and compressed.
type file struct {
	body   []byte
	packed func() []byte // nil if it does not get smaller; made once
	etag   string
	kind   string
	keep   string // Cache-Control
	open   bool   // pages of other sites may load it
}

var kinds = map[string]string{
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".mjs":  "text/javascript; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
}

func newFile(name string, body []byte) *file {
	sum := sha256.Sum256(body)
	f := &file{body: body, etag: hex.EncodeToString(sum[:8]), kind: kinds[path.Ext(name)], keep: "no-cache",
		packed: sync.OnceValue(func() []byte { return pack(body) })}
	if f.kind == "" {
		f.kind = "application/octet-stream"
		f.packed = func() []byte { return nil }
	}
	if strings.HasPrefix(name, "assets/") {
		f.keep = "public, max-age=31536000, immutable"
	}
	return f
}

// forEverySite returns f as the pages of other sites load it.
func (f *file) forEverySite() *file {
	g := *f
	g.keep, g.open = "public, max-age=300", true
	return &g
}

func pack(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(body) // into memory
	z.Close()
	if b.Len() >= len(body) {
		return nil
	}
	return b.Bytes()
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	body, etag := f.body, f.etag
	h := w.Header()
	if takesGzip(r) {
		if packed := f.packed(); packed != nil {
			body, etag = packed, etag+"-gzip"
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.keep)
	h.Set("ETag", `"`+etag+`"`)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if f.open {
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Access-Control-Allow-Origin", "*")
	}
	guard(w, r)
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+etag+`"`) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body) // whoever asked is gone if this fails
	}
}

// takesGzip reports whether the asker unpacks gzip. One that refuses it by
// q=0 is a curiosity, and is listened to.
func takesGzip(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" {
			return !strings.HasPrefix(strings.ReplaceAll(params, " ", ""), "q=0") || strings.HasPrefix(params, "q=0.")
		}
	}
	return false
}
