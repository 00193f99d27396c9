package pebblestore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"crafttalkd/store"
)

// get returns a copy of a row's value, or nil if there is none.
func (s *Store) get(key []byte) ([]byte, error) {
	v, closer, err := s.db.Get(key)
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	c := append([]byte{}, v...) // not nil, even if v is empty
	return c, closer.Close()
}

// scan calls row for each key in [from, to) until row returns false.
func (s *Store) scan(from, to []byte, row func(key, value []byte) (bool, error)) error {
	if !s.gate.enter() {
		return store.ErrClosed
	}
	defer s.gate.leave()
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: from, UpperBound: to})
	if err != nil {
		return err
	}
	defer it.Close()
	for ok := it.First(); ok; ok = it.Next() {
		v, err := it.ValueAndErr()
		if err != nil {
			return err
		}
		if more, err := row(it.Key(), v); !more || err != nil {
			return err
		}
	}
	return it.Error()
}

// Stream implements [store.Log].
func (s *Store) Stream(stream string, n uint64) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		if n == math.MaxUint64 {
			return
		}
		shard := store.ShardOf(stream)
		from, to := eventKey(nil, shard, stream, n+1), after(streamPrefix(nil, shard, stream))
		version := n
		err := s.scan(from, to, func(key, value []byte) (bool, error) {
			version++
			if v := binary.BigEndian.Uint64(key[len(key)-8:]); v != version {
				return false, fmt.Errorf("event %d is missing, the next is %d", version, v)
			}
			position, body, err := parseEvent(value)
			if err != nil {
				return false, err
			}
			return yield(store.Record{Stream: stream, Version: version, Position: position, Body: body}, nil), nil
		})
		if err != nil {
			yield(store.Record{}, fmt.Errorf("read %s after %d: %w", stream, n, err))
		}
	}
}

// Tail implements [store.Log]. The last events come from memory.
func (s *Store) Tail(shard int, after uint64) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		last := s.Position(shard)
		if after >= last {
			return
		}
		records, ok := s.recent[shard].between(after, last)
		if !ok {
			s.tail(shard, after, last, yield)
			return
		}
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Position implements [store.Log].
func (s *Store) Position(shard int) uint64 { return s.synced[shard].Load() }

// Version implements [store.Index].
func (s *Store) Version(stream string) (uint64, error) {
	if !s.gate.enter() {
		return 0, store.ErrClosed
	}
	defer s.gate.leave()
	h, err := s.readHead(s.db, store.ShardOf(stream), stream)
	return h.version, err
}

// readHead returns the head of a stream, empty if there is none.
func (s *Store) readHead(r pebble.Reader, shard int, stream string) (head, error) {
	v, closer, err := r.Get(headKey(nil, shard, stream))
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		return head{}, nil
	case err != nil:
		return head{}, fmt.Errorf("read the head of %s: %w", stream, err)
	}
	defer closer.Close()
	version, alarm, err := parsePair(v)
	return head{version, alarm}, err
}

// Taken implements [store.Index].
func (s *Store) Taken(shard int, key string) (store.Receipt, bool, error) {
	if !s.gate.enter() {
		return store.Receipt{}, false, store.ErrClosed
	}
	defer s.gate.leave()
	v, err := s.get(usedKey(nil, shard, key))
	if err != nil || v == nil {
		return store.Receipt{}, false, err
	}
	r, err := parseReceipt(v)
	if err != nil || r.Position > s.Position(shard) {
		return store.Receipt{}, false, err
	}
	return r, true, nil
}

// checkEarly is the fault of checking keys before the append is in order.
func (s *Store) checkEarly(a *store.Append) error {
	for _, k := range a.Keys {
		if first, ok, err := s.Taken(store.ShardOf(a.Stream), k); ok || err != nil {
			return errors.Join(err, &store.TakenError{Key: k, First: first})
		}
	}
	return nil
}

// Alarms implements [store.Index].
func (s *Store) Alarms(until time.Time) iter.Seq2[store.Alarm, error] {
	return func(yield func(store.Alarm, error) bool) {
		ms := until.UnixMilli()
		if ms < 0 {
			return
		}
		err := s.scan([]byte{tagAlarm}, alarmKey(nil, uint64(ms)+1, ""), func(key, _ []byte) (bool, error) {
			at, stream, err := parseAlarm(key)
			if err != nil {
				return false, err
			}
			return yield(store.Alarm{Stream: string(stream), At: at}, nil), nil
		})
		if err != nil {
			yield(store.Alarm{}, fmt.Errorf("read the alarms until %s: %w", until, err))
		}
	}
}

func parseAlarm(key []byte) (time.Time, []byte, error) {
	if len(key) < 10 {
		return time.Time{}, nil, fmt.Errorf("alarm under a malformed key %q", key)
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(key[1:]))).UTC(), key[9:], nil
}

// Get implements [store.Table].
func (s *Store) Get(table, key string) ([]byte, error) {
	if !s.gate.enter() {
		return nil, store.ErrClosed
	}
	defer s.gate.leave()
	v, err := s.get(tableKey(nil, table, key))
	if err != nil {
		return nil, fmt.Errorf("read row %q of table %s: %w", key, table, err)
	}
	return v, nil
}

// Scan implements [store.Table].
func (s *Store) Scan(table, prefix string) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		from := tableKey(nil, table, prefix)
		skip := len(from) - len(prefix)
		err := s.scan(from, after(from), func(key, value []byte) (bool, error) {
			return yield(store.Row{Table: table, Key: string(key[skip:]), Value: append([]byte{}, value...)}, nil), nil
		})
		if err != nil {
			yield(store.Row{}, fmt.Errorf("read table %s: %w", table, err))
		}
	}
}

// Put implements [store.Table]. A synced Put shares its sync with appends.
func (s *Store) Put(rows []store.Row, sync bool) error {
	if err := checkRows(rows); err != nil {
		return err
	}
	if sync {
		return s.submitAndWait(context.Background(), request{a: &store.Append{Rows: rows}, bare: true})
	}
	if !s.gate.enter() {
		return store.ErrClosed
	}
	defer s.gate.leave()
	if err := s.failed(); err != nil {
		return err
	}
	return s.beside(func() error {
		b := s.db.NewBatch()
		putRows(b, rows)
		return errors.Join(s.db.Apply(b, pebble.NoSync), b.Close())
	})
}
