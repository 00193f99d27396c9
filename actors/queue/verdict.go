package queue

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// A bound is how many names a verdict has room for.
type bound struct{ candidates, names int }

// usual is the bound of verdicts that are kept.
var usual = bound{candidates: 5, names: 3}

// A survey is all operators, seen by one conversation.
type survey struct {
	*draft
	bound
	w        *Wait
	excluded [rules]tally
	best     []*Operator // of those who fit and are free, the best first
	prefers  int         // how many of best are there because they served the customer
	fitting  int
}

// A tally counts operators and names the first of them.
type tally struct {
	count int
	names []string
}

// verdict says who gets w, and why the others do not.
func (d *draft) verdict(w *Wait, b bound) *event.Verdict {
	s := survey{draft: d, bound: b, w: w}
	s.prefer()
	for _, r := range d.reachOf(w) {
		s.kind(r)
	}
	known := d.s.index.known
	for id, o := range d.operators {
		known += s.retouch(d.s.Operators[id], o)
	}
	return &event.Verdict{
		OperatorId: s.winner(),
		Rule:       s.ruling(),
		Candidates: s.candidates(),
		Excluded:   s.exclusions(),
		Fitting:    int32(s.fitting),
		Considered: int32(known),
		Version:    d.entries(),
	}
}

// prefer puts those first who served the customer before, the latest first.
func (s *survey) prefer() {
	if s.s.NoAffinity {
		return
	}
	for _, id := range s.w.Preferred {
		o := s.operator(id)
		if len(s.best) < s.bound.candidates && s.rule(s.w, o) == none && !slices.Contains(s.best, o) {
			s.best = append(s.best, o)
		}
	}
	s.prefers = len(s.best)
}

// kind counts a kind of operators, as the index has it.
func (s *survey) kind(r reach) {
	if r.rule != none {
		s.exclude(r.rule, &r.kind.all)
		return
	}
	s.exclude(notOnline, &r.kind.closed)
	s.exclude(full, &r.kind.full)
	if s.w.special() {
		s.choose(&r.kind.free)
		return
	}
	s.fitting += len(r.kind.free.items)
	for _, o := range r.kind.free.items {
		if !s.touched(o) && !s.offer(o) {
			return
		}
	}
}

// choose counts those who are free for a conversation that is not for all.
func (s *survey) choose(free *order[*Operator]) {
	for _, o := range free.items {
		if s.touched(o) {
			continue
		}
		if r := s.chosen(s.w, o); r != none {
			s.excluded[r].add(o.ID, s.names)
			continue
		}
		s.fitting++
		s.offer(o)
	}
}

// retouch corrects the count by one operator whom the index knows as they
// were. It returns the change in how many are known.
func (s *survey) retouch(was, is *Operator) int {
	change := 0
	if was != nil && !was.Gone {
		change--
		switch r := s.rule(s.w, was); {
		case s.w.special() && (r == none || r > full): // not counted, see choose
		case r == none:
			s.fitting--
		default:
			s.excluded[r].count--
		}
	}
	if is.Gone {
		return change
	}
	if r := s.rule(s.w, is); r != none {
		s.excluded[r].add(is.ID, s.names)
	} else {
		s.fitting++
		s.offer(is)
	}
	return change + 1
}

// offer puts o in its place among the best. It is false if there is none.
func (s *survey) offer(o *Operator) bool {
	if slices.Contains(s.best[:s.prefers], o) {
		return true
	}
	i, _ := slices.BinarySearchFunc(s.best[s.prefers:], o, byLoad)
	if i += s.prefers; i >= s.bound.candidates {
		return false
	}
	if len(s.best) == s.bound.candidates {
		s.best = s.best[:len(s.best)-1]
	}
	s.best = slices.Insert(s.best, i, o)
	return true
}

// exclude counts a whole list, in order of id.
func (s *survey) exclude(r rule, list *order[*Operator]) {
	t := &s.excluded[r]
	t.count += len(list.items)
	for _, o := range list.items {
		if !s.touched(o) && !t.name(o.ID, s.names) {
			return
		}
	}
}

func (t *tally) add(id string, most int) {
	t.count++
	t.name(id, most)
}

// name keeps id if it is among the first. It is false if not.
func (t *tally) name(id string, most int) bool {
	if len(t.names) == most {
		if most == 0 || id > t.names[most-1] {
			return false
		}
		t.names = t.names[:most-1]
	}
	i, _ := slices.BinarySearch(t.names, id)
	t.names = slices.Insert(t.names, i, id)
	return true
}

func (s *survey) winner() string {
	if len(s.best) == 0 {
		return ""
	}
	return s.best[0].ID
}

// ruling names the rule by which the winner won.
func (s *survey) ruling() string {
	switch {
	case len(s.best) == 0:
		return "none"
	case s.w.Wanted != "":
		return "wanted"
	case s.fitting == 1:
		return "only_one"
	case s.prefers > 0:
		return "affinity"
	case len(s.best) > 1 && s.best[0].load() < s.best[1].load():
		return "least_loaded"
	}
	return "longest_idle"
}

// candidates says how each stood. What is held includes the offers of this
// queue that are open: it is what was compared.
func (s *survey) candidates() []*event.Candidate {
	out := make([]*event.Candidate, 0, len(s.best))
	for _, o := range s.best {
		out = append(out, &event.Candidate{
			OperatorId: o.ID,
			Held:       o.load(),
			Capacity:   o.Capacity,
			IdleSince:  stamp(o.IdleSince),
			Affinity:   int32(slices.Index(s.w.Preferred, o.ID) + 1),
		})
	}
	return out
}

func (s *survey) exclusions() []*event.Exclusion {
	var out []*event.Exclusion
	for r, t := range s.excluded {
		if t.count > 0 {
			out = append(out, &event.Exclusion{Rule: rule(r).String(), Count: int32(t.count), OperatorIds: t.names})
		}
	}
	return out
}

// Explain says in full why a conversation waits, or whom it is offered to, as
// things stand: every operator of the line is in it. It is nil for one that
// does not wait here.
func Explain(s State, conversation string) *event.Verdict {
	d := newDraft(s, time.Time{})
	w := d.wait(conversation)
	if w == nil {
		return nil
	}
	v := d.verdict(w, bound{candidates: len(s.Operators), names: len(s.Operators)})
	if w.Offer != nil {
		v.OperatorId, v.Rule = w.Offer.Operator, "offered"
	}
	return v
}

// Why returns the rule by which an operator is not given a conversation:
// line, language, skill, not_online, full, not_wanted, avoided or declined. It
// is not_waiting for a conversation that is not in this line, and empty if
// nothing is in the way.
func Why(s State, conversation, operator string) string {
	d := newDraft(s, time.Time{})
	w := d.wait(conversation)
	if w == nil {
		return "not_waiting"
	}
	return d.rule(w, d.operator(operator)).String()
}

func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
