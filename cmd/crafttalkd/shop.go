package main

import (
	_ "embed"
	"html/template"
	"io"
	"maps"
	"net/http"
	"slices"

	"crafttalkd/actors/directory"
	"crafttalkd/transport/visitor"
)

//go:embed shop.html
var shopHTML string

//go:embed shop.css
var shopCSS string

var shopTemplate = template.Must(template.New("shop").Parse(shopHTML))

// shopPage shows a shop with the widget of the first widget account in it, so
// that the chat can be tried as a visitor of a site has it.
func (n *node) shopPage(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	// What a strict site allows: its own scripts and styles, and the chat's server, which is this one.
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws://"+
		r.Host+" wss://"+r.Host+"; form-action 'none'; frame-ancestors 'none'; base-uri 'none'")
	view := struct{ Account string }{firstWidget(n.system.Directory.State())}
	if err := shopTemplate.Execute(w, view); err != nil {
		n.log.Debug("demo page", "err", err)
	}
}

// firstWidget returns the first widget account that is switched on, or "".
// One named shop comes before the others: the page is a shop's.
func firstWidget(d directory.State) string {
	first := ""
	for _, id := range slices.Sorted(maps.Keys(d.Accounts)) {
		if a := d.Accounts[id].Value; a.Kind != visitor.Kind || a.Disabled {
			continue
		}
		if id == "shop" {
			return id
		}
		if first == "" {
			first = id
		}
	}
	return first
}

// shopStyle serves the page's style sheet.
func (n *node) shopStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	io.WriteString(w, shopCSS)
}
