package egress

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"code.dny.dev/ssrf"

	"crafttalkd/actors/refusal"
)

// testGuard is a guard on a machine whose addresses are 8.8.4.4 and 2a00::5.
func testGuard(t *testing.T, allow ...string) *guard {
	g := &guard{public: ssrf.New(), hosts: map[string]bool{}, own: func() ([]net.Addr, error) {
		return []net.Addr{
			&net.IPNet{IP: net.ParseIP("8.8.4.4"), Mask: net.CIDRMask(24, 32)},
			&net.IPNet{IP: net.ParseIP("2a00::5"), Mask: net.CIDRMask(64, 128)},
		}, nil
	}}
	for _, place := range allow {
		if err := g.allow(place); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func network(address string) string {
	if p, err := netip.ParseAddrPort(address); err == nil && p.Addr().Is6() {
		return "tcp6"
	}
	return "tcp4"
}

// proves SECURITY 1.3.6: nothing but public addresses on the ports of the web.
func TestGuardJudgesAddresses(t *testing.T) {
	g := testGuard(t)
	for _, address := range []string{
		"127.0.0.1:80", "127.0.0.1:443", "127.1.2.3:80", "127.255.255.254:80", // loopback
		"[::1]:80", "[::ffff:127.0.0.1]:80", "[::ffff:7f00:1]:443", "[::127.0.0.1]:80",
		"0.0.0.0:80", "0.1.2.3:80", "[::]:80", "[::ffff:0.0.0.0]:80", // unspecified
		"169.254.169.254:80", "[::ffff:169.254.169.254]:80", "169.254.0.1:80", "[fd00:ec2::254]:80", "100.100.100.200:80", // metadata
		"10.0.0.1:80", "10.255.255.255:443", "172.16.0.1:80", "172.31.255.255:80", "192.168.0.1:80", "192.168.255.255:443", // private
		"[::ffff:10.0.0.1]:80", "[::ffff:192.168.1.1]:80", "[fc00::1]:80", "[fdff::1]:443",
		"100.64.0.1:80", "100.127.255.255:80", // shared
		"[fe80::1]:80", "[fe80::1%eth0]:80", "[fec0::1]:80", // link-local
		"224.0.0.1:80", "239.255.255.250:80", "255.255.255.255:80", "240.0.0.1:80", "[ff02::1]:80", // multicast, reserved
		"192.0.0.1:80", "192.0.2.1:80", "198.18.0.1:80", "198.51.100.1:80", "203.0.113.1:80", "[2001:db8::1]:80", // special
		"[64:ff9b::7f00:1]:80", "[64:ff9b::a9fe:a9fe]:80", "[2002:7f00:1::]:80", "[2001::1]:80", "[100::1]:80", // ways around
		"93.184.216.34:22", "93.184.216.34:8080", "93.184.216.34:6379", "93.184.216.34:0", "[2606:2800:220:1::]:25", // ports
		"8.8.4.4:443", "[::ffff:8.8.4.4]:443", "[2a00::5]:443", // the machine itself
	} {
		if err := g.control(network(address), address, nil); refusal.KindOf(err) != refusal.Denied {
			t.Errorf("control(%s) = %v, want a refusal", address, err)
		}
	}
	for _, address := range []string{
		"93.184.216.34:80", "93.184.216.34:443", "8.8.8.8:443", "1.1.1.1:80", "172.32.0.1:80", "172.15.255.255:80",
		"192.167.255.255:80", "11.0.0.1:443", "100.128.0.1:80", "169.253.255.255:80", "[2606:2800:220:1::]:443", "[2a00::6]:80",
	} {
		if err := g.control(network(address), address, nil); err != nil {
			t.Errorf("control(%s) = %v, want nothing", address, err)
		}
	}
	if err := g.control("udp4", "93.184.216.34:80", nil); err == nil {
		t.Error("control lets UDP through")
	}
}

func TestAllow(t *testing.T) {
	g := testGuard(t, "10.1.0.0/16", "192.168.5.5", "fd00::/64", "8.8.4.4")
	for address, want := range map[string]bool{
		"10.1.2.3:9000": true, "10.2.0.1:80": false, "192.168.5.5:25": true, "192.168.5.6:80": false,
		"[fd00::1]:80": true, "[fd00:0:0:1::1]:80": false, "[::ffff:10.1.2.3]:80": true, "8.8.4.4:443": true,
		"127.0.0.1:80": false,
	} {
		if err := g.control(network(address), address, nil); (err == nil) != want {
			t.Errorf("control(%s) = %v, want allowed %v", address, err, want)
		}
	}
	for _, place := range []string{"", "agent", ":80", "agent:", "10.0.0.0/99"} {
		if _, err := New(Options{Allow: []string{place}}); err == nil {
			t.Errorf("New takes %q as a place", place)
		}
	}
}

// receiver is a server on the loopback that counts its visitors.
func receiver(t *testing.T, h http.HandlerFunc) (url, port string, visits *atomic.Int32) {
	visits = new(atomic.Int32)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits.Add(1)
		h(w, r)
	}))
	t.Cleanup(s.Close)
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return s.URL, port, visits
}

