package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"

	"crafttalkd/store"
)

// Places says how far a follower has come: the position in each shard.
type Places [store.Shards]uint64

// places is the table of followers' places.
const places = "place"

// Place returns the saved place of a follower; zero for a new one.
func (j *Journal) Place(name string) (p Places, err error) {
	row, err := j.engine.Get(places, name)
	if err != nil {
		return p, fmt.Errorf("place of %s: %w", name, err)
	}
	for i := range p {
		if len(row) >= 8*(i+1) {
			p[i] = beUint64(row[8*i:])
		}
	}
	return p, nil
}

// PlaceRow is the row that saves a follower's place. A view writes it together
// with its own rows.
func PlaceRow(name string, p Places) store.Row {
	row := make([]byte, 0, 8*len(p))
	for _, n := range p {
		row = binary.BigEndian.AppendUint64(row, n)
	}
	return store.Row{Table: places, Key: name, Value: row}
}

// SavePlace keeps the place of a follower, some time soon.
func (j *Journal) SavePlace(name string, p Places) error {
	return j.engine.Put([]store.Row{PlaceRow(name, p)}, false)
}

// DropReading forgets a follower's place and its tables, so that they are made
// anew. Nobody may be following under the name.
func (j *Journal) DropReading(name string, tables ...string) error {
	rows := []store.Row{{Table: places, Key: name}}
	for _, table := range tables {
		for row, err := range j.engine.Scan(table, "") {
			if err != nil {
				return fmt.Errorf("reading %s: %w", name, err)
			}
			rows = append(rows, store.Row{Table: table, Key: row.Key})
		}
	}
	return j.engine.Put(rows, true)
}

// Now returns the place after everything that is on disk.
func (j *Journal) Now() (p Places) {
	for shard := range p {
		p[shard] = j.engine.Position(shard)
	}
	return p
}

// Position returns the position of a shard's last event on disk.
func (j *Journal) Position(shard int) uint64 { return j.engine.Position(shard) }

// Follow gives take every fact after the place, in order within each shard,
// until the journal is closed or take fails. It keeps up by the feed, and reads
// the shards' logs when it has fallen behind, beginning with any of them. The
// slice is take's only during the call. [Journal.Behind] tells by the name how
// far the follower has come.
func (j *Journal) Follow(name string, from Places, take func([]Entry) error) error {
	f := &follower{journal: j, at: from, take: take, taken: j.taken.of(name, from), buf: make([]Entry, 0, pageFacts)}
	for {
		next := j.feed.end()
		if err := f.catchUp(); err == errEnded {
			return nil
		} else if err != nil {
			return err
		}
		if more, err := f.live(next); err != nil || !more {
			return err
		}
	}
}

// errEnded ends who has a long way to go when the journal is closed.
var errEnded = errors.New("the journal is closed")

type follower struct {
	journal *Journal
	at      Places
	take    func([]Entry) error
	taken   *atomic.Uint64
	buf     []Entry
}

// catchUp reads every shard's log up to its present end: whole pages together
// with all who need them, and the rest alone.
func (f *follower) catchUp() error {
	if err := f.leaf(); err != nil {
		return err
	}
	for shard := range f.at {
		if f.journal.engine.Position(shard) <= f.at[shard] {
			continue
		}
		if err := f.tail(shard); err != nil {
			return err
		}
	}
	return nil
}

// leaf takes pages as long as there are whole ones.
func (f *follower) leaf() error {
	j := f.journal
	if !f.farBehind() {
		return nil
	}
	j.pages.enter()
	defer j.pages.leave()
	for !j.feed.ended() {
		p := j.next(f.at)
		if p == nil {
			return nil
		}
		if err := f.open(p); err != nil {
			return err
		}
		if numberOf(f.at[p.shard]) == p.number {
			return nil // the log has an end where none should be
		}
	}
	return errEnded
}

// farBehind reports whether there is a whole page to be read.
func (f *follower) farBehind() bool {
	for shard, at := range f.at {
		if f.journal.engine.Position(shard) >= (numberOf(at)+1)*pageFacts {
			return true
		}
	}
	return false
}

// open takes what is on a page after the follower's place. If the page can't be
// read, the follower finds by itself how far the log can be.
func (f *follower) open(p *page) error {
	switch fault := f.journal.pages.fault; {
	case p.entries == nil && fault == spoils:
		return errDamaged
	case p.entries == nil:
		return f.tail(p.shard)
	case fault == whole:
		return f.give(append(f.buf[:0], p.entries...))
	}
	return f.give(append(f.buf[:0], p.entries[f.at[p.shard]%pageFacts:]...))
}

func (f *follower) tail(shard int) error {
	batch := f.buf[:0]
	for e, err := range f.journal.Tail(shard, f.at[shard]) {
		if err != nil {
			return err
		}
		if batch = append(batch, e); len(batch) == cap(batch) {
			if err := f.give(batch); err != nil {
				return err
			}
			if f.journal.feed.ended() {
				return errEnded
			}
			batch = batch[:0]
		}
	}
	return f.give(batch)
}

// live reads the feed from a number on until it has lost its place there
// (more is true) or the feed ends. Facts that were read from the log are passed
// over; a fact that is missing sends the follower back to the log.
func (f *follower) live(next uint64) (more bool, err error) {
	for {
		got, n, lost, ok := f.journal.feed.read(next, f.buf)
		if lost || !ok {
			return ok, nil
		}
		next = n
		fresh := got[:0]
		at := f.at
		for _, e := range got {
			switch at[e.Shard] + 1 {
			case e.Position:
				at[e.Shard]++
				fresh = append(fresh, e)
			default:
				if e.Position > at[e.Shard] {
					return true, f.give(fresh)
				}
			}
		}
		if err := f.give(fresh); err != nil {
			return false, err
		}
	}
}

func (f *follower) give(batch []Entry) error {
	if len(batch) == 0 {
		return nil
	}
	if err := f.take(batch); err != nil {
		return err
	}
	for _, e := range batch {
		f.at[e.Shard] = e.Position
	}
	f.taken.Add(uint64(len(batch)))
	return nil
}

// Close ends every Follow. The engine is the caller's to close.
func (j *Journal) Close() { j.feed.close() }

func beUint64(b []byte) uint64 { return binary.BigEndian.Uint64(b) }
func beBytes(n uint64) []byte  { return binary.BigEndian.AppendUint64(nil, n) }
