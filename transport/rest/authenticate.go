package rest

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// Auth is what the API asks of whoever knows passwords and sessions. Its
// refusals are told to the asker.
type Auth interface {
	Sessions
	Passwords
	Invitations
	Proofs
	Tickets
	// Setup refuses all but the one-time code of the first start, and takes it.
	Setup(code string) error
}

// Tickets open sockets.
type Tickets interface {
	// Ticket makes a one-use ticket for a socket, and Redeem returns the token
	// of the session that it was made in.
	Ticket(token string) (ticket string, err error)
	Redeem(ticket string) (token string, err error)
}

// Sessions keeps who has signed in.
type Sessions interface {
	SignIn(ctx context.Context, login, password string, from auth.Place) (auth.Entrance, error)
	// Session returns the session of a token and keeps it from falling asleep.
	Session(token string) (auth.Session, error)
	// List returns the sessions of a user, without their tokens.
	List(user string) ([]auth.Session, error)
	// End ends a session of the user by its id; an empty id ends all but the
	// one named.
	End(user, id, but string) error
	// ShutOut ends all of several users', and makes their invitations void.
	ShutOut(users ...string) error
}

// Passwords knows which passwords are good.
type Passwords interface {
	// Hash refuses a password that is too easy and returns the hash of another.
	Hash(ctx context.Context, login, password string) (string, error)
	// Check refuses a password that is not the user's.
	Check(ctx context.Context, user, password string) error
}

// An asker is who makes a call: a user in a session, or a program with a key,
// which the rules take for a user of the key's permissions and limits.
type asker struct {
	user    *event.User
	token   string
	session auth.Session
	key     *event.ApiKey // of a program; nil for a user
}

// The name of the cookie. A browser takes the one with the prefix only over
// TLS, for this host alone; the plain one is for a server on the own machine.
const (
	cookieName      = "__Host-ct_session"
	plainCookieName = "ct_session"
)

// Authenticate says who makes a request: by a session's cookie, by its token
// as a bearer, or by a ticket in the query, which is then used up. A user who
// was disabled or removed is nobody from then on.
func (s *Server) Authenticate(r *http.Request) (*event.User, error) {
	u, _, err := s.Recognise(r)
	return u, err
}

// Recognise is Authenticate that also returns the session's token, so that a
// socket can look whether it still stands. See [Server.Stands].
func (s *Server) Recognise(r *http.Request) (u *event.User, token string, err error) {
	if ticket := r.URL.Query().Get("ticket"); ticket != "" {
		if token, err = s.config.Auth.Redeem(ticket); err != nil {
			return nil, "", err
		}
		return s.full(s.standing(token))
	}
	a, err := s.recognise(r)
	if err == nil && a.key != nil {
		return nil, "", errSignIn // sockets are for people
	}
	return s.full(a, err)
}

// full is who may open a socket: not one who must set up a second factor first.
func (s *Server) full(a asker, err error) (*event.User, string, error) {
	if err == nil && a.session.Enrol {
		err = errEnrol
	}
	if err != nil {
		return nil, "", err
	}
	return a.user, a.token, nil
}

// Stands reports whether a session's user, or the program of a key, may still
// act.
func (s *Server) Stands(token string) bool {
	a, err := s.standing(token)
	return err == nil && !a.session.Enrol
}

// recognise says who makes a request by what its header carries.
func (s *Server) recognise(r *http.Request) (asker, error) {
	token := tokenOf(r)
	if token == "" {
		return asker{}, errSignIn
	}
	return s.standing(token)
}

func (s *Server) standing(token string) (asker, error) {
	if isKey(token) { // a session's token may begin so too
		if a, ok := s.program(token); ok {
			return a, nil
		}
	}
	session, err := s.config.Auth.Session(token)
	if refusal.KindOf(err) != 0 {
		return asker{}, errSignIn
	}
	if err != nil {
		return asker{}, err
	}
	u := s.config.System.Directory.State().User(session.User)
	if u == nil || u.Disabled {
		return asker{}, errSignIn
	}
	return asker{user: u, token: token, session: session}, nil
}

// tokenOf returns the token that a request carries. A bearer goes before a
// cookie: a page can't make a browser send one.
func tokenOf(r *http.Request) string {
	if token, ok := bearer(r); ok {
		return token
	}
	for _, name := range []string{cookieName, plainCookieName} {
		if name == plainCookieName && !onLoopback(r) {
			continue
		}
		if c, err := r.Cookie(name); err == nil {
			return c.Value
		}
	}
	return ""
}

func bearer(r *http.Request) (string, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return token, strings.EqualFold(scheme, "Bearer") && token != ""
}

// guard refuses what another site made a browser send. It stands before every
// call that a cookie could carry, the sign-in itself included.
func (c *call) guard() error {
	if _, ok := bearer(c.r); ok {
		return nil
	}
	if err := c.sameSite.Check(c.r); err != nil {
		return refusal.New(refusal.Denied, "another site may not ask for this")
	}
	return nil
}

// setCookie gives the browser a session's token; an empty token takes it away.
func setCookie(w http.ResponseWriter, r *http.Request, token string, expires time.Time) {
	c := &http.Cookie{Name: cookieName, Value: token, Path: "/", Secure: true, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Expires: expires}
	if onLoopback(r) {
		c.Name, c.Secure = plainCookieName, false
	}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// onLoopback reports whether a browser on this very machine asks, without TLS
// and without a proxy between: only then may the cookie be a plain one.
func onLoopback(r *http.Request) bool {
	if r.TLS != nil || r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" {
		return false
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	if !loopback(host) && host != "localhost" {
		return false
	}
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && loopback(peer)
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && a.IsLoopback()
}

// clientIP returns who asks. Behind a proxy the front has put the client in its
// place.
func (s *Server) clientIP(r *http.Request) string {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().String()
	}
	return ""
}

// notSignedIn gives the refusal of a sign-in its status: 401 for a wrong
// password or login, 429 for too many attempts.
func notSignedIn(err error) error {
	switch refusal.KindOf(err) {
	case refusal.Denied:
		return &statusError{http.StatusUnauthorized, err}
	case refusal.Busy:
		return &statusError{http.StatusTooManyRequests, err}
	}
	return err
}
