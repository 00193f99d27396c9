package reviews

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A talk is a conversation as somebody knows it who has never seen the view.
type talk struct {
	id, center, line string
	closed           time.Time
	reviewed         bool
}

// A world is a journal, a view of it, and what is so.
type world struct {
	t       testing.TB
	rand    *rand.Rand
	engine  *pebblestore.Store
	journal *journal.Journal
	view    *View
	fault   fault
	read    journal.Places
	now     time.Time
	talks   []*talk
}

func newWorld(t testing.TB, seed uint64, f fault) *world {
	w := &world{t: t, rand: rand.New(rand.NewPCG(seed, 1)), fault: f, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	var err error
	if w.engine, err = pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.engine.Close() })
	if w.journal, err = journal.Open(w.engine, keys.NewRing(keys.NewMaster(), w.engine)); err != nil {
		t.Fatal(err)
	}
	w.open()
	return w
}

func (w *world) open() {
	w.t.Helper()
	v, err := Open(w.journal, w.engine)
	if err != nil {
		w.t.Fatal(err)
	}
	v.fault, w.view = w.fault, v
	if w.read, err = w.journal.Place(name); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) follow() {
	w.t.Helper()
	for shard := range store.Shards {
		var batch []journal.Entry
		for e, err := range w.journal.Tail(shard, w.read[shard]) {
			if err != nil {
				w.t.Fatal(err)
			}
			batch = append(batch, e)
			w.read[shard] = e.Position
		}
		if err := w.view.take(batch); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) say(id string, events ...event.Event) {
	w.t.Helper()
	n, err := w.journal.Version(event.ConversationStream + id)
	if err != nil {
		w.t.Fatal(err)
	}
	done := make(chan error, 1)
	w.journal.Append(journal.Append{Stream: event.ConversationStream + id, Expect: n, Events: events}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		w.t.Fatal(err)
	}
}

// happens lets something happen to somebody's conversation.
func (w *world) happens() {
	w.now = w.now.Add(time.Duration(w.rand.IntN(3)) * time.Duration(w.rand.IntN(1e10)))
	at := timestamppb.New(w.now)
	if len(w.talks) == 0 || w.rand.IntN(3) == 0 {
		k := &talk{id: fmt.Sprintf("p%d.1", len(w.talks)), center: []string{"shop", "bank"}[w.rand.IntN(2)], line: []string{"one", "two"}[w.rand.IntN(2)]}
		w.talks = append(w.talks, k)
		w.say(k.id, &event.ConversationOpened{At: at, CenterId: k.center, AccountId: "site", Routing: &event.Routing{LineId: k.line}})
		return
	}
	k := w.talks[w.rand.IntN(len(w.talks))]
	switch n := w.rand.IntN(5); {
	case n < 2 && k.closed.IsZero():
		k.closed = w.now
		w.say(k.id, &event.MessageReceived{At: at, MessageId: "m1"}, &event.ConversationClosed{At: at, OperatorId: "oleg"})
	case n == 2:
		k.line = "three"
		w.say(k.id, &event.RoutingSet{At: at, Routing: &event.Routing{LineId: k.line}})
	case !k.closed.IsZero():
		k.reviewed = n == 3
		w.say(k.id, &event.ConversationReviewed{At: at, By: "vera", Undone: !k.reviewed})
	}
}

// shopsOnly is the rule of somebody who works for the shop.
func shopsOnly(center string, _ *event.Routing) bool { return center == "shop" }

// want is what the list must be.
func (w *world) want(q Question) (out []string) {
	var list []*talk
	for _, k := range w.talks {
		if !k.closed.IsZero() && k.reviewed == (q.State == Reviewed) && q.Sees(k.center, nil) && (q.Line == "" || k.line == q.Line) &&
			(q.From.IsZero() || !k.closed.Before(q.From)) && (q.To.IsZero() || k.closed.UnixMilli() <= q.To.UnixMilli()) {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b *talk) int {
		if a.closed.UnixMilli() != b.closed.UnixMilli() {
			return b.closed.Compare(a.closed)
		}
		return strings.Compare(a.id, b.id)
	})
	for _, k := range list {
		out = append(out, k.id)
	}
	return out
}

// got is what the view lists, page by page.
func (w *world) got(q Question) (out []string) {
	w.t.Helper()
	for q.Limit = 7; ; {
		page, next, err := w.view.Find(q)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, f := range page {
			out = append(out, f.ID)
		}
		if next == "" {
			return out
		}
		if len(page) == 0 || next <= q.After {
			w.t.Fatalf("the page after %q has %d rows and goes on at %q", q.After, len(page), next)
		}
		q.After = next
	}
}

// differs plays a world and looks whether the view ever shows something else
// than what is so.
func differs(t *testing.T, seed uint64, f fault) (what string) {
	w := newWorld(t, seed, f)
	for i := range 400 {
		w.happens()
		if i%40 != 0 {
			continue
		}
		w.follow()
		if w.rand.IntN(3) == 0 {
			w.open()
		}
		middle := w.now.Add(-time.Duration(w.rand.IntN(int(20 * time.Minute))))
		for _, q := range []Question{{State: Closed}, {State: Reviewed}, {State: Closed, Line: "three"}, {State: Closed, To: middle}, {State: Closed, From: middle}} {
			q.Sees = shopsOnly
			if got, want := w.got(q), w.want(q); !slices.Equal(got, want) {
				return fmt.Sprintf("step %d, %+v: %v, want %v", i, q, got, want)
			}
		}
	}
	return ""
}

// proves BT-06: the lists hold what has ended, by state and right, latest first,
// page by page, after restarts too.
func TestBT06_ListsAreWhatIsSo(t *testing.T) {
	for seed := range uint64(4) {
		if what := differs(t, seed, none); what != "" {
			t.Errorf("seed %d: %s", seed, what)
		}
	}
}

func TestBT06_FaultsAreSeen(t *testing.T) {
	for _, f := range []fault{seesAll, leaves, forgetful} {
		if differs(t, 1, f) == "" {
			t.Errorf("fault %d is not seen", f)
		}
	}
}

func TestQuestions(t *testing.T) {
	w := newWorld(t, 1, none)
	for _, q := range []Question{{State: "open"}, {State: Closed, Limit: 201}, {State: Closed, Limit: -1}, {State: Closed, After: "x"},
		{State: Closed, After: "99999/p1.1"}, {State: Closed, After: "999999999999x/p1.1"}} {
		if _, _, err := w.view.Find(q); err == nil {
			t.Errorf("%+v is not refused", q)
		}
	}
	w.say("p1.1", &event.ConversationOpened{At: timestamppb.New(w.now), CenterId: "shop", Kind: "widget", Test: true},
		&event.ConversationAssigned{OperatorId: "oleg"}, &event.AgentEngaged{AgentId: "silence"}, &event.TopicSet{TopicId: "fees"},
		&event.ConversationClosed{At: timestamppb.New(w.now.Add(time.Hour))}, &event.MessageLabelled{MessageId: "m1"}, &event.MessageLabelled{MessageId: "m2"},
		&event.MessageLabelled{MessageId: "m1", Cleared: true})
	w.follow()
	got, _, err := w.view.Find(Question{State: Closed, Sees: shopsOnly})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if f := got[0]; f.Operator != "oleg" || f.Agent != "" || f.Topic != "fees" || !f.Test || f.Kind != "widget" || !slices.Equal(f.Labels, []string{"m2"}) ||
		f.State() != Closed || !f.Closed.Equal(w.now.Add(time.Hour)) {
		t.Errorf("found %+v", f)
	}
}
