package pebblestore

import (
	"hash/maphash"

	"github.com/cockroachdb/pebble/v2"
)

// maxFresh is how many keys are remembered before they are written out.
const maxFresh = 1 << 16

// fresh knows the keys that may be in Pebble's memory and not yet in its files.
// Nearly every key that is looked up is new, and the files have Bloom filters,
// but Pebble's memory has none: a search there cost as much as all the rest of
// an append. It remembers hashes only, so it may say maybe and never a wrong
// no.
//
// Keys are forgotten when a flush that began after the last of them has ended.
// Until the first flush nothing is known of what an earlier process has left.
type fresh struct {
	db      *pebble.DB
	fault   fault
	seed    maphash.Seed
	most    int
	young   map[uint64]struct{}
	old     map[uint64]struct{} // on their way into files
	flushed <-chan struct{}     // closed when old is there; nil if there is no old
	before  bool                // there may be keys in memory from before, as after a crash
}

func newFresh(db *pebble.DB, most int, f fault) *fresh {
	return &fresh{db: db, fault: f, seed: maphash.MakeSeed(), most: most, young: map[uint64]struct{}{}, old: map[uint64]struct{}{},
		before: true}
}

func (f *fresh) hash(u used) uint64 { return maphash.String(f.seed, u.key) ^ uint64(u.shard) }

// has reports whether the key may be in memory.
func (f *fresh) has(u used) bool {
	h := f.hash(u)
	_, young := f.young[h]
	_, old := f.old[h]
	return young || old || f.before
}

// add remembers a key that is being written.
func (f *fresh) add(u used) { f.young[f.hash(u)] = struct{}{} }

// age forgets what is in files by now, and has more written there if it is
// time. It must not be called while a group is not applied yet.
func (f *fresh) age() {
	if f.flushed != nil {
		select {
		case <-f.flushed:
			clear(f.old)
			f.flushed, f.before = nil, false
		default:
			return
		}
	}
	if len(f.young) < f.most && !f.before {
		return
	}
	if f.fault == forgetsFresh {
		clear(f.young)
		f.before = false
		return
	}
	flushed, err := f.db.AsyncFlush()
	if err != nil {
		return // it is tried again with the next group
	}
	f.old, f.young, f.flushed = f.young, f.old, flushed
}
