package rest

import (
	"errors"
	"log/slog"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// Invitations let users set their passwords by links.
type Invitations interface {
	// Invite makes an invitation of a user; one before it is void.
	Invite(user string) (auth.Invitation, error)
	// Invitation returns that of a token, and Accept uses it up.
	Invitation(token string) (auth.Invitation, error)
	Accept(token string) (auth.Invitation, error)
	// InvitationOf returns a user's without its token, or the zero one.
	InvitationOf(user string) (auth.Invitation, error)
	// Uninvite makes a user's void.
	Uninvite(user string) error
}

// NewInvitation is a link that a user is given.
type NewInvitation struct {
	Token   string    `json:"token" doc:"told this once; the link is /invite#TOKEN, which no server writes down"`
	Until   time.Time `json:"until"`
	Renewal bool      `json:"renewal" doc:"the user has a password, and is signed out when another is set"`
}

// InvitationToken is what a link carries.
type InvitationToken struct {
	Token string `json:"token" need:"yes"`
}

// Invited is who is invited.
type Invited struct {
	Login     string    `json:"login"`
	FirstName string    `json:"first_name"`
	LastName  string    `json:"last_name"`
	Until     time.Time `json:"until"`
	Renewal   bool      `json:"renewal"`
}

// AcceptInvitation sets the password of who is invited.
type AcceptInvitation struct {
	Token    string `json:"token" need:"yes"`
	Password string `json:"password" need:"yes"`
}

// invite makes a link for a user who may do no more than the asker: it is as good
// as the password.
func (c *call) invite() (NewInvitation, error) {
	u := c.directory().User(c.id())
	if u == nil {
		return NewInvitation{}, refusal.New(refusal.NotFound, "there is no user %q", c.id())
	}
	if err := covered(c, u, nil); err != nil {
		return NewInvitation{}, err
	}
	if u.Disabled {
		return NewInvitation{}, refusal.New(refusal.Conflict, "user %q is disabled, and nobody can sign in by an invitation", u.UserId)
	}
	i, err := c.config.Auth.Invite(u.UserId)
	if err != nil {
		return NewInvitation{}, err
	}
	if err := c.change(directory.Invite{By: c.by(), User: u.UserId, Reset: i.Reset, Until: i.Until}); err != nil {
		return NewInvitation{}, errors.Join(err, c.config.Auth.Uninvite(u.UserId))
	}
	return NewInvitation{i.Token, i.Until, i.Reset}, nil
}

// OpenInvitation is a link that somebody was given and has not used.
type OpenInvitation struct {
	Open    bool      `json:"open" doc:"whether there is one"`
	Until   time.Time `json:"until,omitzero"`
	Renewal bool      `json:"renewal"`
}

func (c *call) openInvitation() (OpenInvitation, error) {
	u, err := c.person()
	if err != nil {
		return OpenInvitation{}, err
	}
	i, err := c.config.Auth.InvitationOf(u.UserId)
	return OpenInvitation{i.User != "", i.Until, i.Reset}, err
}

// uninvite makes a link good for nothing that went to the wrong hands.
func (c *call) uninvite() error {
	u, err := c.person()
	if err != nil {
		return err
	}
	return c.config.Auth.Uninvite(u.UserId)
}

func (c *call) invited(in InvitationToken) (Invited, error) {
	i, err := c.config.Auth.Invitation(in.Token)
	if err != nil {
		return Invited{}, err
	}
	u := c.directory().User(i.User)
	return Invited{u.GetLogin(), u.GetFirstName(), u.GetLastName(), i.Until, i.Reset}, nil
}

// accept sets a password and ends every session that there was with the one before.
// A password that is too easy leaves the link good.
func (c *call) accept(in AcceptInvitation) error {
	i, err := c.config.Auth.Invitation(in.Token)
	if err != nil {
		return err
	}
	hash, err := c.config.Auth.Hash(c.r.Context(), c.directory().User(i.User).GetLogin(), in.Password)
	if err != nil {
		return err
	}
	if i, err = c.config.Auth.Accept(in.Token); err != nil {
		return err
	}
	if err := c.change(directory.SetPassword{By: i.User, User: i.User, Hash: hash}); err != nil {
		return err
	}
	c.config.Log.Info("password set by a link", slog.String("user", i.User), slog.String("ip", c.clientIP(c.r)))
	return c.config.Auth.End(i.User, "", "")
}
