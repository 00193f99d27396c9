package files

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Over parts what comes to the host of files from everything else, for which is
// next. At the one there are files by links and nothing more, without cookies and
// without keys; at the others no file, but the way to it for who has a link from
// before files were apart. Links that are not apart change nothing.
func (l *Links) Over(next http.Handler) http.Handler {
	base, err := url.Parse(l.Base)
	if !l.Apart || err != nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		linked := strings.HasPrefix(r.URL.Path, LinkPath)
		switch {
		case strings.EqualFold(bare(r.Host), base.Hostname()):
			l.alone(w, r, linked)
		case linked && (r.Method == http.MethodGet || r.Method == http.MethodHead):
			http.Redirect(w, r, l.Base+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// alone is all there is at the host of files. Pages of any site may read what a
// link leads to: whoever has the link has the file, and nobody is known here.
func (l *Links) alone(w http.ResponseWriter, r *http.Request, linked bool) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*")
	if r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	switch {
	case !linked:
		http.NotFound(w, r)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		r.Header.Del("Cookie")
		r.Header.Del("Authorization")
		l.ServeHTTP(w, r)
	case r.Method == http.MethodOptions: // of a page whose request was led here with its key
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Range")
		h.Set("Access-Control-Allow-Methods", "GET")
		w.WriteHeader(http.StatusNoContent)
	default:
		http.Error(w, "files are only read here", http.StatusMethodNotAllowed)
	}
}

// bare is a host without its port.
func bare(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}
