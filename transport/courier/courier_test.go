package courier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// proves CH-14, G34: messages arrive once, in the order they were sent in, and
// the conversation knows it.
func TestG34_DeliveredInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		for _, who := range []string{"anna", "boris"} {
			n.greet(who, "shop")
			for i := range 40 { // more than a lane holds
				n.reply(who, fmt.Sprintf("m%02d", i), "text")
			}
		}
		pass(time.Minute)
		for _, who := range []string{"anna", "boris"} {
			var got, want []string
			for _, name := range w.phones["shop"].seen() {
				if strings.HasPrefix(name, who) {
					got = append(got, name)
				}
			}
			for i := range 40 {
				want = append(want, fmt.Sprintf("%s.1/m%02d", who, i))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s saw %v", who, got)
			}
			if o := n.outcomes(who); len(o) != 40 || o[7] != "m07 delivered their-m07" {
				t.Errorf("the outcomes of %s are %q", who, o)
			}
		}
		if n := n.rows(); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// A widget has its own way to its messages, and an account that is not there
// fails where it is seen.
func TestG35_AccountsWithoutChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := boot(t, newWorld(), vfs.NewMem())
		defer n.stop()
		n.center()
		n.greet("anna", "widget")
		n.greet("boris", "gone/away")
		n.reply("anna", "m1", "text")
		n.reply("boris", "m1", "text")
		pass(time.Second)
		if got := n.outcomes("anna"); got != nil {
			t.Errorf("the widget's message: %q, want nothing", got)
		}
		if got, want := n.outcomes("boris"), []string{"m1 failed: there is no account gone/away"}; !slices.Equal(got, want) {
			t.Errorf("the lost account's message: %q, want %q", got, want)
		}
		if n := n.rows(); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// proves G35: whatever a channel does, the message ends in a state that is
// seen, within a day, and the one after it goes its own way.
func TestG35_EveryEndIsSeen(t *testing.T) {
	always := func(err error) func(context.Context, channels.Outbound, int) (string, error) {
		return func(context.Context, channels.Outbound, int) (string, error) { return "", err }
	}
	for _, c := range []struct {
		name  string
		keyed bool
		does  func(context.Context, channels.Outbound, int) (string, error)
		want  string
		in    time.Duration
	}{
		{"refused", false, always(refusal.New(refusal.Denied, "blocked by the customer")), "m1 failed: blocked by the customer", time.Second},
		{"refused, wrapped", false, always(fmt.Errorf("send: %w", refusal.New(refusal.Invalid, "too long"))), "m1 failed: too long", time.Second},
		{"lost", false, always(&channels.Unsure{Err: errors.New("reset")}), "m1 uncertain: no answer came: reset", time.Second},
		{"lost with a key", true, lostOnce, "m1 delivered their-m1", 2 * time.Second},
		{"always lost with a key", true, always(&channels.Unsure{Err: errors.New("reset")}), "m1 failed: gave up after 24 hours: no answer came: reset", 24*time.Hour + time.Minute},
		{"broken", false, always(errors.New("status 500")), "m1 failed: gave up after 24 hours: status 500", 24*time.Hour + time.Minute},
		{"busy for a day", false, always(&channels.Later{After: 24*time.Hour + 30*time.Second, Err: errors.New("status 429")}), "m1 failed: gave up after 24 hours: status 429", 24*time.Hour + time.Minute},
		{"broken twice", false, func(_ context.Context, _ channels.Outbound, try int) (string, error) {
			if try < 3 {
				return "", errors.New("status 500")
			}
			return "", nil
		}, "m1 delivered their-m1", 5 * time.Second},
		{"hangs", false, hang, "m1 uncertain: no answer came: context deadline exceeded", hangs + time.Second},
		{"panics", false, func(context.Context, channels.Outbound, int) (string, error) { panic("nil map") },
			"m1 uncertain: no answer came: the channel broke", time.Second},
		{"babbles", false, always(refusal.New(refusal.Denied, "%s", "\xff"+strings.Repeat("я", 600))), "m1 failed: " + strings.Repeat("я", 500) + "…", time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld("shop")
				w.phones["shop"].keyed = c.keyed
				w.phones["shop"].does = func(ctx context.Context, m channels.Outbound, try int) (string, error) {
					if m.ID == "m2" {
						return "", nil
					}
					return c.does(ctx, m, try)
				}
				n := boot(t, w, vfs.NewMem())
				defer n.stop()
				n.center()
				n.greet("anna", "shop")
				n.reply("anna", "m1", "text")
				pass(c.in)
				if got := n.outcomes("anna"); !slices.Equal(got, []string{c.want}) {
					t.Errorf("after %v: %q, want %q", c.in, got, c.want)
				}
				n.reply("anna", "m2", "text")
				pass(5 * time.Minute)
				if got := n.outcomes("anna"); len(got) != 2 || got[1] != "m2 delivered their-m2" {
					t.Errorf("the next one: %q", got)
				}
				if n := n.rows(); n != 0 {
					t.Errorf("%d rows are left", n)
				}
			})
		})
	}
}

