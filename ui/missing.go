package ui

import (
	"net/http"
	"strings"
)

// A missing stands between a handler and a person's browser: where the handler
// has nothing, the workspace's page says so in the person's language and knows
// the way home. The status stays 404.
type missing struct {
	http.ResponseWriter
	page func(http.ResponseWriter)
	gone bool // the page has been shown, and what the handler says is dropped
}

func (m *missing) WriteHeader(status int) {
	if status != http.StatusNotFound {
		m.ResponseWriter.WriteHeader(status)
		return
	}
	m.gone = true
	m.Header().Del("Content-Length")
	m.page(m.ResponseWriter)
}

func (m *missing) Write(b []byte) (int, error) {
	if m.gone {
		return len(b), nil
	}
	return m.ResponseWriter.Write(b)
}

// Unwrap lets a handler reach what the connection can do.
func (m *missing) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// byPerson reports whether a person's browser asks for a page. Programs ask the
// API, and a missing part of a page is not a page.
func byPerson(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") &&
		!strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasPrefix(r.URL.Path, "/assets/")
}
