package search

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"crafttalkd/store/search/lexis"
)

// A lexicon knows the words of all titles, identifiers and questions, and in which
// entries each of them is. Who types is answered out of it: for few letters there
// is a list of the entries, words that begin with more stand together in the order,
// and those with a similar stem are among the stems of nearly the same length.
type lexicon struct {
	numbers map[string]uint32 // by the folded word
	words   []lexeme
	vacant  []uint32
	heads   map[string][]place // by the first characters of words, as many as longestHead at most; an entry is there once
	order   [][]uint32         // all words by the alphabet, in runs of at most longestRun
	lengths [][]outline        // all words by how many characters their stems have
}

// An outline is a word with the letters of its stem, a bit for each.
type outline struct{ word, letters uint32 }

// lettersOf are the letters of a stem. Few of different ones share a bit.
func lettersOf(stem string) (letters uint32) {
	for _, r := range stem {
		letters |= 1 << (uint32(r) % 32)
	}
	return letters
}

// A lexeme is one word.
type lexeme struct {
	fold, stem string
	places     []place
}

// A place is an entry that has a lexis.Word, and the best of the word's spots in it.
type place uint32

// Where a word stands: who looks for the best looks there in this order.
const (
	leading = iota // first in the title
	titled         // in the title
	scattered
	spots
)

func placeOf(entry uint32, spot int) place { return place(entry<<2) | place(spot) }

func (p place) entry() uint32 { return uint32(p >> 2) }
func (p place) spot() int     { return int(p & 3) }

func newLexicon() *lexicon {
	return &lexicon{numbers: map[string]uint32{}, heads: map[string][]place{}}
}

const (
	longestRun  = 512 // words that are moved at most to put one among them
	longestHead = 3   // characters
)

// headsOf are the beginnings of a word for which there are lists.
func headsOf(fold string) []string {
	out := make([]string, 0, longestHead)
	for i := range fold {
		if i > 0 && len(out) < longestHead {
			out = append(out, fold[:i])
		}
	}
	if len(out) < longestHead {
		out = append(out, fold)
	}
	return out
}

// enter takes over the words of an entry, whose texts come in the order of the
// spots, and returns their numbers, each once.
func (x *lexicon) enter(entry uint32, texts []string) (words []uint32) {
	met := map[string]bool{}
	for i, text := range texts {
		for j, w := range lexis.Cut(text) {
			spot := scattered
			switch {
			case i == 0 && j == 0:
				spot = leading
			case i == 0:
				spot = titled
			}
			// A head that is a whole word is met as a head first.
			if whole := w.Fold + "\n"; !met[whole] {
				met[whole] = true
				words = append(words, x.add(w.Fold, placeOf(entry, spot)))
			}
			for _, h := range headsOf(w.Fold) {
				if !met[h] {
					met[h] = true
					x.head(h, placeOf(entry, spot))
				}
			}
		}
	}
	return slices.Clip(words)
}

// head puts an entry into the list of a beginning.
func (x *lexicon) head(h string, at place) {
	list, known := x.heads[h]
	if !known {
		h = strings.Clone(h)
	}
	x.heads[h] = append(list, at)
}

// leave takes an entry and its words away.
func (x *lexicon) leave(entry uint32, words []uint32) {
	met := map[string]bool{}
	for _, n := range words {
		for _, h := range headsOf(x.words[n].fold) {
			if met[h] {
				continue
			}
			met[h] = true
			if list := without(x.heads[h], entry); len(list) > 0 {
				x.heads[h] = list
			} else {
				delete(x.heads, h)
			}
		}
		x.drop(n, entry)
	}
}

// without takes the place of an entry away.
func without(places []place, entry uint32) []place {
	i := slices.IndexFunc(places, func(p place) bool { return p.entry() == entry })
	places[i] = places[len(places)-1]
	return places[:len(places)-1]
}

// add says that an entry has a lexis.Word, and returns the word's number.
func (x *lexicon) add(fold string, at place) uint32 {
	n, known := x.numbers[fold]
	if !known {
		n = x.learn(strings.Clone(fold))
	}
	x.words[n].places = append(x.words[n].places, at)
	return n
}

