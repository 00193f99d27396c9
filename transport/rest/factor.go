package rest

import (
	"context"
	"encoding/json"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/auth"
)

// Proofs are what users prove to be the users by, beside a password.
type Proofs interface {
	Freshness
	Factors
	Passkeys
	Providers
}

// Freshness is how lately somebody has proved to be the user.
type Freshness interface {
	// Renew gives a session another token.
	Renew(token string) (auth.Session, error)
	// Fresh refuses a session whose user has not proved anything for a while,
	// and Prove takes a proof.
	Fresh(s auth.Session) error
	Prove(ctx context.Context, s auth.Session, password, code string) error
}

// Factors are programs that show codes, and recovery codes.
type Factors interface {
	// SecondStep ends a sign-in with a code.
	SecondStep(token, code string) (auth.Entrance, error)
	BeginTOTP(u *event.User) (auth.Enrolment, error)
	FinishTOTP(user, token, code, name string) (*event.Factor, error)
	FactorsSeen(user string) (map[string]time.Time, error)
	RecoveryLeft(user string) (int, error)
}

// Passkeys are factors too, and may be all there is to a sign-in.
type Passkeys interface {
	// Passkeys reports whether there can be any.
	Passkeys() bool
	AskPasskey(step string) (auth.Asked, error)
	AnswerPasskey(token string, answer []byte, from auth.Place) (auth.Entrance, error)
	BeginPasskey(u *event.User) (auth.Asked, error)
	FinishPasskey(u *event.User, token, name string, answer []byte) (*event.Factor, error)
}

// enrolling is for what somebody can do who must have a second factor and has
// none yet.
var enrolling = rule{signedIn: true, person: true, enrolling: true}

func factorRoutes() []*route {
	const me, one = "/api/v1/me/factors", "/api/v1/users/:id"
	return []*route{
		{method: "POST", path: "/api/v1/session/step", summary: "End a sign-in with a code of the second factor, or a recovery code", may: anyone, verb: takes((*call).secondStep)},
		{method: "POST", path: "/api/v1/session/passkey/ask", summary: "Ask for a passkey: of the user of a step, or of anybody", may: anyone, verb: takes((*call).askPasskey)},
		{method: "POST", path: "/api/v1/session/passkey", summary: "Sign in with a passkey", may: anyone, verb: takes((*call).answerPasskey)},
		{method: "POST", path: "/api/v1/session/proof", summary: "Prove again that it is still the user: needed ten minutes after the sign-in to change factors", may: enrolling, verb: told((*call).prove)},
		{method: "GET", path: me, summary: "What the asker signs in with", may: enrolling, verb: answers((*call).ownFactors)},
		{method: "POST", path: me + "/totp", summary: "Make a secret for a program that shows codes", may: enrolling, verb: answers((*call).beginTOTP)},
		{method: "POST", path: me + "/totp/confirm", summary: "Keep it, with the first code that the program shows", may: enrolling, verb: takes((*call).finishTOTP)},
		{method: "POST", path: me + "/passkey", summary: "Ask an authenticator for a passkey", may: enrolling, verb: answers((*call).beginPasskey)},
		{method: "POST", path: me + "/passkey/confirm", summary: "Keep the passkey", may: enrolling, verb: takes((*call).finishPasskey)},
		{method: "DELETE", path: me + "/:id", summary: "Remove an own factor", may: person, verb: does((*call).removeOwnFactor)},
		{method: "POST", path: "/api/v1/me/recovery", summary: "Make new recovery codes; those before are good for nothing", may: person, verb: answers((*call).newRecovery)},
		{method: "GET", path: one + "/factors", summary: "What a user signs in with; what is secret of it is told to nobody", may: letIn, verb: answers((*call).factorsOf)},
		{method: "DELETE", path: one + "/factors/:factor", summary: "Take a factor away that a user has lost, and end the user's sessions", may: letIn, verb: does((*call).removeFactor)},
		{method: "GET", path: one + "/sessions", summary: "The sessions of a user", may: letIn, verb: answers((*call).sessionsOf)},
		{method: "DELETE", path: one + "/sessions", summary: "End all sessions of a user", act: audit.SessionsEnded, may: letIn, verb: does((*call).endSessionsOf)},
		{method: "DELETE", path: one + "/sessions/:session", summary: "End one session of a user", act: audit.SessionEnded, may: letIn, verb: does((*call).endSessionOf)},
	}
}

// SecondStep is the second step of a sign-in.
type SecondStep struct {
	Token string `json:"token" need:"yes" doc:"of the step"`
	Code  string `json:"code" need:"yes" doc:"six digits, or a recovery code"`
}

func (c *call) secondStep(in SecondStep) (SignedIn, error) {
	return c.entered("")(c.config.Auth.SecondStep(in.Token, in.Code))
}

// PasskeyWish says whose passkey is asked for.
type PasskeyWish struct {
	Step string `json:"step" doc:"the token of a step; left out, any passkey that knows its user"`
}

