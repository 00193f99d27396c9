/*
Package customers finds customers by their names, phones, e-mail addresses and
contracts.

	journal --follow--> rows (table) --load--> words in memory --> Search

A row is what the customer's own stream and conversations tell: an open part,
and a part sealed with the customer's own key, as events are. Rows and place are
one write, so the view carries on where it ended, and can be thrown away and
made anew from the journal. Memory holds the words of every customer, in
buckets by how they begin; what is shown of those found is read from their rows.

Who may see what is not decided here. A row holds where the customer's
conversations belong, and whoever asks brings the rule.

A customer who has become part of another is found as that one. Of one who was
erased the row tells what the events still tell: nothing that could be found.
*/
package customers

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
)

// name is the follower's, and rows its table.
const (
	name = "customers"
	rows = "customer"
)

// Tables are the view's, so that it can be made anew.
func Tables() (follower string, tables []string) { return name, []string{rows} }

// Bounds of what may be asked.
const (
	longestQuery = 200 // characters
	mostWords    = 8
	usualLimit   = 20
	mostFound    = 50
	shortest     = 2 // letters and digits
)

// ErrLoading is the answer until all that the journal held at the start is known.
var ErrLoading = refusal.New(refusal.Busy, "the customers are still being read; try again in a moment")

// A View is the customers as they can be found. It may be asked by many.
type View struct {
	table store.Table
	ring  *keys.Ring

	taking  sync.Mutex // guards reading and last, and that nothing is forgotten in the middle of a batch
	reading *journal.Reading
	last    int64 // stamp of a change

	ready atomic.Bool
	mu    sync.RWMutex // guards index
	index *index

	fault fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none      fault = iota
	seesAll         // shows whoever it finds
	forgets         // saves its place without the rows
	remembers       // keeps the erased in memory
	exact           // takes ё for another letter than е
	unstamped       // tells of changes by when they happened alone
)

// Open returns a view that carries on where the last one ended.
func Open(j *journal.Journal, table store.Table, ring *keys.Ring) (*View, error) {
	r, err := j.Reading(name, table)
	if err != nil {
		return nil, err
	}
	return &View{table: table, ring: ring, reading: r, index: newIndex()}, nil
}

// Run reads the rows, and then the journal until it is closed.
func (v *View) Run() error {
	return v.reading.LoadAndFollow(v.load, v.take)
}

// load puts every row's words in memory.
func (v *View) load() error {
	for r, err := range v.reading.Rows(rows, "") {
		if err != nil {
			return fmt.Errorf("read the customers: %w", err)
		}
		if err := v.enter(r.Key, r.Value); err != nil {
			return err
		}
	}
	v.ready.Store(v.reading.Known())
	return nil
}

// enter puts one row's words in memory. It is read with the lock held, so that
// who is erased meanwhile does not come back.
func (v *View) enter(id string, value []byte) error {
	v.taking.Lock()
	defer v.taking.Unlock()
	c, err := v.open(id, value)
	if err != nil {
		return err
	}
	v.last = max(v.last, c.Changed)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.index.put(id, c)
	return nil
}

// take follows the journal: rows and place in one write, and then the memory.
func (v *View) take(batch []journal.Entry) error {
	v.taking.Lock()
	defer v.taking.Unlock()
	changed := map[string]*row{}
	for _, e := range batch {
		if id := customerOf(e.Stream); id != "" && concerns(e.Event) {
			if changed[id] == nil {
				c, err := v.read(id)
				if err != nil {
					return err
				}
				changed[id] = c
			}
			changed[id].apply(e)
			if err := v.stamp(changed, id, event.At(e.Event)); err != nil {
				return err
			}
		}
	}
	rows, err := v.rows(changed)
	if err == nil {
		err = v.reading.Keep(batch, rows)
	}
	if err != nil {
		return err
	}
	v.mu.Lock()
	for id, c := range changed {
		v.index.put(id, c)
	}
	v.mu.Unlock()
	v.ready.Store(v.reading.Known())
	return nil
}

