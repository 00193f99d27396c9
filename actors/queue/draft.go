package queue

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// A draft is a decision in the making: the events so far, written over a state
// that is only read. What the events have touched is in the draft, all else is
// still as the state's index has it.
type draft struct {
	s         State
	at        *timestamppb.Timestamp
	waits     map[string]*Wait // nil: left
	operators map[string]*Operator
	events    []event.Event
	// loose and roused are the waits and operators that may fit somebody now
	// and did not before. Nobody else can: nothing was left to fit.
	loose, roused []string
}

func newDraft(s State, now time.Time) *draft {
	if s.index == nil {
		s = open(s)
	}
	return &draft{s: s, at: timestamppb.New(now)}
}

func (d *draft) emit(e event.Event) {
	d.events = append(d.events, e)
	write(d, e)
}

func (d *draft) entries() uint64      { return d.s.Version + uint64(len(d.events)) }
func (d *draft) worth() time.Duration { return d.s.worth() }

func (d *draft) wait(conversation string) *Wait {
	if w, ok := d.waits[conversation]; ok {
		return w
	}
	return d.s.Waits[conversation]
}

func (d *draft) operator(id string) *Operator {
	if o, ok := d.operators[id]; ok {
		return o
	}
	return d.s.Operators[id]
}

func (d *draft) putWait(w *Wait) {
	if d.waits == nil {
		d.waits = map[string]*Wait{}
	}
	d.waits[w.Conversation] = w
	d.loosen(w.Conversation)
}

func (d *draft) dropWait(conversation string) {
	if d.waits == nil {
		d.waits = map[string]*Wait{}
	}
	d.waits[conversation] = nil
}

func (d *draft) putOperator(o *Operator) {
	if d.operators == nil {
		d.operators = map[string]*Operator{}
	}
	d.operators[o.ID] = o
	if !slices.Contains(d.roused, o.ID) {
		d.roused = append(d.roused, o.ID)
	}
}

func (d *draft) changeWait(conversation string, f func(*Wait)) {
	if w := d.wait(conversation); w != nil {
		next := *w
		f(&next)
		d.putWait(&next)
	}
}

func (d *draft) changeOperator(id string, f func(*Operator)) {
	o := d.operator(id)
	if o == nil {
		return
	}
	next := *o
	f(&next)
	d.putOperator(&next)
	if o.Open && (!next.Open || next.knows != o.knows) {
		d.missed(o)
	}
}

func (d *draft) loosen(conversation string) {
	if !slices.Contains(d.loose, conversation) {
		d.loose = append(d.loose, conversation)
	}
}

// missed looks for waits that passed others over as long as o could be had.
func (d *draft) missed(o *Operator) {
	k := d.s.index.kinds[o.knows]
	if k == nil {
		return
	}
	for _, c := range k.classes {
		if len(c.special.items) == 0 {
			continue
		}
		open := d.open(c.language, c.skills, c.reach)
		for _, w := range c.special.items {
			if len(w.Avoid) >= open {
				d.loosen(w.Conversation)
			}
		}
	}
}

// match makes every offer that can be made, to the first in line first.
func (d *draft) match() {
	for {
		w := d.next()
		if w == nil {
			return
		}
		v := d.verdict(w, usual)
		d.s.Made++
		d.emit(&event.OfferMade{
			At:             d.at,
			OfferId:        offerID(d.s.Line, d.s.Made),
			ConversationId: w.Conversation,
			Turn:           w.Turn,
			OperatorId:     v.OperatorId,
			Until:          timestamppb.New(d.at.AsTime().Add(patience)),
			Verdict:        v,
			LineId:         d.s.Line,
		})
	}
}

// next returns the first in line whom somebody free fits, or nil. Whoever has
// nobody now has nobody later in this decision: offers only take.
func (d *draft) next() *Wait {
	var first *Wait
	d.loose = slices.DeleteFunc(d.loose, func(id string) bool {
		w := d.wait(id)
		if w == nil || w.Offer != nil || !d.anybody(w) {
			return true
		}
		first = sooner(first, w)
		return false
	})
	d.roused = slices.DeleteFunc(d.roused, func(id string) bool {
		w := d.firstFor(d.operator(id))
		first = sooner(first, w)
		return w == nil
	})
	return first
}

func sooner(a, b *Wait) *Wait {
	if a == nil || b != nil && inLine(b, a) < 0 {
		return b
	}
	return a
}

// firstFor returns the first in line that o can be offered, or nil.
func (d *draft) firstFor(o *Operator) *Wait {
	if o.free() == 0 {
		return nil
	}
	var first *Wait
	for _, c := range d.classesFor(o) {
		first = sooner(first, d.firstOf(&c.plain, o, first))
		first = sooner(first, d.firstOf(&c.special, o, first))
	}
	for _, w := range d.waits {
		if w != nil && w.Offer == nil && d.rule(w, o) == none {
			first = sooner(first, w)
		}
	}
	return first
}

// firstOf returns the first in list that o can be offered and that is before
// another wait, or nil.
func (d *draft) firstOf(list *order[*Wait], o *Operator, before *Wait) *Wait {
	for _, w := range list.items {
		if before != nil && inLine(w, before) > 0 {
			return nil
		}
		if _, touched := d.waits[w.Conversation]; !touched && d.chosen(w, o) == none {
			return w
		}
	}
	return nil
}

// classesFor returns the classes that o fits.
func (d *draft) classesFor(o *Operator) []*class {
	if k := d.s.index.kinds[o.knows]; k != nil {
		return k.classes
	}
	var out []*class
	for _, c := range d.s.index.classes {
		if fit(c.language, c.skills, o.Languages, o.Skills) == none {
			out = append(out, c)
		}
	}
	return out
}

// reachOf returns what every kind is to w.
func (d *draft) reachOf(w *Wait) []reach {
	if c := d.s.index.classes[w.asks]; c != nil {
		return c.reach
	}
	c := &class{language: w.Language, skills: w.Skills}
	for _, k := range d.s.index.kinds {
		c.reach = append(c.reach, reach{k, fit(c.language, c.skills, k.languages, k.skills)})
	}
	return c.reach
}

// anybody reports whether w can be offered to anybody now.
func (d *draft) anybody(w *Wait) bool {
	if w.Wanted != "" {
		o := d.operator(w.Wanted)
		return o != nil && d.rule(w, o) == none
	}
	for _, o := range d.operators {
		if d.rule(w, o) == none {
			return true
		}
	}
	for _, r := range d.reachOf(w) {
		if r.rule != none {
			continue
		}
		for _, o := range r.kind.free.items {
			if !d.touched(o) && d.chosen(w, o) == none {
				return true
			}
		}
	}
	return false
}

// touched reports whether the index knows o as it was.
func (d *draft) touched(o *Operator) bool {
	if len(d.operators) == 0 {
		return false
	}
	_, ok := d.operators[o.ID]
	return ok
}

// open returns how many operators are open who fit.
func (d *draft) open(language string, skills []string, all []reach) int {
	n := 0
	for _, r := range all {
		if r.rule == none {
			n += len(r.kind.full.items) + len(r.kind.free.items)
		}
	}
	for id, o := range d.operators {
		if was := d.s.Operators[id]; was != nil && was.Open && fit(language, skills, was.Languages, was.Skills) == none {
			n--
		}
		if o.Open && fit(language, skills, o.Languages, o.Skills) == none {
			n++
		}
	}
	return n
}
