package customers

import (
	"slices"
	"strings"
	"unicode"
)

// How the fields of a profile are looked for. A field with another name is not.
var searched = map[string]func(string) []string{
	"name": wordsOf, "fname": wordsOf, "mname": wordsOf, "lname": wordsOf, "contract": wordsOf,
	"phone": phonesOf, "email": mailsOf,
}

// And the addresses, by their kind.
var searchedKinds = map[string]func(string) []string{"email": mailsOf, "phone": phonesOf, "sms": phonesOf, "whatsapp": phonesOf}

// words are those by which a customer is found, each once.
func (c *row) words() []string {
	var out []string
	for name, value := range c.Fields {
		if f := searched[name]; f != nil {
			out = append(out, f(value)...)
		}
	}
	for _, a := range c.Addresses {
		if f := searchedKinds[a.Kind]; f != nil {
			out = append(out, f(a.Address)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// fold makes one of what is told apart by nobody who looks for a name.
func fold(text string) string {
	return strings.ReplaceAll(strings.ToLower(text), "ё", "е")
}

// wordsOf are the words of a text, folded: letters and digits in a row.
func wordsOf(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) })
}

// phonesOf are the ways to begin a telephone number: as it is, and for a Russian
// one with 7, with 8, and without either.
func phonesOf(text string) []string {
	d := digits(text)
	switch {
	case d == "":
		return nil
	case len(d) == 11 && (d[0] == '7' || d[0] == '8'):
		return []string{"7" + d[1:], "8" + d[1:], d[1:]}
	}
	return []string{d}
}

// mailsOf are an e-mail address, whole and in words.
func mailsOf(text string) []string {
	whole := strings.TrimSpace(fold(text))
	return append(wordsOf(whole), whole)
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// wordsAsked are the words of a question. What is written like a telephone
// number is one word, however it is divided.
func wordsAsked(text string) []string {
	if strings.Trim(text, "0123456789 +-()./") == "" {
		if d := digits(text); d != "" {
			return []string{d}
		}
		return nil
	}
	var out []string
	for _, part := range strings.Fields(text) {
		if strings.Contains(part, "@") && strings.Trim(part, "@") != "" {
			out = append(out, fold(part))
		} else {
			out = append(out, wordsOf(part)...)
		}
	}
	return out
}
