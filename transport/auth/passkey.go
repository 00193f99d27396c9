package auth

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// questionLasts is how long an authenticator may take to answer.
const questionLasts = 5 * time.Minute

// A question is what an authenticator was asked: by whom, in which step.
type question struct {
	data       webauthn.SessionData
	user, step string
}

// passkeysAt returns who asks authenticators, at an address of the world's. A
// key belongs to the name in the address, so there are none for a number.
func passkeysAt(public string) *webauthn.WebAuthn {
	at, err := url.Parse(public)
	if err != nil || at.Hostname() == "" {
		return nil
	}
	if _, err := netip.ParseAddr(at.Hostname()); err == nil {
		return nil
	}
	if at.Scheme != "https" && at.Hostname() != "localhost" {
		return nil // browsers make no keys without TLS
	}
	w, err := webauthn.New(&webauthn.Config{RPID: at.Hostname(), RPDisplayName: totpIssuer, RPOrigins: []string{at.Scheme + "://" + at.Host}})
	if err != nil {
		return nil
	}
	return w
}

// Passkeys reports whether there can be passkeys here.
func (g *Gate) Passkeys() bool { return g.passkeys != nil }

func errNoPasskeys() error {
	return refusal.New(refusal.Conflict, "passkeys need a public address with a name and TLS")
}

func errPasskey() error {
	return refusal.New(refusal.Denied, "the passkey was not accepted")
}

// handleOf is what an authenticator knows a user by. It tells nothing of the
// user.
func handleOf(user string) []byte {
	sum := sha256.Sum256([]byte("passkey of\x00" + user))
	return sum[:]
}

// A keeper is a user with the passkeys, as the library wants to see them.
type keeper struct {
	user *event.User
	ids  []string // of the factors
	keys []webauthn.Credential
}

func (k *keeper) WebAuthnID() []byte   { return handleOf(k.user.UserId) }
func (k *keeper) WebAuthnName() string { return k.user.Login }
func (k *keeper) WebAuthnDisplayName() string {
	if name := strings.TrimSpace(k.user.FirstName + " " + k.user.LastName); name != "" {
		return name
	}
	return k.user.Login
}
func (k *keeper) WebAuthnCredentials() []webauthn.Credential { return k.keys }

// id returns the factor of a key.
func (k *keeper) id(key []byte) string {
	for i, have := range k.keys {
		if slices.Equal(have.ID, key) {
			return k.ids[i]
		}
	}
	return ""
}

func (g *Gate) keeper(d directory.State, u *event.User) (*keeper, error) {
	k := &keeper{user: u}
	used, err := g.readUsage(u.UserId)
	if err != nil {
		return nil, err
	}
	for _, f := range d.Proofs[u.UserId].Factors {
		if f.Value.Kind != directory.Passkey {
			continue
		}
		plain, err := g.opened(u.UserId, f.Value)
		if err != nil {
			return nil, err
		}
		var key webauthn.Credential
		if err := json.Unmarshal(plain, &key); err != nil {
			return nil, fmt.Errorf("read passkey %s of %s: %w", f.Value.FactorId, u.UserId, err)
		}
		key.Authenticator.SignCount = max(key.Authenticator.SignCount, used.Sign[f.Value.FactorId])
		k.ids, k.keys = append(k.ids, f.Value.FactorId), append(k.keys, key)
	}
	return k, nil
}

// Asked is what a page hands to an authenticator; the token goes with the answer.
type Asked struct {
	Token   string
	Options json.RawMessage
}

func (g *Gate) ask(data *webauthn.SessionData, user, step string, options any) (Asked, error) {
	told, err := json.Marshal(options)
	if err != nil {
		return Asked{}, fmt.Errorf("ask an authenticator: %w", err)
	}
	token, err := g.asked.sell(g.Now(), questionLasts, question{*data, user, step})
	return Asked{token, told}, err
}

// BeginPasskey asks an authenticator for a new key of a user's.
func (g *Gate) BeginPasskey(user *event.User) (Asked, error) {
	if g.passkeys == nil {
		return Asked{}, errNoPasskeys()
	}
	k, err := g.keeper(g.Directory.State(), user)
	if err != nil {
		return Asked{}, err
	}
	var have []protocol.CredentialDescriptor
	for _, key := range k.keys {
		have = append(have, key.Descriptor())
	}
	options, data, err := g.passkeys.BeginRegistration(k, webauthn.WithExclusions(have),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred}),
		webauthn.WithConveyancePreference(protocol.PreferNoAttestation))
	if err != nil {
		return Asked{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	return g.ask(data, user.UserId, "", options.Response)
}

// FinishPasskey returns the factor that an authenticator has made.
func (g *Gate) FinishPasskey(user *event.User, token, name string, answer []byte) (*event.Factor, error) {
	q, ok := g.asked.take(g.Now(), token)
	if !ok || g.passkeys == nil || q.user != user.UserId || q.step != "" {
		return nil, refusal.New(refusal.Conflict, "this took too long; begin anew")
	}
	k, err := g.keeper(g.Directory.State(), user)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, errPasskey()
	}
	key, err := g.passkeys.CreateCredential(k, q.data, parsed)
	if err != nil {
		return nil, errPasskey()
	}
	plain, err := json.Marshal(key)
	if err != nil {
		return nil, fmt.Errorf("keep a passkey: %w", err)
	}
	return g.sealed(user.UserId, newFactorID(), directory.Passkey, name, plain), nil
}

