/*
Package webhook signs what is posted to others, as Standard Webhooks has it.
*/
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/refusal"
)

// A Signer holds one signing secret.
type Signer []byte

// NewSigners reads the signing secrets of an account: one, or two while one is
// replaced.
func NewSigners(secrets []string) ([]Signer, error) {
	if n := len(secrets); n < 1 || n > 2 {
		return nil, refusal.Of("secrets.signing", "one or two signing secrets are needed")
	}
	var out []Signer
	for _, secret := range secrets {
		text, ok := strings.CutPrefix(secret, "whsec_")
		key, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil || len(key) < 24 || len(key) > 64 {
			return nil, refusal.Of("secrets.signing", "a signing secret is whsec_ and 24 to 64 bytes in base64")
		}
		out = append(out, key)
	}
	return out, nil
}

// Sign sets the three headers of Standard Webhooks.
func Sign(h http.Header, signers []Signer, id string, at time.Time, body []byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(signers))
	for i, s := range signers {
		mac := hmac.New(sha256.New, s)
		mac.Write([]byte(id + "." + stamp + "."))
		mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	h.Set("Webhook-Id", id)
	h.Set("Webhook-Timestamp", stamp)
	h.Set("Webhook-Signature", strings.Join(signatures, " "))
}
