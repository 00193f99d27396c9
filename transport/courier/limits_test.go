package courier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/channels"
)

// burst sends count messages into each of the conversations of customers whose
// names begin with the prefix, and returns the names of those that were
// acknowledged while there was power.
func (n *node) burst(prefix, account string, customers, count int) (names []string) {
	n.t.Helper()
	for c := range customers {
		who := fmt.Sprintf("%s%02d", prefix, c)
		n.greet(who, account)
		for m := range count {
			n.reply(who, fmt.Sprintf("m%d", m), "text")
			if !n.dead.Load() {
				names = append(names, fmt.Sprintf("%s.1/m%d", who, m))
			}
		}
	}
	return names
}

// proves G37: an account that hangs or fails does not slow another one.
func TestG37_OneBrokenAccountSlowsNoOther(t *testing.T) {
	took := func(does func(context.Context, channels.Outbound, int) (string, error)) (out map[string]time.Duration) {
		out = map[string]time.Duration{}
		synctest.Test(t, func(t *testing.T) {
			w := newWorld("good", "bad")
			w.phones["bad"].keyed = true
			w.phones["bad"].does = does
			n := boot(t, w, vfs.NewMem())
			defer n.stop()
			n.center()
			n.burst("b", "bad", 20, 2)
			pass(time.Minute)
			begin := time.Now()
			n.burst("g", "good", 20, 2)
			pass(time.Minute)
			for _, c := range w.phones["good"].called() {
				out[c.name] = c.at.Sub(begin)
			}
			w.phones["bad"].does = nil // so that the node ends soon
		})
		return out
	}
	alone := took(func(context.Context, channels.Outbound, int) (string, error) { return "", nil })
	if len(alone) != 40 {
		t.Fatalf("%d of 40 messages arrived", len(alone))
	}
	for name, does := range map[string]func(context.Context, channels.Outbound, int) (string, error){
		"hangs": hang,
		"fails": func(context.Context, channels.Outbound, int) (string, error) { return "", errors.New("status 500") },
		"answers by halves": func(ctx context.Context, _ channels.Outbound, try int) (string, error) {
			if try%2 == 0 { // the rest never comes
				<-ctx.Done()
			}
			return "", &channels.Unsure{Err: io.ErrUnexpectedEOF}
		},
		"later": func(context.Context, channels.Outbound, int) (string, error) {
			return "", &channels.Later{After: time.Minute, Err: errors.New("status 429")}
		},
	} {
		if got := took(does); !maps.EqualFunc(got, alone, about) {
			t.Errorf("beside one that %s: %v, want %v", name, got, alone)
		}
	}
}

// proves G37: the rate of an account is never exceeded, in no second.
func TestG37_Rate(t *testing.T) {
	for _, c := range []struct {
		rate float64
		most int // in any second
	}{{0, 31}, {5, 6}} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld("shop")
			w.can.Store(&channels.Abilities{Pace: channels.Pace{PerSecond: c.rate}})
			n := boot(t, w, vfs.NewMem())
			defer n.stop()
			n.center()
			want := n.burst("c", "shop", 20, 5)
			pass(time.Minute)
			calls := w.phones["shop"].called()
			if len(calls) != len(want) {
				t.Errorf("%d of %d messages arrived", len(calls), len(want))
			}
			for i, first := range calls {
				in := 0
				for _, other := range calls[i:] {
					if other.at.Sub(first.at) <= time.Second {
						in++
					}
				}
				if in > c.most {
					t.Fatalf("%d calls in the second after %v, want at most %d", in, first.at, c.most)
				}
			}
		})
	}
}

