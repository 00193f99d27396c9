/*
Package reviews lists the conversations that have ended, the latest first, so
that somebody goes through them and says which article answers what. Manual:
«ЗАВЕРШЕН», «ПРОВЕРЕН».

	journal --follow--> of/ID                what is known of a conversation
	                    closed/TIME/ID   \
	                    reviewed/TIME/ID /   the lists, with the latest time first

Rows hold where a conversation belongs and who ended it, and nothing that
anybody said or is called: what is shown of that is read from the conversation.
Rows and place are one write, so the view carries on where it ended, and can be
thrown away and made anew from the journal.

Who may see what is not decided here: whoever asks brings the rule.
*/
package reviews

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// name is the follower's, and rows its table.
const (
	name = "reviews"
	rows = "review"
)

// Tables are the view's, so that it can be made anew.
func Tables() (follower string, tables []string) { return name, []string{rows} }

// The states of a conversation that has ended.
const (
	Closed   = "closed"   // «ЗАВЕРШЕН»
	Reviewed = "reviewed" // «ПРОВЕРЕН»
)

// Bounds of one page.
const (
	usualLimit = 50
	mostFound  = 200
	mostRead   = 5000 // rows are looked at for one page; the next goes on there
)

// A View is the lists as they are kept. It may be asked by many.
type View struct {
	table   store.Table
	reading *journal.Reading
	fault   fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none      fault = iota
	seesAll         // lists whatever there is
	leaves          // leaves a conversation in the list it was in
	forgetful       // saves its place without the rows
)

// Open returns a view that carries on where the last one ended.
func Open(j *journal.Journal, table store.Table) (*View, error) {
	r, err := j.Reading(name, table)
	if err != nil {
		return nil, err
	}
	return &View{table: table, reading: r}, nil
}

// Run follows the journal until it is closed.
func (v *View) Run() error { return v.reading.Follow(v.take) }

// take follows the journal: rows and place in one write.
func (v *View) take(batch []journal.Entry) error {
	changed := map[string]*change{}
	for _, e := range batch {
		id, ok := strings.CutPrefix(e.Stream, event.ConversationStream)
		if !ok || !concerns(e.Event) {
			continue
		}
		c := changed[id]
		if c == nil {
			row, err := v.read(id)
			if err != nil {
				return err
			}
			c = &change{row: row, before: row.listed(id)}
			changed[id] = c
		}
		c.row.apply(e.Event)
	}
	var out []store.Row
	for id, c := range changed {
		rows, err := c.rows(id, v.fault)
		if err != nil {
			return err
		}
		out = append(out, rows...)
	}
	if v.fault == forgetful {
		out = nil
	}
	return v.reading.Keep(batch, out)
}

// A change is a row on its way, and where it stood in the lists.
type change struct {
	row    *row
	before string
}

// rows are those that a changed conversation has: its own, and the one in a list.
func (c *change) rows(id string, f fault) ([]store.Row, error) {
	value, err := json.Marshal(c.row)
	if err != nil {
		return nil, fmt.Errorf("review of %s: %w", id, err)
	}
	out := []store.Row{{Table: rows, Key: own + id, Value: value}}
	now := c.row.listed(id)
	if c.before != "" && c.before != now && f != leaves {
		out = append(out, store.Row{Table: rows, Key: c.before})
	}
	if now != "" {
		out = append(out, store.Row{Table: rows, Key: now, Value: value})
	}
	return out, nil
}

func (v *View) read(id string) (*row, error) {
	value, err := v.table.Get(rows, own+id)
	if err != nil {
		return nil, fmt.Errorf("review of %s: %w", id, err)
	}
	return decode(id, value)
}

func decode(id string, value []byte) (*row, error) {
	c := &row{}
	if value == nil {
		return c, nil
	}
	if err := json.Unmarshal(value, c); err != nil {
		return nil, fmt.Errorf("review of %s: %w", id, err)
	}
	return c, nil
}

// A Question is what somebody looks for.
type Question struct {
	State                 string // Closed or Reviewed
	Center, Line, Account string // empty asks for none
	From, To              time.Time
	After                 string // what the last page named as next
	Limit                 int    // 0 stands for 50
	// Sees is the rule by which the asker sees conversations.
	Sees func(center string, r *event.Routing) bool
}

// A Found is one conversation of a list.
type Found struct {
	ID string
	row
}

// Find returns one page, the latest first, and what to name as After to get the
// next one; "" if there is none. A page may be short and yet have a next one.
func (v *View) Find(q Question) (out []Found, next string, err error) {
	switch {
	case q.State != Closed && q.State != Reviewed:
		return nil, "", refusal.Of("state", "this is one of closed, reviewed")
	case q.Limit < 0 || q.Limit > mostFound:
		return nil, "", refusal.Of("limit", "at most %d conversations are shown", mostFound)
	case q.Limit == 0:
		q.Limit = usualLimit
	}
	from := cursor{inverted(q.To), ""}
	if q.After != "" {
		if from, err = parseCursor(q.After); err != nil {
			return nil, "", err
		}
	}
	looked := 0
	for r, err := range v.after(q.State+"/", from) {
		if err != nil {
			return nil, "", fmt.Errorf("read the reviews: %w", err)
		}
		at, err := parseCursor(r.Key[len(q.State)+1:])
		if err != nil {
			return nil, "", fmt.Errorf("read the reviews: row %q: %w", r.Key, err)
		}
		c, err := decode(at.id, r.Value)
		if err != nil {
			return nil, "", err
		}
		if !q.From.IsZero() && c.Closed.Before(q.From) {
			return out, "", nil
		}
		if q.wants(c) && (v.fault == seesAll || q.Sees(c.Center, c.Routing())) {
			out = append(out, Found{at.id, *c})
		}
		if looked++; len(out) == q.Limit || looked == mostRead {
			return out, at.String(), nil
		}
	}
	return out, "", nil
}

func (q Question) wants(c *row) bool {
	return (q.Center == "" || q.Center == c.Center) && (q.Line == "" || q.Line == c.Line) && (q.Account == "" || q.Account == c.Account)
}

// after yields the rows of a list behind a place, in order of key. Tables are
// scanned by prefix alone, so what is behind 42 is what begins with 43 to 49,
// and then with 5 to 9.
func (v *View) after(list string, from cursor) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		own := list + from.time
		for r, err := range v.table.Scan(rows, own) { // of the very same moment
			if err == nil && from.id != "" && r.Key <= own+"/"+from.id {
				continue
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
		for n := len(from.time) - 1; n >= 0; n-- {
			for digit := from.time[n] + 1; digit <= '9'; digit++ {
				for r, err := range v.table.Scan(rows, list+from.time[:n]+string(digit)) {
					if !yield(r, err) || err != nil {
						return
					}
				}
			}
		}
	}
}
