package journal

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/keys"
	"crafttalkd/store/storetest"
)

// A crowd is followers who are far behind at different places.
type crowd struct {
	journal *Journal
	started sync.WaitGroup // all have their first page
	quick   sync.WaitGroup // all but the slowest are at the end

	mu    sync.Mutex
	wrong []string
}

func (c *crowd) blame(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// member follows from a place to the end. The slowest goes on after its first
// page when the others are at the end.
func (c *crowd) member(name string, from, end Places, slowest bool) {
	at, batches := from, 0
	err := c.journal.Follow(name, from, func(batch []Entry) error {
		if batches++; batches == 1 {
			c.started.Done()
			c.started.Wait()
		}
		if batches == 2 && slowest {
			c.quick.Wait()
		}
		for i, e := range batch {
			if e.Position != at[e.Shard]+1 {
				c.blame("%s: shard %d: position %d after %d", name, e.Shard, e.Position, at[e.Shard])
				return errEnough
			}
			if text := e.Event.(*event.TopicSet).TopicId; text != fmt.Sprint(e.Stream, " ", e.Version) {
				c.blame("%s: %s at %d says %q", name, e.Stream, e.Version, text)
			}
			at[e.Shard], batch[i].Event = e.Position, nil // the slice is its own
		}
		if weight, held := c.journal.pages.size(); weight > c.journal.pages.most || held > 9+weight/(factWeight*pageFacts) {
			c.blame("%d pages of %d bytes are held", held, weight)
		}
		if at == end {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) || at != end {
		c.blame("%s ended with %v at %v", name, err, at)
	}
}

func (s *pages) size() (weight, held int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.held {
		weight += p.weight
	}
	return weight, len(s.held)
}

// together has nine follow from different places, and says what went wrong. It
// returns how many pages were read, and how many there are.
func together(t *testing.T, f fault, most int) (wrong string, read, all int) {
	j := open(t)
	j.pages.fault, j.pages.most = f, most
	c := &crowd{journal: j}
	write(t, j, rand.New(rand.NewPCG(storetest.Seed(t), 0)), map[string]uint64{}, 12_000)
	end := j.Now()
	for _, position := range end {
		all += int(position / pageFacts)
	}
	c.started.Add(9)
	c.quick.Add(8)
	var running sync.WaitGroup
	for i := range 9 {
		var from Places
		for shard := range from {
			from[shard] = min(end[shard], uint64(i*i)) // up to a quarter of a page
		}
		running.Go(func() {
			c.member(fmt.Sprint("follower ", i), from, end, i == 4)
			if i != 4 {
				c.quick.Done()
			}
		})
	}
	running.Wait()
	if weight, held := j.pages.size(); held > 0 {
		c.blame("%d pages of %d bytes stay", held, weight)
	}
	return strings.Join(c.wrong, "; "), j.pages.begun, all
}

// proves G42: those who are far behind together are each given every fact once
// and in order; a page is read once for all while it is held, what is held is
// bounded and goes in the end, and nobody waits for a slow one.
func TestG42_ManyFarBehindReadTogether(t *testing.T) {
	few := 3 * pageFacts * (factWeight + 200)
	for _, most := range []int{mostPages, few} {
		wrong, read, all := together(t, none, most)
		if wrong != "" || most == mostPages && read != all || read < all || all < 20 {
			t.Errorf("with %d bytes %d pages are read for %d: %s", most, read, all, wrong)
		}
	}
	if wrong, _, _ := together(t, whole, mostPages); wrong == "" {
		t.Error("pages given from their beginning are not seen")
	}
	if wrong, _, _ := together(t, hoards, few); wrong == "" {
		t.Error("pages that are never let go are not seen")
	}
	if wrong, read, all := together(t, lonesome, mostPages); wrong != "" || read < 8*all {
		t.Errorf("alone, nine read %d pages of %d: %s", read, all, wrong)
	}
}

// forgottenBetween has one follower read a page, a key be destroyed, and another
// follow. It tells whether that one is given what nobody may read any more.
func forgottenBetween(t *testing.T, f fault, destroy func(*Journal)) (told bool) {
	j := openWith(t, keys.NewMaster())
	j.pages.fault = f
	j.add(t, "customer/anna", 0, filled(110))
	j.add(t, "conversation/anna.1", 0, filled(10), filled(11))
	for i := range uint64(2 * pageFacts) {
		j.add(t, "conversation/anna.2", i, &event.TopicSet{TopicId: "t"})
	}
	first := 0
	err := j.Follow("first", Places{}, func(batch []Entry) error {
		if first++; first > 1 {
			return errEnough
		}
		if !says(batch[2].Event) {
			t.Error("nothing was said: the test is blind")
		}
		destroy(j)
		err := j.Follow("second", Places{}, func(batch []Entry) error {
			told = told || batch[2].Stream == "conversation/anna.1" && says(batch[2].Event)
			return errEnough
		})
		if !errors.Is(err, errEnough) {
			t.Error(err)
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Error(err)
	}
	return told
}

// proves HS-05, G44: what a page holds for those who are far behind is not told
// once its key is destroyed.
func TestHS05_PagesForgetToo(t *testing.T) {
	for name, destroy := range map[string]func(*Journal){
		"the conversation is forgotten": func(j *Journal) { j.add(t, "conversation/anna.1", 2, filled(forgotten)) },
		"the customer is erased": func(j *Journal) {
			if err := j.keys.Erase("anna"); err != nil {
				t.Fatal(err)
			}
		},
	} {
		if forgottenBetween(t, none, destroy) {
			t.Errorf("%s: a page still tells", name)
		}
		if !forgottenBetween(t, keeps, destroy) {
			t.Errorf("%s: a page that is kept is not seen", name)
		}
	}
}

// A scratched engine can't read one position of each shard.
type scratched struct {
	store.Engine
	at uint64
}

var errScratched = errors.New("a scratch")

func (s scratched) Tail(shard int, after uint64) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		for r, err := range s.Engine.Tail(shard, after) {
			if r.Position == s.at {
				yield(store.Record{}, errScratched)
				return
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// overScratch has two follow at once, one from before and one from after what
// can't be read, and says how far they come.
func overScratch(t *testing.T, f fault) string {
	j := open(t)
	var events []event.Event
	for range 3 * pageFacts {
		events = append(events, &event.TopicSet{TopicId: "t"})
	}
	end := j.add(t, "conversation/anna.1", 0, events...).Position
	j.engine, j.pages.fault = scratched{j.engine, pageFacts + 40}, f
	shard := store.ShardOf("conversation/anna.1")
	var before, after atomic.Uint64
	var running sync.WaitGroup
	follow := func(last *atomic.Uint64, from uint64) (err error) {
		var place Places
		place[shard] = from
		return j.Follow("reader", place, func(batch []Entry) error {
			if last.Store(batch[len(batch)-1].Position); last.Load() == end {
				return errEnough
			}
			return nil
		})
	}
	var failed, reached error
	running.Go(func() { failed = follow(&before, 3) })
	running.Go(func() { reached = follow(&after, pageFacts+60) })
	running.Wait()
	return fmt.Sprintf("before: %d, %v; after: %d, %v", before.Load(), failed, after.Load(), reached)
}

// proves G12: a fact that can't be read ends who comes to it, after all that was
// before its page, and nobody else.
func TestG12_DamageConcernsWhoReadsIt(t *testing.T) {
	want := fmt.Sprintf("before: %d, %v; after: %d, %v", pageFacts, errScratched, 3*pageFacts, errEnough)
	if got := overScratch(t, none); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := overScratch(t, spoils); got == want {
		t.Error("damage that takes its page away is not seen")
	}
}

// proves G42: how far a follower is behind is told by its name, from the opening
// of a reading on.
func TestG42_BehindIsTold(t *testing.T) {
	j := open(t)
	write(t, j, rand.New(rand.NewPCG(1, 42)), map[string]uint64{}, 1000)
	behind := func() (out string) {
		j.Behind(func(name string, n uint64) { out += fmt.Sprint(name, " ", n, " ") })
		return strings.TrimSpace(out)
	}
	r, err := j.Reading("numbers", j.engine)
	if err != nil {
		t.Fatal(err)
	}
	if got := behind(); got != "numbers 1000" {
		t.Errorf("a new reading: %s", got)
	}
	seen := 0
	err = r.Follow(func(batch []Entry) error {
		if got, want := behind(), fmt.Sprint("numbers ", max(1000-seen, len(batch))); got != want {
			t.Errorf("after %d facts: %s, want %s", seen, got, want)
		}
		if seen += len(batch); seen == 1000 {
			j.add(t, "conversation/new.1", 0, &event.TopicSet{TopicId: "t"})
		}
		if seen > 1000 {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Error(err)
	}
}