// rows are those of customers that have changed; nil if none has.
func (v *View) rows(changed map[string]*row) (out []store.Row, err error) {
	for id, c := range changed {
		value, err := v.seal(id, c)
		if err != nil {
			return nil, err
		}
		out = append(out, store.Row{Table: rows, Key: id, Value: value})
	}
	if v.fault == forgets {
		out = out[:0]
	}
	return out, nil
}

// Forget takes customers whose keys were destroyed out of memory.
func (v *View) Forget(ids []string) error {
	if v.fault == remembers {
		return nil
	}
	for _, id := range ids {
		value, err := v.table.Get(rows, id)
		if err == nil && value != nil {
			err = v.enter(id, value)
		}
		if err != nil {
			return fmt.Errorf("forget customer %s: %w", id, err)
		}
	}
	return nil
}

// customerOf returns the customer whose row tells of a stream.
func customerOf(stream string) string {
	if id, ok := strings.CutPrefix(stream, event.CustomerStream); ok {
		return id
	}
	if id, ok := strings.CutPrefix(stream, event.ConversationStream); ok {
		id, _, _ = strings.Cut(id, ".")
		return id
	}
	return ""
}

// A Question is what somebody looks for.
type Question struct {
	Text  string
	Limit int // 0 stands for 20
	User  string
	// Sees is the rule by which the asker sees conversations.
	Sees func(center string, r *event.Routing) bool
}

// A Found is one customer as the asker sees them.
type Found struct {
	ID     string
	Fields map[string]string
	Kinds  []string // of the addresses
	Open   string   // the open conversation, if the asker sees it
	Last   time.Time
}

// Search returns the customers each word of the question is the beginning of a
// word of, the latest first.
func (v *View) Search(q Question) ([]Found, error) {
	words, err := v.words(q)
	if err != nil {
		return nil, err
	}
	limit := q.Limit
	switch {
	case limit < 0 || limit > mostFound:
		return nil, refusal.Of("limit", "at most %d customers are shown", mostFound)
	case limit == 0:
		limit = usualLimit
	}
	if !v.ready.Load() {
		return nil, ErrLoading
	}
	eyes := &eyes{Question: q, all: v.fault == seesAll, seen: map[uint32]bool{}}
	v.mu.RLock()
	hits := v.index.find(words, eyes, limit)
	v.mu.RUnlock()
	var out []Found
	for _, id := range hits {
		c, err := v.read(id)
		if err != nil {
			return nil, err
		}
		if len(c.Fields) == 0 && len(c.Addresses) == 0 {
			continue // erased since it was found
		}
		out = append(out, Found{ID: id, Fields: c.Fields, Kinds: c.kinds(), Open: v.openFor(eyes, c), Last: c.Last})
	}
	return out, nil
}

// words are those that are looked for.
func (v *View) words(q Question) ([]string, error) {
	text := strings.TrimSpace(q.Text)
	words := wordsAsked(text)
	if v.fault == exact {
		words = strings.Fields(strings.ToLower(text))
	}
	letters := 0
	for _, w := range words {
		letters += len([]rune(w))
	}
	switch {
	case len(text) > 4*longestQuery || len([]rune(text)) > longestQuery || len(words) > mostWords:
		return nil, refusal.Of("query", "at most %d words and %d characters are looked for", mostWords, longestQuery)
	case letters < shortest:
		return nil, refusal.Of("query", "write at least %d letters or digits", shortest)
	}
	return words, nil
}

// openFor is the open conversation of a customer, if the asker sees it. One that
// came with another customer is in that one's row.
func (v *View) openFor(e *eyes, c *row) string {
	if c.Open == "" {
		return ""
	}
	home, err := v.read(customerOf(event.ConversationStream + c.Open))
	if err != nil {
		return ""
	}
	i := slices.IndexFunc(home.Live, func(l live) bool { return l.ID == c.Open })
	if i < 0 || !e.all && home.Live[i].Keeper != e.User && !e.Sees(home.Live[i].Place.Center, home.Live[i].Place.routing()) {
		return ""
	}
	return c.Open
}
