package auth

import (
	"bytes"
	"fmt"
	"net/url"
	"time"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

const (
	totpPeriod = 30 * time.Second
	totpDigits = 6
	totpDrift  = 1 // steps that a clock may be off
	totpIssuer = "CraftTalk"
	enrolLasts = 15 * time.Minute
)

// A newTOTP is a program for codes that its user has not confirmed yet.
type newTOTP struct{ user, secret string }

// An Enrolment is what a program for codes is told: the secret as text, or the
// address in the picture. The token goes with the first code.
type Enrolment struct {
	Token, Secret, Address string
	Picture                string // SVG
}

// BeginTOTP makes a secret for a user's program. It counts once the program has
// shown a code of it.
func (g *Gate) BeginTOTP(u *event.User) (Enrolment, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: totpIssuer, AccountName: accountName(g.Public, u)})
	if err != nil {
		return Enrolment{}, fmt.Errorf("make a secret for codes: %w", err)
	}
	picture, err := drawQR(key.URL())
	if err != nil {
		return Enrolment{}, err
	}
	token, err := g.totps.sell(g.Now(), enrolLasts, newTOTP{u.UserId, key.Secret()})
	return Enrolment{Token: token, Secret: key.Secret(), Address: key.URL(), Picture: picture}, err
}

// accountName is what a program for codes calls the account.
func accountName(public string, u *event.User) string {
	if at, err := url.Parse(public); err == nil && at.Hostname() != "" {
		return u.Login + "@" + at.Hostname()
	}
	return u.Login
}

// FinishTOTP returns the factor once the program has shown a code, which is used
// up by that.
func (g *Gate) FinishTOTP(user, token, code, name string) (*event.Factor, error) {
	now := g.Now()
	fresh, ok := g.totps.look(now, token)
	if !ok || fresh.user != user {
		return nil, refusal.New(refusal.Conflict, "this took too long; begin anew")
	}
	step, ok := stepOf(now, fresh.secret, plainCode(code), 0)
	if !ok {
		return nil, refusal.Of("code", "the code is wrong; look whether the clock of the device is right")
	}
	if err := g.use(user, func(u *usage) error { u.Step = step; return nil }); err != nil {
		return nil, err
	}
	g.totps.void(token)
	return g.sealed(user, newFactorID(), directory.TOTP, name, []byte(fresh.secret)), nil
}

// stepOf returns the step whose code it is, among those that are now, one
// before or one after, and that come after the last one used.
func stepOf(now time.Time, secret, code string, last int64) (step int64, ok bool) {
	o := totp.ValidateOpts{Period: uint(totpPeriod / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	current := now.Unix() / int64(totpPeriod/time.Second)
	for step := current - totpDrift; step <= current+totpDrift; step++ {
		at := time.Unix(step*int64(totpPeriod/time.Second), 0)
		if good, err := totp.ValidateCustom(code, secret, at, o); err == nil && good && step > last {
			return step, true
		}
	}
	return 0, false
}

// spendTOTP refuses a code that is wrong, or of a step that was used.
func (g *Gate) spendTOTP(now time.Time, user, code string) error {
	for _, f := range g.Directory.State().Proofs[user].Factors {
		if f.Value.Kind != directory.TOTP {
			continue
		}
		secret, err := g.opened(user, f.Value)
		if err != nil {
			return err
		}
		return g.use(user, func(u *usage) error {
			step, ok := stepOf(now, string(secret), code, u.Step)
			if !ok {
				return errCode()
			}
			u.Step = step
			u.seen(f.Value.FactorId, now)
			return nil
		})
	}
	return errCode()
}

// quiet is how many modules around a QR code stay empty.
const quiet = 4

// drawQR draws a text as an SVG picture, black on white: a camera needs the
// contrast, whatever the colours of the page.
func drawQR(text string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	return svgOf(code), nil
}

func svgOf(code barcode.Barcode) string {
	size := code.Bounds().Dx()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="`,
		size+2*quiet, size+2*quiet)
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String()
}
