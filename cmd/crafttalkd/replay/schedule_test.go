package replay

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestTheSameSeedDrawsTheSame(t *testing.T) {
	a, b, c := arrivals(7, 100, time.Second), arrivals(7, 100, time.Second), arrivals(8, 100, time.Second)
	if !slices.Equal(a, b) || slices.Equal(a, c) {
		t.Error("arrivals do not follow from the seed")
	}
	if !slices.IsSorted(a) {
		t.Error("arrivals go back in time")
	}
	dialogs, err := Read([]string{traffic})
	if err != nil {
		t.Fatal(err)
	}
	for i := range dialogs {
		for j := range dialogs[i].Messages {
			dialogs[i].Messages[j].After = nil
		}
		p, q := pauses(&dialogs[i], chance(7, ofPauses), 2), pauses(&dialogs[i], chance(7, ofPauses), 2)
		if !slices.Equal(p, q) || slices.Equal(p[1:], pauses(&dialogs[i], chance(8, ofPauses), 2)[1:]) {
			t.Fatal("pauses do not follow from the seed")
		}
	}
}

// A Poisson process has gaps whose mean and deviation are both the mean gap.
func TestArrivalsArePoisson(t *testing.T) {
	const n, gap = 20_000, 50 * time.Millisecond
	at := arrivals(1, n, gap)
	mean := at[n-1].Seconds() / n
	var square float64
	for i := 1; i < n; i++ {
		d := (at[i] - at[i-1]).Seconds() - mean
		square += d * d
	}
	deviation := math.Sqrt(square / (n - 1))
	for name, got := range map[string]float64{"mean": mean, "deviation": deviation} {
		if math.Abs(got-gap.Seconds()) > 0.03*gap.Seconds() {
			t.Errorf("the %s of the gaps is %.4f s, want about %.4f s", name, got, gap.Seconds())
		}
	}
}

func TestPauses(t *testing.T) {
	s := func(v float64) *float64 { return &v }
	d := &Dialog{Messages: []Message{{From: customer, After: s(5)}, {From: operator, After: s(30)}, {From: customer, After: s(86400)}}}
	want := []time.Duration{0, 3 * time.Second, time.Minute}
	if got := pauses(d, chance(1, ofPauses), 10); !slices.Equal(got, want) {
		t.Errorf("recorded pauses at ten times the speed are %v, want %v", got, want)
	}
	long := &Dialog{Messages: make([]Message, 20_001)}
	for i := range long.Messages {
		long.Messages[i].From = operator
	}
	drawn := pauses(long, chance(1, ofPauses), 1)[1:]
	slices.Sort(drawn)
	if median := drawn[len(drawn)/2].Seconds(); math.Abs(median-20) > 1 {
		t.Errorf("the median of operators' pauses is %.1f s, want about 20 s", median)
	}
	if planned(500, 250) != 2*time.Second {
		t.Errorf("message 500 of 250 a second leaves at %v", planned(500, 250))
	}
}
