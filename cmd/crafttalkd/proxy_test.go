package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"crafttalkd/actors/event"
	"crafttalkd/transport/front/fronttest"
	"crafttalkd/transport/wire"
)

// A gate is nginx as docs/deploy/nginx.conf sets it up, before a server, and
// somebody who comes to it from another machine.
type gate struct {
	server *child
	admin  client // past the proxy
	dialer *net.Dialer
	at     string
	trust  *tls.Config
	http   *http.Client
}

const gateURL = "https://desk.example.org"

// newGate starts both. nginx has nowhere to lay a body aside: it fails if it tries.
func newGate(t *testing.T) *gate {
	t.Helper()
	dir := t.TempDir()
	g := &gate{server: newServer(t, filepath.Join(dir, "data"), "--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1", "--public-url", gateURL),
		dialer: &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}, at: freeAddress(t)}
	var err error
	if g.admin, err = signIn(g.server.url, adminLogin, adminPassword); err != nil {
		t.Fatal(err)
	}
	cert, key := fronttest.Pair(t, dir, "desk.example.org")
	pem, err := os.ReadFile(cert)
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		t.Fatal(err)
	}
	g.trust = &tls.Config{RootCAs: roots, ServerName: "desk.example.org"}
	g.http = &http.Client{Transport: &http.Transport{TLSClientConfig: g.trust, DialContext: g.dial}}

	site, err := os.ReadFile(filepath.Join("..", "..", "docs", "deploy", "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	here := strings.NewReplacer("listen 80;", "listen "+freeAddress(t)+";", "listen 443 ", "listen "+g.at+" ", "127.0.0.1:8080", strings.TrimPrefix(g.server.url, "http://"),
		"/etc/ssl/desk.example.org.pem", cert, "/etc/ssl/private/desk.example.org.key", key).Replace(string(site))
	var places strings.Builder
	for _, p := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&places, "%s_temp_path %s;\n", p, filepath.Join(dir, "none", p))
	}
	whole := filepath.Join(dir, "nginx.conf")
	text := "daemon off; master_process off; pid " + filepath.Join(dir, "pid") + "; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n" + places.String() + here + "}\n"
	if err := os.WriteFile(whole, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "none"), 0o700); err != nil {
		t.Fatal(err)
	}
	g.start(t, whole)
	if err := os.RemoveAll(filepath.Join(dir, "none")); err != nil {
		t.Fatal(err)
	}
	return g
}

// start starts nginx and waits until it listens.
func (g *gate) start(t *testing.T, configuration string) {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not on everybody's path
	}
	log := &tail{}
	nginx := exec.Command(program, "-c", configuration)
	nginx.Stderr = log
	if err := nginx.Start(); err != nil {
		t.Fatalf("nginx is needed: .ci/servers installs it: %v", err)
	}
	t.Cleanup(func() { nginx.Process.Kill(); nginx.Wait() })
	for end := time.Now().Add(startTime); ; {
		c, err := g.dialer.Dial("tcp", g.at)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(end) {
			t.Fatalf("nginx: %v\n%s", err, log)
		}
	}
}

func (g *gate) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	return g.dialer.DialContext(ctx, network, g.at)
}

// ask makes a request through the proxy and returns the answer with its body.
func (g *gate) ask(t *testing.T, method, path, token, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, gateURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	a, err := g.http.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return a, string(b)
}

// socket opens one of the sockets through the proxy; its welcome has been read.
func (g *gate) socket(t *testing.T, path, token string) *socket {
	t.Helper()
	s, err := dialBy(websocket.Dialer{TLSClientConfig: g.trust, NetDialContext: g.dial}, gateURL, path, token)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.ws.Close() })
	f, err := s.read()
	if err != nil || f.GetWelcome() == nil {
		t.Fatalf("%s: the first frame is %v, %v", path, f, err)
	}
	return s
}

