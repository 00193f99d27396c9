// Package journaltest is what tests of readings play on: a journal in memory, and
// a reading that follows it when it is told to.
package journaltest

import (
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A Stage is a journal in memory.
type Stage struct {
	Engine  *pebblestore.Store
	Ring    *keys.Ring
	Journal *journal.Journal

	t    testing.TB
	read journal.Places // by who follows
}

// New returns a stage that is taken down with the test.
func New(t testing.TB) *Stage {
	t.Helper()
	engine, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	s := &Stage{t: t, Engine: engine, Ring: keys.NewRing(keys.NewMaster(), engine)}
	if s.Journal, err = journal.Open(engine, s.Ring); err != nil {
		t.Fatal(err)
	}
	return s
}

// Say journals facts of a stream, and waits until they are on disk.
func (s *Stage) Say(stream string, events ...event.Event) {
	s.t.Helper()
	n, err := s.Journal.Version(stream)
	if err != nil {
		s.t.Fatal(err)
	}
	done := make(chan error, 1)
	s.Journal.Append(journal.Append{Stream: stream, Expect: n, Events: events}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		s.t.Fatal(err)
	}
}

// Begin has the follower of that name go on from its place, as a new process does.
func (s *Stage) Begin(name string) {
	s.t.Helper()
	var err error
	if s.read, err = s.Journal.Place(name); err != nil {
		s.t.Fatal(err)
	}
}

// Again has the follower hear everything once more.
func (s *Stage) Again() { s.read = journal.Places{} }

// Follow gives take what has come since, a batch for each shard,
// be it empty.
func (s *Stage) Follow(take func([]journal.Entry) error) {
	s.t.Helper()
	for shard := range store.Shards {
		var batch []journal.Entry
		for e, err := range s.Journal.Tail(shard, s.read[shard]) {
			if err != nil {
				s.t.Fatal(err)
			}
			batch = append(batch, e)
			s.read[shard] = e.Position
		}
		if err := take(batch); err != nil {
			s.t.Fatal(err)
		}
	}
}
