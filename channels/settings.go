package channels

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"

	"crafttalkd/actors/refusal"
)

// Strict decodes what was entered about an account: one JSON value with no
// field too many. Nothing stands for an empty object.
func Strict(b []byte, into any) error {
	if len(b) == 0 {
		b = []byte("{}")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one value")
	}
	return nil
}

// CheckAddress refuses what is no address that can be called.
func CheckAddress(field, address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return refusal.Of(field, "an address that begins with https:// or http:// is needed")
	case u.User != nil || u.Fragment != "":
		return refusal.Of(field, "the address must not hold a password or a fragment")
	}
	return nil
}
