package talk

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/store/pace"
)

// How conversations are written.
const (
	gather     = time.Second // for how long those that closed are gathered
	atOnce     = 512         // are written together, at most
	batchWords = 1 << 16     // after so many of their words no more conversations are added: a word takes some 200 bytes until it is written
	mostOnHand = 4096        // wait; whoever follows waits with them
)

// Follow gives the index what the journal tells of conversations, until the
// journal is closed or ctx is done. The index is ready once it knows what the
// journal held when Follow began.
//
// An error says that the journal could not be read or the index not be written,
// such as on a full disk. Follow may be called again then, and goes on.
func (x *Index) Follow(ctx context.Context) error {
	for {
		err := x.follow(ctx)
		if !errors.Is(err, errAgain) {
			return err
		}
	}
}

// errAgain ends following, so that it begins anew.
var errAgain = errors.New("the conversations are read once more")

func (x *Index) follow(ctx context.Context) error {
	from, target := x.place(), x.journal.Now()
	if x.again.Swap(false) {
		from = journal.Places{}
	}
	for shard := range from {
		if from[shard] > target[shard] {
			// It tells of another journal, such as one before a restore.
			if err := x.clear(); err != nil {
				return err
			}
			from = journal.Places{}
			break
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b := newBasket(from)
	written := make(chan error, 1)
	go func() { written <- x.write(ctx, b, target) }()
	err := x.journal.Follow("talk", from, func(batch []journal.Entry) error { return x.take(b, batch) })
	b.close()
	cancel()
	if failed := <-written; failed != nil || errors.Is(err, errEnded) {
		return failed
	}
	return err
}

// Again has the index made anew while it serves: every conversation is written
// once more, in its own place.
func (x *Index) Again() { x.again.Store(true) }

// take follows the journal.
func (x *Index) take(b *basket, batch []journal.Entry) error {
	if x.again.Load() {
		return errAgain
	}
	var ids []string
	for _, e := range batch {
		if id, ok := strings.CutPrefix(e.Stream, event.ConversationStream); ok && x.hears(e.Event) {
			ids = append(ids, id)
		}
	}
	return b.put(ids, batch)
}

func (x *Index) hears(e event.Event) bool {
	if _, closed := e.(*event.ConversationClosed); x.fault == deaf && !closed {
		return false
	}
	return changes(e)
}

// write writes what is in the basket until it is closed. What waits then is read
// again the next time.
func (x *Index) write(ctx context.Context, b *basket, target journal.Places) error {
	defer b.end()
	rest := &pace.Pace{}
	for {
		x.know(b.written, target)
		ids, at, ok := b.take(ctx)
		if !ok {
			return nil
		}
		for part := range slices.Chunk(ids, atOnce) {
			if err := x.putAll(ctx, part, rest); err != nil {
				if ctx.Err() != nil {
					return nil
				}
				return err
			}
		}
		if err := x.savePlace(at); err != nil {
			return err
		}
		b.written = at
	}
}

func (x *Index) putAll(ctx context.Context, ids []string, rest *pace.Pace) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	_, err := x.put(ctx, ids, rest)
	return err
}

// know makes the index ready once it has reached the target.
func (x *Index) know(reached, target journal.Places) {
	for shard := range target {
		if reached[shard] < target[shard] {
			return
		}
	}
	x.ready.Store(true)
}

// A basket is the conversations that are to be written, each once, and the place
// after which there is nothing else to write.
type basket struct {
	written journal.Places // the writer's

	mu      sync.Mutex // guards what follows
	changed *sync.Cond
	ids     map[string]bool
	at      journal.Places // what was followed
	closed  bool           // nothing more comes
	ended   bool           // nothing more is taken
}

func newBasket(from journal.Places) *basket {
	b := &basket{ids: map[string]bool{}, at: from, written: from}
	b.changed = sync.NewCond(&b.mu)
	return b
}

// errEnded tells whoever follows that nothing is written any more.
var errEnded = errors.New("the index of conversations is not written any more")

// put adds what a batch tells of, and waits while the basket is full.
func (b *basket) put(ids []string, batch []journal.Entry) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.ids) >= mostOnHand && !b.ended {
		b.changed.Wait()
	}
	if b.ended {
		return errEnded
	}
	for _, id := range ids {
		b.ids[id] = true
	}
	for _, e := range batch {
		b.at[e.Shard] = e.Position
	}
	b.changed.Broadcast()
	return nil
}

// take waits until there is something to write, gathers for a while and takes
// all of it.
func (b *basket) take(ctx context.Context) (ids []string, at journal.Places, ok bool) {
	defer context.AfterFunc(ctx, b.close)()
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.at == b.written && !b.closed {
		b.changed.Wait()
	}
	full := time.AfterFunc(gather, b.changed.Broadcast)
	defer full.Stop()
	for until := time.Now().Add(gather); len(b.ids) < mostOnHand && !b.closed && time.Now().Before(until); {
		b.changed.Wait()
	}
	ids = slices.Sorted(maps.Keys(b.ids))
	clear(b.ids)
	b.changed.Broadcast()
	return ids, b.at, !b.closed
}

func (b *basket) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.changed.Broadcast()
}

func (b *basket) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	b.changed.Broadcast()
}

func (x *Index) placeFile() string { return filepath.Join(x.dir, "place") }

// place reads how far the index tells; from the beginning if that is not known.
func (x *Index) place() (p journal.Places) {
	b, err := os.ReadFile(x.placeFile())
	if err != nil || len(b) != 8*len(p)+4 || crc32.ChecksumIEEE(b[:8*len(p)]) != binary.BigEndian.Uint32(b[8*len(p):]) {
		return p
	}
	for i := range p {
		p[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	return p
}

// savePlace keeps how far the index tells, after that is on disk.
func (x *Index) savePlace(p journal.Places) error {
	b := make([]byte, 0, 8*len(p)+4)
	for _, n := range p {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	draft := x.placeFile() + ".new"
	err := os.WriteFile(draft, b, 0o600)
	if err == nil {
		err = os.Rename(draft, x.placeFile())
	}
	if err != nil {
		return fmt.Errorf("the place of the index of conversations: %w", err)
	}
	return nil
}
