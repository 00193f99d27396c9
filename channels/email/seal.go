package email

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// A sealer makes the ids and tags by which our letters are known again. They
// are of the account's own secret: nobody else can make one, or read the address
// in it.
type sealer struct {
	key    []byte
	aead   cipher.AEAD
	domain string
}

func newSealer(secret, domain string) (*sealer, error) {
	key := sha256.Sum256([]byte(secret))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("seal ids of letters: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("seal ids of letters: %w", err)
	}
	return &sealer{key: key[:], aead: aead, domain: strings.ToLower(domain)}, nil
}

var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// longestSealed is how many bytes of an address an id carries: with it an id is
// short enough to be kept as the name of a message.
const longestSealed = 60

// id is the Message-ID, without angle brackets, of what is sent under a key to
// an address: the same on every try.
func (s *sealer) id(key, address string) string {
	if len(address) > longestSealed {
		address = ""
	}
	nonce := s.mac("nonce", key, address)[:s.aead.NonceSize()]
	return letters.EncodeToString(s.aead.Seal(nonce, nonce, []byte(address), nil)) + "@" + s.domain
}

// open tells whether an id is one of ours, and whom the letter went to. The
// address is empty if it was too long to be carried.
func (s *sealer) open(id string) (address string, ours bool) {
	local, domain, _ := strings.Cut(strings.ToLower(id), "@")
	b, err := letters.DecodeString(local)
	if err != nil || domain != s.domain || len(b) < s.aead.NonceSize() {
		return "", false
	}
	n := s.aead.NonceSize()
	plain, err := s.aead.Open(nil, b[:n], b[n:], nil)
	return string(plain), err == nil
}

// tag is by which a letter from an address is known, where ids are lost.
func (s *sealer) tag(address string) string {
	return "t-" + letters.EncodeToString(s.mac("tag", address)[:5])
}

// isTag tells whether a token is the tag of some address, and no invite's.
func isTag(token string) bool {
	return len(token) == 10 && strings.EqualFold(token[:2], "t-")
}

// loop is in the head of each letter of the account: one that comes back with it
// is our own.
func (s *sealer) loop() string { return letters.EncodeToString(s.mac("loop")[:10]) }

func (s *sealer) mac(parts ...string) []byte {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(strings.Join(parts, "\x00")))
	return m.Sum(nil)
}
