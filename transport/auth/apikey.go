package auth

import (
	"crypto/subtle"
	"strings"
)

// KeyPrefix tells what a key is to people and to programs that look for
// secrets in the wrong places.
const KeyPrefix = "ctk_"

// NewAPIKey makes a key of a program or of a channel's account. The key is shown once; the
// hash is what is kept.
func NewAPIKey() (key, hash string) {
	key = KeyPrefix + newSecret()
	return key, hashOf(key)
}

// CheckAPIKey reports whether the hash is the key's. An empty hash is nobody's.
func CheckAPIKey(key, hash string) bool {
	return strings.HasPrefix(key, KeyPrefix) &&
		subtle.ConstantTimeCompare([]byte(hashOf(key)), []byte(hash)) == 1
}
