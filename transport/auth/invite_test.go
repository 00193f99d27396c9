package auth

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// proves US-02: an invitation is good once, for three days, or for half an hour if
// it is instead of a password that is in use; it is kept as a hash.
func TestUS02_InvitationsAreUsedOnce(t *testing.T) {
	h := newHouse(t)
	good := func(token string) bool {
		_, err := h.Invitation(token)
		if err != nil && refusal.KindOf(err) != refusal.NotFound {
			t.Fatal(err)
		}
		return err == nil
	}
	invite := func(user string) Invitation {
		i, err := h.Invite(user)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	first, reset := invite("mute"), invite("oleg")
	if first.Reset || !reset.Reset || first.Until.Sub(h.now) != 72*time.Hour || reset.Until.Sub(h.now) != 30*time.Minute {
		t.Errorf("invitations: %+v, %+v", first, reset)
	}
	for key, value := range h.disk.rows {
		if strings.Contains(key+string(value), first.Token) {
			t.Errorf("the token is written down in %s", key)
		}
	}
	if len(first.Token) < 43 { // 256 bits
		t.Errorf("a token has %d characters", len(first.Token))
	}
	second := invite("mute")
	if good(first.Token) || !good(second.Token) || good("") || good(second.Token+"x") {
		t.Error("an invitation is good that is not the last one of its user")
	}
	h.now = h.now.Add(31 * time.Minute)
	if good(reset.Token) || !good(second.Token) {
		t.Error("after half an hour a reset is good, or an invitation is not")
	}
	var used atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := h.Accept(second.Token); err == nil {
				used.Add(1)
			}
		})
	}
	all.Wait()
	if used.Load() != 1 || good(second.Token) {
		t.Errorf("an invitation was used %d times", used.Load())
	}
	third := invite("mute")
	if i, err := h.InvitationOf("mute"); err != nil || i.Token != "" || !i.Until.Equal(third.Until) || i.Reset {
		t.Errorf("the invitation of mute: %+v, %v", i, err)
	}
	h.put(&event.User{UserId: "mute", Login: "mute", Disabled: true})
	if good(third.Token) {
		t.Error("who is disabled comes in by an invitation")
	}
	h.put(&event.User{UserId: "mute", Login: "mute"})
	if err := h.Uninvite("mute"); err != nil || good(third.Token) {
		t.Errorf("an invitation that was withdrawn is good (%v)", err)
	}
	last := invite("mute")
	h.now = h.now.Add(72 * time.Hour)
	if good(last.Token) {
		t.Error("after three days an invitation is good")
	}
	if i, err := h.InvitationOf("mute"); err != nil || i.User != "" {
		t.Errorf("after three days mute is invited: %+v, %v", i, err)
	}
	invite("anna")
	if n := h.disk.count(invitations); n != 1 {
		t.Errorf("%d invitations are kept, want the one that is good", n)
	}
}

// proves G33: who is shut out has neither a session nor a way to another one, and
// nobody else is touched.
func TestG33_ShutOut(t *testing.T) {
	h := newHouse(t)
	s := h.signIn("anna")
	if _, err := h.Invite("mute"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		out           []string
		anna, invited bool
	}{{nil, true, true}, {[]string{"oleg"}, true, true}, {[]string{"oleg", "mute"}, true, false}, {[]string{"anna", "mute"}, false, false}} {
		if err := h.ShutOut(step.out...); err != nil {
			t.Fatal(err)
		}
		_, err := h.Session(s.Token)
		i, wrong := h.InvitationOf("mute")
		if wrong != nil || (err == nil) != step.anna || (i.User != "") != step.invited {
			t.Errorf("without %v: anna's session %v, mute is invited %q, %v", step.out, err, i.User, wrong)
		}
	}
}
