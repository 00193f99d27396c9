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

// The page speaks Russian first and English to a browser that wants it, and
// says in the same language what is wrong with the form.
func TestSetupSpeaksTheBrowsersLanguage(t *testing.T) {
	n, err := openNode(config{data: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	code := n.setupCode()
	ask := func(language string, form url.Values) string {
		t.Helper()
		r := httptest.NewRequest("GET", "/setup?code="+code, nil)
		if form != nil {
			r = httptest.NewRequest("POST", "/setup", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		r.Header.Set("Accept-Language", language)
		w := httptest.NewRecorder()
		n.handler.ServeHTTP(w, r)
		return w.Body.String()
	}
	for _, c := range []struct{ language, lang, title, badPassword, badCode string }{
		{"", `lang="ru"`, "Первый администратор", "Пароль слишком простой", "Ссылка неверна"},
		{"ru-RU,ru;q=0.9,en;q=0.8", `lang="ru"`, "Первый администратор", "Пароль слишком простой", "Ссылка неверна"},
		{"de,fr;q=0.5", `lang="ru"`, "Первый администратор", "Пароль слишком простой", "Ссылка неверна"},
		{"en-GB,en;q=0.9,ru;q=0.2", `lang="en"`, "The first administrator", "The password is too simple", "The link is wrong"},
	} {
		page := ask(c.language, nil)
		weak := ask(c.language, url.Values{"code": {code}, "login": {adminLogin}, "password": {"12345678"}})
		stale := ask(c.language, url.Values{"code": {"WRONG"}, "login": {adminLogin}, "password": {adminPassword}})
		for _, told := range [][2]string{{page, c.lang}, {page, c.title}, {weak, c.badPassword}, {weak, c.title}, {stale, c.badCode}} {
			if !strings.Contains(told[0], told[1]) {
				t.Errorf("%q: no %q in %s", c.language, told[1], told[0])
			}
		}
	}
	if n.rest.IsSetUp() {
		t.Error("a refused form has made an administrator")
	}
}
