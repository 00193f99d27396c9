package journal

import (
	"sync"

	"crafttalkd/actors/event"
	"crafttalkd/store"
)

// Window is how many of the newest facts are kept at hand for followers, unless
// who opens the journal wants another number.
const Window = 1 << 14

// A feed is a window on the newest facts, in commit order. Every fact has a
// number there, rising by one; numbers begin anew with the process.
type feed struct {
	mu     sync.Mutex
	grown  *sync.Cond
	window []Entry // a ring: number n is at n % len
	next   uint64  // the number of the next fact
	closed bool
}

func newFeed(size int) *feed {
	f := &feed{window: make([]Entry, size)}
	f.grown = sync.NewCond(&f.mu)
	return f
}

// add puts the events of a committed append at the end, with what they are encoded.
func (f *feed) add(stream string, events []event.Event, encoded [][]byte, shard int, r store.Receipt) {
	if len(events) == 0 {
		return
	}
	f.mu.Lock()
	n := uint64(len(events))
	for i, e := range events {
		left := n - 1 - uint64(i)
		f.window[f.next%uint64(len(f.window))] = Entry{Stream: stream, Version: r.Version - left,
			Shard: shard, Position: r.Position - left, Event: e, encoded: encoded[i]}
		f.next++
	}
	f.mu.Unlock()
	f.grown.Broadcast()
}

// end returns the number of the next fact.
func (f *feed) end() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.next
}

// read waits for facts from number n on and puts some into buf. It returns the
// facts and the next number; ok is false once the feed is closed. If n has left
// the window, lost is true and n must be found in the shards' logs.
func (f *feed) read(n uint64, buf []Entry) (got []Entry, next uint64, lost, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n == f.next && !f.closed {
		f.grown.Wait()
	}
	if f.closed {
		return nil, n, false, false
	}
	size := uint64(len(f.window))
	if n+size < f.next {
		return nil, n, true, true
	}
	got = buf[:0]
	for ; n < f.next && len(got) < cap(buf); n++ {
		got = append(got, f.window[n%size])
	}
	return got, n, false, true
}

func (f *feed) ended() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}

func (f *feed) close() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.grown.Broadcast()
}
