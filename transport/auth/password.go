package auth

import (
	_ "embed"
	"strings"
	"unicode/utf8"

	"crafttalkd/actors/refusal"
)

// The length of a password, in characters.
const (
	minPassword = 8
	maxPassword = 256
)

// common.txt holds passwords that guessers try first, a line each.
//
//go:embed common.txt
var common string

// ownWords are what people take from the product's own name.
var ownWords = [...]string{"crafttalkd", "crafttalk", "craft", "talk", "operator", "оператор", "admin", "админ", "password", "пароль"}

// checkPassword refuses what is easy to guess. There are no rules about kinds
// of characters: a long sentence is fine.
func checkPassword(login, password string, words []string) error {
	n := utf8.RuneCountInString(password)
	low := strings.ToLower(password)
	switch {
	case n < minPassword:
		return refusal.Of("password", "a password has at least %d characters", minPassword)
	case n > maxPassword:
		return refusal.Of("password", "a password has at most %d characters", maxPassword)
	case !utf8.ValidString(password):
		return refusal.Of("password", "a password is text")
	case strings.Contains("\n"+common, "\n"+low+"\n") || distinct(low) < 4:
		return refusal.Of("password", "this password is among the first that are tried")
	case utf8.RuneCountInString(rest(low, login, words)) < 5:
		return refusal.Of("password", "this password is made of the login or of names that everybody knows")
	}
	return nil
}

// rest is what remains of a password without the words that come to mind.
func rest(low, login string, words []string) string {
	for _, w := range append(append([]string{login}, words...), ownWords[:]...) {
		if utf8.RuneCountInString(w) >= 3 {
			low = strings.ReplaceAll(low, strings.ToLower(w), "")
		}
	}
	return low
}

// distinct counts the characters that differ.
func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}
