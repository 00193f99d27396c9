package intent

import (
	"slices"
	"unicode/utf8"
)

// A lexicon is the words a model was taught, with how often each was met.
type lexicon struct {
	count    map[string]uint32
	alphabet []rune // of its words, sorted
}

func (l *lexicon) index() {
	seen := map[rune]bool{}
	for w := range l.count {
		for _, r := range w {
			if !seen[r] {
				seen[r] = true
				l.alphabet = append(l.alphabet, r)
			}
		}
	}
	slices.Sort(l.alphabet)
	if len(l.alphabet) > mostAlphabet {
		l.alphabet = nil // a script of signs, where one edit is another word
	}
}

// What is not worth repairing, and what would cost too much.
const (
	leastLetters = 4
	mostLetters  = 24
	mostAlphabet = 120
	leastMet     = 2 // a word that was met once may be a slip itself
)

// repair returns the words with each unknown one of four letters or more
// replaced by the most frequent known word that is one edit away, if any.
func (l *lexicon) repair(tokens []string) []string {
	var out []string
	for i, w := range tokens {
		if l.count[w] > 0 || w[0] == '<' {
			continue
		}
		if n := utf8.RuneCountInString(w); n < leastLetters || n > mostLetters || digits(w) {
			continue
		}
		if better := l.nearest(w); better != "" {
			if out == nil {
				out = slices.Clone(tokens)
			}
			out[i] = better
		}
	}
	if out == nil {
		return tokens
	}
	return out
}

// nearest tries every edit: leaving a letter out, swapping two, changing one,
// putting one in. Of words met as often the first in the alphabet is taken.
func (l *lexicon) nearest(word string) string {
	w := []rune(word)
	best, most := "", uint32(0)
	var buf []byte
	try := func(parts ...[]rune) {
		buf = buf[:0]
		for _, p := range parts {
			for _, r := range p {
				buf = utf8.AppendRune(buf, r)
			}
		}
		if n := l.count[string(buf)]; n < leastMet {
			return
		} else if n > most || n == most && string(buf) < best {
			best, most = string(buf), n
		}
	}
	one := make([]rune, 1)
	for i := 0; i <= len(w); i++ {
		if i > 0 && i < len(w) {
			try(w[:i], w[i+1:])
		}
		if i+1 < len(w) {
			one[0] = w[i]
			try(w[:i], w[i+1:i+2], one, w[i+2:])
		}
		if i == 0 {
			continue // the first letter is hardly ever the wrong one
		}
		for _, r := range l.alphabet {
			one[0] = r
			try(w[:i], one, w[i:])
			if i < len(w) {
				try(w[:i], one, w[i+1:])
			}
		}
	}
	return best
}
