package letter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/charmap"
)

// aliases are names of charsets that senders use and nobody registered.
var aliases = map[string]string{
	"cp1251": "windows-1251", "win-1251": "windows-1251", "win1251": "windows-1251", "windows1251": "windows-1251",
	"x-cp1251": "windows-1251", "cp-1251": "windows-1251", "1251": "windows-1251", "windows-cp1251": "windows-1251",
	"koi8r": "koi8-r", "koi8": "koi8-r", "koi-8": "koi8-r", "x-koi8-r": "koi8-r", "koi8u": "koi8-u",
	"cp866": "ibm866", "cp-866": "ibm866", "866": "ibm866", "dos-866": "ibm866",
	"cp1252": "windows-1252", "latin1": "windows-1252", "cp1250": "windows-1250",
	"utf8": "utf-8", "utf": "utf-8", "unicode-1-1-utf-8": "utf-8", "ks_c_5601-1987": "euc-kr", "cp949": "euc-kr",
	"gb2312": "gbk", "cp936": "gbk", "x-gbk": "gbk", "cp932": "shift_jis",
}

// decode is b as text: by the charset that is named, or by what the bytes look
// like. The result is valid UTF-8 without zero bytes.
func decode(b []byte, name string) string {
	name, _, _ = strings.Cut(name, ";")
	name = strings.ToLower(strings.Trim(name, "\"' \t"))
	if a, ok := aliases[name]; ok {
		name = a
	}
	switch name {
	case "", "utf-8", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "default", "default_charset", "8bit", "binary":
		return guess(b)
	}
	e, _ := charset.Lookup(name)
	if e == nil {
		return guess(b)
	}
	s, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return guess(b)
	}
	return clean(string(s))
}

// guess is the text of bytes whose charset is not known: UTF-8 if they are that,
// otherwise one of the Russian ones, or Latin where the bytes above ASCII stand
// among Latin letters.
func guess(b []byte) string {
	if utf8.Valid(b) || nearlyUTF8(b) {
		return clean(string(b))
	}
	if amongLatin(b) {
		return by(charmap.Windows1252, b)
	}
	windows, koi := by(charmap.Windows1251, b), by(charmap.KOI8R, b)
	if lower(koi) > lower(windows) {
		return koi
	}
	return windows
}

// nearlyUTF8 tells whether b is UTF-8 that was cut or hurt in a few places.
func nearlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return good > 8*bad
}

// amongLatin tells whether most bytes above ASCII touch a Latin letter.
func amongLatin(b []byte) bool {
	high, touching := 0, 0
	latin := func(i int) bool {
		return i >= 0 && i < len(b) && b[i] < 0x80 && unicode.IsLetter(rune(b[i]))
	}
	for i, c := range b {
		if c >= 0x80 {
			high++
			if latin(i-1) || latin(i+1) {
				touching++
			}
		}
	}
	return touching*2 > high
}

func by(m *charmap.Charmap, b []byte) string {
	s, err := m.NewDecoder().Bytes(b)
	if err != nil {
		return clean(string(b))
	}
	return clean(string(s))
}

// lower counts the small Cyrillic letters of s: people write few capitals.
func lower(s string) (n int) {
	for _, r := range s {
		if r >= 'а' && r <= 'я' {
			n++
		}
	}
	return n
}

// clean is s as valid UTF-8 without zero bytes.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
}
