package pebblestore

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"crafttalkd/store"
)

// A ledger decides appends and writes them into a batch. It belongs to the
// committer.
//
// What is in the current batch can't be read from the database yet: positions,
// epochs and heads are therefore kept here, and keys in used until the group
// is applied.
type ledger struct {
	db     *pebble.DB
	fault  fault
	shards [store.Shards]shardState
	heads  heads
	used   map[used]store.Receipt
	fresh  *fresh

	batch *pebble.Batch
	grown []grown          // events of this group
	moved []stream         // streams of this group whose head is another now
	all   *pebble.Iterator // for look-ups of this group; nil until needed
	files *pebble.Iterator // the same without what is in memory only
	key   []byte           // scratch
	hash  []byte           // scratch
}

// A shardState is where a shard's log ends, and whose it is.
type shardState struct {
	epoch    uint64
	position uint64
	chain    chain
}

// grown is an event whose place in its shard's log is not in the batch yet.
type grown struct {
	stream
	chain             chain
	position, version uint64
}

// stream names a stream of a shard.
type stream struct {
	shard int
	name  string
}

func (s stream) compare(t stream) int {
	return cmp.Or(cmp.Compare(s.shard, t.shard), strings.Compare(s.name, t.name))
}

// used names a key of a shard.
type used struct {
	shard int
	key   string
}

func newLedger(db *pebble.DB, o *Options) *ledger {
	return &ledger{db: db, fault: o.fault, heads: newHeads(), used: map[used]store.Receipt{}, fresh: newFresh(db, o.fresh, o.fault)}
}

// begin starts a group that is written to b.
func (l *ledger) begin(b *pebble.Batch) {
	l.batch = b
	clear(l.used)
	l.heads.age()
	l.fresh.age()
}

// end writes what was left for the end of the group, and gives up what was
// needed to look things up. A memtable takes a row much faster that comes next
// to the one before, so places in the logs come in their order; and a head is
// written once, however often it moved.
func (l *ledger) end() {
	slices.SortFunc(l.grown, func(a, b grown) int {
		return cmp.Or(cmp.Compare(a.shard, b.shard), cmp.Compare(a.position, b.position))
	})
	for i := range l.grown {
		l.place(&l.grown[i])
	}
	slices.SortFunc(l.moved, stream.compare)
	for _, m := range slices.Compact(l.moved) {
		h, _ := l.heads.get(m.name)
		l.key = headKey(l.key[:0], m.shard, m.name)
		l.pair(l.key, h.version, h.alarm)
	}
	clear(l.grown)
	clear(l.moved)
	l.grown, l.moved = l.grown[:0], l.moved[:0]
	for _, it := range []**pebble.Iterator{&l.all, &l.files} {
		if *it != nil {
			(*it).Close()
			*it = nil
		}
	}
}

// append decides a. Nothing of a refused append is written.
func (l *ledger) append(a *store.Append) (store.Receipt, error) {
	if err := check(a); err != nil {
		return store.Receipt{}, err
	}
	shard := store.ShardOf(a.Stream)
	sh := &l.shards[shard]
	if a.Epoch != sh.epoch && l.fault != forgetsEpoch {
		return store.Receipt{}, store.ErrFenced
	}
	if err := l.free(shard, a.Keys); err != nil {
		return store.Receipt{}, err
	}
	h, err := l.head(shard, a.Stream)
	if err != nil {
		return store.Receipt{}, err
	}
	if h.version != a.Expect {
		return store.Receipt{}, store.ErrConflict
	}
	return l.write(shard, sh, a, h), nil
}

// check refuses an append that could not be kept as it is.
func check(a *store.Append) error {
	switch {
	case a.Stream == "" || len(a.Stream) > maxName || strings.IndexByte(a.Stream, 0) >= 0:
		return fmt.Errorf("append to %q: not the name of a stream", a.Stream)
	case len(a.Keys) > 0 && len(a.Events) == 0:
		return fmt.Errorf("append to %s: keys without events", a.Stream)
	}
	for _, k := range a.Keys {
		if len(k) > maxName {
			return fmt.Errorf("append to %s: a key of %d bytes", a.Stream, len(k))
		}
	}
	return checkRows(a.Rows)
}

func checkRows(rows []store.Row) error {
	for _, r := range rows {
		if r.Table == "" || strings.IndexByte(r.Table, 0) >= 0 || len(r.Table)+len(r.Key) > 2*maxName {
			return fmt.Errorf("row %q of table %q: not a name", r.Key, r.Table)
		}
	}
	return nil
}

// free returns a [store.TakenError] if one of the keys has been used.
func (l *ledger) free(shard int, keys []string) error {
	if l.fault == checksTooEarly {
		return nil
	}
	for _, k := range keys {
		u := used{shard, k}
		first, ok := l.used[u]
		if !ok {
			it := &l.files
			if l.fresh.has(u) {
				it = &l.all
			}
			l.key = usedKey(l.key[:0], shard, k)
			v, err := l.lookUp(it, l.key)
			if err != nil {
				return fmt.Errorf("look up key %q: %w", k, err)
			}
			if v == nil {
				continue
			}
			if first, err = parseReceipt(v); err != nil {
				return fmt.Errorf("look up key %q: %w", k, err)
			}
		}
		return &store.TakenError{Key: k, First: first}
	}
	return nil
}

