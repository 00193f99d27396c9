package history

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/store/journal"
	"crafttalkd/store/journal/journaltest"
	"crafttalkd/store/keys"
)

// A talk is a conversation as somebody knows it who has never seen the view.
type talk struct {
	id, customer, center, line string
	opened, closed             time.Time
	rating                     int32
	reviewed                   bool
	facts                      []event.Event
}

// A world is a journal, a view of it, and what is so.
type world struct {
	t    testing.TB
	rand *rand.Rand
	*journaltest.Stage
	view  *View
	fault fault
	now   time.Time
	talks []*talk
	tests map[string]bool
	into  map[string]string
}

func newWorld(t testing.TB, seed uint64, f fault) *world {
	w := &world{t: t, Stage: journaltest.New(t), rand: rand.New(rand.NewPCG(seed, 1)), fault: f, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		tests: map[string]bool{}, into: map[string]string{}}
	w.open()
	return w
}

func (w *world) open() {
	w.t.Helper()
	v, err := Open(w.Journal, w.Engine)
	if err != nil {
		w.t.Fatal(err)
	}
	v.fault, w.view = w.fault, v
	w.Begin(name)
	if err := v.load(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) follow() {
	w.t.Helper()
	w.Follow(w.view.take)
}

func (w *world) tell(k *talk, events ...event.Event) {
	w.t.Helper()
	k.facts = append(k.facts, events...)
	w.Say(event.ConversationStream+k.id, events...)
}

// root is the customer that a customer is now.
func (w *world) root(customer string) string {
	for w.into[customer] != "" {
		customer = w.into[customer]
	}
	return customer
}

// happens lets something happen.
func (w *world) happens() {
	w.now = w.now.Add(time.Duration(w.rand.IntN(3)) * time.Duration(w.rand.IntN(1e10)))
	at := timestamppb.New(w.now)
	if len(w.talks) == 0 || w.rand.IntN(3) == 0 {
		k := &talk{customer: fmt.Sprintf("p%d", w.rand.IntN(12)), center: []string{"shop", "bank"}[w.rand.IntN(2)],
			line: []string{"one", "two"}[w.rand.IntN(2)], opened: w.now}
		k.id = fmt.Sprintf("%s.%d", k.customer, len(w.talks))
		w.talks = append(w.talks, k)
		w.tell(k, &event.ConversationOpened{At: at, ConversationId: k.id, CustomerId: k.customer, CenterId: k.center, AccountId: "site", Kind: "widget",
			Routing: &event.Routing{LineId: k.line, Skills: []string{"vip", "debt"}[:w.rand.IntN(3)]}})
		return
	}
	if w.rand.IntN(8) == 0 {
		w.customerChanges(at)
		return
	}
	w.goesOn(w.talks[w.rand.IntN(len(w.talks))], at)
}

// customerChanges says something of a customer.
func (w *world) customerChanges(at *timestamppb.Timestamp) {
	one, other := fmt.Sprintf("p%d", w.rand.IntN(12)), fmt.Sprintf("p%d", w.rand.IntN(12))
	if w.into[one] != "" {
		return
	}
	if w.rand.IntN(6) == 0 && w.root(other) != one {
		w.into[one] = other
		w.Say(event.CustomerStream+one, &event.CustomerMerged{At: at, CustomerId: one, Into: other})
		return
	}
	w.tests[one] = !w.tests[one]
	w.Say(event.CustomerStream+one, &event.CustomerTyped{At: at, Test: w.tests[one]})
}

// goesOn lets something happen to a conversation.
func (w *world) goesOn(k *talk, at *timestamppb.Timestamp) {
	switch n := w.rand.IntN(9); {
	case n < 3 && k.closed.IsZero():
		k.closed = w.now
		w.tell(k, &event.MessageReceived{At: at, MessageId: "m1"}, &event.ConversationAssigned{At: at, OperatorId: "oleg"},
			&event.MessageSent{At: at, OperatorId: "oleg", Content: &event.Content{Text: "yes"}}, &event.ConversationClosed{At: at, OperatorId: "oleg", TopicId: "fees"})
	case n == 3:
		k.line = "three"
		w.tell(k, &event.RoutingSet{At: at, Routing: &event.Routing{LineId: k.line}})
	case n == 4:
		k.rating = w.rand.Int32N(5) + 1
		w.tell(k, &event.RatingGiven{At: at, Rating: k.rating})
	case n == 5:
		w.tell(k, &event.MessageLabelled{At: at, MessageId: fmt.Sprint(w.rand.IntN(3)), Cleared: w.rand.IntN(3) == 0})
	case n == 6 && w.rand.IntN(3) == 0:
		k.customer = fmt.Sprintf("p%d", w.rand.IntN(12))
		w.tell(k, &event.CustomerChanged{At: at, CustomerId: k.customer})
	case !k.closed.IsZero():
		k.reviewed = n < 8
		w.tell(k, &event.ConversationReviewed{At: at, By: "vera", Undone: !k.reviewed})
	}
}

// shopsOnly is the rule of somebody who works for the shop.
func shopsOnly(center string, _ *event.Routing) bool { return center == "shop" }

// want is what the list must be.
func (w *world) want(q Question) (out []string) {
	var list []*talk
	f := q.Filter
	for _, k := range w.talks {
		if !k.closed.IsZero() && q.Sees(k.center, nil) && (f.Reviewed == nil || k.reviewed == *f.Reviewed) && (f.Lines == nil || k.line == f.Lines[0]) &&
			f.Closed.Has(k.closed) && f.Opened.Has(k.opened) && (f.Ratings == nil || f.Ratings[0] == k.rating) && (f.Counted == nil || *f.Counted != w.tests[w.root(k.customer)]) {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b *talk) int {
		x, y := a.closed, b.closed
		if q.Order == figures.ByOpened {
			x, y = a.opened, b.opened
		}
		if x.UnixMilli() != y.UnixMilli() {
			return y.Compare(x)
		}
		return strings.Compare(a.id, b.id)
	})
	for _, k := range list {
		out = append(out, w.shown(k))
	}
	return out
}

// shown is all that is known of a conversation.
func (w *world) shown(k *talk) string {
	c, err := figures.Fold(func(yield func(event.Event, error) bool) {
		for _, e := range k.facts {
			yield(e, nil)
		}
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return fmt.Sprintf("%+v %t", c, w.tests[w.root(k.customer)])
}

// got is what the view lists, page by page.
func (w *world) got(q Question) (out []string) {
	w.t.Helper()
	seen := map[string]bool{}
	for q.Limit = 7; ; {
		page, next, err := w.view.Find(q)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, f := range page {
			if seen[f.ID] {
				w.t.Fatalf("%s is on two pages", f.ID)
			}
			seen[f.ID] = true
			out = append(out, fmt.Sprintf("%+v %t", f.Case, f.Test))
		}
		if next == "" {
			return out
		}
		q.After = next
	}
}

// differs plays a world and looks whether the view ever shows something else
// than what is so.
func differs(t *testing.T, seed uint64, f fault) (what string) {
	w := newWorld(t, seed, f)
	for i := range 600 {
		w.happens()
		if i%40 != 0 {
			continue
		}
		w.follow()
		if w.rand.IntN(3) == 0 {
			w.open()
			w.follow()
		}
		middle := w.now.Add(-time.Duration(w.rand.IntN(int(20 * time.Minute))))
		for _, f := range []figures.Filter{{Counted: new(true)}, {}, {Counted: new(false)}, {Reviewed: new(true)}, {Reviewed: new(false), Counted: new(true)}, {Lines: []string{"three"}},
			{Closed: figures.Span{To: middle}}, {Opened: figures.Span{From: middle}}, {Ratings: []int32{0}}, {Ratings: []int32{4}}} {
			for _, order := range []figures.Order{figures.ByClosed, figures.ByOpened} {
				q := Question{Filter: f, Order: order, Sees: shopsOnly}
				if got, want := w.got(q), w.want(q); !slices.Equal(got, want) {
					return fmt.Sprintf("step %d, %+v:\n%v, want\n%v", i, q, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		}
	}
	return ""
}

// proves BT-06, ST-07, CT-08: what is listed is what has ended, as it is now, by
// filter and right, the latest first, page by page, after restarts too; customers
// for tests are those who are so now.
func TestBT06_ListsAreWhatIsSo(t *testing.T) {
	for seed := range uint64(4) {
		if what := differs(t, seed, sound); what != "" {
			t.Errorf("seed %d: %s", seed, what)
		}
	}
}

func TestBT06_FaultsAreSeen(t *testing.T) {
	for _, f := range []fault{seesAll, stays, forgetful, forgiving} {
		if differs(t, 1, f) == "" {
			t.Errorf("fault %d is not seen", f)
		}
	}
}

// proves G40: nothing is answered until everything that was there is known.
func TestG40_NothingIsHalfKnown(t *testing.T) {
	w := newWorld(t, 1, sound)
	for range 50 {
		w.happens()
	}
	w.open()
	all := Question{Sees: shopsOnly}
	_, _, err := w.view.Find(all)
	_, _, got := w.view.Get(w.talks[0].id)
	_, picked := w.view.Pick(nil, all)
	_, counted := w.view.Count(figures.Question{Sees: shopsOnly})
	for _, err := range []error{err, got, picked, counted} {
		if err != ErrLoading {
			t.Errorf("before the journal was read the view answers %v", err)
		}
	}
	w.follow()
	if _, _, err := w.view.Find(all); err != nil {
		t.Error(err)
	}
}

func TestQuestions(t *testing.T) {
	w := newWorld(t, 1, sound)
	for _, q := range []Question{{Limit: 201}, {Limit: -1}, {After: "x"}, {After: "x/p1.1"}, {Figure: "nonsense"}} {
		if _, _, err := w.view.Find(q); err == nil {
			t.Errorf("%+v is not refused", q)
		}
	}
	at := timestamppb.New(w.now)
	for _, id := range []string{"p1.1", "p2.1"} {
		w.Say(event.ConversationStream+id, &event.ConversationOpened{At: at, ConversationId: id, CustomerId: id[:2], CenterId: map[string]string{"p1.1": "shop"}[id]},
			&event.ConversationAssigned{At: at, OperatorId: "oleg"}, &event.AgentEngaged{At: at, AgentId: "silence"}, &event.ConversationClosed{At: at})
	}
	w.follow()
	found, err := w.view.Pick([]string{"p0.1", "p2.1", "p1.1"}, Question{Sees: shopsOnly})
	if err != nil || len(found) != 1 || found[0].ID != "p1.1" {
		t.Errorf("of three, %+v is picked: %v", found, err)
	}
	f, ok, err := w.view.Get("p2.1")
	if operator, agent := f.Keeper(); err != nil || !ok || operator != "oleg" || agent != "" {
		t.Errorf("p2.1 was kept by %q and %q last", operator, agent)
	}
	if _, ok, err := w.view.Get("p3.1"); ok || err != nil {
		t.Errorf("p3.1 is known: %v", err)
	}
}

// proves G44: what was measured of words that were destroyed is forgotten.
func TestG44_WhatWasMeasuredGoesToo(t *testing.T) {
	w := newWorld(t, 1, sound)
	at := timestamppb.New(w.now)
	w.Say(event.ConversationStream+"p1.1", &event.ConversationOpened{At: at, ConversationId: "p1.1", CustomerId: "p1", CenterId: "shop"},
		&event.MessageSent{At: at, OperatorId: "oleg", Content: &event.Content{Text: "четыре"}}, &event.ConversationClosed{At: at})
	w.follow()
	if f, _, err := w.view.Get("p1.1"); err != nil || f.Works[0] != (figures.Work{Operator: "oleg", Messages: 1, Measured: 1, Length: 6}) {
		t.Errorf("measured %+v, %v", f.Works, err)
	}
	if err := keys.NewRing(keys.NewMaster(), w.Engine).Erase("p1"); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(w.Engine, keys.NewRing(keys.NewMaster(), w.Engine))
	if err != nil {
		t.Fatal(err)
	}
	w.view.journal = j
	if err := w.view.Forget([]string{"p1.1", "p9.1"}); err != nil {
		t.Fatal(err)
	}
	if f, _, err := w.view.Get("p1.1"); err != nil || f.Works[0] != (figures.Work{Operator: "oleg", Messages: 1}) {
		t.Errorf("measured after the key is gone: %+v, %v", f.Works, err)
	}
}

// Rows give back the case that was written, and no damaged row is read as one.
func TestRows(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 1e6, time.UTC)
	c := figures.Case{ID: "p1.1", Customer: "p1", Account: "site", Kind: "widget", Center: "shop", Line: "one", Language: "ru", Skills: []string{"vip", ""},
		Topic: "fees", OpenedBy: "oleg", Opened: at, Closed: at.Add(time.Hour), Cause: event.Cause_SILENCE, ClosedBy: "silence", ByAgent: true,
		Dissatisfied: new(false), Rating: 4, Reviewed: at.Add(2 * time.Hour), ReviewedBy: "vera", Labels: 2,
		Sessions: []figures.Session{{Handler: figures.Queue, ID: "one", Begin: at, End: at.Add(time.Second)}}, Asked: 3, Began: at.Add(-time.Second), Answered: at,
		Works: []figures.Work{{Operator: "oleg", Messages: 3, Measured: 2, Length: 70}}, Pairs: []figures.Pair{{Operator: "oleg", Asked: at, Answered: at.Add(time.Minute)}},
		Forgotten: figures.Forgotten{At: at.Add(24 * time.Hour), Days: 1, Messages: 7, Files: 2}}
	row := encode(&c)
	if got, err := decode("p1.1", row); err != nil || !reflect.DeepEqual(got, c) {
		t.Errorf("read back %+v, %v\nwant %+v", got, err, c)
	}
	for i := range row {
		if _, err := decode("p1.1", row[:i]); err == nil {
			t.Errorf("%d bytes of %d are read as a row", i, len(row))
		}
	}
}
