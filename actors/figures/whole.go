package figures

// A whole is what a full block comes to if all that counts in it is taken. A
// question that asks for no less adds it, instead of row after row. It is made by
// the same count as everything else, once the rows have settled, and keeps what of
// that is not zero.
type whole struct {
	places, topics []spot
	quarters       []spot // of an hour since 1970, in which conversations ended
	ratings        [6]cell
	workers        []doer
	sums           [tallied]int64
	sizes          [tallied][]sized
	angry          int64
	measured       int64
	length         int64

	closed, opened [2]int64 // the bounds of what counts, the later one included
}

// A spot is a cell that is not empty.
type spot struct {
	at uint32
	of cell
}

// A doer is an operator who did something.
type doer struct {
	operator uint32
	did      worker
}

// A sized is how many values there are of a size.
type sized struct{ size, count uint32 }

// quarter is the part of an hour at which stretches of time begin, wherever clocks
// are not further off.
const quarter = int64(15 * 60 * 1000)

// wholly tells whether the choice takes all that counts, but for time and rights.
func (x *Choice) wholly() bool {
	return x.topics == nil && x.workers == nil && x.ratings == nil && x.handlings == nil && x.behind == nil && x.marked == 0 && x.absent == uncounted
}

// takesAll tells whether the choice, which is one of wholly, takes all of it.
func (x *Choice) takesAll(w *whole) bool {
	for _, span := range []struct{ of, within [2]int64 }{{w.closed, x.closed}, {w.closed, x.bar}, {w.opened, x.opened}} {
		if span.of[0] < span.within[0] || span.of[1] >= span.within[1] {
			return false
		}
	}
	for i := range w.places {
		if x.places[w.places[i].at] != 0 {
			return false
		}
	}
	return true
}

// quarterly tells whether all stretches of time begin at a quarter of an hour.
func (c *clock) quarterly() bool {
	for _, at := range c.bars {
		if at%quarter != 0 {
			return false
		}
	}
	return true
}

// add counts a block that is taken as a whole.
func (n *counter) add(w *whole) {
	put(n.places, w.places)
	put(n.topics, w.topics)
	for i := range w.ratings {
		n.ratings[i].add(&w.ratings[i])
	}
	if n.times != nil {
		for i := range w.quarters {
			q := &w.quarters[i]
			n.times[n.clock.of(int64(q.at)*quarter)].add(&q.of)
		}
	}
	for i := range w.workers {
		n.workers[w.workers[i].operator].sum(&w.workers[i].did)
	}
	for i, h := range n.total.heaps() {
		h.sum += w.sums[i]
		for _, s := range w.sizes[i] {
			h.sizes[s.size%heapSizes] += s.count
		}
	}
	n.total.angry += w.angry
	n.total.measured += w.measured
	n.total.length += w.length
}

func put(to []cell, spots []spot) {
	for i := range spots {
		to[spots[i].at].add(&spots[i].of)
	}
}

func (c *cell) add(o *cell) {
	for h := range c {
		c[h] += o[h]
	}
}

func (k *worker) sum(o *worker) {
	k.conversations += o.conversations
	k.messages += o.messages
	k.pairs += o.pairs
	k.close += o.close
	k.kept += o.kept
	k.took += o.took
	k.measured += o.measured
	k.length += o.length
}

// wholes makes those of full blocks that have none, or none any more.
func (c *Columns) wholes() {
	for _, b := range c.blocks {
		if len(b.rows) == blockSize && b.whole == nil {
			b.whole = c.wholeOf(b)
		}
	}
}

func (c *Columns) wholeOf(b *block) *whole {
	always := [2]int64{-1 << 63, 1<<63 - 1}
	n := c.counter(&Choice{opened: always, closed: always, bar: always, places: make([]failing, len(c.places.all)), absent: uncounted})
	n.block(b)
	t := &n.total
	w := &whole{places: spots(n.places), topics: spots(n.topics), ratings: n.ratings, angry: t.angry, measured: t.measured, length: t.length,
		closed: [2]int64{always[1], always[0]}, opened: [2]int64{always[1], always[0]}}
	for i, h := range t.heaps() {
		w.sums[i] = h.sum
		for size, count := range h.sizes {
			if count > 0 {
				w.sizes[i] = append(w.sizes[i], sized{uint32(size), count})
			}
		}
	}
	for of, did := range n.workers {
		if did != (worker{}) {
			w.workers = append(w.workers, doer{uint32(of), did})
		}
	}
	w.times(b)
	return w
}

// times gathers when what counts ended.
func (w *whole) times(b *block) {
	at := map[uint32]int{}
	for i := range b.rows {
		r := &b.rows[i]
		if r.marks&uncounted != 0 {
			continue
		}
		w.closed = [2]int64{min(w.closed[0], r.closed), max(w.closed[1], r.closed)}
		w.opened = [2]int64{min(w.opened[0], r.opened), max(w.opened[1], r.opened)}
		q := uint32(r.closed / quarter)
		k, ok := at[q]
		if !ok {
			k = len(w.quarters)
			at[q], w.quarters = k, append(w.quarters, spot{at: q})
		}
		w.quarters[k].of[r.handling&3]++
	}
}

func spots(of []cell) (out []spot) {
	for i, c := range of {
		if c != (cell{}) {
			out = append(out, spot{uint32(i), c})
		}
	}
	return out
}
