package wall

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/system"
	"crafttalkd/actors/wall"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// Follow reads what is open, and then the journal until that is closed.
func (w *Wall) Follow() error {
	if err := w.load(); err != nil {
		return err
	}
	return w.reading.Follow(w.take)
}

// load reads the conversations that were open at the place where the last
// process ended, as they are now, and the operators.
func (w *Wall) load() error {
	for row, err := range w.config.Table.Scan(rows, "") {
		if err != nil {
			return fmt.Errorf("wall: read what is open: %w", err)
		}
		for e, err := range w.config.System.Journal().Durable(event.ConversationStream+row.Key, 0) {
			if err != nil {
				return fmt.Errorf("wall: read conversation %s: %w", row.Key, err)
			}
			w.mu.Lock()
			w.model.Converse(row.Key, e.Version, e.Event)
			w.mu.Unlock()
		}
	}
	for _, u := range w.directory().Operators() {
		if err := w.meet(u.UserId); err != nil {
			return err
		}
	}
	w.settled()
	return nil
}

// settled notes whether all that was there at the start is in the model.
func (w *Wall) settled() {
	known := w.reading.Known()
	w.mu.Lock()
	w.ready = known
	w.mu.Unlock()
}

// meet takes an operator as the own actor says, whose stream may be long.
func (w *Wall) meet(id string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	o, err := system.Look(ctx, w.config.System, event.OperatorStream+id, func(s operator.State, version uint64) *wall.Operator {
		o := &wall.Operator{ID: id, Presence: s.Presence, Since: s.Since, Lost: !s.LostUntil.IsZero(), Capacity: s.Capacity,
			Slots: map[string]bool{}, Version: version}
		for _, x := range s.Slots {
			o.Slots[x.Conversation] = true
		}
		return o
	})
	if err != nil {
		return fmt.Errorf("wall: operator %s: %w", id, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.model.Operators[id] = o
	w.dirty[key{operators, id}] = struct{}{}
	return nil
}

// take brings what happened into the model.
func (w *Wall) take(batch []journal.Entry) error {
	for _, e := range batch {
		if id, ok := strings.CutPrefix(e.Stream, event.OperatorStream); ok && !w.model.Knows(id, e.Version) {
			if err := w.meet(id); err != nil {
				return err
			}
		}
	}
	var changed []store.Row
	w.mu.Lock()
	for _, e := range batch {
		if id, ok := strings.CutPrefix(e.Stream, event.ConversationStream); ok {
			if w.model.Converse(id, e.Version, e.Event) {
				w.dirty[key{conversations, id}] = struct{}{}
			}
			changed = append(changed, kept(id, e.Event)...)
		} else if id, ok := strings.CutPrefix(e.Stream, event.OperatorStream); ok {
			if w.model.Work(id, e.Version, e.Event) {
				w.dirty[key{operators, id}] = struct{}{}
			}
		}
	}
	known := w.ready
	w.mu.Unlock()
	if err := w.reading.Keep(batch, changed); err != nil {
		return err
	}
	if !known {
		w.settled()
	}
	return nil
}

// kept are the rows that an event of a conversation changes.
func kept(id string, e event.Event) []store.Row {
	switch e.(type) {
	case *event.ConversationOpened:
		return []store.Row{{Table: rows, Key: id, Value: []byte{1}}}
	case *event.ConversationClosed:
		return []store.Row{{Table: rows, Key: id}}
	}
	return nil
}