// proves G37: at most four requests of an account are under way, and one of a
// conversation.
func TestG37_UnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		var now, most atomic.Int32
		w.phones["shop"].does = func(context.Context, channels.Outbound, int) (string, error) {
			most.Store(max(most.Load(), now.Add(1)))
			<-time.After(time.Second)
			now.Add(-1)
			return "", nil
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.burst("a", "shop", 1, 5)
		pass(10 * time.Second)
		if most.Load() != 1 {
			t.Errorf("%d requests of one conversation were under way at once", most.Load())
		}
		n.burst("b", "shop", 10, 2)
		pass(time.Minute)
		if most.Load() != atOnce {
			t.Errorf("%d requests of one account were under way at once, want %d", most.Load(), atOnce)
		}
	})
}

// hinted reports the calls within the time that the provider asked for, after
// its first hint came and the requests before it were over.
func hinted(t *testing.T, f fault) (early, delivered int) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.fault = f
		var told time.Time
		w.phones["shop"].does = func(context.Context, channels.Outbound, int) (string, error) {
			switch {
			case told.IsZero():
				told = time.Now()
				return "", &channels.Later{After: time.Minute, Err: errors.New("status 429")}
			case time.Since(told) < time.Minute:
				early++
			}
			return "", nil
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.burst("c", "shop", 10, 2)
		pass(2 * time.Minute)
		delivered = len(w.phones["shop"].seen())
	})
	return early, delivered
}

// proves G37: a provider's wish holds for the whole account.
func TestG37_RetryAfter(t *testing.T) {
	if early, delivered := hinted(t, none); early != 0 || delivered != 20 {
		t.Errorf("%d calls came too early, and %d of 20 messages arrived", early, delivered)
	}
	if early, _ := hinted(t, ignoresHints); early == 0 {
		t.Error("a courier that ignores hints is not seen")
	}
}

// proves G37: a channel that only fails is asked seldom, and when it is well
// again everything arrives in order.
func TestG37_Breaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		var well atomic.Bool
		w.phones["shop"].does = func(context.Context, channels.Outbound, int) (string, error) {
			if !well.Load() {
				return "", errors.New("status 500")
			}
			return "", nil
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		names := n.burst("c", "shop", 90, 2) // more than the window holds
		pass(time.Hour)
		if calls := len(w.phones["shop"].called()); calls > 10+2*60 {
			t.Errorf("%d calls in an hour of failing", calls)
		}
		s := n.courier.Accounts()
		if len(s) != 1 || !s[0].Resting || s[0].Broken || s[0].Why != "status 500" || s[0].Waiting != 180 || s[0].Until.IsZero() ||
			!s[0].Succeeded.IsZero() || time.Since(s[0].Failed) > time.Minute || time.Since(s[0].Oldest) < time.Hour {
			t.Errorf("the standing is %+v", s)
		}
		well.Store(true)
		pass(10 * time.Minute)
		got := w.phones["shop"].seen()
		for c := range 90 {
			if slices.Index(got, names[2*c]) > slices.Index(got, names[2*c+1]) {
				t.Errorf("%s came after %s", names[2*c], names[2*c+1])
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, names) {
			t.Errorf("%d messages arrived, want each of %d once", len(got), len(names))
		}
		if s := n.courier.Accounts(); s[0].Resting || !s[0].Succeeded.After(s[0].Failed) || s[0].Waiting != 0 || !s[0].Oldest.IsZero() {
			t.Errorf("the standing is %+v", s)
		}
	})
}

// A pause grows from a second to five minutes, and is random.
func TestBackOff(t *testing.T) {
	for tries, most := range map[int]time.Duration{
		0: time.Second, 1: 2 * time.Second, 4: 16 * time.Second, 8: 256 * time.Second, 9: longest, 1000: longest,
	} {
		var highest time.Duration
		for range 1000 {
			d := backOff(tries)
			if d <= 0 || d > most+time.Millisecond {
				t.Fatalf("backOff(%d) = %v, want at most %v", tries, d, most)
			}
			highest = max(highest, d)
		}
		if highest < most/2 {
			t.Errorf("backOff(%d) is never more than %v of %v", tries, highest, most)
		}
	}
}

// about reports whether two times are the same but for what a few commits take.
func about(a, b time.Duration) bool { return (a - b).Abs() <= 10*time.Millisecond }
