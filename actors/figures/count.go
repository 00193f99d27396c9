package figures

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// A Question is what somebody wants to know of the finished conversations.
type Question struct {
	Filter Filter
	Sees   Sees
	Step   time.Duration // how the chart over time is grouped; 0 for no chart
	Zone   *time.Location
}

// An Answer is all figures, each as it is defined, and how the conversations
// spread.
//
// A chart tells its conversations apart by one thing, and is not narrowed by the
// filter on that very thing: whoever has clicked on a sector still sees the others,
// and can click on it again to come back. So it is with the table of operators.
type Answer struct {
	Figures   []Figured
	Charts    map[Dimension][]Bar
	Operators []Operated
}

// Figured is a figure and what it says.
type Figured struct {
	ID string
	Value
}

// A Bar is a sector, a bar or a row: the conversations that have one thing.
type Bar struct {
	Key    string    // the id of the thing; empty for conversations that have none
	Of     string    // an account's kind
	Begins time.Time // of a stretch of time
	Ends   time.Time
	Handled
}

// Handled is how many conversations there are, by who handled them.
type Handled struct{ Automatic, ByOperators, Unserved int64 }

// Total is how many conversations there are.
func (h Handled) Total() int64 { return h.Automatic + h.ByOperators + h.Unserved }

func (h *Handled) add(n *cell) {
	h.Automatic += int64(n[Automatic])
	h.ByOperators += int64(n[ByOperator])
	h.Unserved += int64(n[Unserved])
}

// Operated is what one operator did.
type Operated struct {
	Operator      string
	Conversations int64 // in which the operator wrote, or that the operator kept
	Messages      int64
	Pairs         int64 // questions that the operator answered
	Close         Value // time to close of those conversations
	Kept          Value // and for how long the operator kept them
	Response      Value
	Length        Value
}

// A tally is what is counted on the way to the figures.
type tally struct {
	handled          [4]int64
	angry            int64
	measured, length int64
	close, kept, wait, first, response,
	said, asked heap
	rating heap // made of the counts of each rating
}

// tallied are how many heaps rows are counted in.
const tallied = 7

func (t *tally) heaps() [tallied]*heap {
	return [...]*heap{&t.close, &t.kept, &t.wait, &t.first, &t.response, &t.said, &t.asked}
}

// A counter is an answer on its way.
type counter struct {
	*Columns
	choice *Choice
	clock  clock
	total  tally

	places  []cell               // of what passes
	missed  map[Dimension][]cell // of what passes but for one dimension
	topics  []cell
	ratings [6]cell // of what passes
	unrated [6]cell // of what passes but for the rating
	ways    [4]cell // of what passes but for who handled it
	times   []cell
	workers []worker
}

// A cell is how many conversations there are by who handled them.
type cell [4]uint32

// A worker is what one operator did, on its way.
type worker struct{ conversations, messages, pairs, close, kept, took, measured, length int64 }

// Count answers a question. Only what counts is counted, whatever the filter says.
func (c *Columns) Count(q Question) (Answer, error) {
	q.Filter.Counted = new(true)
	n := c.counter(c.Choose(q.Filter, q.Sees))
	if q.Step > 0 {
		bars, err := bars(q.Filter.Closed, q.Step, q.Zone)
		if err != nil {
			return Answer{}, err
		}
		n.clock, n.times = clock{bars: bars, step: q.Step.Milliseconds()}, make([]cell, len(bars)-1)
	}
	wholly := n.choice.wholly() && n.clock.quarterly()
	for _, b := range c.blocks {
		switch {
		case b.last < n.choice.closed[0] || b.first >= n.choice.closed[1]:
		case wholly && b.whole != nil && n.choice.takesAll(b.whole):
			n.add(b.whole)
		default:
			n.block(b)
		}
	}
	return n.answer(q), nil
}

// counter is an answer of which nothing is counted yet.
func (c *Columns) counter(x *Choice) *counter {
	n := &counter{Columns: c, choice: x, places: make([]cell, len(c.places.all)), missed: map[Dimension][]cell{}, topics: make([]cell, len(c.topics.all)),
		workers: make([]worker, len(c.workers.all))}
	for _, d := range placed {
		n.missed[d] = make([]cell, len(c.places.all))
	}
	return n
}

// placed are the dimensions that a place tells.
var placed = []Dimension{Channel, Account, Line, Language}

func (n *counter) block(b *block) {
	for i := range b.rows {
		r := &b.rows[i]
		switch f := n.choice.failing(b, r); {
		case f == 0:
			n.takes(b, r)
		case f&(f-1) == 0 && f != unseen:
			n.almost(b, r, f)
		}
	}
}

// takes counts a row that passes.
func (n *counter) takes(b *block, r *row) {
	h := r.handling & 3
	n.places[r.place][h]++
	n.topics[r.topic][h]++
	n.ratings[r.rating][h]++
	if n.times != nil {
		n.times[n.clock.of(r.closed)][h]++
	}
	t := &n.total
	t.close.add(max(r.closed-r.opened, 0))
	t.asked.add(int64(r.asked))
	t.angry += int64(r.marks & angry / angry)
	t.wait.add(r.waited)
	t.first.add(r.first)
	if r.workCount > 0 {
		n.worked(b, r)
	}
}

// worked counts what operators did in a row that passes.
func (n *counter) worked(b *block, r *row) {
	wanted, t := n.choice.workers, &n.total
	var said, kept int64
	for i := range b.works[r.works:][:r.workCount] {
		w := &b.works[int(r.works)+i]
		n.workers[w.operator].add(w, r)
		if wanted == nil || wanted[w.operator] {
			said += int64(w.messages)
			kept += w.kept
			t.measured += int64(w.measured)
			t.length += int64(w.length)
		}
	}
	t.said.add(said)
	t.kept.add(kept)
	askers := b.askers[r.pairs:][:r.pairCount]
	for i, took := range b.took[r.pairs:][:len(askers)] {
		n.workers[askers[i]].pair(took)
		if wanted == nil || wanted[askers[i]] {
			t.response.add(took)
		}
	}
}

