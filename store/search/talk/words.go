package talk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blugelabs/bluge"

	"crafttalkd/actors/refusal"
	"crafttalkd/store/search/lexis"
)

// Bounds of what may be asked.
const (
	longestText = 500 // characters
	mostWords   = 16
)

// Words are what somebody looks for: words in any order and form, "phrases" as
// they are written, and -words that must not have been said. They are found
// anywhere in a conversation, each word maybe in another message.
type Words struct {
	all, none []want
}

// None reports whether nothing is looked for, which everything has.
func (w Words) None() bool { return len(w.all) == 0 && len(w.none) == 0 }

// A want is a word by its stem, or words in a row by their forms.
type want struct {
	stem    string
	forms   []string
	digests []string // of the stem, or of the forms
}

// Parse reads what somebody typed. What is no word says nothing.
func Parse(text string) (Words, error) {
	if utf8.RuneCountInString(text) > longestText {
		return Words{}, refusal.Of("text", "at most %d characters are looked for", longestText)
	}
	var out Words
	n := 0
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		not := strings.HasPrefix(text, "-") || strings.HasPrefix(text, "−")
		text = strings.TrimLeft(text, "-−")
		var part string
		var quoted bool
		part, text, quoted = next(text)
		wants := wantsOf(part, quoted, not)
		for _, w := range wants {
			n += max(1, len(w.forms))
		}
		if not {
			out.none = append(out.none, wants...)
		} else {
			out.all = append(out.all, wants...)
		}
	}
	if n > mostWords {
		return Words{}, refusal.Of("text", "at most %d words are looked for", mostWords)
	}
	return out, nil
}

// quotes are what a phrase stands between.
var quotes = map[rune]string{'"': `"`, '«': "»", '“': "”", '„': "“"}

// next cuts the first word or phrase off. A phrase that does not end goes to the
// end.
func next(text string) (part, rest string, quoted bool) {
	first, size := utf8.DecodeRuneInString(text)
	if end := quotes[first]; end != "" {
		part, rest, _ = strings.Cut(text[size:], end)
		return part, rest, true
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || quotes[r] != "" }); i >= 0 {
		return text[:i], text[i:], false
	}
	return text, "", false
}

// wantsOf are what a part of a question wants: each word, or all of them in a
// row. What must not be there is one thing, such as an address.
func wantsOf(part string, quoted, not bool) (out []want) {
	words := lexis.Of(part)
	if len(words) > 0 && (quoted || not && len(words) > 1) {
		return []want{phrase(words)}
	}
	for _, w := range words {
		out = append(out, want{stem: w.Stem})
	}
	return out
}

func phrase(words []lexis.Word) (w want) {
	for _, one := range words {
		w.forms = append(w.forms, one.Fold)
	}
	return w
}

// sealed returns the words as the index knows them.
func (w Words) sealed(c *clerk) Words {
	seal := func(wants []want) (out []want) {
		for _, one := range wants {
			one.digests = nil
			for _, f := range one.forms {
				one.digests = append(one.digests, c.digest("form", f))
			}
			if one.forms == nil {
				one.digests = []string{c.digest("stem", one.stem)}
			}
			out = append(out, one)
		}
		return out
	}
	return Words{seal(w.all), seal(w.none)}
}

// query finds the documents that have what is wanted.
func (w want) query() bluge.Query {
	switch {
	case w.forms == nil:
		return bluge.NewTermQuery(w.digests[0]).SetField(ofStem)
	case len(w.digests) == 1:
		return bluge.NewTermQuery(w.digests[0]).SetField(ofForm)
	}
	row := make([][]string, len(w.digests))
	for i, d := range w.digests {
		row[i] = []string{d}
	}
	return bluge.NewMultiPhraseQuery(row).SetField(ofForm)
}

// met tells which of the words of a text are wanted.
func (w want) met(words []lexis.Word, tell func(i int)) {
	for i := range words {
		if w.forms == nil {
			if words[i].Stem == w.stem {
				tell(i)
			}
			continue
		}
		if i+len(w.forms) > len(words) {
			return
		}
		same := true
		for k, f := range w.forms {
			same = same && words[i+k].Fold == f
		}
		for k := range w.forms {
			if same {
				tell(i + k)
			}
		}
	}
}

// Fragment returns the line in which most of what is wanted was said, cut so
// that it shows it; false if none of it was.
func (w Words) Fragment(lines []Line) (of Line, shown []lexis.Piece, ok bool) {
	var best map[int]bool
	most := 0
	for _, l := range lines {
		met, n := w.metIn(l.Text)
		if n > most {
			most, best, of = n, met, l
		}
	}
	if most == 0 {
		return of, nil, false
	}
	m := lexis.Marker{Words: 1, Meant: func(one lexis.Word) int {
		if best[one.Start] {
			return 0
		}
		return -1
	}}
	return of, m.Snippet(of.Text), true
}

// metIn returns where in a text wanted words begin, and how much of what is wanted
// is there.
func (w Words) metIn(text string) (begin map[int]bool, n int) {
	words := lexis.Of(text)
	for _, one := range w.all {
		found := false
		one.met(words, func(i int) {
			if begin == nil {
				begin = map[int]bool{}
			}
			begin[words[i].Start], found = true, true
		})
		if found {
			n++
		}
	}
	return begin, n
}
