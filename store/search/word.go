package search

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

// A word is one word of a text.
type word struct {
	fold       string // as it is compared letter by letter
	stem       string // as it is compared by meaning
	start, end int    // in the text it is of, in bytes
}

// wordsOf cuts a text into its words, with their stems.
func wordsOf(text string) []word {
	out := cutWords(text)
	for i := range out {
		out[i].stem = stem(out[i].fold)
	}
	return out
}

// cutWords cuts a text into its words: letters and digits in a row, with the
// marks that belong to them.
func cutWords(text string) []word {
	var out []word
	start := -1
	cut := func(end int) {
		if start < 0 {
			return
		}
		if f := firstRunes(fold(text[start:end]), longestWord); f != "" {
			out = append(out, word{fold: f, start: start, end: end})
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

// fold makes one of what nobody who looks for a text tells apart: capitals and
// small letters, ё and е, letters with and without a stress.
func fold(text string) string {
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

// firstRunes returns the first n characters of a text.
func firstRunes(text string, n int) string {
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

// stem returns what the forms of a folded word have in common.
func stem(fold string) string {
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

// isStop reports whether a folded word says nothing of what is looked for.
func isStop(fold string) bool {
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
		out[fold(w)] = struct{}{}
	}
	return out
}

// distance returns how many letters must be changed, added, taken away or
// swapped with the next to make b of a, or more than most if it is more.
func distance(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > most || len(y)-len(x) > most {
		return most + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

// within reports whether the distance of two words is no more than most. Of most
// words their beginnings and ends tell.
func within(a, b string, most int) bool {
	a, b = apart(a, b)
	switch {
	case a == b:
		return true
	case most == 0:
		return false
	case most == 1 && max(len(a), len(b)) > 2*utf8.UTFMax:
		return false // what one typo leaves apart are two characters, which were swapped
	}
	return distance(a, b, most) <= most
}

// apart takes from two words the beginning and the end that they share.
func apart(a, b string) (string, string) {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && !utf8.RuneStart(a[n]) || n < len(b) && !utf8.RuneStart(b[n])) {
		n--
	}
	a, b = a[n:], b[n:]
	n = 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	for n > 0 && !utf8.RuneStart(a[len(a)-n]) {
		n--
	}
	return a[:len(a)-n], b[:len(b)-n]
}
