package intent

import "math"

// A lesson is an example as the learners see it.
type lesson struct {
	x      []term
	words  []uint64 // by feature, which of the text's words it is from; nil leaves none out
	class  int
	weight float32
	denied bool // the class is known to be wrong, and no other to be right
}

// A linear model gives each class the sum of what each feature says for it.
// The last row of its matrix is what is said for a class beforehand.
type linear struct{ rows packed }

func (l linear) score(x []term, out []float32) {
	clear(out)
	for _, t := range x {
		l.rows.add(t.value, t.id, out)
	}
	l.rows.add(1, uint32(len(l.rows.steps)-1), out)
}

// Of the support vector machines.
const (
	svmCost      = 1.0 // of an example on the wrong side
	svmPasses    = 25
	svmPrecision = 0.05
)

// trainMachines learns one support vector machine for each class against the
// rest, by dual coordinate descent with squared loss. All are learnt in one
// pass: an example's features are met once and move every class they must.
func trainMachines(lessons []lesson, features, classes int, d *dice, stop func() bool) linear {
	m := separator{
		w: make([]float32, (features+1)*classes), alpha: make([]float32, len(lessons)*classes),
		s: make([]float32, classes), delta: make([]float32, classes), classes: classes,
	}
	order, quiet := make([]int, len(lessons)), make([]uint8, len(lessons))
	for i := range order {
		order[i] = i
	}
	for pass := 0; pass < svmPasses && !stop(); pass++ {
		d.shuffle(order)
		worst := float32(0)
		for _, i := range order {
			if quiet[i] > 1 && pass%4 != 3 {
				continue // has moved nothing for a while
			}
			v := m.visit(lessons[i], m.alpha[i*classes:(i+1)*classes])
			worst = max(worst, v)
			if v < svmPrecision {
				quiet[i] = min(quiet[i]+1, 2)
			} else {
				quiet[i] = 0
			}
		}
		if worst < svmPrecision {
			break
		}
	}
	return linear{pack(m.w, classes)}
}

// A separator is machines that are being learnt.
type separator struct {
	w, alpha, s, delta []float32
	classes            int
}

// visit makes the best of one example and returns by how much it was wrong.
func (m *separator) visit(l lesson, alpha []float32) (worst float32) {
	clear(m.s)
	bias := m.w[len(m.w)-m.classes:]
	axpy(1, bias, m.s)
	for _, t := range l.x {
		axpy(t.value, m.w[int(t.id)*m.classes:(int(t.id)+1)*m.classes], m.s)
	}
	slack := 1 / (2 * svmCost * l.weight)
	q := norm2(l.x) + 1 + slack
	for k, s := range m.s {
		y := float32(-1)
		if k == l.class && !l.denied {
			y = 1
		}
		g := y*s - 1 + slack*alpha[k]
		m.delta[k] = 0
		if alpha[k] == 0 && g >= 0 || l.denied && k != l.class {
			continue
		}
		worst = max(worst, g, -g)
		next := max(alpha[k]-g/q, 0)
		m.delta[k] = (next - alpha[k]) * y
		alpha[k] = next
	}
	if worst < svmPrecision/5 {
		return worst
	}
	axpy(1, m.delta, bias)
	for _, t := range l.x {
		axpy(t.value, m.delta, m.w[int(t.id)*m.classes:(int(t.id)+1)*m.classes])
	}
	return worst
}

// Of the softmax regression.
const (
	regressionPasses = 15
	regressionRate   = 1.0
	regressionSmooth = 0.05
)

// trainRegression learns a softmax regression by stochastic gradients. Each
// feature's steps grow smaller with what it has moved already.
func trainRegression(lessons []lesson, features, classes int, d *dice, stop func() bool) linear {
	w := make([]float32, (features+1)*classes)
	moved := make([]float32, features+1)
	p := make([]float32, classes)
	order := make([]int, len(lessons))
	for i := range order {
		order[i] = i
	}
	row := func(id int) []float32 { return w[id*classes : (id+1)*classes] }
	step, steps := 0, regressionPasses*len(lessons)
	for pass := 0; pass < regressionPasses && !stop(); pass++ {
		d.shuffle(order)
		for _, i := range order {
			l := lessons[i]
			rate := regressionRate * (1 - float32(step)/float32(steps)) * l.weight
			step++
			clear(p)
			axpy(1, row(features), p)
			for _, t := range l.x {
				axpy(t.value, row(int(t.id)), p)
			}
			softmax(p)
			square := l.blame(p, regressionSmooth)
			for _, t := range l.x {
				moved[t.id] += t.value * t.value * square
				axpy(-rate*t.value/float32(math.Sqrt(float64(moved[t.id]))+1e-3), p, row(int(t.id)))
			}
			moved[features] += square
			axpy(-rate/float32(math.Sqrt(float64(moved[features]))+1e-3), p, row(features))
		}
	}
	return linear{pack(w, classes)}
}

// blame turns probabilities into the gradient of the lesson's loss.
func (l lesson) blame(p []float32, smooth float32) (square float32) {
	if l.denied {
		return blameDenied(p, l.class)
	}
	return blame(p, l.class, smooth)
}

// blame turns probabilities into the gradient of the loss by the scores, and
// returns the square of its length.
func blame(p []float32, class int, smooth float32) (square float32) {
	for k := range p {
		want := smooth / float32(len(p))
		if k == class {
			want += 1 - smooth
		}
		p[k] -= want
		square += p[k] * p[k]
	}
	return square
}
