package visitor

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/gorilla/websocket"
	"github.com/julienschmidt/httprouter"
)

// A token is 24 random bytes and 16 bytes of our signature over them. The
// visitor's address is a hash of the random part, so it tells nobody the token.
const (
	randomLen = 24
	macLen    = 16
)

// encoding gives a token exactly one form.
var encoding = base64.RawURLEncoding.Strict()

// token makes a new visitor.
func (l *Lobby) token() string {
	b := make([]byte, randomLen, randomLen+macLen)
	rand.Read(b)
	return encoding.EncodeToString(append(b, l.sign(b)...))
}

// address returns the address that a token stands for; ok is false for a token
// that we have not made.
func (l *Lobby) address(token string) (address string, ok bool) {
	b, err := encoding.DecodeString(token)
	if err != nil || len(b) != randomLen+macLen || !hmac.Equal(b[randomLen:], l.sign(b[:randomLen])) {
		return "", false
	}
	sum := sha256.Sum256(b[:randomLen])
	return "v" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:15])), true
}

func (l *Lobby) sign(b []byte) []byte {
	m := hmac.New(sha256.New, l.config.Secret)
	m.Write(b)
	return m.Sum(nil)[:macLen]
}

// inProtocol marks the token among the subprotocols of a browser's handshake,
// which can't set headers.
const inProtocol = "token."

func tokenOf(r *http.Request) string {
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return t
	}
	for _, p := range websocket.Subprotocols(r) {
		if t, ok := strings.CutPrefix(p, inProtocol); ok {
			return t
		}
	}
	return ""
}

func accountOf(r *http.Request) string {
	return httprouter.ParamsFromContext(r.Context()).ByName("account")
}
