package pebblestore

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/store"
	"crafttalkd/store/storetest"
)

// What a follower reads from memory is what it would read from the database,
// however large the events are; and memory stays bounded.
func TestG50_RecentIsTheTail(t *testing.T) {
	rng := rand.New(rand.NewPCG(storetest.Seed(t), 0))
	s := open(t, "store", Options{FS: vfs.NewMem(), NoSync: true})
	const stream = "customer/7"
	shard := store.ShardOf(stream)
	fromMemory := 0
	for i := uint64(0); i < 3000; {
		a := &store.Append{Stream: stream, Expect: i}
		for range 1 + rng.IntN(3) {
			a.Events = append(a.Events, bytes.Repeat([]byte{byte(i)}, size(rng)))
			i++
		}
		if _, err := storetest.Put(s, a); err != nil {
			t.Fatal(err)
		}
		after := i - min(i, rng.Uint64N(40))
		if _, ok := s.recent[shard].between(after, i); ok {
			fromMemory++
		}
		var got, want []store.Record
		for r := range s.Tail(shard, after) {
			r.Body = bytes.Clone(r.Body)
			got = append(got, r)
		}
		s.tail(shard, after, i, func(r store.Record, err error) bool {
			r.Body = bytes.Clone(r.Body)
			want = append(want, r)
			return err == nil
		})
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("Tail after %d of %d = %s, want %s", after, i, positions(got), positions(want))
		}
		c := &s.recent[shard]
		if kept := sum(c.ring); kept != c.bytes || len(c.ring) > maxRecent || c.held > 1 && kept > maxRecentBytes {
			t.Fatalf("%d events of %d bytes, counted as %d, are kept in memory", c.held, kept, c.bytes)
		}
	}
	if fromMemory < 100 {
		t.Errorf("%d readings came from memory", fromMemory)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// size is mostly that of a message, and sometimes more than memory may take.
func size(rng *rand.Rand) int {
	if rng.IntN(300) == 0 {
		return rng.IntN(2 * maxRecentBytes)
	}
	return rng.IntN(1200)
}

func sum(records []store.Record) (n int) {
	for _, r := range records {
		n += len(r.Body)
	}
	return n
}

func positions(records []store.Record) string {
	if len(records) == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%d to %d", records[0].Position, records[len(records)-1].Position)
}
