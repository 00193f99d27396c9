package day_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// A history is the log as a stranger reads it, and the states that follow.
type history struct {
	places  journal.Places
	streams map[string]*story
	names   []string // of the streams, in the order of their first event
}

// A story is one stream: its events, and its state after them.
type story struct {
	entries []journal.Entry
	life
}

// A life is a machine's state, folded from events.
type life interface {
	apply(event.Event)
	deadline() time.Time
	encode() ([]byte, error)
	// live returns the encoded state of the actor, and the version it has.
	live(*node, string) ([]byte, uint64, error)
}

func newHistory() *history { return &history{streams: map[string]*story{}} }

// read reads what has come since. A log that is shorter than it was, or has a
// gap, has lost something.
func (h *history) read(w *world, j *journal.Journal) {
	for shard := range h.places {
		if last := j.Now()[shard]; last < h.places[shard] {
			w.fail("lost: shard %d ends at %d and had events up to %d", shard, last, h.places[shard])
			continue
		}
		for e, err := range j.Tail(shard, h.places[shard]) {
			if err != nil {
				w.fail("read shard %d: %v", shard, err)
				break
			}
			if e.Position != h.places[shard]+1 {
				w.fail("G9: shard %d has position %d after %d", shard, e.Position, h.places[shard])
			}
			h.places[shard] = e.Position
			h.add(w, e)
		}
	}
}

func (h *history) add(w *world, e journal.Entry) {
	s := h.streams[e.Stream]
	if s == nil {
		s = &story{life: newLife(e.Stream)}
		h.streams[e.Stream], h.names = s, append(h.names, e.Stream)
	}
	if n := uint64(len(s.entries)); e.Version != n+1 {
		w.fail("G9: %s has version %d after %d", e.Stream, e.Version, n)
	}
	w.inTime(e.Stream, s, event.At(e.Event))
	s.entries = append(s.entries, e)
	s.apply(e.Event)
}

// inTime fails if something of the stream should have been done before at.
// What follows a deadline comes not later than a second after it was possible.
func (w *world) inTime(stream string, s *story, at time.Time) {
	due := s.deadline()
	if due.IsZero() || len(s.entries) == 0 {
		return
	}
	set := w.clock.truth(event.At(s.entries[len(s.entries)-1].Event))
	now := w.clock.truth(at)
	if p := w.clock.possible(set, due); !p.IsZero() && now.Sub(p) > lateness {
		w.fail("G27: %s version %d: due at %v, looked at %v later than it could", stream, len(s.entries), clockTime(due), now.Sub(p))
	}
}

func clockTime(t time.Time) string { return t.UTC().Format("2 Jan 15:04:05.000") }

// A lived is the life of one kind of machine.
type lived[S any] struct {
	state   S
	step    func(S, event.Event) S
	due     func(S) time.Time
	version int
}

func (l *lived[S]) apply(e event.Event)     { l.state = l.step(l.state, e) }
func (l *lived[S]) deadline() time.Time     { return l.due(l.state) }
func (l *lived[S]) encode() ([]byte, error) { return shell.Encode(l.version, l.state) }

func (l *lived[S]) live(n *node, stream string) ([]byte, uint64, error) {
	type seen struct {
		body    []byte
		version uint64
		err     error
	}
	got, err := system.Look(context.Background(), n.System, stream, func(s S, v uint64) seen {
		b, err := shell.Encode(l.version, s)
		return seen{b, v, err}
	})
	if err == nil {
		err = got.err
	}
	return got.body, got.version, err
}

func newLife(stream string) life {
	switch kind, _, _ := strings.Cut(stream, "/"); kind {
	case "conversation":
		return &lived[conversation.State]{step: conversation.Apply, due: conversation.Deadline, version: conversation.Version}
	case "customer":
		return &lived[customer.State]{step: customer.Apply, due: customer.Deadline, version: customer.Version}
	case "operator":
		return &lived[operator.State]{step: operator.Apply, due: operator.Deadline, version: operator.Version}
	case "queue":
		return &lived[queue.State]{step: queue.Apply, due: queue.Deadline, version: queue.Version}
	case "directory":
		return &lived[directory.State]{step: directory.Apply, due: directory.Deadline, version: directory.Version}
	case "audit":
		return &lived[audit.State]{step: audit.Apply, due: audit.Deadline, version: audit.Version}
	}
	panic(fmt.Sprintf("nobody knows stream %s", stream))
}

// each calls f for the state of every stream of a kind, with its id.
func each[S any](h *history, kind string, f func(id string, s S, entries []journal.Entry)) {
	for _, name := range h.names {
		if id, ok := strings.CutPrefix(name, kind); ok {
			s := h.streams[name]
			f(id, s.life.(*lived[S]).state, s.entries)
		}
	}
}

// state returns the state of a stream, the zero one if it has no events.
func state[S any](h *history, stream string) (s S) {
	if st := h.streams[stream]; st != nil {
		return st.life.(*lived[S]).state
	}
	return s
}

// replayed compares every actor with the state that its events lead to.
func (w *world) replayed(n *node) {
	for _, name := range w.log.names {
		s := w.log.streams[name]
		want, err := s.encode()
		w.check(err)
		got, version, err := s.live(n, name)
		w.check(err)
		if err == nil && (string(got) != string(want) || version != uint64(len(s.entries))) {
			w.fail("G13: %s at %d is\n%s\nand its %d events lead to\n%s", name, version, got, len(s.entries), want)
		}
	}
}

// remember writes snapshots of some streams, as an actor would. The fault
// leaves the last event of a conversation out.
func (w *world) remember(n *node) {
	for _, name := range w.log.names {
		s := w.log.streams[name]
		if name == event.DirectoryStream || w.rng.IntN(3) > 0 {
			continue
		}
		body, err := s.encode()
		if w.fault == staleCache && strings.HasPrefix(name, event.ConversationStream) {
			body, err = w.before(name, s).encode()
		}
		w.check(err)
		w.check(n.Journal().PutSnapshot(name, uint64(len(s.entries)), body))
	}
}

func (w *world) before(name string, s *story) life {
	l := newLife(name)
	for _, e := range s.entries[:len(s.entries)-1] {
		l.apply(e.Event)
	}
	return l
}

// sound fails if the store finds something wrong with itself.
func (w *world) sound(n *node) {
	w.check(n.store.Verify(context.Background(), func(d store.Damage) { w.fail("G12: %v", d) }))
}
