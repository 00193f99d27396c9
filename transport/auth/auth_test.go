package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/argon2id"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
)

// A memory is a store.Table in memory. The meet function, if set, is called
// once on the way out of Get, with what was read already.
type memory struct {
	mu   sync.Mutex
	rows map[string][]byte
	meet func()
}

func (m *memory) Get(table, key string) ([]byte, error) {
	m.mu.Lock()
	v, meet := m.rows[table+"/"+key], m.meet
	m.meet = nil
	m.mu.Unlock()
	if meet != nil {
		meet()
	}
	return v, nil
}

func (m *memory) Scan(table, prefix string) iter.Seq2[store.Row, error] {
	m.mu.Lock()
	rows := maps.Clone(m.rows)
	m.mu.Unlock()
	return func(yield func(store.Row, error) bool) {
		for _, k := range slices.Sorted(maps.Keys(rows)) {
			if key, ok := strings.CutPrefix(k, table+"/"); ok && strings.HasPrefix(key, prefix) {
				if !yield(store.Row{Table: table, Key: key, Value: rows[k]}, nil) {
					return
				}
			}
		}
	}
}

func (m *memory) Put(rows []store.Row, _ bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range rows {
		if r.Value == nil {
			delete(m.rows, r.Table+"/"+r.Key)
		} else {
			m.rows[r.Table+"/"+r.Key] = bytes.Clone(r.Value)
		}
	}
	return nil
}

func (m *memory) count(table string) (n int) {
	for range m.Scan(table, "") {
		n++
	}
	return n
}

// A house is a gate with a directory, a clock and a disk that tests turn.
type house struct {
	*Gate
	t     *testing.T
	state directory.State
	now   time.Time
	disk  *memory
}

func (h *house) State() directory.State { return h.state }

const right = "tall ships sail at night"

// newHouse has two users with the same password, anna and oleg, whose hashes
// cost next to nothing.
func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC), disk: &memory{rows: map[string][]byte{}}}
	h.Gate = New(Config{Directory: h, Table: h.disk, Now: func() time.Time { return h.now }, Words: []string{"Ромашка"}})
	h.hasher.params.Memory = 64
	hash, err := h.Hash(t.Context(), "anna", right)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"anna", "oleg"} {
		h.put(&event.User{UserId: id, Login: id})
		h.state = directory.Apply(h.state, &event.PasswordSet{UserId: id, Hash: hash})
	}
	h.put(&event.User{UserId: "mute", Login: "mute"}) // has no password
	return h
}

func (h *house) put(u *event.User) { h.state = directory.Apply(h.state, &event.UserPut{User: u}) }

// bar takes the permission to sign in from a user.
func (h *house) bar(id string) {
	h.state = directory.Apply(h.state, &event.UserPut{User: &event.User{UserId: id, Login: id, Roles: []string{directory.ViewKB}}, LoginCounts: true})
}

// proves US-04: login is the permission to sign in. Who has lost it is told so, once
// it is clear who it is, and the session that was begun with it is over; who was
// put before the permission counted has it.
func TestUS04_LoginIsThePermissionToSignIn(t *testing.T) {
	h := newHouse(t) // the users of which were put before
	s := h.signIn("oleg")
	if _, err := h.Session(s.Token); err != nil {
		t.Fatal(err)
	}
	h.bar("oleg")
	if _, err := h.Session(s.Token); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("the session of who may not sign in any more: %v", err)
	}
	_, err := h.SignIn(t.Context(), "oleg", right, Place{IP: "10.0.0.1"})
	if no, ok := errors.AsType[*refusal.Error](err); !ok || no.Kind != refusal.Denied || no.Field != "roles" {
		t.Errorf("the right password without the permission: %v", err)
	}
	if _, err := h.SignIn(t.Context(), "oleg", "wrong", Place{IP: "10.0.0.1"}); err.Error() != errWrong().Error() {
		t.Errorf("a wrong password without the permission: %v", err)
	}
}

func (h *house) signIn(login string) Session {
	h.t.Helper()
	e, err := h.SignIn(h.t.Context(), login, right, Place{IP: "10.0.0.1"})
	if err != nil || e.Step != nil {
		h.t.Fatal(e.Step, err)
	}
	return e.Session
}