// PasskeyAsked is what a page hands to an authenticator.
type PasskeyAsked struct {
	Token   string          `json:"token" doc:"goes with the answer"`
	Options json.RawMessage `json:"options" doc:"as PublicKeyCredential.parse…OptionsFromJSON takes them"`
}

// PasskeyAnswer is what an authenticator said.
type PasskeyAnswer struct {
	Token      string          `json:"token" need:"yes"`
	Credential json.RawMessage `json:"credential" need:"yes" doc:"as PublicKeyCredential.toJSON tells it"`
}

func (c *call) askPasskey(in PasskeyWish) (PasskeyAsked, error) {
	a, err := c.config.Auth.AskPasskey(in.Step)
	return PasskeyAsked{a.Token, a.Options}, notSignedIn(err)
}

func (c *call) answerPasskey(in PasskeyAnswer) (SignedIn, error) {
	return c.entered("")(c.config.Auth.AnswerPasskey(in.Token, in.Credential, c.from()))
}

// Proof is the password, or a code of a factor.
type Proof struct {
	Password string `json:"password"`
	Code     string `json:"code"`
}

func (c *call) prove(in Proof) error {
	err := c.config.Auth.Prove(c.r.Context(), c.asker.session, in.Password, in.Code)
	if refusal.KindOf(err) == refusal.Denied {
		if in.Code != "" {
			return refusal.Of("code", "the code is wrong, or was used already")
		}
		return refusal.Of("password", "this is not the password")
	}
	return err
}

// Factor is what a user signs in with, as it is shown.
type Factor struct {
	FactorID string    `json:"factor_id"`
	Kind     string    `json:"kind" doc:"totp or passkey"`
	Name     string    `json:"name"`
	At       time.Time `json:"at"`
	UsedAt   time.Time `json:"used_at,omitzero"`
}

// UserFactors are all of a user's.
type UserFactors struct {
	Items        []Factor   `json:"items"`
	RecoveryLeft int        `json:"recovery_left" doc:"recovery codes that were not used"`
	Needed       bool       `json:"needed" doc:"a role of the user's needs a second factor"`
	HasPassword  bool       `json:"has_password"`
	Passkeys     bool       `json:"passkeys" doc:"whether there can be passkeys here"`
	Fresh        bool       `json:"fresh" doc:"whether the asker has proved lately to be the user"`
	Identities   []Identity `json:"identities"`
}

func (c *call) ownFactors() (UserFactors, error) { return c.factors(c.by()) }

func (c *call) factors(user string) (UserFactors, error) {
	d := c.directory()
	_, able := d.Passwords[user]
	out := UserFactors{Items: []Factor{}, Identities: identitiesOf(d, user), Needed: d.NeedsFactor(d.User(user)), HasPassword: able,
		Passkeys: c.config.Auth.Passkeys(), Fresh: c.config.Auth.Fresh(c.asker.session) == nil}
	seen, err := c.config.Auth.FactorsSeen(user)
	if err != nil {
		return out, err
	}
	for _, f := range d.Proofs[user].Factors {
		out.Items = append(out.Items, Factor{FactorID: f.Value.FactorId, Kind: f.Value.Kind, Name: f.Value.Name, At: f.At, UsedAt: seen[f.Value.FactorId]})
	}
	out.RecoveryLeft, err = c.config.Auth.RecoveryLeft(user)
	return out, err
}

// NewTOTP is what a program for codes is told.
type NewTOTP struct {
	Token   string `json:"token" doc:"goes with the first code"`
	Secret  string `json:"secret" doc:"to be typed in"`
	Address string `json:"address" doc:"otpauth://…, the same as in the picture"`
	Picture string `json:"picture" doc:"a QR code as SVG"`
}

func (c *call) beginTOTP() (NewTOTP, error) {
	if err := c.config.Auth.Fresh(c.asker.session); err != nil {
		return NewTOTP{}, err
	}
	e, err := c.config.Auth.BeginTOTP(c.asker.user)
	return NewTOTP{e.Token, e.Secret, e.Address, e.Picture}, err
}

// FirstCode keeps a program for codes.
type FirstCode struct {
	Token string `json:"token" need:"yes"`
	Code  string `json:"code" need:"yes"`
	Name  string `json:"name"`
}

// Enrolled is the answer to a new factor.
type Enrolled struct {
	FactorID string   `json:"factor_id"`
	Recovery []string `json:"recovery_codes,omitempty" doc:"with the first factor, told this once: each stands in for it once"`
}

func (c *call) finishTOTP(in FirstCode) (Enrolled, error) {
	if err := c.config.Auth.Fresh(c.asker.session); err != nil {
		return Enrolled{}, err
	}
	f, err := c.config.Auth.FinishTOTP(c.by(), in.Token, in.Code, in.Name)
	if err != nil {
		return Enrolled{}, err
	}
	return c.enrol(f)
}

