package courier

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/time/rate"

	"crafttalkd/channels"
)

// proves G35, G37: an account that does not work is asked once in five minutes,
// says why, keeps its messages, and goes on at once when it has been mended.
func TestG35_BrokenAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		var well atomic.Bool
		w.phones["shop"].does = func(context.Context, channels.Outbound, int) (string, error) {
			if !well.Load() {
				return "", &channels.Broken{Err: errors.New("the token was revoked")}
			}
			return "", nil
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		names := n.burst("c", "shop", 10, 2)
		pass(time.Hour + time.Minute)
		first := len(w.phones["shop"].called())
		if first > atOnce+12 {
			t.Errorf("%d calls in an hour of a broken account", first)
		}
		s := n.courier.Account("shop")
		if !s.Broken || s.Resting || s.Waiting != len(names) || s.Until.IsZero() || s.Why != "the account does not work: the token was revoked" {
			t.Errorf("the standing is %+v", s)
		}
		n.courier.Mended("shop")
		n.courier.Mended("another")
		pass(time.Second)
		if calls := len(w.phones["shop"].called()); calls != first+1 {
			t.Errorf("%d calls after it was mended in vain, want 1", calls-first)
		}
		well.Store(true)
		n.courier.Mended("shop")
		pass(5 * time.Second)
		if seen := w.phones["shop"].seen(); len(seen) != len(names) {
			t.Errorf("%d of %d messages arrived", len(seen), len(names))
		}
		if s := n.courier.Account("another"); s != (Standing{Account: "another"}) {
			t.Errorf("one that never sent anything stands at %+v", s)
		}
		if s := n.courier.Accounts()[0]; s.Broken || s.Waiting != 0 || !s.Until.IsZero() {
			t.Errorf("the standing is %+v", s)
		}
	})
}

// proves G35: the messages of an account that nobody mends are given up after a
// day, with the reason.
func TestG35_BrokenForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.phones["shop"].does = func(context.Context, channels.Outbound, int) (string, error) {
			return "", &channels.Broken{Err: errors.New("the token was revoked")}
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.burst("c", "shop", 6, 1)
		pass(24*time.Hour + time.Minute)
		for c := range 6 {
			if o := n.outcomes(fmt.Sprintf("c%02d", c)); len(o) != 1 || !strings.HasPrefix(o[0], "m0 failed: gave up after 24 hours") {
				t.Errorf("the outcomes are %q", o)
			}
		}
	})
}

// proves G37: a wish to be asked later that is about one customer holds up that
// customer, and nobody else.
func TestG37_LaterForOneCustomer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		var told time.Time
		early := 0
		w.phones["shop"].does = func(_ context.Context, m channels.Outbound, _ int) (string, error) {
			switch {
			case m.Conversation != "anna.1":
			case told.IsZero():
				told = time.Now()
				return "", &channels.Later{After: time.Minute, Only: true, Err: errors.New("status 429")}
			case time.Since(told) < time.Minute:
				early++
			}
			return "", nil
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.greet("anna", "shop")
		n.greet("boris", "shop")
		n.reply("anna", "m1", "text")
		n.reply("anna", "m2", "text")
		pass(time.Second)
		n.reply("boris", "m1", "text")
		pass(time.Second)
		if got := w.phones["shop"].seen(); len(got) != 1 || got[0] != "boris.1/m1" {
			t.Errorf("after a second %v was seen", got)
		}
		pass(2 * time.Minute)
		if got := w.phones["shop"].seen(); len(got) != 3 || early != 0 {
			t.Errorf("%v was seen, and %d calls came too early", got, early)
		}
	})
}

// hurried sends bursts to customers at a pace of their own, and returns the
// most messages that one of them got within a time.
func hurried(t *testing.T, f fault, each channels.Pace, within time.Duration) (most int) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.fault = f
		w.can.Store(&channels.Abilities{PerUser: each})
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		want := n.burst("c", "shop", 5, 12)
		pass(5 * time.Minute)
		calls := w.phones["shop"].called()
		if len(calls) != len(want) {
			t.Errorf("%d of %d messages arrived", len(calls), len(want))
		}
		for i, first := range calls {
			in := 0
			for _, other := range calls[i:] {
				if first.name[:3] == other.name[:3] && other.at.Sub(first.at) < within {
					in++
				}
			}
			most = max(most, in)
		}
	})
	return most
}

// proves G37: the pace of one customer is never exceeded.
func TestG37_PacePerCustomer(t *testing.T) {
	for _, c := range []struct {
		each   channels.Pace
		within time.Duration
		most   int
	}{
		{channels.Pace{PerSecond: 1}, 950 * time.Millisecond, 1},
		{channels.Pace{PerSecond: 1, Burst: 3}, 950 * time.Millisecond, 3},
		{channels.Pace{PerSecond: 0.1, Burst: 1}, 9 * time.Second, 1},
	} {
		if got := hurried(t, none, c.each, c.within); got != c.most {
			t.Errorf("%+v: a customer got %d messages within %v, want at most %d", c.each, got, c.within, c.most)
		}
	}
	if got := hurried(t, hurries, channels.Pace{PerSecond: 1}, 950*time.Millisecond); got < 2 {
		t.Error("a courier that knows no pace of a customer is not seen")
	}
}

// The limits of customers are bounded in number; who has rested needs none, and
// while too many have not, a new one waits: no pace is exceeded for want of room.
func TestPacesAreBounded(t *testing.T) {
	p, now := newPaces(), time.Unix(0, 0)
	p.account = rate.NewLimiter(1e9, 1e9)
	fast, slow := channels.Pace{PerSecond: 1e9, Burst: 1e9}, channels.Pace{PerSecond: 1}
	for i := range mostPaced {
		if got := p.take(now, fmt.Sprint(i), fast, slow); got != (turn{}) {
			t.Fatalf("customer %d: %+v", i, got)
		}
	}
	if got := p.take(now, "new", fast, slow); !got.only || got.wait == 0 || len(p.users) != mostPaced {
		t.Errorf("one more: %+v, and %d limits", got, len(p.users))
	}
	if got := p.take(now.Add(2*time.Second), "new", fast, slow); got != (turn{}) || len(p.users) != 1 {
		t.Errorf("after a rest: %+v, and %d limits", got, len(p.users))
	}
}
