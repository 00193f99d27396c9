package search

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/blugelabs/bluge"
	"github.com/blugelabs/bluge/index"
	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// patience is how long a test waits for what should come at once.
const patience = 30 * time.Second

// ahead lets the index be a change ahead of what is in memory, as it is for a
// moment in every change.
func ahead(t *testing.T, x *Index, change func(b *index.Batch, k *clerk) error) {
	t.Helper()
	g := x.current.Load()
	b := bluge.NewBatch()
	if err := change(b, &g.clerk); err != nil {
		t.Fatal(err)
	}
	if err := g.writer.Batch(b); err != nil {
		t.Fatal(err)
	}
	if err := g.turn(nil); err != nil {
		t.Fatal(err)
	}
}

// An article that was removed a moment ago, or that the asker may not see since
// then, is left out of what is suggested and listed, and nothing else is.
func TestKB09_RemovedAMomentAgo(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(b *index.Batch, k *clerk) error
	}{
		{"removed", func(b *index.Batch, _ *clerk) error { b.Delete(term{ofArticle, "1"}); return nil }},
		{"for others now", func(b *index.Batch, k *clerk) error {
			return k.put(b, Article{ID: "1", Title: "Возврат товара", Type: "faq",
				Answers: []Answer{{ID: "1b", Text: "Вручную.", Audience: Audience{Lines: []string{"staff"}}}}})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, sight := library(t), As(Reader{Lines: []string{"shop"}})
			if err := x.Apply([]Change{{Article: Article{ID: "5", Title: "Возврат денег", Type: "faq", Answers: []Answer{{ID: "5a", Text: "За три дня."}}}}}, 2); err != nil {
				t.Fatal(err)
			}
			asked := func() (suggested, listed []string) {
				t.Helper()
				hints, err := x.Suggest("возвр", nil, sight, 5)
				rows, _, err2 := x.Filter(Filter{Text: "возврат", Sight: sight, Limit: 5})
				if err != nil || err2 != nil {
					t.Fatalf("suggestions: %v; the table: %v", err, err2)
				}
				for _, h := range hints {
					suggested = append(suggested, h.Article)
				}
				for _, r := range rows {
					listed = append(listed, r.Article)
				}
				return suggested, listed
			}
			if suggested, listed := asked(); !slices.Contains(suggested, "1") || !slices.Contains(listed, "1") {
				t.Fatalf("before: %v and %v", suggested, listed)
			}
			ahead(t, x, tt.change)
			if suggested, listed := asked(); !slices.Equal(suggested, []string{"5"}) || !slices.Equal(listed, []string{"5"}) {
				t.Errorf("suggested %v, listed %v, want 5 alone", suggested, listed)
			}
		})
	}
}

// soon waits for what should come at once.
func soon(t *testing.T, what string, done <-chan error) {
	t.Helper()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	case <-time.After(patience):
		t.Fatalf("%s waits for the long search", what)
	}
}

// A search that takes long holds nobody up: neither a change, nor those who type
// before the change, while it is made and after it.
func TestKB11_LongSearchHoldsNobodyUp(t *testing.T) {
	x := library(t)
	began, end, over := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	let := sync.OnceFunc(func() { close(end) })
	t.Cleanup(let) // before the index is closed, which waits for the search
	go func() {
		over <- x.current.Load().ask(func(*bluge.Reader) error {
			close(began)
			<-end
			return nil
		})
	}()
	<-began
	changed, stop := make(chan error, 1), make(chan struct{})
	go func() {
		var err error
		for n := uint64(2); n < 12 && err == nil; n++ {
			err = x.Apply([]Change{{Article: Article{ID: "new", Title: fmt.Sprint("Возврат ", n), Type: "faq", Answers: []Answer{{ID: "a", Text: "Вот так."}}}}}, n)
		}
		changed <- err
		close(stop)
	}()
	typed := make(chan error, 1)
	go func() {
		for {
			if _, err := x.Suggest("возвр", nil, Everything(), 5); err != nil {
				typed <- err
				return
			}
			select {
			case <-stop:
				_, err := x.Suggest("возвр", nil, Everything(), 5)
				typed <- err
				return
			default:
			}
		}
	}()
	soon(t, "a change", changed)
	soon(t, "a suggestion", typed)
	if hints, err := x.Suggest("возврат 11", nil, Everything(), 5); err != nil || len(hints) != 1 || hints[0].Article != "new" {
		t.Errorf("after the change: %+v, %v", hints, err)
	}
	let()
	soon(t, "the search itself", over)
}

// visible measures by the machine's clock how long an article takes from being
// kept until it is found, with the index and the journal on disk.
func visible(t testing.TB, articles, times int) (slowest time.Duration) {
	engine, err := pebblestore.Open(t.TempDir(), pebblestore.Options{FS: vfs.Default})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	s := &source{t: t, engine: engine, master: keys.NewMaster()}
	if s.journal, err = journal.Open(s.engine, keys.NewRing(s.master, s.engine)); err != nil {
		t.Fatal(err)
	}
	var facts []event.Event
	for i := range articles {
		facts = append(facts, put(fmt.Sprint("old", i), fmt.Sprint("Доставка ", spell(i, 0))))
	}
	s.say(event.KnowledgeStream, facts...)
	x, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	following := sync.WaitGroup{}
	following.Go(func() {
		if err := x.Follow(s.journal); err != nil {
			t.Error(err)
		}
	})
	reached(t, x, 1)
	for i := range times {
		title := fmt.Sprintf("Возврат%d", i)
		start := time.Now()
		s.say(event.KnowledgeStream, put(fmt.Sprint("new", i), title))
		reached(t, x, uint64(articles+i+1))
		r, err := x.Search(Query{Text: title, Sight: Everything(), Limit: 1})
		slowest = max(slowest, time.Since(start))
		if err != nil || r.Total == 0 || r.Hits[0].Article != fmt.Sprint("new", i) {
			t.Fatalf("article %d is not found at its version: %+v, %v", i, r, err)
		}
	}
	s.journal.Close()
	following.Wait()
	if err := x.Close(); err != nil {
		t.Error(err)
	}
	return slowest
}

// reached waits until the index knows a version, and answers.
func reached(t testing.TB, x *Index, version uint64) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for late := time.After(patience); ; {
		if x.Version() >= version && x.ready.Load() {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("the index is at %d and not at %d", x.Version(), version)
		}
	}
}

// proves KB-09: an article is found at the moment the index says that it knows
// it, by the machine's clock and on its disk. How long that took is told;
// BenchmarkVisible holds it to a second.
func TestKB09_VisibleByTheClock(t *testing.T) {
	t.Logf("20 articles were found %s after they were saved, at the slowest", visible(t, 200, 20))
}

// BenchmarkVisible holds the slowest of 200 articles among 5,000 to the second
// that is promised.
func BenchmarkVisible(b *testing.B) {
	for b.Loop() {
		slowest := visible(b, 5000, 200)
		b.ReportMetric(float64(slowest.Milliseconds()), "slowest-ms")
		if slowest > time.Second {
			b.Errorf("the slowest was found after %s", slowest)
		}
	}
}
