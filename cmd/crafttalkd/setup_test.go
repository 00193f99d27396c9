package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// The form of the first start leads into the workspace, signed in; the page
// lets a browser name its origin, and a form of another site does nothing.
func TestSetupForm(t *testing.T) {
	n, err := openNode(config{data: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	server := httptest.NewServer(n.handler)
	defer server.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	code := n.setupCode()

	page, err := browser.Get(server.URL + "/setup?code=" + code)
	if err != nil {
		t.Fatal(err)
	}
	page.Body.Close()
	if got := page.Header.Get("Referrer-Policy"); got != "same-origin" {
		t.Errorf("the page has the referrer policy %q: a browser would send the form without an origin", got)
	}
	send := func(origin string) *http.Response {
		form := url.Values{"code": {code}, "login": {adminLogin}, "password": {adminPassword}}
		r, err := http.NewRequest("POST", server.URL+"/setup", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
		answer, err := browser.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	for _, origin := range []string{"https://elsewhere.example", "null"} {
		answer := send(origin)
		answer.Body.Close()
		if answer.StatusCode != http.StatusUnprocessableEntity || n.rest.IsSetUp() {
			t.Fatalf("a form of %s: %d", origin, answer.StatusCode)
		}
	}
	answer := send(server.URL)
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	if answer.Request.URL.Path != "/" || !strings.Contains(string(body), `<div id="root">`) {
		t.Fatalf("the form leads to %s", answer.Request.URL)
	}
	session, err := browser.Get(server.URL + "/api/v1/session")
	if err != nil {
		t.Fatal(err)
	}
	session.Body.Close()
	if session.StatusCode != http.StatusOK {
		t.Errorf("nobody is signed in: %d", session.StatusCode)
	}
}