func client(t *testing.T, o Options) *http.Client {
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// A name is judged by what it resolves to when it is called, each time.
func TestNamesThatLeadHome(t *testing.T) {
	_, port, visits := receiver(t, func(http.ResponseWriter, *http.Request) {})
	c := client(t, Options{Resolver: resolver(func(string) [4]byte { return [4]byte{127, 0, 0, 1} })})
	for _, url := range []string{
		"http://127.0.0.1:" + port, "http://localhost:" + port, "http://LOCALHOST:" + port, "http://[::ffff:127.0.0.1]:" + port,
		"http://0.0.0.0:" + port, "http://innocent.example:" + port, "http://innocent.example",
	} {
		_, err := c.Get(url)
		if refusal.KindOf(err) != refusal.Denied {
			t.Errorf("Get(%s) = %v, want a refusal", url, err)
		}
	}
	if visits.Load() != 0 {
		t.Errorf("the receiver was visited %d times", visits.Load())
	}
}

// A name that has turned, from a public address to a private one, is refused.
func TestRebinding(t *testing.T) {
	var asked atomic.Int32
	g := testGuard(t)
	g.resolver = resolver(func(string) [4]byte {
		if asked.Add(1) == 1 {
			return [4]byte{93, 184, 216, 34}
		}
		return [4]byte{10, 0, 0, 1}
	})
	first, err := g.resolver.LookupNetIP(t.Context(), "ip4", "turning.example")
	if err != nil || g.control("tcp4", netip.AddrPortFrom(first[0].Unmap(), 443).String(), nil) != nil {
		t.Fatalf("the name resolves to %v, %v at first; want a public address", first, err)
	}
	if _, err := g.dial(t.Context(), "tcp4", "turning.example:443"); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("dial = %v, want a refusal", err)
	}
}

func TestAllowedHost(t *testing.T) {
	_, port, visits := receiver(t, func(http.ResponseWriter, *http.Request) {})
	c := client(t, Options{
		Allow:    []string{"Agent.Example:" + port},
		Resolver: resolver(func(string) [4]byte { return [4]byte{127, 0, 0, 1} }),
	})
	r, err := c.Get("http://agent.example:" + port)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if _, err := c.Get("http://other.example:" + port); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("another name for the same place: %v, want a refusal", err)
	}
	if visits.Load() != 1 {
		t.Errorf("%d visits, want 1", visits.Load())
	}
}

// proves SECURITY 94: a redirect is an answer and not an order.
func TestRedirectIsNotFollowed(t *testing.T) {
	_, _, inside := receiver(t, func(http.ResponseWriter, *http.Request) {})
	for _, to := range []string{"http://169.254.169.254/latest/meta-data", "http://127.0.0.1:1/", "/elsewhere"} {
		url, _, visits := receiver(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, 302) })
		c := client(t, Options{Allow: []string{"127.0.0.1"}})
		r, err := c.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != 302 || visits.Load() != 1 || inside.Load() != 0 {
			t.Errorf("redirect to %s: status %d after %d visits", to, r.StatusCode, visits.Load())
		}
	}
}

func TestNoProxy(t *testing.T) {
	proxy, _, through := receiver(t, func(http.ResponseWriter, *http.Request) {})
	t.Setenv("HTTP_PROXY", proxy)
	t.Setenv("http_proxy", proxy)
	url, _, visits := receiver(t, func(http.ResponseWriter, *http.Request) {})
	c := client(t, Options{Allow: []string{"127.0.0.1"}})
	if tr := c.Transport.(*http.Transport); tr.Proxy != nil {
		t.Error("the client has a proxy")
	}
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if visits.Load() != 1 || through.Load() != 0 {
		t.Errorf("%d visits, %d through the proxy", visits.Load(), through.Load())
	}
}

func TestReadAll(t *testing.T) {
	if b, err := ReadAll(strings.NewReader("12345"), 5); err != nil || string(b) != "12345" {
		t.Errorf("ReadAll of 5 bytes up to 5 = %q, %v", b, err)
	}
	if _, err := ReadAll(strings.NewReader("123456"), 5); !errors.Is(err, ErrTooLarge) {
		t.Errorf("ReadAll of 6 bytes up to 5 = %v, want %v", err, ErrTooLarge)
	}
}

// resolver answers every question for an IPv4 address with one, and every
// other question with none. It speaks DNS over a pipe.
func resolver(answer func(name string) [4]byte) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go answerNames(ours, answer)
		return theirs, nil
	}}
}

func answerNames(c net.Conn, answer func(string) [4]byte) {
	defer c.Close()
	for {
		var size [2]byte
		if _, err := c.Read(size[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := c.Read(query); err != nil {
			return
		}
		end := 12
		var name strings.Builder
		for query[end] != 0 {
			name.Write(query[end+1 : end+1+int(query[end])])
			name.WriteByte('.')
			end += 1 + int(query[end])
		}
		end += 5 // the root, the type, the class
		reply := append([]byte{query[0], query[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, query[12:end]...)
		if binary.BigEndian.Uint16(query[end-4:]) == 1 {
			reply[7] = 1
			reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
			a := answer(name.String())
			reply = append(reply, a[:]...)
		}
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}
