package auth

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"crafttalkd/actors/refusal"
	"crafttalkd/store"
)

// attempts is the table of failed sign-ins, by the hash of what was tried.
const attempts = "attempt"

// From one place an account is tried three times for nothing, then at rising
// intervals. From all places together it is tried ten times for nothing, and
// then slower, but never so slow that strangers could shut its owner out.
const (
	freePair, slowestPair       = 3, 15 * time.Minute
	freeAccount, slowestAccount = 10, 30 * time.Second
	forgotten                   = 24 * time.Hour      // failures
	trusted                     = 30 * 24 * time.Hour // a place that was signed in from
)

// One place may fail so often, whatever accounts. Who signs in does not count:
// a whole center comes in from behind one address.
const (
	placeEvery = 6 * time.Second
	placeBurst = 20
	maxPlaces  = 10_000 // remembered
)

// A throttle slows guessing down.
type throttle struct {
	table  store.Table
	mu     sync.Mutex // guards the rows between reading and writing, and all below
	places map[string]*rate.Limiter
	swept  time.Time
}

// record is what is known of an account, or of an account and a place.
type record struct {
	Failed int       `json:"failed"`
	Last   time.Time `json:"last"`
	Good   time.Time `json:"good"` // when somebody last signed in
}

func newThrottle(t store.Table) *throttle {
	return &throttle{table: t, places: map[string]*rate.Limiter{}}
}

// wait returns how long after the last failure the next attempt may come.
func (r record) wait(free int, slowest time.Duration) time.Duration {
	if r.Failed < free {
		return 0
	}
	return min(time.Second<<min(r.Failed-free, 20), slowest)
}

// A guess is what is guessed at, and how slow that becomes.
type guess struct {
	name                        string
	freePair, freeAccount       int
	slowestPair, slowestAccount time.Duration
}

func passwordGuess(login string) guess {
	return guess{login, freePair, freeAccount, slowestPair, slowestAccount}
}

// secondGuess is a guess at a second factor. Whoever comes so far knows the
// password, so no stranger is kept away by making it slow from everywhere.
func secondGuess(user string) guess {
	return guess{"second factor\x00" + user, stepTries, stepTries, slowestPair, slowestPair}
}

// enter is enterAs of a password.
func (t *throttle) enter(now time.Time, login, ip string) error {
	return t.enterAs(now, passwordGuess(login), ip)
}

// pardon is pardonAs of a password.
func (t *throttle) pardon(now time.Time, login, ip string, right bool) error {
	return t.pardonAs(now, passwordGuess(login), ip, right)
}

// enterAs counts an attempt as failed before it is made, so that many at once
// count as many, or refuses it. A success is pardoned afterwards.
func (t *throttle) enterAs(now time.Time, g guess, ip string) error {
	login := g.name
	t.mu.Lock()
	defer t.mu.Unlock()
	place := placeOf(ip)
	if !t.limiter(now, place).AllowN(now, 1) {
		return errSlow(placeEvery)
	}
	if err := t.sweep(now); err != nil {
		return err
	}
	pair, account, err := t.read(now, login, place)
	if err != nil {
		return err
	}
	if left := pair.Last.Add(pair.wait(g.freePair, g.slowestPair)).Sub(now); left > 0 {
		return errSlow(left)
	}
	known := now.Sub(pair.Good) < trusted
	if left := account.Last.Add(account.wait(g.freeAccount, g.slowestAccount)).Sub(now); left > 0 && !known {
		return errSlow(left)
	}
	pair.Failed, pair.Last = pair.Failed+1, now
	account.Failed, account.Last = account.Failed+1, now
	return t.write(login, place, pair, account)
}

