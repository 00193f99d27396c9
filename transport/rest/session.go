package rest

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

func (s *Server) sessionRoutes() []*route {
	const v1 = "/api/v1"
	return []*route{
		{method: "POST", path: v1 + "/session", summary: "Sign in", may: anyone, verb: takes((*call).signIn)},
		{method: "GET", path: v1 + "/session", summary: "Who is signed in", may: enrolling, verb: answers((*call).thisSession)},
		{method: "DELETE", path: v1 + "/session", summary: "Sign out", act: audit.SignedOut, may: enrolling, verb: does((*call).signOut)},
		{method: "GET", path: v1 + "/sessions", summary: "The own sessions", may: person, verb: answers((*call).ownSessions)},
		{method: "DELETE", path: v1 + "/sessions", summary: "End the own sessions, except this one", act: audit.SessionsEnded, may: person, verb: does((*call).endOthers)},
		{method: "DELETE", path: v1 + "/sessions/:id", summary: "End an own session", act: audit.SessionEnded, may: person, verb: does((*call).endSession)},
		{method: "POST", path: v1 + "/ticket", summary: "Get a one-use ticket for a socket", may: person, verb: answers((*call).ticket)},
		{method: "POST", path: v1 + "/setup", summary: "Make the first user, with the code that the server printed", may: anyone, verb: takes((*call).setup)},
		{method: "POST", path: v1 + "/password", summary: "Change the own password", may: rule{roles: []string{directory.ChangePassword}, person: true}, verb: told((*call).changePassword)},
	}
}

// Credentials are what one signs in with.
type Credentials struct {
	Login    string `json:"login" need:"yes"`
	Password string `json:"password" need:"yes"`
}

// SignedIn is the answer to a sign-in: a session, or the step that is still to
// be made. The token is not told again.
type SignedIn struct {
	Token     string    `json:"token,omitempty" doc:"a bearer token, the same as in the cookie"`
	User      *User     `json:"user,omitempty"`
	ExpiresAt time.Time `json:"expires_at"`
	Enrol     bool      `json:"enrol,omitempty" doc:"nothing can be done but to set up a second factor: a role of the user's needs one"`
	Step      *NextStep `json:"step,omitempty" doc:"what is still to be done; there is no session yet"`
}

// NextStep is the second step of a sign-in.
type NextStep struct {
	Token string   `json:"token"`
	Ways  []string `json:"ways" doc:"totp, passkey, recovery; none, if what the user has can't be used here"`
}

// SignIn signs in for a form that is no part of the API: the answer gets the
// session's cookie.
func (s *Server) SignIn(w http.ResponseWriter, r *http.Request, login, password string) error {
	in, err := (&call{Server: s, w: w, r: r}).signIn(Credentials{login, password})
	if err == nil && in.Step != nil {
		err = errSignIn // the page of the workspace asks for the second step
	}
	return err
}

func (c *call) signIn(in Credentials) (SignedIn, error) {
	return c.entered(in.Login)(c.config.Auth.SignIn(c.r.Context(), in.Login, in.Password, c.from()))
}

// from is where the asker is.
func (c *call) from() auth.Place {
	return auth.Place{IP: c.clientIP(c.r), Browser: c.r.UserAgent()}
}

// entered answers every sign-in, whatever the way was. The login is what was named,
// if anything was.
func (c *call) entered(login string) func(auth.Entrance, error) (SignedIn, error) {
	return func(e auth.Entrance, err error) (SignedIn, error) {
		switch {
		case refusal.KindOf(err) != 0:
			c.config.Log.Warn("sign-in refused", slog.String("ip", c.clientIP(c.r)))
			if lost := c.noteStranger(login); lost != nil {
				return SignedIn{}, lost
			}
			return SignedIn{}, notSignedIn(err)
		case err != nil:
			return SignedIn{}, err
		case e.Step != nil:
			return SignedIn{ExpiresAt: e.Step.Until, Step: &NextStep{e.Step.Token, e.Step.Ways}}, nil
		}
		return c.begun(e.Session)
	}
}

// begun hands a session out, once it is noted.
func (c *call) begun(s auth.Session) (SignedIn, error) {
	u := c.directory().User(s.User)
	if u == nil || u.Disabled {
		return SignedIn{}, errSignIn
	}
	if err := c.note(u.UserId, audit.SignedIn, u.UserId); err != nil {
		return SignedIn{}, err
	}
	c.config.Log.Info("signed in", slog.String("user", u.UserId), slog.String("way", s.Way), slog.String("ip", c.clientIP(c.r)))
	setCookie(c.w, c.r, s.Token, s.Expires)
	shown := c.user(u.UserId)
	return SignedIn{Token: s.Token, User: &shown, ExpiresAt: s.Expires, Enrol: s.Enrol}, nil
}

// user shows a user as the list of users does.
func (c *call) user(id string) User {
	d := c.directory()
	return userOf(d, id, d.Users[id])
}

// CurrentSession is who is signed in, and until when at the latest.
type CurrentSession struct {
	User      User      `json:"user"`
	ExpiresAt time.Time `json:"expires_at"`
	Enrol     bool      `json:"enrol,omitempty" doc:"nothing can be done but to set up a second factor"`
}

