package pebblestore

import (
	"fmt"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/store"
)

// What is read again and again from files comes from memory, however much of it
// the memtables take: else every append would read Bloom filters from the disk.
func TestBlocksAreCached(t *testing.T) {
	o := small(t, vfs.NewMem())
	o.MemTableSize, o.CacheSize = 1<<20, 2<<20
	s := open(t, "store", o)
	defer s.Close()
	for i := range 3000 { // several memtables of them
		put(t, s, store.Row{Table: "t", Key: fmt.Sprint(i), Value: make([]byte, 1024)})
	}
	if err := s.flush(); err != nil {
		t.Fatal(err)
	}
	const looks = 100
	before := s.db.Metrics().BlockCache.Misses
	for range looks {
		if v, err := s.Get("t", "7"); err != nil || len(v) != 1024 {
			t.Fatalf("a row of %d bytes, %v", len(v), err)
		}
	}
	if missed := s.db.Metrics().BlockCache.Misses - before; missed >= looks {
		t.Errorf("%d looks at one row have read %d blocks", looks, missed)
	}
}
