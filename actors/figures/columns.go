package figures

import "strings"

// Columns are many cases as few bytes as figures can be made of: about 160 for
// one. They hold what is counted and what is chosen by; the case itself is kept
// elsewhere.
//
// Cases lie in blocks, in the order in which they came. A case that comes again
// takes its old place, and what of it has become longer goes to the end of the
// block, which is made anew once half of it is garbage: a change costs a block
// at most, however many there are.
type Columns struct {
	blocks  []*block
	index   index
	places  names[place]
	topics  names[string]
	workers names[string] // operators
	opened  lineup        // by when they began
	closed  lineup        // by when they ended
}

// blockSize is how many rows a block has.
const blockSize = 1 << 13

// A block is some rows, and what there are several of in one.
type block struct {
	rows    []row
	works   []work
	askers  []uint32 // of pairs, the operator who was asked
	took    []int64  // and the milliseconds until the answer
	ids     []byte   // of the rows, one behind the other
	garbage int      // works and pairs that nothing shows to any more
	whole   *whole   // nil until the rows have settled

	first, last int64 // the bounds of when its rows ended
}

// A row is a case without its names. Times and durations are milliseconds.
type row struct {
	opened, closed int64
	waited         int64  // in queues; none if it was in none
	first          int64  // until an operator's first answer; none if there was none
	id             uint32 // where it begins in the block's ids
	place, topic   uint32
	asked          uint32
	works, pairs   uint32 // where they begin in the block
	pairCount      uint32
	workCount      uint16
	rating         uint8
	handling       Handling
	marks          marks
}

// marks are what a row is or is not.
type marks uint8

const (
	merged    marks = 1 << iota // it ended as a part of another one
	isTest                      // its customer is one for tests
	judged                      // somebody said whether the customer was dissatisfied
	angry                       // and that was so
	reviewed                    // its labels are right
	uncounted                   // merged or of a test customer: no figure is made of it
	forgotten                   // its words are gone
)

// none is a duration that is not known.
const none = -1

// A work is what one operator did in one case.
type work struct {
	operator                   uint32
	messages, measured, length uint32
	kept                       int64
}

// A place is where a case belongs. There are few of them, so what is asked of a
// place is asked once for all its cases.
type place struct {
	account, kind, center, line, language string
	skills                                string // with a zero byte after each
}

func placeOf(c *Case) place {
	var skills strings.Builder
	for _, s := range c.Skills {
		skills.WriteString(s + "\x00")
	}
	return place{c.Account, c.Kind, c.Center, c.Line, c.Language, skills.String()}
}

// skillList is what placeOf has joined.
func (p place) skillList() []string {
	list := strings.Split(p.skills, "\x00")
	return list[:len(list)-1]
}

// A names numbers what comes, from 0.
type names[T comparable] struct {
	all []T
	ids map[T]uint32
}

func (n *names[T]) id(of T) uint32 {
	if id, ok := n.ids[of]; ok {
		return id
	}
	if n.ids == nil {
		n.ids = map[T]uint32{}
	}
	id := uint32(len(n.all))
	n.all, n.ids[of] = append(n.all, of), id
	return id
}

// NewColumns returns columns to be filled, and then settled.
func NewColumns() *Columns {
	return &Columns{closed: lineup{by: ByClosed, loose: true}, opened: lineup{by: ByOpened, loose: true}}
}

// Len is how many cases there are.
func (c *Columns) Len() int {
	if len(c.blocks) == 0 {
		return 0
	}
	return (len(c.blocks)-1)*blockSize + len(c.blocks[len(c.blocks)-1].rows)
}

// Has tells whether there is a case of that conversation.
func (c *Columns) Has(id string) bool {
	_, ok := c.find(id)
	return ok
}

func (c *Columns) find(id string) (uint32, bool) {
	return c.index.find(id, c.idAt)
}

func (c *Columns) at(n uint32) (*block, *row) {
	b := c.blocks[n/blockSize]
	return b, &b.rows[n%blockSize]
}

// idAt is the conversation of a row. It is the block's: nobody changes one.
func (c *Columns) idAt(n uint32) []byte {
	b, r := c.at(n)
	if next := int(n%blockSize) + 1; next < len(b.rows) {
		return b.ids[r.id:b.rows[next].id]
	}
	return b.ids[r.id:]
}

