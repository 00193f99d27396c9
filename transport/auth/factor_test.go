package auth

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/pquerna/otp/totp"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/keys"
	"crafttalkd/transport/auth/authtest"
)

const public = "https://chat.example"

// open gives the house a public address, a vault and a provider.
func (h *house) open() *authtest.Provider {
	h.t.Helper()
	p := authtest.NewProvider("https://id.example", "crafttalk", func() time.Time { return h.now })
	h.Vault, h.Public, h.Client, h.passkeys = keys.NewMaster(), public, p.Client(), passkeysAt(public)
	secrets, err := SealProvider(h.Vault, "id", ProviderSecrets{p.Secret})
	if err != nil {
		h.t.Fatal(err)
	}
	h.apply(&event.ProviderPut{Provider: &event.Provider{ProviderId: "id", Name: "Company", Issuer: p.Issuer, ClientId: p.ClientID, Secrets: secrets}})
	return p
}

func (h *house) apply(e event.Event) { h.state = directory.Apply(h.state, e) }

// need makes the role of a user's one that needs a second factor.
func (h *house) need(role string) {
	h.apply(&event.SettingsPut{Settings: &event.Settings{SecondFactorRoles: []string{role}}})
}

// totp gives a user a program for codes and returns its secret.
func (h *house) totp(user string) string {
	h.t.Helper()
	e, err := h.BeginTOTP(h.state.User(user))
	if err != nil {
		h.t.Fatal(err)
	}
	f, err := h.FinishTOTP(user, e.Token, h.code(e.Secret, 0), "Phone")
	if err != nil {
		h.t.Fatal(err)
	}
	h.apply(&event.FactorPut{UserId: user, Factor: f})
	return e.Secret
}

