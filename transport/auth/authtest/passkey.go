package authtest

import (
	"crypto/ecdsa"
	"crypto/x509"

	"github.com/descope/virtualwebauthn"
)

// NewPasskey returns the key of an authenticator. The library writes the
// coordinates of a point without the zeros that they begin with, which happens to
// one key of 128 and is no point then; such keys are passed over.
func NewPasskey() virtualwebauthn.Credential {
	for {
		made := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		parsed, err := x509.ParsePKCS8PrivateKey(made.Key.Data)
		if err != nil {
			panic(err) // the library has just written it
		}
		point, err := parsed.(*ecdsa.PrivateKey).PublicKey.Bytes() // 4, X, Y
		if err != nil {
			panic(err) // the curve is one of the usual ones
		}
		if point[1] != 0 && point[33] != 0 {
			return made
		}
	}
}
