package auth

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
)

// sessions is the table of sessions, by the SHA-256 of their tokens.
const sessions = "session"

const (
	idle     = 30 * time.Minute // without a word, a session ends
	absolute = 12 * time.Hour   // and at the latest after a long day
	slide    = time.Minute      // how often a session's life is written down
	sweeping = time.Hour        // how often ended ones are cleared away
)

// A Session is one sign-in. The token is known at the sign-in only.
type Session struct {
	Token   string
	ID      string
	User    string
	Begun   time.Time
	Seen    time.Time // to the minute
	Expires time.Time // at the latest
	IP      string
	Browser string
	Way     string    // how it was signed in
	Proved  time.Time // when the user last proved to be the user
	Enrol   bool      // nothing can be done in it but to set up a second factor
}

// kept is a session as it is in its row.
type kept struct {
	User  string    `json:"user"`
	IP    string    `json:"ip"`
	Begun time.Time `json:"begun"`
	Seen  time.Time `json:"seen"`

	Browser string    `json:"browser,omitempty"`
	Way     string    `json:"way,omitempty"`
	Proved  time.Time `json:"proved,omitzero"` // after the beginning
}

func (k kept) over(now time.Time) bool {
	return !now.Before(k.Seen.Add(idle)) || !now.Before(k.Begun.Add(absolute))
}

func (k kept) session(key string) Session {
	return Session{ID: key[:16], User: k.User, Begun: k.Begun, Seen: k.Seen, Expires: k.Begun.Add(absolute), IP: k.IP,
		Browser: k.Browser, Way: k.Way, Proved: later(k.Begun, k.Proved)}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// newSecret returns 256 random bits as text.
func newSecret() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashOf is what is kept of a secret that is random enough not to be guessed.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func errSignIn() error { return refusal.New(refusal.Denied, "sign in first") }

// begin makes a session of a user who has proved to be one.
func (g *Gate) begin(now time.Time, user, way string, from Place) (Session, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.sweep(now); err != nil {
		return Session{}, err
	}
	token := newSecret()
	k := kept{User: user, IP: from.IP, Begun: now, Seen: now, Browser: cut(from.Browser), Way: way}
	if err := g.write(hashOf(token), k, true); err != nil {
		return Session{}, err
	}
	s := k.session(hashOf(token))
	s.Token = token
	d := g.Directory.State()
	s.Enrol = mustEnrol(d, d.User(user))
	return s, nil
}

// maxBrowser is how many bytes are kept of what a browser calls itself.
const maxBrowser = 300

func cut(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), maxBrowser)], "")
}

func (g *Gate) write(key string, k kept, sync bool) error {
	value, err := json.Marshal(k)
	if err == nil {
		err = g.Table.Put([]store.Row{{Table: sessions, Key: key, Value: value}}, sync)
	}
	if err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	return nil
}

// Session returns the session of a token and keeps it from falling asleep. A
// session that is over, or whose user may not sign in any more, is refused.
func (g *Gate) Session(token string) (Session, error) {
	key, now := hashOf(token), g.Now()
	k, found, era := g.remembered.get(key)
	var err error
	if !found {
		if k, found, err = g.read(key); found {
			g.remembered.put(key, k, era)
		}
	}
	switch {
	case err != nil:
		return Session{}, err
	case !found || k.over(now):
		return Session{}, errSignIn()
	}
	d := g.Directory.State()
	u := d.User(k.User)
	if !directory.MaySignIn(u) {
		return Session{}, errSignIn()
	}
	if now.Sub(k.Seen) >= slide {
		if k, err = g.touch(key, now); err != nil {
			return Session{}, err
		}
		g.remembered.put(key, k, era)
	}
	out := k.session(key)
	out.Enrol = mustEnrol(d, u)
	return out, nil
}

