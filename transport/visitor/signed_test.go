package visitor_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/visitor"
	"crafttalkd/transport/wire"
)

// sign signs an identity as a site's server does.
func sign(t testing.TB, secret string, s any) string {
	t.Helper()
	plain, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	body := base64.RawURLEncoding.EncodeToString(plain)
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(body))
	return body + "." + base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// proves WG-06: a token is good with one of the secrets, for its time, and whole.
func TestWG06_Verify(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	secrets := []string{"the secret of today", "the secret of yesterday"}
	in := func(d time.Duration) visitor.Signed {
		return visitor.Signed{ID: "42", Exp: now.Add(d).Unix(), Fields: map[string]string{"fname": "Анна", "admin": "yes"}}
	}
	good := sign(t, secrets[0], in(time.Hour))
	body, mac, _ := strings.Cut(good, ".")
	for _, test := range []struct {
		name, token string
		ok          bool
	}{
		{"good", good, true},
		{"the older secret", sign(t, secrets[1], in(time.Hour)), true},
		{"another secret", sign(t, "somebody else's secret", in(time.Hour)), false},
		{"no secret", sign(t, "", in(time.Hour)), false},
		{"over", sign(t, secrets[0], in(-time.Second)), false},
		{"over this second", sign(t, secrets[0], in(0)), false},
		{"for too long", sign(t, secrets[0], in(40*24*time.Hour)), false},
		{"without an end", sign(t, secrets[0], map[string]any{"id": "42"}), false},
		{"nobody", sign(t, secrets[0], visitor.Signed{Exp: now.Add(time.Hour).Unix()}), false},
		{"other words", strings.Replace(good, body[:4], "AAAA", 1), false},
		{"no mac", body + ".", false},
		{"no dot", body, false},
		{"a shorter mac", body + "." + mac[:len(mac)-4], false},
		{"padded", good + "=", false},
		{"nothing", "", false},
		{"long", good + strings.Repeat("A", 5000), false},
	} {
		s, err := visitor.Verify(test.token, secrets, now)
		if (err == nil) != test.ok {
			t.Errorf("%s: %v, want good %v", test.name, err, test.ok)
		}
		if test.ok && (s.ID != "42" || len(s.Fields) != 1 || s.Fields["fname"] != "Анна") {
			t.Errorf("%s: %v, want Anna alone", test.name, s)
		}
	}
	if _, err := visitor.Verify(good, nil, now); err == nil {
		t.Error("a token is good without any secret")
	}
}

// proves WG-06: what is signed takes the place of what was only said and marks
// the address; what is not signed stays a claim, and a bad token proves nothing.
func TestWG06_SignedIdentity(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	token, anna := s.Token(t, "site")
	c := s.Visitor(t, token, nil)
	identify := func(token string, fields map[string]string) *wire.Answer {
		return c.Do(&wire.FromClient{Is: &wire.FromClient_Identify{Identify: &wire.Identify{Fields: fields, Token: token}}})
	}
	identify("", map[string]string{"fname": "Queen", "phone": "+79990000000"})
	c.Must(livetest.Say("m1", "Before"))
	forged := sign(t, "not the site's secret", visitor.Signed{ID: "1", Exp: time.Now().Add(time.Hour).Unix(), Fields: map[string]string{"fname": "King"}})
	if a := identify(forged, nil); a.Kind != "invalid" || a.Field != "token" {
		t.Errorf("a forged token is answered %v", a)
	}
	c.Must(livetest.Say("m2", "Forged"))
	good := sign(t, livetest.Signing, visitor.Signed{ID: "42", Exp: time.Now().Add(time.Hour).Unix(), Fields: map[string]string{"fname": "Анна"}})
	if a := identify(good, map[string]string{"fname": "Queen", "email": "a@example.org"}); a.Kind != "" {
		t.Fatalf("a good token is answered %v", a)
	}
	c.Must(livetest.Say("m3", "Signed"))
	profile, verified := map[string]string{}, map[string]string{}
	address := ""
	for _, e := range s.Facts(event.CustomerStream + anna) {
		switch e := e.(type) {
		case *event.ProfileChanged:
			for k, v := range e.Fields {
				profile[k], verified[k] = v, e.Verified
			}
		case *event.CustomerRegistered:
			address = e.Address.Verified
		case *event.AddressEdited:
			address = e.After.Verified
		}
	}
	for name, want := range map[string][2]string{"fname": {"Анна", "signed"}, "site_id": {"42", "signed"}, "phone": {"+79990000000", ""}, "email": {"a@example.org", ""}} {
		if profile[name] != want[0] || verified[name] != want[1] {
			t.Errorf("%s is %q, known by %q; want %q", name, profile[name], verified[name], want)
		}
	}
	if address != "signed" {
		t.Errorf("the address is known by %q, want signed", address)
	}
}

// Whatever a page passes as a token, it is refused or it was signed.
func FuzzVerify(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	secret := "the secret of the fuzz"
	f.Add(sign(f, secret, visitor.Signed{ID: "42", Exp: now.Add(time.Hour).Unix()}))
	f.Add("eyJpZCI6IjQyIn0.AAAA")
	f.Add(".")
	f.Fuzz(func(t *testing.T, token string) {
		s, err := visitor.Verify(token, []string{secret}, now)
		if err != nil {
			return
		}
		body, _, _ := strings.Cut(token, ".")
		plain, _ := base64.RawURLEncoding.DecodeString(body)
		if sign(t, secret, json.RawMessage(plain)) != token && s.ID != "42" {
			t.Errorf("%q was taken for %v and was not signed", token, s)
		}
	})
}
