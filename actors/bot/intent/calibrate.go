package intent

import (
	"cmp"
	"math"
	"slices"
)

// A stair maps scores to how often they turn out right. It never falls.
type stair struct{ at, value []float32 }

// isotonic learns a stair: scores that are alike are pooled until what is
// right rises with the score. Each step counts as if it had a few more of the
// step's own rate in all, so that no step says never or always.
func isotonic(scores []float32, right []bool) stair {
	type pool struct{ score, right, n float64 }
	order := make([]int, len(scores))
	var all float64
	for i := range order {
		order[i] = i
		if right[i] {
			all++
		}
	}
	if len(order) == 0 {
		return stair{}
	}
	all /= float64(len(order))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	var pools []pool
	for _, i := range order {
		p := pool{float64(scores[i]), 0, 1}
		if right[i] {
			p.right = 1
		}
		for len(pools) > 0 {
			last := pools[len(pools)-1]
			if last.n >= stairLeast && last.right*p.n < p.right*last.n {
				break
			}
			p = pool{last.score + p.score, last.right + p.right, last.n + p.n}
			pools = pools[:len(pools)-1]
			if len(pools) == 0 {
				break
			}
		}
		pools = append(pools, p)
	}
	var s stair
	for _, p := range pools {
		value := (p.right + all) / (p.n + 1)
		if n := len(s.value); n > 0 {
			value = max(value, float64(s.value[n-1]))
		}
		s.at = append(s.at, float32(p.score/p.n))
		s.value = append(s.value, float32(value))
	}
	return s
}

// stairLeast is how many make a step.
const stairLeast = 10

// of is what a score is worth, between steps in proportion.
func (s stair) of(x float32) float32 {
	n := len(s.at)
	if n == 0 {
		return x
	}
	i, _ := slices.BinarySearch(s.at, x)
	switch {
	case i == 0:
		return s.value[0] * bounded(x/max(s.at[0], 1e-9))
	case i == n:
		return s.value[n-1]
	}
	share := (x - s.at[i-1]) / max(s.at[i]-s.at[i-1], 1e-9)
	return s.value[i-1] + share*(s.value[i]-s.value[i-1])
}

func bounded(x float32) float32 { return min(max(x, 0), 1) }

// lowest finds by golden section where a function of one valley is lowest.
func lowest(from, to float64, f func(float64) float64) float64 {
	const golden = 0.6180339887498949
	a, b := from, to
	c, d := b-golden*(b-a), a+golden*(b-a)
	fc, fd := f(c), f(d)
	for range 25 {
		if fc < fd {
			b, d, fd = d, c, fc
			c = b - golden*(b-a)
			fc = f(c)
		} else {
			a, c, fc = c, d, fd
			d = a + golden*(b-a)
			fd = f(d)
		}
	}
	return (a + b) / 2
}

// lowerBound is the share that is surely exceeded when right of n were right,
// at 95 % (Wilson).
func lowerBound(right, n int) float64 {
	if n == 0 {
		return 0
	}
	const z = 1.645
	p, m := float64(right)/float64(n), float64(n)
	return (p + z*z/(2*m) - z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))) / (1 + z*z/m)
}
