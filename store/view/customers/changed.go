package customers

import (
	"cmp"
	"container/heap"
	"slices"
	"time"
)

// stamp gives a row that an event has touched the next stamp, which is not before
// the event happened. So who asks for what changed since a time gets all of it, and
// who goes on from a stamp misses nothing: a customer moves only to the end.
//
// Who is part of another is seen as that one, whose row is stamped with it.
func (v *View) stamp(changed map[string]*row, id string, at time.Time) error {
	c := changed[id]
	if !c.touched {
		return nil
	}
	c.touched = false
	if v.fault == unstamped {
		c.Changed = at.UnixMicro()
		return nil
	}
	v.last = max(v.last+1, at.UnixMicro())
	c.Changed = v.last
	if c.Into == "" || c.Into == id {
		return nil
	}
	if changed[c.Into] == nil {
		whole, err := v.read(c.Into)
		if err != nil {
			return err
		}
		changed[c.Into] = whole
	}
	v.last++
	changed[c.Into].Changed = v.last
	return nil
}

// A Change is a customer as they are after their last change.
type Change struct {
	ID        string
	Stamp     int64
	Erased    bool
	Test      bool
	Into      string
	Absorbed  []string
	Fields    map[string]string
	Addresses []Address
	Last      time.Time
}

// An Address is one of a customer's.
type Address struct{ Account, Address, Kind string }

// Changed returns the customers that were changed after a stamp and that the asker
// sees, in the order of their changes. Of the question only who asks counts.
func (v *View) Changed(q Question, after int64) (out []Change, err error) {
	if !v.ready.Load() {
		return nil, ErrLoading
	}
	eyes := &eyes{Question: q, all: v.fault == seesAll, seen: map[uint32]bool{}}
	v.mu.RLock()
	first := v.index.after(after, eyes)
	v.mu.RUnlock()
	for _, f := range first {
		c, err := v.read(f.id)
		if err != nil {
			return nil, err
		}
		d := Change{ID: f.id, Stamp: f.stamp, Erased: c.Erased, Test: c.Test, Into: c.Into, Absorbed: c.Absorbed, Last: c.Last}
		if c.Into == "" {
			d.Fields = c.Fields
			for _, a := range c.Addresses {
				d.Addresses = append(d.Addresses, Address(a))
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// A stamped is a customer and the stamp.
type stamped struct {
	id    string
	stamp int64
}

// after returns the first visible customers after a stamp. It looks at everybody in
// memory: some milliseconds for a hundred thousand.
func (x *index) after(stamp int64, e *eyes) []stamped {
	var best lastFirst
	for i := range x.entries {
		c := &x.entries[i]
		if c.changed <= stamp || len(best) == e.Limit && c.changed >= best[0].stamp || !x.visible(c, e) {
			continue
		}
		heap.Push(&best, stamped{c.id, c.changed})
		if len(best) > e.Limit {
			heap.Pop(&best)
		}
	}
	slices.SortFunc(best, func(a, b stamped) int { return cmp.Compare(a.stamp, b.stamp) })
	return best
}

// lastFirst is a heap with the latest at its top.
type lastFirst []stamped

func (l lastFirst) Len() int           { return len(l) }
func (l lastFirst) Less(i, j int) bool { return l[i].stamp > l[j].stamp }
func (l lastFirst) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *lastFirst) Push(s any)        { *l = append(*l, s.(stamped)) }
func (l *lastFirst) Pop() any {
	s := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return s
}
