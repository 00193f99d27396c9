package intent

import (
	"cmp"
	"slices"
)

// A choice was made since the model was trained.
type choice struct {
	x       []term
	article string
	weight  float32
}

// mostLately is how many choices wait for the next training; older ones go.
const mostLately = 2000

// How a choice speaks for its article.
const (
	likeEnough = 0.6 // below this likeness it says nothing
	againstAll = 1   // how many equal choices weigh as much as all that was learnt
)

// Learn returns a model that also knows e. It is m in everything else, and m
// stays what it is. A phrase like e's brings e's article forward at once; that
// alone never makes the model sure.
func (m *Model) Learn(e Example) *Model {
	toks := tokens(e.Text)
	x := m.voc.read(m.voc.words.repair(toks))
	if len(x) == 0 || e.Article == "" {
		return m
	}
	after := *m
	weight := float32(e.Weight)
	if weight <= 0 {
		weight = 1
	}
	after.lately = append(slices.Clone(m.lately[max(0, len(m.lately)+1-mostLately):]), choice{x, e.Article, weight})
	return &after
}

// Lately is how many choices the model was shown since it was trained.
func (m *Model) Lately() int { return len(m.lately) }

// remind lets the choices since the training speak for their articles.
func (m *Model) remind(x []term, allowed func(string) bool, best []Scored) []Scored {
	votes, all := map[string]float64{}, 0.0
	for _, c := range m.lately {
		if allowed != nil && !allowed(c.article) {
			continue
		}
		if s := cosine(x, c.x); s > likeEnough {
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
