package front

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks whose word is taken for who asks.
type Proxies []netip.Prefix

// ReadProxies reads networks and single addresses.
func ReadProxies(texts []string) (out Proxies, err error) {
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, failed := netip.ParseAddr(text)
			if failed != nil {
				return nil, err
			}
			p = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// Clients puts who asks in the place of the proxy that passes a request on: the
// last address in X-Forwarded-For that is not a proxy's too. Of anybody else the
// header says nothing.
func Clients(proxies Proxies, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if peer, _, err := net.SplitHostPort(r.RemoteAddr); err == nil && proxies.has(peer) {
			r.RemoteAddr = net.JoinHostPort(proxies.client(peer, r.Header.Values("X-Forwarded-For")), "0")
		}
		next.ServeHTTP(w, r)
	})
}

// client follows the hops backward for as long as a proxy names them. What is no
// address is nobody's word: then it is the proxy that asks.
func (p Proxies) client(peer string, headers []string) string {
	for _, hop := range slices.Backward(strings.Split(strings.Join(headers, ","), ",")) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil || !p.has(peer) {
			break
		}
		peer = a.Unmap().String()
	}
	return peer
}

func (p Proxies) has(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(a.Unmap()) })
}
