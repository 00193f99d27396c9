package pebblestore

import (
	"sync"

	"crafttalkd/store"
)

const (
	maxRecent      = 512       // events of a shard
	maxRecentBytes = 256 << 10 // of their bodies
)

// A recent holds a shard's last events that are on disk, so that those who
// follow the shard closely read memory and not the database.
type recent struct {
	most    int        // records
	mu      sync.Mutex // guards what follows; records that were handed out don't change
	records []store.Record
	bytes   int
}

// add appends the record of the next position.
func (c *recent) add(r store.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bytes += len(r.Body); len(c.records) >= c.most || c.bytes > maxRecentBytes {
		c.shrink(len(r.Body))
	}
	c.records = append(c.records, r)
}

// shrink moves the younger half to a new place, or nothing if even that is too
// much. The body of the next record, of size bytes, is counted already.
func (c *recent) shrink(size int) {
	half := c.records[len(c.records)/2:]
	c.bytes = size
	for _, r := range half {
		c.bytes += len(r.Body)
	}
	if c.bytes > maxRecentBytes {
		half, c.bytes = nil, size
	}
	c.records = append(make([]store.Record, 0, c.most), half...)
}

// after returns the records after a position; ok is false if they go back
// further than what is held.
func (c *recent) after(position uint64) (records []store.Record, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.records) == 0 || c.records[0].Position > position+1 {
		return nil, false
	}
	n := min(position+1-c.records[0].Position, uint64(len(c.records)))
	return c.records[n:], true
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
