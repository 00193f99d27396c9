package auth

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/webauthn"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
)

// A Directory knows the users and the hashes of their passwords.
type Directory interface {
	State() directory.State
}

// A Config is what a gate works with.
type Config struct {
	Directory Directory
	Table     store.Table // for sessions and failed attempts
	Now       func() time.Time
	// Rehash is told a better hash of a password that has just been right. It
	// may be nil.
	Rehash func(ctx context.Context, user, hash string)
	// Vault seals what factors hold. Public is where the world finds the server,
	// such as https://chat.example; without it there are no passkeys and no
	// providers. Client asks providers.
	Vault  Vault
	Public string
	Client *http.Client
	// Breached knows passwords that others have lost; nil knows none.
	Breached *Breached
	// Words may not make up a password: the company's name, and the like.
	Words []string
}

// A Vault seals secrets.
type Vault interface {
	Seal(plain, aad []byte) []byte
	Open(sealed, aad []byte) ([]byte, error)
}

// A Gate lets users in. It may be used by many goroutines.
type Gate struct {
	Config
	hasher     *hasher
	throttle   *throttle
	tickets    *slips[string] // tokens of sessions
	steps      *slips[halfway]
	totps      *slips[newTOTP]
	asked      *slips[question]
	journeys   *slips[journey]
	discovered discovered
	passkeys   *webauthn.WebAuthn // nil where there can be none
	setup      setup
	usage      sync.Mutex // between reading and writing how factors were used

	remembered remembered

	mu    sync.Mutex // guards the rows of sessions between reading and writing
	swept time.Time
}

// New returns a gate.
func New(c Config) *Gate {
	return &Gate{Config: c, hasher: newHasher(), throttle: newThrottle(c.Table), tickets: newSlips[string](), steps: newSlips[halfway](),
		totps: newSlips[newTOTP](), asked: newSlips[question](), journeys: newSlips[journey](), passkeys: passkeysAt(c.Public)}
}

// errWrong is the answer to every sign-in that fails, whatever the reason.
func errWrong() error { return refusal.New(refusal.Denied, "the login or the password is wrong") }

// SignIn lets the user with that login and password in.
func (g *Gate) SignIn(ctx context.Context, login, password string, from Place) (Entrance, error) {
	ip := from.IP
	login = strings.TrimSpace(login)
	d, now := g.Directory.State(), g.Now()
	u := d.UserByLogin(login)
	if u != nil {
		login = u.Login // however it was spelled, it is one account
	}
	if err := g.throttle.enter(now, login, ip); err != nil {
		return Entrance{}, err
	}
	ok, stale, err := g.verify(ctx, d, u, password)
	if err != nil {
		g.throttle.pardon(now, login, ip, false)
		return Entrance{}, err
	}
	if !ok {
		return Entrance{}, errWrong()
	}
	if err := g.throttle.pardon(now, login, ip, true); err != nil {
		return Entrance{}, err
	}
	if stale && g.Rehash != nil {
		if hash, err := g.hasher.hash(ctx, password); err == nil {
			g.Rehash(ctx, u.UserId, hash)
		}
	}
	return g.Admit(u.UserId, ByPassword, false, from)
}

// verify compares the password with the user's, or with a stand-in for a user
// who can't sign in, which takes as long.
func (g *Gate) verify(ctx context.Context, d directory.State, u *event.User, password string) (ok, stale bool, err error) {
	hash := standIn
	if u != nil && !u.Disabled && d.Passwords[u.UserId] != "" {
		hash = d.Passwords[u.UserId]
	}
	if utf8.RuneCountInString(password) > maxPassword {
		password = ""
	}
	ok, stale, err = g.hasher.verify(ctx, password, hash)
	return ok && hash != standIn, stale, err
}

// Prove says that it is still the user who has the session: by the password, or
// by a code of a second factor.
func (g *Gate) Prove(ctx context.Context, s Session, password, code string) error {
	now := g.Now()
	if code == "" {
		if err := g.Check(ctx, s.User, password); err != nil {
			return err
		}
		return g.proved(s)
	}
	guess := secondGuess(s.User)
	if err := g.throttle.enterAs(now, guess, s.IP); err != nil {
		return err
	}
	if err := g.spendCode(now, s.User, code); err != nil {
		return err
	}
	if err := g.throttle.pardonAs(now, guess, s.IP, true); err != nil {
		return err
	}
	return g.proved(s)
}

// Check refuses a password that is not the user's. It counts against guessing
// as a sign-in does.
func (g *Gate) Check(ctx context.Context, user, password string) error {
	const place = "session" // no address, so these attempts count apart
	d, now := g.Directory.State(), g.Now()
	u := d.User(user)
	if err := g.throttle.enter(now, u.GetLogin(), place); err != nil {
		return err
	}
	ok, _, err := g.verify(ctx, d, u, password)
	if err != nil {
		g.throttle.pardon(now, u.GetLogin(), place, false)
		return err
	}
	if !ok {
		return errWrong()
	}
	return g.throttle.pardon(now, u.GetLogin(), place, true)
}

// Hash refuses a password that is easy to guess and returns the hash of
// another.
func (g *Gate) Hash(ctx context.Context, login, password string) (string, error) {
	if err := checkPassword(login, password, g.Words); err != nil {
		return "", err
	}
	if err := g.Breached.check(password); err != nil {
		return "", err
	}
	return g.hasher.hash(ctx, password)
}
