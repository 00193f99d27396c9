package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v3"

	"crafttalkd/actors/event"
	"crafttalkd/transport/files"
	"crafttalkd/transport/wire"
)

// A browser asks one server by all its names, and keeps what it was led through.
type browser struct {
	t    *testing.T
	http *http.Client
}

func newBrowser(t *testing.T, server string) *browser {
	at := strings.TrimPrefix(server, "http://")
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, at)
	}
	return &browser{t, &http.Client{Transport: &http.Transport{DialContext: dial}}}
}

// ask makes a request and returns the last answer with its body.
func (b *browser) ask(method, address string, headers ...string) (*http.Response, string) {
	b.t.Helper()
	r, err := http.NewRequest(method, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp, string(body)
}

// proves SECURITY (3.5.4): with a host of their own, users' files come from there
// and from nowhere else, for who may have them and for a while; nothing else is
// there, and who is known elsewhere is not known there.
func TestFilesOnTheirOwnHost(t *testing.T) {
	const chat, own = "http://chat.test", "http://files.test"
	server := newServer(t, filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0", "--public-url", chat, "--files-url", own+"/")
	admin, err := signIn(server.url, adminLogin, adminPassword)
	if err != nil {
		t.Fatal(err)
	}
	admin.widget(t, "site")
	s := &scene{t: t, server: server, admin: admin}
	var visitor struct{ Token string }
	s.must(client{url: server.url}.ask("POST", "/widget/v1/site/session", object{}, &visitor))
	v, err := dial(server.url, "/widget/v1/site/socket", visitor.Token)
	s.must(err)
	defer v.ws.Close()
	var who string
	s.frame(v, func(f *wire.FromServer) bool { who = f.GetWelcome().GetUserId(); return who != "" })
	hash := s.upload(visitor.Token)
	s.do(v, &wire.FromClient{Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: "w1", Order: 1, Content: &event.Content{Text: "Look",
		Attachments: []*event.Attachment{{AttachmentId: "a1", Name: "me.txt", Blob: hash}}}}}})

	b := newBrowser(t, server.url)
	var link *url.URL
	for path, token := range map[string]string{"/widget/v1/site/files/": visitor.Token, "/api/v1/files/" + who + "/": admin.token} {
		r, body := b.ask("GET", chat+path+hash+"?name=me.txt", "Authorization", "Bearer "+token, "Origin", chat)
		link = r.Request.URL
		if body != "a file of "+mark || !strings.HasPrefix(link.String(), own+files.LinkPath) || r.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s leads to %s: %s %q", path, link, r.Status, body)
		}
		if r, _ := b.ask("GET", chat+path+hash); r.StatusCode == 200 || r.Request.URL.Host != "chat.test" {
			t.Errorf("%s without a key leads to %s: %s", path, r.Request.URL, r.Status)
		}
	}
	if r, body := b.ask("GET", chat+link.RequestURI()); r.Request.URL.Host != "files.test" || body != "a file of "+mark {
		t.Errorf("a link of before leads to %s: %s %q", r.Request.URL, r.Status, body)
	}
	if r, _ := b.ask("GET", strings.Replace(link.String(), "me.txt", "me.exe", 1)); r.StatusCode != 403 {
		t.Errorf("a link that was changed: %s", r.Status)
	}
	for _, path := range []string{"/", "/work", "/api/v1/session", "/api/v1/files/" + who + "/" + hash, "/widget/v1/site/files/" + hash, "/widget.js", "/healthz", "/setup"} {
		r, _ := b.ask("GET", own+path, "Authorization", "Bearer "+admin.token, "Cookie", "__Host-ct_session="+admin.token)
		if r.StatusCode != 404 || r.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s at the host of files: %s %v", path, r.Status, r.Header)
		}
	}
	for method, want := range map[string]int{"POST": 405, "DELETE": 405, "OPTIONS": 204, "HEAD": 200} {
		if r, _ := b.ask(method, link.String()); r.StatusCode != want || !strings.HasPrefix(r.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %s %v, want %d", method, r.Status, r.Header, want)
		}
	}
	r, _ := b.ask("GET", chat+"/work")
	for _, d := range []string{"img-src 'self' data: blob: " + own + ";", "connect-src 'self' " + own + ";", "media-src 'self' " + own + ";"} {
		if p := r.Header.Get("Content-Security-Policy"); !strings.Contains(p, d) {
			t.Errorf("the page's policy is %s, without %s", p, d)
		}
	}
}

func TestFilesHostIsRead(t *testing.T) {
	for _, bad := range []string{"files.example", "https://", "ftp://files.example", "https://files.example/path", "https://files.example?x", "https://u@files.example",
		"https://chat.example", "https://CHAT.example:444"} {
		if origin, err := (config{public: "https://chat.example", filesURL: bad}).apart(); err == nil {
			t.Errorf("%q is taken, as %q", bad, origin)
		}
	}
	for in, want := range map[string]string{"": "", "https://files.example": "https://files.example", "http://files.example:81/": "http://files.example:81"} {
		if origin, err := (config{public: "https://chat.example", filesURL: in}).apart(); err != nil || origin != want {
			t.Errorf("%q is %q, %v", in, origin, err)
		}
	}
}

// An authority is asked for the host of files too.
func TestFilesHostIsCertified(t *testing.T) {
	var hosts []string
	c := &cli.Command{Flags: serveFlags(), Action: func(_ context.Context, c *cli.Command) error {
		hosts = configOf(c).front.Hosts
		return nil
	}}
	args := []string{"serve", "--acme-host", "chat.example", "--files-url", "https://files.example:8443"}
	for _, want := range [][]string{{"chat.example", "files.example"}, nil} {
		if err := c.Run(t.Context(), args); err != nil || !slices.Equal(hosts, want) {
			t.Errorf("the hosts are %v, want %v: %v", hosts, want, err)
		}
		args = []string{"serve", "--files-url", "https://files.example"}
		c = &cli.Command{Flags: serveFlags(), Action: c.Action}
	}
}
