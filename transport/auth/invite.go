package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/store"
)

// invitations is the table of those that nobody has used, by the SHA-256 of their
// tokens.
const invitations = "invitation"

// How long somebody has to set a password: the first one, or one instead of
// another that is in use.
const (
	invitationLasts = 72 * time.Hour
	resetLasts      = 30 * time.Minute
)

// An Invitation lets a user set a password once. The token is known when it is
// made only.
type Invitation struct {
	Token string
	User  string
	Reset bool // the user has a password already
	Until time.Time
}

// invited is an invitation as it is in its row.
type invited struct {
	User  string    `json:"user"`
	Reset bool      `json:"reset"`
	Until time.Time `json:"until"`
}

func errInvitation() error {
	return refusal.New(refusal.NotFound, "this link is not good any more: it was used, has come to its end, or another one was made")
}

// Invite makes an invitation of a user. An earlier one is void.
func (g *Gate) Invite(user string) (Invitation, error) {
	_, reset := g.Directory.State().Passwords[user]
	i := Invitation{Token: newSecret(), User: user, Reset: reset, Until: g.Now().Add(invitationLasts)}
	if reset {
		i.Until = g.Now().Add(resetLasts)
	}
	value, err := json.Marshal(invited{User: user, Reset: reset, Until: i.Until})
	if err != nil {
		return Invitation{}, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	rows, err := g.invitationsOf(user)
	if err == nil {
		err = g.Table.Put(append(rows, store.Row{Table: invitations, Key: hashOf(i.Token), Value: value}), true)
	}
	if err != nil {
		return Invitation{}, fmt.Errorf("keep an invitation: %w", err)
	}
	return i, nil
}

// Invitation returns the invitation of a token, which stays as it is.
func (g *Gate) Invitation(token string) (Invitation, error) {
	value, err := g.Table.Get(invitations, hashOf(token))
	if err != nil {
		return Invitation{}, fmt.Errorf("read an invitation: %w", err)
	}
	if value == nil {
		return Invitation{}, errInvitation()
	}
	var k invited
	if err := json.Unmarshal(value, &k); err != nil {
		return Invitation{}, fmt.Errorf("read an invitation: %w", err)
	}
	if u := g.Directory.State().User(k.User); u == nil || u.Disabled || !g.Now().Before(k.Until) {
		return Invitation{}, errInvitation()
	}
	return Invitation{User: k.User, Reset: k.Reset, Until: k.Until}, nil
}

// Accept uses the invitation of a token up: of many who try at once it is one's.
func (g *Gate) Accept(token string) (Invitation, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	i, err := g.Invitation(token)
	if err != nil {
		return Invitation{}, err
	}
	if err := g.Table.Put([]store.Row{{Table: invitations, Key: hashOf(token)}}, true); err != nil {
		return Invitation{}, fmt.Errorf("use an invitation up: %w", err)
	}
	return i, nil
}

// InvitationOf returns what a user is invited by, without its token; the zero one
// if there is nothing.
func (g *Gate) InvitationOf(user string) (Invitation, error) {
	for row, err := range g.Table.Scan(invitations, "") {
		var k invited
		if err == nil {
			err = json.Unmarshal(row.Value, &k)
		}
		if err != nil {
			return Invitation{}, fmt.Errorf("read the invitations: %w", err)
		}
		if k.User == user && g.Now().Before(k.Until) {
			return Invitation{User: k.User, Reset: k.Reset, Until: k.Until}, nil
		}
	}
	return Invitation{}, nil
}

// Uninvite makes what a user was invited by void.
func (g *Gate) Uninvite(user string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.uninvite(user)
}

func (g *Gate) uninvite(users ...string) error {
	rows, err := g.invitationsOf(users...)
	if err == nil && len(rows) > 0 {
		err = g.Table.Put(rows, true)
	}
	if err != nil {
		return fmt.Errorf("withdraw an invitation: %w", err)
	}
	return nil
}

// ShutOut ends all that users could still act by, and could come back by: their
// sessions and what they were invited by. Twice is once.
func (g *Gate) ShutOut(users ...string) error {
	if len(users) == 0 {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	these := map[string]bool{}
	for _, user := range users {
		these[user] = true
	}
	return errors.Join(g.dropLocked(func(_ string, k kept) bool { return these[k.User] }), g.uninvite(users...))
}

// invitationsOf returns rows that take away what users were invited by, and what
// has come to its end. The lock is held.
func (g *Gate) invitationsOf(users ...string) (out []store.Row, err error) {
	for row, err := range g.Table.Scan(invitations, "") {
		var k invited
		if err == nil {
			err = json.Unmarshal(row.Value, &k)
		}
		if err != nil {
			return nil, err
		}
		if slices.Contains(users, k.User) || !g.Now().Before(k.Until) {
			out = append(out, store.Row{Table: invitations, Key: row.Key})
		}
	}
	return out, nil
}
