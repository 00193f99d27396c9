/*
Package lexis cuts texts into words, and says which of them are the same.

Words are compared in lower case, without accents, with е for ё, and by their
stems: Russian ones for words with a Cyrillic letter, English ones for Latin
words. What a text says is shown in pieces, with the words that were looked for
told apart.
*/
package lexis

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/russian"
	"golang.org/x/text/unicode/norm"
)

// longestWord is how many characters of a word count.
const longestWord = 64

// A Word is one word of a text.
type Word struct {
	Fold       string // as it is compared letter by letter
	Stem       string // as it is compared by meaning
	Start, End int    // in the text it is of, in bytes
}

// Of cuts a text into its words, with their stems.
func Of(text string) []Word {
	out := Cut(text)
	for i := range out {
		out[i].Stem = Stem(out[i].Fold)
	}
	return out
}

// Cut cuts a text into its words, without their stems: letters and digits in a row, with the
// marks that belong to them.
func Cut(text string) []Word {
	var out []Word
	start := -1
	cut := func(end int) {
		if start < 0 {
			return
		}
		if f := FirstRunes(Fold(text[start:end]), longestWord); f != "" {
			out = append(out, Word{Fold: f, Start: start, End: end})
		}
		start = -1
	}
	for i, r := range text {
		switch {
		case !inWord(r):
			cut(i)
		case start < 0:
			start = i
		}
	}
	cut(len(text))
	return out
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

// Fold makes one of what nobody who looks for a text tells apart: capitals and
// small letters, ё and е, letters with and without a stress.
func Fold(text string) string {
	for _, r := range text {
		if (r >= utf8.RuneSelf || 'A' <= r && r <= 'Z') && !(r >= 'а' && r <= 'я') {
			return strings.Map(foldRune, strings.ToLower(norm.NFKC.String(text)))
		}
	}
	return text
}

func foldRune(r rune) rune {
	switch {
	case r == 'ё':
		return 'е'
	case unicode.Is(unicode.Mn, r):
		return -1
	}
	return r
}

// FirstRunes returns the first n characters of a text.
func FirstRunes(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// Stem returns what the forms of a folded word have in common.
func Stem(fold string) string {
	latin := true
	for _, r := range fold {
		if r >= 'а' && r <= 'я' {
			return russianStem(fold)
		}
		latin = latin && 'a' <= r && r <= 'z'
	}
	if !latin {
		return fold
	}
	env := snowballstem.NewEnv(fold)
	english.Stem(env)
	return env.Current()
}

// russianStem takes endings away as long as there are some: of лимиты remains
// лимит, which by itself looks like a verb and would be лим.
func russianStem(fold string) string {
	for {
		env := snowballstem.NewEnv(fold)
		russian.Stem(env)
		next := env.Current()
		if next == fold || utf8.RuneCountInString(next) < shortestStem {
			return fold
		}
		fold = next
	}
}

// shortestStem is how many letters are left of a word at least.
const shortestStem = 3

// IsStop reports whether a folded word says nothing of what is looked for.
func IsStop(fold string) bool {
	_, ok := stops[fold]
	return ok
}

// stops are such words.
var stops = setOf(`
	а без бы был была были было быть в вам вас весь во вот все всё вы для до его ее если есть еще же за и из или им их к
	как ко когда кто ли либо меня мне можно мой моя мы на над надо нам нас не него нее нет ни но ну о об он она они от по под при
	с со так также то тоже только у уж уже чего чем что чтобы эта эти это этот я
	a about an and any are as at be been but by can could d did do does for from had has have how i if in into is it
	its ll m me my not of on or our please re s so t that the their them then there these they this to ve was we were
	what when where which who why will with would you your`)

func setOf(words string) map[string]struct{} {
	out := map[string]struct{}{}
	for _, w := range strings.Fields(words) {
		out[Fold(w)] = struct{}{}
	}
	return out
}
