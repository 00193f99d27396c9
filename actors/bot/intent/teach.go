package intent

import "math"

// A weight is a matrix that Adam moves.
type weight struct{ v, g, m, s []float32 }

func newWeight(n int, d *dice, deviation float64) weight {
	w := weight{make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)}
	if deviation > 0 {
		for i := range w.v {
			w.v[i] = d.normal() * float32(deviation)
		}
	}
	return w
}

// step moves a weight against its gradient and forgets the gradient.
func (w weight) step(rate float32, n int) {
	const b1, b2 = 0.9, 0.99
	c1 := rate / float32(1-math.Pow(b1, float64(n)))
	c2 := 1 / float32(1-math.Pow(b2, float64(n)))
	for i, g := range w.g {
		m := b1*w.m[i] + (1-b1)*g
		s := b2*w.s[i] + (1-b2)*g*g
		w.m[i], w.s[i], w.g[i] = m, s, 0
		w.v[i] -= c1 * m / (float32(math.Sqrt(float64(s*c2))) + 1e-7)
	}
}

// A netTeacher is a net that is being taught, with what moves it.
type netTeacher struct {
	plan                                        netPlan
	classes                                     int
	rows                                        []float32
	moved                                       []float32 // by the feature, how far its row's gradients went
	gain, shift, in, inBias, out, outBias, dirs weight
	d                                           *dice
	n                                           net
	w                                           netWork
}

func newTeacher(features, classes int, plan netPlan, d *dice) *netTeacher {
	t := &netTeacher{plan: plan, classes: classes, d: d,
		rows: make([]float32, features*netWidth), moved: make([]float32, features),
		gain: newWeight(netWidth, d, 0), shift: newWeight(netWidth, d, 0),
		in: newWeight(netWidth*netHidden, d, math.Sqrt(2.0/netWidth)), inBias: newWeight(netHidden, d, 0),
		out: newWeight(netHidden*netWidth, d, math.Sqrt(0.2/netHidden)), outBias: newWeight(netWidth, d, 0),
		dirs: newWeight(classes*netWidth, d, math.Sqrt(1.0/netWidth)),
	}
	for i := range t.rows {
		t.rows[i] = (d.float() - 0.5) * plan.first * 3.46 // of a deviation of plan.first, and quickly
	}
	for i := range t.gain.v {
		t.gain.v[i] = 1
	}
	t.publish()
	return t
}

func trainNet(lessons []lesson, features, classes int, plan netPlan, d *dice, stop func() bool) *net {
	t := newTeacher(features, classes, plan, d)
	order := make([]int, len(lessons))
	for i := range order {
		order[i] = i
	}
	step, steps := 0, (len(lessons)+netBatch-1)/netBatch*plan.passes
	for pass := 0; pass < plan.passes && !stop(); pass++ {
		d.shuffle(order)
		for b := 0; b < len(order) && !stop(); b += netBatch {
			step++
			t.batch(lessons, order[b:min(b+netBatch, len(order))], oneCycle(step, steps), step)
		}
	}
	t.n.rows = pack(t.rows, netWidth)
	return &t.n
}

// oneCycle is the share of the highest rate: up for a fifth, then down.
func oneCycle(step, steps int) float32 {
	at := float64(step) / float64(steps)
	if at < 0.2 {
		return float32(0.1 + 0.9*at/0.2)
	}
	return float32(0.5 * (1 + math.Cos(math.Pi*(at-0.2)/0.8)))
}

// publish makes the weights the net's own.
func (t *netTeacher) publish() {
	t.n.gain, t.n.shift = t.gain.v, t.shift.v
	t.n.in, t.n.inBias, t.n.out, t.n.outBias = t.in.v, t.inBias.v, t.out.v, t.outBias.v
	if t.n.classes == nil {
		t.n.classes = make([]float32, netWidth*t.classes)
	}
	for k := 0; k < t.classes; k++ {
		dir := t.dirs.v[k*netWidth : (k+1)*netWidth]
		f := netScale / float32(math.Sqrt(float64(dot(dir, dir))+1e-9))
		for i, v := range dir {
			t.n.classes[i*t.classes+k] = v * f
		}
	}
}

