package rest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

func invitationOf(user string) auth.Invitation {
	return auth.Invitation{User: user, Until: time.Now().Add(time.Hour)}
}

func (a *fakeAuth) Invite(user string) (auth.Invitation, error) {
	if err := a.Uninvite(user); err != nil {
		return auth.Invitation{}, err
	}
	i := invitationOf(user)
	a.invited["invites-"+user] = i
	i.Token = "invites-" + user
	return i, nil
}

func (a *fakeAuth) Invitation(token string) (auth.Invitation, error) {
	i, ok := a.invited[token]
	if !ok {
		return auth.Invitation{}, refusal.New(refusal.NotFound, "the link is not good")
	}
	return i, nil
}

func (a *fakeAuth) Accept(token string) (auth.Invitation, error) {
	i, err := a.Invitation(token)
	delete(a.invited, token)
	return i, err
}

func (a *fakeAuth) InvitationOf(user string) (auth.Invitation, error) {
	for _, i := range a.invited {
		if i.User == user {
			return i, nil
		}
	}
	return auth.Invitation{}, nil
}

func (a *fakeAuth) Uninvite(user string) error {
	for token, i := range a.invited {
		if i.User == user {
			delete(a.invited, token)
		}
	}
	return nil
}

// proves US-02, WS-02: a link sets a password once, and signs the user out
// everywhere; nobody makes one for who may do more.
func TestUS02_InvitationsSetAPasswordOnce(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "POST", "/api/v1/users/rival/invitation", "").want(403)
		h.as("boss", "POST", "/api/v1/users/nobody/invitation", "").want(404)
		h.as("oleg", "POST", "/api/v1/users/oleg/invitation", "").want(403)
		made := h.as("boss", "POST", "/api/v1/users/oleg/invitation", "").want(200)
		body := func(password string) string {
			return fmt.Sprintf(`{"token":%q,"password":%q}`, made.field("token"), password)
		}
		if got := h.as("", "POST", "/api/v1/invitation", fmt.Sprintf(`{"token":%q}`, made.field("token"))).want(200); got.field("login") != "oleg" {
			t.Errorf("who is invited: %s", got.Body)
		}
		h.as("", "POST", "/api/v1/invitation", `{"token":"another"}`).want(404)
		h.as("", "POST", "/api/v1/invitation/password", body("short")).want(422)
		h.as("", "POST", "/api/v1/invitation/password", body("a good long word")).want(204)
		h.as("", "POST", "/api/v1/invitation/password", body("a word of a thief")).want(404)
		d := h.system.Directory.State()
		if d.Passwords["oleg"] != "hash:a good long word" || !h.auth.ended["session-oleg"] {
			t.Errorf("password %q, ended: %v", d.Passwords["oleg"], h.auth.ended)
		}
		invited := 0
		for _, e := range h.events(event.DirectoryStream) {
			if e, ok := e.(*event.UserInvited); ok && e.By == "boss" && e.UserId == "oleg" {
				invited++
			}
		}
		if invited != 1 {
			t.Errorf("%d facts tell that boss invited oleg", invited)
		}
		withdrawn(h)
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "oleg", Login: "oleg", Disabled: true}})
		settle()
		h.as("boss", "POST", "/api/v1/users/oleg/invitation", "").want(409)
	})
}

// withdrawn takes a link back that is out, which is noted, and shows by whom.
func withdrawn(h *house) {
	h.t.Helper()
	const path = "/api/v1/users/oleg/invitation"
	open := func() any { return h.as("boss", "GET", path, "").want(200).field("open") }
	if open() != false {
		h.t.Error("a link that was used is open")
	}
	token := h.as("boss", "POST", path, "").want(200).field("token")
	shown := h.as("boss", "GET", path, "").want(200)
	if shown.field("open") != true || strings.Contains(shown.Body.String(), token.(string)) {
		h.t.Errorf("an open link is shown as %s", shown.Body)
	}
	h.as("boss", "GET", "/api/v1/users/rival/invitation", "").want(403)
	h.as("boss", "DELETE", "/api/v1/users/rival/invitation", "").want(403)
	h.as("boss", "DELETE", "/api/v1/users/nobody/invitation", "").want(404)
	h.as("boss", "DELETE", path, "").want(204)
	if got := h.last(); got != "boss invitation_withdrawn oleg" {
		h.t.Errorf("the log of acts ends with %q", got)
	}
	if open() != false {
		h.t.Error("a link that was withdrawn is open")
	}
	h.as("", "POST", "/api/v1/invitation", fmt.Sprintf(`{"token":%q}`, token)).want(404)
	h.as("boss", "DELETE", path, "").want(204)
}
