package auth

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// guess tries a wrong password without hashing it, and reports whether it was
// let through.
func (h *house) guess(login, ip string) bool {
	h.t.Helper()
	err := h.throttle.enter(h.now, login, ip)
	if err != nil && refusal.KindOf(err) != refusal.Busy {
		h.t.Fatal(err)
	}
	return err == nil
}

// From one place: three times for nothing, then 1, 2, 4 … seconds.
func TestOnePlaceGuessesSlower(t *testing.T) {
	h := newHouse(t)
	h.signIn("anna") // the place is trusted, and slowed down all the same
	for range freePair {
		if !h.guess("anna", "10.0.0.1") {
			t.Fatal("refused too early")
		}
	}
	for _, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
		h.now = h.now.Add(wait*time.Second - time.Millisecond)
		if h.guess("anna", "10.0.0.1") {
			t.Errorf("let in after less than %d s", wait)
		}
		h.now = h.now.Add(time.Millisecond)
		if !h.guess("anna", "10.0.0.1") {
			t.Errorf("refused after %d s", wait)
		}
	}
	if !h.guess("oleg", "10.0.0.1") {
		t.Error("another account suffers")
	}
	h.now = h.now.Add(forgotten)
	for range freePair {
		if !h.guess("anna", "10.0.0.1") {
			t.Error("a day later it is not forgotten")
		}
	}
}

// From many places an account is tried some thousand times a day and no more,
// and its owner comes in meanwhile.
func TestManyPlacesDoNotShutTheOwnerOut(t *testing.T) {
	h := newHouse(t)
	h.signIn("anna")
	tried := 0
	for i := range 10_000 {
		if h.guess("anna", fmt.Sprintf("10.1.%d.%d", i>>8, i&255)) {
			tried++
		}
		h.now = h.now.Add(time.Second)
	}
	if tried < 300 || tried > 360 {
		t.Errorf("%d of 10000 guesses were let through, want one every 30 s", tried)
	}
	for !h.guess("anna", "10.2.0.1") { // so that the next one would have to wait
		h.now = h.now.Add(time.Second)
	}
	h.signIn("anna")
	if h.guess("anna", "10.9.9.9") {
		t.Error("the owner's sign-in has opened the account to strangers")
	}
	h.now = h.now.Add(slowestAccount)
	if _, err := h.SignIn(t.Context(), "anna", right, Place{IP: "10.8.8.8"}); err != nil {
		t.Errorf("the owner from a new place, a little later: %v", err)
	}
}

// One place tries many accounts no faster than the bucket fills.
func TestOnePlaceTriesManyAccounts(t *testing.T) {
	h := newHouse(t)
	tried := 0
	for i := range 1000 {
		if h.guess(fmt.Sprint("user", i), fmt.Sprintf("2001:db8:0:1::%x", i)) { // one network
			tried++
		}
	}
	if tried != placeBurst {
		t.Errorf("%d tries at once, want %d", tried, placeBurst)
	}
	if !h.guess("user", "2001:db8:0:2::1") || !h.guess("user", "10.0.0.1") {
		t.Error("other places suffer")
	}
	h.now = h.now.Add(placeEvery)
	if !h.guess("user", "2001:db8:0:1::1") || h.guess("user2", "2001:db8:0:1::2") {
		t.Error("the bucket does not fill by one every six seconds")
	}
}