func (t *netTeacher) batch(lessons []lesson, order []int, rate float32, step int) {
	for _, i := range order {
		l := lessons[i]
		x := t.thin(l)
		p := t.guess(x, &dropout{t.d, t.plan.keepUnit})
		l.blame(p, t.plan.smooth)
		for k := range p {
			p[k] *= l.weight
		}
		t.moveRows(x, t.back(p, 1/float32(len(order))), rate)
	}
	for _, w := range []weight{t.gain, t.shift, t.in, t.inBias, t.out, t.outBias, t.dirs} {
		w.step(rate*t.plan.rate, step)
	}
	t.publish()
}

// thin leaves whole words out, and of the others features, so that no answer
// hangs on one: a word alone would still be known by what is kept of its pieces.
func (t *netTeacher) thin(l lesson) []term {
	var gone uint64
	for w := range 64 {
		if t.d.float() < t.plan.dropWord {
			gone |= 1 << w
		}
	}
	out := make([]term, 0, len(l.x))
	for i, f := range l.x {
		if l.words != nil && l.words[i]&gone != 0 {
			continue
		}
		if t.d.float() < t.plan.keepFeature {
			out = append(out, f)
		}
	}
	return out
}

func (t *netTeacher) row(f term) []float32 {
	return t.rows[int(f.id)*netWidth : (int(f.id)+1)*netWidth]
}

// guess is what the net would answer by now.
func (t *netTeacher) guess(x []term, d *dropout) []float32 {
	t.w.sum = make([]float32, netWidth)
	for _, f := range x {
		axpy(f.value, t.row(f), t.w.sum)
	}
	t.n.forward(&t.w, d)
	p := make([]float32, t.classes)
	for i, v := range t.w.unit {
		axpy(v, t.n.classes[i*t.classes:(i+1)*t.classes], p)
	}
	softmax(p)
	return p
}

// back takes the gradient by the scores through the net: a share of it is
// added to every weight's, and what reaches the sum of embeddings is returned.
func (t *netTeacher) back(g []float32, share float32) []float32 {
	return t.backScale(t.backLayer(t.backClasses(g, share), share), share)
}

// backClasses goes through the classes' directions and the text's length.
func (t *netTeacher) backClasses(g []float32, share float32) []float32 {
	w, k := &t.w, t.classes
	out := make([]float32, netWidth)
	for i := range out {
		out[i] = dot(g, t.n.classes[i*k:(i+1)*k])
	}
	for c, x := range g {
		if x > 1e-4 || x < -1e-4 {
			axpy(x*netScale*share, w.unit, t.dirs.g[c*netWidth:(c+1)*netWidth])
		}
	}
	along := dot(out, w.unit)
	for i := range out {
		out[i] = (out[i] - along*w.unit[i]) / w.length
		if w.keepMix != nil {
			out[i] *= w.keepMix[i]
		}
	}
	return out
}

// backLayer goes through the hidden layer, and past it.
func (t *netTeacher) backLayer(g []float32, share float32) []float32 {
	w := &t.w
	h := make([]float32, netHidden)
	for i, v := range w.hidden {
		if v == 0 {
			continue
		}
		axpy(v*share, g, t.out.g[i*netWidth:(i+1)*netWidth])
		h[i] = dot(g, t.out.v[i*netWidth:(i+1)*netWidth])
		if w.keepHid != nil {
			h[i] *= w.keepHid[i]
		}
	}
	axpy(share, g, t.outBias.g)
	axpy(share, h, t.inBias.g)
	for i, v := range w.level {
		axpy(v*share, h, t.in.g[i*netHidden:(i+1)*netHidden])
		g[i] += dot(h, t.in.v[i*netHidden:(i+1)*netHidden])
	}
	return g
}

// backScale goes through the normalisation.
func (t *netTeacher) backScale(g []float32, share float32) []float32 {
	w := &t.w
	var mean, along float32
	for i := range g {
		t.gain.g[i] += g[i] * w.plain[i] * share
		t.shift.g[i] += g[i] * share
		g[i] *= t.gain.v[i]
		mean += g[i] / netWidth
		along += g[i] * w.plain[i] / netWidth
	}
	for i := range g {
		g[i] = (g[i] - mean - w.plain[i]*along) / w.spread
	}
	return g
}

// moveRows moves the embeddings of a text's features at once, each the less
// the farther it has gone.
func (t *netTeacher) moveRows(x []term, g []float32, rate float32) {
	square := dot(g, g) / netWidth
	for _, f := range x {
		m := &t.moved[f.id]
		*m += f.value * f.value * square
		axpy(-rate*t.plan.rowRate*f.value/(float32(math.Sqrt(float64(*m)))+1e-6), g, t.row(f))
	}
}