func (g *Gate) read(key string) (k kept, found bool, err error) {
	value, err := g.Table.Get(sessions, key)
	if err == nil && value != nil {
		found, err = true, json.Unmarshal(value, &k)
	}
	if err != nil {
		return kept{}, false, fmt.Errorf("read a session: %w", err)
	}
	return k, found, nil
}

// proved writes down that the user of a session has proved to be the user again.
func (g *Gate) proved(s Session) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for row, err := range g.Table.Scan(sessions, s.ID) {
		if err != nil {
			return fmt.Errorf("read sessions: %w", err)
		}
		k, found, err := g.read(row.Key)
		if err != nil || !found || k.User != s.User {
			return err
		}
		k.Proved = g.Now()
		err = g.write(row.Key, k, true)
		g.remembered.empty()
		return err
	}
	return errSignIn()
}

// Renew gives a session another token; the one before is good for nothing. What
// can be done in the session has become more.
func (g *Gate) Renew(token string) (Session, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	k, found, err := g.read(hashOf(token))
	if err != nil || !found {
		return Session{}, cmp.Or(err, errSignIn())
	}
	next := newSecret()
	value, err := json.Marshal(k)
	if err != nil {
		return Session{}, fmt.Errorf("keep a session: %w", err)
	}
	err = g.Table.Put([]store.Row{{Table: sessions, Key: hashOf(token)}, {Table: sessions, Key: hashOf(next), Value: value}}, true)
	g.remembered.empty()
	if err != nil {
		return Session{}, fmt.Errorf("keep a session: %w", err)
	}
	s := k.session(hashOf(next))
	s.Token = next
	return s, nil
}

// touch writes down that the session is in use. It reads again under the lock:
// a session that has been ended meanwhile must not come back.
func (g *Gate) touch(key string, now time.Time) (kept, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	k, found, err := g.read(key)
	if err != nil {
		return kept{}, err
	}
	if !found || k.over(now) {
		return kept{}, errSignIn()
	}
	if now.Sub(k.Seen) < slide {
		return k, nil // somebody else just did
	}
	k.Seen = now
	return k, g.write(key, k, false)
}

// List returns the sessions of a user, the last begun first, without tokens.
func (g *Gate) List(user string) ([]Session, error) {
	var out []Session
	now := g.Now()
	err := g.each(func(key string, k kept) {
		if k.User == user && !k.over(now) {
			out = append(out, k.session(key))
		}
	})
	slices.SortFunc(out, func(a, b Session) int {
		return cmp.Or(b.Begun.Compare(a.Begun), cmp.Compare(a.ID, b.ID))
	})
	return out, err
}

// End ends the session of the user with the id, or with an empty id all of
// them except the one named. Twice is once.
func (g *Gate) End(user, id, but string) error {
	return g.drop(func(key string, k kept) bool {
		return k.User == user && (id == key[:16] || id == "" && but != key[:16])
	})
}

// drop removes the sessions that match.
func (g *Gate) drop(match func(key string, k kept) bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.dropLocked(match)
}

func (g *Gate) dropLocked(match func(key string, k kept) bool) error {
	var rows []store.Row
	if err := g.each(func(key string, k kept) {
		if match(key, k) {
			rows = append(rows, store.Row{Table: sessions, Key: key})
		}
	}); err != nil || len(rows) == 0 {
		return err
	}
	err := g.Table.Put(rows, true)
	g.remembered.empty()
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// sweep clears away what has ended by itself, now and then.
func (g *Gate) sweep(now time.Time) error {
	if now.Sub(g.swept) < sweeping {
		return nil
	}
	g.swept = now
	return g.dropLocked(func(_ string, k kept) bool { return k.over(now) })
}

func (g *Gate) each(do func(key string, k kept)) error {
	for row, err := range g.Table.Scan(sessions, "") {
		var k kept
		if err == nil {
			err = json.Unmarshal(row.Value, &k)
		}
		if err != nil {
			return fmt.Errorf("read sessions: %w", err)
		}
		do(row.Key, k)
	}
	return nil
}