// Many guesses at the same instant count as many.
func TestGuessesAtOnceCountEach(t *testing.T) {
	h := newHouse(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	tried := 0
	for range 15 {
		wg.Go(func() {
			if h.throttle.enter(h.now, "anna", "10.0.0.1") == nil {
				mu.Lock()
				tried++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if tried != freePair {
		t.Errorf("%d were let through, want %d", tried, freePair)
	}
}

// However a login is spelled, it is one account; a restart forgets nothing.
func TestAttemptsAreKept(t *testing.T) {
	h := newHouse(t)
	h.put(&event.User{UserId: "sara", Login: "sara"})
	for _, login := range []string{"sara", "SARA", "\u017Fara"} { // the last with a long s
		if _, err := h.SignIn(t.Context(), login, "wrong", Place{IP: "10.0.0.1"}); refusal.KindOf(err) != refusal.Denied {
			t.Fatalf("%s: %v", login, err)
		}
	}
	h.Gate = New(h.Config)
	if _, err := h.SignIn(t.Context(), "sara", right, Place{IP: "10.0.0.1"}); refusal.KindOf(err) != refusal.Busy {
		t.Errorf("the fourth: %v, want busy", err)
	}
	if _, err := h.SignIn(t.Context(), "anna", right, Place{IP: "10.0.0.1"}); err != nil {
		t.Errorf("another account: %v", err)
	}
}

// A sign-in that is right costs no attempt.
func TestRightPasswordsAreNotFailures(t *testing.T) {
	h := newHouse(t)
	for range 3 * freeAccount {
		h.signIn("anna")
		h.now = h.now.Add(placeEvery)
	}
	if !h.guess("anna", "10.0.0.2") {
		t.Error("the owner's own sign-ins were counted")
	}
}

func TestThrottleIsBounded(t *testing.T) {
	h := newHouse(t)
	for i := range maxPlaces + 10 {
		h.throttle.limiter(h.now, fmt.Sprint(i)).AllowN(h.now, 1)
	}
	if n := len(h.throttle.places); n > maxPlaces {
		t.Errorf("%d places are remembered", n)
	}
	h.guess("anna", "10.0.0.1")
	h.now = h.now.Add(trusted)
	h.guess("oleg", "10.0.0.1")
	if n := h.disk.count(attempts); n != 2 {
		t.Errorf("%d rows are kept, want oleg's two", n)
	}
}

// proves US-04: a permission and the scope, and what is not granted is denied.
func TestCanAndInScope(t *testing.T) {
	u := &event.User{Roles: []string{"view_kb"}, CenterIds: []string{"north"}, LineIds: []string{"sales"}, Languages: []string{"ru"}, Skills: []string{"refunds"}}
	off := &event.User{Roles: u.Roles, CenterIds: u.CenterIds, Disabled: true}
	if !Can(u, "view_kb") || Can(u, "view_stat") || Can(u, "") || Can(nil, "view_kb") || Can(off, "view_kb") {
		t.Error("Can is wrong")
	}
	whole := &event.User{CenterIds: []string{"north"}}
	sales := &event.Routing{LineId: "sales", Language: "ru", Skills: []string{"refunds"}}
	tests := []struct {
		name   string
		user   *event.User
		r      *event.Routing
		center string
		want   bool
	}{
		{"all fits", u, sales, "north", true},
		{"asks for nothing", u, nil, "north", true},
		{"another center", u, sales, "south", false},
		{"another line", u, &event.Routing{LineId: "billing"}, "north", false},
		{"another language", u, &event.Routing{Language: "en"}, "north", false},
		{"another skill besides", u, &event.Routing{Skills: []string{"refunds", "loans"}}, "north", false},
		{"a whole center", whole, sales, "north", true},
		{"a whole other center", whole, sales, "south", false},
		{"no scope at all", &event.User{Roles: []string{"view_kb"}}, nil, "", false},
		{"disabled", off, sales, "north", false},
		{"nobody", nil, nil, "", false},
	}
	for _, tt := range tests {
		if got := InScope(tt.user, tt.r, tt.center); got != tt.want {
			t.Errorf("%s: InScope = %v, want %v", tt.name, got, tt.want)
		}
	}
}

// proves OP-11: a center is a user's by itself, or by a line of it; who has no
// bounds has all, and who has nothing has none.
func TestOP11_CentersOfAUser(t *testing.T) {
	var d directory.State
	for _, e := range []event.Event{
		&event.CenterPut{Center: &event.Center{CenterId: "north"}}, &event.CenterPut{Center: &event.Center{CenterId: "south"}},
		&event.LinePut{Line: &event.Line{LineId: "sales", CenterId: "north"}}, &event.LinePut{Line: &event.Line{LineId: "repairs", CenterId: "south"}},
	} {
		d = directory.Apply(d, e)
	}
	for _, tt := range []struct {
		name             string
		user             *event.User
		works, servesToo bool // in the north
	}{
		{"its own", &event.User{CenterIds: []string{"north"}}, true, false},
		{"another", &event.User{CenterIds: []string{"south"}}, false, false},
		{"another, whatever the lines", &event.User{CenterIds: []string{"south"}, LineIds: []string{"sales"}}, false, true},
		{"by a line", &event.User{LineIds: []string{"sales"}}, true, true},
		{"by a line of another", &event.User{LineIds: []string{"repairs"}}, false, false},
		{"by a line that is gone", &event.User{LineIds: []string{"gone"}}, false, false},
		{"by a line, but disabled", &event.User{LineIds: []string{"sales"}, Disabled: true}, false, true},
		{"an administrator without bounds", &event.User{Roles: []string{directory.Admin}}, true, false},
		{"nothing", &event.User{}, false, false},
		{"nobody", nil, false, false},
	} {
		if works, serves := WorksIn(d, tt.user, "north"), Serves(d, tt.user, "north"); works != tt.works || serves != tt.servesToo {
			t.Errorf("%s: works in it %v, serves it %v, want %v, %v", tt.name, works, serves, tt.works, tt.servesToo)
		}
	}
}
