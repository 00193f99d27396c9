/*
Package hook answers the calls of providers: the body is read with a bound and
as it is, since signatures are over its bytes, and what became of it is told by
the status alone.
*/
package hook

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"net/http"

	"crafttalkd/actors/refusal"
)

// Longest is the usual bound of a body.
const Longest = 1 << 20

// Body reads the body of a call, which is a POST. If it can't, it has answered.
func Body(w http.ResponseWriter, r *http.Request, most int64) (body []byte, ok bool) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST is meant", http.StatusMethodNotAllowed)
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err == nil {
		return body, true
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
		return nil, false
	}
	http.Error(w, "the body broke off", http.StatusBadRequest)
	return nil, false
}

// Answer tells the provider what became of a call: done, or to be made again,
// or never. Done writes the good answer; nil for an empty one.
func Answer(w http.ResponseWriter, err error, done func()) {
	switch k := refusal.KindOf(err); {
	case err == nil && done != nil:
		done()
	case err == nil:
		w.WriteHeader(http.StatusOK)
	case k == refusal.Denied, k == refusal.NotFound:
		http.Error(w, "the channel is switched off", http.StatusForbidden)
	case k == refusal.Invalid:
		http.Error(w, "the body makes no sense", http.StatusBadRequest)
	default:
		w.Header().Set("Retry-After", "5")
		http.Error(w, "not now", http.StatusServiceUnavailable)
	}
}

// Same compares a secret that came with ours, in constant time. An empty secret
// is nobody's.
func Same(came, ours string) bool {
	a, b := sha256.Sum256([]byte(came)), sha256.Sum256([]byte(ours))
	return ours != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// Signed tells whether signature is the HMAC-SHA256 of the body, in hexadecimal.
func Signed(body []byte, signature, key string) bool {
	got, err := hex.DecodeString(signature)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return err == nil && key != "" && hmac.Equal(got, mac.Sum(nil))
}
