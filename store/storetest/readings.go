package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"crafttalkd/store"
)

func streamAndTailFromWithin(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		m := NewModel()
		for i := range uint64(20) {
			for _, stream := range []string{"conversation/7.1", "conversation/7.10"} {
				a := one(stream, i)
				m.Append(a)
				if _, err := Put(e, a); err != nil {
					return err
				}
			}
		}
		shard := store.ShardOf("conversation/7.1")
		for _, n := range []uint64{0, 1, 19, 20, 21, 1 << 40, 1<<64 - 1} {
			after := min(n, 20)
			if err := first(
				sameRecords("Stream", e.Stream("conversation/7.1", n), m.streams["conversation/7.1"][after:]),
				sameRecords("Tail", e.Tail(shard, n), m.logs[shard][min(n, 40):]),
			); err != nil {
				return fmt.Errorf("after %d: %w", n, err)
			}
		}
		for r, err := range e.Tail(shard, 3) {
			return first(err, differ("Position", r.Position, 4))
		}
		return errors.New("Tail yields nothing")
	})
}

// doneMeansInTheTail looks, when it is told that an append is done, whether a
// reader would find it.
func doneMeansInTheTail(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		const appends = 200
		shard := store.ShardOf("customer/7")
		answers := make(chan error, appends)
		for i := range uint64(appends) {
			k := fmt.Sprint("k", i)
			e.Submit(one("customer/7", i, k), func(r store.Receipt, err error) {
				if e.Position(shard) < r.Position {
					err = fmt.Errorf("Position = %d when %d is done", e.Position(shard), r.Position)
				}
				if _, ok, _ := e.Taken(shard, k); !ok {
					err = fmt.Errorf("key %s is not taken when %d is done", k, r.Position)
				}
				found := false
				for t := range e.Tail(shard, r.Position-1) {
					found = t.Position == r.Position
					break
				}
				answers <- first(err, differ("found in the tail", found, true))
			})
		}
		for range appends {
			if err := <-answers; err != nil {
				return err
			}
		}
		return nil
	})
}

func alarmsInOrder(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		for i, minutes := range []int{3, 1, 2, 3, 0} {
			a := one(fmt.Sprintf("conversation/%d.1", i), 0)
			a.Alarm = noon.Add(time.Duration(minutes) * time.Minute)
			if _, err := Put(e, a); err != nil {
				return err
			}
		}
		for _, c := range []struct {
			until time.Time
			want  string
		}{
			{noon.Add(-time.Millisecond), ""},
			{noon, "4"},
			{noon.Add(2*time.Minute - 1), "4 1"},
			{noon.Add(2 * time.Minute), "4 1 2"},
			{noon.Add(time.Hour), "4 1 2 0 3"},
			{time.Time{}, ""},
		} {
			var got []string
			for a, err := range e.Alarms(c.until) {
				if err != nil {
					return err
				}
				got = append(got, strings.TrimSuffix(strings.TrimPrefix(a.Stream, "conversation/"), ".1"))
			}
			if err := differ(fmt.Sprintf("Alarms(%s)", c.until), strings.Join(got, " "), c.want); err != nil {
				return err
			}
		}
		return nil
	})
}

func alarmMoves(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		var n uint64
		for i, at := range []time.Time{noon, noon, noon.Add(time.Hour), noon.Add(-time.Hour), {}, {}, noon} {
			a := &store.Append{Stream: "queue/7", Expect: n, Alarm: at}
			if i%2 == 0 {
				a = one("queue/7", n)
				a.Alarm = at
				n++
			}
			r, err := Put(e, a)
			if err := first(err, differ("Receipt", r, store.Receipt{Version: n, Position: n})); err != nil {
				return err
			}
			got, err := alarms(e)
			want := []time.Time{at}
			if at.IsZero() {
				want = nil
			}
			if err != nil || !slices.EqualFunc(got, want, time.Time.Equal) {
				return fmt.Errorf("move %d: alarms at %v, %v, want %v", i, got, err, want)
			}
		}
		return nil
	})
}

