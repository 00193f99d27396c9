package letter

import (
	"bytes"
	"encoding/hex"
	"regexp"
	"strings"
)

// word is an encoded word of RFC 2047, as senders write it: some leave blanks in
// it, some name a language.
var word = regexp.MustCompile(`=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=`)

// words is a value with its encoded words read. Bytes of neighbours of the same
// charset are put together first: some senders cut between the bytes of a letter.
func words(s string) string {
	var out strings.Builder
	var held []byte // bytes of words that are not read yet
	var name string // their charset
	flush := func() {
		out.WriteString(decode(held, name))
		held = nil
	}
	end, after := 0, false
	for _, m := range word.FindAllStringSubmatchIndex(s, -1) {
		between := s[end:m[0]]
		cs := strings.ToLower(s[m[2]:m[3]])
		if !after || strings.TrimSpace(between) != "" {
			flush()
			out.WriteString(guess([]byte(between)))
		} else if cs != name {
			flush()
		}
		held, name = append(held, unword(s[m[4]:m[5]], s[m[6]:m[7]])...), cs
		end, after = m[1], true
	}
	flush()
	out.WriteString(guess([]byte(s[end:])))
	return out.String()
}

// unword is the bytes of an encoded word.
func unword(encoding, text string) []byte {
	if strings.EqualFold(encoding, "b") {
		return unbase64([]byte(text))
	}
	return unquote([]byte(strings.ReplaceAll(text, "_", " ")))
}

// unbase64 reads base64 with junk in it and without its padding.
func unbase64(b []byte) []byte {
	out := make([]byte, 0, len(b)*3/4)
	var bits uint32
	n := 0
	for _, c := range b {
		v := sextet(c)
		if v < 0 {
			if c == '=' {
				out = rest(out, bits, n)
				bits, n = 0, 0
			}
			continue
		}
		bits, n = bits<<6|uint32(v), n+1
		if n == 4 {
			out = append(out, byte(bits>>16), byte(bits>>8), byte(bits))
			bits, n = 0, 0
		}
	}
	return rest(out, bits, n)
}

// rest adds the bytes of a group of less than four characters.
func rest(out []byte, bits uint32, n int) []byte {
	switch n {
	case 2:
		return append(out, byte(bits>>4))
	case 3:
		return append(out, byte(bits>>10), byte(bits>>2))
	}
	return out
}

func sextet(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+' || c == '-':
		return 62
	case c == '/' || c == '_':
		return 63
	}
	return -1
}

// unquote reads quoted-printable. An equals sign that begins nothing stands for
// itself.
func unquote(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '=' {
			out = append(out, b[i])
			continue
		}
		if n := softBreak(b[i+1:]); n > 0 {
			i += n
			continue
		}
		var c [1]byte
		if i+2 < len(b) {
			if _, err := hex.Decode(c[:], bytes.ToLower(b[i+1:i+3])); err == nil {
				out = append(out, c[0])
				i += 2
				continue
			}
		}
		out = append(out, '=')
	}
	return out
}

// softBreak is the length of the line's end that follows an equals sign, with
// the blanks before it; 0 if it is no end.
func softBreak(b []byte) int {
	n := 0
	for n < len(b) && (b[n] == ' ' || b[n] == '\t') {
		n++
	}
	if n < len(b) && b[n] == '\r' {
		n++
	}
	if n < len(b) && b[n] == '\n' {
		return n + 1
	}
	return 0
}
