package intent

import (
	"math"
	"slices"
	"testing"
)

// The probability that is shown rises with the score and is what was found.
func TestIsotonic(t *testing.T) {
	d := newDice(1)
	var scores []float32
	var right []bool
	for range 5000 {
		s := d.float()
		scores, right = append(scores, s), append(right, d.float() < s*s)
	}
	st := isotonic(scores, right)
	if !slices.IsSorted(st.value) || !slices.IsSorted(st.at) {
		t.Error("the stair falls somewhere")
	}
	last := float32(0)
	for x := float32(0); x <= 1; x += 0.001 {
		y := st.of(x)
		if y < last {
			t.Fatalf("of(%g) = %g, less than before", x, y)
		}
		if math.Abs(float64(y-x*x)) > 0.08 {
			t.Errorf("of(%g) = %g, want about %g", x, y, x*x)
		}
		last = y
	}
	if got := isotonic(nil, nil).of(0.3); got != 0.3 {
		t.Errorf("without trials 0.3 is %g", got)
	}
}

// Sure is who is right as often as wanted, beyond doubt.
func TestThreshold(t *testing.T) {
	var scores []float32
	var right []bool
	for i := range 1000 {
		scores, right = append(scores, float32(i)/1000), append(right, i >= 400 || i%2 == 0)
	}
	at := threshold(prove(scores, right), 0.95)
	n, ok := 0, 0
	for i, s := range scores {
		if s >= at {
			n++
			if right[i] {
				ok++
			}
		}
	}
	if share := float64(ok) / float64(n); share < 0.95 || share > 0.98 || n < 600 {
		t.Errorf("from %g on %d of %d are right", at, ok, n)
	}
	if at := threshold(prove(scores[:20], slices.Repeat([]bool{true}, 20)), 0.95); at != never {
		t.Errorf("twenty that are right are enough for 95 %%: %g", at)
	}
}

func TestLowerBound(t *testing.T) {
	for _, tt := range []struct {
		right, n int
		want     float64
	}{{0, 0, 0}, {95, 100, 0.901}, {100, 100, 0.974}, {960, 1000, 0.948}} {
		if got := lowerBound(tt.right, tt.n); math.Abs(got-tt.want) > 0.001 {
			t.Errorf("lowerBound(%d, %d) = %.4f, want %.3f", tt.right, tt.n, got, tt.want)
		}
	}
}

// proves BT-05: what members are worth does not hang on where numbers lie in
// memory: of the same trials come the same bytes.
func TestBT05_SharesAreTheSameAnywhere(t *testing.T) {
	d := newDice(1)
	trials := make([]trial, 100)
	for i := range trials {
		trials[i] = trial{sample: i % 3, scores: make([][]float32, 6)}
		for m := range trials[i].scores {
			trials[i].scores[m] = []float32{d.float(), d.float(), d.float()}
		}
	}
	room := make([]float32, 16)
	var first []float32
	for at := range 4 {
		m := mix{heats: []float32{1, 2, 3, 1, 2, 3}, shares: room[at : at+6]}
		m.share(trials, func(t trial) int { return t.sample })
		if at == 0 {
			first = slices.Clone(m.shares)
		} else if !slices.Equal(m.shares, first) {
			t.Errorf("%d numbers on the shares are %v, before %v", at, m.shares, first)
		}
	}
}

func TestDice(t *testing.T) {
	if newDice(1, 2).next() == newDice(1, 3).next() || newDice(1).next() == newDice(2).next() {
		t.Error("two purposes throw alike")
	}
	d, sum, square := newDice(5), 0.0, 0.0
	const n = 20000
	for range n {
		x := float64(d.normal())
		sum, square = sum+x, square+x*x
	}
	if math.Abs(sum/n) > 0.03 || math.Abs(square/n-1) > 0.05 {
		t.Errorf("mean %g, square %g", sum/n, square/n)
	}
}
