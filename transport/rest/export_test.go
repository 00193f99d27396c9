package rest

import (
	"net/http"
	"net/netip"
)

// ClientIP is whose request it is that came from a peer.
func ClientIP(peer, forwarded string, proxies ...netip.Prefix) string {
	s := &Server{config: Config{Proxies: proxies}}
	r := &http.Request{RemoteAddr: peer, Header: http.Header{}}
	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}
	return s.clientIP(r)
}

// RegisterUnguarded puts a route without a rule on a router.
func RegisterUnguarded() {
	(&Server{}).register([]*route{{method: "GET", path: "/x", summary: "x", verb: does(func(*call) error { return nil })}})
}