// pardonAs takes back what enterAs counted: the attempt was not a wrong guess. If
// it was right, the place is trusted from now on.
func (t *throttle) pardonAs(now time.Time, g guess, ip string, right bool) error {
	login := g.name
	t.mu.Lock()
	defer t.mu.Unlock()
	place := placeOf(ip)
	pair, account, err := t.read(now, login, place)
	if err != nil {
		return err
	}
	pair.Failed, account.Failed = max(pair.Failed-1, 0), max(account.Failed-1, 0)
	if right {
		pair.Failed, pair.Good = 0, now
		t.limiter(now, place).AllowN(now, -1)
	}
	return t.write(login, place, pair, account)
}

// place counts an attempt of a place alone, where no account is named, or refuses
// it; release takes that back.
func (t *throttle) place(now time.Time, ip string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.limiter(now, placeOf(ip)).AllowN(now, 1) {
		return errSlow(placeEvery)
	}
	return nil
}

func (t *throttle) release(now time.Time, ip string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.limiter(now, placeOf(ip)).AllowN(now, -1)
}

func errSlow(left time.Duration) error {
	seconds := int64((left + time.Second - 1) / time.Second)
	return refusal.New(refusal.Busy, "too many attempts; try again in %d s", seconds)
}

// placeOf returns what stands for an address: itself, or the whole network
// that one customer of an IPv6 provider has.
func placeOf(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	network, err := a.Prefix(64)
	if err != nil {
		return ip
	}
	return network.String()
}

// limiter returns the place's. Those that are full again are as good as new
// and are let go when there are many; if there are too many yet, all are.
func (t *throttle) limiter(now time.Time, place string) *rate.Limiter {
	if l := t.places[place]; l != nil {
		return l
	}
	if len(t.places) >= maxPlaces {
		for k, l := range t.places {
			if l.TokensAt(now) >= placeBurst {
				delete(t.places, k)
			}
		}
		if len(t.places) >= maxPlaces {
			clear(t.places)
		}
	}
	l := rate.NewLimiter(rate.Every(placeEvery), placeBurst)
	t.places[place] = l
	return l
}

func accountKey(login string) string { return hashOf("account\x00" + strings.ToLower(login)) }
func pairKey(login, place string) string {
	return hashOf("pair\x00" + strings.ToLower(login) + "\x00" + place)
}

func (t *throttle) read(now time.Time, login, place string) (pair, account record, err error) {
	if pair, err = t.get(now, pairKey(login, place)); err == nil {
		account, err = t.get(now, accountKey(login))
	}
	return pair, account, err
}

func (t *throttle) get(now time.Time, key string) (r record, err error) {
	value, err := t.table.Get(attempts, key)
	if err == nil && value != nil {
		err = json.Unmarshal(value, &r)
	}
	if err != nil {
		return r, fmt.Errorf("read failed sign-ins: %w", err)
	}
	if now.Sub(r.Last) >= forgotten {
		r.Failed = 0
	}
	return r, nil
}

func (t *throttle) write(login, place string, pair, account record) error {
	p, err := json.Marshal(pair)
	if err != nil {
		return err
	}
	a, err := json.Marshal(account)
	if err != nil {
		return err
	}
	if err := t.table.Put([]store.Row{
		{Table: attempts, Key: pairKey(login, place), Value: p},
		{Table: attempts, Key: accountKey(login), Value: a},
	}, false); err != nil {
		return fmt.Errorf("keep failed sign-ins: %w", err)
	}
	return nil
}

// sweep clears away what is forgotten, now and then.
func (t *throttle) sweep(now time.Time) error {
	if now.Sub(t.swept) < sweeping {
		return nil
	}
	t.swept = now
	var rows []store.Row
	for row, err := range t.table.Scan(attempts, "") {
		var r record
		if err == nil {
			err = json.Unmarshal(row.Value, &r)
		}
		if err != nil {
			return fmt.Errorf("read failed sign-ins: %w", err)
		}
		if now.Sub(r.Last) >= forgotten && now.Sub(r.Good) >= trusted {
			rows = append(rows, store.Row{Table: attempts, Key: row.Key})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return t.table.Put(rows, false)
}
