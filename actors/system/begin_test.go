package system_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/system"
)

// beginning is how Oleg writes to Anna.
func (n *node) beginning() system.Beginning {
	a := n.Directory.State().Account("site")
	return system.Beginning{Operator: "oleg", Customer: "anna", Message: "b1", Content: &event.Content{Text: "Your parcel is here"},
		Address: &event.Address{AccountId: "site", Address: "anna", Kind: "widget"},
		Opening: &event.ConversationOpened{AccountId: "site", Address: "anna", CenterId: "shop", Kind: "widget",
			Routing: a.Routing, Policy: n.Directory.State().SettingsFor("shop").Policy}}
}

// A way is how somebody begins a conversation.
type way func(context.Context, *node) error

// asItIs begins as the product does.
func asItIs(ctx context.Context, n *node) error {
	_, err := n.Begin(ctx, n.beginning())
	return err
}

// inOrder begins by asking for these things, one after the other.
func inOrder(of ...func(id string, b system.Beginning) (stream string, cmd any)) way {
	return func(ctx context.Context, n *node) error {
		id, err := system.Look(ctx, n.System, "customer/anna", func(s customer.State, _ uint64) string {
			return cmp.Or(customer.OpenConversation(s), customer.Next(s))
		})
		for _, ask := range of {
			if err != nil {
				return err
			}
			stream, cmd := ask(id, n.beginning())
			_, err = n.Ask(ctx, stream, cmd)
		}
		return err
	}
}

func takeSlot(id string, _ system.Beginning) (string, any) {
	return "operator/oleg", operator.Take{Conversation: id, Offer: "own-" + id}
}

func confirmSlot(id string, _ system.Beginning) (string, any) {
	return "operator/oleg", operator.Confirm{Conversation: id, Offer: "own-" + id}
}

func startTalk(id string, b system.Beginning) (string, any) {
	return "customer/anna", customer.Start{ID: "anna", By: "oleg", Conversation: id, Offer: "own-" + id, Opening: b.Opening,
		Until: time.Now().Add(time.Minute), Address: b.Address, Message: b.Message, Content: b.Content}
}

// beginCut lives through a beginning whose power is cut at a write, and returns
// what is wrong after it. It reports whether the cut came.
func beginCut(t *testing.T, write int64, seed uint64, begin way) (wrong error, came bool) {
	p := &supply{disk: vfs.NewCrashableMem(), rng: rand.New(rand.NewPCG(seed, uint64(write)))}
	n := start(t, errorfs.Wrap(p.disk, p))
	n.center(t)
	n.write(t, "anna", "1", "Hello")
	settle()
	n.ask(t, "conversation/anna.1", conversation.Close{Operator: "oleg"})
	settle()

	p.fuse.Store(write)
	err := begin(t.Context(), n)
	told := err == nil && !p.off.Load()
	settle()
	if !p.off.Load() {
		n.stop(t)
		return nil, false
	}
	n.Kill()
	if err := n.store.Close(); err != nil {
		t.Error(err)
	}

	n = start(t, p.left)
	defer n.stop(t)
	n.ask(t, "operator/oleg", operator.Connect{})
	time.Sleep(20 * time.Second) // reservations that were not heard of are asked about
	settle()
	errs := []error{n.begun(told)}
	if err := asItIs(t.Context(), n); err != nil {
		errs = append(errs, fmt.Errorf("the beginning again: %w", err))
	}
	time.Sleep(20 * time.Second)
	settle()
	return errors.Join(append(errs, n.begun(true))...), true
}

// begun says what is not as it must be: the slot has its conversation and the
// conversation its slot, and what Oleg wrote is there once if it must be.
func (n *node) begun(must bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	open, err := system.Look(ctx, n.System, "customer/anna", func(s customer.State, _ uint64) string { return s.Open })
	if err != nil {
		return err
	}
	said := 0
	for e, err := range n.Journal().Durable("conversation/anna.2", 0) {
		if err != nil {
			return err
		}
		if m, ok := e.Event.(*event.MessageSent); ok && m.MessageId == "b1" {
			said++
		}
	}
	var errs []error
	if said > 1 || must && said != 1 {
		errs = append(errs, fmt.Errorf("G32: it is said %d times, must be %v", said, must))
	}
	if open != "anna.2" && (must || open != "") {
		errs = append(errs, fmt.Errorf("G3: anna has %q open", open))
	}
	c, err := system.Look(ctx, n.System, "conversation/anna.2", func(s conversation.State, _ uint64) conversation.State { return s })
	errs = append(errs, err)
	slots, err := system.Look(ctx, n.System, "operator/oleg", func(s operator.State, _ uint64) []operator.Slot {
		return append([]operator.Slot(nil), s.Slots...)
	})
	errs = append(errs, err)
	served := c.Phase == conversation.Served
	if len(slots) > 1 || served != (len(slots) == 1) {
		errs = append(errs, fmt.Errorf("G16: oleg holds %+v, and the conversation is in phase %d", slots, c.Phase))
	}
	for _, x := range slots {
		if x.Conversation != "anna.2" || x.Offer != c.Offer || c.Operator != "oleg" || !x.Until.IsZero() {
			errs = append(errs, fmt.Errorf("G16: oleg holds %+v, and it is in phase %d with %s by %s", x, c.Phase, c.Operator, c.Offer))
		}
	}
	return errors.Join(errs...)
}

// beginCutEverywhere cuts the power at each write of a beginning in turn, and
// returns how often that was and what was wrong.
func beginCutEverywhere(t *testing.T, seed uint64, begin way) (cuts int64, wrong []error) {
	for came := true; came; cuts++ {
		var err error
		if err, came = beginCut(t, cuts+1, seed, begin); err != nil {
			wrong = append(wrong, fmt.Errorf("seed %d, cut at write %d: %w", seed, cuts+1, err))
		}
	}
	return cuts - 1, wrong
}

// proves G16, G17, OP-17: an operator writes first, and the power is cut at any
// write of the disk: the slot is free or its conversation is there, and the same
// again says what is said once.
func TestG17_PowerCutWhileBeginning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for seed := range uint64(5) {
			cuts, wrong := beginCutEverywhere(t, seed, asItIs)
			for _, err := range wrong {
				t.Error(err)
			}
			t.Logf("seed %d: %d cuts", seed, cuts)
			if cuts < 6 {
				t.Errorf("%d cuts: a beginning has more steps", cuts)
			}
		}
	})
}

// TestG17_PowerCutWhileBeginning sees who begins in another order: with the
// conversation before the slot, and with a slot that is believed in before the
// conversation is there, so that nobody ever asks about it.
func TestG17_FaultsWhileBeginningAreSeen(t *testing.T) {
	for name, begin := range map[string]way{
		"the conversation first": inOrder(startTalk, takeSlot),
		"a slot without doubt":   inOrder(takeSlot, confirmSlot, startTalk),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, wrong := beginCutEverywhere(t, 0, begin)
				if len(wrong) == 0 {
					t.Fatal("nobody noticed")
				}
				t.Log(wrong[0])
			})
		})
	}
	t.Run("the right order", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			if _, wrong := beginCutEverywhere(t, 0, inOrder(takeSlot, startTalk)); len(wrong) > 0 {
				t.Error(wrong)
			}
		})
	})
}
