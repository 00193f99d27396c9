package replay

import (
	"math"
	"math/rand/v2"
	"time"
)

// chance returns the source of everything that is drawn. The same seed draws
// the same; what is drawn for one purpose does not shift another.
func chance(seed uint64, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, purpose))
}

const (
	ofArrivals = iota + 1
	ofPauses
)

// arrivals returns when n dialogs begin: a Poisson process with the mean gap.
func arrivals(seed uint64, n int, gap time.Duration) []time.Duration {
	r := chance(seed, ofArrivals)
	at := make([]time.Duration, n)
	var t time.Duration
	for i := range at {
		t += time.Duration(r.ExpFloat64() * float64(gap))
		at[i] = t
	}
	return at
}

// planned returns when the i'th message leaves if rate leave in a second.
func planned(i int, rate float64) time.Duration {
	return time.Duration(float64(i) / rate * float64(time.Second))
}

// longestPause is what a longer pause is cut to: a customer who comes back the
// next day need not be waited for.
const longestPause = 10 * time.Minute

// pauses returns how long people pause before each message of the dialog. What
// was not recorded is drawn: log-normal, shorter within a burst.
func pauses(d *Dialog, r *rand.Rand, speed float64) []time.Duration {
	all := make([]time.Duration, len(d.Messages))
	for i := range d.Messages {
		drawn := draw(r, d, i) // also where it is not needed, so that nothing shifts
		if after := d.Messages[i].After; after != nil {
			drawn = *after
		}
		pause := time.Duration(min(drawn, longestPause.Seconds()) * float64(time.Second))
		all[i] = time.Duration(float64(pause) / speed)
	}
	all[0] = 0
	return all
}

// draw returns a pause in seconds: the median of its kind, widened by chance.
func draw(r *rand.Rand, d *Dialog, i int) float64 {
	median, width := 12.0, 0.9 // a customer reads, thinks and types
	switch {
	case d.Messages[i].From == operator:
		median, width = 20, 0.8
	case i > 0 && d.Messages[i-1].From == customer:
		median, width = 5, 0.7
	}
	return median * math.Exp(width*r.NormFloat64())
}
