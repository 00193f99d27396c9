package system

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A rang is one alarm and when it rang.
type rang struct {
	store.Alarm
	when time.Time
}

// A morning is the start of a server that was down for a night.
type morning struct {
	t     *testing.T
	clock *alarms
	skew  time.Duration // of the machine's clock
	log   bytes.Buffer
	rang  []rang
	store *pebblestore.Store
	keep  *journal.Journal
}

// downtime is how long the server was away.
const downtime = 8 * time.Hour

// wake makes a store with n alarms, due in the order of their numbers over the
// downtime, and starts to ring.
func wake(t *testing.T, n int, more ...store.Alarm) *morning {
	t.Helper()
	m := &morning{t: t}
	var err error
	if m.store, err = pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem(), Gather: time.Nanosecond}); err != nil {
		t.Fatal(err)
	}
	if m.keep, err = journal.Open(m.store, keys.NewRing(keys.NewMaster(), m.store)); err != nil {
		t.Fatal(err)
	}
	begin := time.Now().Add(-downtime)
	for i := range n {
		more = append(more, store.Alarm{Stream: fmt.Sprint("conversation/c", i, ".1"), At: begin.Add(downtime * time.Duration(i) / time.Duration(n))})
	}
	var kept sync.WaitGroup
	for _, a := range more {
		kept.Add(1)
		m.keep.Append(journal.Append{Stream: a.Stream, Alarm: a.At}, func(_ store.Receipt, err error) {
			if err != nil {
				t.Error(err)
			}
			kept.Done()
		})
	}
	kept.Wait()
	m.clock = newAlarms(func() time.Time { return time.Now().Add(m.skew) }, m.keep, m.ring, slog.New(slog.NewTextHandler(&m.log, nil)))
	return m
}

// ring hears an alarm. Its actor has something else to do at once, and no alarm.
func (m *morning) ring(a store.Alarm) {
	m.rang = append(m.rang, rang{a, time.Now()})
	m.keep.Append(journal.Append{Stream: a.Stream}, func(store.Receipt, error) {})
}

// run rings for so long.
func (m *morning) run(d time.Duration) {
	ctx, cancel := context.WithTimeout(m.t.Context(), d)
	defer cancel()
	m.clock.run(ctx)
}

func (m *morning) close() {
	m.keep.Close()
	if err := m.store.Close(); err != nil {
		m.t.Error(err)
	}
}

// faults are what n overdue alarms must not do.
func (m *morning) faults(n int) (out []string) {
	if len(m.rang) != n {
		out = append(out, fmt.Sprintf("%d alarms rang %d times", n, len(m.rang)))
	}
	if !slices.IsSortedFunc(m.rang, func(a, b rang) int { return a.At.Compare(b.At) }) {
		out = append(out, "they rang out of order")
	}
	const most = rush * int(time.Second/breath)
	for i, r := range m.rang {
		if j := i + most + rush; j < len(m.rang) && m.rang[j].when.Sub(r.when) < time.Second {
			return append(out, fmt.Sprintf("%d rang within %v", j-i, m.rang[j].when.Sub(r.when)))
		}
	}
	return out
}

// proves G27: a hundred thousand alarms that a downtime has made overdue ring
// once each, in the order in which they were due, at a limited rate, and how
// late they are is shown and written down.
func TestG27_OverdueAlarms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 100_000
		m := wake(t, n)
		defer m.close()
		m.run(time.Millisecond)
		if o := m.clock.overdue(); o.Waiting != n-rush || o.Late < downtime-10*time.Minute || o.Rung != rush {
			t.Errorf("at the start %d wait, the first for %v, and %d were late", o.Waiting, o.Late, o.Rung)
		}
		m.run(time.Minute)
		for _, f := range m.faults(n) {
			t.Error(f)
		}
		if o := m.clock.overdue(); o.Waiting != 0 || o.Late != 0 || o.Rung < n-100 {
			t.Errorf("at the end %+v", o)
		}
		if log := m.log.String(); !strings.Contains(log, "alarms are late") || !strings.Contains(log, "on time again") {
			t.Errorf("the log says\n%s", log)
		}
		if took := m.rang[n-1].when.Sub(m.rang[0].when); took > 25*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// A clock without a limit, one that rings twice and one without an order are seen.
func TestG27_FaultsAreSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for seen, fault := range map[string]func(*morning){
			"rang within":      func(m *morning) { m.clock.rush = 100_000 },
			"rang 20000 times": func(m *morning) { m.clock.ring = func(a store.Alarm) { m.ring(a); m.ring(a) } },
			"out of order": func(m *morning) {
				m.clock.ring = func(a store.Alarm) {
					m.ring(a)
					if n := len(m.rang); n%100 == 99 {
						m.rang[n-1], m.rang[n-2] = m.rang[n-2], m.rang[n-1]
					}
				}
			},
		} {
			m := wake(t, 10_000)
			fault(m)
			m.run(time.Minute)
			if got := m.faults(10_000); !strings.Contains(strings.Join(got, "; "), seen) {
				t.Errorf("%q is not seen: %q", seen, got)
			}
			m.close()
		}
	})
}

// proves G27, G28: the clock jumps while thousands are overdue. Back, nothing
// rings twice and nothing early; forward, what became due rings once.
func TestG28_JumpsWhileOverdue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 5000
		ahead := store.Alarm{Stream: "conversation/ahead.1", At: time.Now().Add(30 * time.Minute)}
		m := wake(t, n, ahead)
		defer m.close()
		for _, jump := range []time.Duration{-time.Second, time.Second, -time.Hour, -24 * time.Hour, 24*time.Hour + time.Hour} {
			m.run(120 * time.Millisecond)
			m.skew += jump
			rung := len(m.rang)
			if m.skew < -downtime {
				m.run(2 * time.Second)
				if len(m.rang) != rung {
					t.Errorf("%d rang before their time", len(m.rang)-rung)
				}
			}
		}
		m.run(10 * time.Second)
		for _, f := range m.faults(n) {
			t.Error(f)
		}
		m.skew += time.Hour
		m.run(10 * time.Second)
		for _, f := range m.faults(n + 1) {
			t.Error(f)
		}
		if last := m.rang[len(m.rang)-1]; last.Stream != ahead.Stream {
			t.Errorf("the last to ring was %s", last.Stream)
		}
	})
}
