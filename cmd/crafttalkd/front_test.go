package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"crafttalkd/transport/front/fronttest"
)

// facing starts a server that faces the world so, until the test ends.
func facing(t *testing.T, f frontage) (address string) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	read, err := f.open(log)
	if err != nil {
		t.Fatal(err)
	}
	n, err := openNode(config{data: t.TempDir()}, log)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.run(ctx, read, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended: %v", err)
		}
		n.close()
	})
	return l.Addr().String()
}

// proves WS-02 over TLS: the server carries its own certificate, tells browsers
// to stay with it, and leads on who comes without.
func TestWS02_TLSFromFiles(t *testing.T) {
	cert, key := fronttest.Pair(t, t.TempDir(), "desk.test")
	spare, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	plain := spare.Addr().String()
	spare.Close()
	f := frontage{plain: plain}
	f.CertFile, f.KeyFile = cert, key
	address := facing(t, f)
	pem, err := os.ReadFile(cert)
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		t.Fatal(err)
	}
	here := &net.Dialer{}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, to string) (net.Conn, error) {
			if strings.HasSuffix(to, ":80") {
				return here.DialContext(ctx, network, plain)
			}
			return here.DialContext(ctx, network, address)
		}}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	_, port, _ := net.SplitHostPort(address)
	r, err := client.Get("https://desk.test:" + port + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != 200 || r.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("over TLS: %s, %v", r.Status, r.Header)
	}
	if r, err = client.Get("http://desk.test/work"); err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if got := r.Header.Get("Location"); got != "https://desk.test:"+port+"/work" {
		t.Errorf("without TLS one is led to %q", got)
	}
	if c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: "desk.test", MaxVersion: tls.VersionTLS11}); err == nil {
		c.Close()
		t.Error("an old TLS is spoken")
	}
}

// Behind a proxy guesses are counted by who makes them: one address that is
// slowed down leaves the others alone.
func TestWS02_GuessesBehindAProxy(t *testing.T) {
	address := facing(t, frontage{proxies: []string{"127.0.0.1"}})
	guess := func(from string) int {
		r, err := http.NewRequest("POST", "http://"+address+"/api/v1/session", bytes.NewReader([]byte(`{"login":"`+from+`","password":"wrong"}`)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Forwarded-For", from)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		io.Copy(io.Discard, a.Body)
		return a.StatusCode
	}
	slowed := false
	for end := time.Now().Add(time.Minute); !slowed && time.Now().Before(end); {
		slowed = guess("198.51.100.1") == http.StatusTooManyRequests
	}
	if !slowed {
		t.Fatal("nobody is slowed down")
	}
	if got := guess("198.51.100.2"); got != http.StatusUnauthorized {
		t.Errorf("another one behind the proxy is answered %d", got)
	}
}

func TestFrontageIsRefused(t *testing.T) {
	for name, f := range map[string]frontage{
		"a proxy by name":           {proxies: []string{"proxy.example"}},
		"no TLS beside which to be": {plain: "127.0.0.1:0"},
	} {
		if _, err := f.open(slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
