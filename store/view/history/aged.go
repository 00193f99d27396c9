package history

import (
	"iter"
	"time"

	"crafttalkd/actors/figures"
)

// Aged yields the finished conversations whose words are there and which ended
// before what until says of their center, the first that ended first. What comes
// meanwhile is there or is not.
func (v *View) Aged(until func(center string) time.Time) (iter.Seq[figures.Aged], error) {
	v.mu.RLock()
	known := v.known
	v.mu.RUnlock()
	if !known {
		return nil, ErrLoading
	}
	return func(yield func(figures.Aged) bool) {
		for at := (*figures.Place)(nil); ; {
			var some []figures.Aged
			v.mu.RLock()
			at = v.columns.Aged(func(center string) int64 { return max(until(center).UnixMilli(), 0) }, at, stride,
				func(a figures.Aged) { some = append(some, a) })
			v.mu.RUnlock()
			for _, a := range some {
				if !yield(a) {
					return
				}
			}
			if at == nil {
				return
			}
		}
	}, nil
}