func (c *call) thisSession() (CurrentSession, error) {
	return CurrentSession{User: c.user(c.by()), ExpiresAt: c.asker.session.Expires, Enrol: c.asker.session.Enrol}, nil
}

func (c *call) signOut() error {
	if err := c.config.Auth.End(c.by(), c.asker.session.ID, ""); err != nil {
		return err
	}
	setCookie(c.w, c.r, "", time.Time{})
	c.w.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	return nil
}

// OwnSession is one sign-in of the asker.
type OwnSession struct {
	SessionID string    `json:"session_id"`
	At        time.Time `json:"at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
	IP        string    `json:"ip"`
	Browser   string    `json:"browser" doc:"as it calls itself"`
	Way       string    `json:"way" doc:"how it was signed in: password, passkey, oidc, invitation"`
	Current   bool      `json:"current" doc:"the one that asks"`
}

// List is a list of things, in order.
type List[T any] struct {
	Items []T `json:"items"`
}

func (c *call) ownSessions() (List[OwnSession], error) { return c.sessions(c.by()) }

func (c *call) sessions(user string) (out List[OwnSession], err error) {
	sessions, err := c.config.Auth.List(user)
	out.Items = []OwnSession{}
	for _, s := range sessions {
		out.Items = append(out.Items, OwnSession{SessionID: s.ID, At: s.Begun, SeenAt: s.Seen, ExpiresAt: s.Expires,
			IP: s.IP, Browser: s.Browser, Way: s.Way, Current: s.ID == c.asker.session.ID})
	}
	return out, err
}

func (c *call) endOthers() error  { return c.config.Auth.End(c.by(), "", c.asker.session.ID) }
func (c *call) endSession() error { return c.config.Auth.End(c.by(), c.id(), "") }

// Ticket opens one socket, once.
type Ticket struct {
	Ticket string `json:"ticket" doc:"for the parameter ticket of a socket's address; good for 30 s and once"`
}

func (c *call) ticket() (Ticket, error) {
	t, err := c.config.Auth.Ticket(c.asker.token)
	return Ticket{t}, err
}

// FirstUser is the administrator of a new server.
type FirstUser struct {
	Code      string `json:"code" need:"yes" doc:"printed by the server at its first start"`
	Login     string `json:"login" need:"yes"`
	Password  string `json:"password" need:"yes"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
}

// setup makes the first administrator and signs in.
func (c *call) setup(in FirstUser) (SignedIn, error) {
	if err := c.SetUp(c.r.Context(), in); err != nil {
		return SignedIn{}, err
	}
	return c.signIn(Credentials{in.Login, in.Password})
}

// IsSetUp reports whether somebody can sign in.
func (s *Server) IsSetUp() bool { return len(s.config.System.Directory.State().Passwords) > 0 }

// SetUp makes the first administrator, as long as nobody can sign in: a crash
// between the user and the password shuts nobody out. The code is used up only
// by a request that is otherwise in order.
func (s *Server) SetUp(ctx context.Context, in FirstUser) error {
	if s.IsSetUp() {
		return refusal.New(refusal.Conflict, "the server has users already; an administrator adds others")
	}
	hash, err := s.config.Auth.Hash(ctx, in.Login, in.Password)
	if err != nil {
		return err
	}
	u := &event.User{UserId: "admin", Login: in.Login, FirstName: in.FirstName, LastName: in.LastName, Roles: directory.Roles[:]}
	put := directory.Put{By: "setup", Entry: u, Any: true}
	if _, err := directory.Decide(s.config.System.Directory.State(), put, s.config.System.Now()); err != nil {
		return err
	}
	if err := s.config.Auth.Setup(in.Code); err != nil {
		return err
	}
	if err := s.change(ctx, put); err != nil {
		return err
	}
	return s.change(ctx, directory.SetPassword{By: "setup", User: u.UserId, Hash: hash})
}

// NewPassword replaces the own password.
type NewPassword struct {
	Current  string `json:"current" need:"yes"`
	Password string `json:"password" need:"yes"`
}

// changePassword ends every other session of the user.
func (c *call) changePassword(in NewPassword) error {
	u := c.asker.user
	if err := c.config.Auth.Check(c.r.Context(), u.UserId, in.Current); err != nil {
		if refusal.KindOf(err) == refusal.Denied {
			return refusal.Of("current", "this is not the present password")
		}
		return err
	}
	if err := c.setPassword(u, in.Password); err != nil {
		return err
	}
	return c.config.Auth.End(u.UserId, "", c.asker.session.ID)
}

func (c *call) setPassword(u *event.User, password string) error {
	hash, err := c.config.Auth.Hash(c.r.Context(), u.Login, password)
	if err != nil {
		return err
	}
	return c.change(directory.SetPassword{By: c.by(), User: u.UserId, Hash: hash})
}

// change asks the directory for a change and waits until it can be read.
func (c *call) change(cmd directory.Command) error { return c.Server.change(c.r.Context(), cmd) }

func (s *Server) change(ctx context.Context, cmd directory.Command) error {
	version, err := s.ask(ctx, event.DirectoryStream, cmd)
	if err != nil {
		return err
	}
	return s.config.System.Directory.Wait(ctx, version)
}

var _ http.Handler = (*Server)(nil)
