package queue

import (
	"cmp"
	"slices"
	"strings"
)

// An index finds waits and operators without looking at each. It is a function
// of the state: nothing that is decided depends on how it came about.
type index struct {
	classes map[string]*class
	kinds   map[string]*kind
	due     order[*Wait]      // those with a deadline, the next first
	offers  map[string]string // open offer -> conversation
	left    map[string]uint64 // conversation -> the last turn that left
	known   int               // operators who serve the line
	unused  int               // classes and kinds without members
}

// A class is the waits that ask for the same.
type class struct {
	language string
	skills   []string
	plain    order[*Wait] // for everybody who fits
	special  order[*Wait] // for some
	reach    []reach      // all kinds
	members  int          // the offered ones included
}

// A kind is the operators who know the same.
type kind struct {
	languages, skills []string
	all, closed, full order[*Operator] // by id
	free              order[*Operator] // the best first
	classes           []*class         // that fit
}

// A reach says why a kind does not fit a class, or that it does.
type reach struct {
	kind *kind
	rule rule
}

func newIndex() *index {
	return &index{
		classes: map[string]*class{},
		kinds:   map[string]*kind{},
		due:     order[*Wait]{compare: byDue},
		offers:  map[string]string{},
		left:    map[string]uint64{},
	}
}

func className(language string, skills []string) string {
	return language + "\x00" + strings.Join(skills, "\x00")
}

func kindName(languages, skills []string) string {
	return strings.Join(languages, "\x00") + "\x01" + strings.Join(skills, "\x00")
}

// fit returns the rule by which somebody does not fit, or none.
func fit(language string, asked, languages, skills []string) rule {
	if language != "" {
		if _, ok := slices.BinarySearch(languages, language); !ok {
			return byLanguage
		}
	}
	for _, skill := range asked {
		if _, ok := slices.BinarySearch(skills, skill); !ok {
			return bySkill
		}
	}
	return none
}

func (x *index) addWait(w *Wait) {
	c := x.classOf(w)
	if c.members == 0 {
		x.unused--
	}
	c.members++
	switch {
	case w.Offer == nil && w.special():
		c.special.add(w)
	case w.Offer == nil:
		c.plain.add(w)
	case !w.Offer.Accepted:
		x.offers[w.Offer.ID] = w.Conversation
	}
	if !w.due().IsZero() {
		x.due.add(w)
	}
}

func (x *index) removeWait(w *Wait) {
	c := x.classOf(w)
	switch {
	case w.Offer == nil && w.special():
		c.special.remove(w)
	case w.Offer == nil:
		c.plain.remove(w)
	case !w.Offer.Accepted:
		delete(x.offers, w.Offer.ID)
	}
	if !w.due().IsZero() {
		x.due.remove(w)
	}
	c.members--
	if c.members == 0 {
		x.unused++
		x.tidy()
	}
}

func (x *index) addOperator(o *Operator) {
	if o.Gone {
		return
	}
	k := x.kindOf(o)
	if len(k.all.items) == 0 {
		x.unused--
	}
	x.known++
	k.all.add(o)
	k.list(o).add(o)
}

func (x *index) removeOperator(o *Operator) {
	if o.Gone {
		return
	}
	k := x.kindOf(o)
	x.known--
	k.all.remove(o)
	k.list(o).remove(o)
	if len(k.all.items) == 0 {
		x.unused++
		x.tidy()
	}
}

// list returns where o belongs as it is now.
func (k *kind) list(o *Operator) *order[*Operator] {
	switch {
	case !o.Open:
		return &k.closed
	case o.free() == 0:
		return &k.full
	}
	return &k.free
}

func (x *index) classOf(w *Wait) *class {
	c := x.classes[w.asks]
	if c == nil {
		c = &class{language: w.Language, skills: w.Skills}
		c.plain.compare, c.special.compare = inLine, inLine
		for _, k := range x.kinds {
			c.meet(k)
		}
		x.classes[w.asks] = c
		x.unused++
	}
	return c
}

func (x *index) kindOf(o *Operator) *kind {
	k := x.kinds[o.knows]
	if k == nil {
		k = &kind{languages: o.Languages, skills: o.Skills}
		k.all.compare, k.closed.compare, k.full.compare, k.free.compare = byID, byID, byID, byLoad
		for _, c := range x.classes {
			c.meet(k)
		}
		x.kinds[o.knows] = k
		x.unused++
	}
	return k
}

// meet works out whether c can be served by k.
func (c *class) meet(k *kind) {
	r := fit(c.language, c.skills, k.languages, k.skills)
	c.reach = append(c.reach, reach{k, r})
	if r == none {
		k.classes = append(k.classes, c)
	}
}

// enough is how many classes and kinds without members are kept. They are kept
// at all because the next one that enters, or the next standing, brings them back.
const enough = 256

// tidy forgets classes and kinds without members, if there are many.
func (x *index) tidy() {
	if x.unused <= enough {
		return
	}
	x.unused = 0
	for name, c := range x.classes {
		if c.members == 0 {
			delete(x.classes, name)
		}
	}
	for name, k := range x.kinds {
		if len(k.all.items) == 0 {
			delete(x.kinds, name)
		}
	}
	for _, c := range x.classes {
		c.reach = slices.DeleteFunc(c.reach, func(r reach) bool { return len(r.kind.all.items) == 0 })
	}
	for _, k := range x.kinds {
		k.classes = slices.DeleteFunc(k.classes, func(c *class) bool { return c.members == 0 })
	}
}

// An order is a set in order. No two members compare as equal.
type order[T any] struct {
	items   []T
	compare func(a, b T) int
}

func (o *order[T]) add(x T) {
	i, _ := slices.BinarySearchFunc(o.items, x, o.compare)
	o.items = slices.Insert(o.items, i, x)
}

func (o *order[T]) remove(x T) {
	i, found := slices.BinarySearchFunc(o.items, x, o.compare)
	switch {
	case !found:
		panic("queue: the index is out of step")
	case i == 0: // the usual case, and cheap in a long line
		var nobody T
		o.items[0] = nobody
		o.items = o.items[1:]
	default:
		o.items = slices.Delete(o.items, i, i+1)
	}
}

// inLine compares waits: who is served first.
func inLine(a, b *Wait) int {
	if c := cmp.Compare(a.place, b.place); c != 0 {
		return c
	}
	return cmp.Compare(a.Entry, b.Entry)
}

func byDue(a, b *Wait) int {
	if c := a.due().Compare(b.due()); c != 0 {
		return c
	}
	return cmp.Compare(a.Entry, b.Entry)
}

func byID(a, b *Operator) int { return strings.Compare(a.ID, b.ID) }

// byLoad compares operators: who is given the next, the least loaded, then the
// one idle longest.
func byLoad(a, b *Operator) int {
	if c := cmp.Compare(a.load(), b.load()); c != 0 {
		return c
	}
	if c := a.IdleSince.Compare(b.IdleSince); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}
