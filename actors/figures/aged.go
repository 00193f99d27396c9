package figures

import "slices"

// An Aged case is one that ended long ago, and whose words are there.
type Aged struct {
	ID       string
	Closed   int64 // milliseconds since 1970
	Center   string
	Messages int // the customer's and operators'
}

// Aged yields cases whose words are there and which ended before what until says
// of their center, the first that ended first, from behind a place on; a nil one
// is before all. It looks at so many rows, and returns where to go on; nil once
// there are no more. It sees what is settled only.
func (c *Columns) Aged(until func(center string) int64, after *Place, look int, yield func(Aged)) *Place {
	bounds, last := make([]int64, len(c.places.all)), int64(0)
	for i, p := range c.places.all {
		bounds[i] = until(p.center)
		last = max(last, bounds[i])
	}
	l := &c.closed
	from := 0
	if after != nil {
		from, _ = slices.BinarySearchFunc(l.rows, *after, func(n uint32, p Place) int {
			if l.place(c, n).compare(p) <= 0 {
				return -1
			}
			return 1
		})
	}
	for i, n := range l.rows[from:] {
		b, r := c.at(n)
		if r.closed >= last {
			return nil
		}
		if i == look {
			at := l.place(c, l.rows[from+i-1])
			return &Place{At: at.At, ID: slices.Clone(at.ID)}
		}
		if r.marks&forgotten == 0 && r.closed < bounds[r.place] {
			yield(Aged{ID: string(c.idAt(n)), Closed: r.closed, Center: c.places.all[r.place].center, Messages: r.messages(b)})
		}
	}
	return nil
}

func (r *row) messages(b *block) int {
	n := int(r.asked)
	for _, w := range b.works[r.works:][:r.workCount] {
		n += int(w.messages)
	}
	return n
}
