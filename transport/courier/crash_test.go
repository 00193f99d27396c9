package courier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/channels"
)

// A crash is one run in which the power is cut once.
type crash struct {
	at      spot
	turn    int32 // the how-many-th time that this spot is passed
	keyed   bool
	parts   int // of every message
	percent int // of what was not synced, that is left
	fault   fault
}

func (c crash) String() string {
	return fmt.Sprintf("%s, time %d, keyed %v, %d parts, %d %% left, fault %d", c.at, c.turn, c.keyed, c.parts, c.percent, c.fault)
}

// run sends nine messages in three conversations, takes the power away, starts
// anew and returns what is wrong in the end.
func (c crash) run(t *testing.T) (wrong []string) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.percent, w.fault = c.percent, c.fault
		w.can.Store(&channels.Abilities{Text: len("text") / c.parts})
		phone := w.phones["shop"]
		phone.keyed = c.keyed
		phone.does = func(_ context.Context, m channels.Outbound, try int) (string, error) {
			if m.ID == "m1" && try == 1 {
				return "", errors.New("status 500")
			}
			return "", nil
		}
		var turns atomic.Int32
		w.at = func(s spot) bool { return s == c.at && turns.Add(1) == c.turn }
		n := boot(t, w, vfs.NewCrashableMem())
		n.center()
		names := n.burst("c", "shop", 3, 3)
		pass(10 * time.Second)
		n.powerOff() // if it was not cut before
		n.bury()
		w.at = nil
		n = boot(t, w, n.left)
		pass(10 * time.Second)
		wrong = c.wrong(n, names, phone.seen())
		n.stop()
	})
	return wrong
}

// wrong compares what customers saw with what was sent and what is known.
func (c crash) wrong(n *node, names, seen []string) (wrong []string) {
	last := map[string]int{}
	got := map[string][]int{} // parts of each message
	for _, part := range seen {
		name, number, _ := strings.Cut(part, "#")
		who, _, _ := strings.Cut(name, "/")
		i := slices.Index(names, name)
		if i >= 0 && i < last[who] {
			wrong = append(wrong, name+" was seen after a later one")
		}
		last[who] = max(last[who], i)
		n, _ := strconv.Atoi(number)
		got[name] = append(got[name], n)
	}
	for _, name := range names {
		conversation, message, _ := strings.Cut(name, "/")
		who, _, _ := strings.Cut(conversation, ".")
		whole := slices.Equal(got[name], []int{0, 1, 2, 3}[:c.parts])
		var fates []string
		for _, o := range n.outcomes(who) {
			if fate, ok := strings.CutPrefix(o, message+" "); ok {
				fates = append(fates, strings.Fields(fate)[0])
			}
		}
		switch {
		case len(fates) != 1:
			wrong = append(wrong, fmt.Sprintf("%s has the outcomes %q", name, fates))
		case !slices.Equal(got[name], []int{0, 1, 2, 3}[:len(got[name])]):
			wrong = append(wrong, fmt.Sprintf("the parts %v of %s were seen", got[name], name))
		case (c.keyed || fates[0] == "delivered") && (!whole || fates[0] != "delivered"):
			wrong = append(wrong, fmt.Sprintf("%s is %s, and its parts %v were seen", name, fates[0], got[name]))
		case fates[0] != "delivered" && fates[0] != "uncertain:":
			wrong = append(wrong, name+" is "+fates[0])
		}
	}
	if rows := n.rows(); rows != 0 {
		wrong = append(wrong, fmt.Sprintf("%d rows are left", rows))
	}
	return wrong
}

// crashes are all the ways to crash.
func crashes(f fault) (out []crash) {
	for _, at := range []spot{opening, leaving, taken, answered, recorded} {
		for _, turn := range []int32{1, 5, 9} {
			for _, keyed := range []bool{false, true} {
				for _, percent := range []int{0, 100} {
					out = append(out, crash{at, turn, keyed, 1, percent, f})
				}
			}
		}
	}
	return out
}

// torn are ways to crash while messages go in parts.
func torn(f fault) (out []crash) {
	for _, at := range []spot{opening, leaving, taken} {
		for _, turn := range []int32{2, 7} {
			for _, keyed := range []bool{false, true} {
				for _, percent := range []int{0, 100} {
					out = append(out, crash{at, turn, keyed, 2, percent, f})
				}
			}
		}
	}
	return out
}

// proves G34, G36: wherever the power is cut, every message has its outcome in
// the end and its place in the order; a channel with keys shows each once, and
// one without is asked no second time: the message is uncertain.
func TestG34_G36_Crash(t *testing.T) {
	for _, c := range append(crashes(none), torn(none)...) {
		if wrong := c.run(t); len(wrong) > 0 {
			t.Errorf("%v:\n\t%s", c, strings.Join(wrong, "\n\t"))
		}
	}
}

// Every fault that a courier may have is seen by the crashes.
func TestG34_G36_FaultsAreSeen(t *testing.T) {
	for f, spots := range map[fault][]spot{
		trustsAll:   {taken},
		marksLazily: {taken},
		dropsEarly:  {answered},
		forgets:     {opening},
		overtakes:   {answered},
	} {
		seen := false
		for _, c := range append(crashes(f), torn(f)...) {
			seen = seen || slices.Contains(spots, c.at) && len(c.run(t)) > 0
		}
		if !seen {
			t.Errorf("fault %d is not seen", f)
		}
	}
}

// proves G36: a message that was on its way when the power went is uncertain,
// and says so; the one after it is delivered.
func TestG36_Uncertain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.at = func(s spot) bool { return s == taken }
		n := boot(t, w, vfs.NewCrashableMem())
		n.center()
		n.greet("anna", "shop")
		n.reply("anna", "m1", "text")
		pass(time.Second)
		n.bury()
		w.at = nil
		n = boot(t, w, n.left)
		defer n.stop()
		pass(time.Second)
		if got, want := n.outcomes("anna"), []string{"m1 uncertain: " + interrupted}; !slices.Equal(got, want) {
			t.Errorf("the outcomes are %q, want %q", got, want)
		}
		if got := w.phones["shop"].seen(); !slices.Equal(got, []string{"anna.1/m1"}) {
			t.Errorf("anna saw %v", got)
		}
	})
}
