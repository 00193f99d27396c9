package lexis

// A Piece is a part of a text that is shown: one that was looked for, or what is
// between.
type Piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}

// A Marker finds in a text the words that were looked for.
type Marker struct {
	Words int            // how many there are
	Meant func(Word) int // which of them a word of a text is, or -1
}

// Count returns how many of the words a text has.
func (m Marker) Count(text string) (n int) {
	found := make([]bool, m.Words)
	for _, w := range Of(text) {
		if i := m.Meant(w); i >= 0 && !found[i] {
			found[i] = true
			n++
		}
	}
	return n
}

// Mark cuts a text into pieces.
func (m Marker) Mark(text string) []Piece {
	return m.pieces(text, Of(text), 0, len(text))
}

// pieces cuts a part of a text into pieces.
func (m Marker) pieces(text string, words []Word, from, to int) (out []Piece) {
	at := from
	for _, w := range words {
		if w.Start < from || w.End > to || m.Meant(w) < 0 {
			continue
		}
		if at < w.Start {
			out = append(out, Piece{Text: text[at:w.Start]})
		}
		out = append(out, Piece{Text: text[w.Start:w.End], Hit: true})
		at = w.End
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

// Snippet cuts the part of a text into pieces that has most of the words.
func (m Marker) Snippet(text string) []Piece {
	words := Of(text)
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
func (m Marker) window(words []Word) (from, to int) {
	meant := make([]int, len(words))
	for i, w := range words {
		meant[i] = m.Meant(w)
	}
	best, most := 0, 0
	for i, which := range meant {
		if which < 0 {
			continue
		}
		met, n := make([]bool, m.Words), 0
		for j := i; j < len(words) && words[j].End-words[i].Start <= longestSnippet-leadIn; j++ {
			if meant[j] >= 0 && !met[meant[j]] {
				met[meant[j]] = true
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	for at := words[best].Start; best > 0 && at-words[best-1].Start <= leadIn; {
		best--
	}
	from, to = words[best].Start, words[best].End
	for _, w := range words[best:] {
		if w.End-from > longestSnippet {
			break
		}
		to = w.End
	}
	return from, to
}
