package spelling

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
)

//go:generate npm ci --prefix gen --ignore-scripts --no-audit --no-fund
//go:generate go run ./gen

//go:embed ru.words
var russian string

//go:embed en.words
var english string

// Most is how many suggestions there are at most.
const Most = 5

// A Speller knows the words of Russian and of English. It is never changed.
type Speller struct{ russian, english *graph }

// New returns the speller.
func New() *Speller {
	return &Speller{open(russian), open(english)}
}

func open(words string) *graph {
	g, err := read(words)
	if err != nil {
		panic(err) // it is part of the program
	}
	return g
}

// A Verdict says whether a word is right and, if not, what it may have been to
// be, the likeliest first.
type Verdict struct {
	Known       bool
	Suggestions []string
}

// Check looks a word up that is part of a text in a language (a BCP 47 tag, or
// empty where it is not known). Words of one's own are right too. What is no
// word, and what belongs to a language that is not known here, is right.
func (s *Speller) Check(word, language string, own ...*Words) Verdict {
	c := check{s, own, language}
	letters := lettersOf(word)
	if c.passes(letters) {
		return Verdict{Known: true}
	}
	return Verdict{Suggestions: c.suggest(letters)}
}

// Knows is [Speller.Check] of a word by itself for whoever wants no
// suggestions, which are what takes time.
func (s *Speller) Knows(word string) bool { return check{Speller: s}.passes(lettersOf(word)) }

func lettersOf(word string) []rune { return []rune(strings.ReplaceAll(word, "’", "'")) }

// A check is one question to a speller.
type check struct {
	*Speller
	own      []*Words
	language string
}

// passes reports whether there is nothing to say against a word.
func (c check) passes(word []rune) bool { return !c.speaks() || !isLooked(word) || c.known(word) }

// speaks reports whether the language of the text is one of ours.
func (c check) speaks() bool {
	language, _, _ := strings.Cut(strings.ToLower(c.language), "-")
	return language == "" || language == "ru" || language == "en"
}

// known reports whether a word passes.
func (c check) known(word []rune) bool {
	switch {
	case c.isOwn(string(word)):
		return true
	case slices.ContainsFunc(word, isSign):
		return !c.isShifted(word)
	case isCyrillic(word):
		return c.right(c.russian, word)
	case isLatin(word):
		return c.right(c.english, word) || c.isName(word)
	}
	return false
}

// isName reports whether a word in Latin letters is a name in a Russian text.
func (c check) isName(word []rune) bool {
	return strings.HasPrefix(strings.ToLower(c.language), "ru") && styleOf(word) != small && !c.isShifted(word)
}

// isShifted reports whether a word was typed in the other layout.
func (c check) isShifted(word []rune) bool {
	other, ok := otherLayout(word)
	if !ok || letters(other) < 2 {
		return false
	}
	return c.isWord(other)
}

func (c check) isOwn(word string) bool {
	if len(c.own) == 0 {
		return false
	}
	folded := Fold(word)
	return slices.ContainsFunc(c.own, func(w *Words) bool { return w.folded[folded] })
}

// isWord reports whether a word is in the graph of its script.
func (c check) isWord(word []rune) bool {
	return isCyrillic(word) && in(c.russian, word) || isLatin(word) && in(c.english, word) || c.isOwn(string(word))
}

// right reports whether a word is right in a language: it is there, or all
// that hyphens divide is, or it has a letter that the language has not.
func (c check) right(g *graph, word []rune) bool {
	if in(g, word) || c.isForeign(g, word) {
		return true
	}
	parts := strings.Split(string(word), "-")
	return len(parts) > 1 && !slices.ContainsFunc(parts, func(p string) bool {
		part := []rune(p)
		return isLooked(part) && !in(g, part) && !c.isOwn(p)
	})
}

func (c check) isForeign(g *graph, word []rune) bool {
	return slices.ContainsFunc(word, func(r rune) bool {
		_, ok := g.number[unicode.ToLower(r)]
		return !ok && unicode.IsLetter(r)
	})
}

// in reports whether a word is in a graph as it is written. A word without
// capitals of its own may begin with one.
func in(g *graph, word []rune) bool {
	if there, _ := g.has(word); there {
		return true
	}
	if styleOf(word) != title {
		return false
	}
	there, _ := g.has(lower(word))
	return there
}

func lower(word []rune) []rune { return []rune(strings.ToLower(string(word))) }
