package replay

import (
	"hash/fnv"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"crafttalkd/transport/wire"
)

// A ledger knows of every message what was planned for it and what became of
// it. A lane is the messages of one customer in one channel, in order: 1, 2, …
type ledger struct {
	run   string
	lanes []lane

	sent, acked, delivered, refused, duplicated, reordered atomic.Int64

	replied atomic.Int64 // operators' messages that the server said it has

	mu      sync.Mutex
	assigns map[opening]time.Duration
}

type lane struct {
	mu    sync.Mutex // guards what follows
	marks []mark     // of message n at n-1
	tops  []top
}

// A mark is what became of one message. Times count from the ledger's start;
// zero is never.
type mark struct {
	planned, acked, seen time.Duration
	place                place // where it was first seen
	refused              bool
}

// A place is a stream, shortened to its hash, and a version of it.
type place struct{ stream, version uint32 }

// A top is the highest n seen in a stream.
type top struct {
	stream uint32
	n      int
}

// An opening is the message that began a conversation.
type opening struct{ lane, n int }

func newLedger(run string, lanes int) *ledger {
	return &ledger{run: run, lanes: make([]lane, lanes), assigns: map[opening]time.Duration{}}
}

// appendID appends the id of a message to b.
func (l *ledger) appendID(b []byte, lane, n int) []byte {
	b = append(append(b, l.run...), '-')
	b = append(strconv.AppendInt(b, int64(lane), 10), '-')
	return strconv.AppendInt(b, int64(n), 10)
}

// parse reads an id that appendID of this run has made.
func (l *ledger) parse(id string) (lane, n int, ok bool) {
	run, rest, _ := strings.Cut(id, "-")
	first, second, _ := strings.Cut(rest, "-")
	lane, err1 := strconv.Atoi(first)
	n, err2 := strconv.Atoi(second)
	ok = run == l.run && err1 == nil && err2 == nil && lane >= 0 && lane < len(l.lanes) && n > 0
	return lane, n, ok
}

// plan notes that the lane's next message leaves at the time, and returns its n.
func (l *ledger) plan(lane int, at time.Duration) int {
	l.sent.Add(1)
	a := &l.lanes[lane]
	a.mu.Lock()
	defer a.mu.Unlock()
	a.marks = append(a.marks, mark{planned: at})
	return len(a.marks)
}

// ack notes that the server has taken a message. Only the first time counts.
func (l *ledger) ack(lane, n int, at time.Duration) {
	m, unlock := l.mark(lane, n)
	defer unlock()
	if m != nil && m.acked == 0 {
		m.acked = max(at, 1)
		l.acked.Add(1)
	}
}

// refuse notes that the server would not take a message.
func (l *ledger) refuse(lane, n int) {
	l.refused.Add(1)
	m, unlock := l.mark(lane, n)
	defer unlock()
	if m != nil {
		m.refused = true
	}
}

// see notes that a message arrived at an operator, at a place of the journal.
// The same place again is no news: the stream went to another operator. A
// second place is a message kept twice.
func (l *ledger) see(lane, n int, at time.Duration, p place) {
	m, unlock := l.mark(lane, n)
	defer unlock()
	switch {
	case m == nil:
	case m.seen != 0:
		if m.place != p {
			l.duplicated.Add(1)
		}
	default:
		m.seen, m.place = max(at, 1), p
		l.delivered.Add(1)
		if !l.lanes[lane].rises(p.stream, n) {
			l.reordered.Add(1)
		}
	}
}

// rises reports whether n is higher than all that was seen in the stream.
func (a *lane) rises(stream uint32, n int) bool {
	for i := range a.tops {
		if t := &a.tops[i]; t.stream == stream {
			higher := n > t.n
			t.n = max(t.n, n)
			return higher
		}
	}
	a.tops = append(a.tops, top{stream, n})
	return true
}

// mark returns the mark of a message, or nil, and the lane locked.
func (l *ledger) mark(lane, n int) (*mark, func()) {
	a := &l.lanes[lane]
	a.mu.Lock()
	if n > len(a.marks) {
		return nil, a.mu.Unlock
	}
	return &a.marks[n-1], a.mu.Unlock
}

// assign notes that an operator was seen to get the conversation that message
// n of the lane began. Only the first operator counts.
func (l *ledger) assign(lane, n int, at time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o := (opening{lane, n}); l.assigns[o] == 0 {
		l.assigns[o] = max(at, 1)
	}
}

// settled reports whether nothing is on its way.
func (l *ledger) settled() bool {
	acked := l.acked.Load()
	return l.delivered.Load() >= acked && acked+l.refused.Load() >= l.sent.Load()
}

// lost counts the messages that were acknowledged and never seen.
func (l *ledger) lost() (n int64) {
	for i := range l.lanes {
		a := &l.lanes[i]
		a.mu.Lock()
		for _, m := range a.marks {
			if m.acked != 0 && m.seen == 0 {
				n++
			}
		}
		a.mu.Unlock()
	}
	return n
}

// A shelf is the streams that one operator's socket holds, and checks that
// each comes once, in order, without a hole.
type shelf struct {
	ledger  *ledger
	streams map[string]*held
}

// held is what a shelf knows of one stream.
type held struct {
	version  uint64
	missing  map[uint64]bool // versions below that did not come yet
	hash     uint32
	lane     int // of the first message of ours; -1 before it
	first    int // that message's n
	assigned bool
}

func newShelf(l *ledger) *shelf { return &shelf{ledger: l, streams: map[string]*held{}} }

// begin notes that a snapshot told a stream up to a version.
func (s *shelf) begin(stream string, version uint64) {
	s.streams[stream] = &held{hash: hash(stream), lane: -1, version: version}
}

// take notes an entry and returns its stream, or nil for one that came before.
func (s *shelf) take(stream string, version uint64) *held {
	h := s.streams[stream]
	if h == nil {
		h = &held{hash: hash(stream), lane: -1}
		s.streams[stream] = h
	}
	if version <= h.version {
		if !h.missing[version] {
			s.ledger.duplicated.Add(1)
			return nil
		}
		delete(h.missing, version)
		return h
	}
	if version > h.version+1 {
		s.ledger.reordered.Add(1)
		h.miss(h.version+1, version)
	}
	h.version = version
	return h
}

// mostMissing bounds what is remembered of a hole.
const mostMissing = 1000

func (h *held) miss(from, to uint64) {
	if h.missing == nil {
		h.missing = map[uint64]bool{}
	}
	for v := max(from, to-min(to, mostMissing)); v < to; v++ {
		h.missing[v] = true
	}
}

// message notes a customer's message in a stream.
func (s *shelf) message(h *held, version uint64, lane, n int, at time.Duration) {
	if h.lane < 0 {
		h.lane, h.first = lane, n
	}
	s.ledger.see(lane, n, at, place{h.hash, uint32(version)})
}

// forget drops a stream that is not the operator's any more, or comes again.
func (s *shelf) forget(stream string) { delete(s.streams, stream) }

// hello names what the shelf holds.
func (s *shelf) hello() *wire.Hello {
	h := &wire.Hello{}
	for name, held := range s.streams {
		h.Held = append(h.Held, &wire.Held{Stream: name, Version: held.version})
	}
	return h
}

// kept lists the streams of the run that are the operator's now.
func (s *shelf) kept() (streams []string) {
	for name, h := range s.streams {
		if h.assigned && h.lane >= 0 {
			streams = append(streams, name)
		}
	}
	return streams
}

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}