// code is what the program shows, so many steps from now.
func (h *house) code(secret string, steps int) string {
	h.t.Helper()
	c, err := totp.GenerateCode(secret, h.now.Add(time.Duration(steps)*totpPeriod))
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// recovery gives a user recovery codes.
func (h *house) recovery(user string) []string {
	codes, hashes := NewRecoveryCodes()
	h.apply(&event.RecoveryCodesSet{UserId: user, Hashes: hashes})
	return codes
}

// step signs in with the right password as far as the second step.
func (h *house) step(login string) *Step {
	h.t.Helper()
	e, err := h.SignIn(h.t.Context(), login, right, Place{IP: "10.0.0.1"})
	if err != nil || e.Step == nil || e.Token != "" {
		h.t.Fatalf("SignIn = %+v, %v, want a second step and no session", e, err)
	}
	return e.Step
}

func denied(t *testing.T, what string, e Entrance, err error) {
	t.Helper()
	if refusal.KindOf(err) != refusal.Denied || e != (Entrance{}) {
		t.Errorf("%s: %+v, %v, want denied", what, e, err)
	}
}

// ASVS 6.5.1: a code lets in once, within a step of its time.
func TestCodesWorkOnceAndInTime(t *testing.T) {
	h := newHouse(t)
	h.open()
	secret := h.totp("anna")
	if e, err := h.SecondStep(h.step("anna").Token, h.code(secret, 0)); err == nil {
		t.Errorf("the code that the factor was confirmed with lets in: %+v", e)
	}
	h.now = h.now.Add(10 * totpPeriod)
	for _, steps := range []int{-3, -2, 2, 3} {
		e, err := h.SecondStep(h.step("anna").Token, h.code(secret, steps))
		denied(t, "a code that is off", e, err)
		h.now = h.now.Add(time.Hour) // what failed is forgotten by and by
	}
	h.now = h.now.Add(forgotten)
	now := h.code(secret, 0)
	e, err := h.SecondStep(h.step("anna").Token, " "+now[:3]+" "+now[3:])
	if err != nil || e.User != "anna" || e.Token == "" || e.Way != ByPassword {
		t.Fatalf("SecondStep = %+v, %v", e, err)
	}
	if _, err := h.Session(e.Token); err != nil {
		t.Error(err)
	}
	e, err = h.SecondStep(h.step("anna").Token, now)
	denied(t, "the same code again", e, err)
	e, err = h.SecondStep(h.step("anna").Token, h.code(secret, -1))
	denied(t, "the code before the one used", e, err)
	if e, err = h.SecondStep(h.step("anna").Token, h.code(secret, 1)); err != nil {
		t.Errorf("the next code, a little early: %v", err)
	}
	if seen, err := h.FactorsSeen("anna"); err != nil || len(seen) != 1 {
		t.Errorf("FactorsSeen = %v, %v", seen, err)
	}
}

// Of many who bring the same code at the same moment one comes in.
func TestOneCodeAtOnceIsOneSession(t *testing.T) {
	h := newHouse(t)
	h.open()
	secret := h.totp("anna")
	h.now = h.now.Add(10 * totpPeriod)
	code, in := h.code(secret, 0), make(chan bool)
	for range 4 {
		step := h.step("anna")
		go func() {
			e, err := h.SecondStep(step.Token, code)
			in <- err == nil && e.Token != ""
		}()
	}
	n := 0
	for range 4 {
		if <-in {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d came in with one code, want 1", n)
	}
}

// Five wrong codes and the first step is to be made again; then it goes slower,
// and a right code does not help before its time.
func TestFiveTriesThenSlower(t *testing.T) {
	h := newHouse(t)
	h.open()
	secret := h.totp("anna")
	h.now = h.now.Add(10 * totpPeriod)
	step := h.step("anna")
	for range stepTries {
		e, err := h.SecondStep(step.Token, "000000")
		denied(t, "a wrong code", e, err)
	}
	e, err := h.SecondStep(step.Token, h.code(secret, 0))
	denied(t, "the sixth try", e, err)
	if _, err := h.SecondStep(h.step("anna").Token, h.code(secret, 0)); refusal.KindOf(err) != refusal.Busy {
		t.Errorf("a new step at once: %v, want busy", err)
	}
	h.now = h.now.Add(totpPeriod)
	if _, err := h.SecondStep(h.step("anna").Token, h.code(secret, 0)); err != nil {
		t.Errorf("half a minute later: %v", err)
	}
	h.now = h.now.Add(stepLasts)
	late := h.step("anna")
	h.now = h.now.Add(stepLasts)
	e, err = h.SecondStep(late.Token, h.code(secret, 0))
	denied(t, "a step that took too long", e, err)
}

// A recovery code stands in for a factor, once; the store does not tell it.
func TestRecoveryCodesWorkOnce(t *testing.T) {
	h := newHouse(t)
	h.open()
	h.totp("anna")
	codes := h.recovery("anna")
	if len(codes) != recoveryCodes || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != recoveryCodes {
		t.Fatalf("codes %v", codes)
	}
	if s := h.step("anna"); !slices.Equal(s.Ways, []string{WayTOTP, WayRecovery}) {
		t.Errorf("ways = %v", s.Ways)
	}
	if _, err := h.SecondStep(h.step("anna").Token, strings.ToUpper(codes[3])); err != nil {
		t.Fatal(err)
	}
	e, err := h.SecondStep(h.step("anna").Token, codes[3])
	denied(t, "a recovery code twice", e, err)
	others := h.recovery("oleg")
	e, err = h.SecondStep(h.step("anna").Token, others[0])
	denied(t, "another's recovery code", e, err)
	if left, err := h.RecoveryLeft("anna"); err != nil || left != recoveryCodes-1 {
		t.Errorf("RecoveryLeft = %d, %v", left, err)
	}
	for k, v := range h.disk.rows {
		if strings.Contains(k+string(v), strings.ReplaceAll(codes[3], "-", "")) {
			t.Errorf("row %s tells the code", k)
		}
	}
	h.apply(&event.FactorRemoved{UserId: "anna", FactorId: h.state.Proofs["anna"].Factors[0].Value.FactorId})
	h.signIn("anna") // without a factor there is no second step
}

// What a factor holds is sealed, for this user and this factor.
func TestSecretsOfFactorsAreSealed(t *testing.T) {
	h := newHouse(t)
	h.open()
	secret := h.totp("anna")
	f := h.state.Proofs["anna"].Factors[0].Value
	if strings.Contains(string(f.Secrets), secret) {
		t.Error("the fact tells the secret")
	}
	h.apply(&event.FactorPut{UserId: "oleg", Factor: f}) // as if somebody had copied it
	h.now = h.now.Add(10 * totpPeriod)
	if e, err := h.SecondStep(h.step("oleg").Token, h.code(secret, 0)); err == nil || refusal.KindOf(err) != 0 {
		t.Errorf("a factor that was another's lets in: %+v, %v", e, err)
	}
}

// An Authenticator of a person's, at our address or at another.
type stick struct {
	h    *house
	rp   virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	key  virtualwebauthn.Credential
}

func (h *house) stick(user, origin string) *stick {
	return &stick{h: h, rp: virtualwebauthn.RelyingParty{ID: "chat.example", Name: "CraftTalk", Origin: origin},
		auth: virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: handleOf(user)}),
		key:  authtest.NewPasskey()}
}

