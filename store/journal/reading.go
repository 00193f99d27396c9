package journal

import (
	"errors"
	"fmt"
	"iter"

	"crafttalkd/store"
)

// A Reading is what a follower makes of the journal: rows in tables, and how
// far they tell, in one write. It goes on where it ended, and what was read
// twice after a crash is written twice. It belongs to whoever follows, and has
// no lock.
type Reading struct {
	name    string
	journal *Journal
	table   store.Table
	from    Places // where it was opened
	places  Places
	target  Places // where the journal was at the start
	idle    int    // facts since the place was saved
	known   bool
}

// saveAfter is how many facts that change nothing may pass until the place is
// saved.
const saveAfter = 10_000

// Reading opens the reading of that name, whose rows are in the table.
func (j *Journal) Reading(name string, t store.Table) (*Reading, error) {
	from, err := j.Place(name)
	if err != nil {
		return nil, err
	}
	j.taken.of(name, from)
	return &Reading{name: name, journal: j, table: t, from: from, places: from, target: j.Now()}, nil
}

// Follow gives take every fact after the place, as [Journal.Follow] does. Take
// calls [Reading.Keep] with each batch.
func (r *Reading) Follow(take func([]Entry) error) error {
	return r.journal.Follow(r.name, r.from, take)
}

// LoadAndFollow has load bring the reading's rows into memory, by [Reading.Rows],
// and then follows. It returns nil if the journal is closed meanwhile.
func (r *Reading) LoadAndFollow(load func() error, take func([]Entry) error) error {
	if err := load(); errors.Is(err, errEnded) {
		return nil
	} else if err != nil {
		return err
	}
	return r.Follow(take)
}

// Rows yields the rows of a table whose keys begin with prefix, until the journal
// is closed: there may be millions.
func (r *Reading) Rows(table, prefix string) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		n := 0
		for row, err := range r.table.Scan(table, prefix) {
			if n++; n%1024 == 0 && r.journal.feed.ended() {
				yield(store.Row{}, errEnded)
				return
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// Keep writes the rows that a batch has changed, and the place after it. Nil
// rows say that the batch changed nothing: then the place may wait, since
// reading the batch again would change nothing either.
func (r *Reading) Keep(batch []Entry, rows []store.Row) error {
	for _, e := range batch {
		r.places[e.Shard] = e.Position
	}
	if r.idle += len(batch); rows == nil && r.idle <= saveAfter {
		return nil
	}
	if err := r.table.Put(append(rows, PlaceRow(r.name, r.places)), false); err != nil {
		return fmt.Errorf("write reading %s: %w", r.name, err)
	}
	r.idle = 0
	return nil
}

// Known tells whether all that the journal held when the reading was opened has
// been kept.
func (r *Reading) Known() bool {
	for shard := 0; !r.known && shard < len(r.places); shard++ {
		if r.places[shard] < r.target[shard] {
			return false
		}
	}
	r.known = true
	return true
}
