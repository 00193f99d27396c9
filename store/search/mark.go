package search

import (
	"strings"
)

// A Piece is a part of a text that is shown: one that was looked for, or what is
// between.
type Piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}

// A marker finds in a text the words that were looked for.
type marker struct {
	words   []wish
	similar bool // also those that are similar
	begins  bool // also those that begin with a word
}

// meant returns which of the words a word of a text is, or -1.
func (m marker) meant(w word) int {
	for i, s := range m.words {
		if s.stem == w.stem || m.begins && strings.HasPrefix(w.fold, s.fold) || m.similar && s.like(w) {
			return i
		}
	}
	return -1
}

// count returns how many of the words a text has.
func (m marker) count(text string) (n int) {
	found := make([]bool, len(m.words))
	for _, w := range wordsOf(text) {
		if i := m.meant(w); i >= 0 && !found[i] {
			found[i] = true
			n++
		}
	}
	return n
}

// mark cuts a text into pieces.
func (m marker) mark(text string) []Piece {
	return m.pieces(text, wordsOf(text), 0, len(text))
}

// pieces cuts a part of a text into pieces.
func (m marker) pieces(text string, words []word, from, to int) (out []Piece) {
	at := from
	for _, w := range words {
		if w.start < from || w.end > to || m.meant(w) < 0 {
			continue
		}
		if at < w.start {
			out = append(out, Piece{Text: text[at:w.start]})
		}
		out = append(out, Piece{Text: text[w.start:w.end], Hit: true})
		at = w.end
	}
	if at < to {
		out = append(out, Piece{Text: text[at:to]})
	}
	return out
}

// How many bytes of a text are shown, about, and how many of them before the
// first word that was looked for.
const (
	longestSnippet = 320
	leadIn         = 60
)

// snippet cuts the part of a text into pieces that has most of the words.
func (m marker) snippet(text string) []Piece {
	words := wordsOf(text)
	if len(text) <= longestSnippet || len(words) == 0 {
		return m.pieces(text, words, 0, len(text))
	}
	from, to := m.window(words)
	out := m.pieces(text, words, from, to)
	if from > 0 {
		out = append([]Piece{{Text: "… "}}, out...)
	}
	if to < len(text) {
		out = append(out, Piece{Text: " …"})
	}
	return out
}

// window returns where in the text the part begins and ends: at borders of words.
func (m marker) window(words []word) (from, to int) {
	meant := make([]int, len(words))
	for i, w := range words {
		meant[i] = m.meant(w)
	}
	best, most := 0, 0
	for i, which := range meant {
		if which < 0 {
			continue
		}
		met, n := make([]bool, len(m.words)), 0
		for j := i; j < len(words) && words[j].end-words[i].start <= longestSnippet-leadIn; j++ {
			if meant[j] >= 0 && !met[meant[j]] {
				met[meant[j]] = true
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	for at := words[best].start; best > 0 && at-words[best-1].start <= leadIn; {
		best--
	}
	from, to = words[best].start, words[best].end
	for _, w := range words[best:] {
		if w.end-from > longestSnippet {
			break
		}
		to = w.end
	}
	return from, to
}
