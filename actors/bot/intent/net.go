package intent

import "math"

// The sizes of a net, and how it is taught.
const (
	netWidth  = 128
	netHidden = 256
	netBatch  = 32
)

// A netPlan is how long and how carefully a net is taught.
type netPlan struct {
	passes      int
	rate        float32 // of the dense parts, at its highest
	first       float32 // what embeddings are drawn from: without learning they keep apart what differs
	rowRate     float32 // of the embeddings
	dropWord    float32 // the share of words that is left out with all their features
	keepFeature float32 // the share of features and of units that is not left out
	keepUnit    float32
	smooth      float32 // what all classes share of the right one's probability
}

// planFor is how nets are taught with so many samples: each time with a small
// part of every text; where there are few, with a smaller one and for longer.
func (o Options) planFor(samples int) netPlan {
	p := netPlan{passes: 40, rate: 3e-3, first: 0.2, rowRate: 0.03, dropWord: 0.15, keepFeature: 0.25, keepUnit: 0.6, smooth: 0.1}
	if samples < someSamples {
		p.passes, p.keepFeature = 80, 0.15
	}
	p.passes = min(max(netVisits/max(samples, 1), 12), p.passes)
	if o.passes > 0 {
		p.passes = o.passes
	}
	return p
}

const (
	netVisits = 130_000 // of samples, about
	netScale  = 16      // of the cosines
)

// A net is a small neural network: the embeddings of a text's features are
// added up, brought to one scale, passed through one residual layer, and
// compared by their direction with that of each class.
type net struct {
	rows    packed    // feature -> netWidth
	gain    []float32 // netWidth
	shift   []float32 // netWidth
	in      []float32 // netWidth × netHidden
	inBias  []float32
	out     []float32 // netHidden × netWidth
	outBias []float32
	classes []float32 // netWidth × classes, each class of length scale
}

func (n *net) score(x []term, out []float32) {
	h := make([]float32, netWidth)
	for _, t := range x {
		n.rows.add(t.value, t.id, h)
	}
	var w netWork
	w.sum = h
	n.forward(&w, nil)
	clear(out)
	k := len(out)
	for i, v := range w.unit {
		axpy(v, n.classes[i*k:(i+1)*k], out)
	}
}

// netWork is what a net computes of one text on the way to its answer.
type netWork struct {
	sum     []float32 // of the embeddings
	plain   []float32 // of mean 0 and deviation 1
	spread  float32   // what sum was divided by
	level   []float32 // plain, with gain and shift
	hidden  []float32
	mixed   []float32
	unit    []float32
	length  float32
	keepHid []float32 // dropout factors, nil for none
	keepMix []float32
}

func (n *net) forward(w *netWork, d *dropout) {
	w.plain, w.level = make([]float32, netWidth), make([]float32, netWidth)
	var mean, square float32
	for _, v := range w.sum {
		mean += v / netWidth
	}
	for i, v := range w.sum {
		w.plain[i] = v - mean
		square += w.plain[i] * w.plain[i] / netWidth
	}
	w.spread = float32(math.Sqrt(float64(square) + 1e-6))
	for i := range w.plain {
		w.plain[i] /= w.spread
		w.level[i] = w.plain[i]*n.gain[i] + n.shift[i]
	}
	w.hidden = append(w.hidden[:0], n.inBias...)
	for i, v := range w.level {
		axpy(v, n.in[i*netHidden:(i+1)*netHidden], w.hidden)
	}
	w.keepHid = d.mask(netHidden)
	w.mixed = append(w.mixed[:0], n.outBias...)
	for i, v := range w.hidden {
		if v <= 0 {
			w.hidden[i] = 0
			continue
		}
		if w.keepHid != nil {
			v *= w.keepHid[i]
			w.hidden[i] = v
		}
		axpy(v, n.out[i*netWidth:(i+1)*netWidth], w.mixed)
	}
	axpy(1, w.level, w.mixed)
	w.keepMix = d.mask(netWidth)
	if w.keepMix != nil {
		for i := range w.mixed {
			w.mixed[i] *= w.keepMix[i]
		}
	}
	w.length = float32(math.Sqrt(float64(dot(w.mixed, w.mixed)) + 1e-6))
	w.unit = make([]float32, netWidth)
	axpy(1/w.length, w.mixed, w.unit)
}

// dropout silences units while a net learns.
type dropout struct {
	d    *dice
	keep float32
}

func (d *dropout) mask(n int) []float32 {
	if d == nil {
		return nil
	}
	m := make([]float32, n)
	for i := range m {
		if d.d.float() < d.keep {
			m[i] = 1 / d.keep
		}
	}
	return m
}