func TestSignInTellsNothingOfWhyNot(t *testing.T) {
	h := newHouse(t)
	h.put(&event.User{UserId: "oleg", Login: "oleg", Disabled: true})
	tests := []struct{ name, login, password string }{
		{"wrong password", "anna", right + "!"},
		{"no password", "anna", ""},
		{"far too long", "anna", right + strings.Repeat(" ", maxPassword)},
		{"disabled", "oleg", right},
		{"unknown", "nobody", right},
		{"no password is kept", "mute", ""},
		{"stand-in", "mute", "nobody"},
	}
	for _, tt := range tests {
		s, err := h.SignIn(t.Context(), tt.login, tt.password, Place{IP: "10.0.0." + tt.name})
		if refusal.KindOf(err) != refusal.Denied || err.Error() != errWrong().Error() || s != (Entrance{}) {
			t.Errorf("%s: SignIn = %v, %v, want %v", tt.name, s, err, errWrong())
		}
	}
	if s := h.signIn(" ANNA "); s.User != "anna" || s.Token == "" || s.IP != "10.0.0.1" {
		t.Errorf("SignIn = %+v", s)
	}
}

// Whoever can't sign in waits for a core like the others: the stand-in costs
// what a password costs, and is hashed for all of them.
func TestSignInTakesAsLongForEverybody(t *testing.T) {
	params, _, _, err := argon2id.DecodeHash(standIn)
	if err != nil || *params != newHasher().params {
		t.Fatalf("the stand-in has %+v, %v", params, err)
	}
	h := newHouse(t)
	h.put(&event.User{UserId: "oleg", Login: "oleg", Disabled: true})
	for range cap(h.hasher.running) {
		h.hasher.running <- struct{}{}
	}
	h.hasher.waiting.Store(maxWaiting)
	for _, login := range []string{"anna", "nobody", "oleg", "mute", "anna", "anna", "anna"} {
		if _, err := h.SignIn(t.Context(), login, right, Place{IP: "10.0.0.1"}); refusal.KindOf(err) != refusal.Busy || !strings.Contains(err.Error(), "at once") {
			t.Errorf("%s was answered without a hash: %v", login, err)
		}
	}
	<-h.hasher.running
	h.signIn("anna") // what was not tried does not count
}

// At most so many hash at once, 32 wait, the next one is told to come later,
// and who gives up makes room.
func TestHasherIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHasher()
		for range cap(h.running) {
			if err := h.enter(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		in := make(chan error, maxWaiting)
		go func() { in <- h.enter(ctx) }()
		for range maxWaiting - 1 {
			go func() { in <- h.enter(t.Context()) }()
		}
		synctest.Wait()
		if err := h.enter(t.Context()); refusal.KindOf(err) != refusal.Busy {
			t.Errorf("the 33rd: %v, want busy", err)
		}
		cancel()
		synctest.Wait()
		if err := <-in; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up: %v", err)
		}
		for range maxWaiting - 1 {
			h.leave()
			if err := <-in; err != nil {
				t.Error(err)
			}
		}
		if n := h.waiting.Load(); n != 0 {
			t.Errorf("%d wait for ever", n)
		}
	})
}

func TestRehashWhenTheParametersChanged(t *testing.T) {
	h := newHouse(t)
	var got []string
	h.Rehash = func(_ context.Context, user, hash string) { got = append(got, user, hash) }
	h.signIn("anna")
	if got != nil {
		t.Fatalf("a good hash was made anew: %v", got)
	}
	h.hasher.params.Memory = 128
	h.signIn("anna")
	if len(got) != 2 || got[0] != "anna" {
		t.Fatalf("Rehash = %v", got)
	}
	h.state = directory.Apply(h.state, &event.PasswordSet{UserId: "anna", Hash: got[1]})
	h.signIn("anna")
	if len(got) != 2 {
		t.Error("the better hash was made anew")
	}
	if _, err := h.SignIn(t.Context(), "oleg", "wrong", Place{IP: "10.0.0.1"}); refusal.KindOf(err) != refusal.Denied || len(got) != 2 {
		t.Errorf("a wrong password was hashed anew: %v", err)
	}
}

