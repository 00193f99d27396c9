package search

import (
	"encoding/binary"
	"fmt"

	"crafttalkd/store/journal"
)

// Follow gives the index what the journal tells, until the journal is closed:
// read says what a batch of facts changes, and may be asked about a batch again.
// The index serves once it knows what the journal held when Follow began.
//
// An error says that facts could not be read or the index not be written, such
// as on a full disk. Follow may be called again then, and goes on.
func (x *Index) Follow(j *journal.Journal, read func([]journal.Entry) ([]Change, error)) error {
	target := j.Now()
	at, err := placesOf(x.Place())
	if err != nil {
		return err
	}
	if beyond(at, target) {
		// It tells of another journal, such as one before a restore.
		if err := x.clear(); err != nil {
			return err
		}
		at = journal.Places{}
	}
	serve := func() {
		if !beyond(target, at) {
			x.Serve()
		}
	}
	serve()
	return j.Follow(at, func(batch []journal.Entry) error {
		changes, err := read(batch)
		if err != nil {
			return err
		}
		for _, e := range batch {
			at[e.Shard] = e.Position
		}
		if err := x.Apply(changes, bytesOf(at)); err != nil {
			return err
		}
		serve()
		return nil
	})
}

// beyond reports whether a place is after another in some shard.
func beyond(a, b journal.Places) bool {
	for shard := range a {
		if a[shard] > b[shard] {
			return true
		}
	}
	return false
}

func bytesOf(p journal.Places) []byte {
	out := make([]byte, 0, 8*len(p))
	for _, n := range p {
		out = binary.BigEndian.AppendUint64(out, n)
	}
	return out
}

func placesOf(b []byte) (p journal.Places, err error) {
	if len(b) != 0 && len(b) != 8*len(p) {
		return p, fmt.Errorf("the search index: a place of %d bytes", len(b))
	}
	for i := 0; i < len(b)/8; i++ {
		p[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	return p, nil
}

// clear puts an empty generation in the place of the present one.
func (x *Index) clear() error {
	x.ready.Store(false)
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.next != nil {
		return ErrRebuilding
	}
	g, err := x.begin()
	if err != nil {
		return fmt.Errorf("the search index: %w", err)
	}
	x.place = nil
	return x.current.Swap(g).destroy()
}
