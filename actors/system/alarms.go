package system

import (
	"container/heap"
	"context"
	"log/slog"
	"sync"
	"time"

	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// horizon is how far ahead alarms are held in memory; later ones are read from
// the store when their time comes nearer.
const horizon = 10 * time.Minute

// At most rush alarms ring at once, and the next ones a breath later: five
// thousand a second. A long downtime does not end in a stampede.
const (
	rush   = 250
	breath = 50 * time.Millisecond
)

// tardy is from when on an alarm is late.
const tardy = time.Second

// alarms wakes streams at the deadlines that their actors have set. The store
// is the truth; the heap is a window on it. An alarm may ring more than once,
// and may ring for a deadline that has moved: the machine looks at its state.
//
// It looks at the clock at least once a second, so a clock that jumps forward
// makes due what it passed, and one that jumps back makes nothing ring twice.
type alarms struct {
	now     func() time.Time
	journal *journal.Journal
	ring    func(store.Alarm)
	log     *slog.Logger
	rush    int
	behind  bool // it has been told that alarms are late

	mu    sync.Mutex // guards what follows
	heap  alarmHeap
	wants map[string]*wish // every stream in the heap
	till  time.Time        // everything up to here is in the heap
	late  int64            // alarms that rang late
}

func newAlarms(now func() time.Time, j *journal.Journal, ring func(store.Alarm), log *slog.Logger) *alarms {
	return &alarms{now: now, journal: j, ring: ring, log: log, rush: rush, wants: map[string]*wish{}}
}

// set notes that a stream wants to be woken at a time, and at no other.
func (a *alarms) set(stream string, at time.Time) {
	at = ceil(at)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.want(stream, at)
}

// want keeps one wish a stream. The lock is held.
func (a *alarms) want(stream string, at time.Time) {
	w, ok := a.wants[stream]
	switch near := !at.IsZero() && !at.After(a.till); {
	case ok && near:
		if !w.At.Equal(at) {
			w.At = at
			heap.Fix(&a.heap, w.index)
		}
	case ok:
		heap.Remove(&a.heap, w.index)
		delete(a.wants, stream)
	case near:
		w = &wish{Alarm: store.Alarm{Stream: stream, At: at}}
		a.wants[stream] = w
		heap.Push(&a.heap, w)
	}
}

// ceil is at in whole milliseconds, as the store keeps it.
func ceil(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return time.UnixMilli((at.UnixNano() + 999_999) / 1_000_000)
}

// run rings until ctx is done.
func (a *alarms) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		now := a.now()
		a.load(now)
		out := a.due(now)
		for _, alarm := range out {
			a.ring(alarm)
		}
		a.tell()
		timer.Reset(a.pause(len(out)))
	}
}

// tell writes down when alarms begin to be late, and when they are no more.
func (a *alarms) tell() {
	o := a.overdue()
	switch behind := o.Late > tardy; {
	case behind && !a.behind:
		a.log.Warn("alarms are late", "waiting", o.Waiting, "by", o.Late.Round(time.Second))
	case !behind && a.behind:
		a.log.Info("alarms are on time again", "late", o.Rung)
	default:
		return
	}
	a.behind = !a.behind
}

// An Overdue is how far behind its alarms a system is.
type Overdue struct {
	Waiting int           // alarms that are due and have not rung
	Late    time.Duration // of the earliest of them
	Rung    int64         // alarms that rang more than a second late since the start
}

// Overdue returns how far behind its alarms the system is.
func (s *System) Overdue() Overdue { return s.clock.overdue() }

func (a *alarms) overdue() Overdue {
	now := a.now()
	a.mu.Lock()
	defer a.mu.Unlock()
	o := Overdue{Rung: a.late}
	if len(a.heap) == 0 || a.heap[0].At.After(now) {
		return o
	}
	o.Late = now.Sub(a.heap[0].At)
	for _, w := range a.heap {
		if !w.At.After(now) {
			o.Waiting++
		}
	}
	return o
}

// load reads the alarms of the next horizon when half of the last is over, and
// so rings again for every alarm that has not led to anything.
func (a *alarms) load(now time.Time) {
	a.mu.Lock()
	fresh := now.Add(horizon/2).Before(a.till) && a.till.Before(now.Add(2*horizon))
	if !fresh {
		a.till = now.Add(horizon)
	}
	a.mu.Unlock()
	if fresh {
		return
	}
	for alarm, err := range a.journal.Alarms(now.Add(horizon)) {
		if err != nil {
			a.log.Error("read alarms", "err", err)
			return
		}
		a.mu.Lock()
		if _, ok := a.wants[alarm.Stream]; !ok {
			a.want(alarm.Stream, alarm.At)
		}
		a.mu.Unlock()
	}
}

// due takes what is due out of the heap, in order of time.
func (a *alarms) due(now time.Time) (out []store.Alarm) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.heap) > 0 && !a.heap[0].At.After(now) && len(out) < a.rush {
		w := heap.Pop(&a.heap).(*wish)
		delete(a.wants, w.Stream)
		out = append(out, w.Alarm)
		if now.Sub(w.At) > tardy {
			a.late++
		}
	}
	return out
}

// pause is how long to sleep after so many have rung: until the next alarm, at
// most a second, and at least a breath after a rush.
func (a *alarms) pause(rung int) time.Duration {
	if rung == a.rush {
		return breath
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	d := time.Second
	if len(a.heap) > 0 {
		d = min(d, a.heap[0].At.Sub(a.now()))
	}
	return max(d, time.Millisecond)
}

// A wish is an alarm in the heap.
type wish struct {
	store.Alarm
	index int
}

// An alarmHeap is a heap of wishes, the earliest first.
type alarmHeap []*wish

func (h alarmHeap) Len() int           { return len(h) }
func (h alarmHeap) Less(i, j int) bool { return h[i].At.Before(h[j].At) }
func (h alarmHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *alarmHeap) Push(x any) {
	w := x.(*wish)
	w.index = len(*h)
	*h = append(*h, w)
}
func (h *alarmHeap) Pop() any {
	old := *h
	w := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return w
}
