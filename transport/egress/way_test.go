package egress

import (
	"bufio"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crafttalkd/actors/refusal"
)

func way(t *testing.T, n Network, allow ...string) Way {
	t.Helper()
	ways, err := NewWays(Options{Allow: allow})
	if err != nil {
		t.Fatal(err)
	}
	w, err := ways.Way(n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// httpProxy answers every request itself, so that one that goes past it fails,
// and begins what it connects to with a greeting.
func httpProxy(t *testing.T, greeting string) (address string, asked chan *http.Request) {
	asked = make(chan *http.Request, 8)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r
		if r.Method != http.MethodConnect {
			io.WriteString(w, "by the proxy")
			return
		}
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n"+greeting)
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String(), asked
}

// The Russian providers' case: a proxy of the account's own, with a password
// that is kept apart.
func TestWay_Proxy(t *testing.T) {
	at, asked := httpProxy(t, "220 mail\r\n")
	w := way(t, Network{Proxy: "http://anna@" + at, Password: "s3cret"}, at)
	for _, c := range []*http.Client{w.Client, w.Patient} {
		r, err := c.Get("http://provider.invalid/me")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || string(b) != "by the proxy" {
			t.Errorf("the answer is %q, %v", b, err)
		}
		if got := (<-asked).Header.Get("Proxy-Authorization"); got != "Basic "+base64.StdEncoding.EncodeToString([]byte("anna:s3cret")) {
			t.Errorf("the proxy is told %q", got)
		}
	}
	c, err := w.Dial(t.Context(), "tcp", "imap.invalid:993")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || line != "220 mail\r\n" {
		t.Errorf("behind the proxy is %q, %v", line, err)
	}
	if r := <-asked; r.Host != "imap.invalid:993" || r.Header.Get("Proxy-Authorization") == "" {
		t.Errorf("the proxy was asked for %q", r.Host)
	}
}

// socksProxy speaks just enough of RFC 1928 to say where somebody wants to go.
func socksProxy(t *testing.T) (address string, wanted chan string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	wanted = make(chan string, 8)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				b := make([]byte, 300)
				io.ReadFull(c, b[:2])
				io.ReadFull(c, b[:b[1]])
				c.Write([]byte{5, 0})
				io.ReadFull(c, b[:5]) // version, command, reserved, kind 3: a name, its length
				n := int(b[4])
				io.ReadFull(c, b[:n+2])
				wanted <- string(b[:n])
				c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
				http.ReadRequest(bufio.NewReader(c))
				io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nsocks")
			}()
		}
	}()
	return l.Addr().String(), wanted
}

func TestWay_Socks(t *testing.T) {
	at, wanted := socksProxy(t)
	w := way(t, Network{Proxy: "socks5://" + at}, at)
	r, err := w.Client.Get("http://provider.invalid/")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if b, err := io.ReadAll(r.Body); err != nil || string(b) != "socks" {
		t.Errorf("the answer is %q, %v", b, err)
	}
	if c, err := w.Dial(t.Context(), "tcp", "imap.invalid:993"); err != nil {
		t.Error(err)
	} else {
		c.Close()
	}
	for _, want := range []string{"provider.invalid", "imap.invalid"} {
		if got := <-wanted; got != want {
			t.Errorf("the proxy was asked for %q, want %q", got, want)
		}
	}
}

// proves SECURITY 1.3.6: a proxy is a place like every other, and mail has no
// wider a door than its ports.
func TestWay_Guarded(t *testing.T) {
	at, asked := httpProxy(t, "")
	for _, scheme := range []string{"http://", "https://", "socks5://"} {
		w := way(t, Network{Proxy: scheme + at})
		if _, err := w.Client.Get("http://provider.invalid/"); refusal.KindOf(err) != refusal.Denied {
			t.Errorf("through a private %s proxy: %v, want a refusal", scheme, err)
		}
		if _, err := w.Dial(t.Context(), "tcp", "imap.invalid:993"); refusal.KindOf(err) != refusal.Denied {
			t.Errorf("mail through a private %s proxy: %v, want a refusal", scheme, err)
		}
	}
	if len(asked) > 0 {
		t.Error("the proxy was reached")
	}
	ways, err := NewWays(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for place, want := range map[string]bool{"93.184.216.34:993": true, "93.184.216.34:587": true, "93.184.216.34:22": false,
		"127.0.0.1:993": false, "10.0.0.1:25": false, "169.254.169.254:80": false} {
		if err := ways.mail.control("tcp4", place, nil); (err == nil) != want {
			t.Errorf("mail to %s: %v", place, err)
		}
	}
	if err := ways.web.control("tcp4", "93.184.216.34:993", nil); err == nil {
		t.Error("the web's client reaches a port of mail")
	}
}

// proves CH-15: a provider whose certificate is of no authority that the system
// knows is believed by the account that says so, and by no other.
func TestWay_CA(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }))
	defer s.Close()
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	r, err := way(t, Network{CA: ca}, "127.0.0.1").Client.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if _, err := way(t, Network{}, "127.0.0.1").Client.Get(s.URL); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an account without the certificate: %v", err)
	}
}

func TestWay_Refusals(t *testing.T) {
	ways, err := NewWays(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		n     Network
		field string
	}{
		{Network{Proxy: "proxy.example"}, "settings.network.proxy"},
		{Network{Proxy: "ftp://proxy.example"}, "settings.network.proxy"},
		{Network{Proxy: "http://"}, "settings.network.proxy"},
		{Network{Proxy: "http://anna:s3cret@proxy.example"}, "settings.network.proxy"},
		{Network{CA: "hello"}, "settings.network.ca"},
	} {
		_, err := ways.Way(c.n)
		r, ok := errors.AsType[*refusal.Error](err)
		if !ok || r.Field != c.field || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("Way(%+v) = %v, want a refusal of %s", c.n, err, c.field)
		}
	}
}
