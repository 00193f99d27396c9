package storetest

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"crafttalkd/store"
)

// A Model is what an engine must do, in plain maps.
type Model struct {
	epochs  [store.Shards]uint64
	logs    [store.Shards][]store.Record
	streams map[string][]store.Record
	keys    map[key]store.Receipt
	alarms  map[string]int64 // in milliseconds
	rows    map[row][]byte
}

type key struct {
	shard int
	key   string
}

type row struct{ table, key string }

// NewModel returns the model of an empty store.
func NewModel() *Model {
	return &Model{
		streams: map[string][]store.Record{}, keys: map[key]store.Receipt{},
		alarms: map[string]int64{}, rows: map[row][]byte{},
	}
}

// Claim gives the shard its next epoch.
func (m *Model) Claim(shard int) uint64 {
	m.epochs[shard]++
	return m.epochs[shard]
}

// Append answers as an engine must.
func (m *Model) Append(a *store.Append) (store.Receipt, error) {
	shard := store.ShardOf(a.Stream)
	if a.Epoch != m.epochs[shard] {
		return store.Receipt{}, store.ErrFenced
	}
	for _, k := range a.Keys {
		if first, ok := m.keys[key{shard, k}]; ok {
			return store.Receipt{}, &store.TakenError{Key: k, First: first}
		}
	}
	if a.Expect != uint64(len(m.streams[a.Stream])) {
		return store.Receipt{}, store.ErrConflict
	}
	for _, body := range a.Events {
		r := store.Record{Stream: a.Stream, Version: uint64(len(m.streams[a.Stream])) + 1, Position: uint64(len(m.logs[shard])) + 1, Body: bytes.Clone(body)}
		m.streams[a.Stream] = append(m.streams[a.Stream], r)
		m.logs[shard] = append(m.logs[shard], r)
	}
	receipt := store.Receipt{Version: uint64(len(m.streams[a.Stream])), Position: uint64(len(m.logs[shard]))}
	for _, k := range a.Keys {
		m.keys[key{shard, k}] = receipt
	}
	if delete(m.alarms, a.Stream); !a.Alarm.IsZero() {
		m.alarms[a.Stream] = a.Alarm.Add(time.Millisecond - 1).UnixMilli()
	}
	m.Put(a.Rows)
	return receipt, nil
}

// Put writes rows.
func (m *Model) Put(rows []store.Row) {
	for _, r := range rows {
		if delete(m.rows, row{r.Table, r.Key}); r.Value != nil {
			m.rows[row{r.Table, r.Key}] = bytes.Clone(r.Value)
		}
	}
}

// Positions reports whether the shards of e end where the model's do.
func (m *Model) Positions(e store.Engine) error {
	for shard := range m.logs {
		if err := differ(fmt.Sprintf("Position(%d)", shard), e.Position(shard), uint64(len(m.logs[shard]))); err != nil {
			return err
		}
	}
	return nil
}

// Diff returns the first difference between what e holds and what the model
// holds.
func (m *Model) Diff(e store.Engine) error {
	if err := m.Positions(e); err != nil {
		return err
	}
	for shard := range m.logs {
		if err := sameRecords(fmt.Sprintf("Tail(%d)", shard), e.Tail(shard, 0), m.logs[shard]); err != nil {
			return err
		}
	}
	for stream, want := range m.streams {
		if err := sameRecords("Stream "+stream, e.Stream(stream, 0), want); err != nil {
			return err
		}
		n, err := e.Version(stream)
		if err := first(err, differ("Version "+stream, n, uint64(len(want)))); err != nil {
			return err
		}
	}
	for k, want := range m.keys {
		r, ok, err := e.Taken(k.shard, k.key)
		if err := first(err, differ("Taken "+k.key, ok, true), differ("Taken "+k.key, r, want)); err != nil {
			return err
		}
	}
	return first(m.diffAlarms(e), m.diffRows(e))
}

func sameRecords(what string, got iter.Seq2[store.Record, error], want []store.Record) error {
	i := 0
	for r, err := range got {
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if i == len(want) {
			return fmt.Errorf("%s yields more than %d", what, i)
		}
		if w := want[i]; r.Stream != w.Stream || r.Version != w.Version || r.Position != w.Position || !bytes.Equal(r.Body, w.Body) {
			return fmt.Errorf("%s: %d is %+v, want %+v", what, i+1, r, w)
		}
		i++
	}
	return differ(what+" yields", i, len(want))
}

func (m *Model) diffAlarms(e store.Engine) error {
	var last store.Alarm
	left := maps.Clone(m.alarms)
	for a, err := range e.Alarms(noon.AddDate(100, 0, 0)) {
		if err != nil {
			return err
		}
		if a.At.Before(last.At) {
			return fmt.Errorf("alarm %v after %v", a, last)
		}
		if ms, ok := left[a.Stream]; !ok || ms != a.At.UnixMilli() {
			return fmt.Errorf("alarm %v, want %d", a, ms)
		}
		delete(left, a.Stream)
		last = a
	}
	return differ("alarms that are missing", len(left), 0)
}

func (m *Model) diffRows(e store.Engine) error {
	tables := map[string][]string{}
	for r := range m.rows {
		tables[r.table] = append(tables[r.table], r.key)
	}
	for _, table := range Tables {
		want := tables[table]
		slices.Sort(want)
		var got []string
		for r, err := range e.Scan(table, "") {
			if err != nil {
				return err
			}
			if !bytes.Equal(r.Value, m.rows[row{table, r.Key}]) {
				return fmt.Errorf("row %s of %s = %q, want %q", r.Key, table, r.Value, m.rows[row{table, r.Key}])
			}
			got = append(got, r.Key)
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("table %s has %s, want %s", table, strings.Join(got, " "), strings.Join(want, " "))
		}
	}
	return nil
}

func background() context.Context { return context.Background() }
