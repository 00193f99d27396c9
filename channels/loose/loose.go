/*
Package loose reads the JSON of providers, who change it without telling: what
is missing or of another type reads as nothing, and all the rest is still there.
Numbers keep every digit.
*/
package loose

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A Value is any JSON value, or none.
type Value struct{ is any }

// Parse reads one JSON value.
func Parse(b []byte) (Value, error) {
	var v Value
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v.is); err != nil {
		return Value{}, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Value{}, errors.New("more than one value")
	}
	return v, nil
}

// At goes down the names of objects.
func (v Value) At(names ...string) Value {
	for _, name := range names {
		o, _ := v.is.(map[string]any)
		v = Value{o[name]}
	}
	return v
}

// List is the elements of a list.
func (v Value) List() []Value {
	all, _ := v.is.([]any)
	out := make([]Value, len(all))
	for i, e := range all {
		out[i] = Value{e}
	}
	return out
}

// First is the first element of a list, or none.
func (v Value) First() Value {
	all, _ := v.is.([]any)
	if len(all) == 0 {
		return Value{}
	}
	return Value{all[0]}
}

// Given tells whether there is anything but null.
func (v Value) Given() bool { return v.is != nil }

// IsObject tells whether the value is an object.
func (v Value) IsObject() bool { _, ok := v.is.(map[string]any); return ok }

// Text is a string, or a number as it is written: without what can't be kept,
// which is bytes that are no UTF-8 and zeros.
func (v Value) Text() string {
	switch t := v.is.(type) {
	case string:
		return Clean(t)
	case json.Number:
		return t.String()
	}
	return ""
}

// Int is a whole number, or a string that holds one.
func (v Value) Int() int64 {
	n, err := strconv.ParseInt(v.Text(), 10, 64)
	if err != nil {
		return int64(v.Float())
	}
	return n
}

// Float is a number, or a string that holds one.
func (v Value) Float() float64 {
	n, err := strconv.ParseFloat(v.Text(), 64)
	if err != nil {
		return 0
	}
	return n
}

// Bool is true, 1 or a string that says so.
func (v Value) Bool() bool {
	b, ok := v.is.(bool)
	return ok && b || !ok && (v.Text() == "1" || v.Text() == "true")
}

// Names are those of an object.
func (v Value) Names() []string {
	o, _ := v.is.(map[string]any)
	out := make([]string, 0, len(o))
	for name := range o {
		out = append(out, name)
	}
	return out
}

// Any is the value as package json decodes it.
func (v Value) Any() any { return v.is }

// Raw is the value as JSON.
func (v Value) Raw() []byte {
	b, _ := json.Marshal(v.is) // it came from JSON
	return b
}

// Name is a text as short as a name may be that is kept: 200 bytes. A longer one
// ends in its fingerprint, so that two names never become one.
func (v Value) Name() string {
	s := v.Text()
	if len(s) <= longestName {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return Clip(s, longestName-33) + "#" + hex.EncodeToString(sum[:16])
}

const longestName = 200

// Seconds is a time in seconds since 1970; zero if there is none.
func (v Value) Seconds() time.Time { return v.moment(time.Unix(v.Int(), 0)) }

// Millis is a time in milliseconds since 1970; zero if there is none.
func (v Value) Millis() time.Time { return v.moment(time.UnixMilli(v.Int())) }

func (v Value) moment(t time.Time) time.Time {
	if v.Int() <= 0 {
		return time.Time{}
	}
	return t
}

// Fingerprint stands for a name that a provider has not given.
func (v Value) Fingerprint() string {
	sum := sha256.Sum256(v.Raw())
	return "hash:" + hex.EncodeToString(sum[:16])
}

// Clean is s without zeros and bytes that are no UTF-8.
func Clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "")
	}
	return strings.ReplaceAll(s, "\x00", "")
}

// Clip is at most n bytes of s, whole characters.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
