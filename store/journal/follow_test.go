package journal

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/storetest"
)

// A reader follows and holds that every fact comes once and in order.
type reader struct {
	t    *testing.T
	at   Places
	seen int
	want int
	done chan struct{}
	gate chan struct{} // if not nil, a batch waits here
}

var errEnough = errors.New("the reader has seen enough")

func (r *reader) take(batch []Entry) error {
	if r.gate != nil {
		<-r.gate
	}
	for _, e := range batch {
		if e.Position != r.at[e.Shard]+1 {
			r.t.Errorf("shard %d: position %d after %d", e.Shard, e.Position, r.at[e.Shard])
		}
		if text := e.Event.(*event.TopicSet).TopicId; text != fmt.Sprint(e.Stream, " ", e.Version) {
			r.t.Errorf("%s at %d says %q", e.Stream, e.Version, text)
		}
		r.at[e.Shard] = e.Position
		r.seen++
	}
	if r.seen >= r.want {
		close(r.done)
		return errEnough
	}
	return nil
}

// follow starts a reader at a place, which ends when it has seen so many.
func follow(t *testing.T, j *Journal, from Places, want int) *reader {
	r := &reader{t: t, at: from, want: want, done: make(chan struct{})}
	go func() {
		if err := j.Follow("reader", from, r.take); !errors.Is(err, errEnough) && err != nil {
			t.Error(err)
		}
	}()
	return r
}

// write appends n facts, a few at a time, to some streams from several
// goroutines, and waits for the disk.
func write(t *testing.T, j *Journal, rng *rand.Rand, had map[string]uint64, n int) {
	var all sync.WaitGroup
	defer all.Wait()
	for i := 0; i < n; {
		stream := fmt.Sprintf("conversation/c%d.1", rng.IntN(40))
		var events []event.Event
		for range min(1+rng.IntN(4), n-i) {
			i++
			events = append(events, &event.TopicSet{TopicId: fmt.Sprint(stream, " ", had[stream]+uint64(len(events))+1)})
		}
		all.Add(1)
		j.Append(Append{Stream: stream, Expect: had[stream], Events: events}, func(_ store.Receipt, err error) {
			if err != nil {
				t.Error(err)
			}
			all.Done()
		})
		had[stream] += uint64(len(events))
	}
}

// proves G42: a follower gets every fact once and in order, from the first one
// or an old place on, while it keeps up and after it has fallen behind, and
// while others write.
func TestG42_FollowersMissNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(storetest.Seed(t), 0))
	j := open(t)
	j.feed = newFeed(32) // of which a reader easily falls out
	had := map[string]uint64{}
	write(t, j, rng, had, 500)
	middle := j.Now()

	early := follow(t, j, Places{}, 2000)
	slow := &reader{t: t, want: 2000, done: make(chan struct{}), gate: make(chan struct{})}
	go j.Follow("reader", Places{}, slow.take)
	write(t, j, rng, had, 500)
	late := follow(t, j, middle, 1500)
	slow.gate <- struct{}{}
	write(t, j, rng, had, 1000)
	close(slow.gate)
	for _, r := range []*reader{early, late, slow} {
		<-r.done
		if r.at != j.Now() {
			t.Errorf("a reader that saw %d facts ends before the log does", r.seen)
		}
	}
}

// A follower that keeps up reads no log: what it is given is what was appended,
// not a copy.
func TestFollowerKeepsUpByTheFeed(t *testing.T) {
	j := open(t)
	got := make(chan Entry)
	go j.Follow("reader", j.Now(), func(batch []Entry) error {
		for _, e := range batch {
			got <- e
		}
		return nil
	})
	for i := range 3 {
		e := filled(35)
		j.add(t, stream, uint64(i), e)
		x := <-got
		if i > 0 && x.Event != e || x.Version != uint64(i)+1 { // the first may come from the log
			t.Errorf("the follower is given %v at %d", x.Event, x.Version)
		}
	}
}

// proves G13: the place of a follower is kept, and another's is not.
func TestPlaces(t *testing.T) {
	j := open(t)
	j.add(t, stream, 0, filled(35))
	want := j.Now()
	if err := j.SavePlace("flow", want); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]Places{"flow": want, "links": {}} {
		if got, err := j.Place(name); got != want || err != nil {
			t.Errorf("place of %s is %v, %v, want %v", name, got, err, want)
		}
	}
}

// Closing ends every follower, the one that waits included.
func TestCloseEndsFollowers(t *testing.T) {
	j := open(t)
	ended := make(chan error)
	go func() { ended <- j.Follow("reader", Places{}, func([]Entry) error { return nil }) }()
	j.Close()
	if err := <-ended; err != nil {
		t.Errorf("Follow = %v, want nil", err)
	}
}

// proves G53: who has a long log to read ends when the journal is closed, and not
// at the log's end.
func TestG53_CloseEndsWhoReadsTheLog(t *testing.T) {
	j := open(t)
	const all = 40_000
	write(t, j, rand.New(rand.NewPCG(1, 53)), map[string]uint64{}, all)
	seen := 0
	err := j.Follow("reader", Places{}, func(batch []Entry) error {
		seen += len(batch)
		if len(batch) == cap(batch) {
			j.Close()
		}
		return nil
	})
	if err != nil || seen == 0 || seen > all/2 {
		t.Errorf("%d of %d facts were read, %v", seen, all, err)
	}
}
