package auth

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/store"
)

// factors is the table of how the factors of users were used, by user. What they
// are is the directory's.
const factors = "factor"

// A usage is what must be remembered so that no code works twice.
type usage struct {
	Step int64                `json:"step,omitempty"` // the last step of 30 seconds whose code was used
	Used map[string]time.Time `json:"used,omitempty"` // recovery codes, by hash
	Seen map[string]time.Time `json:"seen,omitempty"` // factors, by id
	Sign map[string]uint32    `json:"sign,omitempty"` // how often passkeys say they have signed, by id
}

func (g *Gate) readUsage(user string) (u usage, err error) {
	value, err := g.Table.Get(factors, user)
	if err == nil && value != nil {
		err = json.Unmarshal(value, &u)
	}
	if err != nil {
		return u, fmt.Errorf("read how factors of %s were used: %w", user, err)
	}
	return u, nil
}

// use changes what is remembered of a user's factors, one change at a time. If
// change refuses, nothing is.
func (g *Gate) use(user string, change func(*usage) error) error {
	g.usage.Lock()
	defer g.usage.Unlock()
	u, err := g.readUsage(user)
	if err != nil {
		return err
	}
	if err := change(&u); err != nil {
		return err
	}
	value, err := json.Marshal(u)
	if err == nil {
		err = g.Table.Put([]store.Row{{Table: factors, Key: user, Value: value}}, true)
	}
	if err != nil {
		return fmt.Errorf("keep how factors of %s were used: %w", user, err)
	}
	return nil
}

// seen notes that a factor was used.
func (u *usage) seen(id string, now time.Time) {
	if u.Seen == nil {
		u.Seen = map[string]time.Time{}
	}
	u.Seen[id] = now
}

// FactorsSeen returns when the factors of a user were last used, by id.
func (g *Gate) FactorsSeen(user string) (map[string]time.Time, error) {
	u, err := g.readUsage(user)
	return u.Seen, err
}

// spendCode refuses all but a code of the user's that was not used before: six
// digits, or a recovery code.
func (g *Gate) spendCode(now time.Time, user, code string) error {
	code = plainCode(code)
	if len(code) == totpDigits {
		return g.spendTOTP(now, user, code)
	}
	return g.spendRecovery(now, user, code)
}

// plainCode is a code without what people put between its parts.
func plainCode(code string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -\u00a0\t\n", r) {
			return -1
		}
		return r
	}, code))
}

const (
	recoveryCodes  = 10
	recoveryLength = 16 // letters and digits of 5 bits each
)

// NewRecoveryCodes makes codes that stand in for a factor that is lost, and the
// hashes by which they are known again.
func NewRecoveryCodes() (codes, hashes []string) {
	for range recoveryCodes {
		code := strings.ToLower(rand.Text()[:recoveryLength])
		hashes = append(hashes, hashOf(code))
		codes = append(codes, strings.Join([]string{code[:4], code[4:8], code[8:12], code[12:]}, "-"))
	}
	return codes, hashes
}

func (g *Gate) spendRecovery(now time.Time, user, code string) error {
	hash := hashOf(code)
	if len(code) != recoveryLength || !slices.Contains(g.Directory.State().Proofs[user].Recovery, hash) {
		return errCode()
	}
	return g.use(user, func(u *usage) error {
		if _, used := u.Used[hash]; used {
			return errCode()
		}
		if u.Used == nil {
			u.Used = map[string]time.Time{}
		}
		u.Used[hash] = now
		return nil
	})
}

// RecoveryLeft returns how many recovery codes a user has not used yet.
func (g *Gate) RecoveryLeft(user string) (left int, err error) {
	codes := g.Directory.State().Proofs[user].Recovery
	if len(codes) == 0 {
		return 0, nil
	}
	u, err := g.readUsage(user)
	for _, hash := range codes {
		if _, used := u.Used[hash]; !used {
			left++
		}
	}
	return left, err
}

// sealed returns a factor with what it holds sealed for its place.
func (g *Gate) sealed(user, id, kind, name string, plain []byte) *event.Factor {
	return &event.Factor{FactorId: id, Kind: kind, Name: name, Secrets: g.Vault.Seal(plain, placeOfFactor(user, id))}
}

func (g *Gate) opened(user string, f *event.Factor) ([]byte, error) {
	plain, err := g.Vault.Open(f.Secrets, placeOfFactor(user, f.FactorId))
	if err != nil {
		return nil, fmt.Errorf("open factor %s of %s: %w", f.FactorId, user, err)
	}
	return plain, nil
}

func placeOfFactor(user, id string) []byte { return []byte("factor/" + user + "/" + id) }

func newFactorID() string { return strings.ToLower(rand.Text()[:12]) }