// proves WS-02, G55: behind nginx, set up as the documentation says, sockets and streams
// work at once, bodies pass through without being laid on its disk, and who asks is known.
func TestBehindNginx(t *testing.T) {
	g := newGate(t)
	g.admin.widget(t, "site")
	r, text := g.ask(t, "POST", "/widget/v1/site/session", "", "{}", "Content-Type", "application/json")
	_, visitor, _ := strings.Cut(text, `"token":"`)
	if visitor, _, _ = strings.Cut(visitor, `"`); visitor == "" {
		t.Fatalf("%s %s", r.Status, text)
	}

	// A stream tells of a message while it goes on.
	soon, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	feed, err := http.NewRequestWithContext(soon, "GET", gateURL+"/api/v1/feed?cursor=now", nil)
	if err != nil {
		t.Fatal(err)
	}
	feed.Header.Set("Authorization", "Bearer "+g.admin.token)
	feed.Header.Set("Accept", "application/x-ndjson")
	stream, err := g.http.Do(feed)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewReader(stream.Body)
	if line, err := lines.ReadString('\n'); err != nil || !strings.Contains(line, "cursor") {
		t.Fatalf("the feed begins with %q, %v", line, err)
	}
	g.socket(t, "/desk/v1/socket", g.admin.token)
	s := g.socket(t, "/widget/v1/site/socket", visitor)
	if _, err := s.write(&wire.FromClient{Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: "m1", Content: &event.Content{Text: "Hello?"}, Order: 1}}}); err != nil {
		t.Fatal(err)
	}
	if line, err := lines.ReadString('\n'); err != nil || !strings.Contains(line, "item") {
		t.Errorf("the feed tells %q, %v", line, err)
	}

	// Bodies pass, up to limits that are the server's.
	for _, b := range []struct {
		path, token, kind string
		size, want        int
	}{
		{"/widget/v1/site/files?name=film.bin", visitor, "application/octet-stream", 20 << 20, 200},
		{"/widget/v1/site/files?name=film.bin", visitor, "application/octet-stream", 20<<20 + 1, 422},
		{"/api/v1/knowledge/import", g.admin.token, "application/zip", 100 << 20, 422},
	} {
		r, text := g.ask(t, "POST", b.path, b.token, string(bytes.Repeat([]byte("A 16-byte sample"), b.size/16+1)[:b.size]), "Content-Type", b.kind)
		if r.StatusCode != b.want || !strings.HasPrefix(text, "{") {
			t.Errorf("%d bytes to %s are answered %s %.200s", b.size, b.path, r.Status, text)
		}
	}
}

// proves WS-02: behind nginx a sign-in is counted and noted by who makes it, whatever is
// said in the head of the request, and the pages of machines are not open to the world.
func TestBehindNginx_WhoAsks(t *testing.T) {
	g := newGate(t)
	r, text := g.ask(t, "POST", "/api/v1/session", "", `{"login":"`+adminLogin+`","password":"`+adminPassword+`"}`,
		"Content-Type", "application/json", "X-Forwarded-For", "203.0.113.9", "Origin", gateURL)
	if r.StatusCode != 200 {
		t.Fatalf("%s %s", r.Status, text)
	}
	if c := r.Header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-") || !strings.Contains(c, "Secure") {
		t.Errorf("the cookie is %q", c)
	}
	if log := g.server.log.String(); !strings.Contains(log, "ip=127.0.0.2") || strings.Contains(log, "203.0.113.9") {
		t.Errorf("the log says\n%s", log)
	}
	for _, path := range []string{"/metrics", "/readyz", "/status", "/status/status.css"} {
		if r, _ := g.ask(t, "GET", path, "", ""); r.StatusCode != http.StatusForbidden {
			t.Errorf("%s is answered %s", path, r.Status)
		}
	}
	if r, _ := g.ask(t, "GET", "/statistics", "", ""); r.StatusCode != 200 {
		t.Errorf("the page of statistics is answered %s", r.Status)
	}
}