// enrol makes a passkey of the user's and returns its factor.
func (s *stick) enrol(user string) (*event.Factor, error) {
	s.h.t.Helper()
	asked, err := s.h.BeginPasskey(s.h.state.User(user))
	if err != nil {
		s.h.t.Fatal(err)
	}
	o, err := virtualwebauthn.ParseAttestationOptions(string(asked.Options))
	if err != nil {
		s.h.t.Fatal(err)
	}
	answer := virtualwebauthn.CreateAttestationResponse(s.rp, s.auth, s.key, *o)
	f, err := s.h.FinishPasskey(s.h.state.User(user), asked.Token, "Stick", []byte(answer))
	if err == nil {
		s.auth.AddCredential(s.key)
		s.h.apply(&event.FactorPut{UserId: user, Factor: f})
	}
	return f, err
}

// answer asks and signs: for a step, or by itself.
func (s *stick) answer(step string) (token string, answer []byte) {
	s.h.t.Helper()
	asked, err := s.h.AskPasskey(step)
	if err != nil {
		s.h.t.Fatal(err)
	}
	o, err := virtualwebauthn.ParseAssertionOptions(string(asked.Options))
	if err != nil {
		s.h.t.Fatal(err)
	}
	s.key.Counter++
	return asked.Token, []byte(virtualwebauthn.CreateAssertionResponse(s.rp, s.auth, s.key, *o))
}