// ASVS 6.2: length and guessability count, kinds of characters don't.
func TestHashRefusesEasyPasswords(t *testing.T) {
	h := newHouse(t)
	tests := []struct {
		login, password string
		ok              bool
	}{
		{"anna", "", false},
		{"anna", "seven77", false},
		{"anna", "eight888", true},
		{"anna", "восемь88", true},
		{"anna", "семь777", false},
		{"anna", strings.Repeat("abcde ", 42) + "абвг", true},
		{"anna", strings.Repeat("abcde ", 42) + "абвгд", false},
		{"anna", "correct horse battery staple", true},
		{"anna", "Qwerty123", false},
		{"anna", "йцукенгшщз", false},
		{"anna", "bbbbbbbbbbbb", false},
		{"anna", "abcabcabcabcabc", false},
		{"anna", "crafttalk2024", false},
		{"anna", "CraftTalk-oper", true},
		{"anna", "РОМАШКА2024", false},
		{"ivan.petrov", "Ivan.Petrov1", false},
		{"ivan.petrov", "ivan.petrov sails", true},
		{"al", "also fine words", true},
		{"anna", "bad\xff\xfetext here", false},
	}
	for _, tt := range tests {
		hash, err := h.Hash(t.Context(), tt.login, tt.password)
		if (err == nil) != tt.ok || tt.ok != (hash != "") {
			t.Errorf("Hash(%q, %q) = %v, want good %v", tt.login, tt.password, err, tt.ok)
		}
		if e, ok := errors.AsType[*refusal.Error](err); err != nil && (!ok || e.Field != "password") {
			t.Errorf("Hash(%q) is refused for %+v", tt.password, err)
		}
	}
	lines := strings.Split(strings.TrimSuffix(common, "\n"), "\n")
	if len(lines) < 200 {
		t.Errorf("%d common passwords", len(lines))
	}
	for _, l := range lines {
		if len([]rune(l)) < minPassword || l != strings.ToLower(l) {
			t.Errorf("%q can't match", l)
		}
	}
}

func TestSessionEndsIdleAndAtLast(t *testing.T) {
	h := newHouse(t)
	s := h.signIn("anna")
	if want := h.now.Add(absolute); !s.Expires.Equal(want) {
		t.Errorf("Expires = %v, want %v", s.Expires, want)
	}
	for range 200 { // used every seven minutes
		h.now = h.now.Add(7 * time.Minute)
		if !h.now.Before(s.Expires) {
			break
		}
		if got, err := h.Session(s.Token); err != nil || got.User != "anna" || got.ID != s.ID || got.Token != "" {
			t.Fatalf("Session = %+v, %v", got, err)
		}
	}
	if _, err := h.Session(s.Token); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("after twelve hours: %v, want denied", err)
	}
	s = h.signIn("anna")
	h.now = h.now.Add(idle - time.Second)
	if _, err := h.Session(s.Token); err != nil {
		t.Error(err)
	}
	h.now = h.now.Add(idle)
	if _, err := h.Session(s.Token); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("after half an hour of silence: %v, want denied", err)
	}
	for _, token := range []string{"", "x", s.ID, hashOf(s.Token)} {
		if _, err := h.Session(token); refusal.KindOf(err) != refusal.Denied {
			t.Errorf("Session(%q) = %v, want denied", token, err)
		}
	}
	h.now = h.now.Add(sweeping)
	h.signIn("anna")
	if n := h.disk.count(sessions); n != 1 {
		t.Errorf("%d sessions are kept, want 1: the others are over", n)
	}
}

