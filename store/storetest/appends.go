package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"crafttalkd/store"
)

func appendKeepsEverything(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		m := NewModel()
		a := &store.Append{
			Stream: "conversation/7.1",
			Events: [][]byte{[]byte("one"), {}, []byte("three")},
			Keys:   []string{"k1", "k2"},
			Alarm:  noon,
			Rows:   []store.Row{{Table: "place", Key: "p", Value: []byte("1")}, {Table: "snapshot", Key: "s", Value: []byte{}}},
		}
		want, _ := m.Append(a)
		got, err := Put(e, a)
		return first(err, differ("Receipt", got, want), m.Diff(e))
	})
}

func refusedLeavesNothing(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		m := NewModel()
		seed := one("conversation/7.1", 0, "taken")
		seed.Alarm = noon
		m.Append(seed)
		if _, err := Put(e, seed); err != nil {
			return err
		}
		for _, spoil := range []func(a *store.Append){
			func(a *store.Append) { a.Expect = 2 },
			func(a *store.Append) { a.Expect = 0 },
			func(a *store.Append) { a.Epoch = 9 },
			func(a *store.Append) { a.Keys = append(a.Keys, "taken") },
		} {
			a := one("conversation/7.1", 1, "fresh")
			a.Rows = []store.Row{{Table: "place", Key: "p", Value: []byte("1")}}
			spoil(a)
			if _, err := Put(e, a); err == nil {
				return fmt.Errorf("Submit(%+v) was not refused", a)
			}
			_, ok, err := e.Taken(store.ShardOf(a.Stream), "fresh")
			if err := first(err, differ("Taken(fresh)", ok, false), m.Diff(e)); err != nil {
				return err
			}
		}
		return nil
	})
}

func reopenedHoldsEverything(dir string, open Open) error {
	script := NewScript(rand.New(rand.NewPCG(1, 1)), 400)
	for _, n := range []int{0, 200, 400} {
		e, err := open(dir)
		if err != nil {
			return err
		}
		if err := script.Model(n).Diff(e); err != nil {
			return fmt.Errorf("after %d steps and a restart: %w", n, err)
		}
		if rest := script[n:min(n+200, len(script))]; len(rest) > 0 {
			if err := rest.Play(e, new(Progress), nil); err != nil {
				return err
			}
		}
		if err := first(Verify(e), e.Close()); err != nil {
			return err
		}
	}
	return nil
}

func answersAsTheModel(dir string, open Open) error {
	for seed := range uint64(5) {
		script := NewScript(rand.New(rand.NewPCG(2, seed)), 600)
		err := within(fmt.Sprint(dir, seed), open, func(e store.Engine) error {
			return first(script.Play(e, new(Progress), nil), script.Model(len(script)).Diff(e))
		})
		if err != nil {
			return fmt.Errorf("seed %d: %w", seed, err)
		}
	}
	return nil
}

func refusalsHaveAnOrder(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		original := one("conversation/7.1", 0, "k")
		receipt, err := Put(e, original)
		if err != nil {
			return err
		}
		fenced := one("conversation/7.1", 0, "k")
		fenced.Epoch = 1
		if _, err := Put(e, fenced); !errors.Is(err, store.ErrFenced) {
			return fmt.Errorf("everything is wrong: %v, want %v", err, store.ErrFenced)
		}
		var taken *store.TakenError
		if _, err := Put(e, original); !errors.As(err, &taken) || taken.First != receipt {
			return fmt.Errorf("the same again: %v, want a taken key", err)
		}
		if _, err := Put(e, one("conversation/7.1", 0, "other")); !errors.Is(err, store.ErrConflict) {
			return fmt.Errorf("out of date: %v, want %v", err, store.ErrConflict)
		}
		return nil
	})
}

