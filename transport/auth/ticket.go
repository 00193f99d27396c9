package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/refusal"
)

const (
	ticketLasts = 30 * time.Second
	setupLasts  = time.Hour
)

// Ticket makes a ticket for one socket, good once and for 30 seconds, in the
// session of the token.
func (g *Gate) Ticket(token string) (string, error) {
	if _, err := g.full(token); err != nil {
		return "", err
	}
	return g.tickets.sell(g.Now(), ticketLasts, token)
}

// Redeem uses a ticket up and returns the token of its session, which still
// stands.
func (g *Gate) Redeem(secret string) (token string, err error) {
	token, ok := g.tickets.take(g.Now(), secret)
	if !ok {
		return "", refusal.New(refusal.Denied, "the ticket is not good any more")
	}
	if _, err := g.full(token); err != nil {
		return "", err
	}
	return token, nil
}

// full returns the session of a token, unless its user can't do anything with it
// before having a second factor.
func (g *Gate) full(token string) (Session, error) {
	s, err := g.Session(token)
	if err == nil && s.Enrol {
		err = errEnrol()
	}
	return s, err
}

// setup is the code that lets the first administrator in.
type setup struct {
	mu    sync.Mutex // guards both
	hash  string
	until time.Time
}

// NewSetupCode makes the code of the first start, to be printed on the
// console: good once and for an hour. An earlier one is void.
func (g *Gate) NewSetupCode() string {
	code := rand.Text()
	g.setup.mu.Lock()
	defer g.setup.mu.Unlock()
	g.setup.hash, g.setup.until = hashOf(code), g.Now().Add(setupLasts)
	return code
}

// Setup refuses all but the code of the first start, and takes it.
func (g *Gate) Setup(code string) error {
	hash := hashOf(strings.ToUpper(strings.TrimSpace(code)))
	g.setup.mu.Lock()
	defer g.setup.mu.Unlock()
	if subtle.ConstantTimeCompare([]byte(hash), []byte(g.setup.hash)) == 0 || !g.Now().Before(g.setup.until) {
		return refusal.New(refusal.Denied, "the setup code is wrong or not good any more; a restart prints a new one")
	}
	g.setup.hash = ""
	return nil
}
