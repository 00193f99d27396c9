package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
)

// KeySize is the size of every key here, in bytes.
const KeySize = 32

// ErrUnreadable reports sealed bytes that were not sealed by this key, or for
// another place, or that have been changed since.
var ErrUnreadable = errors.New("the sealed bytes can't be read with this key")

// A Sealer seals and opens with one key. It may be used by many goroutines.
type Sealer struct {
	key    [KeySize]byte
	aead   cipher.AEAD
	before byte // how many keys of the subject were destroyed before this one
}

func newSealer(key [KeySize]byte) *Sealer {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the size is right
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // the block is AES
	}
	return &Sealer{key: key, aead: aead}
}

// Renewed reports whether the subject has had another key before, which was
// destroyed. What this key can't open was then sealed by that one.
func (s *Sealer) Renewed() bool { return s.before > 0 }

// Seal returns plain, sealed: a random nonce, the ciphertext, the tag. The
// place it is meant for, aad, is bound to it but not in it.
func (s *Sealer) Seal(plain, aad []byte) []byte {
	return s.AppendSeal(make([]byte, 0, len(plain)+s.aead.Overhead()), plain, aad)
}

// AppendSeal is Seal, appended to dst.
func (s *Sealer) AppendSeal(dst, plain, aad []byte) []byte {
	return s.aead.Seal(dst, nil, plain, aad)
}

// Open returns what Seal was given, or ErrUnreadable.
func (s *Sealer) Open(sealed, aad []byte) ([]byte, error) {
	plain, err := s.aead.Open(nil, nil, sealed, aad)
	if err != nil {
		return nil, ErrUnreadable
	}
	return plain, nil
}