// A passkey is a second factor, and with a finger or a PIN it is all there is to
// a sign-in; it works at our address, for its user, and a copy of it does not.
func TestPasskeys(t *testing.T) {
	h := newHouse(t)
	h.open()
	s := h.stick("anna", public)
	if _, err := s.enrol("anna"); err != nil {
		t.Fatal(err)
	}
	from := Place{IP: "10.0.0.1", Browser: "Chromium"}
	step := h.step("anna")
	if !slices.Equal(step.Ways, []string{WayPasskey}) {
		t.Errorf("ways = %v", step.Ways)
	}
	token, answer := s.answer(step.Token)
	if e, err := h.AnswerPasskey(token, answer, from); err != nil || e.User != "anna" || e.Way != ByPassword {
		t.Errorf("AnswerPasskey = %+v, %v", e, err)
	}
	e, err := h.AnswerPasskey(token, answer, from)
	denied(t, "the same answer again", e, err)
	token, answer = s.answer("")
	if e, err := h.AnswerPasskey(token, answer, from); err != nil || e.User != "anna" || e.Way != ByPasskey || e.Browser != "Chromium" {
		t.Errorf("without a password: %+v, %v", e, err)
	}
	s.key.Counter -= 2
	token, answer = s.answer("")
	e, err = h.AnswerPasskey(token, answer, from)
	denied(t, "a copy that has signed less often", e, err)
	s.key.Counter += 2
	s.auth.Options.UserNotVerified = true
	token, answer = s.answer("")
	e, err = h.AnswerPasskey(token, answer, from)
	denied(t, "without a password and without a finger", e, err)
	s.auth.Options.UserNotVerified, s.rp.Origin = false, "https://chat.example.evil"
	token, answer = s.answer("")
	e, err = h.AnswerPasskey(token, answer, from)
	denied(t, "at another address", e, err)
	s.rp.Origin, s.auth.Options.UserHandle = public, handleOf("oleg")
	token, answer = s.answer("")
	e, err = h.AnswerPasskey(token, answer, from)
	denied(t, "as another user", e, err)
	if _, err := h.stick("anna", "https://chat.example.evil").enrol("anna"); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("a passkey made at another address: %v", err)
	}
	asked, err := h.BeginPasskey(h.state.User("anna"))
	if err != nil || !strings.Contains(string(asked.Options), "excludeCredentials") {
		t.Errorf("%s, %v does not exclude the key that is known", asked.Options, err)
	}
	if _, err := h.FinishPasskey(h.state.User("oleg"), asked.Token, "", nil); refusal.KindOf(err) != refusal.Conflict {
		t.Errorf("an answer to another user's question: %v", err)
	}
}

// A key belongs to a name under TLS.
func TestWherePasskeysAre(t *testing.T) {
	for at, want := range map[string]bool{
		"https://chat.example": true, "https://chat.example:8443/": true, "http://localhost:8080": true,
		"": false, "http://chat.example": false, "http://127.0.0.1:8080": false, "https://10.0.0.1": false, "https://[::1]": false,
	} {
		if got := passkeysAt(at) != nil; got != want {
			t.Errorf("passkeysAt(%q) = %v, want %v", at, got, want)
		}
	}
}

// A session is fresh for ten minutes after a proof, by password or by code.
func TestFreshAfterAProof(t *testing.T) {
	h := newHouse(t)
	h.open()
	s := h.signIn("anna")
	secret := h.totp("anna")
	look := func(want bool) {
		t.Helper()
		got, err := h.Session(s.Token)
		if err != nil {
			t.Fatal(err)
		}
		if fresh := h.Fresh(got); (fresh == nil) != want {
			t.Errorf("Fresh = %v, want %v", fresh, want)
		}
	}
	look(true)
	h.now = h.now.Add(freshFor)
	look(false)
	if err := h.Prove(t.Context(), s, "wrong", ""); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("Prove = %v", err)
	}
	look(false)
	if err := h.Prove(t.Context(), s, right, ""); err != nil {
		t.Error(err)
	}
	look(true)
	h.now = h.now.Add(freshFor)
	if err := h.Prove(t.Context(), s, "", h.code(secret, 0)); err != nil {
		t.Error(err)
	}
	look(true)
	next, err := h.Renew(s.Token)
	if err != nil || next.ID == s.ID {
		t.Errorf("Renew = %+v, %v", next, err)
	}
	if _, err := h.Session(s.Token); refusal.KindOf(err) != refusal.Denied {
		t.Errorf("the token before still works: %v", err)
	}
	if got, err := h.Session(next.Token); err != nil || got.User != "anna" {
		t.Errorf("the new token: %+v, %v", got, err)
	}
}

// The picture holds the address: a black module for each that is drawn.
func TestQRIsDrawn(t *testing.T) {
	svg, err := drawQR("otpauth://totp/CraftTalk:anna?secret=ABC")
	if err != nil || !strings.HasPrefix(svg, "<svg ") || strings.Count(svg, "h1v1h-1z") < 200 {
		t.Errorf("drawQR = %.80s…, %v", svg, err)
	}
	told, err := json.Marshal(svg)
	if err != nil || len(told) > 40<<10 {
		t.Errorf("%d bytes, %v", len(told), err)
	}
}