// A session's life is written once a minute, not with every request, and a
// session that has been ended does not come back by it.
func TestSessionIsTouchedOnceAMinute(t *testing.T) {
	h := newHouse(t)
	s := h.signIn("anna")
	h.now = h.now.Add(slide - time.Second)
	if got, err := h.Session(s.Token); err != nil || !got.Seen.Equal(s.Seen) {
		t.Errorf("Seen = %v, %v, want as at the sign-in", got.Seen, err)
	}
	h.now = h.now.Add(time.Second)
	if got, err := h.Session(s.Token); err != nil || !got.Seen.Equal(h.now) {
		t.Errorf("Seen = %v, %v, want now", got.Seen, err)
	}
	h.now = h.now.Add(slide)
	h.remembered.empty() // so that the row is read, and the session ended after that
	h.disk.meet = func() {
		if err := h.End("anna", s.ID, ""); err != nil {
			t.Error(err)
		}
	}
	if _, err := h.Session(s.Token); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("a session ended meanwhile: %v, want denied", err)
	}
	if n := h.disk.count(sessions); n != 0 {
		t.Error("the session came back")
	}
}

// The store does not tell a token.
func TestTokensAreNotKept(t *testing.T) {
	h := newHouse(t)
	s := h.signIn("anna")
	for k, v := range h.disk.rows {
		if strings.Contains(k+string(v), s.Token) {
			t.Errorf("row %s tells the token", k)
		}
	}
	if again := h.signIn("anna"); again.Token == s.Token || len(s.Token) != 43 {
		t.Errorf("tokens %q and %q", s.Token, again.Token)
	}
}

