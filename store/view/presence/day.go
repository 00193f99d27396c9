package presence

import (
	"slices"
	"time"

	"crafttalkd/actors/figures"
)

// day is how long one is. Days are those of UTC.
const day = 24 * time.Hour

// A sum is how long an operator was in each status on a day, of what is over.
type sum struct {
	Day int32                         // since 1970
	Ms  [len(figures.Statuses)]uint32 // by status
}

// start is when a day begins.
func start(n int32) time.Time { return time.Unix(int64(n)*int64(day/time.Second), 0).UTC() }

// dayOf is the day that a moment is on.
func dayOf(at time.Time) int32 { return int32(at.Truncate(day).Unix() / int64(day/time.Second)) }

// span is a day as a stretch of time.
func span(n int32) figures.Span { return figures.Span{From: start(n), To: start(n + 1)} }

// split are the parts of a stay, one for each day.
func split(s figures.Stay) (out []figures.Stay) {
	for s.From.Before(s.To) {
		in := s
		if next := start(dayOf(s.From) + 1); next.Before(s.To) {
			in.To = next
		}
		out, s.From = append(out, in), in.To
	}
	return out
}

// add adds a part of a stay to its day, and returns that.
func (o *operator) add(p figures.Stay) sum {
	n := dayOf(p.From)
	i, found := slices.BinarySearchFunc(o.days, n, func(d sum, n int32) int { return int(d.Day - n) })
	if !found {
		o.days = slices.Insert(o.days, i, sum{Day: n})
	}
	o.days[i].Ms[slices.Index(figures.Statuses[:], p.Status)] += uint32(p.To.Sub(p.From).Milliseconds())
	return o.days[i]
}

// covers reports whether a whole day is within a period.
func covers(period figures.Span, n int32) bool {
	return !start(n).Before(period.From) && (period.To.IsZero() || !start(n+1).After(period.To))
}

// ends are the days that are within a period in part.
func ends(period figures.Span) (out []int32) {
	for _, at := range []time.Time{period.From, period.To} {
		if n := dayOf(at); !at.IsZero() && !covers(period, n) && !start(n).Equal(period.To) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}
