package presence

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A world is a journal, a view of it, and what operators did.
type world struct {
	t       *testing.T
	rand    *rand.Rand
	engine  *pebblestore.Store
	journal *journal.Journal
	view    *View
	doubled bool
	read    journal.Places
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
	w.view, err = Open(w.journal, w.engine)
	w.must(err)
	w.view.doubled = w.doubled
	w.read, err = w.journal.Place(name)
	w.must(err)
	w.must(w.view.load())
}

func (w *world) follow() {
	w.t.Helper()
	for shard := range store.Shards {
		var batch []journal.Entry
		for e, err := range w.journal.Tail(shard, w.read[shard]) {
			w.must(err)
			batch = append(batch, e)
			w.read[shard] = e.Position
		}
		w.must(w.view.take(batch))
	}
}

func (w *world) happens() {
	w.t.Helper()
	w.now = w.now.Add(time.Duration(w.rand.IntN(9e10)))
	at, id := timestamppb.New(w.now), fmt.Sprintf("o%d", w.rand.IntN(3))
	e := []event.Event{&event.PresenceChanged{At: at, Presence: event.Presence(w.rand.IntN(5) + 1)}, &event.OperatorConfigured{At: at, Removed: w.rand.IntN(9) == 0},
		&event.SlotConfirmed{At: at, ConversationId: fmt.Sprint(w.rand.IntN(3))}, &event.SlotReleased{At: at, ConversationId: fmt.Sprint(w.rand.IntN(3))}}[w.rand.IntN(4)]
	done := make(chan error, 1)
	w.journal.Append(journal.Append{Stream: event.OperatorStream + id, Expect: uint64(len(w.facts[id])), Events: []event.Event{e}}, func(_ store.Receipt, err error) { done <- err })
	w.must(<-done)
	w.facts[id] = append(w.facts[id], e)
}

// want is how long operators were in each status, by all that happened.
func (w *world) want(period figures.Span) map[string]map[figures.Status]time.Duration {
	out := map[string]map[figures.Status]time.Duration{}
	for id, facts := range w.facts {
		watch, stays := figures.Watch{}, []figures.Stay{}
		for _, e := range facts {
			stays = append(stays, watch.Apply(e)...)
		}
		times := map[figures.Status]time.Duration{}
		for _, s := range append(stays, watch.Lasting(w.now)...) {
			if in, ok := s.Clip(period); ok {
				times[s.Status] += in.To.Sub(in.From)
			}
		}
		if len(times) > 0 {
			out[id] = times
		}
	}
	return out
}

func differs(t *testing.T, seed uint64, doubled bool) string {
	w := &world{t: t, rand: rand.New(rand.NewPCG(seed, 1)), doubled: doubled, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), facts: map[string][]event.Event{}}
	begin := w.now
	var err error
	w.engine, err = pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()})
	w.must(err)
	defer w.engine.Close()
	w.journal, err = journal.Open(w.engine, keys.NewRing(keys.NewMaster(), w.engine))
	w.must(err)
	w.open()
	for i := range 300 {
		w.happens()
		if i%30 != 0 {
			continue
		}
		if w.rand.IntN(2) == 0 {
			w.open()
		}
		w.follow()
		for _, period := range []figures.Span{{}, {From: begin.Add(w.now.Sub(begin) / 3), To: begin.Add(w.now.Sub(begin) / 2)}} {
			got, err := w.view.Times(period, w.now)
			w.must(err)
			if want := w.want(period); !reflect.DeepEqual(got, want) {
				return fmt.Sprintf("step %d, %v: %v, want %v", i, period, got, want)
			}
			for id := range maps.Keys(got) {
				stays, err := w.view.Stays(id, period, w.now)
				w.must(err)
				for j, s := range stays {
					got[id][s.Status] -= s.To.Sub(s.From)
					if j > 0 && s.From.Before(stays[j-1].From) {
						return fmt.Sprintf("the stays of %s are in no order: %v", id, stays)
					}
				}
				for s, rest := range got[id] {
					if rest != 0 {
						return fmt.Sprintf("the stays of %s differ from its time in %s by %v", id, s, rest)
					}
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
