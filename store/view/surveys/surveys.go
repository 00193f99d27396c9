/*
Package surveys lists what customers answered in surveys: what ended when, in
which conversation, with what outcome.

	SurveyEnded --> one row that says where it is; the answers stay in the journal

A row names nobody and quotes nothing. What the customer answered is read from
the conversation's stream each time it is asked for, so who is erased is gone
from here too, and nothing personal is kept twice.
*/
package surveys

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// name is the follower's, and rows its table.
const (
	name = "surveys"
	rows = "survey"
)

// Tables are the view's, so that it can be made anew.
func Tables() (follower string, tables []string) { return name, []string{rows} }

// A View is the surveys that have ended. It may be asked by many.
type View struct {
	journal *journal.Journal
	table   store.Table
	reading *journal.Reading
	fault   fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none    fault = iota
	mixes         // takes the answers of another survey of the conversation too
	forgets       // saves its place without the rows
)

// Open returns a view that carries on where the last one ended.
func Open(j *journal.Journal, table store.Table) (*View, error) {
	r, err := j.Reading(name, table)
	if err != nil {
		return nil, err
	}
	return &View{journal: j, table: table, reading: r}, nil
}

// Run reads the journal until it is closed.
func (v *View) Run() error { return v.reading.Follow(v.take) }

// A Result is one survey that has ended.
type Result struct {
	Conversation string              `json:"conversation"`
	Survey       string              `json:"survey"`
	Version      uint64              `json:"version"` // of the conversation, when it had ended
	Article      string              `json:"article"`
	Title        string              `json:"title"`
	Slots        []string            `json:"slots"`              // identifiers of what was asked, in order
	Operator     string              `json:"operator,omitempty"` // who gave it, or
	Agent        string              `json:"agent,omitempty"`
	Center       string              `json:"center,omitempty"`
	Routing      *event.Routing      `json:"routing,omitempty"` // of the conversation, then
	Test         bool                `json:"test,omitempty"`
	Outcome      event.SurveyOutcome `json:"outcome"`
	Begun        time.Time           `json:"begun"`
	Ended        time.Time           `json:"ended"`
}

// An Answer is what is known of one slot of a survey.
type Answer struct {
	Slot      string // its identifier
	Name      string
	Value     string // empty if the customer was erased, or never said it
	Caption   string
	Inferred  bool
	Confirmed bool
	Mistakes  int // inputs that did not fit
}

// take follows the journal.
func (v *View) take(batch []journal.Entry) error {
	var out []store.Row
	for _, e := range batch {
		ended, ok := e.Event.(*event.SurveyEnded)
		if !ok {
			continue
		}
		r, err := v.result(e, ended)
		if err != nil {
			return err
		}
		value, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("survey %s of %s: %w", r.Survey, r.Conversation, err)
		}
		out = append(out, store.Row{Table: rows, Key: key(r), Value: value})
	}
	if v.fault == forgets && out != nil {
		out = out[:0]
	}
	return v.reading.Keep(batch, out)
}

// day is how a key begins: surveys are read by days.
const day = "2006-01-02"

// key puts results in the order in which they ended.
func key(r Result) string {
	return r.Ended.UTC().Format("2006-01-02T15:04:05.000000000Z") + "/" + r.Conversation + "/" + r.Survey
}

// result reads what a survey was from its conversation.
func (v *View) result(e journal.Entry, ended *event.SurveyEnded) (Result, error) {
	r := Result{Conversation: strings.TrimPrefix(e.Stream, event.ConversationStream), Survey: ended.SurveyId,
		Version: e.Version, Outcome: ended.Outcome, Ended: event.At(ended)}
	for e, err := range v.journal.Durable(e.Stream, 0) {
		if err != nil {
			return r, fmt.Errorf("survey %s of %s: %w", r.Survey, r.Conversation, err)
		}
		if e.Version >= r.Version {
			break
		}
		r.apply(e.Event)
	}
	return r, nil
}

func (r *Result) apply(e event.Event) {
	switch e := e.(type) {
	case *event.ConversationOpened:
		r.Center, r.Routing, r.Test = e.CenterId, e.Routing, e.Test
	case *event.ConversationQueued:
		r.Routing = e.Routing
	case *event.RoutingSet:
		r.Routing = e.Routing
	case *event.SurveyBegun:
		if e.Survey.GetSurveyId() != r.Survey {
			return
		}
		r.Article, r.Title, r.Begun = e.Survey.ArticleId, e.Survey.Title, event.At(e)
		r.Operator, r.Agent = e.OperatorId, e.AgentId
		for _, s := range e.Survey.Slots {
			r.Slots = append(r.Slots, s.Identifier)
		}
	}
}

// Between yields the surveys that ended from one moment until before another,
// latest first.
func (v *View) Between(from, until time.Time) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		from, until := from.UTC(), until.UTC()
		first := from.Truncate(24 * time.Hour)
		for d := until.Truncate(24 * time.Hour); !d.Before(first); d = d.AddDate(0, 0, -1) {
			results, err := v.of(d.Format(day))
			if err != nil {
				yield(Result{}, err)
				return
			}
			for _, r := range slices.Backward(results) {
				if !r.Ended.Before(from) && r.Ended.Before(until) && !yield(r, nil) {
					return
				}
			}
		}
	}
}

// of returns the surveys that ended on a day, in order.
func (v *View) of(day string) (out []Result, err error) {
	for row, err := range v.table.Scan(rows, day) {
		if err != nil {
			return nil, fmt.Errorf("read the surveys: %w", err)
		}
		var r Result
		if err := json.Unmarshal(row.Value, &r); err != nil {
			return nil, fmt.Errorf("survey %s: %w", row.Key, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// Earliest returns when the first survey ended; the zero time if none has.
func (v *View) Earliest() (time.Time, error) {
	for row, err := range v.table.Scan(rows, "") {
		if err != nil {
			return time.Time{}, fmt.Errorf("read the surveys: %w", err)
		}
		var r Result
		err = json.Unmarshal(row.Value, &r)
		return r.Ended, err
	}
	return time.Time{}, nil
}

// Answers reads what the customer said, one for each slot in order.
func (v *View) Answers(r Result) ([]Answer, error) {
	var out []Answer
	at := map[string]int{} // by slot id
	for e, err := range v.journal.Durable(event.ConversationStream+r.Conversation, 0) {
		if err != nil {
			return nil, fmt.Errorf("survey %s of %s: %w", r.Survey, r.Conversation, err)
		}
		if e.Version > r.Version {
			break
		}
		switch e := e.Event.(type) {
		case *event.SurveyBegun:
			if e.Survey.GetSurveyId() == r.Survey {
				for _, s := range e.Survey.Slots {
					at[s.SlotId] = len(out)
					out = append(out, Answer{Slot: s.Identifier, Name: s.Name})
				}
			}
		case *event.SlotMistaken:
			if i, ok := at[e.SlotId]; ok && e.SurveyId == r.Survey {
				out[i].Mistakes++
			}
		case *event.SlotFilled:
			if i, ok := at[e.SlotId]; ok && (e.SurveyId == r.Survey || v.fault == mixes) {
				out[i].Value, out[i].Caption, out[i].Inferred, out[i].Confirmed = e.Value, e.Caption, e.Inferred, e.Confirmed
			}
		}
	}
	return out, nil
}