func keyUsedOnceForEver(dir string, open Open) error {
	const again = 3
	for i := range again {
		err := within(dir, open, func(e store.Engine) error {
			r, err := Put(e, one("customer/7", 0, "k"))
			if i == 0 {
				return first(err, differ("Receipt", r, store.Receipt{Version: 1, Position: 1}))
			}
			var taken *store.TakenError
			if !errors.As(err, &taken) || *taken != (store.TakenError{Key: "k", First: store.Receipt{Version: 1, Position: 1}}) {
				return fmt.Errorf("opening %d: %v, want a taken key", i+1, err)
			}
			first, ok, err := e.Taken(store.ShardOf("customer/7"), "k")
			if err != nil || !ok || first != taken.First {
				return fmt.Errorf("Taken(k) = %v, %v, %v", first, ok, err)
			}
			elsewhere := fmt.Sprintf("customer/%d", otherShard("customer/7"))
			if _, err := Put(e, one(elsewhere, uint64(i-1), fmt.Sprint("k", i))); err != nil {
				return err
			}
			if _, err := Put(e, one(elsewhere, uint64(i), fmt.Sprint("k", i))); !errors.As(err, &taken) {
				return fmt.Errorf("opening %d, the second time: %v, want a taken key", i+1, err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// otherShard returns the id of a customer in another shard than the stream's.
func otherShard(stream string) int {
	for i := 0; ; i++ {
		if store.ShardOf(fmt.Sprintf("customer/%d", i)) != store.ShardOf(stream) {
			return i
		}
	}
}

// keyUsedOnceByMany has many conversations of one customer use the same key at
// the same time.
func keyUsedOnceByMany(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		for round := range 60 {
			if err := contend(e, round, 24); err != nil {
				return err
			}
		}
		return nil
	})
}

func contend(e store.Engine, round, writers int) error {
	receipts := make([]store.Receipt, writers)
	errs := make([]error, writers)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range writers {
		a := one(fmt.Sprintf("conversation/%d.%d", round, i), 0, fmt.Sprintf("key %d", round))
		wg.Go(func() {
			<-start
			receipts[i], errs[i] = Put(e, a)
		})
	}
	close(start)
	wg.Wait()
	winner := -1
	for i, err := range errs {
		if err == nil && winner >= 0 {
			return fmt.Errorf("round %d: writers %d and %d both used the key", round, winner, i)
		}
		if err == nil {
			winner = i
		}
	}
	if winner < 0 {
		return fmt.Errorf("round %d: nobody used the key: %w", round, errs[0])
	}
	for i, err := range errs {
		var taken *store.TakenError
		if i != winner && (!errors.As(err, &taken) || taken.First != receipts[winner]) {
			return fmt.Errorf("round %d: writer %d: %v, want a key taken at %v", round, i, err, receipts[winner])
		}
	}
	return nil
}

func oldEpochIsRefused(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		const stream = "conversation/7.1"
		shard := store.ShardOf(stream)
		var n uint64
		for want := range uint64(5) {
			a := one(stream, n)
			a.Epoch = want
			if _, err := Put(e, a); err != nil {
				return fmt.Errorf("epoch %d: %w", want, err)
			}
			n++
			epoch, err := e.Claim(shard)
			if err := first(err, differ("Claim", epoch, want+1)); err != nil {
				return err
			}
			a = one(stream, n)
			a.Epoch = want
			if _, err := Put(e, a); !errors.Is(err, store.ErrFenced) {
				return fmt.Errorf("epoch %d of %d: %v, want %v", want, want+1, err, store.ErrFenced)
			}
		}
		return nil
	})
}

func epochSurvives(dir string, open Open) error {
	for i := range 4 {
		err := within(dir, open, func(e store.Engine) error {
			a := one("customer/7", uint64(i))
			a.Epoch = uint64(i)
			_, err := Put(e, a)
			if err != nil {
				return fmt.Errorf("opening %d: %w", i+1, err)
			}
			epoch, err := e.Claim(store.ShardOf(a.Stream))
			return first(err, differ("Claim", epoch, uint64(i)+1))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// positionsHaveNoGap has many streams written at once, and looks at the order
// in which the writers are answered.
func positionsHaveNoGap(dir string, open Open) error {
	const streams, appends = 100, 30
	return within(dir, open, func(e store.Engine) error {
		var wrong atomic.Pointer[error]
		fail := func(err error) { wrong.CompareAndSwap(nil, &err) }
		var last [store.Shards]uint64 // only done reads and writes it
		var wg sync.WaitGroup
		for i := range streams {
			stream := fmt.Sprintf("customer/%d", i)
			shard := store.ShardOf(stream)
			wg.Add(appends)
			go func() {
				for n := range uint64(appends) {
					e.Submit(one(stream, n), func(r store.Receipt, err error) {
						defer wg.Done()
						last[shard]++
						fail(first(err, differ("Receipt of "+stream, r, store.Receipt{Version: n + 1, Position: last[shard]})))
					})
				}
			}()
		}
		wg.Wait()
		if err := wrong.Load(); err != nil && *err != nil {
			return *err
		}
		return tailsAreStreams(e, streams, appends)
	})
}

// tailsAreStreams compares what the shards and the streams yield.
func tailsAreStreams(e store.Engine, streams int, appends uint64) error {
	versions := map[string]uint64{}
	for shard := range store.Shards {
		var position uint64
		for r, err := range e.Tail(shard, 0) {
			position++
			versions[r.Stream]++
			want := store.Record{Stream: r.Stream, Version: versions[r.Stream], Position: position}
			if err != nil || r.Version != want.Version || r.Position != want.Position || string(r.Body) != fmt.Sprintf("%s %d", r.Stream, r.Version) {
				return fmt.Errorf("Tail(%d) yields %+v, %v, want %+v", shard, r, err, want)
			}
		}
		if err := differ("Position", e.Position(shard), position); err != nil {
			return err
		}
	}
	for i := range streams {
		if err := differ("events in the tails", versions[fmt.Sprintf("customer/%d", i)], appends); err != nil {
			return err
		}
	}
	return nil
}
