package figures

import (
	"bytes"
	"cmp"
	"slices"
)

// An index finds rows by their conversation. It has many small tables, so that
// none takes long to grow.
type index [256]table

// A table holds numbers of rows plus one, each at the place that its
// conversation's hash leads to, or after it; 0 is a free place.
type table struct {
	slots []uint32
	used  int
}

// hash is FNV-1a.
func hash[T string | []byte](of T) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(of) {
		h = (h ^ uint64(of[i])) * 1099511628211
	}
	return h
}

func (x *index) find(id string, at func(uint32) []byte) (uint32, bool) {
	h := hash(id)
	t := &x[h>>56]
	for i := h; len(t.slots) > 0; i++ {
		n := t.slots[i%uint64(len(t.slots))]
		if n == 0 {
			break
		}
		if string(at(n-1)) == id {
			return n - 1, true
		}
	}
	return 0, false
}

func (x *index) add(id string, n uint32, at func(uint32) []byte) {
	h := hash(id)
	t := &x[h>>56]
	if t.used*3 >= len(t.slots)*2 {
		old := t.slots
		t.slots = make([]uint32, max(16, 2*len(old)))
		for _, n := range old {
			if n > 0 {
				t.put(hash(at(n-1)), n)
			}
		}
	}
	t.put(h, n+1)
	t.used++
}

func (t *table) put(h uint64, n uint32) {
	for i := h; ; i++ {
		if slot := &t.slots[i%uint64(len(t.slots))]; *slot == 0 {
			*slot = n
			return
		}
	}
}

// An Order is which time cases are listed by.
type Order uint8

// The orders.
const (
	ByClosed Order = iota
	ByOpened
)

// A lineup is the rows in an order, the latest last; of the same time, those
// whose names come first are last.
type lineup struct {
	by    Order
	rows  []uint32
	loose bool // the rows are in no order
}

// add puts a row in its place. That moves what is later, which is little: who
// ends now is among the last.
func (l *lineup) add(c *Columns, n uint32) {
	i := len(l.rows)
	if !l.loose {
		i, _ = slices.BinarySearchFunc(l.rows, n, func(a, b uint32) int { return l.compare(c, a, b) })
	}
	l.rows = slices.Insert(l.rows, i, n)
}

// settle puts all rows in order.
func (l *lineup) settle(c *Columns) {
	if l.loose {
		slices.SortFunc(l.rows, func(a, b uint32) int { return l.compare(c, a, b) })
		l.loose = false
	}
}

func (l *lineup) compare(c *Columns, a, b uint32) int {
	return l.place(c, a).compare(l.place(c, b))
}

func (l *lineup) place(c *Columns, n uint32) Place {
	_, r := c.at(n)
	if l.by == ByOpened {
		return Place{r.opened, c.idAt(n)}
	}
	return Place{r.closed, c.idAt(n)}
}

// A Place is where a case stands in an order.
type Place struct {
	At int64 // milliseconds since 1970
	ID []byte
}

func (p Place) compare(q Place) int {
	return cmp.Or(cmp.Compare(p.At, q.At), bytes.Compare(q.ID, p.ID))
}

// List yields the places of what the choice takes, the latest first, from behind
// a place on; a nil one is before all. It sees what is settled only.
func (c *Columns) List(by Order, x *Choice, after *Place, yield func(Place) bool) {
	l := &c.closed
	if by == ByOpened {
		l = &c.opened
	}
	end := len(l.rows)
	if after != nil {
		end, _ = slices.BinarySearchFunc(l.rows, *after, func(n uint32, p Place) int { return l.place(c, n).compare(p) })
	}
	for _, n := range slices.Backward(l.rows[:end]) {
		if b, r := c.at(n); x.takes(b, r) && !yield(l.place(c, n)) {
			return
		}
	}
}
