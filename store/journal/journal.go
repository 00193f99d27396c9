/*
Package journal keeps facts in a store and tells everybody who follows.

It puts meaning on the bytes of [store.Engine]: events instead of bodies,
personal fields sealed with the customer's own key, snapshots, and followers.

	actor --Append--> engine (disk) --done--> feed --> followers, each at its place

A follower is given every event of every shard at least once and in order. It
reads the feed, a window on the newest events in memory, while it keeps up, and
the shards' logs when it does not: nobody ever waits for a follower. Those who
are far behind read the logs together.
*/
package journal

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/keys"
)

// A Journal is the facts kept in a store.
type Journal struct {
	engine store.Engine
	keys   *keys.Ring
	epochs [store.Shards]uint64
	feed   *feed
	pages  pages
	taken  taken
}

// An Entry is one fact in its place. Entries are shared: nobody changes one.
type Entry struct {
	Stream   string
	Version  uint64 // 1 for the first of the stream
	Shard    int
	Position uint64 // 1 for the first of the shard
	Event    event.Event
	encoded  []byte // Event; nil if it was read from the store
}

// Encoded returns the fact as protobuf. Nobody changes that either.
func (e Entry) Encoded() ([]byte, error) {
	if e.encoded != nil {
		return e.encoded, nil
	}
	return proto.Marshal(e.Event)
}

// An Append is what an actor adds to its stream: see [store.Append].
type Append struct {
	Stream string
	Expect uint64
	Events []event.Event
	Keys   []string
	Alarm  time.Time
}

// Open returns the journal kept in the engine, whose only writer it becomes.
func Open(engine store.Engine, ring *keys.Ring) (*Journal, error) {
	return OpenWindow(engine, ring, Window)
}

// OpenWindow is Open with another number of the newest facts at hand for
// followers. Who is further behind than that reads them from the engine.
func OpenWindow(engine store.Engine, ring *keys.Ring, window int) (*Journal, error) {
	if err := understand(engine); err != nil {
		return nil, err
	}
	j := &Journal{engine: engine, keys: ring, feed: newFeed(window), pages: pages{most: mostPages}}
	for shard := range j.epochs {
		epoch, err := engine.Claim(shard)
		if err != nil {
			return nil, fmt.Errorf("claim shard %d: %w", shard, err)
		}
		j.epochs[shard] = epoch
	}
	return j, nil
}

// about is the table of what is known of the whole journal.
const about = "journal"

// understand refuses a journal that a program with more kinds of facts has
// opened: it may hold one that this program would stumble over in the middle of
// its work. It notes how many this one knows.
func understand(engine store.Engine) error {
	const key = "vocabulary"
	own := uint64(event.Vocabulary())
	value, err := engine.Get(about, key)
	if err != nil {
		return fmt.Errorf("vocabulary of the journal: %w", err)
	}
	var known uint64
	if len(value) == 8 {
		known = beUint64(value)
	}
	switch {
	case known > own:
		return fmt.Errorf("a newer version of the program has worked here: it knows facts up to %d, this one up to %d; use that version, or restore a backup from before", known, own)
	case known < own:
		if err := engine.Put([]store.Row{{Table: about, Key: key, Value: beBytes(own)}}, true); err != nil {
			return fmt.Errorf("vocabulary of the journal: %w", err)
		}
	}
	return nil
}

// Reader returns the journal kept in the engine for who only reads it: its writer
// stays who it is, and an append of this one is refused.
func Reader(engine store.Engine, ring *keys.Ring) *Journal {
	return &Journal{engine: engine, keys: ring, feed: newFeed(1), pages: pages{most: mostPages}}
}

// Append adds to a stream. It calls done once, in commit order and from one
// goroutine, when the events are on disk or were refused; done must not block.
// The events belong to the journal from now on and must not be changed.
func (j *Journal) Append(a Append, done func(store.Receipt, error)) {
	shard := store.ShardOf(a.Stream)
	raw := &store.Append{Stream: a.Stream, Expect: a.Expect, Epoch: j.epochs[shard], Keys: a.Keys, Alarm: a.Alarm}
	bytes := make([][]byte, 2*len(a.Events))
	whole := bytes[len(a.Events):]
	raw.Events = bytes[:len(a.Events):len(a.Events)]
	rows, gone, err := j.beside(a)
	if err != nil {
		done(store.Receipt{}, err)
		return
	}
	raw.Rows = rows
	for i, e := range a.Events {
		seen, body, fresh, err := j.encode(a.Stream, a.Expect+uint64(i)+1, e)
		if err != nil {
			done(store.Receipt{}, err)
			return
		}
		if len(raw.Rows) == 0 {
			raw.Rows = fresh
		}
		whole[i], raw.Events[i] = seen, body
	}
	events := a.Events // of a, all that is needed later
	j.engine.Submit(raw, func(r store.Receipt, err error) {
		if err != nil {
			j.unkept(raw.Rows)
		} else {
			j.keys.Kept(raw.Rows)
			if gone {
				j.keys.Gone(subject(raw.Stream))
			}
			j.feed.add(raw.Stream, events, whole, shard, r)
		}
		done(r, err)
	})
}

