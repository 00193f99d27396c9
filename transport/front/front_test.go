package front

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"crafttalkd/transport/front/fronttest"
)

// The address that guesses are counted by is the peer's, and what a proxy says
// only if the proxy is ours.
func TestClients(t *testing.T) {
	proxies, err := ReadProxies([]string{"10.0.0.0/24", "2001:db8::5"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:1", "", "203.0.113.9:1"},
		{"203.0.113.9:1", "10.9.9.9", "203.0.113.9:1"},
		{"10.0.0.1:1", "198.51.100.7", "198.51.100.7:0"},
		{"[2001:db8::5]:1", "2001:db8::9", "[2001:db8::9]:0"},
		{"10.0.0.1:1", "1.2.3.4, 198.51.100.7", "198.51.100.7:0"},
		{"10.0.0.1:1", "198.51.100.7, 10.0.0.2", "198.51.100.7:0"},
		{"10.0.0.1:1", "198.51.100.7, nonsense", "10.0.0.1:0"},
		{"10.0.0.1:1", "", "10.0.0.1:0"},
		{"[2001:db8::1]:1", "1.2.3.4", "[2001:db8::1]:1"},
	} {
		var got string
		h := Clients(proxies, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.peer
		r.Header.Set("X-Forwarded-For", tt.forwarded)
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != tt.want {
			t.Errorf("%s for %q is %q, want %q", tt.peer, tt.forwarded, got, tt.want)
		}
	}
	if _, err := ReadProxies([]string{"proxy.example"}); err == nil {
		t.Error("a name is taken for a network")
	}
}

// A renewed certificate is served without a restart, and one that is half
// written is not.
func TestFilesAreReadAgain(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	cert, key := fronttest.Pair(t, dir, "first.test")
	s, err := Open(Config{CertFile: cert, KeyFile: key, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	served := func() string {
		c, err := s.TLS().GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.Leaf.Subject.CommonName
	}
	renew := func(name string) {
		fronttest.Pair(t, dir, name)
		for _, f := range []string{cert, key} {
			if err := os.Chtimes(f, now, now); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := served(); got != "first.test" {
		t.Errorf("%s is served", got)
	}
	now = now.Add(look)
	renew("second.test")
	if got := served(); got != "second.test" {
		t.Errorf("after the renewal %s is served", got)
	}
	now = now.Add(look)
	if err := os.WriteFile(cert, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := served(); got != "second.test" {
		t.Errorf("while the files change %s is served", got)
	}
	now = now.Add(look)
	renew("third.test")
	if got := served(); got != "third.test" {
		t.Errorf("after that %s is served", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	cert, key := fronttest.Pair(t, dir, "a.test")
	for name, c := range map[string]Config{
		"one file":     {CertFile: cert},
		"no such file": {CertFile: cert, KeyFile: filepath.Join(dir, "none")},
		"no key":       {CertFile: cert, KeyFile: cert},
		"both ways":    {CertFile: cert, KeyFile: key, Hosts: []string{"a.test"}},
	} {
		c.Now = time.Now
		if _, err := Open(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if s, err := Open(Config{}); err != nil || s.TLS() != nil {
		t.Errorf("without certificates: %v", err)
	}
}

func TestPlainLeadsToTLS(t *testing.T) {
	s, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ method, port, url, want string }{
		{"GET", "443", "http://desk.test/work?a=1", "https://desk.test/work?a=1"},
		{"GET", "8443", "http://desk.test:8080/work", "https://desk.test:8443/work"},
		{"POST", "443", "http://desk.test/api/v1/session", ""},
	} {
		w := httptest.NewRecorder()
		s.Plain(tt.port).ServeHTTP(w, httptest.NewRequest(tt.method, tt.url, strings.NewReader("secret")))
		if got := w.Header().Get("Location"); got != tt.want {
			t.Errorf("%s %s leads to %q, want %q", tt.method, tt.url, got, tt.want)
		}
	}
}

// authority starts an authority that asks this machine for every name.
func authority(t *testing.T, plain, secure int) (directory string, roots *x509.CertPool) {
	t.Helper()
	trusted := filepath.Join(t.TempDir(), "roots.pem")
	c := exec.CommandContext(t.Context(), "go", "run", ".", "-http", strconv.Itoa(plain), "-tls", strconv.Itoa(secure), "-roots", trusted)
	c.Dir, c.Stderr = filepath.Join("..", "..", "testdata", "authority"), os.Stderr
	end, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end.Close(); c.Wait() })
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("the authority did not start: %v", lines.Err())
	}
	t.Setenv("SSL_CERT_FILE", trusted) // what the machine trusts
	pems, err := os.ReadFile(trusted)
	roots = x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(pems) {
		t.Fatalf("the roots are %q, %v", pems, err)
	}
	return lines.Text(), roots
}

// An authority gives a certificate for the hosts that were named, whichever of
// its two ways it asks by, and none for others; it is kept for the next start.
func TestAuthority(t *testing.T) {
	plain, secure := listen(t), listen(t)
	directory, roots := authority(t, plain.Addr().(*net.TCPAddr).Port, secure.Addr().(*net.TCPAddr).Port)
	dir := t.TempDir()
	s, err := Open(Config{Hosts: []string{"desk.test"}, Directory: directory, Dir: dir, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })
	inside := &http.Server{Handler: page, TLSConfig: s.TLS(), ErrorLog: log.New(os.Stderr, "", 0)}
	outside := &http.Server{Handler: s.Plain("443")}
	go inside.ServeTLS(secure, "", "")
	go outside.Serve(plain)
	t.Cleanup(func() { inside.Close(); outside.Close() })
	ask := func(name string) error {
		c, err := tls.Dial("tcp", secure.Addr().String(), &tls.Config{ServerName: name, RootCAs: roots})
		if err == nil {
			c.Close()
		}
		return err
	}
	if err := ask("desk.test"); err != nil {
		t.Errorf("the host that was named: %v", err)
	}
	if err := ask("other.test"); err == nil {
		t.Error("a host that was not named has a certificate")
	}
	if kept, err := filepath.Glob(filepath.Join(dir, "desk.test*")); err != nil || len(kept) == 0 {
		t.Errorf("kept: %v, %v", kept, err)
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}
