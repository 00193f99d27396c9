/*
Package store is the seam between crafttalkd and whatever keeps its data.

An [Engine] keeps streams of events, in shards. A shard is the unit of order
and of atomicity: it has a gapless position, which is the order in which its
events were committed, and nothing atomic ever crosses it. A stream lives in
the shard that its name leads to, see [ShardOf].

	append = events + unique keys + the stream's alarm + table rows,
	         all of it or nothing, on disk before anybody hears of it

An engine knows bytes, not meanings: package journal puts facts on top.
Every engine passes store/storetest; nothing above may assume a certain one.
*/
package store

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"iter"
	"strings"
	"time"
)

// Shards is how many shards a store has. It is fixed when the store is made.
const Shards = 64

// ShardOf returns the shard of a stream. A customer and all the customer's
// conversations share one: the id of a conversation is the customer's id, a
// dot and a number, and what follows the first dot does not count.
func ShardOf(stream string) int {
	_, id, _ := strings.Cut(stream, "/")
	id, _, _ = strings.Cut(id, ".")
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % Shards)
}

// An Append is one atomic addition to one stream.
type Append struct {
	Stream string
	Expect uint64   // how many events the stream holds
	Epoch  uint64   // of the shard, as the writer claimed it
	Events [][]byte // may be empty, to move the alarm alone
	// Keys may be used once in a shard, for ever. They go with events.
	Keys []string
	// Alarm is when the stream's actor must be woken, replacing what was set
	// before; the zero time for never. It is kept in whole milliseconds, rounded up.
	Alarm time.Time
	Rows  []Row
}

// A Row is an entry of a table. A nil Value removes it.
type Row struct {
	Table, Key string
	Value      []byte
}

// A Receipt says where an append went.
type Receipt struct {
	Version  uint64 // of the stream: how many events it holds now
	Position uint64 // of the shard, after the last event
}

// A Record is one event as it is kept.
type Record struct {
	Stream   string
	Version  uint64 // 1 for the first event of the stream
	Position uint64 // 1 for the first event of the shard
	Body     []byte // to be read until the iteration goes on, and not to be changed
}

// An Alarm is a stream's wish to be woken.
type Alarm struct {
	Stream string
	At     time.Time
}

// A Log keeps streams.
type Log interface {
	// Submit takes a to be committed and returns at once, or when there is
	// room: at most a few thousand appends are under way. The engine calls
	// done exactly once, after the append is on disk or was refused, in commit
	// order, from one goroutine; done must not block, so it must not write to
	// the store either. The append must not be changed until then, and its
	// events never: the engine may go on reading them.
	//
	// Refusals are ErrFenced, *TakenError and ErrConflict, looked for in this
	// order, so that whoever repeats an append learns where the first one went.
	// A refusal too is told after everything that led to it is on disk.
	Submit(a *Append, done func(Receipt, error))
	// Stream yields the stream's events after the first n. They may include
	// events that are not on disk yet: it is for the stream's own writer, who
	// has waited for done. Everybody else reads the tail.
	Stream(stream string, n uint64) iter.Seq2[Record, error]
	// Tail yields the shard's events after the position, in commit order, as
	// far as they are on disk.
	Tail(shard int, after uint64) iter.Seq2[Record, error]
	// Position returns the position of the shard's last event on disk.
	Position(shard int) uint64
}

// An Index answers what appends have left beside the events. What it says of
// streams and alarms may not be on disk yet, as with Stream.
type Index interface {
	// Version returns how many events the stream holds.
	Version(stream string) (uint64, error)
	// Taken reports whether a key of the shard has been used, as far as that is
	// on disk, and where it went.
	Taken(shard int, key string) (Receipt, bool, error)
	// Alarms yields the alarms up to and including until, in order of time.
	Alarms(until time.Time) iter.Seq2[Alarm, error]
}

// A Table keeps small rows beside the streams. The name of a table is not empty
// and has no zero byte.
type Table interface {
	// Get returns a row's value, or nil if there is none.
	Get(table, key string) ([]byte, error)
	// Scan yields the rows whose key begins with prefix, in order of key.
	Scan(table, prefix string) iter.Seq2[Row, error]
	// Put writes rows, all or none. They are on disk when it returns if sync
	// is set, and some time later if not.
	Put(rows []Row, sync bool) error
}

// An Engine is a whole store.
type Engine interface {
	Log
	Index
	Table
	Keeper
}

// A Keeper looks after the store as a whole.
type Keeper interface {
	// Claim makes the caller the only writer of the shard: it returns the
	// shard's new epoch, and appends with an older one are refused from now on.
	Claim(shard int) (epoch uint64, err error)
	// Ready commits a small write, and returns what hinders that.
	Ready(ctx context.Context) error
	// Room returns how many bytes are free for the store, and of how many.
	Room() (free, total uint64, err error)
	// Backup writes a consistent copy of the store into dir, which must not
	// exist, while the store is in use. Opening dir opens the copy.
	Backup(dir string) error
	// Verify reads everything and calls bad for each thing that is wrong.
	Verify(ctx context.Context, bad func(Damage)) error
	Close() error
}

// A Damage is one place where the store is not what was written.
type Damage struct {
	Shard    int
	Position uint64 // the first bad one; 0 if it is not about the log
	What     string
}

func (d Damage) String() string {
	if d.Position == 0 {
		return d.What
	}
	return fmt.Sprintf("shard %d, position %d: %s", d.Shard, d.Position, d.What)
}

// ErrConflict reports that a stream does not hold as many events as its writer
// believes: there is another writer.
var ErrConflict = errors.New("the stream has another writer")

// ErrFenced reports that the shard has been claimed by another writer since.
var ErrFenced = errors.New("the shard has another owner")

// ErrClosed reports that the store has been closed.
var ErrClosed = errors.New("the store is closed")

// A TakenError reports that a key had been used before, and where that went.
type TakenError struct {
	Key   string
	First Receipt
}

func (e *TakenError) Error() string { return fmt.Sprintf("key %q is taken", e.Key) }
