package intent

import (
	"math"
	"testing"
)

// The net is taught by the true slope of its loss: moving a weight a little
// changes the loss by as much as its gradient says.
func TestNetGradients(t *testing.T) {
	const classes, class = 5, 3
	d := newDice(3)
	n := newTeacher(8, classes, Options{}.planFor(8), d)
	for i := range n.rows {
		n.rows[i] = d.normal()
	}
	x := []term{{1, 0.5}, {4, 0.7}, {7, 0.4}}
	loss := func() float64 {
		n.publish()
		return -math.Log(float64(n.guess(x, nil)[class]))
	}
	loss()
	p := n.guess(x, nil)
	blame(p, class, 0)
	down := n.back(p, 1)
	for name, w := range map[string]weight{"gain": n.gain, "shift": n.shift, "in": n.in, "in bias": n.inBias, "out": n.out, "out bias": n.outBias} {
		steepest := 0
		for i, g := range w.g {
			if math.Abs(float64(g)) > math.Abs(float64(w.g[steepest])) {
				steepest = i
			}
		}
		if got, want := slope(&w.v[steepest], loss), float64(w.g[steepest]); math.Abs(got-want) > 0.06*math.Abs(want)+1e-3 {
			t.Errorf("%s: slope %g, gradient %g", name, got, want)
		}
	}
	for _, i := range []int{0, 17, netWidth - 1} {
		f := x[1]
		if got, want := slope(&n.row(f)[i], loss), float64(f.value*down[i]); math.Abs(got-want) > 0.06*math.Abs(want)+1e-3 {
			t.Errorf("row %d: slope %g, gradient %g", i, got, want)
		}
	}
}

// slope is how a function changes with what is at x.
func slope(x *float32, f func() float64) float64 {
	const step = 1e-2
	was := *x
	*x = was + step
	above := f()
	*x = was - step
	below := f()
	*x = was
	return (above - below) / (2 * step)
}

// A net tells what no single feature does: both of two, or neither.
func TestNetLearnsWhatNoSumDoes(t *testing.T) {
	lessons := []lesson{
		{x: []term{{0, 1}, {1, 1}}, weight: 1}, {x: []term{{2, 1}, {3, 1}}, weight: 1},
		{x: []term{{0, 1}, {2, 1}}, class: 1, weight: 1}, {x: []term{{1, 1}, {3, 1}}, class: 1, weight: 1},
	}
	plan := Options{}.planFor(4)
	plan.passes, plan.keepFeature, plan.keepUnit, plan.rowRate = 300, 1, 1, 0.03
	n := trainNet(lessons, 4, 2, plan, newDice(1), func() bool { return false })
	for _, l := range lessons {
		s := make([]float32, 2)
		n.score(l.x, s)
		if s[l.class] <= s[1-l.class] {
			t.Errorf("scores %v, want class %d", s, l.class)
		}
	}
}

// Nets leave whole words out of what they learn from: with a word goes all that
// it is part of, and nothing else.
func TestWordsAreLeftOut(t *testing.T) {
	voc := learnVocabulary([][]string{{"where", "is", "my", "parcel"}, {"where", "is", "parcel"}}, 1)
	l := voc.lesson([]string{"where", "is", "my", "parcel"})
	names, of := voc.named([]string{"where", "is", "my", "parcel"}), map[string]uint64{}
	for i, f := range l.x {
		of[names[f.id]] = l.words[i]
	}
	for name, want := range map[string]uint64{"where": 1, "<wh": 1, "is my": 6, "parc … wher": 9, "parcel": 8, "rcel": 8} {
		if of[name] != want {
			t.Errorf("%q is from the words %b, want %b", name, of[name], want)
		}
	}
	teach := &netTeacher{plan: netPlan{dropWord: 0.5, keepFeature: 1}, d: newDice(1)}
	less := 0
	for range 50 {
		var kept uint64
		left := map[string]bool{}
		for _, f := range teach.thin(l) {
			left[names[f.id]] = true
			kept |= of[names[f.id]]
		}
		for name, words := range of {
			if left[name] != (words&^kept == 0) {
				t.Fatalf("of the words %b %q is left: %t", kept, name, left[name])
			}
		}
		if len(left) < len(of) {
			less++
		}
	}
	if less < 25 {
		t.Errorf("words were left out %d times of 50", less)
	}
}
