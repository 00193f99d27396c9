package letter

import (
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"
	"time"
)

// Bounds of a head: what is beyond is not read.
const (
	longestHead = 256 << 10
	mostFields  = 1000
	// longestField is after how many bytes a field is not continued.
	longestField = 16 << 10
)

// A Head is the fields above a mail or a part of one, as they were written, with
// their lines joined.
type Head struct{ fields []field }

type field struct{ name, value string }

// All returns the values of a field, from the top.
func (h Head) All(name string) (out []string) {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			out = append(out, f.value)
		}
	}
	return out
}

// Get returns the first value of a field as it was written.
func (h Head) Get(name string) string {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}

// Has tells whether there is such a field.
func (h Head) Has(name string) bool { return len(h.All(name)) > 0 }

// Text returns the first value of a field as people read it, on one line.
func (h Head) Text(name string) string { return line(words(h.Get(name))) }

// Addresses returns the addresses in the fields of that name.
func (h Head) Addresses(name string) (out []mail.Address) {
	for _, v := range h.All(name) {
		out = append(out, addresses(v)...)
	}
	return out
}

// Date returns what the Date field says, or the zero time.
func (h Head) Date() time.Time {
	t, err := mail.ParseDate(strings.TrimSpace(h.Get("Date")))
	if err != nil {
		return time.Time{}
	}
	return t
}

// written is an id of a mail where it is written in a field, maybe among words.
var written = regexp.MustCompile(`<([^<>@\s]+@[^<>\s]+)>`)

// IDs returns the ids of mails that the fields of that name hold, without the
// angle brackets.
func (h Head) IDs(name string) (out []string) {
	for _, v := range h.All(name) {
		for _, m := range written.FindAllStringSubmatch(v, -1) {
			out = append(out, clean(m[1]))
		}
	}
	return out
}

// ID returns the mail's own id, without the angle brackets; empty if it has none.
func (h Head) ID() string {
	return clean(strings.Trim(strings.TrimSpace(h.Get("Message-ID")), "<> \t"))
}

// add takes one line of a head. Lines that are no field are left out: some
// gateways leave such behind.
func (h *Head) add(l string) {
	if (l[0] == ' ' || l[0] == '\t') && len(h.fields) > 0 {
		f := &h.fields[len(h.fields)-1]
		if len(f.value) > longestField {
			return
		}
		f.value += " " + strings.TrimSpace(l)
		return
	}
	name, value, ok := strings.Cut(l, ":")
	name = strings.TrimRight(name, " \t")
	if !ok || name == "" || strings.ContainsAny(name, " \t") || len(h.fields) == mostFields {
		return
	}
	h.fields = append(h.fields, field{textproto.TrimString(name), strings.TrimSpace(value)})
}

// address is an address between angle brackets, or alone.
var (
	bracketed = regexp.MustCompile(`<\s*([^<>\s]+@[^<>\s]+?)\s*>`)
	bare      = regexp.MustCompile(`[^\s<>"(),;:\\]+@[^\s<>"(),;:\\]+`)
)

// addresses reads a list of addresses. What is none is left out.
func addresses(s string) (out []mail.Address) {
	for _, one := range separate(s) {
		if at := bracketed.FindStringSubmatchIndex(one); at != nil {
			out = append(out, mail.Address{Name: personal(one[:at[0]]), Address: clean(one[at[2]:at[3]])})
		} else if a := bare.FindString(one); a != "" {
			out = append(out, mail.Address{Address: clean(a)})
		}
	}
	return out
}

// separate parts a list at commas and semicolons that are not inside quotes.
func separate(s string) (out []string) {
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case (c == ',' || c == ';') && !quoted:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

// personal is the name of a person without its quotes. Encoded words inside of
// quotes are forbidden and common, so they are read all the same.
func personal(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = unescape(s[1 : len(s)-1])
	}
	return strings.Trim(line(words(s)), `"' `)
}

// unescape is s without the backslashes of a quoted string.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// line is s on one line, without what turns the direction of writing.
func line(s string) string {
	return strings.Join(strings.Fields(strings.Map(visible, s)), " ")
}

// visible drops control characters and overrides of direction.
func visible(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return ' '
	case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return -1
	}
	return r
}