// unkept tells the ring which keys did not arrive with a failed append.
func (j *Journal) unkept(rows []store.Row) {
	for _, row := range rows {
		if row.Table == keys.Table {
			j.keys.Forget(row.Key)
		}
	}
}

// beside are the rows that belong to an append whatever its events say: the key
// of a conversation that opens, and in its place nothing that opens it, once it
// is forgotten. Then gone is true.
func (j *Journal) beside(a Append) (rows []store.Row, gone bool, err error) {
	if !strings.HasPrefix(a.Stream, event.ConversationStream) || len(a.Events) == 0 {
		return nil, false, nil
	}
	if a.Expect == 0 {
		_, rows, err = j.keys.Begin(subject(a.Stream))
		return rows, false, err
	}
	if !slices.ContainsFunc(a.Events, forgets) {
		return nil, false, nil
	}
	stone, err := j.keys.Tombstone(subject(a.Stream))
	if err != nil {
		return nil, false, err
	}
	return []store.Row{stone, {Table: snapshots, Key: a.Stream}}, true, nil
}

// forgets reports whether a fact says that nobody may read any more what was
// said before it.
func forgets(e event.Event) bool {
	_, ok := e.(*event.ConversationForgotten)
	return ok
}

// Events yields the stream's facts after the first n.
func (j *Journal) Events(stream string, n uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for r, err := range j.engine.Stream(stream, n) {
			e, err := j.entry(store.ShardOf(stream), r, err)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// Durable is Events as far as they are on disk: what anybody but the stream's
// own actor may see.
func (j *Journal) Durable(stream string, n uint64) iter.Seq2[Entry, error] {
	last := j.engine.Position(store.ShardOf(stream))
	return func(yield func(Entry, error) bool) {
		for e, err := range j.Events(stream, n) {
			if err == nil && e.Position > last {
				return
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// Tail yields the shard's facts after the position, as far as they are on disk.
func (j *Journal) Tail(shard int, after uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for r, err := range j.engine.Tail(shard, after) {
			e, err := j.entry(shard, r, err)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func (j *Journal) entry(shard int, r store.Record, err error) (Entry, error) {
	if err != nil {
		return Entry{}, err
	}
	e, err := j.decode(r.Stream, r.Version, r.Body)
	return Entry{Stream: r.Stream, Version: r.Version, Shard: shard, Position: r.Position, Event: e}, err
}

// Taken reports whether a key of the stream's shard has been used, and where
// the append that used it went.
func (j *Journal) Taken(stream, key string) (store.Receipt, bool, error) {
	return j.engine.Taken(store.ShardOf(stream), key)
}

// StreamAt returns whose event stands at a position of the stream's shard, and
// "" if there is none.
func (j *Journal) StreamAt(stream string, position uint64) (string, error) {
	if position == 0 {
		return "", nil
	}
	for r, err := range j.engine.Tail(store.ShardOf(stream), position-1) {
		return r.Stream, err
	}
	return "", nil
}

// Version returns how many events the stream holds.
func (j *Journal) Version(stream string) (uint64, error) { return j.engine.Version(stream) }

// Alarms yields the alarms up to until, in order of time.
func (j *Journal) Alarms(until time.Time) iter.Seq2[store.Alarm, error] {
	return j.engine.Alarms(until)
}

// snapshots is the table of states. Each is a cache of what its stream says.
const snapshots = "snapshot"

// Snapshot returns the stream's last snapshot and how many events are in it;
// nil if there is none that can be read.
func (j *Journal) Snapshot(stream string) (state []byte, version uint64, err error) {
	row, err := j.engine.Get(snapshots, stream)
	if err != nil || len(row) < 8 {
		return nil, 0, err
	}
	version, state = beUint64(row), row[8:]
	who := subject(stream)
	if who == "" {
		return state, version, nil
	}
	sealer, _, err := j.keys.Open(who)
	if errors.Is(err, keys.ErrErased) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	if state, err = sealer.Open(state, aad(stream, version)); err != nil {
		return nil, 0, nil // a cache: the stream is read instead
	}
	return state, version, nil
}

// PutSnapshot keeps the stream's state after version events, some time soon.
func (j *Journal) PutSnapshot(stream string, version uint64, state []byte) error {
	if who := subject(stream); who != "" {
		sealer, fresh, err := j.keys.Open(who)
		if errors.Is(err, keys.ErrErased) || err == nil && fresh != nil {
			return nil // there is nothing that the events don't tell as well
		}
		if err != nil {
			return err
		}
		state = sealer.Seal(state, aad(stream, version))
	}
	row := store.Row{Table: snapshots, Key: stream, Value: append(beBytes(version), state...)}
	return j.engine.Put([]store.Row{row}, false)
}

// DropSnapshot forgets the stream's snapshot.
func (j *Journal) DropSnapshot(stream string) error {
	return j.engine.Put([]store.Row{{Table: snapshots, Key: stream}}, true)
}

// DropSnapshots forgets every snapshot, so that states are made of events anew.
func (j *Journal) DropSnapshots() error {
	var rows []store.Row
	for row, err := range j.engine.Scan(snapshots, "") {
		if err != nil {
			return err
		}
		rows = append(rows, store.Row{Table: snapshots, Key: row.Key})
	}
	return j.engine.Put(rows, true)
}