// AskPasskey asks an authenticator who is there: with the token of a step for
// the keys of its user, without one for any key that knows its user itself and
// has made sure that it is the user.
func (g *Gate) AskPasskey(step string) (Asked, error) {
	if g.passkeys == nil {
		return Asked{}, errNoPasskeys()
	}
	if step == "" {
		options, data, err := g.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
		if err != nil {
			return Asked{}, fmt.Errorf("ask for a passkey: %w", err)
		}
		return g.ask(data, "", "", options.Response)
	}
	half, ok := g.steps.look(g.Now(), step)
	if !ok {
		return Asked{}, errStep()
	}
	d := g.Directory.State()
	u := d.User(half.user)
	if u == nil || u.Disabled {
		return Asked{}, errStep()
	}
	k, err := g.keeper(d, u)
	if err != nil {
		return Asked{}, err
	}
	options, data, err := g.passkeys.BeginLogin(k, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return Asked{}, errPasskey() // the user has none
	}
	return g.ask(data, u.UserId, step, options.Response)
}

// AnswerPasskey lets in whom an authenticator names.
func (g *Gate) AnswerPasskey(token string, answer []byte, from Place) (Entrance, error) {
	now := g.Now()
	q, ok := g.asked.take(now, token)
	if !ok || g.passkeys == nil {
		return Entrance{}, refusal.New(refusal.Denied, "this took too long; begin anew")
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Entrance{}, errPasskey()
	}
	if q.step != "" {
		half, ok := g.steps.look(now, q.step)
		if !ok {
			return Entrance{}, errStep()
		}
		return g.secondStep(now, q.step, half, func() error { return g.checkPasskey(now, q, parsed) })
	}
	return g.alone(now, q, parsed, from)
}

// checkPasskey refuses all but a signature of one of the keys that were asked.
func (g *Gate) checkPasskey(now time.Time, q question, parsed *protocol.ParsedCredentialAssertionData) error {
	d := g.Directory.State()
	u := d.User(q.user)
	if u == nil {
		return errPasskey()
	}
	k, err := g.keeper(d, u)
	if err != nil {
		return err
	}
	key, err := g.passkeys.ValidateLogin(k, q.data, parsed)
	if err != nil {
		return errPasskey()
	}
	return g.signed(now, k, key)
}

// alone lets in whom a key names that needs nobody to say who is there.
func (g *Gate) alone(now time.Time, q question, parsed *protocol.ParsedCredentialAssertionData, from Place) (Entrance, error) {
	var k *keeper
	find := func(_, handle []byte) (webauthn.User, error) {
		d := g.Directory.State()
		for id := range d.Proofs {
			if u := d.User(id); u != nil && !u.Disabled && slices.Equal(handleOf(id), handle) {
				var err error
				k, err = g.keeper(d, u)
				return k, err
			}
		}
		return nil, errors.New("the handle is nobody's")
	}
	if err := g.throttle.place(now, from.IP); err != nil {
		return Entrance{}, err
	}
	_, key, err := g.passkeys.ValidatePasskeyLogin(find, q.data, parsed)
	if err != nil {
		return Entrance{}, errPasskey()
	}
	if err := g.signed(now, k, key); err != nil {
		return Entrance{}, err
	}
	g.throttle.release(now, from.IP)
	return g.Admit(k.user.UserId, ByPasskey, true, from)
}

// signed refuses a key that has been copied, and remembers what it said.
func (g *Gate) signed(now time.Time, k *keeper, key *webauthn.Credential) error {
	if key.Authenticator.CloneWarning {
		return errPasskey()
	}
	id := k.id(key.ID)
	return g.use(k.user.UserId, func(u *usage) error {
		count := key.Authenticator.SignCount
		if have := u.Sign[id]; count != 0 && count <= have {
			return errPasskey() // two answers at once, or a copy
		}
		if u.Sign == nil {
			u.Sign = map[string]uint32{}
		}
		u.Sign[id] = count
		u.seen(id, now)
		return nil
	})
}
