package intent

import (
	"cmp"
	"math"
	"slices"
)

// A proof says how often, at least, answers from a score on were right.
type proof struct{ from, right float32 }

// prove looks at trials from the highest score down. It keeps what helps: the
// scores from which on more is proven than from any lower one. They rise.
func prove(scores []float32, right []bool) (proofs []proof) {
	ordered(scores, right, func(score float32, ok, n int) {
		p := proof{score, float32(lowerBound(ok, n))}
		for len(proofs) > 0 && proofs[len(proofs)-1].right <= p.right {
			proofs = proofs[:len(proofs)-1]
		}
		proofs = append(proofs, p)
	})
	slices.Reverse(proofs)
	return proofs
}

// ordered gives every score, the highest first, with how many trials reach it
// and how many of those were right.
func ordered(scores []float32, right []bool, take func(score float32, ok, n int)) {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	ok := 0
	for n, i := range order {
		if right[i] {
			ok++
		}
		if n+1 == len(order) || scores[order[n+1]] != scores[i] {
			take(scores[i], ok, n+1)
		}
	}
}

// never is a score that nothing reaches.
const never = 2

// threshold is the lowest score from which on answers are right as often as
// wanted, beyond reasonable doubt.
func threshold(proofs []proof, target float64) float32 {
	for _, p := range proofs {
		if float64(p.right) >= target {
			return p.from
		}
	}
	return never
}

// missing is how many more trials, as good as those there are, would prove a
// target that is not; 0 if it is proven, or if they would not prove it.
func missing(scores []float32, right []bool, target float64) int {
	least := math.Inf(1)
	ordered(scores, right, func(_ float32, ok, n int) {
		if part(ok, n) <= target {
			return
		}
		for times := 1.0; times < 1000; times *= 1.1 {
			if lowerBound(int(times*float64(ok)), int(times*float64(n))) >= target {
				least = min(least, (times-1)*float64(len(scores)))
				break
			}
		}
	})
	if math.IsInf(least, 1) {
		return 0
	}
	return int(math.Ceil(least))
}

// Aim returns the model with another target for answers without a human.
// Where the target is not proven, it is never sure.
func (m *Model) Aim(target float64) *Model {
	after := *m
	after.sureAt = threshold(m.proofs, target)
	return &after
}