// Put brings a finished case in, or instead of what it was before.
func (c *Columns) Put(of *Case, test bool) {
	n, known := c.find(of.ID)
	if !known {
		n = c.add(of.ID)
	}
	b, r := c.at(n)
	b.whole = nil
	before := *r
	b.widen(of.Closed.UnixMilli())
	c.fill(b, r, of, known)
	r.setTest(test)
	switch {
	case !known:
		c.opened.add(c, n)
		c.closed.add(c, n)
	case before.opened != r.opened || before.closed != r.closed:
		c.opened.loose, c.closed.loose = true, true
	}
	if known {
		b.tidy()
	}
}

// add makes room for a case.
func (c *Columns) add(id string) uint32 {
	n := uint32(c.Len())
	if n%blockSize == 0 {
		c.blocks = append(c.blocks, &block{rows: make([]row, 0, blockSize)})
	}
	b := c.blocks[n/blockSize]
	b.rows = append(b.rows, row{id: uint32(len(b.ids))})
	b.ids = append(b.ids, id...)
	c.index.add(id, n, c.idAt)
	return n
}

func (c *Columns) fill(b *block, r *row, of *Case, known bool) {
	r.opened, r.closed, r.waited, r.first = of.Opened.UnixMilli(), of.Closed.UnixMilli(), none, none
	if wait, ok := of.Waited(); ok {
		r.waited = max(wait.Milliseconds(), 0)
	}
	if first, ok := of.First(); ok {
		r.first = first.Milliseconds()
	}
	r.place, r.topic, r.asked = c.places.id(placeOf(of)), c.topics.id(of.Topic), uint32(of.Asked)
	r.rating, r.handling = uint8(min(max(of.Rating, 0), 5)), of.Handling()
	r.mark(merged, !of.Counts())
	r.mark(judged, of.Dissatisfied != nil)
	r.mark(angry, of.Dissatisfied != nil && *of.Dissatisfied)
	r.mark(reviewed, !of.Reviewed.IsZero())
	r.mark(forgotten, !of.Forgotten.At.IsZero())
	if known {
		b.garbage += int(r.workCount) + int(r.pairCount)
	}
	r.works, r.workCount = uint32(len(b.works)), uint16(len(of.Works))
	for _, w := range of.Works {
		b.works = append(b.works, work{operator: c.workers.id(w.Operator), messages: uint32(w.Messages), measured: uint32(w.Measured),
			length: uint32(w.Length), kept: max(of.Kept(w.Operator).Milliseconds(), 0)})
	}
	r.pairs, r.pairCount = uint32(len(b.took)), uint32(len(of.Pairs))
	for _, p := range of.Pairs {
		b.askers = append(b.askers, c.workers.id(p.Operator))
		b.took = append(b.took, max(p.Answered.Sub(p.Asked).Milliseconds(), 0))
	}
}

func (b *block) widen(closed int64) {
	if len(b.rows) == 1 {
		b.first, b.last = closed, closed
	}
	b.first, b.last = min(b.first, closed), max(b.last, closed)
}

func (r *row) mark(m marks, so bool) {
	r.marks &^= m
	if so {
		r.marks |= m
	}
}

// tidy makes the block anew if most of its works and pairs are garbage.
func (b *block) tidy() {
	if b.garbage*2 < len(b.works)+len(b.took) {
		return
	}
	old := *b
	b.works, b.askers, b.took, b.garbage = nil, nil, nil, 0
	for i := range b.rows {
		r := &b.rows[i]
		works, pairs := old.works[r.works:][:r.workCount], r.pairs
		r.works, r.pairs = uint32(len(b.works)), uint32(len(b.took))
		b.works = append(b.works, works...)
		b.askers = append(b.askers, old.askers[pairs:][:r.pairCount]...)
		b.took = append(b.took, old.took[pairs:][:r.pairCount]...)
	}
}

// SetTest says whether a case's customer is one for tests.
func (c *Columns) SetTest(id string, test bool) {
	if n, ok := c.find(id); ok {
		b, r := c.at(n)
		r.setTest(test)
		b.whole = nil
	}
}

// setTest says whether the customer is one for tests, once it is known whether the
// row was merged.
func (r *row) setTest(test bool) {
	r.mark(isTest, test)
	r.mark(uncounted, r.marks&(isTest|merged) != 0)
}

// IsTest tells what SetTest said.
func (c *Columns) IsTest(id string) bool {
	n, ok := c.find(id)
	if !ok {
		return false
	}
	_, r := c.at(n)
	return r.marks&isTest != 0
}

// Settle puts the cases in order, for [Columns.List], and sums up full blocks, for
// [Columns.Count]. Once that is done they stay so, but for one that ended or began
// at another time than before, and for the blocks of those that have changed.
func (c *Columns) Settle() {
	c.opened.settle(c)
	c.closed.settle(c)
	c.wholes()
}