func alarms(e store.Engine) (at []time.Time, err error) {
	for a, err := range e.Alarms(noon.AddDate(1, 0, 0)) {
		if err != nil {
			return nil, err
		}
		at = append(at, a.At)
	}
	return at, nil
}

func alarmIsNeverEarly(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		for i, c := range []struct{ in, want time.Duration }{
			{0, 0},
			{1, time.Millisecond},
			{time.Millisecond - 1, time.Millisecond},
			{time.Millisecond, time.Millisecond},
			{time.Millisecond + 1, 2 * time.Millisecond},
		} {
			if _, err := Put(e, &store.Append{Stream: "queue/7", Alarm: noon.Add(c.in)}); err != nil {
				return err
			}
			at, err := alarms(e)
			if err != nil || len(at) != 1 || !at[0].Equal(noon.Add(c.want)) {
				return fmt.Errorf("%d: alarm for %s is at %v, %v", i, c.in, at, err)
			}
		}
		return nil
	})
}

func tables(dir string, open Open) error {
	m := NewModel()
	for i := range 3 {
		err := within(dir, open, func(e store.Engine) error {
			if err := m.diffRows(e); err != nil {
				return fmt.Errorf("opening %d: %w", i+1, err)
			}
			for _, rows := range [][]store.Row{
				{{Table: "place", Key: "a\x00b", Value: []byte("0")}, {Table: "place", Key: "a", Value: []byte{}}, {Table: "snapshot", Key: "a", Value: []byte("1")}},
				{{Table: "place", Key: "ab", Value: fmt.Append(nil, i)}, {Table: "place", Key: "\xff\xff", Value: []byte("3")}, {Table: "place", Key: "b", Value: []byte("2")}},
				{{Table: "place", Key: "b"}, {Table: "snapshot", Key: "none"}},
			} {
				m.Put(rows)
				if err := first(e.Put(rows, i == 1 || rows[0].Value == nil), m.diffRows(e)); err != nil {
					return err
				}
			}
			return first(scanned(e), got(e))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func scanned(e store.Engine) error {
	for prefix, want := range map[string]int{"": 4, "a": 3, "ab": 1, "\xff": 1, "c": 0} {
		n := 0
		for r, err := range e.Scan("place", prefix) {
			if err != nil || !strings.HasPrefix(r.Key, prefix) || r.Table != "place" {
				return fmt.Errorf("Scan(%q) yields %v, %v", prefix, r, err)
			}
			n++
		}
		if err := differ(fmt.Sprintf("rows of Scan(%q)", prefix), n, want); err != nil {
			return err
		}
	}
	return nil
}

func got(e store.Engine) error {
	empty, err1 := e.Get("place", "a")
	none, err2 := e.Get("place", "b")
	one, err3 := e.Get("snapshot", "a")
	switch {
	case empty == nil || len(empty) > 0:
		return fmt.Errorf("Get of an empty value = %#v", empty)
	case none != nil:
		return fmt.Errorf("Get of a removed row = %q", none)
	case !bytes.Equal(one, []byte("1")):
		return fmt.Errorf("Get = %q", one)
	}
	return errors.Join(err1, err2, err3)
}

func backupOpens(dir string, open Open) error {
	script := NewScript(rand.New(rand.NewPCG(3, 3)), 300)
	err := within(dir, open, func(e store.Engine) error {
		if err := first(script[:200].Play(e, new(Progress), nil), e.Backup(dir+"-copy")); err != nil {
			return err
		}
		if e.Backup(dir+"-copy") == nil {
			return errors.New("a backup was written over another")
		}
		return script[200:].Play(e, new(Progress), nil)
	})
	if err != nil {
		return err
	}
	return within(dir+"-copy", open, func(e store.Engine) error {
		return first(script.Model(200).Diff(e), script[200:].Play(e, new(Progress), nil), script.Model(300).Diff(e))
	})
}

// backupUnderLoad copies the store while it is written to: the copy must hold
// what was acknowledged before, and nothing by halves.
func backupUnderLoad(dir string, open Open) error {
	script := NewScript(rand.New(rand.NewPCG(4, 4)), 3000)
	var p Progress
	var least, most int64
	err := within(dir, open, func(e store.Engine) error {
		played := make(chan error, 1)
		stop := make(chan struct{})
		defer close(stop)
		go func() { played <- script.Play(e, &p, stop) }()
		if err := e.Ready(context.Background()); err != nil {
			return err
		}
		least = p.Acknowledged.Load()
		if err := e.Backup(dir + "-copy"); err != nil {
			return err
		}
		most = p.Begun.Load()
		return <-played
	})
	if err != nil {
		return err
	}
	return within(dir+"-copy", open, func(e store.Engine) error { return script.Prefix(e, least, most) })
}

func verifyFindsNothingWrong(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		if err := Verify(e); err != nil {
			return fmt.Errorf("an empty store: %w", err)
		}
		if err := NewScript(rand.New(rand.NewPCG(5, 5)), 1000).Play(e, new(Progress), nil); err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := e.Verify(ctx, func(store.Damage) {}); !errors.Is(err, context.Canceled) {
			return fmt.Errorf("Verify with a cancelled context = %v", err)
		}
		return nil
	})
}

func closeCommitsWhatWasTaken(dir string, open Open) error {
	const appends = 500
	e, err := open(dir)
	if err != nil {
		return err
	}
	var done, wrong atomic.Int64
	for i := range uint64(appends) {
		e.Submit(one("customer/7", i), func(_ store.Receipt, err error) {
			if done.Add(1); err != nil {
				wrong.Add(1)
			}
		})
	}
	if err := e.Close(); err != nil {
		return err
	}
	if err := first(differ("answers", done.Load(), appends), differ("refusals", wrong.Load(), 0)); err != nil {
		return err
	}
	_, err1 := Put(e, one("customer/7", appends))
	_, err2 := e.Version("customer/7")
	_, err3 := e.Claim(0)
	for _, err := range []error{err1, err2, err3, e.Close(), e.Ready(context.Background())} {
		if !errors.Is(err, store.ErrClosed) {
			return fmt.Errorf("a closed store says %v, want %v", err, store.ErrClosed)
		}
	}
	return within(dir, open, func(e store.Engine) error {
		n, err := e.Version("customer/7")
		return first(err, differ("Version", n, appends))
	})
}

func ready(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		free, total, err := e.Room()
		if err == nil && (free > total || total == 0) {
			err = fmt.Errorf("Room() = %d of %d", free, total)
		}
		return first(err, e.Ready(context.Background()))
	})
}

func namesAreChecked(dir string, open Open) error {
	return within(dir, open, func(e store.Engine) error {
		for _, a := range []*store.Append{
			one("", 0), one("conversation/\x00", 0), one(strings.Repeat("x", 1<<16), 0),
			one("conversation/7.1", 0, strings.Repeat("x", 1<<16)),
			{Stream: "conversation/7.1", Keys: []string{"k"}},
			{Stream: "conversation/7.1", Rows: []store.Row{{Key: "k"}}},
			{Stream: "conversation/7.1", Rows: []store.Row{{Table: "a\x00b", Key: "k"}}},
		} {
			if _, err := Put(e, a); err == nil {
				return fmt.Errorf("Submit(%.60s) was not refused", fmt.Sprintf("%+v", a))
			}
		}
		if e.Put([]store.Row{{Key: "k"}}, true) == nil {
			return errors.New("Put into a table without a name was not refused")
		}
		if _, err := e.Claim(store.Shards); err == nil {
			return errors.New("a shard that is not there was claimed")
		}
		return NewModel().Diff(e)
	})
}
