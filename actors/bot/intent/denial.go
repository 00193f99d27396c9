package intent

import (
	"cmp"
	"slices"
	"strings"
)

// A denial is a phrase that an article does not answer. Which one does is not
// known: where it is, all others are denied already.
type denial struct {
	key    string
	tokens []string
	class  int // that does not answer
	weight float32
	group  string
}

// denials brings what was rejected into an order of its own, and makes one of
// those that read the same.
func (o Options) denials(examples []Example, samples []sample, articles []string) (out []denial) {
	known := map[string]bool{}
	for _, s := range samples {
		known[s.key] = true
	}
	type pair struct {
		key   string
		class int
	}
	lots := map[pair]*lot{}
	for _, e := range examples {
		class, ok := slices.BinarySearch(articles, e.Article)
		toks := tokens(e.Text)
		key := strings.Join(toks, " ")
		if !e.Rejected || !ok || len(toks) == 0 || known[key] {
			continue
		}
		l := lots[pair{key, class}]
		if l == nil {
			l = &lot{example: e, tokens: toks}
			lots[pair{key, class}] = l
		}
		l.weight += o.weight(e)
		if newer(e, l.example) > 0 {
			l.example = e
		}
	}
	for p, l := range lots {
		out = append(out, denial{p.key, l.tokens, p.class, float32(min(l.weight, mostWeight)), cmp.Or(l.example.Group, p.key)})
	}
	slices.SortFunc(out, func(a, b denial) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.class, b.class)) })
	return out
}

// deny adds denials to what the ensemble's machines, regression and nets learn.
// Words that no sample has are not learnt from them.
func (e *ensemble) deny(denials []denial) {
	e.taught = slices.Clone(e.lessons)
	for _, d := range denials {
		if l := e.voc.lesson(e.voc.words.repair(d.tokens)); len(l.x) > 0 {
			l.class, l.weight, l.denied = d.class, d.weight, true
			e.taught = append(e.taught, l)
		}
	}
}

// without leaves out the denials of dialogs that are held back.
func without(denials []denial, groups map[string]bool) []denial {
	return slices.DeleteFunc(slices.Clone(denials), func(d denial) bool { return groups[d.group] })
}

// blameDenied is [blame] where a class is known to be wrong and no other to be
// right: the loss is how probable the wrong one was held.
func blameDenied(p []float32, class int) (square float32) {
	wrong := min(p[class], 1-1e-3)
	for k := range p {
		p[k] *= -wrong / (1 - wrong)
	}
	p[class] = wrong
	for _, x := range p {
		square += x * x
	}
	return square
}
