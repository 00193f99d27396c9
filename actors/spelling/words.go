package spelling

import (
	"strings"
	"unicode"
)

// Words are words that a house has of its own, beside those of the languages:
// names of products, of places, of people. They are right in any case, and are
// suggested as they were given. They are never changed.
type Words struct {
	graph  *graph
	folded map[string]bool
}

// NewWords returns a set of words of one's own.
func NewWords(words []string) *Words {
	w := &Words{folded: map[string]bool{}}
	var entries []Entry
	for _, word := range words {
		w.folded[Fold(word)] = true
		entries = append(entries, Entry{Word: word})
	}
	g, err := read(string(Build(entries)))
	if err != nil {
		panic(err) // we have written it
	}
	w.graph = g
	return w
}

// Fold returns what words have in common that differ by case, by the dots of ё
// and by the kind of apostrophe alone.
func Fold(word string) string {
	return strings.NewReplacer("ё", "е", "’", "'").Replace(strings.ToLower(word))
}

// A style is how a word is written as to its case.
type style int

const (
	small style = iota // слово
	title              // Слово
	large              // СЛОВО
	mixed              // слОво
)

func styleOf(word []rune) style {
	upper := 0
	for _, r := range word {
		if unicode.IsUpper(r) {
			upper++
		}
	}
	switch {
	case upper == 0:
		return small
	case upper == letters(word):
		return large
	case upper == 1 && unicode.IsUpper(word[0]):
		return title
	}
	return mixed
}

func letters(word []rune) (n int) {
	for _, r := range word {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// like writes a word that has no capitals of its own as another one is written.
func (s style) like(word string) string {
	letters := []rune(word)
	if s == title && styleOf(letters) == small {
		letters[0] = unicode.ToUpper(letters[0])
	}
	return string(letters)
}

// isLooked reports whether a word is one that is looked up at all: not a lone
// letter, an abbreviation in capitals, a number, an address, and nothing longer
// than words are.
func isLooked(word []rune) bool {
	if len(word) > longest || letters(word) < 2 || styleOf(word) == large {
		return false
	}
	for _, r := range word {
		if !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Cyrillic, r) && r != '-' && r != '\'' && !isSign(r) {
			return false
		}
	}
	return true
}

// isSign reports whether a key that is a sign in the Latin layout is a letter
// in the Russian one.
func isSign(r rune) bool {
	_, ok := toCyrillic[r]
	return ok && r != '\'' && !unicode.IsLetter(r)
}
