package auth

import (
	"crypto/subtle"
	"strings"
)

// keyPrefix tells what a key is to people and to programs that look for
// secrets in the wrong places.
const keyPrefix = "ctk_"

// NewAPIKey makes a key of a channel's account. The key is shown once; the
// hash is what is kept.
func NewAPIKey() (key, hash string) {
	key = keyPrefix + newSecret()
	return key, hashOf(key)
}

// CheckAPIKey reports whether the hash is the key's. An empty hash is nobody's.
func CheckAPIKey(key, hash string) bool {
	return strings.HasPrefix(key, keyPrefix) &&
		subtle.ConstantTimeCompare([]byte(hashOf(key)), []byte(hash)) == 1
}
