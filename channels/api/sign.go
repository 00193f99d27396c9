package api

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

// A signer holds one signing secret.
type signer []byte

func newSigner(secret string) (signer, error) {
	text, ok := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		return nil, refusal.Of("secrets.signing", "a signing secret is whsec_ and 24 to 64 bytes in base64")
	}
	return key, nil
}

// sign sets the three headers of Standard Webhooks.
func sign(h http.Header, signers []signer, id string, at time.Time, body []byte) {
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
