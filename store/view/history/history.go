/*
Package history knows every conversation that has ended: as a row of a table,
and in memory as columns that figures are made of and lists are read from.

	journal --follow--> case/ID  ---- at the start ----+
	                    test/CUSTOMER                  +--> columns in memory
	                    into/CUSTOMER  ----------------+

When a conversation ends, and when something is said of it later, its whole
stream is folded anew: a row is always a recomputation of all that happened, and
never a sum that somebody has added to. Messages of open conversations are
passed over.

Rows hold who, where and when, and nothing that anybody said or is called. Rows
and place are one write, so the view carries on where it ended, and can be thrown
away and made anew from the journal. Until it knows everything that the journal
held at the start it refuses to answer, since half a figure is a wrong one.

Whether a customer is one for tests is what is so now, also for conversations
that ended before somebody said so, and of customers who became part of another.

Who may see what is not decided here: whoever asks brings the rule.
*/
package history

import (
	"fmt"
	"strings"
	"sync"

	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// name is the follower's, and rows its table.
const (
	name = "history"
	rows = "history"
)

// What keys begin with.
const (
	caseKey = "case/"
	testKey = "test/" // of customers for tests
	intoKey = "into/" // of customers who are part of another
)

// Tables are the view's, so that it can be made anew.
func Tables() (follower string, tables []string) { return name, []string{rows} }

// ErrLoading is the answer until everything is known.
var ErrLoading = refusal.New(refusal.Busy, "the finished conversations are still being read; please ask again in a moment")

// A View is the finished conversations. It may be asked by many.
type View struct {
	journal *journal.Journal
	table   store.Table
	reading *journal.Reading
	fault   fault

	writing sync.Mutex // held by who folds a conversation until its row is written

	mu      sync.RWMutex // guards what follows
	known   bool         // all that the journal held at the start
	columns *figures.Columns
	tests   map[string]bool   // the customers for tests
	into    map[string]string // the customer that another one is part of
	moved   map[string]string // the customer of a conversation that began with another
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	sound     fault = iota
	seesAll         // lists whatever there is
	stays           // never folds a conversation anew
	forgetful       // saves its place without the rows
	forgiving       // does not look who is a customer for tests
)

// Open returns a view that carries on where the last one ended.
func Open(j *journal.Journal, table store.Table) (*View, error) {
	r, err := j.Reading(name, table)
	if err != nil {
		return nil, err
	}
	return &View{journal: j, table: table, reading: r, columns: figures.NewColumns(),
		tests: map[string]bool{}, into: map[string]string{}, moved: map[string]string{}}, nil
}

// Run reads what is kept, and then follows the journal until it is closed.
func (v *View) Run() error {
	return v.reading.LoadAndFollow(v.load, v.take)
}

// load brings the table into memory.
func (v *View) load() error {
	v.writing.Lock()
	defer v.writing.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	for r, err := range v.reading.Rows(rows, intoKey) {
		if err != nil {
			return fmt.Errorf("read the history: %w", err)
		}
		v.into[strings.TrimPrefix(r.Key, intoKey)] = string(r.Value)
	}
	for r, err := range v.reading.Rows(rows, testKey) {
		if err != nil {
			return fmt.Errorf("read the history: %w", err)
		}
		v.tests[strings.TrimPrefix(r.Key, testKey)] = true
	}
	for r, err := range v.reading.Rows(rows, caseKey) {
		if err != nil {
			return fmt.Errorf("read the history: %w", err)
		}
		c, err := decode(strings.TrimPrefix(r.Key, caseKey), r.Value)
		if err != nil {
			return err
		}
		v.put(&c)
	}
	v.learn()
	return nil
}

// learn looks whether everything is known by now.
func (v *View) learn() {
	if v.known = v.known || v.reading.Known(); v.known {
		v.columns.Settle()
	}
}

// put brings a case into memory.
func (v *View) put(c *figures.Case) {
	if first, _, _ := strings.Cut(c.ID, "."); first != c.Customer {
		v.moved[c.ID] = c.Customer
	}
	v.columns.Put(c, v.isTest(c.Customer))
}

// root is the customer that a customer is now.
func (v *View) root(customer string) string {
	for range len(v.into) {
		into, ok := v.into[customer]
		if !ok {
			break
		}
		customer = into
	}
	return customer
}

func (v *View) isTest(customer string) bool {
	return v.fault != forgiving && v.tests[v.root(customer)]
}

// take follows the journal: rows and place in one write.
func (v *View) take(batch []journal.Entry) error {
	v.writing.Lock()
	defer v.writing.Unlock()
	n := news{cases: map[string]*figures.Case{}}
	for _, e := range batch {
		if err := v.hear(&n, e); err != nil {
			return err
		}
	}
	if v.fault == forgetful {
		n.rows = nil
	}
	if err := v.reading.Keep(batch, n.rows); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range n.cases {
		v.put(c)
	}
	for _, change := range n.customers {
		if err := v.change(change); err != nil {
			return err
		}
	}
	v.learn()
	return nil
}

// news is what a batch tells.
type news struct {
	cases     map[string]*figures.Case
	customers []customerChange
	rows      []store.Row
}

// A customerChange says that a customer is one for tests or not, or part of
// another.
type customerChange struct {
	customer, into string
	test           bool
}

// hear looks what a fact changes.
func (v *View) hear(n *news, e journal.Entry) error {
	switch fact := e.Event.(type) {
	case *event.CustomerTyped:
		c := customerChange{customer: strings.TrimPrefix(e.Stream, event.CustomerStream), test: fact.Test}
		row := store.Row{Table: rows, Key: testKey + c.customer}
		if c.test {
			row.Value = []byte{1}
		}
		n.customers, n.rows = append(n.customers, c), append(n.rows, row)
		return nil
	case *event.CustomerMerged:
		c := customerChange{customer: strings.TrimPrefix(e.Stream, event.CustomerStream), into: fact.Into}
		n.customers, n.rows = append(n.customers, c), append(n.rows, store.Row{Table: rows, Key: intoKey + c.customer, Value: []byte(c.into)})
		return nil
	}
	id, ok := strings.CutPrefix(e.Stream, event.ConversationStream)
	if !ok || n.cases[id] != nil || !v.concerns(id, e.Event) {
		return nil
	}
	return v.fold(n, id)
}

// concerns tells whether a fact changes what is known of a conversation.
func (v *View) concerns(id string, e event.Event) bool {
	switch e.(type) {
	case *event.ConversationClosed:
		return true
	case *event.RatingGiven, *event.TopicSet, *event.RoutingSet, *event.CustomerChanged, *event.MessageLabelled, *event.ConversationReviewed, *event.ConversationForgotten:
		return v.fault != stays && v.columns.Has(id) // whoever writes to the columns holds writing
	}
	return false
}

// fold makes the row of a conversation anew.
func (v *View) fold(n *news, id string) error {
	c, err := figures.Fold(v.events(id))
	if err != nil {
		return fmt.Errorf("history of %s: %w", id, err)
	}
	if c.ID = id; c.Closed.IsZero() {
		return nil
	}
	n.cases[id] = &c
	n.rows = append(n.rows, store.Row{Table: rows, Key: caseKey + id, Value: encode(&c)})
	return nil
}

// events are all that happened in a conversation.
func (v *View) events(id string) func(func(event.Event, error) bool) {
	return func(yield func(event.Event, error) bool) {
		for e, err := range v.journal.Durable(event.ConversationStream+id, 0) {
			if !yield(e.Event, err) {
				return
			}
		}
	}
}

// change marks all conversations of a customer anew, and of who is part of it.
func (v *View) change(c customerChange) error {
	switch {
	case c.into != "":
		v.into[c.customer] = c.into
	case c.test:
		v.tests[c.customer] = true
	default:
		delete(v.tests, c.customer)
	}
	now := v.root(c.customer)
	is := v.isTest(now)
	for id, customer := range v.moved {
		if v.root(customer) == now {
			v.columns.SetTest(id, is)
		}
	}
	all := []string{now}
	for part := range v.into {
		if v.root(part) == now {
			all = append(all, part)
		}
	}
	for _, customer := range all {
		for r, err := range v.table.Scan(rows, caseKey+customer+".") {
			if err != nil {
				return fmt.Errorf("history of the customer %s: %w", customer, err)
			}
			if id := strings.TrimPrefix(r.Key, caseKey); v.moved[id] == "" {
				v.columns.SetTest(id, is)
			}
		}
	}
	return nil
}
