/*
Package egress is the one way by which crafttalkd calls somebody outside:
webhooks of the generic channel, external agents, files that customers name.

Whoever enters an address, or writes one in a message, must not make the server
speak to what only the server can reach. So the address is judged when the
connection is made, after the name has been resolved: a name that resolves to
one thing when it is checked and to another when it is called gains nothing.

	name --resolve--> address --guard--> connect

Redirects are not followed by themselves. Who copies the client to follow them
has every one judged in the same way. Proxies of the environment are not used:
they would choose the address behind the guard's back.
*/
package egress

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"crafttalkd/actors/refusal"
)

// How long a request may take: to connect, until the answer begins, in all.
const (
	connectTime = 5 * time.Second
	headerTime  = 15 * time.Second
	totalTime   = 60 * time.Second
)

// ErrTooLarge reports an answer that is longer than the caller reads.
var ErrTooLarge = refusal.New(refusal.Invalid, "the answer is too large")

// Options say what else may be called than public addresses on ports 80 and 443.
type Options struct {
	// Allow lists trusted places: "10.1.0.0/16" and "10.1.2.3" on any port,
	// "agent.internal:8080" wherever the name leads.
	Allow []string
	// Resolver resolves names; nil for the system's.
	Resolver *net.Resolver
}

// New returns a client that refuses every place that is neither public nor
// allowed. The error of a refused request has a refusal in its chain. A
// redirect is returned as the answer.
func New(o Options) (*http.Client, error) {
	g, err := newGuard(o)
	if err != nil {
		return nil, err
	}
	return over(transport(g)), nil
}

func newGuard(o Options) (*guard, error) {
	g := &guard{public: ssrf.New(), own: net.InterfaceAddrs, resolver: o.Resolver, hosts: map[string]bool{}}
	for _, place := range o.Allow {
		if err := g.allow(place); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func over(t *http.Transport) *http.Client {
	return &http.Client{
		Timeout:       totalTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     t,
	}
}

func transport(g *guard) *http.Transport {
	return &http.Transport{
		DialContext:            g.dial,
		TLSHandshakeTimeout:    connectTime,
		ResponseHeaderTimeout:  headerTime,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        time.Minute,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
	}
}

// ReadAll reads an answer of at most limit bytes, or returns ErrTooLarge.
func ReadAll(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, ErrTooLarge
	}
	return b, err
}

// A guard judges addresses at the moment of connecting.
type guard struct {
	public   *ssrf.Guardian
	own      func() ([]net.Addr, error) // the machine's addresses, public ones too
	resolver *net.Resolver
	prefixes []netip.Prefix
	hosts    map[string]bool // host:port
}

func (g *guard) allow(place string) error {
	if p, err := netip.ParsePrefix(place); err == nil {
		g.prefixes = append(g.prefixes, p.Masked())
		return nil
	}
	if a, err := netip.ParseAddr(place); err == nil {
		g.prefixes = append(g.prefixes, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
		return nil
	}
	host, port, err := net.SplitHostPort(place)
	if err != nil || host == "" || port == "" {
		return fmt.Errorf("allow %q: neither an address, nor a prefix, nor host:port", place)
	}
	g.hosts[canonical(place)] = true
	return nil
}

// canonical is host:port as it is compared.
func canonical(place string) string {
	host, port, err := net.SplitHostPort(place)
	if err != nil {
		return place
	}
	return net.JoinHostPort(strings.ToLower(strings.TrimSuffix(host, ".")), port)
}

func (g *guard) dial(ctx context.Context, network, place string) (net.Conn, error) {
	d := net.Dialer{Timeout: connectTime, Resolver: g.resolver}
	if !g.hosts[canonical(place)] {
		d.Control = g.control
	}
	return d.DialContext(ctx, network, place)
}

// control is asked before each connection, with the resolved address.
func (g *guard) control(network, address string, _ syscall.RawConn) error {
	place, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", address, err)
	}
	to := place.Addr().Unmap().WithZone("")
	if slices.ContainsFunc(g.prefixes, func(p netip.Prefix) bool { return p.Contains(to) }) {
		return nil
	}
	if g.public.Safe(network, address, nil) != nil || g.isOwn(to) {
		return refusal.New(refusal.Denied, "the server does not call %s", address)
	}
	return nil
}

// isOwn tells whether to is this machine. If that can't be known, it is.
func (g *guard) isOwn(to netip.Addr) bool {
	own, err := g.own()
	if err != nil {
		return true
	}
	return slices.ContainsFunc(own, func(a net.Addr) bool {
		p, err := netip.ParsePrefix(a.String())
		return err == nil && p.Addr().Unmap() == to
	})
}
