package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blugelabs/bluge"
)

// A Suggestion is an article that somebody who types may mean.
type Suggestion struct {
	Article, Identifier, Type string
	Title                     []Piece
	Question                  []Piece // the one that was meant, if it was not the title
	Similar                   bool    // by words similar to those that were typed
}

// Suggest returns up to n articles that have a word beginning with each of those
// typed, in title, questions or identifier: first those whose title begins so,
// then those that have all words in the title, short titles before long ones. If
// there is none, it returns those with similar words.
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
	ids := g.cards.suggest(words, types, s, n)
	similar := len(ids) == 0
	if similar {
		f := &finder{reader: r, sight: s, types: types, fields: titles, words: lenient(words)}
		hits, err := f.similar(nil)
		if err != nil {
			return nil, err
		}
		for _, h := range best(hits, n) {
			ids = append(ids, h.article)
		}
	}
	marks := marker{words: words, similar: similar, begins: true}
	for _, id := range ids {
		c, err := cardIn(r, id)
		if err != nil {
			return nil, err
		}
		out = append(out, suggestionOf(c, marks, similar))
	}
	return out, nil
}

func suggestionOf(c card, m marker, similar bool) Suggestion {
	out := Suggestion{Article: c.ID, Identifier: c.Identifier, Type: c.Type, Similar: similar, Title: m.mark(c.Title)}
	most := m.count(c.Title)
	for _, q := range c.Questions {
		if n := m.count(q); n > most {
			most, out.Question = n, m.mark(q)
		}
	}
	return out
}

// suggest returns the ids of the best entries.
func (x *cards) suggest(words []wish, types []string, s Sight, n int) (ids []string) {
	needles := make([]string, len(words))
	for i, w := range words {
		needles[i] = "\x00" + w.fold
	}
	look := &glance{cards: x, needles: needles, types: types, eyes: x.eyes(s),
		top: &top[ranked]{compare: x.better, most: n}, met: make([]uint64, len(x.entries)/64+1)}
	look.at(byLeading, words[0].fold)
	for tier := byTitle; tier < tiers && len(look.top.held) < n; tier++ {
		rarest := slices.MinFunc(words, func(a, b wish) int {
			return cmp.Compare(x.hung[tier].weight(a.fold), x.hung[tier].weight(b.fold))
		})
		look.at(tier, rarest.fold)
	}
	for _, r := range look.top.sorted() {
		ids = append(ids, x.entries[r.number].id)
	}
	return ids
}

// A glance looks for entries on one shelf after the other. What is found on a
// shelf is better than what is found on the next ones.
type glance struct {
	cards   *cards
	needles []string
	types   []string
	eyes    *eyes
	top     *top[ranked]
	met     []uint64 // a bit for each entry that was looked at and had its rank
}

// at looks at the entries that have a word which begins so.
func (l *glance) at(tier int, word string) {
	shelf := &l.cards.hung[tier]
	// A short word alone says of a whole bucket how well it fits.
	sure := len(l.needles) == 1 && utf8.RuneCountInString(word) <= head
	for _, bucket := range shelf.candidates(word) {
		for _, n := range shelf.buckets[bucket] {
			if l.met[n/64]&(1<<(n%64)) != 0 {
				continue
			}
			e, one := &l.cards.entries[n], ranked{n, leading - tier}
			if !sure {
				one.rank = e.rank(l.needles, leading-tier)
			}
			if one.rank == nowhere {
				continue // it is for a later shelf, if at all
			}
			l.met[n/64] |= 1 << (n % 64)
			if l.top.wants(one) && e.isOf(l.types) && l.eyes.sees(n) {
				l.top.offer(one)
			}
		}
	}
}

func (e *entry) isOf(types []string) bool { return types == nil || slices.Contains(types, e.kind) }

// How well an entry has the words.
const (
	nowhere   = iota
	scattered // in several of its texts, or in one
	titled    // in the title
	leading   // and the title begins so
)

// rank tells how well an entry has the words, each of which follows a zero byte;
// it is nowhere if it is less than the least that counts.
func (e *entry) rank(needles []string, least int) int {
	title, _, _ := strings.Cut(e.words, "\n")
	rank := nowhere
	switch {
	case hasAll(title, needles):
		rank = titled
		if strings.HasPrefix(title, needles[0]) {
			rank = leading
		}
	case least <= scattered && hasAll(e.words, needles):
		rank = scattered
	}
	if rank < least {
		return nowhere
	}
	return rank
}

func hasAll(words string, needles []string) bool {
	for _, n := range needles {
		if !strings.Contains(words, n) {
			return false
		}
	}
	return true
}

// A ranked is an entry that has the words.
type ranked struct {
	number uint32
	rank   int
}

// better compares by rank, then short titles first, then by the alphabet.
func (x *cards) better(m, n ranked) int {
	a, b := &x.entries[m.number], &x.entries[n.number]
	return cmp.Or(cmp.Compare(n.rank, m.rank),
		cmp.Compare(a.title, b.title),
		strings.Compare(a.plain, b.plain), strings.Compare(a.id, b.id))
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
