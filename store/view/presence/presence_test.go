package presence

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/journal/journaltest"
)

// A world is a journal, a view of it, and what operators did.
type world struct {
	t    *testing.T
	rand *rand.Rand
	*journaltest.Stage
	view    *View
	doubled bool
	now     time.Time
	facts   map[string][]event.Event
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) open() {
	w.t.Helper()
	var err error
	w.view, err = Open(w.Journal, w.Engine)
	w.must(err)
	w.view.doubled = w.doubled
	w.Begin(name)
	w.must(w.view.load())
}

func (w *world) happens() {
	w.t.Helper()
	w.now = w.now.Add(time.Duration(w.rand.IntN(9e10)))
	if w.rand.IntN(10) == 0 {
		w.now = w.now.Add(time.Duration(w.rand.IntN(60)-2) * time.Hour) // clocks are set back as well
	}
	at, id := timestamppb.New(w.now), fmt.Sprintf("o%d", w.rand.IntN(3))
	e := []event.Event{&event.PresenceChanged{At: at, Presence: event.Presence(w.rand.IntN(5) + 1)}, &event.OperatorConfigured{At: at, Removed: w.rand.IntN(9) == 0},
		&event.SlotConfirmed{At: at, ConversationId: fmt.Sprint(w.rand.IntN(3))}, &event.SlotReleased{At: at, ConversationId: fmt.Sprint(w.rand.IntN(3))}}[w.rand.IntN(4)]
	w.Say(event.OperatorStream+id, e)
	w.facts[id] = append(w.facts[id], e)
}

// want is how long operators were in each status, by all that happened.
func (w *world) want(period figures.Span) map[string]map[figures.Status]time.Duration {
	out := map[string]map[figures.Status]time.Duration{}
	for id := range w.facts {
		for _, s := range w.stays(id, period) {
			if out[id] == nil {
				out[id] = map[figures.Status]time.Duration{}
			}
			out[id][s.Status] += s.To.Sub(s.From)
		}
	}
	return out
}

// stays are what an operator was in, by all that happened.
func (w *world) stays(id string, period figures.Span) (out []figures.Stay) {
	watch, all := figures.Watch{}, []figures.Stay{}
	for _, e := range w.facts[id] {
		all = append(all, watch.Apply(e)...)
	}
	for _, s := range append(all, watch.Lasting(w.now)...) {
		if in, ok := s.Clip(period); ok {
			out = append(out, figures.Stay{Status: s.Status, Span: in})
		}
	}
	slices.SortStableFunc(out, func(a, b figures.Stay) int { return a.From.Compare(b.From) })
	return out
}

// periods are such as people ask for: all, whole days, parts of days, and what is
// open at one end.
func (w *world) periods(begin time.Time) []figures.Span {
	moment := func() time.Time {
		at := begin.Add(time.Duration(w.rand.Int64N(int64(max(w.now.Sub(begin), 0)) + 1)))
		if w.rand.IntN(2) == 0 {
			at = at.Truncate(24 * time.Hour)
		}
		return at
	}
	from, to := moment(), moment()
	if to.Before(from) {
		from, to = to, from
	}
	return []figures.Span{{}, {From: from, To: to}, {From: from}, {To: to}, {From: from, To: from.Add(time.Hour)},
		{From: from.Truncate(24 * time.Hour), To: from.Truncate(24 * time.Hour).Add(24 * time.Hour)}}
}

func differs(t *testing.T, seed uint64, doubled bool) string {
	w := &world{t: t, Stage: journaltest.New(t), rand: rand.New(rand.NewPCG(seed, 1)), doubled: doubled, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), facts: map[string][]event.Event{}}
	begin := w.now
	w.open()
	for i := range 300 {
		w.happens()
		if i%30 != 0 {
			continue
		}
		if w.rand.IntN(2) == 0 {
			w.open()
		}
		w.Follow(w.view.take)
		for _, period := range w.periods(begin) {
			got, err := w.view.Times(period, w.now)
			w.must(err)
			if want := w.want(period); !reflect.DeepEqual(got, want) {
				return fmt.Sprintf("step %d, %v: %v, want %v", i, period, got, want)
			}
			for id := range maps.Keys(got) {
				stays, err := w.view.Stays(id, period, w.now)
				w.must(err)
				if want := w.stays(id, period); !reflect.DeepEqual(stays, want) {
					return fmt.Sprintf("step %d, %v: the stays of %s are %v, want %v", i, period, id, stays, want)
				}
			}
		}
	}
	return ""
}

// proves ST-04, G40: times are what the operators' own facts come to, after restarts
// too, and nothing is counted twice.
func TestST04_TimesAreWhatHappened(t *testing.T) {
	for seed := range uint64(4) {
		if what := differs(t, seed, false); what != "" {
			t.Errorf("seed %d: %s", seed, what)
		}
	}
	if differs(t, 1, true) == "" {
		t.Error("a view that counts twice after a restart is not seen")
	}
}

// proves G40: nothing is answered until everything that was there is known.
func TestNothingIsHalfKnown(t *testing.T) {
	v := &View{}
	_, times := v.Times(figures.Span{}, time.Time{})
	_, stays := v.Stays("o1", figures.Span{}, time.Time{})
	if times != ErrLoading || stays != ErrLoading {
		t.Errorf("before it knows, the view answers %v and %v", times, stays)
	}
}

// nowhere is a table that keeps nothing.
type nowhere struct{ store.Table }

func (nowhere) Put([]store.Row, bool) error { return nil }

// proves G54: who comes and goes all day takes no more memory than who comes once.
func TestChangesTakeNoMemory(t *testing.T) {
	const operators, days, changes = 10, 10, 1000
	w := &world{t: t, Stage: journaltest.New(t)}
	v, err := Open(w.Journal, nowhere{w.Engine})
	w.must(err)
	before := heap()
	for i := range days * changes {
		at := timestamppb.New(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * day / changes))
		var batch []journal.Entry
		for o := range operators {
			batch = append(batch, journal.Entry{Stream: fmt.Sprintf("%so%d", event.OperatorStream, o), Version: uint64(i + 1),
				Event: &event.PresenceChanged{At: at, Presence: event.Presence(i%2 + 1)}})
		}
		w.must(v.take(batch))
	}
	each := float64(heap()-before) / (operators * days * changes)
	t.Logf("%.2f bytes for each change, %d days kept of each operator", each, len(v.of["o1"].days))
	if each > 4 {
		t.Errorf("a change of status takes %.1f bytes for ever", each)
	}
	if n := len(v.of["o1"].days); n != days {
		t.Errorf("%d days are known, want %d: the test is blind", n, days)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what pools held through the first
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// proves G15: what an earlier program had written as whole stays is made anew.
func TestG15_WholeStaysAreMadeAnew(t *testing.T) {
	w := &world{t: t, Stage: journaltest.New(t), rand: rand.New(rand.NewPCG(5, 1)), now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), facts: map[string][]event.Event{}}
	for range 50 {
		w.happens()
	}
	w.must(w.Engine.Put([]store.Row{journal.PlaceRow(name, w.Journal.Now()), {Table: name, Key: "now/o1", Value: []byte(`{"Status":"lunch"}`)},
		{Table: name, Key: "was/o1/00000000000000000007.0", Value: []byte(`{"Status":"online"}`)}}, true))
	for range 2 {
		w.open()
		w.Follow(w.view.take)
		got, err := w.view.Times(figures.Span{}, w.now)
		w.must(err)
		if want := w.want(figures.Span{}); len(want) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
}
