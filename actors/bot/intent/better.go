package intent

import (
	"cmp"
	"math"
	"slices"
)

// A Verdict compares two models on examples that neither has learnt from.
type Verdict struct {
	Examples             int
	Champion, Challenger float64 // the share that each gets right
	Won, Lost            int     // where the challenger alone is right, and where the champion alone
	Chance               float64 // of losing so many when they are equally good
	Take                 bool    // the challenger is not significantly worse
}

// significant is a chance below which losing is no accident.
const significant = 0.05

// Better asks both models about frozen examples. What no article answers is
// got right by saying that this is likelier than not. There must be a champion
// to lose to: against nil any challenger is taken.
func Better(champion, challenger *Model, frozen []Example) Verdict {
	v := Verdict{Examples: len(frozen), Chance: 1, Take: challenger != nil}
	if challenger == nil {
		return v
	}
	var were, are int
	for _, e := range frozen {
		was, is := champion.knows(e), challenger.knows(e)
		switch {
		case is && !was:
			v.Won++
		case was && !is:
			v.Lost++
		}
		if was {
			were++
		}
		if is {
			are++
		}
	}
	v.Champion, v.Challenger = part(were, len(frozen)), part(are, len(frozen))
	v.Chance = tail(v.Lost, v.Won+v.Lost)
	v.Take = champion == nil || v.Chance >= significant
	return v
}

// knows reports whether the model is right about e.
func (m *Model) knows(e Example) bool {
	if m == nil {
		return false
	}
	r := m.Rank(e.Text, nil, 1)
	if e.Article == "" {
		return r.NoArticle > 0.5
	}
	return len(r.Best) > 0 && r.Best[0].Article == e.Article
}

// tail is the probability of k or more heads in n throws of a fair coin.
func tail(k, n int) (p float64) {
	whole, _ := math.Lgamma(float64(n + 1))
	for i := k; i <= n; i++ {
		a, _ := math.Lgamma(float64(i + 1))
		b, _ := math.Lgamma(float64(n - i + 1))
		p += math.Exp(whole - a - b - float64(n)*math.Ln2)
	}
	return min(p, 1)
}

// Freeze puts the newest share of what has a time aside, to compare models
// with: what was said last is most like what will be said. Dialogs stay whole,
// and so do phrases that read the same.
func Freeze(examples []Example, share float64) (learn, frozen []Example) {
	var dated []Example
	for _, e := range examples {
		if !e.At.IsZero() && !e.Rejected {
			dated = append(dated, e)
		}
	}
	slices.SortFunc(dated, func(a, b Example) int { return newer(b, a) })
	groups, texts := map[string]bool{}, map[string]bool{}
	for _, e := range dated[:int(share*float64(len(dated)))] {
		groups[cmp.Or(e.Group, readAs(e))], texts[readAs(e)] = true, true
	}
	for _, e := range examples {
		if !e.At.IsZero() && !e.Rejected && (groups[cmp.Or(e.Group, readAs(e))] || texts[readAs(e)]) {
			frozen = append(frozen, e)
		} else if !texts[readAs(e)] && !groups[e.Group] {
			learn = append(learn, e)
		}
	}
	return learn, frozen
}
