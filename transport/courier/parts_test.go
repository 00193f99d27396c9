package courier

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// three is a message that goes in three parts where a part has five characters.
const three = "first secnd third"

var small = channels.Abilities{Text: 5}

// parted runs a message of three parts at a channel that does as it is told,
// and returns what its customer saw and what is known of it.
func parted(t *testing.T, f fault, keyed bool, does func(w *world, m channels.Outbound, try int) error) (seen, outcomes []string) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.fault = f
		w.can.Store(&small)
		w.phones["shop"].keyed = keyed
		w.phones["shop"].does = func(_ context.Context, m channels.Outbound, try int) (string, error) {
			return "", does(w, m, try)
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.greet("anna", "shop")
		n.reply("anna", "m1", three)
		pass(time.Minute)
		seen, outcomes = w.phones["shop"].seen(), n.outcomes("anna")
		if n := n.rows(); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
	return seen, outcomes
}

var all = []string{"anna.1/m1", "anna.1/m1#1", "anna.1/m1#2"}

// proves CH-01, G34: a message that a channel can't carry at once goes in parts
// and in order; a part that fails is tried again, one that was taken is not.
func TestG34_Parts(t *testing.T) {
	fails := func(_ *world, m channels.Outbound, try int) error {
		if m.Part == 1 && try < 3 {
			return errors.New("status 500")
		}
		return nil
	}
	for _, keyed := range []bool{false, true} {
		seen, outcomes := parted(t, none, keyed, fails)
		if want := []string{"m1 delivered their-m1 their-m1#1 their-m1#2"}; !slices.Equal(seen, all) || !slices.Equal(outcomes, want) {
			t.Errorf("keyed %v: anna saw %v, and the outcomes are %q", keyed, seen, outcomes)
		}
	}
	if seen, _ := parted(t, beginsAnew, false, fails); slices.Equal(seen, all) {
		t.Error("a courier that begins anew after a failure is not seen")
	}
}

// proves G35: a message that stops half-way says how far it came.
func TestG35_PartsThatStop(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"refused": {refusal.New(refusal.Denied, "blocked by the customer"), "m1 failed: only 1 of 3 parts were sent: blocked by the customer"},
		"lost":    {&channels.Unsure{Err: errors.New("reset")}, "m1 uncertain: only 1 of 3 parts were sent: no answer came: reset"},
	} {
		seen, outcomes := parted(t, none, false, func(_ *world, m channels.Outbound, _ int) error {
			if m.Part == 1 {
				return c.err
			}
			return nil
		})
		if !slices.Equal(seen, all[:1]) || !slices.Equal(outcomes, []string{c.want}) {
			t.Errorf("%s: anna saw %v, and the outcomes are %q, want %q", name, seen, outcomes, c.want)
		}
	}
}

// proves G36: a message that would be parted otherwise than it was begun is
// uncertain; one of which nothing has left simply goes in its new parts.
func TestG36_PartedOtherwise(t *testing.T) {
	changes := func(at int) func(*world, channels.Outbound, int) error {
		return func(w *world, m channels.Outbound, try int) error {
			if m.Part == at && try == 1 {
				w.can.Store(&channels.Abilities{Text: 11})
				return errors.New("status 500")
			}
			return nil
		}
	}
	seen, outcomes := parted(t, none, false, changes(1))
	if want := []string{"m1 uncertain: only 1 of 3 parts were sent: " + partedOtherwise}; !slices.Equal(seen, all[:1]) || !slices.Equal(outcomes, want) {
		t.Errorf("anna saw %v, and the outcomes are %q, want %q", seen, outcomes, want)
	}
	seen, outcomes = parted(t, none, false, changes(0))
	if want := []string{"m1 delivered their-m1 their-m1#1"}; !slices.Equal(seen, all[:2]) || !slices.Equal(outcomes, want) {
		t.Errorf("anna saw %v, and the outcomes are %q, want %q", seen, outcomes, want)
	}
	if _, outcomes = parted(t, mixesUp, false, changes(1)); len(outcomes) == 1 && strings.HasPrefix(outcomes[0], "m1 uncertain") {
		t.Error("a courier that mixes two partings is not seen")
	}
}