func (c *call) beginPasskey() (PasskeyAsked, error) {
	if err := c.config.Auth.Fresh(c.asker.session); err != nil {
		return PasskeyAsked{}, err
	}
	a, err := c.config.Auth.BeginPasskey(c.asker.user)
	return PasskeyAsked{a.Token, a.Options}, err
}

// NewPasskey keeps a passkey.
type NewPasskey struct {
	PasskeyAnswer
	Name string `json:"name"`
}

func (c *call) finishPasskey(in NewPasskey) (Enrolled, error) {
	if err := c.config.Auth.Fresh(c.asker.session); err != nil {
		return Enrolled{}, err
	}
	f, err := c.config.Auth.FinishPasskey(c.asker.user, in.Token, in.Name, in.Credential)
	if err != nil {
		return Enrolled{}, err
	}
	return c.enrol(f)
}

// enrol keeps a factor. With the first one come recovery codes; sessions that
// were begun without it end, but for this one, which gets a new token.
func (c *call) enrol(f *event.Factor) (Enrolled, error) {
	out := Enrolled{FactorID: f.FactorId}
	first := len(c.directory().Proofs[c.by()].Factors) == 0
	if err := c.change(directory.PutFactor{By: c.by(), User: c.by(), Factor: f}); err != nil || !first {
		return out, err
	}
	codes, hashes := auth.NewRecoveryCodes()
	if err := c.change(directory.SetRecoveryCodes{By: c.by(), User: c.by(), Hashes: hashes}); err != nil {
		return out, err
	}
	out.Recovery = codes
	if err := c.config.Auth.End(c.by(), "", c.asker.session.ID); err != nil {
		return out, err
	}
	if _, bears := bearer(c.r); bears || !c.asker.session.Enrol {
		return out, nil
	}
	s, err := c.config.Auth.Renew(c.asker.token)
	if err == nil {
		setCookie(c.w, c.r, s.Token, s.Expires)
	}
	return out, err
}

// removeOwnFactor leaves one to whom a role needs one.
func (c *call) removeOwnFactor() error {
	if err := c.config.Auth.Fresh(c.asker.session); err != nil {
		return err
	}
	d := c.directory()
	p := d.Proofs[c.by()]
	if p.Factor(c.id()) != nil && len(p.Factors) == 1 && d.NeedsFactor(c.asker.user) {
		return refusal.New(refusal.Conflict, "your role needs a second factor; add another one before you remove this")
	}
	return c.change(directory.RemoveFactor{By: c.by(), User: c.by(), ID: c.id()})
}

// RecoveryCodes are told this once.
type RecoveryCodes struct {
	Codes []string `json:"codes"`
}

func (c *call) newRecovery() (RecoveryCodes, error) {
	if err := c.config.Auth.Fresh(c.asker.session); err != nil {
		return RecoveryCodes{}, err
	}
	codes, hashes := auth.NewRecoveryCodes()
	return RecoveryCodes{codes}, c.change(directory.SetRecoveryCodes{By: c.by(), User: c.by(), Hashes: hashes})
}

// person returns the user whom a call is about. Nobody sees or changes how somebody
// signs in who may do more: that would be a way to become that one.
func (c *call) person() (*event.User, error) {
	u := c.directory().User(c.id())
	if u == nil {
		return nil, refusal.New(refusal.NotFound, "there is no user %q", c.id())
	}
	return u, covered(c, u, nil)
}

// changedPerson is person for a change of how somebody signs in. Of oneself it
// needs what the own calls need, or these would be a way around them.
func (c *call) changedPerson() (*event.User, error) {
	u, err := c.person()
	if err == nil && u.UserId == c.by() {
		err = c.config.Auth.Fresh(c.asker.session)
	}
	return u, err
}

func (c *call) factorsOf() (UserFactors, error) {
	u, err := c.person()
	if err != nil {
		return UserFactors{}, err
	}
	return c.factors(u.UserId)
}

func (c *call) removeFactor() error {
	u, err := c.changedPerson()
	if err != nil {
		return err
	}
	if err := c.change(directory.RemoveFactor{By: c.by(), User: u.UserId, ID: c.params.ByName("factor")}); err != nil {
		return err
	}
	return c.config.Auth.End(u.UserId, "", c.asker.session.ID)
}

func (c *call) sessionsOf() (List[OwnSession], error) {
	u, err := c.person()
	if err != nil {
		return List[OwnSession]{}, err
	}
	return c.sessions(u.UserId)
}

func (c *call) endSessionsOf() error {
	u, err := c.person()
	if err != nil {
		return err
	}
	return c.config.Auth.End(u.UserId, "", c.asker.session.ID)
}

func (c *call) endSessionOf() error {
	u, err := c.person()
	if err != nil {
		return err
	}
	return c.config.Auth.End(u.UserId, c.params.ByName("session"), "")
}
