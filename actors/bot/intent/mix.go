package intent

import "math"

// A mix makes one probability of what the members say.
type mix struct {
	heats  []float32 // what each member's scores are multiplied by
	shares []float32 // how much each is listened to, one in all
	edge   float32   // the power that the mean is raised to
}

// fitMix learns from trials how far each member can be believed.
func fitMix(trials []trial, class func(trial) int) mix {
	members := len(trials[0].scores)
	m := mix{heats: make([]float32, members), shares: make([]float32, members), edge: 1}
	for i := range m.heats {
		log := lowest(-4, 5, func(log float64) float64 {
			return lossOf(trials, class, func(t trial, p []float32) { heated(t.scores[i], float32(math.Exp(log)), p, nil) })
		})
		m.heats[i] = float32(math.Exp(log))
	}
	m.share(trials, class)
	log := lowest(-1, 1.5, func(log float64) float64 {
		m.edge = float32(math.Exp(log))
		return lossOf(trials, class, func(t trial, p []float32) { m.of(t.scores, p, nil) })
	})
	m.edge = float32(math.Exp(log))
	return m
}

// share gives each member the part of the whole that explains best what was
// right, by expectation and maximisation; half of all is shared equally, as
// members that err in different places are worth more than they seem.
func (m mix) share(trials []trial, class func(trial) int) {
	right := make([][]float32, len(trials)) // what each member gave the right class
	for n, t := range trials {
		p := make([]float32, len(t.scores[0]))
		for i, s := range t.scores {
			heated(s, m.heats[i], p, nil)
			right[n] = append(right[n], p[class(t)]+1e-6)
		}
	}
	for i := range m.shares {
		m.shares[i] = 1 / float32(len(m.shares))
	}
	for range 20 {
		next := make([]float32, len(m.shares))
		for _, r := range right {
			all := float32(0)
			for i, x := range r {
				all += x * m.shares[i]
			}
			for i, x := range r {
				next[i] += x * m.shares[i] / all / float32(len(right))
			}
		}
		copy(m.shares, next)
	}
	for i, x := range m.shares {
		m.shares[i] = x/2 + 0.5/float32(len(m.shares))
	}
}

// lossOf is how surprised probabilities are by what is right.
func lossOf(trials []trial, class func(trial) int, probabilities func(t trial, p []float32)) (loss float64) {
	p := make([]float32, len(trials[0].scores[0]))
	for i, t := range trials {
		if len(trials) > mostFitted && i%(len(trials)/mostFitted+1) != 0 {
			continue
		}
		probabilities(t, p)
		loss -= math.Log(float64(p[class(t)]) + 1e-9)
	}
	return loss
}

// mostFitted trials are enough for three numbers.
const mostFitted = 3000

// heated makes probabilities of scores; classes that are shut out have none.
func heated(scores []float32, heat float32, p []float32, shut []bool) {
	for k, s := range scores {
		p[k] = s * heat
		if shut != nil && shut[k] {
			p[k] = float32(math.Inf(-1))
		}
	}
	softmax(p)
}

// of makes probabilities of the members' scores.
func (m mix) of(scores [][]float32, p []float32, shut []bool) {
	one := make([]float32, len(p))
	clear(p)
	for i, s := range scores {
		heated(s, m.heats[i], one, shut)
		axpy(m.shares[i], one, p)
	}
	var sum float64
	for k, x := range p {
		y := math.Pow(float64(x), float64(m.edge))
		p[k] = float32(y)
		sum += y
	}
	for k := range p {
		p[k] = float32(float64(p[k]) / sum)
	}
}
