package intent

import "math"

// A scope tells from the signs of a text how probable it is that no article
// answers it: a logistic regression.
type scope struct{ weights [clues]float32 }

// What a scope looks at.
const (
	always  = iota
	topOdds // of the best article among articles
	noneLog // what the class of no article was given, if there is one
	nearestLike
	knownWords
	topMachine // the best score of the machines
	topNet     // and of the nets, as a cosine
	clues
)

// usualScope serves where nobody has said yet what no article answers. It lies
// between what two public sets of questions in and out of scope teach.
var usualScope = scope{[clues]float32{always: 6.4, topOdds: -0.3, knownWords: -6, topMachine: -1, topNet: -6}}

// usualNet is the cosine that a net would see about where in scope ends.
const usualNet = 0.62

// cluesOf gathers what a scope looks at. p are probabilities; the class of no
// article, if there is one, is the last after n articles.
func cluesOf(who []kind, scores [][]float32, p []float32, n int, s signs) (c [clues]float32) {
	var top, articles float32
	for _, x := range p[:n] {
		articles += x
		top = max(top, x)
	}
	top /= max(articles, 1e-9)
	c[always] = 1
	c[topOdds] = odds(top)
	if len(p) > n {
		c[noneLog] = odds(p[n])
	}
	c[nearestLike], c[knownWords] = s.nearest, s.known
	nets := float32(0)
	for i, k := range who {
		switch k {
		case machines:
			c[topMachine] = highest(scores[i][:n])
		case network:
			nets++
			c[topNet] += highest(scores[i][:n]) / netScale
		}
	}
	if nets == 0 {
		nets, c[topNet] = 1, usualNet
	}
	c[topNet] /= nets
	return c
}

func highest(x []float32) float32 {
	top := float32(math.Inf(-1))
	for _, v := range x {
		top = max(top, v)
	}
	return top
}

// odds is the logarithm of p against its opposite, within reason.
func odds(p float32) float32 {
	p = min(max(p, 1e-4), 1-1e-4)
	return float32(math.Log(float64(p / (1 - p))))
}

// none is the probability that no article answers.
func (s scope) none(c [clues]float32) float32 {
	var z float32
	for i, w := range s.weights {
		z += w * c[i]
	}
	return 1 / (1 + exp(-z))
}

// leastWithout is how many trials without an article it takes to learn from.
const leastWithout = 20

// fitScope learns from trials that have an article and trials that have none,
// as if there were as many of either kind, and then allows for how rare the
// others are: not as rare as in what was collected, where they are left out.
func fitScope(seen [][clues]float32, without []bool) scope {
	var n [2]float64
	for _, w := range without {
		n[kindOf(w)]++
	}
	if n[1] < leastWithout || n[0] < leastWithout {
		return usualScope
	}
	var mean, spread [clues]float64
	for i, c := range seen {
		for j, x := range c {
			mean[j] += float64(x) / n[kindOf(without[i])] / 2
		}
	}
	for i, c := range seen {
		for j, x := range c {
			spread[j] += (float64(x) - mean[j]) * (float64(x) - mean[j]) / n[kindOf(without[i])] / 2
		}
	}
	for j := range spread {
		spread[j] = math.Sqrt(spread[j] + 1e-9)
	}
	mean[always], spread[always] = 0, 1
	var w [clues]float64
	for range scopeSteps {
		var g [clues]float64
		for i, c := range seen {
			var z float64
			for j, x := range c {
				z += w[j] * (float64(x) - mean[j]) / spread[j]
			}
			err := 1 / (1 + math.Exp(-z))
			if without[i] {
				err--
			}
			for j, x := range c {
				g[j] += err * (float64(x) - mean[j]) / spread[j] / n[kindOf(without[i])] / 2
			}
		}
		for j := range w {
			w[j] -= 1.0 * (g[j] + scopeDecay*w[j])
		}
	}
	var s scope
	share := max(n[1]/(n[0]+n[1]), leastNone)
	prior := math.Log(share / (1 - share))
	for j := range w {
		s.weights[j] = float32(w[j] / spread[j])
		prior -= w[j] * mean[j] / spread[j]
	}
	s.weights[always] += float32(prior)
	return s
}

const (
	scopeSteps = 300
	scopeDecay = 1e-3
	leastNone  = 0.05
)

func kindOf(without bool) int {
	if without {
		return 1
	}
	return 0
}
