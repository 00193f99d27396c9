package problem

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"crafttalkd/actors/refusal"
)

// proves AP-06: every kind of refusal has one status and one form.
func TestWrite(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		status int
		kind   string
		detail string
		field  string
		again  string
	}{
		{"a field", refusal.Of("login", "the login is taken"), 422, "invalid", "the login is taken", "login", ""},
		{"no right", refusal.New(refusal.Denied, "not yours"), 403, "denied", "not yours", "", ""},
		{"nothing there", refusal.New(refusal.NotFound, "no such line"), 404, "not_found", "no such line", "", ""},
		{"another state", refusal.New(refusal.Conflict, "it is closed"), 409, "conflict", "it is closed", "", ""},
		{"no room", refusal.New(refusal.Busy, "ask again"), 503, "busy", "ask again", "", "1"},
		{"wrapped", fmt.Errorf("put user: %w", refusal.New(refusal.Denied, "no")), 403, "denied", "no", "", ""},
		{"too long", &http.MaxBytesError{Limit: 5}, 413, "invalid", "the body is too large", "", ""},
		{"too late", fmt.Errorf("ask: %w", context.DeadlineExceeded), 503, "busy", "there was no answer in time", "", "1"},
	} {
		w := httptest.NewRecorder()
		Write(w, httptest.NewRequest("GET", "/", nil), c.err)
		var d Details
		if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		want := Details{"about:blank", http.StatusText(c.status), c.status, c.detail, c.kind, c.field, "", nil, 0}
		if w.Code != c.status || !reflect.DeepEqual(d, want) {
			t.Errorf("%s: Write(%v) = %d %+v, want %+v", c.name, c.err, w.Code, d, want)
		}
		if got := w.Header().Get("Retry-After"); got != c.again {
			t.Errorf("%s: Retry-After = %q, want %q", c.name, got, c.again)
		}
		if got := w.Header().Get("Content-Type"); got != ContentType {
			t.Errorf("%s: Content-Type = %q", c.name, got)
		}
	}
}

// A fault is logged once, and what broke is not told.
func TestWriteFault(t *testing.T) {
	var log bytes.Buffer
	h := Logging(slog.New(slog.NewTextHandler(&log, nil)), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Write(w, r, errors.New("disk sda1 is on fire"))
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("PUT", "/api/v1/users/5?token=secret", nil))
	var d Details
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if w.Code != 500 || d.Kind != "fault" || d.Fault == "" || strings.Contains(w.Body.String(), "sda1") {
		t.Errorf("a fault is told as %d %s", w.Code, w.Body)
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), d.Fault) || !strings.Contains(log.String(), "sda1") {
		t.Errorf("the log says %q, want one line with %s", log.String(), d.Fault)
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("the log tells the query: %q", log.String())
	}
}

func TestWriteAsKeepsTheHint(t *testing.T) {
	w := httptest.NewRecorder()
	w.Header().Set("Retry-After", "30")
	WriteAs(w, httptest.NewRequest("GET", "/", nil), 429, refusal.New(refusal.Busy, "too many tries"))
	if got := w.Header().Get("Retry-After"); w.Code != 429 || got != "30" {
		t.Errorf("WriteAs = %d, Retry-After %q, want 429 and 30", w.Code, got)
	}
}

// A file that was refused is told by all the places where it is wrong.
func TestWriteFileError(t *testing.T) {
	w := httptest.NewRecorder()
	err := &FileError{Err: refusal.Of("title", "line 3: too long, and 7 more"), Places: []Place{{3, "title", "too long"}}, More: 7}
	Write(w, httptest.NewRequest("POST", "/", nil), fmt.Errorf("import: %w", err))
	var d Details
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	want := Details{Type: "about:blank", Title: "Unprocessable Entity", Status: 422, Detail: "line 3: too long, and 7 more", Kind: "invalid",
		Field: "title", Places: err.Places, More: 7}
	if w.Code != 422 || !reflect.DeepEqual(d, want) {
		t.Errorf("%d %+v, want %+v", w.Code, d, want)
	}
}
