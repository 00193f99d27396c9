package botframework

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"crafttalkd/channels/channeltest"
	"crafttalkd/channels/loose"
)

// A ring is the keys that a service publishes.
type ring []signer

func (r ring) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if strings.HasSuffix(q.URL.Path, "/openid") {
		fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":"http://%s/keys","id_token_signing_alg_values_supported":["RS256"]}`, issuer, q.Host)
		return
	}
	keys := []any{}
	for _, s := range r {
		keys = append(keys, s.public())
	}
	json.NewEncoder(w).Encode(map[string]any{"keys": keys})
}

// A proof is what a call brings to be believed.
type proof struct {
	Header     string `json:"header"`
	ServiceURL string `json:"serviceUrl"`
	ChannelID  string `json:"channelId"`
}

// A judgement is one call and who believes it.
type judgement struct {
	name  string
	proof proof
	// Stricter says why we refuse what Microsoft takes.
	stricter string
}

// judgements are calls of all kinds. Good is endorsed for msteams, and bare for
// nothing.
func judgements(good, bare, stranger signer) []judgement {
	bring := func(token string) proof { return proof{"Bearer " + token, service, "msteams"} }
	but := func(change func(jwt.MapClaims)) proof {
		c := claims()
		change(c)
		return bring(good.sign(c))
	}
	as := func(m jwt.SigningMethod, key any) proof {
		t := jwt.NewWithClaims(m, claims())
		t.Header["kid"] = good.id
		text, err := t.SignedString(key)
		if err != nil {
			panic(err)
		}
		return bring(text)
	}
	in := func(claim string, d time.Duration) proof {
		return but(func(c jwt.MapClaims) { c[claim] = time.Now().Add(d).Unix() })
	}
	genuine := good.sign(claims())
	return []judgement{
		{name: "a good one", proof: bring(genuine)},
		{name: "another app", proof: but(func(c jwt.MapClaims) { c["aud"] = "22222222-2222-3333-4444-555555555555" })},
		{name: "no app", proof: but(func(c jwt.MapClaims) { delete(c, "aud") })},
		{name: "several apps", proof: but(func(c jwt.MapClaims) { c["aud"] = []string{appID, "other"} })},
		{name: "another issuer", proof: but(func(c jwt.MapClaims) { c["iss"] = "https://sts.windows.net/x/" })},
		{name: "no issuer", proof: but(func(c jwt.MapClaims) { delete(c, "iss") })},
		{name: "another server", proof: but(func(c jwt.MapClaims) { c["serviceurl"] = "https://evil.example" })},
		{name: "the server without its slash", proof: but(func(c jwt.MapClaims) { c["serviceurl"] = strings.TrimSuffix(service, "/") })},
		{name: "the server in camel", proof: but(func(c jwt.MapClaims) { delete(c, "serviceurl"); c["serviceUrl"] = service })},
		{name: "no server", proof: but(func(c jwt.MapClaims) { delete(c, "serviceurl") })},
		{name: "over for four minutes", proof: in("exp", -4*time.Minute)},
		{name: "over for six minutes", proof: in("exp", -6*time.Minute)},
		{name: "good in four minutes", proof: in("nbf", 4*time.Minute)},
		{name: "good in six minutes", proof: in("nbf", 6*time.Minute)},
		{name: "without an end", proof: but(func(c jwt.MapClaims) { delete(c, "exp") }),
			stricter: "a token that never ends is one that can be stolen for ever; the service's own end in an hour"},
		{name: "an unknown key", proof: bring(signer{stranger.key, "other", nil}.sign(claims()))},
		{name: "a key of the same name", proof: bring(signer{stranger.key, good.id, nil}.sign(claims()))},
		{name: "RS384", proof: as(jwt.SigningMethodRS384, good.key)},
		{name: "RS512", proof: as(jwt.SigningMethodRS512, good.key)},
		{name: "PS256", proof: as(jwt.SigningMethodPS256, good.key)},
		{name: "a symmetric signature", proof: as(jwt.SigningMethodHS256, good.key.N.Bytes())},
		{name: "no signature", proof: as(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType)},
		{name: "a signature that is cut", proof: bring(genuine[:len(genuine)-4])},
		{name: "another channel", proof: proof{"Bearer " + genuine, service, "webchat"}},
		{name: "a key for no channel", proof: bring(bare.sign(claims())),
			stricter: "a key without endorsements is good for nothing here; all keys of the service have some"},
		{name: "the scheme in small letters", proof: proof{"bearer " + genuine, service, "msteams"}},
		{name: "another scheme", proof: proof{"Basic " + genuine, service, "msteams"}},
		{name: "no scheme", proof: proof{genuine, service, "msteams"}},
		{name: "something after it", proof: proof{"Bearer " + genuine + " x", service, "msteams"}},
		{name: "no header", proof: proof{"", service, "msteams"}},
		{name: "no token", proof: bring("no.to.ken")},
	}
}

// proves CH-10: our check of a call believes whom Microsoft's own check
// believes, and nobody else.
func TestCH10_MicrosoftJudgesTheSame(t *testing.T) {
	good, bare, stranger := newSigner(t, 2048, "msteams"), newSigner(t, 2050), newSigner(t, 2048)
	s := httptest.NewServer(ring{good, bare})
	defer s.Close()
	ch, err := Open(config(s.URL, s.Client()))
	if err != nil {
		t.Fatal(err)
	}
	all := judgements(good, bare, stranger)
	var asked strings.Builder
	for _, j := range all {
		json.NewEncoder(&asked).Encode(j.proof)
	}
	theirs := strings.Fields(channeltest.Node(t, asked.String(), "jwt.js", s.URL+"/openid", appID))
	if len(theirs) != len(all) {
		t.Fatalf("Microsoft judged %d of %d calls", len(theirs), len(all))
	}
	for i, j := range all {
		p, err := ch.(*Channel).check(t.Context(), j.proof.Header)
		v, _ := loose.Parse([]byte(fmt.Sprintf(`{"serviceUrl":%q,"channelId":%q}`, j.proof.ServiceURL, j.proof.ChannelID)))
		ours := err == nil && p.good(v)
		switch {
		case err != nil && err != errToken:
			t.Errorf("%s: %v", j.name, err)
		case j.stricter != "" && (ours || theirs[i] != "yes"):
			t.Errorf("%s: we say %t and Microsoft %s, want that we alone refuse", j.name, ours, theirs[i])
		case j.stricter == "" && ours != (theirs[i] == "yes"):
			t.Errorf("%s: we say %t, Microsoft says %s", j.name, ours, theirs[i])
		}
	}
}
