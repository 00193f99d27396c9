package teacher

import (
	"fmt"
	"math"

	"crafttalkd/actors/bot/intent"
)

// A verdict compares two models by lessons that neither has seen.
type verdict struct {
	lessons            int
	oldRight, newRight int
	lost, won          int // right before and wrong now, and the other way round
}

// compare lets two models answer the same lessons.
func compare(before, after *intent.Model, exam []intent.Example) (v verdict) {
	for _, e := range exam {
		x, y := right(before, e), right(after, e)
		v.lessons++
		if x {
			v.oldRight++
		}
		if y {
			v.newRight++
		}
		switch {
		case x && !y:
			v.lost++
		case y && !x:
			v.won++
		}
	}
	return v
}

// right reports whether a model would answer so.
func right(m *intent.Model, e intent.Example) bool {
	r := m.Rank(e.Text, nil, 1)
	if len(r.Best) == 0 || r.NoArticle > r.Best[0].Probability {
		return e.Article == ""
	}
	return r.Best[0].Article == e.Article
}

// doubtful is the chance by which a difference may be an accident.
const doubtful = 0.05

// worse reports whether the new model is significantly worse: so many more lost
// than won would be an accident in less than one of twenty cases.
func (v verdict) worse() bool {
	return v.lost > v.won && chance(v.won, v.won+v.lost) < doubtful
}

// chance is that of at most k heads in n throws of a coin.
func chance(k, n int) (p float64) {
	for i := range k + 1 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(i + 1))
		c, _ := math.Lgamma(float64(n - i + 1))
		p += math.Exp(a - b - c - float64(n)*math.Ln2)
	}
	return min(p, 1)
}

func (v verdict) String() string {
	return fmt.Sprintf("of %d new lessons the model before knows %d and the new one %d", v.lessons, v.oldRight, v.newRight)
}
