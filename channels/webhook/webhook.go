/*
Package webhook posts to others what is signed as Standard Webhooks has it.
*/
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
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

// Post posts a body, signed under an id. Errors do not tell the address, which
// may hold a secret.
func Post(ctx context.Context, client *http.Client, to string, signers []Signer, id string, at time.Time, body []byte) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return nil, plain(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "crafttalkd")
	Sign(r.Header, signers, id, at, body)
	answer, err := client.Do(r)
	return answer, plain(err)
}

// RetryAfter reads a Retry-After header: seconds or a date; 0 for none.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	const most = 24 * time.Hour
	text := h.Get("Retry-After")
	if n, err := strconv.ParseUint(text, 10, 32); err == nil {
		return min(time.Duration(n)*time.Second, most)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), most)
	}
	return 0
}

// BackOff is the pause after so many tries in vain: between half of a time that
// doubles up to an hour and all of it, and no less than the receiver asked for.
func BackOff(tries int, after time.Duration) time.Duration {
	const shortest, longest = 5 * time.Second, time.Hour
	most := min(shortest<<(min(max(tries, 1), 12)-1), longest)
	return max(most/2+rand.N(most/2), after)
}

// Told reads the end of an answer, so that its connection is used again, and
// reports whether the receiver took what was posted.
func Told(answer *http.Response) bool {
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, 16<<10))
	return answer.StatusCode/100 == 2
}

// plain is err without the address that was called.
func plain(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
