package system_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
	"crafttalkd/actors/system"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// A supply is the power of a disk: it is cut at a certain write, and what was
// not synced survives by chance.
type supply struct {
	disk *vfs.MemFS
	rng  *rand.Rand
	fuse atomic.Int64 // writes until the cut; 0 is never
	once sync.Once
	left *vfs.MemFS // what the cut left
	off  atomic.Bool
}

// String implements [errorfs.Injector].
func (p *supply) String() string { return "power" }

// MaybeError implements [errorfs.Injector].
func (p *supply) MaybeError(op errorfs.Op) error {
	if op.Kind.ReadOrWrite() == errorfs.OpIsWrite && p.fuse.Load() > 0 && p.fuse.Add(-1) == 0 {
		p.cut()
	}
	return nil
}

func (p *supply) cut() {
	p.once.Do(func() {
		p.off.Store(true)
		p.left = p.disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: p.rng.IntN(3) * 50, RNG: p.rng})
	})
}

// A forgetful engine has the flow begin at the end after a crash.
type forgetful struct{ store.Engine }

func (f forgetful) Get(table, key string) ([]byte, error) {
	var end journal.Places
	for shard := range end {
		end[shard] = f.Position(shard)
	}
	if row := journal.PlaceRow("flow", end); row.Table == table && row.Key == key {
		return row.Value, nil
	}
	return f.Engine.Get(table, key)
}

// A careless one keeps the events and no keys.
type careless struct{ store.Engine }

func (c careless) Submit(a *store.Append, done func(store.Receipt, error)) {
	a.Keys = nil
	c.Engine.Submit(a, done)
}

// transferCut lives through one transfer whose power is cut at a write, and
// returns what is wrong after it. It reports whether the cut came.
func transferCut(t *testing.T, write int64, seed uint64, lens func(store.Engine) store.Engine) (wrong error, came bool) {
	p := &supply{disk: vfs.NewCrashableMem(), rng: rand.New(rand.NewPCG(seed, uint64(write)))}
	n := startOn(t, errorfs.Wrap(p.disk, p), lens)
	n.center(t)
	n.write(t, "anna", "1", "Hello")
	settle()
	n.ask(t, event.DirectoryStream, directory.Put{By: "setup", Entry: &event.User{UserId: "olga", Login: "olga", FirstName: "Olga",
		LineIds: []string{"help"}, CenterIds: []string{"shop"}, Capacity: 2}})
	settle()
	n.ask(t, "operator/olga", operator.SetPresence{Presence: event.Presence_ONLINE, Cause: event.Cause_OPERATOR_CHOICE})
	settle()

	over := conversation.Transfer{Operator: "oleg", ID: "t1", To: "olga", Note: "She knows about parcels.", Until: n.Now().Add(time.Hour)}
	p.fuse.Store(write)
	_, err := n.Ask(t.Context(), "conversation/anna.1", over)
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

	n = startOn(t, p.left, lens)
	defer n.stop(t)
	for _, op := range []string{"oleg", "olga"} {
		n.ask(t, "operator/"+op, operator.Connect{})
	}
	a, err := n.Ask(t.Context(), "conversation/anna.1", over)
	settle()
	if err != nil || told && !a.Repeated {
		return fmt.Errorf("the transfer again: %+v, %w, told before %v", a, err, told), true
	}
	time.Sleep(20 * time.Second) // reservations that were not heard of are asked about
	settle()
	return n.transferred(), true
}

// transferred says what is not as it must be after the transfer: one note, one
// keeper, and everybody who counts agrees.
func (n *node) transferred() error {
	var errs []error
	notes, after := 0, ""
	for e, err := range n.Journal().Durable("conversation/anna.1", 0) {
		if err != nil {
			return err
		}
		switch e := e.Event.(type) {
		case *event.ConversationQueued:
			if e.Note != "" {
				notes++
			}
		case *event.ConversationAssigned:
			if notes > 0 {
				after += e.OperatorId + " "
			}
		}
	}
	if notes != 1 || after != "olga " {
		errs = append(errs, fmt.Errorf("the note is there %d times, and %q got it", notes, after))
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := system.Look(ctx, n.System, "conversation/anna.1", func(s conversation.State, _ uint64) conversation.State { return s })
	errs = append(errs, err)
	for op, want := range map[string]bool{"oleg": false, "olga": true} {
		x, err := system.Look(ctx, n.System, "operator/"+op, func(s operator.State, _ uint64) operator.Slot {
			x, _ := s.Slot("anna.1")
			return x
		})
		errs = append(errs, err)
		switch holds := x.Conversation != ""; {
		case holds != want:
			errs = append(errs, fmt.Errorf("G16: %s holds it %v", op, holds))
		case holds && (c.Phase != conversation.Served || c.Operator != op || c.Offer != x.Offer || !x.Until.IsZero()):
			errs = append(errs, fmt.Errorf("G16: %s holds it by %+v, and it is in phase %d with %s by %s", op, x, c.Phase, c.Operator, c.Offer))
		}
	}
	waiting, err := system.Look(ctx, n.System, "queue/help", func(s queue.State, _ uint64) int { return queue.Len(s) })
	if waiting != 0 {
		errs = append(errs, fmt.Errorf("G16: %d wait", waiting))
	}
	return errors.Join(append(errs, err)...)
}

// cutEverywhere cuts the power at each write of a transfer in turn, and returns
// how often that was and what was wrong.
func cutEverywhere(t *testing.T, seed uint64, lens func(store.Engine) store.Engine) (cuts int64, wrong []error) {
	for came := true; came; cuts++ {
		var err error
		if err, came = transferCut(t, cuts+1, seed, lens); err != nil {
			wrong = append(wrong, fmt.Errorf("seed %d, cut at write %d: %w", seed, cuts+1, err))
		}
	}
	return cuts - 1, wrong
}

// proves G23, G16, OP-11: a transfer whose power is cut at any write of the disk
// is done whole, with its note once, or not at all until it is asked for again.
func TestG23_PowerCutAtEveryStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for seed := range uint64(3) {
			cuts, wrong := cutEverywhere(t, seed, func(e store.Engine) store.Engine { return e })
			for _, err := range wrong {
				t.Error(err)
			}
			t.Logf("seed %d: %d cuts", seed, cuts)
			if cuts < 10 {
				t.Errorf("%d cuts: a transfer has more steps", cuts)
			}
		}
	})
}

// TestG23_PowerCutAtEveryStep sees a flow that does not carry on where it was,
// and a disk that keeps no keys.
func TestG23_FaultsAreSeen(t *testing.T) {
	for name, lens := range map[string]func(store.Engine) store.Engine{
		"the flow begins at the end": func(e store.Engine) store.Engine { return forgetful{e} },
		"keys are not kept":          func(e store.Engine) store.Engine { return careless{e} },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if _, wrong := cutEverywhere(t, 0, lens); len(wrong) == 0 {
					t.Error("nobody noticed")
				}
			})
		})
	}
}
