package pebblestore

import (
	"sync"

	"crafttalkd/store"
)

const (
	maxRecent      = 512       // events of a shard
	maxRecentBytes = 256 << 10 // of their bodies
	firstRecent    = 16        // events there is room for at first
)

// A recent holds a shard's last events that are on disk, so that those who
// follow the shard closely read memory and not the database.
type recent struct {
	most  int        // records
	mu    sync.Mutex // guards what follows
	ring  []store.Record
	first int // in the ring, the oldest
	held  int // from there on
	bytes int
}

// add appends the record of the next position, in place of the oldest where
// there are too many or they are too large.
func (c *recent) add(r store.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += len(r.Body)
	for c.held > 0 && (c.held == c.most || c.bytes > maxRecentBytes) {
		oldest := c.at(0)
		c.bytes -= len(oldest.Body)
		*oldest = store.Record{}
		c.first, c.held = (c.first+1)%len(c.ring), c.held-1
	}
	if c.held == len(c.ring) {
		c.ring, c.first = append(c.list(0, c.held), make([]store.Record, min(max(c.held, firstRecent), c.most-c.held))...), 0
	}
	c.held++
	*c.at(c.held - 1) = r
}

// at is the i'th of those held.
func (c *recent) at(i int) *store.Record { return &c.ring[(c.first+i)%len(c.ring)] }

// list copies some of those held.
func (c *recent) list(from, to int) []store.Record {
	records := make([]store.Record, 0, to-from)
	for i := from; i < to; i++ {
		records = append(records, *c.at(i))
	}
	return records
}

// between returns the records after a position and up to the last, which is
// there; ok is false if they go back further than what is held.
func (c *recent) between(after, last uint64) (records []store.Record, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == 0 || c.at(0).Position > after+1 {
		return nil, false
	}
	oldest := c.at(0).Position
	return c.list(int(after+1-oldest), int(last+1-oldest)), true
}

// keep lists the events of an append that goes to a position.
func keep(dst []store.Record, a *store.Append, r store.Receipt) []store.Record {
	n := uint64(len(a.Events))
	for i, body := range a.Events {
		dst = append(dst, store.Record{
			Stream:   a.Stream,
			Version:  r.Version - n + uint64(i) + 1,
			Position: r.Position - n + uint64(i) + 1,
			Body:     body,
		})
	}
	return dst
}
