/*
Package lessons keeps what the bot can learn from: which article answered a
customer's words, and which did not.

	journal --follow--> a row for each conversation with lessons --> All, at training
	                                                             \-> Tell, at once

A row holds what operators chose and rejected, the labels that people gave, and,
once the conversation was reviewed, what else the customer said in it. Words are
sealed with the conversation's own key, as events are: who is erased teaches
nothing from then on, nor does what was forgotten. Rows and place are one write, so the view carries on where it
ended and can be thrown away and made anew from the journal.

What counts is decided when it is read, by [row.lessons]: a label goes before a
choice, a message that never left teaches nothing, and what the bot answered by
itself counts only after somebody reviewed it.
*/
package lessons

import (
	"fmt"
	"iter"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
)

// name is the follower's, and rows its table.
const (
	name = "lessons"
	rows = "lesson"
)

// Tables are the view's, so that it can be made anew.
func Tables() (follower string, tables []string) { return name, []string{rows} }

// A Kind says how it is known which article answers.
type Kind string

// How it is known.
const (
	Chosen    Kind = "chosen"    // an operator answered with the article
	Labelled  Kind = "labelled"  // somebody who knows said so
	Confirmed Kind = "confirmed" // the bot answered so, and a reviewer let it stand
	Nothing   Kind = "nothing"   // the conversation was reviewed, and no article answers
	Rejected  Kind = "rejected"  // an operator said that the article does not answer
)

// A Lesson is one message of a customer, and what is known of it.
type Lesson struct {
	Kind         Kind
	Conversation string
	Message      string
	Text         string
	Article      string // empty: none answers
	At           time.Time
	By           string

	// Of what was chosen:
	Rank        int32    // among what the assistant showed, from 1; 0 if it was found otherwise
	Probability float64  // that the assistant gave it
	Shown       []string // what the assistant showed, best first
	Edited      bool
}

// Customer returns whose words they are.
func (l Lesson) Customer() string {
	id, _, _ := strings.Cut(l.Conversation, ".")
	return id
}

// A View is the lessons as the journal tells them. It may be asked by many.
type View struct {
	journal *journal.Journal
	table   store.Table
	ring    *keys.Ring

	taking  sync.Mutex // guards reading
	reading *journal.Reading

	mu   sync.Mutex // guards tell
	tell func([]Lesson)

	fault fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none     fault = iota
	careless       // learns from what never left
	deaf           // a label does not go before a choice
	naked          // keeps words as they are
)

// Open returns a view that carries on where the last one ended.
func Open(j *journal.Journal, table store.Table, ring *keys.Ring) (*View, error) {
	r, err := j.Reading(name, table)
	if err != nil {
		return nil, err
	}
	return &View{journal: j, table: table, ring: ring, reading: r}, nil
}

// Run follows the journal until it is closed.
func (v *View) Run() error { return v.reading.Follow(v.take) }

// Tell names who is told of a conversation's lessons whenever they have changed,
// all of them each time. It must not take long.
func (v *View) Tell(f func([]Lesson)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tell = f
}

// All yields every lesson that counts, conversation by conversation. Those of
// customers who were erased are not among them.
func (v *View) All() iter.Seq2[Lesson, error] {
	return func(yield func(Lesson, error) bool) {
		for r, err := range v.table.Scan(rows, "") {
			if err != nil {
				yield(Lesson{}, fmt.Errorf("read the lessons: %w", err))
				return
			}
			c, err := v.open(r.Key, r.Value)
			if err != nil {
				yield(Lesson{}, err)
				return
			}
			for _, l := range c.lessons(r.Key, v.fault) {
				if !yield(l, nil) {
					return
				}
			}
		}
	}
}

// Of returns the lessons of one conversation.
func (v *View) Of(conversation string) ([]Lesson, error) {
	c, err := v.read(conversation)
	if err != nil {
		return nil, err
	}
	return c.lessons(conversation, v.fault), nil
}

// take follows the journal: rows and place in one write, and then whoever wants
// to know.
func (v *View) take(batch []journal.Entry) error {
	v.taking.Lock()
	defer v.taking.Unlock()
	changed := map[string]*row{}
	for _, e := range batch {
		id, ok := strings.CutPrefix(e.Stream, event.ConversationStream)
		if !ok || !concerns(e.Event) {
			continue
		}
		if err := v.bring(changed, id, e); err != nil {
			return err
		}
	}
	var out []store.Row
	for id, c := range changed {
		value, err := v.seal(id, c)
		if err != nil {
			return err
		}
		out = append(out, store.Row{Table: rows, Key: id, Value: value})
	}
	if err := v.reading.Keep(batch, out); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tell != nil {
		for id, c := range changed {
			v.tell(c.lessons(id, v.fault))
		}
	}
	return nil
}

// bring brings one event into the row of its conversation. The fate of a message
// matters only where the message was a choice.
func (v *View) bring(changed map[string]*row, id string, e journal.Entry) error {
	c := changed[id]
	if c == nil {
		var err error
		if c, err = v.read(id); err != nil {
			return err
		}
	}
	if !c.apply(e.Event) {
		return nil
	}
	changed[id] = c
	if r, ok := e.Event.(*event.ConversationReviewed); ok && !r.Undone {
		return v.hear(e, c)
	}
	return nil
}

// hear takes over what the customer said up to a review, and what the bot
// answered.
func (v *View) hear(review journal.Entry, c *row) error {
	h := &hearing{row: c}
	for e, err := range v.journal.Durable(review.Stream, 0) {
		if err != nil {
			return fmt.Errorf("reviewed %s: %w", review.Stream, err)
		}
		if e.Version >= review.Version {
			break
		}
		h.apply(e.Event)
	}
	return nil
}