// proves G33: who is signed out, disabled or removed is nobody at once.
func TestG33_EndedSessionsAreRefusedAtOnce(t *testing.T) {
	h := newHouse(t)
	var s []Session
	for _, login := range []string{"anna", "anna", "anna", "oleg"} {
		h.now = h.now.Add(time.Second)
		s = append(s, h.signIn(login))
	}
	alive := func(want string) {
		t.Helper()
		var got []string
		for i := range s {
			if _, err := h.Session(s[i].Token); err == nil {
				got = append(got, fmt.Sprint(i))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("sessions %v stand, want %s", got, want)
		}
	}
	list, err := h.List("anna")
	if err != nil || len(list) != 3 || list[0].ID != s[2].ID || list[0].Token != "" {
		t.Errorf("List = %+v, %v", list, err)
	}
	end := func(user, id, but string) {
		t.Helper()
		if err := h.End(user, id, but); err != nil {
			t.Error(err)
		}
	}
	end("oleg", s[0].ID, "") // not his
	alive("0 1 2 3")
	end("anna", s[0].ID, "")
	end("anna", s[0].ID, "") // twice is once
	alive("1 2 3")
	end("anna", "", s[2].ID)
	alive("2 3")
	h.put(&event.User{UserId: "oleg", Login: "oleg", Disabled: true})
	alive("2")
	h.state = directory.Apply(h.state, &event.UserRemoved{UserId: "anna"})
	alive("")
}

func TestTicketIsGoodOnceAndSoon(t *testing.T) {
	h := newHouse(t)
	s := h.signIn("anna")
	ticket := func() string {
		t.Helper()
		secret, err := h.Ticket(s.Token)
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	good := ticket()
	if token, err := h.Redeem(good); err != nil || token != s.Token {
		t.Errorf("Redeem = %q, %v", token, err)
	}
	denied := func(name, secret string) {
		t.Helper()
		if token, err := h.Redeem(secret); refusal.KindOf(err) != refusal.Denied || token != "" {
			t.Errorf("%s: Redeem = %q, %v, want denied", name, token, err)
		}
	}
	denied("twice", good)
	late := ticket()
	h.now = h.now.Add(ticketLasts)
	denied("late", late)
	denied("made up", "x")
	denied("none", "")
	ended := ticket()
	if err := h.End("anna", s.ID, ""); err != nil {
		t.Fatal(err)
	}
	denied("of an ended session", ended)
	if _, err := h.Ticket(s.Token); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("a ticket without a session: %v", err)
	}
}

func TestTicketsAreBounded(t *testing.T) {
	h := newHouse(t)
	s := h.signIn("anna")
	for range maxSlips {
		if _, err := h.Ticket(s.Token); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Ticket(s.Token); refusal.KindOf(err) != refusal.Busy {
		t.Errorf("one too many: %v, want busy", err)
	}
	h.now = h.now.Add(ticketLasts)
	if _, err := h.Ticket(s.Token); err != nil || len(h.tickets.sold) != 1 {
		t.Errorf("after those have expired: %v, %d are held", err, len(h.tickets.sold))
	}
}

// ASVS 6.3.2: there is no default account, and the code that makes the first
// one works once and for an hour.
func TestSetupCode(t *testing.T) {
	h := newHouse(t)
	denied := func(name, code string) {
		t.Helper()
		if err := h.Setup(code); refusal.KindOf(err) != refusal.Denied {
			t.Errorf("%s: %v, want denied", name, err)
		}
	}
	denied("before there is one", "")
	first := h.NewSetupCode()
	second := h.NewSetupCode()
	denied("void", first)
	denied("none", "")
	if err := h.Setup(" " + strings.ToLower(second) + "\n"); err != nil {
		t.Error(err)
	}
	denied("twice", second)
	third := h.NewSetupCode()
	h.now = h.now.Add(setupLasts)
	denied("late", third)
}

func TestAPIKeys(t *testing.T) {
	key, hash := NewAPIKey()
	other, otherHash := NewAPIKey()
	tests := []struct {
		name, key, hash string
		want            bool
	}{
		{"right", key, hash, true},
		{"the other right one", other, otherHash, true},
		{"another's", key, otherHash, false},
		{"the hash itself", hash, hash, false},
		{"nothing", "", "", false},
		{"no hash", key, "", false},
		{"without its prefix", strings.TrimPrefix(key, KeyPrefix), hashOf(strings.TrimPrefix(key, KeyPrefix)), false},
		{"shorter", key[:len(key)-1], hash, false},
	}
	for _, tt := range tests {
		if got := CheckAPIKey(tt.key, tt.hash); got != tt.want {
			t.Errorf("%s: CheckAPIKey = %v, want %v", tt.name, got, tt.want)
		}
	}
	if !strings.HasPrefix(key, "ctk_") || len(key) != 47 {
		t.Errorf("key = %q", key)
	}
}

func TestCheckCountsAsASignIn(t *testing.T) {
	h := newHouse(t)
	if err := h.Check(t.Context(), "anna", right); err != nil {
		t.Error(err)
	}
	for range freePair {
		if err := h.Check(t.Context(), "anna", "wrong"); refusal.KindOf(err) != refusal.Denied {
			t.Errorf("Check = %v, want denied", err)
		}
	}
	if err := h.Check(t.Context(), "anna", right); refusal.KindOf(err) != refusal.Busy {
		t.Errorf("Check after three wrong ones = %v, want busy", err)
	}
	h.signIn("anna") // elsewhere
}

// TestACenterBehindOneAddressComesIn: signing in well does not use up what one
// place may fail, so that a hundred operators can begin their day together.
func TestACenterBehindOneAddressComesIn(t *testing.T) {
	r := newThrottle(&memory{rows: map[string][]byte{}})
	now := time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC)
	for i := range 5 * placeBurst {
		login := fmt.Sprintf("op%d", i)
		if err := r.enter(now, login, "192.0.2.1"); err != nil {
			t.Fatalf("sign-in %d: %v", i, err)
		}
		if err := r.pardon(now, login, "192.0.2.1", true); err != nil {
			t.Fatal(err)
		}
	}
	for range placeBurst {
		if err := r.enter(now, "stranger", "192.0.2.1"); err != nil {
			return // guessing is stopped as before
		}
	}
	t.Error("a place may guess without end")
}

// proves US-04: the role admin widens what the other roles allow to every
// center and line, and allows nothing by itself.
func TestUS04_AdminIsEverywhere(t *testing.T) {
	u := &event.User{UserId: "root", Roles: []string{directory.Admin}}
	if !InScope(u, &event.Routing{LineId: "any"}, "any") {
		t.Error("an administrator without centers is out of scope")
	}
	if Can(u, directory.ViewMonitoring) {
		t.Error("admin alone allows to see the monitoring")
	}
	u.Disabled = true
	if InScope(u, &event.Routing{LineId: "any"}, "any") {
		t.Error("a disabled administrator is in scope")
	}
}
