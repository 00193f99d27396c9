package pebblestore

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"crafttalkd/store"
)

// The positions of a shard lie in the order in which its events were committed,
// and the events by their streams. To look each event up costs four times what
// its reading does, so those of many positions are read together, stream by
// stream: what a stream got in a row lies in a row.
const (
	mostPositions = 256     // are read together, at most
	mostBodies    = 1 << 20 // bytes; after so many fewer are read together
)

// A run is the events of some positions that follow each other.
type run struct {
	store  *Store
	shard  int
	events []store.Record // in order of position; their bodies are in bodies
	spans  [][2]int       // where in there
	order  []int          // of the events, by stream and version
	bodies []byte
	it     *pebble.Iterator // over the shard's events; nil until it is needed
	key    []byte
}

// tail yields the shard's events after one position and up to another from the
// database.
func (s *Store) tail(shard int, after, last uint64, yield func(store.Record, error) bool) {
	r := &run{store: s, shard: shard}
	if more, err := r.readAll(after, last, yield); more && err != nil {
		yield(store.Record{}, fmt.Errorf("read shard %d after %d: %w", shard, after, err))
	}
}

// readAll reads few events together at first: many want no more.
func (r *run) readAll(after, last uint64, yield func(store.Record, error) bool) (more bool, err error) {
	if !r.store.gate.enter() {
		return true, store.ErrClosed
	}
	defer r.store.gate.leave()
	defer r.close()
	position, most := after, 1
	more = true
	err = r.store.scan(positionKey(nil, r.shard, after+1), positionKey(nil, r.shard, last+1), func(key, value []byte) (_ bool, err error) {
		position++
		if p := binary.BigEndian.Uint64(key[2:]); p != position {
			return false, fmt.Errorf("position %d is missing, the next is %d", position, p)
		}
		if err := r.add(position, value); err != nil || len(r.events) < most {
			return err == nil, err
		}
		more, err = r.yield(yield)
		if most = min(4*most, mostPositions); len(r.bodies) > mostBodies {
			most = max(most/16, 1)
		}
		return more, err
	})
	if !more {
		return false, err
	}
	more, failed := r.yield(yield) // the rest, or what was before the fault
	return more, cmp.Or(failed, err)
}

// add takes the row of the next position.
func (r *run) add(position uint64, value []byte) error {
	_, version, name, err := parsePosition(value)
	if err != nil {
		return err
	}
	e := store.Record{Version: version, Position: position}
	if n := len(r.events); n > 0 && r.events[n-1].Stream == string(name) {
		e.Stream = r.events[n-1].Stream
	} else {
		e.Stream = string(name)
	}
	r.events = append(r.events, e)
	return nil
}

// yield reads the events that were added and yields them, until nobody wants
// more.
func (r *run) yield(yield func(store.Record, error) bool) (more bool, err error) {
	events := r.events
	r.events = r.events[:0]
	if len(events) < 2 {
		return r.yieldEach(events, yield)
	}
	if r.read(events) != nil {
		r.close()
		return r.yieldEach(events, yield) // which finds the one that is wrong
	}
	for i, e := range events {
		e.Body = r.bodies[r.spans[i][0]:r.spans[i][1]:r.spans[i][1]]
		if !yield(e, nil) {
			return false, nil
		}
	}
	return true, nil
}

// errOtherwise reports that the events are not what the positions say.
var errOtherwise = errors.New("an event is not where it should be")

// read brings the bodies of all events into memory.
func (r *run) read(events []store.Record) (err error) {
	if r.it == nil {
		lower := []byte{tagEvent, byte(r.shard)}
		if r.it, err = r.store.db.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: after(lower)}); err != nil {
			return err
		}
	}
	r.order, r.bodies = r.order[:0], r.bodies[:0]
	for i := range events {
		r.order = append(r.order, i)
	}
	slices.SortFunc(r.order, func(a, b int) int {
		return cmp.Or(cmp.Compare(events[a].Stream, events[b].Stream), cmp.Compare(events[a].Version, events[b].Version))
	})
	r.spans = append(r.spans[:0], make([][2]int, len(events))...)
	for n, i := range r.order {
		follows := n > 0 && events[r.order[n-1]].Stream == events[i].Stream && events[r.order[n-1]].Version+1 == events[i].Version
		if r.spans[i], err = r.body(events[i], follows); err != nil {
			return err
		}
	}
	return nil
}

// body adds the body of an event, which may follow the one before in its stream.
func (r *run) body(e store.Record, follows bool) (span [2]int, err error) {
	r.key = eventKey(r.key[:0], r.shard, e.Stream, e.Version)
	if !(follows && r.it.Next() || !follows && r.it.SeekGE(r.key)) || !bytes.Equal(r.it.Key(), r.key) {
		return span, cmp.Or(r.it.Error(), errOtherwise)
	}
	v, err := r.it.ValueAndErr()
	if err != nil {
		return span, err
	}
	position, body, err := parseEvent(v)
	if err != nil {
		return span, err
	}
	if position != e.Position {
		return span, errOtherwise
	}
	from := len(r.bodies)
	r.bodies = append(r.bodies, body...)
	return [2]int{from, len(r.bodies)}, nil
}

// yieldEach yields the events, of which each is looked up.
func (r *run) yieldEach(events []store.Record, yield func(store.Record, error) bool) (bool, error) {
	for _, e := range events {
		r.key = eventKey(r.key[:0], r.shard, e.Stream, e.Version)
		if more, err := r.store.yieldEvent(r.key, e, yield); err != nil || !more {
			return err != nil, err
		}
	}
	return true, nil
}

// yieldEvent yields r with the body that is kept under key.
func (s *Store) yieldEvent(key []byte, r store.Record, yield func(store.Record, error) bool) (bool, error) {
	v, closer, err := s.db.Get(key)
	if err != nil {
		return false, fmt.Errorf("event %d of %s: %w", r.Version, r.Stream, err)
	}
	defer closer.Close()
	position, body, err := parseEvent(v)
	if err != nil {
		return false, err
	}
	if position != r.Position {
		return false, fmt.Errorf("event %d of %s is for position %d", r.Version, r.Stream, position)
	}
	r.Body = body
	return yield(r, nil), nil
}

// close lets go of the iterator. What it had to say of what was read, it has said.
func (r *run) close() {
	if r.it != nil {
		r.it.Close()
		r.it = nil
	}
}
