/*
Package presence knows when operators were in which status, and when they had
conversations to serve.

	journal --follow--> now/OPERATOR              what an operator is in
	                    day/OPERATOR/DAY          how long it was in what that is over
	                    part/DAY/OPERATOR/STAY    what of a stay was on that day

Rows and place are one write, so nothing is counted twice after a crash, and the
view can be thrown away and made anew from the operators' own streams. What they
are in and the days' sums are in memory as well, so however often somebody comes
and goes, a day of an operator takes the same few bytes there; stays are read from
the table, of the days at a period's ends or of the operator who is asked
about. Until the view knows what the journal held at the start, it refuses to
answer.
*/
package presence

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
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
	nowKey  = "now/"
	dayKey  = "day/"
	partKey = "part/"
	wasKey  = "was/" // whole stays, by a program from before there were days
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

	mu    sync.RWMutex // guards what follows, and that the table tells the same
	known bool
	of    map[string]*operator
}

// An operator is what is known of one.
type operator struct {
	watch figures.Watch
	days  []sum // in order
}

// Open returns a view that carries on where the last one ended.
func Open(j *journal.Journal, table store.Table) (*View, error) {
	for _, err := range table.Scan(name, wasKey) {
		if err == nil {
			err = j.DropReading(name, name)
		}
		if err != nil {
			return nil, fmt.Errorf("make the presence anew: %w", err)
		}
		break
	}
	r, err := j.Reading(name, table)
	if err != nil {
		return nil, err
	}
	return &View{table: table, reading: r, of: map[string]*operator{}}, nil
}

// Run reads what is kept, and then follows the journal until it is closed.
func (v *View) Run() error {
	return v.reading.LoadAndFollow(v.load, v.take)
}

func (v *View) load() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for r, err := range v.reading.Rows(name, nowKey) {
		if err == nil {
			err = json.Unmarshal(r.Value, &v.operator(strings.TrimPrefix(r.Key, nowKey)).watch)
		}
		if err != nil {
			return fmt.Errorf("read the presence: %s: %w", r.Key, err)
		}
	}
	for r, err := range v.reading.Rows(name, dayKey) {
		d := sum{}
		if err == nil {
			err = json.Unmarshal(r.Value, &d)
		}
		if err != nil {
			return fmt.Errorf("read the presence: %s: %w", r.Key, err)
		}
		id, _, _ := strings.Cut(strings.TrimPrefix(r.Key, dayKey), "/")
		o := v.operator(id)
		o.days = append(o.days, d)
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
	changed := map[string]any{} // by key
	for _, e := range batch {
		id, ok := strings.CutPrefix(e.Stream, event.OperatorStream)
		if !ok || !concerns(e.Event) {
			continue
		}
		o := v.operator(id)
		changed[nowKey+id] = &o.watch
		for i, s := range o.watch.Apply(e.Event) {
			for _, p := range split(s) {
				d := o.add(p)
				changed[dayKey+id+"/"+nameOf(d.Day)] = d
				changed[fmt.Sprintf("%s%020d.%d", partsOf(d.Day, id), e.Version, i)] = p
			}
		}
	}
	var rows []store.Row
	for key, of := range changed {
		value, err := json.Marshal(of)
		if err != nil {
			return fmt.Errorf("presence row %s: %w", key, err)
		}
		rows = append(rows, store.Row{Table: name, Key: key, Value: value})
	}
	err := v.keep(batch, rows)
	v.known = v.known || v.reading.Known()
	return err
}

func (v *View) keep(batch []journal.Entry, rows []store.Row) error {
	if v.doubled {
		return errors.Join(v.table.Put(rows, false), v.reading.Keep(batch, nil))
	}
	return v.reading.Keep(batch, rows)
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
	add := func(id string, s figures.Status, d time.Duration) {
		if out[id] == nil {
			out[id] = map[figures.Status]time.Duration{}
		}
		out[id][s] += d
	}
	for id, o := range v.of {
		for _, d := range o.days {
			for i, ms := range d.Ms {
				if ms > 0 && covers(period, d.Day) {
					add(id, figures.Statuses[i], time.Duration(ms)*time.Millisecond)
				}
			}
		}
		for _, s := range o.watch.Lasting(now) {
			if in, ok := s.Clip(period); ok {
				add(id, s.Status, in.To.Sub(in.From))
			}
		}
	}
	for _, n := range ends(period) {
		for p, err := range v.parts(n, "") {
			if err != nil {
				return nil, err
			}
			if in, ok := p.Clip(period); ok {
				add(p.operator, p.Status, in.To.Sub(in.From))
			}
		}
	}
	return out, nil
}

// Stays are what one operator was in within a period, by when it began.
func (v *View) Stays(id string, period figures.Span, now time.Time) (out []figures.Stay, err error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if !v.known {
		return nil, ErrLoading
	}
	o := v.of[id]
	if o == nil {
		return nil, nil
	}
	at := map[string]int{} // by stay, where its first part is in what is returned
	for _, d := range o.days {
		if _, ok := span(d.Day).Clip(period); !ok {
			continue
		}
		for p, err := range v.parts(d.Day, id) {
			if err != nil {
				return nil, err
			}
			in, ok := p.Clip(period)
			if i, more := at[p.stay]; ok && more {
				out[i].To = in.To
			} else if ok {
				at[p.stay], out = len(out), append(out, figures.Stay{Status: p.Status, Span: in})
			}
		}
	}
	for _, s := range o.watch.Lasting(now) {
		if in, ok := s.Clip(period); ok {
			out = append(out, figures.Stay{Status: s.Status, Span: in})
		}
	}
	slices.SortStableFunc(out, func(a, b figures.Stay) int { return a.From.Compare(b.From) })
	return out, nil
}

// A part is what of an operator's stay was on a day.
type part struct {
	operator, stay string
	figures.Stay
}

// parts are those of a day: of one operator, or of all if id is empty, each
// operator's in the order in which the stays ended.
func (v *View) parts(n int32, id string) iter.Seq2[part, error] {
	return func(yield func(part, error) bool) {
		for r, err := range v.table.Scan(name, partsOf(n, id)) {
			p := part{}
			if err == nil {
				err = json.Unmarshal(r.Value, &p.Stay)
			}
			if err != nil {
				yield(p, fmt.Errorf("read the presence: %s: %w", r.Key, err))
				return
			}
			p.operator, p.stay, _ = strings.Cut(strings.TrimPrefix(r.Key, partsOf(n, "")), "/")
			if !yield(p, nil) {
				return
			}
		}
	}
}

// partsOf is what the keys of a day's parts begin with.
func partsOf(n int32, id string) string {
	if id != "" {
		id += "/"
	}
	return partKey + nameOf(n) + "/" + id
}

// nameOf is a day in a key, so that they are in order.
func nameOf(n int32) string { return start(n).Format(time.DateOnly) }