func (k *worker) add(w *work, r *row) {
	k.conversations++
	k.messages += int64(w.messages)
	k.close += max(r.closed-r.opened, 0)
	k.kept += w.kept
	k.measured += int64(w.measured)
	k.length += int64(w.length)
}

func (k *worker) pair(took int64) {
	k.pairs++
	k.took += took
}

// almost counts a row that passes but for one dimension: the chart of that one
// shows it.
func (n *counter) almost(b *block, r *row, f failing) {
	switch f {
	case 1 << Time:
		if n.times != nil {
			n.times[n.clock.of(r.closed)][r.handling]++
		}
	case 1 << Topic:
		n.topics[r.topic][r.handling]++
	case 1 << Rating:
		n.unrated[r.rating][r.handling]++
	case 1 << Way:
		n.ways[r.handling][r.handling]++
	case 1 << Worker:
		for i := range r.workCount {
			w := &b.works[r.works+uint32(i)]
			n.workers[w.operator].add(w, r)
		}
		for i := range r.pairCount {
			n.workers[b.askers[r.pairs+i]].pair(b.took[r.pairs+i])
		}
	default:
		for _, d := range placed {
			if f == 1<<d {
				n.missed[d][r.place][r.handling]++
			}
		}
	}
}

func (n *counter) answer(q Question) Answer {
	a := Answer{Charts: map[Dimension][]Bar{}}
	for i := range n.ratings {
		n.total.rate(int64(i), &n.ratings[i])
	}
	for _, d := range Definitions() {
		a.Figures = append(a.Figures, Figured{d.ID, d.value(&n.total)})
	}
	for _, d := range placed {
		a.Charts[d] = n.placed(d)
	}
	a.Charts[Topic] = bySize(chart(n.topics, func(i int) string { return n.Columns.topics.all[i] }))
	for i := range n.ratings {
		for h := range n.ways {
			n.unrated[i][h] += n.ratings[i][h]
			n.ways[h][h] += n.ratings[i][h]
		}
	}
	a.Charts[Rating] = chart(n.unrated[:], strconv.Itoa)
	a.Charts[Way] = chart(n.ways[:], func(i int) string { return Handling(i).String() })
	if n.times != nil {
		a.Charts[Time] = n.overTime(q.Zone)
	}
	for id, k := range n.workers {
		if k.conversations > 0 || k.pairs > 0 {
			a.Operators = append(a.Operators, k.shown(n.Columns.workers.all[id]))
		}
	}
	slices.SortFunc(a.Operators, func(a, b Operated) int {
		return cmp.Or(cmp.Compare(b.Conversations, a.Conversations), cmp.Compare(a.Operator, b.Operator))
	})
	return a
}

// rate counts the conversations that have one rating.
func (t *tally) rate(stars int64, of *cell) {
	for h, n := range of {
		t.handled[h] += int64(n)
		if stars > 0 {
			t.rating.sum += stars * int64(n)
			t.rating.sizes[stars] += n
		}
	}
}

func (k *worker) shown(id string) Operated {
	return Operated{Operator: id, Conversations: k.conversations, Messages: k.messages, Pairs: k.pairs,
		Close: Value{Count: k.conversations, Sum: k.close}, Kept: Value{Count: k.conversations, Sum: k.kept},
		Response: Value{Count: k.pairs, Sum: k.took}, Length: Value{Count: k.measured, Sum: k.length * 1000}}
}

// chart is the bars that are not empty.
func chart(counts []cell, key func(int) string) (out []Bar) {
	for i := range counts {
		b := Bar{}
		if b.add(&counts[i]); b.Total() > 0 {
			b.Key = key(i)
			out = append(out, b)
		}
	}
	return out
}

// placed is the chart of what places tell.
func (n *counter) placed(d Dimension) (out []Bar) {
	found := map[string]int{}
	for i, p := range n.Columns.places.all {
		h := Handled{}
		h.add(&n.places[i])
		h.add(&n.missed[d][i])
		if h.Total() == 0 {
			continue
		}
		key, of := p.of(d)
		at, ok := found[key]
		if !ok {
			at = len(out)
			found[key], out = at, append(out, Bar{Key: key, Of: of})
		}
		out[at].add(&n.places[i])
		out[at].add(&n.missed[d][i])
	}
	return bySize(out)
}

// of is what a place is in a dimension.
func (p *place) of(d Dimension) (key, of string) {
	switch d {
	case Channel:
		return p.kind, ""
	case Account:
		return p.account, p.kind
	case Line:
		return p.line, ""
	}
	return p.language, ""
}

func bySize(bars []Bar) []Bar {
	slices.SortFunc(bars, func(a, b Bar) int { return cmp.Or(cmp.Compare(b.Total(), a.Total()), cmp.Compare(a.Key, b.Key)) })
	return bars
}

// overTime is the chart over time, with the stretches in which nothing ended.
func (n *counter) overTime(zone *time.Location) (out []Bar) {
	for i := range n.times {
		b := Bar{Begins: time.UnixMilli(n.clock.bars[i]).In(zone), Ends: time.UnixMilli(n.clock.bars[i+1]).In(zone)}
		b.add(&n.times[i])
		out = append(out, b)
	}
	return out
}

// Behind narrows a choice to the conversations that a figure is made of: of those
// that count, the ones that have a part in it.
func (x *Choice) Behind(d *Definition) {
	x.absent |= uncounted
	x.behind = d.behind
}
