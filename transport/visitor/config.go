package visitor

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	"crafttalkd/actors/refusal"
)

//go:embed words/*.json
var wordFiles embed.FS

// words is what the widget says, by language and name: a text, or its forms by
// number. It comes with the configuration, so an account may say it otherwise.
var words = map[string]map[string]json.RawMessage{"ru": mustWords("ru"), "en": mustWords("en")}

func mustWords(language string) (out map[string]json.RawMessage) {
	b, err := wordFiles.ReadFile("words/" + language + ".json")
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		panic(err) // it is part of the program
	}
	return out
}

// A Shown configuration is what the page of a site is told of its widget.
type Shown struct {
	Looks
	Logo  string                                `json:"logo,omitempty"` // where it is on this server
	Texts map[string]map[string]json.RawMessage `json:"texts"`
}

// Show returns the configuration of an account's widget, whole.
func Show(account string, s Settings) Shown {
	out := Shown{Looks: s.Looks, Texts: map[string]map[string]json.RawMessage{}}
	yes := true
	radius := 16
	out.Style = cmp.Or(out.Style, "classic")
	out.Theme = cmp.Or(out.Theme, "auto")
	out.Position = cmp.Or(out.Position, "right")
	out.Accent = cmp.Or(out.Accent, "#0b6e75")
	out.Radius = cmp.Or(out.Radius, &radius)
	out.Rating = cmp.Or(out.Rating, &yes)
	out.Files.Enabled = cmp.Or(out.Files.Enabled, &yes)
	out.Files.MaxSize = cmp.Or(out.Files.MaxSize, largestFile)
	out.Files.MaxCount = cmp.Or(out.Files.MaxCount, 10)
	out.Files.Accept = orEmpty(out.Files.Accept)
	out.PreChat = orEmpty(out.PreChat)
	if len(out.Languages) == 0 {
		out.Languages = []string{"ru", "en"}
	}
	for _, l := range out.Languages {
		out.Texts[l] = inOwn(words[l], s.Texts[l])
	}
	if s.Logo != "" {
		sum := sha256.Sum256([]byte(s.Logo))
		out.Logo = "/widget/v1/" + account + "/logo?v=" + hex.EncodeToString(sum[:4])
	}
	return out
}

// inOwn returns words with some of them in the account's own.
func inOwn(all map[string]json.RawMessage, own map[string]string) map[string]json.RawMessage {
	out := maps.Clone(all)
	for name, text := range own {
		if b, err := json.Marshal(text); err == nil {
			out[name] = b
		}
	}
	return out
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// Preview returns what a page would be told of a widget with these settings, as
// far as there can be one. Its logo is nowhere yet: it is the settings' own.
func Preview(raw json.RawMessage) (json.RawMessage, error) {
	if err := CheckSettings(raw); err != nil {
		return nil, err
	}
	s, err := readSettings(raw)
	if err != nil {
		return nil, err
	}
	s.Logo = ""
	return json.Marshal(Show("preview", s))
}

// Configuration says how the widget looks and what it says:
// GET /widget/v1/ACCOUNT/config. It is the first that a page asks for, and the
// only thing if its visitor does not write.
func (l *Lobby) Configuration(w http.ResponseWriter, r *http.Request) {
	id, err := l.widget(r)
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	body, err := json.Marshal(Show(id, settingsOf(l.config.System.Directory.State().Account(id))))
	if err != nil {
		l.refuse(w, r, err)
		return
	}
	l.cors(w, r)
	h := w.Header()
	sum := sha256.Sum256(body)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	h.Set("ETag", etag)
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = packed(body)
	}
	w.Write(body) // whoever asked is gone if this fails
}

func packed(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(body) // into memory
	z.Close()
	return b.Bytes()
}

// Logo shows the account's picture: GET /widget/v1/ACCOUNT/logo. Pages load it
// as an image, so it is open to every site that may know its address.
func (l *Lobby) Logo(w http.ResponseWriter, r *http.Request) {
	a := l.config.System.Directory.State().Account(accountOf(r))
	if a == nil || a.Kind != Kind || a.Disabled {
		l.refuse(w, r, refusal.New(refusal.NotFound, "there is no widget %q", accountOf(r)))
		return
	}
	mime, body, ok := picture(settingsOf(a).Logo)
	if !ok {
		l.refuse(w, r, refusal.New(refusal.NotFound, "the widget has no logo"))
		return
	}
	h := w.Header()
	h.Set("Content-Type", mime)
	h.Set("Cache-Control", "public, max-age=86400")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	// A drawing opened by itself runs nothing.
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.Write(body) // whoever asked is gone if this fails
}
