package visitor

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"crafttalkd/actors/refusal"
)

// A Signed identity is what a site's own server says of its visitor:
//
//	base64url({"id": …, "exp": …, "fields": {…}}) "." base64url(mac)
//
// The mac is the HMAC-SHA256 of all before the dot, with one of the account's
// signing secrets.
type Signed struct {
	ID     string            `json:"id"`  // who the visitor is to the site
	Exp    int64             `json:"exp"` // seconds since 1970
	Fields map[string]string `json:"fields"`
}

const (
	longestToken = 4096
	longestLife  = 31 * 24 * time.Hour
	longestID    = 200 // characters
	shortestSign = 16  // bytes of a secret
)

// errSigned is the one answer to every token that proves nothing: it tells a
// forger not even how far it got.
var errSigned = refusal.Of("token", "the signed identity is not valid, or not any more")

// Verify reads a signed identity, or refuses it.
func Verify(token string, secrets []string, now time.Time) (Signed, error) {
	body, mac, ok := strings.Cut(token, ".")
	given, err := encoding.DecodeString(mac)
	if len(token) > longestToken || !ok || err != nil || !signedBy(secrets, body, given) {
		return Signed{}, errSigned
	}
	var s Signed
	plain, err := encoding.DecodeString(body)
	if err != nil || json.Unmarshal(plain, &s) != nil {
		return Signed{}, errSigned
	}
	left := time.Unix(s.Exp, 0).Sub(now)
	if left <= 0 || left > longestLife || s.ID == "" || utf8.RuneCountInString(s.ID) > longestID || !utf8.ValidString(s.ID) {
		return Signed{}, errSigned
	}
	s.Fields = only(s.Fields)
	return s, nil
}

// signedBy looks at every secret, so that the time it takes tells nothing.
func signedBy(secrets []string, body string, given []byte) bool {
	good := false
	for _, secret := range secrets {
		m := hmac.New(sha256.New, []byte(secret))
		m.Write([]byte(body))
		good = hmac.Equal(m.Sum(nil), given) || good
	}
	return good
}

// known are the fields that may be said of a visitor.
var known = []string{"fname", "lname", "email", "phone", "contract"}

// only returns the known fields that say something.
func only(fields map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range fields {
		if value = strings.TrimSpace(value); value != "" && slices.Contains(known, name) {
			out[name] = value
		}
	}
	return out
}

// Secrets of a widget's account.
type Secrets struct {
	// Signing are what the site's server signs identities with; several while
	// one takes the place of another.
	Signing []string `json:"signing"`
}

// ReadSecrets reads what an account keeps sealed. Nothing is no secret.
func ReadSecrets(raw json.RawMessage) (s Secrets, err error) {
	if len(raw) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, refusal.Of("secrets", "a widget's secrets are {\"signing\": [\"…\"]}")
	}
	if slices.ContainsFunc(s.Signing, func(k string) bool { return len(k) < shortestSign }) {
		return s, refusal.Of("secrets.signing", "a signing secret has at least %d characters", shortestSign)
	}
	return s, nil
}

// A saying is what is known of a visitor: what anybody may have said, and what
// the site's server has signed.
type saying struct {
	claims map[string]string
	proven map[string]string // nil if nothing is signed
}

// siteID is the field of the profile that holds who a customer is to the site.
// No page can claim it.
const siteID = "site_id"

// saying checks what a page says of its visitor.
func (l *Lobby) saying(account string, fields map[string]string, token string) (saying, error) {
	out := saying{claims: only(fields)}
	if token == "" {
		return out, nil
	}
	var secrets []string
	if l.config.Signing != nil {
		var err error
		if secrets, err = l.config.Signing(l.config.System.Directory.State().Account(account)); err != nil {
			return out, err
		}
	}
	s, err := Verify(token, secrets, l.config.System.Now())
	if err != nil {
		return out, err
	}
	s.Fields[siteID] = s.ID
	out.proven = s.Fields
	return out, nil
}

// verified is how the address of such a visitor is known.
func (s saying) verified() string {
	if s.proven != nil {
		return "signed"
	}
	return ""
}
