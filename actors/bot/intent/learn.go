package intent

import (
	"cmp"
	"math"
	"slices"
)

// A choice was made since the model was trained.
type choice struct {
	print   []mark
	article string
	weight  float32
}

// A mark is a feature in a text's print, where the unknown counts as well: what
// has just come up is what no training has met.
type mark struct {
	hash   uint64
	rarity float32
}

// print returns the marks of a text, sorted, of length one in all.
func (v *vocabulary) print(tokens []string) (out []mark) {
	grams(tokens, func(g gram, _ string) {
		if g.kind == ofPairs {
			return
		}
		m := mark{g.hash, v.rarest}
		if id, ok := v.ids[g.hash]; ok {
			m.rarity = v.idf[id]
		}
		out = append(out, m)
	})
	slices.SortFunc(out, func(a, b mark) int { return cmp.Compare(a.hash, b.hash) })
	out = slices.CompactFunc(out, func(a, b mark) bool { return a.hash == b.hash })
	var square float64
	for _, m := range out {
		square += float64(m.rarity) * float64(m.rarity)
	}
	for i := range out {
		out[i].rarity /= float32(math.Sqrt(square))
	}
	return out
}

// likeness is how much of two prints is the same, from 0 to 1.
func likeness(a, b []mark) (sum float32) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch cmp.Compare(a[i].hash, b[j].hash) {
		case -1:
			i++
		case 1:
			j++
		default:
			sum += a[i].rarity * b[j].rarity
			i++
			j++
		}
	}
	return sum
}

// mostLately is how many choices wait for the next training; older ones go.
const mostLately = 2000

// How a choice speaks for its article.
const (
	likeEnough = 0.5 // below this likeness it says nothing
	againstAll = 1   // how many equal choices weigh as much as all that was learnt
)

// Learn returns a model that also knows e. It is m in everything else, and m
// stays what it is. A phrase like e's brings e's article forward at once; that
// alone never makes the model sure.
func (m *Model) Learn(e Example) *Model {
	toks := tokens(e.Text)
	if len(toks) == 0 || e.Article == "" {
		return m
	}
	after := *m
	weight := float32(e.Weight)
	if weight <= 0 {
		weight = 1
	}
	after.lately = append(slices.Clone(m.lately[max(0, len(m.lately)+1-mostLately):]), choice{m.voc.print(toks), e.Article, weight})
	return &after
}

// Lately is how many choices the model was shown since it was trained.
func (m *Model) Lately() int { return len(m.lately) }

// remind lets the choices since the training speak for their articles.
func (m *Model) remind(toks []string, allowed func(string) bool, best []Scored) []Scored {
	if len(m.lately) == 0 {
		return best
	}
	votes, all, print := map[string]float64{}, 0.0, m.voc.print(toks)
	for _, c := range m.lately {
		if allowed != nil && !allowed(c.article) {
			continue
		}
		if s := likeness(print, c.print); s > likeEnough {
			s = (s - likeEnough) / (1 - likeEnough)
			votes[c.article] += float64(s * s * c.weight)
			all += float64(s * s * c.weight)
		}
	}
	if all == 0 {
		return best
	}
	heard := all / (all + againstAll)
	for i := range best {
		best[i].Probability = best[i].Probability*(1-heard) + votes[best[i].Article]/all*heard
		delete(votes, best[i].Article)
	}
	for a, v := range votes {
		best = append(best, Scored{a, v / all * heard})
	}
	slices.SortFunc(best, func(a, b Scored) int {
		return cmp.Or(cmp.Compare(b.Probability, a.Probability), cmp.Compare(a.Article, b.Article))
	})
	return best
}

// A Why says what brought an article forward.
type Why struct {
	Nearest []Near   // phrases of the article that are most like the text
	Parts   []Reason // what in the text speaks for it, the strongest first
	Read    []string // the text as it was read: masked, repaired
}

// Near is a phrase that was learnt, and how like a text it is, up to 1.
type Near struct {
	Text     string
	Likeness float64
}

// A Reason is a word, two, or a piece of one, and what it says for an article.
type Reason struct {
	Part   string
	Weight float64
}

// Explain says why an article was ranked where it was, with at most n of each.
func (m *Model) Explain(text, article string, n int) Why {
	toks := m.voc.words.repair(tokens(text))
	w := Why{Read: toks}
	class, ok := slices.BinarySearch(m.articles, article)
	if !ok {
		return w
	}
	x := m.voc.read(toks)
	for i, s := range m.memory.alike(x) {
		if s > 0 && m.samples[i].class == class {
			w.Nearest = append(w.Nearest, Near{m.samples[i].text, float64(s)})
		}
	}
	slices.SortStableFunc(w.Nearest, func(a, b Near) int { return cmp.Compare(b.Likeness, a.Likeness) })
	w.Nearest = w.Nearest[:min(n, len(w.Nearest))]
	names := m.voc.named(toks)
	row := make([]float32, m.classes)
	for _, t := range x {
		clear(row)
		m.members[0].(linear).rows.add(t.value, t.id, row)
		if row[class] > 0 {
			w.Parts = append(w.Parts, Reason{names[t.id], float64(row[class])})
		}
	}
	slices.SortStableFunc(w.Parts, func(a, b Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	w.Parts = w.Parts[:min(n, len(w.Parts))]
	return w
}
