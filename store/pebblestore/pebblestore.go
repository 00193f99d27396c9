/*
Package pebblestore is the store on one machine: a [store.Engine] on Pebble.

Appends of everybody go through one queue and are merged:

	Submit -> queue -> committer -> Pebble, its log -> syncer -> done
	                   (decides,     (in memory,       (after the
	                    numbers)      on its way)       sync)

One goroutine, the committer, takes whatever waits, checks each append against
the store and against those before it in the same group, gives positions, and
applies the group as one batch. Another, the syncer, waits until the group is
on disk and calls done for each, refused ones too, in their order. While one
group is being synced the next is gathered, and it is under way beside it only
if it is large. So a lone append waits for one sync, and a thousand wait for one
sync together.

Checks and numbers come from one goroutine, therefore a key is never checked
at one time and written at another, positions have no gap, and the order of
positions is the order in the log: a reader that has seen position n will not
meet n-1 later.

A disk that fails a write or a sync ends the store: what the disk holds is
unknown, and a second sync could report success over a hole. [Options].Fatal is
called, by default it ends the process, and nothing is acknowledged afterwards.

Damage shows by Pebble's checksums on every block, and by a running hash over
each shard's events which [Store.Verify] recomputes. The list of files is
covered by a mark of its own, see [mark]. One thing can't be told
apart: after a crash, a damaged end of the log looks like a write that the
crash had cut. [Store.Close] leaves nothing in the log, so a store that was
closed well is covered to the last byte.
*/
package pebblestore

import (
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/store"
)

// Options are the choices of who opens a store. The zero value is right for a
// server with two cores.
type Options struct {
	// FS is where the store lives, or nil for the file system of the machine.
	FS vfs.FS
	// Log takes what Pebble has to complain about, or nil for the default.
	Log *slog.Logger
	// Fatal is called once when a write or a sync has failed. The default logs
	// the error and ends the process, and so should any other. If it returns,
	// as in tests, nothing is acknowledged any more: what is under way may be
	// refused or be left without an answer, what comes later is refused.
	Fatal func(error)
	// Reserve is how many free bytes of the disk Room does not count as free,
	// so that work can be finished after new work is refused.
	Reserve uint64
	// CacheSize is how much memory blocks of the store may take, beside what is
	// gathered to be written out; 0 for 32 MiB.
	CacheSize int64
	// MemTableSize is how much is gathered in memory before it is written out
	// in order; 0 for 32 MiB. More is faster, and takes longer to open after a
	// crash.
	MemTableSize uint64
	// Gather is the least time from one group to the next while several writers
	// are about, 0 for half a millisecond. It trades a little latency under load for
	// the processor time of many syncs; a writer who is alone does not wait.
	Gather time.Duration
	// Recent is how many of a shard's last events are held in memory for those
	// who follow it closely; 0 for 512.
	Recent int
	// NoSync acknowledges before anything is on disk. It exists only as the
	// negative control of the crash tests, which must fail with it.
	NoSync bool

	fault fault
	fresh int // keys remembered before a flush; 0 for maxFresh
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none           fault = iota
	checksTooEarly       // keys are checked before the queue, not by the committer
	forgetsEpoch         // appends with an old epoch are taken
	answersEarly         // done is called before the sync
	forgetsAlarm         // the row of an alarm that moved stays
	skipsPosition        // an append takes a position too many
	forgetsMark          // the end of the manifest is not marked
	forgetsFresh         // keys are taken to be in files before they are
)

var _ store.Engine = (*Store)(nil)

// A Store is an open store. Its methods may be called from any goroutine.
type Store struct {
	fs    vfs.FS
	dir   string
	opts  Options
	mark  *mark
	db    *pebble.DB
	id    [16]byte
	queue queue
	gate  gate

	idle    chan *group // groups that may be filled
	syncing chan *group // groups on their way to disk, in commit order
	stopped chan struct{}

	synced [store.Shards]atomic.Uint64 // positions that are on disk

	recent [store.Shards]recent

	purging atomic.Int32 // calls of Purge under way

	trouble chan error   // the last failure of background work that nobody has looked at
	told    atomic.Int64 // when it was told of trouble, in seconds
	failing sync.Once
	failure atomic.Pointer[error]
	opened  atomic.Bool
	broken  chan struct{} // closed after failure is set
}

// ID returns the random name the store was given when it was made. Copies of
// a store share it.
func (s *Store) ID() [16]byte { return s.id }

// fail ends the store for err and returns the error that ended it first. While
// the store is being opened, that is only an answer.
func (s *Store) fail(err error) error {
	s.failing.Do(func() {
		s.failure.Store(&err)
		close(s.broken)
		s.queue.close()
		if s.opened.Load() {
			s.opts.Fatal(err)
		}
	})
	return s.failed()
}

// failed returns the error that ended the store, or nil.
func (s *Store) failed() error {
	if err := s.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// beside calls f on a goroutine of its own and returns its error, or the one
// that ended the store meanwhile: then f may never return, see [guard] and
// [logger], and the database is left as it is.
func (s *Store) beside(f func() error) error {
	result := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				result <- s.fail(fmt.Errorf("%v", p))
			}
		}()
		result <- f()
	}()
	select {
	case err := <-result:
		return err
	case <-s.broken:
		return s.failed()
	}
}

func (o *Options) setDefaults() {
	if o.FS == nil {
		o.FS = vfs.Default
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.CacheSize == 0 {
		o.CacheSize = 32 << 20
	}
	if o.MemTableSize == 0 {
		o.MemTableSize = 32 << 20
	}
	if o.Gather == 0 {
		o.Gather = 500 * time.Microsecond
	}
	if o.Recent == 0 {
		o.Recent = maxRecent
	}
	if o.fresh == 0 {
		o.fresh = maxFresh
	}
	if o.Fatal == nil {
		log := o.Log
		o.Fatal = func(err error) {
			log.Error("the store has failed; the process ends so that nothing is acknowledged that may be lost", "err", err)
			os.Exit(1)
		}
	}
}

// A gate lets readers in until it is shut, and then waits for them to leave.
// A reader may enter again while inside: it is let in, or told that it is shut.
type gate struct {
	mu     sync.Mutex
	inside int
	shut   bool
	empty  chan struct{}
}

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return false
	}
	g.inside++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside--; g.shut && g.inside == 0 {
		close(g.empty)
	}
}

// close shuts the gate and returns when nobody is inside. Only the first call
// returns true.
func (g *gate) close() bool {
	g.mu.Lock()
	if g.shut {
		g.mu.Unlock()
		return false
	}
	g.shut, g.empty = true, make(chan struct{})
	if g.inside == 0 {
		close(g.empty)
	}
	g.mu.Unlock()
	<-g.empty
	return true
}
