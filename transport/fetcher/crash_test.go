package fetcher

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// crash cuts the power once at a spot, starts anew and returns what is wrong.
func crash(t *testing.T, at spot, f fault) (wrong []string) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.fault = f
		var cut atomic.Bool
		w.at = func(s spot) bool { return s == at && cut.CompareAndSwap(false, true) }
		n := boot(t, w, vfs.NewCrashableMem())
		w.hosts["files.example"] = func(v *visit) {
			if !n.cut(asked) {
				v.say(200, picture)
			}
		}
		n.center()
		n.writes("anna", "shop", "m1", "http://files.example/a.png")
		pass(5 * time.Second)
		if !cut.Load() {
			wrong = append(wrong, "the power was not cut")
		}
		disk := n.bury()
		w.hosts["files.example"] = func(v *visit) { v.say(200, picture) }
		n = boot(t, w, disk)
		defer n.stop()
		pass(time.Minute)
		if got, _ := n.outcomes("anna"); len(got) != 1 || got[0].Blob == "" || n.content("anna", got[0].Blob) != picture {
			wrong = append(wrong, fmt.Sprintf("the outcomes are %v", got))
		}
		if r := n.rows(); r != 0 {
			wrong = append(wrong, fmt.Sprintf("%d rows are left", r))
		}
	})
	return wrong
}

// proves G7, G9: wherever the power is cut, the file has one outcome in the end.
func TestG7_Crash(t *testing.T) {
	for _, at := range []spot{asked, kept, answered, recorded} {
		for _, w := range crash(t, at, none) {
			t.Errorf("%s: %s", at, w)
		}
	}
}

// A fetcher that keeps its place without its rows, or drops a row too early,
// loses a file in an orderly stop or a crash.
func TestG7_CrashFaultsAreSeen(t *testing.T) {
	for _, f := range []fault{forgets, slips} {
		seen := false
		for _, at := range []spot{asked, kept, answered, recorded} {
			seen = seen || len(crash(t, at, f)) > 0
		}
		if !seen {
			t.Errorf("fault %d is not seen", f)
		}
	}
}

// proves G7: the readings can be thrown away: what has its outcome is not
// fetched again, and what has none is.
func TestG7_Rebuilt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.hosts["files.example"] = func(v *visit) { v.say(200, picture) }
		n := boot(t, w, vfs.NewMem())
		n.center()
		n.writes("anna", "shop", "m1", "http://files.example/a.png")
		n.writes("boris", "shop", "m1", "http://later.example/b.png")
		pass(time.Minute)
		err := n.Stop(t.Context()) // nobody follows any more
		follower, tables := Tables()
		if err := n.Journal().DropReading(follower, tables...); err != nil {
			t.Fatal(err)
		}
		n.end(err)
		w.hosts["later.example"] = w.hosts["files.example"]
		n = boot(t, w, n.disk)
		defer n.stop()
		pass(time.Minute)
		for _, who := range []string{"anna", "boris"} {
			if got, _ := n.outcomes(who); len(got) != 1 || got[0].Blob == "" {
				t.Errorf("%s: %v", who, got)
			}
		}
		if n := w.requests(); n != 2 {
			t.Errorf("%d requests, want 2", n)
		}
	})
}
