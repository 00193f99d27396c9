package auth

import (
	"slices"
	"sync/atomic"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// A Place is where somebody signs in from.
type Place struct {
	IP      string
	Browser string // as it calls itself
}

// How somebody has proved to be a user.
const (
	ByPassword   = "password"
	ByPasskey    = "passkey" // with a finger or a PIN: what one has and what one is or knows
	ByIdentity   = "oidc"
	ByInvitation = "invitation"
)

// The ways to make the second step of a sign-in.
const (
	WayTOTP     = directory.TOTP
	WayPasskey  = directory.Passkey
	WayRecovery = "recovery"
)

const (
	stepLasts = 5 * time.Minute
	stepTries = 5
	freshFor  = 10 * time.Minute // after a proof, the proofs themselves may be changed
)

// An Entrance is what somebody comes to who has proved to be a user: a session,
// or one more step.
type Entrance struct {
	Session
	Step *Step
}

// A Step is what is still to be done: to prove it in one of the ways too.
type Step struct {
	Token string
	Ways  []string
	Until time.Time
}

// A halfway is somebody who has made the first step.
type halfway struct {
	user, way string
	from      Place
	tries     *atomic.Int32
}

// Admit is the one door. Whoever has proved in some way to be a user comes in
// here or not at all: here is looked whether the user may sign in, whether a
// second factor is due, and whether there must be one. Both says that the proof
// was of two factors already.
func (g *Gate) Admit(user, way string, both bool, from Place) (Entrance, error) {
	d, now := g.Directory.State(), g.Now()
	u := d.User(user)
	if u == nil || u.Disabled {
		return Entrance{}, errWrong()
	}
	if !directory.MaySignIn(u) {
		return Entrance{}, errNoLogin()
	}
	if len(d.Proofs[user].Factors) > 0 && !both {
		return g.halt(d, now, u, way, from)
	}
	s, err := g.begin(now, user, way, from)
	return Entrance{Session: s}, err
}

// errNoLogin is the answer to who has proved to be a user that is not to sign in.
func errNoLogin() error {
	return &refusal.Error{Kind: refusal.Denied, Field: "roles", Text: "you have no permission to sign in; ask an administrator for the permission " + directory.Login}
}

// halt asks for the second step.
func (g *Gate) halt(d directory.State, now time.Time, u *event.User, way string, from Place) (Entrance, error) {
	ways, err := g.ways(d, u.UserId)
	if err != nil {
		return Entrance{}, err
	}
	token, err := g.steps.sell(now, stepLasts, halfway{user: u.UserId, way: way, from: from, tries: new(atomic.Int32)})
	if err != nil {
		return Entrance{}, err
	}
	return Entrance{Step: &Step{Token: token, Ways: ways, Until: now.Add(stepLasts)}}, nil
}

// ways returns how the user can make the second step.
func (g *Gate) ways(d directory.State, user string) ([]string, error) {
	ways := []string{}
	p := d.Proofs[user]
	has := func(kind string) bool {
		return slices.ContainsFunc(p.Factors, func(f directory.Entry[*event.Factor]) bool { return f.Value.Kind == kind })
	}
	if has(directory.TOTP) {
		ways = append(ways, WayTOTP)
	}
	if has(directory.Passkey) && g.passkeys != nil {
		ways = append(ways, WayPasskey)
	}
	left, err := g.RecoveryLeft(user)
	if left > 0 {
		ways = append(ways, WayRecovery)
	}
	return ways, err
}

func errStep() error {
	return refusal.New(refusal.Denied, "the second step is not good any more; sign in again")
}

func errCode() error {
	return &refusal.Error{Kind: refusal.Denied, Text: "the code is wrong, or was used already", Field: "code"}
}

// SecondStep ends a sign-in with a code: six digits, or a recovery code. After
// five that are wrong the first step is to be made again, and it goes slower.
func (g *Gate) SecondStep(token, code string) (Entrance, error) {
	now := g.Now()
	half, ok := g.steps.look(now, token)
	if !ok {
		return Entrance{}, errStep()
	}
	return g.secondStep(now, token, half, func() error { return g.spendCode(now, half.user, code) })
}

// secondStep lets somebody halfway in whom prove does not refuse.
func (g *Gate) secondStep(now time.Time, token string, half halfway, prove func() error) (Entrance, error) {
	if half.tries.Add(1) > stepTries {
		g.steps.void(token)
		return Entrance{}, errStep()
	}
	guess := secondGuess(half.user)
	if err := g.throttle.enterAs(now, guess, half.from.IP); err != nil {
		return Entrance{}, err
	}
	if err := prove(); err != nil {
		if refusal.KindOf(err) != refusal.Denied {
			g.throttle.pardonAs(now, guess, half.from.IP, false)
		}
		return Entrance{}, err
	}
	if err := g.throttle.pardonAs(now, guess, half.from.IP, true); err != nil {
		return Entrance{}, err
	}
	if _, ok := g.steps.take(now, token); !ok {
		return Entrance{}, errStep() // somebody else made it at the same moment
	}
	return g.Admit(half.user, half.way, true, half.from)
}

// mustEnrol reports whether a user has to get a second factor before anything
// else.
func mustEnrol(d directory.State, u *event.User) bool {
	return len(d.Proofs[u.GetUserId()].Factors) == 0 && d.NeedsFactor(u)
}

func errEnrol() error {
	return refusal.New(refusal.Denied, "set up a second factor first: your role needs one")
}

// Fresh refuses a session whose user has not proved anything for a while. What
// a user proves to be the user by is changed in a fresh one alone, so that an
// unattended screen is not enough.
func (g *Gate) Fresh(s Session) error {
	if g.Now().Sub(s.Proved) < freshFor {
		return nil
	}
	return &refusal.Error{Kind: refusal.Denied, Text: "prove again that it is you", Field: "proof"}
}
