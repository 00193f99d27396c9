package talk

import (
	"context"
	"iter"
	"time"

	"github.com/blugelabs/bluge"

	"crafttalkd/store/search/compound"
)

// mostNames is up to how many conversations of a day are asked for by name: more
// are asked for as the day.
const mostNames = 48

// Among leaves of conversations, which come by when they were opened, in either
// order, those in which the words were said. It looks no further than it is
// asked: who has enough stops. What is of a conversation is its id, and when it
// was opened.
func Among[T any](ctx context.Context, x *Index, w Words, all iter.Seq[T], of func(T) (id string, opened time.Time)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if w.None() {
			for one := range all {
				if !yield(one, nil) {
					return
				}
			}
			return
		}
		d := &drawer[T]{of: of, look: x.looker(ctx, w), yield: yield}
		for one := range all {
			if !d.add(one) {
				return
			}
		}
		d.empty()
	}
}

// A drawer holds the conversations of one day while they come.
type drawer[T any] struct {
	of    func(T) (string, time.Time)
	look  func(day string, ids []string) (said map[string]bool, err error)
	yield func(T, error) bool

	day   string
	began time.Time // the day
	ids   []string
	held  []T
}

func (d *drawer[T]) add(one T) bool {
	id, opened := d.of(one)
	if since := opened.Sub(d.began); since < 0 || since >= 24*time.Hour {
		if !d.empty() {
			return false
		}
		d.day, d.began = dayOf(opened), opened.UTC().Truncate(24*time.Hour)
	}
	d.ids, d.held = append(d.ids, id), append(d.held, one)
	return true
}

// empty yields those of the day in which the words were said.
func (d *drawer[T]) empty() bool {
	if len(d.ids) == 0 {
		return true
	}
	said, err := d.look(d.day, d.ids)
	if err != nil {
		var nothing T
		d.yield(nothing, err)
		return false
	}
	for i, one := range d.held {
		if said[d.ids[i]] && !d.yield(one, nil) {
			return false
		}
	}
	d.ids, d.held = d.ids[:0], d.held[:0]
	return true
}

// A looker tells in which conversations the words were said, day by day. Of a
// month in which they are rare it asks once, and of others for each day. Words
// that are frequent may be rare together, next to each other above all: that
// shows after some days.
type looker struct {
	index *Index
	words Words // sealed
	month string
	all   map[string]bool // of a month that was asked for at once; nil for others

	days, found int // asked so far, and what was there
}

// trial is after how many days it shows that words are rare together.
const trial = 3

// rare reports whether so few are found that a page takes months.
func (l *looker) rare() bool { return l.days >= trial && l.found <= l.days }

// mostAtOnce is up to how many conversations of a month are asked for at once.
const mostAtOnce = 4096

// looker returns what tells in which conversations of a day the words were said.
func (x *Index) looker(ctx context.Context, w Words) func(day string, ids []string) (map[string]bool, error) {
	c := newClerk(x.key)
	c.fault = x.fault
	l := &looker{index: x, words: w.sealed(c)}
	return func(day string, ids []string) (said map[string]bool, err error) {
		if err := x.Ready(); err != nil {
			return nil, err
		}
		x.mu.RLock()
		defer x.mu.RUnlock()
		name := day[:len(monthLayout)]
		m := x.months[name]
		if m == nil || x.closed {
			return nil, nil
		}
		if name != l.month {
			if err := l.turn(ctx, m, name); err != nil {
				return nil, err
			}
		}
		if l.all == nil && len(ids) > x.names && l.rare() {
			if err := l.whole(ctx, m); err != nil {
				return nil, err
			}
		}
		if l.all != nil {
			return l.all, nil
		}
		return l.day(ctx, m, day, ids)
	}
}

// turn begins a month.
func (l *looker) turn(ctx context.Context, m *month, name string) error {
	l.month, l.all = name, nil
	most, err := m.most(l.words)
	switch {
	case err != nil || most > l.index.few:
		return err
	case most == 0:
		l.all = map[string]bool{}
		return nil
	}
	return l.whole(ctx, m)
}

// whole asks for the month at once.
func (l *looker) whole(ctx context.Context, m *month) error {
	all := map[string]bool{}
	var in bluge.Query // what has the words is of the month
	if len(l.words.all) == 0 {
		in = bluge.NewPrefixQuery(l.month).SetField(ofDay)
	}
	if err := m.find(ctx, in, l.words, func(id []byte) { all[string(id)] = true }); err != nil {
		return err
	}
	l.all = all
	l.days, l.found = l.days+30, l.found+len(all)
	return nil
}

// day asks for the conversations of a day, by their names if they are few. It
// keeps those that were asked for.
func (l *looker) day(ctx context.Context, m *month, day string, ids []string) (map[string]bool, error) {
	in := bluge.Query(bluge.NewTermQuery(day).SetField(ofDay))
	named := len(ids) <= l.index.names
	if named {
		var names []bluge.Query
		for _, id := range ids {
			names = append(names, bluge.NewTermQuery(id).SetField(ofID))
		}
		in = compound.Some{Least: 1, Of: names, Counts: compound.Nothing}
	}
	said := make(map[string]bool, len(ids))
	for _, id := range ids {
		said[id] = false
	}
	found := 0
	err := m.find(ctx, in, l.words, func(id []byte) {
		found++
		if _, asked := said[string(id)]; asked {
			said[string(id)] = true
		}
	})
	if !named {
		l.days, l.found = l.days+1, l.found+found
	}
	return said, err
}
