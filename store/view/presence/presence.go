/*
Package presence knows when operators were in which status, and when they had
conversations to serve.

	journal --follow--> now/OPERATOR        what an operator is in
	                    was/OPERATOR/TIME   what is over, by when it ended

Rows and place are one write, so nothing is counted twice after a crash, and the
view can be thrown away and made anew from the operators' own streams. It is in
memory as well; until it knows what the journal held at the start, it refuses to
answer.
*/
package presence

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// name is the follower's and its table's.
const name = "presence"

// What keys begin with.
const (
	nowKey = "now/"
	wasKey = "was/"
)

// Tables are the view's, so that it can be made anew.
func Tables() (follower string, tables []string) { return name, []string{name} }

// ErrLoading is the answer until everything is known.
var ErrLoading = refusal.New(refusal.Busy, "what operators did is still being read; please ask again in a moment")

// A View is what operators were in. It may be asked by many.
type View struct {
	table   store.Table
	reading *journal.Reading
	doubled bool // a deliberate mistake that a test must see: the place is not kept with the rows

	mu    sync.RWMutex // guards what follows
	known bool
	of    map[string]*operator
}

// An operator is what is known of one.
type operator struct {
	watch figures.Watch
	stays []figures.Stay // that are over, in the order in which they ended
}

// Open returns a view that carries on where the last one ended.
func Open(j *journal.Journal, table store.Table) (*View, error) {
	r, err := j.Reading(name, table)
	if err != nil {
		return nil, err
	}
	return &View{table: table, reading: r, of: map[string]*operator{}}, nil
}

// Run reads what is kept, and then follows the journal until it is closed.
func (v *View) Run() error {
	if err := v.load(); err != nil {
		return err
	}
	return v.reading.Follow(v.take)
}

func (v *View) load() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for r, err := range v.table.Scan(name, "") {
		if err != nil {
			return fmt.Errorf("read the presence: %w", err)
		}
		if id, ok := strings.CutPrefix(r.Key, nowKey); ok {
			err = json.Unmarshal(r.Value, &v.operator(id).watch)
		} else {
			id, _, _ = strings.Cut(strings.TrimPrefix(r.Key, wasKey), "/")
			s := figures.Stay{}
			err = json.Unmarshal(r.Value, &s)
			v.operator(id).stays = append(v.operator(id).stays, s)
		}
		if err != nil {
			return fmt.Errorf("presence row %s: %w", r.Key, err)
		}
	}
	v.known = v.reading.Known()
	return nil
}

func (v *View) operator(id string) *operator {
	o := v.of[id]
	if o == nil {
		o = &operator{}
		v.of[id] = o
	}
	return o
}

// take follows the journal: rows and place in one write.
func (v *View) take(batch []journal.Entry) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	changed := map[string]*operator{}
	var out []store.Row
	for _, e := range batch {
		id, ok := strings.CutPrefix(e.Stream, event.OperatorStream)
		if !ok || !concerns(e.Event) {
			continue
		}
		o := v.operator(id)
		changed[id] = o
		for i, s := range o.watch.Apply(e.Event) {
			o.stays = append(o.stays, s)
			row, err := rowOf(fmt.Sprintf("%s%s/%020d.%d", wasKey, id, e.Version, i), s)
			if err != nil {
				return err
			}
			out = append(out, row)
		}
	}
	for id, o := range changed {
		row, err := rowOf(nowKey+id, o.watch)
		if err != nil {
			return err
		}
		out = append(out, row)
	}
	err := v.keep(batch, out)
	v.known = v.known || v.reading.Known()
	return err
}

func (v *View) keep(batch []journal.Entry, rows []store.Row) error {
	if v.doubled {
		return errors.Join(v.table.Put(rows, false), v.reading.Keep(batch, nil))
	}
	return v.reading.Keep(batch, rows)
}

func rowOf(key string, of any) (store.Row, error) {
	value, err := json.Marshal(of)
	if err != nil {
		return store.Row{}, fmt.Errorf("presence row %s: %w", key, err)
	}
	return store.Row{Table: name, Key: key, Value: value}, nil
}

// concerns reports whether an event changes what an operator is in.
func concerns(e event.Event) bool {
	switch e := e.(type) {
	case *event.PresenceChanged, *event.SlotConfirmed, *event.SlotReleased:
		return true
	case *event.OperatorConfigured:
		return e.Removed
	}
	return false
}

// Times are how long each operator was in each status within a period, as far as
// that has passed.
func (v *View) Times(period figures.Span, now time.Time) (map[string]map[figures.Status]time.Duration, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if !v.known {
		return nil, ErrLoading
	}
	out := map[string]map[figures.Status]time.Duration{}
	for id, o := range v.of {
		for _, s := range o.within(period, now) {
			if out[id] == nil {
				out[id] = map[figures.Status]time.Duration{}
			}
			out[id][s.Status] += s.To.Sub(s.From)
		}
	}
	return out, nil
}

// Stays are what one operator was in within a period, by when it began.
func (v *View) Stays(id string, period figures.Span, now time.Time) ([]figures.Stay, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if !v.known {
		return nil, ErrLoading
	}
	o := v.of[id]
	if o == nil {
		return nil, nil
	}
	out := o.within(period, now)
	slices.SortStableFunc(out, func(a, b figures.Stay) int { return a.From.Compare(b.From) })
	return out, nil
}

// within are the parts of an operator's stays that are within a period.
func (o *operator) within(period figures.Span, now time.Time) (out []figures.Stay) {
	first, _ := slices.BinarySearchFunc(o.stays, period.From, func(s figures.Stay, at time.Time) int { return s.To.Compare(at) })
	for _, s := range append(slices.Clip(o.stays[first:]), o.watch.Lasting(now)...) {
		if in, ok := s.Clip(period); ok {
			out = append(out, figures.Stay{Status: s.Status, Span: in})
		}
	}
	return out
}

// Operators are all of whom anything is known.
func (v *View) Operators() []string {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return slices.Sorted(maps.Keys(v.of))
}
