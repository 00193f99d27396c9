package auth

import (
	"testing"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// ways are all ways to sign in there are; each proves that it is anna, with all
// that it needs beside a second factor.
func (h *house) everyWay(link func()) map[string]func() (Entrance, error) {
	p, from := h.open(), Place{IP: "10.0.0.1"}
	key := h.stick("anna", public)
	link()
	return map[string]func() (Entrance, error){
		ByPassword:   func() (Entrance, error) { return h.SignIn(h.t.Context(), "anna", right, from) },
		ByInvitation: func() (Entrance, error) { return h.Admit("anna", ByInvitation, false, from) },
		ByIdentity: func() (Entrance, error) {
			sent, err := h.SendTo(h.t.Context(), "id", "")
			if err != nil {
				h.t.Fatal(err)
			}
			state, code := p.SignIn(sent.Address, "248", nil)
			return h.SignInFrom(h.t.Context(), state, code, sent.Browser, from)
		},
		ByPasskey: func() (Entrance, error) {
			if len(key.auth.Credentials) == 0 {
				if _, err := key.enrol("anna"); err != nil {
					h.t.Fatal(err)
				}
			}
			token, answer := key.answer("")
			return h.AnswerPasskey(token, answer, from)
		},
	}
}

// ASVS 6.1.3, 6.3.4: every way in is as strong as the others. A way is a row, a
// state of the user's is a column; tickets of sockets follow the session.
func TestEveryWayInEveryState(t *testing.T) {
	const in, step, enrol, out = "in", "second step", "enrol", "refused"
	states := []struct {
		name string
		make func(h *house)
		want map[string]string
	}{
		{"plain", func(*house) {}, map[string]string{ByPassword: in, ByInvitation: in, ByIdentity: in, ByPasskey: in}},
		{"second factor", func(h *house) { h.totp("anna") }, map[string]string{ByPassword: step, ByInvitation: step, ByIdentity: step, ByPasskey: in}},
		// A passkey is the factor that the role needs.
		{"role needs one", func(h *house) { h.need(directory.ViewKB) }, map[string]string{ByPassword: enrol, ByInvitation: enrol, ByIdentity: enrol, ByPasskey: in}},
		{"role needs one, and there is one", func(h *house) { h.need(directory.ViewKB); h.totp("anna") },
			map[string]string{ByPassword: step, ByInvitation: step, ByIdentity: step, ByPasskey: in}},
		{"disabled", func(h *house) {
			h.put(&event.User{UserId: "anna", Login: "anna", Roles: []string{directory.ViewKB}, Disabled: true})
		}, map[string]string{ByPassword: out, ByInvitation: out, ByIdentity: out, ByPasskey: out}},
		{"without the permission", func(h *house) { h.bar("anna") }, map[string]string{ByPassword: out, ByInvitation: out, ByIdentity: out, ByPasskey: out}},
		{"disabled, with a factor", func(h *house) {
			h.totp("anna")
			h.put(&event.User{UserId: "anna", Login: "anna", Roles: []string{directory.ViewKB}, Disabled: true})
		}, map[string]string{ByPassword: out, ByInvitation: out, ByIdentity: out, ByPasskey: out}},
		{"removed", func(h *house) { h.apply(&event.UserRemoved{UserId: "anna"}) },
			map[string]string{ByPassword: out, ByInvitation: out, ByIdentity: out, ByPasskey: out}},
	}
	for _, s := range states {
		for way, want := range s.want {
			h := newHouse(t)
			h.put(&event.User{UserId: "anna", Login: "anna", Roles: []string{directory.ViewKB}})
			ways := h.everyWay(func() {
				h.apply(&event.IdentityLinked{UserId: "anna", Identity: &event.Identity{Issuer: "https://id.example", Subject: "248"}})
			})
			if len(ways) != len(s.want) {
				t.Fatalf("%d ways, and %d are said", len(ways), len(s.want))
			}
			if way == ByPasskey { // it was made before
				if _, err := ways[way](); err != nil {
					t.Fatal(err)
				}
			}
			s.make(h)
			e, err := ways[way]()
			got := in
			switch {
			case refusal.KindOf(err) == refusal.Denied:
				got = out
			case err != nil:
				got = err.Error()
			case e.Step != nil:
				got = step
			case e.Enrol:
				got = enrol
			}
			if got != want {
				t.Errorf("%s, %s: %s, want %s", s.name, way, got, want)
			}
			h.checkTicket(s.name+", "+way, e, want == in)
		}
	}
}

// checkTicket: whoever came in, and nobody else, gets a ticket for a socket.
func (h *house) checkTicket(what string, e Entrance, want bool) {
	h.t.Helper()
	secret, err := h.Ticket(e.Token)
	if want != (err == nil) {
		h.t.Errorf("%s: Ticket = %v, want good %v", what, err, want)
	}
	if err == nil {
		if _, err := h.Redeem(secret); err != nil {
			h.t.Errorf("%s: Redeem = %v", what, err)
		}
	}
}

// A rule that is made meanwhile holds for who is in already, and for tickets
// that are out.
func TestARuleHoldsForWhoIsIn(t *testing.T) {
	h := newHouse(t)
	h.open()
	h.put(&event.User{UserId: "anna", Login: "anna", Roles: []string{directory.ViewKB}})
	s := h.signIn("anna")
	ticket, err := h.Ticket(s.Token)
	if err != nil {
		t.Fatal(err)
	}
	h.need(directory.ViewKB)
	if got, err := h.Session(s.Token); err != nil || !got.Enrol {
		t.Errorf("Session = %+v, %v, want one to enrol in", got, err)
	}
	if _, err := h.Redeem(ticket); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("Redeem = %v, want denied", err)
	}
	h.totp("anna")
	if got, err := h.Session(s.Token); err != nil || got.Enrol {
		t.Errorf("with a factor: Session = %+v, %v", got, err)
	}
	if h.signIn("oleg").Enrol {
		t.Error("another role needs a factor too")
	}
}
