package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"crafttalkd/actors/refusal"
)

// largestBody is how much JSON one request may bring.
const largestBody = 1 << 20

// read reads the request's body into v, once it is as the description says:
// every field known, none of another type, nothing missing.
func (c *call) read(v any) error {
	if media, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); media != "application/json" {
		return as(http.StatusUnsupportedMediaType, "the body must be application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, largestBody))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return as(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", largestBody)
	}
	if err != nil {
		return as(http.StatusBadRequest, "the body broke off")
	}
	if !utf8.Valid(body) {
		return as(http.StatusBadRequest, "the body is not UTF-8")
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return as(http.StatusBadRequest, "the body is not JSON")
	}
	if err := c.route.shape.Validate(value); err != nil {
		return flaw(err)
	}
	if err := json.Unmarshal(body, v); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return refusal.Of(wrong.Field, "a %s does not fit here", wrong.Value)
		}
		return refusal.New(refusal.Invalid, "the body does not fit: %s", err)
	}
	return nil
}

// flaw names the first field that is not as described, and what is wrong.
func flaw(err error) error {
	e, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err
	}
	for len(e.Causes) > 0 {
		e = e.Causes[0]
	}
	at := func(more ...string) string { return strings.Join(append(e.InstanceLocation, more...), ".") }
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		return refusal.Of(at(k.Properties[0]), "there is no such field")
	case *kind.Required:
		return refusal.Of(at(k.Missing[0]), "the field is required")
	case *kind.Type:
		return refusal.Of(at(), "this is %s and must be %s", k.Got, strings.Join(k.Want, " or "))
	case *kind.Enum:
		return refusal.Of(at(), "this must be one of %v", k.Want)
	}
	return refusal.Of(at(), "the value is not one that fits")
}

// write answers with v.
func (c *call) write(status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("answer %s %s: %w", c.route.method, c.route.path, err)
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	c.w.Write(body) // who has gone does not wait for it
	return nil
}

// writeTagged answers with v under a tag made of it, or with 304 if the asker
// has it. Browsers may keep it for their user, and ask each time.
func (c *call) writeTagged(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("answer %s %s: %w", c.route.method, c.route.path, err)
	}
	tag := tagOf(body)
	h := c.w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Cookie, Authorization")
	if knows(c.r.Header.Get("If-None-Match"), tag) {
		c.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/json")
	c.w.WriteHeader(http.StatusOK)
	c.w.Write(body) // who has gone does not wait for it
	return nil
}

func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// knows reports whether a tag is among those that a header lists. A proxy that
// packs an answer makes its tag a weak one.
func knows(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

// list returns s as JSON wants it: an empty list, not null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
