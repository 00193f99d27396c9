/*
Package identifier is what articles, slots and types of articles are called by
the people who write them. Manual: «Идентификатор».
*/
package identifier

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"crafttalkd/actors/refusal"
)

const most = 100 // characters

// Tidy is an identifier as it is kept: composed, without blanks around it.
func Tidy(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }

// Key is what two identifiers share that are one: their letters whatever the
// case. The letters ё and е are two.
func Key(identifier string) string {
	return norm.NFC.String(cases.Fold().String(Tidy(identifier)))
}

// Check refuses what can't be an identifier.
func Check(identifier string) error {
	switch {
	case identifier == "":
		return refusal.Of("identifier", "the identifier is required")
	case utf8.RuneCountInString(identifier) > most:
		return refusal.Of("identifier", "an identifier is at most %d characters", most)
	}
	for _, r := range identifier {
		if !fits(r) {
			return refusal.Of("identifier", "an identifier has Latin and Russian letters, digits, _, - and . and not %q", r)
		}
	}
	return nil
}

func fits(r rune) bool {
	switch {
	case r >= '0' && r <= '9', r == '_', r == '-', r == '.':
		return true
	}
	return unicode.IsLetter(r) && (unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Cyrillic, r))
}
