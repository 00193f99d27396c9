package figures

import "math/bits"

// A Value is what a figure says.
type Value struct {
	Count int64 // conversations, messages or answers; of an average, how many it is of
	Sum   int64 // of an average, in thousandths of its unit; not told by what only counts
	// Percentiles in thousandths, by nearest rank: P50 is the smallest value that at
	// least half of all are not above. Nil if there are none to tell. A value of 256 and
	// more, of milliseconds too, is rounded up by less than a hundredth.
	Spread *Spread
}

// A Spread is percentiles.
type Spread struct{ P50, P90, P99 int64 }

// Mean is the mean in thousandths of the unit, half of one rounded up; false of
// nothing.
func (v Value) Mean() (int64, bool) {
	if v.Count == 0 {
		return 0, false
	}
	return (2*v.Sum + v.Count) / (2 * v.Count), true
}

// A heap is how many values there are of each size. Sizes below 256 are exact,
// larger ones are told by their 8 leading bits.
type heap struct {
	sum   int64
	sizes [heapSizes]uint32
}

// heapSizes is more than any value needs, and a power of two.
const heapSizes = 1 << 13

// sizeOf is the place of a value among the sizes.
func sizeOf(v int64) int {
	shift := max(bits.Len64(uint64(v))-8, 0)
	return (shift*128 + int(v>>shift)) % heapSizes
}

// largest is the largest value of a size.
func largest(size int) int64 {
	if size < 256 {
		return int64(size)
	}
	shift := size/128 - 1
	return int64(size-shift*128+1)<<shift - 1
}

// missing is where a value is put that is none: to ask of each value whether it is
// would take longer than everything else.
const missing = 55*128 + 127

// add takes a value that is not negative, or none.
func (h *heap) add(v int64) {
	h.sum += v
	h.sizes[uint(sizeOf(v))%heapSizes]++
}

// total is how many values there are, and their sum.
func (h *heap) total() (count, sum int64) {
	for _, of := range h.sizes {
		count += int64(of)
	}
	skipped := int64(h.sizes[missing])
	return count - skipped, h.sum - none*skipped
}

// value is the average of what was taken, whose unit has so many thousandths.
func (h *heap) value(unit int64) Value {
	count, sum := h.total()
	v := Value{Count: count, Sum: sum * unit}
	if count > 0 {
		v.Spread = &Spread{h.percentile(50, count) * unit, h.percentile(90, count) * unit, h.percentile(99, count) * unit}
	}
	return v
}

func (h *heap) percentile(p, count int64) int64 {
	rank := (count*p + 99) / 100
	for size, n := range h.sizes[:missing] {
		if rank -= int64(n); rank <= 0 {
			return largest(size)
		}
	}
	return 0
}
