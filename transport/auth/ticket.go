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
	maxTickets  = 10_000 // not yet used
	setupLasts  = time.Hour
)

// tickets are secrets that open one socket each. They live in memory: a
// restart closes every socket anyway.
type tickets struct {
	mu   sync.Mutex // guards sold
	sold map[string]ticket
}

type ticket struct {
	session string // its token
	until   time.Time
}

func newTickets() *tickets { return &tickets{sold: map[string]ticket{}} }

// Ticket makes a ticket, good once and for 30 seconds, in the session of the
// token.
func (g *Gate) Ticket(token string) (string, error) {
	if _, err := g.Session(token); err != nil {
		return "", err
	}
	t, now := g.tickets, g.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.sold) >= maxTickets {
		for k, v := range t.sold {
			if !now.Before(v.until) {
				delete(t.sold, k)
			}
		}
		if len(t.sold) >= maxTickets {
			return "", refusal.New(refusal.Busy, "too many connect at once; try again in a moment")
		}
	}
	secret := newSecret()
	t.sold[hashOf(secret)] = ticket{session: token, until: now.Add(ticketLasts)}
	return secret, nil
}

// Redeem uses a ticket up and returns the token of its session, which still
// stands.
func (g *Gate) Redeem(secret string) (token string, err error) {
	t, key := g.tickets, hashOf(secret)
	t.mu.Lock()
	sold, found := t.sold[key]
	delete(t.sold, key)
	t.mu.Unlock()
	if !found || !g.Now().Before(sold.until) {
		return "", refusal.New(refusal.Denied, "the ticket is not good any more")
	}
	if _, err := g.Session(sold.session); err != nil {
		return "", err
	}
	return sold.session, nil
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
