package search

import (
	"iter"
	"math/bits"
)

// A set of entries, a bit for each. Sets that are put together are of one size.
type set []uint64

func newSet(entries int) set { return make(set, (entries+63)/64) }

func (s set) add(n uint32) { s[n/64] |= 1 << (n % 64) }

// keep leaves what is in the other set too.
func (s set) keep(other set) {
	for i := range s {
		s[i] &= other[i]
	}
}

// join adds what is in the other set.
func (s set) join(other set) {
	for i := range s {
		s[i] |= other[i]
	}
}

// without takes away what is in the other set.
func (s set) without(other set) {
	for i := range s {
		s[i] &^= other[i]
	}
}

// members are what is in the set.
func (s set) members() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(uint32(i*64 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}
