package keys

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// idSize is the size of a master key's id, in bytes.
const idSize = 8

// A keyID names a master key without telling it.
type keyID [idSize]byte

// A Master is the key that everything else hangs on. It may remember older
// keys, to open what they sealed, and seals with the current one only.
type Master struct {
	id      keyID
	current *Sealer
	older   []*Sealer
	// root is what Derive starts from. It outlives a change of the key:
	// the ids of customers must not change with it.
	root     [KeySize]byte
	customer []byte // the derived key of CustomerID
}

// NewMaster returns a new random key.
func NewMaster() *Master {
	var key [KeySize]byte
	rand.Read(key[:])
	return newMaster(key, derive(key, "root"))
}

func newMaster(key, root [KeySize]byte, older ...*Sealer) *Master {
	m := &Master{id: idOf(key), current: newSealer(key), older: older, root: root}
	m.customer = m.Derive("customer id")
	return m
}

func idOf(key [KeySize]byte) keyID {
	full := derive(key, "id")
	return keyID(full[:idSize])
}

func derive(key [KeySize]byte, purpose string) [KeySize]byte {
	out, err := hkdf.Key(sha256.New, key[:], nil, "crafttalkd "+purpose, KeySize)
	if err != nil {
		panic(err) // the length is within HKDF's
	}
	return [KeySize]byte(out)
}

// ParseMaster reads a master key: 32 bytes as hex or base64. What Text writes
// may follow it: the root, if the key is not the first one, and older keys.
func ParseMaster(text string) (*Master, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, errors.New("the master key is empty")
	}
	key, err := parseKey(words[0])
	if err != nil {
		return nil, err
	}
	root := derive(key, "root")
	var older []*Sealer
	for _, word := range words[1:] {
		word, isRoot := strings.CutPrefix(word, "root:")
		k, err := parseKey(word)
		switch {
		case err != nil:
			return nil, err
		case isRoot:
			root = k
		default:
			older = append(older, newSealer(k))
		}
	}
	return newMaster(key, root, older...), nil
}

// parseKey reads 32 bytes. Its errors don't repeat what it was given.
func parseKey(word string) (key [KeySize]byte, err error) {
	var b []byte
	if len(word) == hex.EncodedLen(KeySize) {
		b, err = hex.DecodeString(word)
	} else {
		word = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(word, "="))
		b, err = base64.RawStdEncoding.DecodeString(word)
	}
	if err != nil || len(b) != KeySize {
		return key, fmt.Errorf("the master key is not %d bytes in hex or base64", KeySize)
	}
	return [KeySize]byte(b), nil
}

// Text writes the key so that ParseMaster reads it. It is as secret as the key.
func (m *Master) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%x\n", m.current.key)
	if m.root != derive(m.current.key, "root") {
		fmt.Fprintf(&b, "root:%x\n", m.root)
	}
	for _, s := range m.older {
		fmt.Fprintf(&b, "%x\n", s.key)
	}
	return b.String()
}

// Next returns a new key that still opens what m opens and derives what m
// derives. It is the first step of a change of the key; [Ring.Rewrap] is the
// second, and Alone the third.
func (m *Master) Next() *Master {
	var key [KeySize]byte
	rand.Read(key[:])
	return newMaster(key, m.root, append([]*Sealer{m.current}, m.older...)...)
}

// Alone returns m without the older keys. What they sealed is lost to it.
func (m *Master) Alone() *Master { return newMaster(m.current.key, m.root) }

// Seal seals a secret, such as a channel's token. The key's id goes with it.
func (m *Master) Seal(plain, aad []byte) []byte {
	return append(m.id[:len(m.id):len(m.id)], m.current.Seal(plain, aad)...)
}

// Open returns what Seal was given, by the current key or an older one.
func (m *Master) Open(sealed, aad []byte) ([]byte, error) {
	if len(sealed) < idSize {
		return nil, ErrUnreadable
	}
	s := m.sealer(keyID(sealed[:idSize]))
	if s == nil {
		return nil, fmt.Errorf("%w: it was sealed by another master key", ErrUnreadable)
	}
	return s.Open(sealed[idSize:], aad)
}

// sealer returns the sealer with the id, or nil.
func (m *Master) sealer(id keyID) *Sealer {
	if id == m.id {
		return m.current
	}
	for _, s := range m.older {
		if idOf(s.key) == id {
			return s
		}
	}
	return nil
}

// sealedBy reports whether the current key, and no older one, sealed it.
func (m *Master) sealedBy(sealed []byte) bool { return bytes.HasPrefix(sealed, m.id[:]) }

// Derive returns the key for a purpose: the same one always, and nothing that
// tells of the master key or of other purposes.
func (m *Master) Derive(purpose string) []byte {
	key := derive(m.root, "purpose "+purpose)
	return key[:]
}

// idText writes ids as small letters and digits: they go into names of streams.
var idText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// CustomerID returns the id of the customer that an address leads to by
// itself: 26 letters and digits that don't tell the address.
func (m *Master) CustomerID(account, address string) string {
	h := hmac.New(sha256.New, m.customer)
	h.Write([]byte(account))
	h.Write([]byte{0})
	h.Write([]byte(address))
	return idText.EncodeToString(h.Sum(nil)[:16])
}