// head returns the head of a stream, empty if there is none.
func (l *ledger) head(shard int, stream string) (head, error) {
	if h, ok := l.heads.get(stream); ok {
		return h, nil
	}
	l.key = headKey(l.key[:0], shard, stream)
	v, err := l.lookUp(&l.all, l.key)
	if err != nil || v == nil {
		return head{}, err
	}
	version, alarm, err := parsePair(v)
	return head{version, alarm}, err
}

// lookUp returns the value of a key as it was before the group, or nil. The
// iterator, one of the ledger's own, asks the Bloom filters of all levels, as
// Get does not.
func (l *ledger) lookUp(it **pebble.Iterator, key []byte) ([]byte, error) {
	if *it == nil {
		made, err := l.db.NewIter(&pebble.IterOptions{UseL6Filters: true, OnlyReadGuaranteedDurable: it == &l.files})
		if err != nil {
			return nil, err
		}
		*it = made
	}
	if !(*it).SeekPrefixGE(key) || !bytes.Equal((*it).Key(), key) {
		return nil, (*it).Error()
	}
	return (*it).ValueAndErr()
}

// write puts all of a into the batch.
func (l *ledger) write(shard int, sh *shardState, a *store.Append, h head) store.Receipt {
	if l.fault == skipsPosition {
		sh.position++
	}
	for _, body := range a.Events {
		h.version++
		sh.position++
		sh.chain, l.hash = sh.chain.next(l.hash, a.Stream, h.version, body)
		g := grown{stream{shard, a.Stream}, sh.chain, sh.position, h.version}
		l.grown = append(l.grown, g)
		l.event(&g, body)
	}
	receipt := store.Receipt{Version: h.version, Position: sh.position}
	for _, k := range a.Keys {
		u := used{shard, k}
		l.used[u] = receipt
		l.fresh.add(u)
		l.key = usedKey(l.key[:0], shard, k)
		l.pair(l.key, receipt.Version, receipt.Position)
	}
	l.moveHead(shard, a.Stream, h, millis(a.Alarm), len(a.Events) > 0)
	l.rows(a.Rows)
	return receipt
}

// event writes an event.
func (l *ledger) event(g *grown, body []byte) {
	l.key = eventKey(l.key[:0], g.shard, g.name, g.version)
	op := l.batch.SetDeferred(len(l.key), 8+len(body))
	copy(op.Key, l.key)
	binary.BigEndian.PutUint64(op.Value, g.position)
	copy(op.Value[8:], body)
	op.Finish()
}

// place writes an event's place in the log.
func (l *ledger) place(g *grown) {
	l.key = positionKey(l.key[:0], g.shard, g.position)
	op := l.batch.SetDeferred(len(l.key), 24+len(g.name))
	copy(op.Key, l.key)
	copy(op.Value, g.chain[:])
	binary.BigEndian.PutUint64(op.Value[16:], g.version)
	copy(op.Value[24:], g.name)
	op.Finish()
}

// moveHead notes the stream's head and writes the row of its alarm, as far as
// they have changed.
func (l *ledger) moveHead(shard int, name string, h head, alarm uint64, grown bool) {
	if !grown && alarm == h.alarm {
		return
	}
	if alarm != h.alarm {
		if h.alarm != 0 && l.fault != forgetsAlarm {
			l.key = alarmKey(l.key[:0], h.alarm, name)
			l.batch.Delete(l.key, nil)
		}
		if alarm != 0 {
			l.key = alarmKey(l.key[:0], alarm, name)
			l.batch.Set(l.key, nil, nil)
		}
		h.alarm = alarm
	}
	l.heads.put(name, h)
	l.moved = append(l.moved, stream{shard, name})
}

// pair writes a row of two numbers.
func (l *ledger) pair(key []byte, a, b uint64) {
	op := l.batch.SetDeferred(len(key), 16)
	copy(op.Key, key)
	putPair(op.Value, a, b)
	op.Finish()
}

func (l *ledger) rows(rows []store.Row) { putRows(l.batch, rows) }

func putRows(b *pebble.Batch, rows []store.Row) {
	var key []byte
	for i := range rows {
		r := &rows[i]
		key = tableKey(key[:0], r.Table, r.Key)
		if r.Value == nil {
			b.Delete(key, nil)
		} else {
			b.Set(key, r.Value, nil)
		}
	}
}

// claim gives the shard its next epoch.
func (l *ledger) claim(shard int) uint64 {
	sh := &l.shards[shard]
	sh.epoch++
	l.batch.Set(epochKey(nil, shard), binary.BigEndian.AppendUint64(nil, sh.epoch), nil)
	return sh.epoch
}

// heads remembers the heads of the streams that were written to lately. It is
// exact for those it knows, because only the ledger writes heads.
type heads struct{ young, old map[string]head }

// maxYoung is how many heads are remembered at least.
const maxYoung = 1 << 15

func newHeads() heads { return heads{map[string]head{}, map[string]head{}} }

func (c *heads) get(stream string) (head, bool) {
	h, ok := c.young[stream]
	if !ok {
		h, ok = c.old[stream]
	}
	return h, ok
}

func (c *heads) put(stream string, h head) { c.young[stream] = h }

// age forgets the older half if there are too many. It must not be called
// while there are heads that the database does not know yet.
func (c *heads) age() {
	if len(c.young) >= maxYoung {
		c.old, c.young = c.young, c.old
		clear(c.young)
	}
}
