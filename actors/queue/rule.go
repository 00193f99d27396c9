package queue

import "slices"

// A rule is why an operator is not given a conversation. The first that
// applies is the one that is told.
type rule uint8

const (
	none       rule = iota // nothing is in the way
	byLine                 // does not serve the line
	byLanguage             // does not know the language
	bySkill                // lacks a skill
	notOnline              // or has no connection
	full                   // as many conversations as the capacity, offers included
	notWanted              // another operator is waited for
	avoided                // lost it just now, and others could take it
	declined               // did not take it, and has not changed since
	rules                  // how many there are
)

var ruleNames = [rules]string{"", "line", "language", "skill", "not_online", "full", "not_wanted", "avoided", "declined"}

func (r rule) String() string { return ruleNames[r] }

// rule returns why o is not given w, or none.
func (d *draft) rule(w *Wait, o *Operator) rule {
	if o == nil || o.Gone {
		return byLine
	}
	if r := fit(w.Language, w.Skills, o.Languages, o.Skills); r != none {
		return r
	}
	switch {
	case !o.Open:
		return notOnline
	case o.free() == 0:
		return full
	}
	return d.chosen(w, o)
}

// chosen is the rule for o, who fits w and is free.
func (d *draft) chosen(w *Wait, o *Operator) rule {
	switch {
	case !w.special():
		return none
	case w.Wanted != "":
		if o.ID != w.Wanted {
			return notWanted
		}
	case slices.Contains(w.Avoid, o.ID) && d.others(w):
		return avoided
	}
	if seq := w.Passed[o.ID]; seq > 0 && o.Seq <= seq {
		return declined
	}
	return none
}

// others reports whether anybody who fits w is open and not to be avoided.
// They need not be free: w may wait for them.
func (d *draft) others(w *Wait) bool {
	n := d.open(w.Language, w.Skills, d.reachOf(w))
	for i, id := range w.Avoid {
		o := d.operator(id)
		if o != nil && o.Open && !slices.Contains(w.Avoid[:i], id) &&
			fit(w.Language, w.Skills, o.Languages, o.Skills) == none {
			n--
		}
	}
	return n > 0
}