// learn takes over a new word.
func (x *lexicon) learn(fold string) uint32 {
	n := uint32(len(x.words))
	if last := len(x.vacant) - 1; last >= 0 {
		n, x.vacant = x.vacant[last], x.vacant[:last]
	} else {
		x.words = append(x.words, lexeme{})
	}
	w := lexeme{fold: fold, stem: lexis.Stem(fold)}
	if strings.HasPrefix(fold, w.stem) {
		w.stem = fold[:len(w.stem)] // one text in memory is enough
	}
	x.words[n], x.numbers[fold] = w, n
	length := utf8.RuneCountInString(w.stem)
	for len(x.lengths) <= length {
		x.lengths = append(x.lengths, nil)
	}
	x.lengths[length] = append(x.lengths[length], outline{n, lettersOf(w.stem)})
	x.insert(n)
	return n
}

// insert puts a word at its place in the order.
func (x *lexicon) insert(n uint32) {
	if len(x.order) == 0 {
		x.order = [][]uint32{{n}}
		return
	}
	run, at := x.find(x.words[n].fold)
	if run == len(x.order) {
		run, at = run-1, len(x.order[run-1])
	}
	words := slices.Insert(x.order[run], at, n)
	x.order[run] = words
	if len(words) > longestRun {
		half := slices.Clone(words[longestRun/2:])
		x.order[run] = words[:longestRun/2]
		x.order = slices.Insert(x.order, run+1, half)
	}
}

// find returns where in the order the words begin that are not before one: the
// run and the place in it, or the number of runs if there is none.
func (x *lexicon) find(fold string) (run, at int) {
	compare := func(n uint32, fold string) int { return strings.Compare(x.words[n].fold, fold) }
	run, _ = slices.BinarySearchFunc(x.order, fold, func(words []uint32, fold string) int {
		return compare(words[len(words)-1], fold)
	})
	if run < len(x.order) {
		at, _ = slices.BinarySearchFunc(x.order[run], fold, compare)
	}
	return run, at
}

// drop says that an entry has a word no more. A word that no entry has is
// forgotten.
func (x *lexicon) drop(n, entry uint32) {
	w := &x.words[n]
	if w.places = without(w.places, entry); len(w.places) > 0 {
		return
	}
	run, at := x.find(w.fold)
	if x.order[run] = slices.Delete(x.order[run], at, at+1); len(x.order[run]) == 0 {
		x.order = slices.Delete(x.order, run, run+1)
	}
	same := &x.lengths[utf8.RuneCountInString(w.stem)]
	i := slices.IndexFunc(*same, func(o outline) bool { return o.word == n })
	(*same)[i] = (*same)[len(*same)-1]
	*same = (*same)[:len(*same)-1]
	delete(x.numbers, w.fold)
	*w = lexeme{}
	x.vacant = append(x.vacant, n)
}

// begun visits the places of the words that begin so.
func (x *lexicon) begun(prefix string, visit func([]place)) {
	if utf8.RuneCountInString(prefix) <= longestHead {
		visit(x.heads[prefix])
		return
	}
	for run, at := x.find(prefix); run < len(x.order); run, at = run+1, 0 {
		for _, n := range x.order[run][at:] {
			w := &x.words[n]
			if !strings.HasPrefix(w.fold, prefix) {
				return
			}
			visit(w.places)
		}
	}
}

// alike visits the places of the words whose stems differ by so many typos at
// most.
func (x *lexicon) alike(stem string, typos int, visit func([]place)) {
	length, letters := utf8.RuneCountInString(stem), lettersOf(stem)
	for n := max(length-typos, 0); n <= length+typos && n < len(x.lengths); n++ {
		for _, o := range x.lengths[n] {
			// A typo takes a letter away at most, and brings one.
			if bits.OnesCount32(o.letters^letters) > 2*typos {
				continue
			}
			if w := &x.words[o.word]; within(stem, w.stem, typos) {
				visit(w.places)
			}
		}
	}
}
