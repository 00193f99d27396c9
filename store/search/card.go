package search

import (
	"slices"
	"strings"

	"crafttalkd/store/search/lexis"
)

// cards are the articles in memory: what is looked through while somebody types.
// What is shown of those that were found is read from the index.
type cards struct {
	numbers map[string]uint32 // by article
	entries []entry
	vacant  []uint32
	words   *lexicon

	audiences []Audience // each once; entries name them by number
	known     map[string]uint32
	kinds     map[string]string // types, each once in memory
}

// An entry is an article in memory.
type entry struct {
	id string
	// plain is title, identifier and type, folded, each followed by a line's end.
	plain    string
	title    int      // how long the title is in it
	words    []uint32 // of the title, the identifier and the questions, by their numbers in the lexicon
	kind     string   // the type
	audience []uint32 // of the answers, each once
}

func newCards() *cards {
	return &cards{numbers: map[string]uint32{}, words: newLexicon(), known: map[string]uint32{}, kinds: map[string]string{}}
}

func cardOf(a Article) card {
	c := card{ID: a.ID, Identifier: a.Identifier, Title: a.Title, Type: a.Type, Questions: a.Questions}
	for _, one := range a.Answers {
		c.Answers = append(c.Answers, seen{ID: one.ID, Audience: one.Audience})
	}
	return c
}

// put takes over a card, in place of what was there.
func (x *cards) put(c card) {
	if _, ok := x.kinds[c.Type]; !ok {
		x.kinds[c.Type] = c.Type
	}
	e := entry{id: c.ID, plain: plainOf(c), kind: x.kinds[c.Type]}
	e.title = strings.IndexByte(e.plain, '\n')
	for _, a := range c.Answers {
		if n := x.audience(a.Audience); !slices.Contains(e.audience, n) {
			e.audience = append(e.audience, n)
		}
	}
	n, ok := x.numbers[c.ID]
	switch {
	case ok:
	case len(x.vacant) > 0:
		n = x.vacant[len(x.vacant)-1]
		x.vacant = x.vacant[:len(x.vacant)-1]
	default:
		n = uint32(len(x.entries))
		x.entries = append(x.entries, entry{})
	}
	x.words.leave(n, x.entries[n].words)
	e.words = x.words.enter(n, append([]string{c.Title, c.Identifier}, c.Questions...))
	x.numbers[e.id] = n
	x.entries[n] = e
}

// remove forgets an article.
func (x *cards) remove(id string) {
	n, ok := x.numbers[id]
	if !ok {
		return
	}
	x.words.leave(n, x.entries[n].words)
	x.entries[n] = entry{}
	delete(x.numbers, id)
	x.vacant = append(x.vacant, n)
}

// plainOf is what a table is filtered and ordered by.
func plainOf(c card) string {
	var out strings.Builder
	for _, s := range []string{c.Title, c.Identifier, c.Type} {
		out.WriteString(strings.ReplaceAll(lexis.Fold(s), "\n", " "))
		out.WriteByte('\n')
	}
	return out.String()
}

// audience returns the number of an audience.
func (x *cards) audience(a Audience) uint32 {
	var key strings.Builder
	for _, list := range a.lists() {
		list = slices.Sorted(slices.Values(list))
		key.WriteString(strings.Join(list, "\x00") + "\x01")
	}
	n, ok := x.known[key.String()]
	if !ok {
		n = uint32(len(x.audiences))
		x.audiences, x.known[key.String()] = append(x.audiences, a), n
	}
	return n
}

// eyes tell of each audience whether the asker sees what is for it.
type eyes struct {
	sight Sight
	cards *cards
	told  []int8 // by audience: 1 for yes, -1 for no
}

func (x *cards) eyes(s Sight) *eyes { return &eyes{s, x, make([]int8, len(x.audiences))} }

// sees reports whether one of an entry's answers is seen.
func (e *eyes) sees(n uint32) bool {
	if e.sight.all {
		return true
	}
	for _, a := range e.cards.entries[n].audience {
		if e.told[a] == 0 {
			e.told[a] = -1
			if e.sight.sees(e.cards.audiences[a]) {
				e.told[a] = 1
			}
		}
		if e.told[a] > 0 {
			return true
		}
	}
	return false
}
