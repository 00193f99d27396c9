package journal

import (
	"errors"
	"fmt"
	"testing"

	"crafttalkd/store"
)

// batch is facts of one shard, from a position on.
func batch(from uint64, count int) (out []Entry) {
	for i := range count {
		out = append(out, Entry{Shard: 3, Position: from + uint64(i)})
	}
	return out
}

// proves G13: what a reading has made of the journal and how far it tells are
// one write, and a batch that changes nothing costs none.
func TestG13_ReadingKeepsRowsWithItsPlace(t *testing.T) {
	j := open(t)
	r, err := j.Reading("customers", j.engine)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		batch []Entry
		rows  []store.Row
		want  uint64 // the saved place in the shard
	}{
		{"nothing changed", batch(1, 10), nil, 0},
		{"a row", batch(11, 10), []store.Row{{Table: "t", Key: "k", Value: []byte("v")}}, 20},
		{"nothing again", batch(21, saveAfter), nil, 20},
		{"too long nothing", batch(21+saveAfter, 1), nil, 21 + saveAfter},
		{"no row, but to be kept", batch(22+saveAfter, 1), []store.Row{}, 22 + saveAfter},
	} {
		if err := r.Keep(c.batch, c.rows); err != nil {
			t.Fatal(err)
		}
		p, err := j.Place("customers")
		if err != nil || p[3] != c.want {
			t.Errorf("%s: the place is %d, %v, want %d", c.name, p[3], err, c.want)
		}
	}
	if v, err := j.engine.Get("t", "k"); string(v) != "v" || err != nil {
		t.Errorf("the row is %q, %v", v, err)
	}
}

// brokenTable writes nothing.
type brokenTable struct{ store.Table }

var errBroken = errors.New("the disk does not answer")

func (brokenTable) Put([]store.Row, bool) error { return errBroken }

// A reading whose rows could not be written says so, and has not moved on.
func TestReadingThatCantWrite(t *testing.T) {
	j := open(t)
	r, err := j.Reading("customers", brokenTable{j.engine})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Keep(batch(1, 1), []store.Row{}); !errors.Is(err, errBroken) {
		t.Errorf("Keep = %v, want %v", err, errBroken)
	}
	if p, err := j.Place("customers"); p != (Places{}) || err != nil {
		t.Errorf("the place is %v, %v", p, err)
	}
}

// A reading is known when all that the journal held at its opening is kept, and
// one that is opened again goes on where it ended.
func TestReadingIsKnown(t *testing.T) {
	j := open(t)
	for i := range 3 {
		j.add(t, fmt.Sprintf("conversation/c%d.1", i), 0, filled(35))
	}
	r, err := j.Reading("customers", j.engine)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	err = r.Follow(func(batch []Entry) error {
		if r.Known() {
			t.Errorf("known after %d of 3 facts", seen)
		}
		seen += len(batch)
		if err := r.Keep(batch, []store.Row{}); err != nil {
			return err
		}
		if r.Known() {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) || seen != 3 {
		t.Errorf("Follow = %v after %d facts, want 3", err, seen)
	}
	again, err := j.Reading("customers", j.engine)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Known() || again.from != j.Now() {
		t.Error("a reading that is opened again begins anew")
	}
}

// proves G53: who brings many rows into memory ends when the journal is closed.
func TestG53_CloseEndsWhoLoadsRows(t *testing.T) {
	j := open(t)
	r, err := j.Reading("long", j.engine)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]store.Row, 5000)
	for i := range rows {
		rows[i] = store.Row{Table: "long", Key: fmt.Sprintf("%05d", i), Value: []byte{1}}
	}
	if err := j.engine.Put(rows, true); err != nil {
		t.Fatal(err)
	}
	read := 0
	load := func() error {
		for _, err := range r.Rows("long", "") {
			if err != nil {
				return fmt.Errorf("load: %w", err)
			}
			if read++; read == 100 {
				j.Close()
			}
		}
		return nil
	}
	take := func([]Entry) error { t.Error("what was loaded in part is gone on with"); return nil }
	if err := r.LoadAndFollow(load, take); err != nil || read < 100 || read > 2000 {
		t.Errorf("%d of %d rows were read, %v", read, len(rows), err)
	}
}