// proves CH-02: a file that can go only as a link is refused while there is no
// address that a link could lead to, and the reason names it.
func TestCH02_FilesWithoutAddress(t *testing.T) {
	file := func(size int64, source string) *event.Content {
		return &event.Content{Text: "look", Attachments: []*event.Attachment{{AttachmentId: "f", Name: "a.pdf", Blob: "00", Size: size, Source: source}}}
	}
	gone := file(1, "")
	gone.Attachments[0].Blob = ""
	for _, c := range []struct {
		name string
		a    channels.Abilities
		c    *event.Content
		want string // what the refusal says; empty for none
	}{
		{"as a file", channels.Abilities{Files: 1, Largest: 10}, file(5, ""), ""},
		{"as a link", channels.Abilities{Files: 1, Largest: 10}, file(50, "https://x/a"), ""},
		{"too large", channels.Abilities{Files: 1, Largest: 10}, file(50, ""), "the file a.pdf is too large for the channel, and the server has no public address for a link to it"},
		{"no files at all", channels.Abilities{}, file(5, ""), "the file a.pdf can't be sent: the channel needs a link to it, and the server has no public address"},
		{"fetched by the provider", channels.Abilities{Files: 1, Linked: true}, file(5, ""), "the file a.pdf can't be sent: the channel needs a link to it, and the server has no public address"},
		{"not there", channels.Abilities{}, gone, "the file a.pdf is not there"},
		{"nothing", channels.Abilities{}, &event.Content{}, "the message is empty"},
	} {
		got := ""
		if _, err := part(c.a, c.c); err != nil {
			got = refused(err)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A part keeps its key on every try and differs from every other one; other
// words in the same message's stead are another part.
func TestKeys(t *testing.T) {
	m := func(part int, text string) channels.Outbound {
		return channels.Outbound{Conversation: "anna.1", ID: "m1", Part: part, Content: &event.Content{Text: text}}
	}
	if first := key(m(0, "a")); first != key(m(0, "a")) {
		t.Error("the same part has two keys")
	}
	seen := map[string]bool{}
	for _, o := range []channels.Outbound{m(0, "a"), m(1, "a"), m(0, "b")} {
		if seen[key(o)] {
			t.Errorf("%v has the key of another part", o)
		}
		seen[key(o)] = true
	}
}

// proves G34: whatever a channel does, the parts that a customer sees are a
// beginning of the message, in order, and none twice; all of them if it is
// delivered.
func TestG34_PartsInOrder(t *testing.T) {
	for seed := range uint64(12) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			var one sync.Mutex // at the dice
			w := newWorld("shop")
			w.can.Store(&small)
			w.phones["shop"].does = func(_ context.Context, m channels.Outbound, _ int) (string, error) {
				one.Lock()
				defer one.Unlock()
				switch r.IntN(12) {
				case 0:
					return "", errors.New("status 500")
				case 1:
					return "", &channels.Later{After: time.Duration(r.IntN(9)+1) * time.Second, Only: r.IntN(2) == 0, Err: errors.New("status 429")}
				case 2:
					if r.IntN(4) == 0 {
						return "", refusal.New(refusal.Denied, "no")
					}
				}
				return "", nil
			}
			n := boot(t, w, vfs.NewMem())
			defer n.stop()
			n.center()
			n.greet("anna", "shop")
			var want []string
			for i := range 6 {
				parts := 1 + (int(seed)+i)%4
				n.reply("anna", fmt.Sprintf("m%d", i), strings.TrimSpace(strings.Repeat("words ", parts)))
				for p := range parts {
					want = append(want, nameOf(channels.Outbound{Conversation: "anna.1", ID: fmt.Sprintf("m%d", i), Part: p}))
				}
			}
			pass(time.Hour)
			inOrder(t, w.phones["shop"].seen(), want, n.outcomes("anna"))
		})
	}
}

// inOrder holds what was seen against what was sent.
func inOrder(t *testing.T, seen, sent, outcomes []string) {
	last := -1
	for _, s := range seen {
		i := slices.Index(sent, s)
		if i <= last {
			t.Errorf("%s came after %s in %v", s, sent[last], seen)
		}
		last = i
	}
	for _, o := range outcomes {
		id, fate, _ := strings.Cut(o, " ")
		if !strings.HasPrefix(fate, "delivered") {
			continue
		}
		for _, s := range sent {
			message, _, _ := strings.Cut(strings.TrimPrefix(s, "anna.1/"), "#")
			if message == id && !slices.Contains(seen, s) {
				t.Errorf("%s is delivered without %s", id, s)
			}
		}
	}
	if len(outcomes) != 6 {
		t.Errorf("the outcomes are %q, want 6", outcomes)
	}
}

// Who speaks goes with the message: a person, or the system by itself. An agent
// is no person.
func TestAutomatic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.join = "{fname} is here"
		said := map[bool]int{}
		w.phones["shop"].does = func(_ context.Context, m channels.Outbound, _ int) (string, error) {
			said[m.Automatic]++
			return "", nil
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.greet("anna", "shop")
		n.reply("anna", "m1", "text")
		pass(time.Second)
		if said[false] != 1 || said[true] != 1 {
			t.Errorf("said by a person %d times, by the system %d times; want once each", said[false], said[true])
		}
	})
}
