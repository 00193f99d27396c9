package history

import (
	"fmt"
	"iter"
	"time"

	"crafttalkd/actors/figures"
)

// A Spot is where a conversation stands in a list.
type Spot struct {
	ID string
	At time.Time // when it was opened or closed, as the list is ordered
}

// String is what [Question.After] takes to go on behind the spot.
func (s Spot) String() string { return fmt.Sprintf("%d/%s", s.At.UnixMilli(), s.ID) }

// ParseSpot reads what [Spot.String] wrote.
func ParseSpot(text string) (Spot, error) {
	p, err := parsePlace(text)
	if err != nil || p == nil {
		return Spot{}, err
	}
	return Spot{string(p.ID), time.UnixMilli(p.At)}, nil
}

// stride is how many conversations are looked up at a time: what is new waits for
// no more than these.
const stride = 1024

// Walk yields what a question takes, the latest first, however much it is. What
// comes meanwhile is there or is not. The limit does not count.
func (v *View) Walk(q Question) (iter.Seq[Spot], error) {
	after, err := parsePlace(q.After)
	if err != nil {
		return nil, err
	}
	v.mu.RLock()
	known := v.known
	v.mu.RUnlock()
	if !known {
		return nil, ErrLoading
	}
	return func(yield func(Spot) bool) {
		at := after
		for {
			some := v.stride(q, at)
			for _, s := range some {
				if !yield(s) {
					return
				}
			}
			if len(some) < stride {
				return
			}
			last := some[len(some)-1]
			at = &figures.Place{At: last.At.UnixMilli(), ID: []byte(last.ID)}
		}
	}, nil
}

func (v *View) stride(q Question, after *figures.Place) (out []Spot) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	v.columns.List(q.Order, v.choose(q), after, func(p figures.Place) bool {
		out = append(out, Spot{string(p.ID), time.UnixMilli(p.At)})
		return len(out) < stride
	})
	return out
}
