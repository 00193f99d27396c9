/*
Package live brings the journal's newest facts to open sockets.

	journal --> Hub --> viewers of the stream --> Conn --> browser

A viewer follows streams, each with the version it has sent. A fact that is the
next one is sent; one that was sent is passed over; a gap is read from the
journal. So whatever comes twice, late or not at all, a socket gets every
version once and in order.
*/
package live

import (
	"sync"

	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// A Viewer is told of every fact on disk in the streams it watches.
type Viewer interface {
	// See is called from the hub's goroutine, one fact at a time, and must not
	// block.
	See(e journal.Entry, f *Frames)
}

// A Hub knows who watches which stream.
type Hub struct {
	journal *journal.Journal
	shards  [store.Shards]watchers
}

type watchers struct {
	mu sync.RWMutex // guards by
	by map[string][]Viewer
}

// NewHub returns a hub; Run makes it work.
func NewHub(j *journal.Journal) *Hub {
	h := &Hub{journal: j}
	for i := range h.shards {
		h.shards[i].by = map[string][]Viewer{}
	}
	return h
}

// Run follows the journal from now on, until it is closed.
func (h *Hub) Run() error { return h.journal.Follow("hub", h.journal.Now(), h.take) }

func (h *Hub) take(batch []journal.Entry) error {
	for _, e := range batch {
		w := &h.shards[e.Shard]
		w.mu.RLock()
		viewers := w.by[e.Stream]
		w.mu.RUnlock()
		if len(viewers) == 0 {
			continue
		}
		f := &Frames{entry: e}
		for _, v := range viewers {
			v.See(e, f)
		}
	}
	return nil
}

// Watch tells v of every fact in the stream from now on.
func (h *Hub) Watch(stream string, v Viewer) {
	w := &h.shards[store.ShardOf(stream)]
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, old := range w.by[stream] {
		if old == v {
			return
		}
	}
	// The hub reads the old slice without the lock, so it is copied.
	w.by[stream] = append(append([]Viewer(nil), w.by[stream]...), v)
}

// Unwatch ends a Watch.
func (h *Hub) Unwatch(stream string, v Viewer) {
	w := &h.shards[store.ShardOf(stream)]
	w.mu.Lock()
	defer w.mu.Unlock()
	var rest []Viewer
	for _, old := range w.by[stream] {
		if old != v {
			rest = append(rest, old)
		}
	}
	if len(rest) == 0 {
		delete(w.by, stream)
		return
	}
	w.by[stream] = rest
}

// Viewers calls f for everybody who watches the stream.
func (h *Hub) Viewers(stream string, f func(Viewer)) {
	w := &h.shards[store.ShardOf(stream)]
	w.mu.RLock()
	viewers := w.by[stream]
	w.mu.RUnlock()
	for _, v := range viewers {
		f(v)
	}
}