func hang(ctx context.Context, _ channels.Outbound, _ int) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

func lostOnce(_ context.Context, _ channels.Outbound, try int) (string, error) {
	if try == 1 {
		return "", &channels.Unsure{Err: errors.New("reset")}
	}
	return "", nil
}

// proves CH-14: an operator sends a failed message again.
func TestRetryByOperator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.phones["shop"].does = func(_ context.Context, _ channels.Outbound, try int) (string, error) {
			if try == 1 {
				return "", refusal.New(refusal.Denied, "not now")
			}
			return "", nil
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.greet("anna", "shop")
		n.reply("anna", "m1", "first words")
		pass(time.Second)
		n.ask("conversation/anna.1", conversation.Retry{Operator: "oleg", Message: "m1", Content: &event.Content{Text: "other words"}})
		pass(time.Second)
		if got, want := n.outcomes("anna"), []string{"m1 failed: not now", "m1 delivered their-m1"}; !slices.Equal(got, want) {
			t.Errorf("the outcomes are %q, want %q", got, want)
		}
		if calls := w.phones["shop"].called(); len(calls) != 2 || calls[1].text != "other words" {
			t.Errorf("the calls are %v", calls)
		}
		if n := n.rows(); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// A receipt may come before the answer to the request: then the message has
// arrived, and is not sent again.
func TestReceiptEndsTrying(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.phones["shop"].does = func(context.Context, channels.Outbound, int) (string, error) { return "", errors.New("status 500") }
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.greet("anna", "shop")
		n.reply("anna", "m1", "text")
		pass(0)
		n.ask("conversation/anna.1", conversation.Delivered{Message: "m1", ExternalID: "x", Arrived: true})
		pass(25 * time.Hour)
		if calls := len(w.phones["shop"].called()); calls != 1 {
			t.Errorf("%d calls, want 1", calls)
		}
		if got, want := n.outcomes("anna"), []string{"m1 delivered x"}; !slices.Equal(got, want) {
			t.Errorf("the outcomes are %q, want %q", got, want)
		}
	})
}

// proves AP-04: a provider fetches files from a link, and what is in the journal
// stays as it is. A link that can't be made now is made later.
func TestLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.unlinked.Store(1)
		var source string
		w.phones["shop"].does = func(_ context.Context, m channels.Outbound, _ int) (string, error) {
			source = m.Content.Attachments[0].Source
			return "", nil
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.greet("anna", "shop")
		n.ask("conversation/anna.1", conversation.Reply{Operator: "oleg", ID: "m1", Content: &event.Content{
			Attachments: []*event.Attachment{{AttachmentId: "f1", Name: "a.png", Blob: "00"}}}})
		pass(3 * time.Second)
		if source != "https://files.example/anna.1/f1" {
			t.Errorf("the source is %q", source)
		}
		for e := range n.Journal().Events("conversation/anna.1", 0) {
			if m, ok := e.Event.(*event.MessageSent); ok && m.Content.Attachments[0].Source != "" {
				t.Errorf("the journal has got the source %q", m.Content.Attachments[0].Source)
			}
		}
	})
}

// proves G53: who stops in order finishes what is under way and begins nothing,
// and the next courier goes on from there.
func TestG53_Stop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.phones["shop"].does = func(context.Context, channels.Outbound, int) (string, error) {
			<-time.After(10 * time.Second)
			return "", nil
		}
		n := boot(t, w, vfs.NewMem())
		n.center()
		n.greet("anna", "shop")
		n.reply("anna", "m1", "text")
		n.reply("anna", "m2", "text")
		pass(time.Second)
		begin := time.Now()
		n.stop()
		if took := time.Since(begin); took != 9*time.Second {
			t.Errorf("Stop took %v, want the 9 seconds of the answer", took)
		}
		if got := w.phones["shop"].seen(); !slices.Equal(got, []string{"anna.1/m1"}) {
			t.Errorf("anna saw %v", got)
		}
		n = boot(t, w, n.disk)
		defer n.stop()
		pass(time.Minute)
		if got, want := n.outcomes("anna"), []string{"m1 delivered their-m1", "m2 delivered their-m2"}; !slices.Equal(got, want) {
			t.Errorf("the outcomes are %q, want %q", got, want)
		}
	})
}

// Who can't wait any longer cuts off what is under way; the message that nobody
// knows of is uncertain at the next start.
func TestStopCutsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("shop")
		w.phones["shop"].does = hang
		n := boot(t, w, vfs.NewMem())
		n.center()
		n.greet("anna", "shop")
		n.reply("anna", "m1", "text")
		pass(time.Second)
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		begin := time.Now()
		n.courier.Stop(ctx)
		if took := time.Since(begin); took != 30*time.Second {
			t.Errorf("Stop took %v, want 30s", took)
		}
		n.stop()
		n = boot(t, w, n.disk)
		defer n.stop()
		pass(time.Second)
		if got := n.outcomes("anna"); len(got) != 1 || !strings.HasPrefix(got[0], "m1 uncertain") {
			t.Errorf("the outcomes are %q, want one that is uncertain", got)
		}
	})
}
