package search

import (
	"cmp"
	"slices"
	"strings"

	"github.com/blugelabs/bluge"

	"crafttalkd/store/search/lexis"
)

// A Suggestion is an article that somebody who types may mean.
type Suggestion struct {
	Article, Identifier, Type string
	Title                     []lexis.Piece
	Question                  []lexis.Piece // the one that was meant, if it was not the title
	Similar                   bool          // by words similar to those that were typed
}

// Suggest returns up to n articles that have a word beginning with each of those
// typed, in title, questions or identifier: first those whose title begins so,
// then those that have all words in the title, short titles before long ones. If
// there is none, it returns those with similar words, in the same order.
func (x *Index) Suggest(typed string, types []string, s Sight, n int) (out []Suggestion, err error) {
	words, err := asked(typed)
	if err != nil || len(words) == 0 || s.blind() {
		return nil, err
	}
	if err := inBounds(n, 0); err != nil {
		return nil, err
	}
	err = x.ask(func(g *generation) error {
		return g.ask(func(r *bluge.Reader) error {
			out, err = g.suggest(r, sought(words, true), types, x.sight(s), n)
			return err
		})
	})
	return out, err
}

func (g *generation) suggest(r *bluge.Reader, words []wish, types []string, s Sight, n int) (out []Suggestion, err error) {
	ids, similar := g.suggested(words, types, s, n)
	if similar {
		words = lenient(words)
	}
	marks := marker(words, similar, true)
	for _, id := range ids {
		c, seen, err := cardFor(r, id, s)
		if err != nil {
			return nil, err
		}
		if seen {
			out = append(out, suggestionOf(c, marks, similar))
		}
	}
	return out, nil
}

// suggested returns the ids of the articles that are suggested, and whether it
// took similar words to find them.
func (g *generation) suggested(words []wish, types []string, s Sight, n int) (ids []string, similar bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if ids = g.cards.suggest(words, false, types, s, n); len(ids) > 0 {
		return ids, false
	}
	return g.cards.suggest(lenient(words), true, types, s, n), true
}

func suggestionOf(c card, m lexis.Marker, similar bool) Suggestion {
	out := Suggestion{Article: c.ID, Identifier: c.Identifier, Type: c.Type, Similar: similar, Title: m.Mark(c.Title)}
	most := m.Count(c.Title)
	for _, q := range c.Questions {
		if n := m.Count(q); n > most {
			most, out.Question = n, m.Mark(q)
		}
	}
	return out
}

// suggest returns the ids of the best entries.
func (x *cards) suggest(words []wish, similar bool, types []string, s Sight, n int) (ids []string) {
	have := x.having(words, similar)
	eyes := x.eyes(s)
	for spot := range have {
		best := &top[uint32]{compare: x.better, most: n - len(ids)}
		if best.most == 0 {
			break
		}
		for one := range have[spot].members() {
			if best.wants(one) && x.entries[one].isOf(types) && eyes.sees(one) {
				best.offer(one)
			}
		}
		for _, one := range best.sorted() {
			ids = append(ids, x.entries[one].id)
		}
	}
	return ids
}

// having returns the entries that have all the words, each at its best spot: those
// whose title begins with the first of the words, those that have all in the
// title, and the others.
func (x *cards) having(words []wish, similar bool) (all [spots]set) {
	for i, w := range words {
		one := x.with(w, similar)
		if i == 0 {
			all = one
			continue
		}
		all[leading].keep(one[titled])
		all[titled].keep(one[titled])
		all[scattered].keep(one[scattered])
	}
	all[scattered].without(all[titled])
	all[titled].without(all[leading])
	return all
}

// with returns the entries that have a lexis.Word, by where at least: those that have it first
// in the title have it in the title, and those have it anywhere.
func (x *cards) with(w wish, similar bool) (out [spots]set) {
	for i := range out {
		out[i] = newSet(len(x.entries))
	}
	visit := func(places []place) {
		for _, p := range places {
			out[p.spot()].add(p.entry())
		}
	}
	x.words.begun(w.Fold, visit)
	if similar {
		x.words.alike(w.Stem, w.typos, visit)
	}
	out[titled].join(out[leading])
	out[scattered].join(out[titled])
	return out
}

func (e *entry) isOf(types []string) bool { return types == nil || slices.Contains(types, e.kind) }

// better compares short titles first, then by the alphabet.
func (x *cards) better(m, n uint32) int {
	a, b := &x.entries[m], &x.entries[n]
	if c := cmp.Compare(a.title, b.title); c != 0 {
		return c
	}
	if c := strings.Compare(a.plain, b.plain); c != 0 {
		return c
	}
	return strings.Compare(a.id, b.id)
}

// lenient forgives one typo a word at most: while somebody types, there is no
// time for more.
func lenient(words []wish) []wish {
	out := slices.Clone(words)
	for i := range out {
		out[i].typos = min(out[i].typos, 1)
	}
	return out
}
