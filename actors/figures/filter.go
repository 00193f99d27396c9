package figures

import (
	"slices"
	"time"

	"crafttalkd/actors/event"
)

// A Span is a stretch of time, its end not included. A zero end is open.
type Span struct{ From, To time.Time }

// Has tells whether the time is in the span.
func (s Span) Has(at time.Time) bool {
	return (s.From.IsZero() || !at.Before(s.From)) && (s.To.IsZero() || at.Before(s.To))
}

// And is the time that is in both.
func (s Span) And(o Span) Span {
	if s.From.Before(o.From) {
		s.From = o.From
	}
	if s.To.IsZero() || !o.To.IsZero() && o.To.Before(s.To) {
		s.To = o.To
	}
	return s
}

// bounds are the span in milliseconds.
func (s Span) bounds() (from, to int64) {
	from, to = -1<<63, 1<<63-1
	if !s.From.IsZero() {
		from = ceil(s.From)
	}
	if !s.To.IsZero() {
		to = ceil(s.To)
	}
	return from, to
}

// ceil is the first whole millisecond that is not before a time.
func ceil(at time.Time) int64 {
	ms := at.UnixMilli()
	if time.UnixMilli(ms).Before(at) {
		ms++
	}
	return ms
}

// A Filter chooses cases. An empty list asks for nothing; a list takes what has
// any of its values, and the empty value stands for cases that have none.
type Filter struct {
	Closed, Opened Span
	Bar            Span // a bar of the chart over time: of Closed too
	Centers        []string
	Kinds          []string // of the account
	Accounts       []string
	Lines          []string
	Languages      []string
	Skills         []string
	Topics         []string
	Operators      []string // who wrote in it or kept it, however shortly; the empty one for nobody
	Ratings        []int32  // 0 for none
	Handlings      []Handling
	Dissatisfied   *bool
	Reviewed       *bool
	// Counted asks for what figures are made of, or for what they are not: cases of
	// customers for tests, and those that became a part of others. Nil asks for both.
	Counted *bool
}

// A Sees is the rule by which the asker sees cases.
type Sees func(center string, r *event.Routing) bool

// A Dimension is what cases are told apart by.
type Dimension uint8

// The dimensions.
const (
	Time Dimension = iota
	Channel
	Account
	Line
	Language
	Topic
	Rating
	Way // who handled it
	Worker
	dimensions
)

// A Choice is a filter and a rule made ready for columns. It is of one moment:
// what comes later may be of a place that it does not know.
type Choice struct {
	opened         [2]int64
	closed         [2]int64
	bar            [2]int64
	places         []failing
	topics         []bool // nil asks for nothing, as below
	workers        []bool
	ratings        *[256]bool
	handlings      *[256]bool
	marked, absent marks
	behind         func(*Choice, *block, *row) bool
}

// failing are the dimensions in which something is not wanted: bit d for d.
type failing uint32

// unseen is what no filter brings back.
const unseen failing = 1 << dimensions

// Choose makes a choice of the cases there are now.
func (c *Columns) Choose(f Filter, sees Sees) *Choice {
	x := &Choice{}
	x.opened[0], x.opened[1] = f.Opened.bounds()
	x.closed[0], x.closed[1] = f.Closed.bounds()
	x.bar[0], x.bar[1] = f.Bar.bounds()
	for _, p := range c.places.all {
		x.places = append(x.places, f.failingAt(p, sees))
	}
	x.topics, x.workers = wanted(f.Topics, &c.topics), wanted(f.Operators, &c.workers)
	if len(f.Ratings) > 0 {
		x.ratings = new([256]bool)
		for _, r := range f.Ratings {
			x.ratings[uint8(r)] = true
		}
	}
	if len(f.Handlings) > 0 {
		x.handlings = new([256]bool)
		for _, h := range f.Handlings {
			x.handlings[h] = true
		}
	}
	x.mark(f)
	return x
}

// mark says which marks are asked for, and which are not wanted.
func (x *Choice) mark(f Filter) {
	if f.Counted != nil && *f.Counted {
		x.absent |= uncounted
	} else if f.Counted != nil {
		x.marked |= uncounted
	}
	if d := f.Dissatisfied; d != nil && *d {
		x.marked |= angry
	} else if d != nil {
		x.marked, x.absent = x.marked|judged, x.absent|angry
	}
	if r := f.Reviewed; r != nil && *r {
		x.marked |= reviewed
	} else if r != nil {
		x.absent |= reviewed
	}
}

// wanted says of each name whether the list has it, and at the end whether it has
// the empty one; nil if the list asks for nothing.
func wanted(list []string, of *names[string]) []bool {
	if len(list) == 0 {
		return nil
	}
	out := make([]bool, len(of.all)+1)
	for _, name := range list {
		if id, ok := of.ids[name]; ok {
			out[id] = true
		}
	}
	out[len(of.all)] = slices.Contains(list, "")
	return out
}

func (f *Filter) failingAt(p place, sees Sees) (out failing) {
	skills := p.skillList()
	if !sees(p.center, &event.Routing{LineId: p.line, Language: p.language, Skills: skills}) || !has(f.Centers, p.center) || !asks(f.Skills, skills) {
		return unseen
	}
	for d, ok := range map[Dimension]bool{Channel: has(f.Kinds, p.kind), Account: has(f.Accounts, p.account), Line: has(f.Lines, p.line),
		Language: has(f.Languages, p.language)} {
		if !ok {
			out |= 1 << d
		}
	}
	return out
}

func has(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }

func asks(list, skills []string) bool {
	return len(list) == 0 || len(skills) == 0 && slices.Contains(list, "") ||
		slices.ContainsFunc(skills, func(s string) bool { return slices.Contains(list, s) })
}

// Takes tells whether there is a case of the conversation and it passes.
func (c *Columns) Takes(x *Choice, id string) bool {
	n, ok := c.find(id)
	if !ok {
		return false
	}
	return x.takes(c.at(n))
}

// takes tells whether a row passes.
func (x *Choice) takes(b *block, r *row) bool {
	return x.failing(b, r) == 0 && (x.behind == nil || x.behind(x, b, r))
}

// failing tells in which dimensions a row does not pass.
func (x *Choice) failing(b *block, r *row) (out failing) {
	if r.closed < x.closed[0] || r.closed >= x.closed[1] || r.opened < x.opened[0] || r.opened >= x.opened[1] ||
		r.marks&x.absent != 0 || r.marks&x.marked != x.marked {
		return unseen
	}
	if out = x.places[r.place]; out&unseen != 0 {
		return unseen
	}
	if r.closed < x.bar[0] || r.closed >= x.bar[1] {
		out |= 1 << Time
	}
	if x.topics != nil && !x.topics[r.topic] {
		out |= 1 << Topic
	}
	if x.ratings != nil && !x.ratings[r.rating] {
		out |= 1 << Rating
	}
	if x.handlings != nil && !x.handlings[r.handling] {
		out |= 1 << Way
	}
	if x.workers != nil && !x.worked(b, r) {
		out |= 1 << Worker
	}
	return out
}

// worked tells whether one of the operators asked for worked on the row, or nobody
// did where that is asked for.
func (x *Choice) worked(b *block, r *row) bool {
	if r.workCount == 0 {
		return x.workers[len(x.workers)-1]
	}
	for _, w := range b.works[r.works:][:r.workCount] {
		if x.workers[w.operator] {
			return true
		}
	}
	return false
}
