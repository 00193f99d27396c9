package search

import (
	"container/heap"
	"slices"
)

// A top holds those that come first of all that were offered: a heap with the
// last of them at its root.
type top[T any] struct {
	compare func(a, b T) int
	most    int
	held    []T
}

// wants reports whether one would be among them.
func (t *top[T]) wants(one T) bool {
	return len(t.held) < t.most || t.most > 0 && t.compare(one, t.held[0]) < 0
}

func (t *top[T]) offer(one T) {
	switch {
	case !t.wants(one):
	case len(t.held) < t.most:
		heap.Push(t, one)
	default:
		t.held[0] = one
		heap.Fix(t, 0)
	}
}

// sorted returns them in order; nothing is offered afterwards.
func (t *top[T]) sorted() []T {
	slices.SortFunc(t.held, t.compare)
	return t.held
}

func (t *top[T]) Len() int           { return len(t.held) }
func (t *top[T]) Less(i, j int) bool { return t.compare(t.held[i], t.held[j]) > 0 }
func (t *top[T]) Swap(i, j int)      { t.held[i], t.held[j] = t.held[j], t.held[i] }
func (t *top[T]) Push(one any)       { t.held = append(t.held, one.(T)) }
func (t *top[T]) Pop() any {
	one := t.held[len(t.held)-1]
	t.held = t.held[:len(t.held)-1]
	return one
}
