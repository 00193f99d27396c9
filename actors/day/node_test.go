package day_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/transport/intake"
)

// errDown is what everybody hears of a node without power.
var errDown = errors.New("nobody answers")

// A node is one life of the server, from its start to a power cut or a stop.
type node struct {
	*system.System
	disk  *vfs.MemFS
	store *pebblestore.Store
	door  *intake.Door
	ring  *keys.Ring

	life     context.Context // ends with the power
	end      context.CancelFunc
	rng      *rand.Rand   // of the disk
	slow     atomic.Bool  // writing takes time
	syncs    atomic.Int64 // how much, by turns
	fuse     atomic.Int64 // operations of the disk until the power is cut; 0 is never
	ambush   atomic.Int64 // the fuse that is lit when the next message arrives
	once     sync.Once
	left     *vfs.MemFS // what the cut left of the disk
	follow   sync.WaitGroup
	receipts *intake.Receipts
	early    bool // the door answers before the message is kept
}

// master is the key of every node.
const master = "00000000000000000000000000000000000000000000000000000000000000da"

// open starts a node on a disk.
func open(disk *vfs.MemFS, c *clock, rng *rand.Rand, f fault) (*node, error) {
	n := &node{disk: disk, rng: rng, early: f == answersEarly}
	n.life, n.end = context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	var err error
	n.store, err = pebblestore.Open("store", pebblestore.Options{FS: errorfs.Wrap(disk, n), Log: log,
		CacheSize: 1 << 20, MemTableSize: 16 << 20, NoSync: f == skipsSync,
		Fatal: func(err error) { panic(err) }})
	if err != nil {
		return nil, err
	}
	m, err := keys.ParseMaster(master)
	if err != nil {
		return nil, err
	}
	n.ring = keys.NewRing(m, n.store)
	j, err := journal.Open(f.engine(n.store), n.ring)
	if err != nil {
		return nil, err
	}
	if f == forgetsPlace {
		if err := j.SavePlace("flow", j.Now()); err != nil {
			return nil, err
		}
	}
	if n.System, err = system.Start(system.Config{Journal: j, Now: c.now, Log: log, Idle: time.Minute}); err != nil {
		return nil, err
	}
	return n, n.edges(j, m)
}

// edges makes the door, and the readings that it asks.
func (n *node) edges(j *journal.Journal, m *keys.Master) error {
	links, err := intake.OpenLinks(j, n.store)
	if err != nil {
		return err
	}
	n.receipts = &intake.Receipts{Table: n.store, CustomerID: m.CustomerID, Tells: func(string) bool { return true }}
	n.door = intake.NewDoor(intake.Config{System: n.System, CustomerID: m.CustomerID, Links: links, Receipts: n.receipts})
	n.receipts.Known = n.door.Known
	if err := n.receipts.Open(j); err != nil {
		return err
	}
	for _, follow := range []func() error{links.Follow, n.receipts.Follow} {
		n.follow.Go(func() {
			if err := follow(); err != nil {
				panic(err)
			}
		})
	}
	n.slow.Store(true)
	return nil
}

// String implements [errorfs.Injector].
func (n *node) String() string { return "power" }

// MaybeError implements [errorfs.Injector]: it is asked before every operation
// of the disk. Syncing the log takes time, and a fuse may burn down.
func (n *node) MaybeError(op errorfs.Op) error {
	if op.Kind.ReadOrWrite() != errorfs.OpIsWrite {
		return nil
	}
	if n.fuse.Load() > 0 && n.fuse.Add(-1) == 0 {
		n.cut()
	}
	sync := op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData || op.Kind == errorfs.OpFileSyncTo
	if sync && strings.HasSuffix(op.Path, ".log") && n.slow.Load() && n.alive() && !closing() {
		time.Sleep(time.Duration(1+n.syncs.Add(7)%20) * time.Millisecond)
	}
	return nil
}

// closing reports whether Pebble ends a log just now. It does that under a lock
// of its own: the time of a bubble stands still while somebody waits for a lock,
// and who slept there would sleep for ever.
func closing() bool {
	var calls [24]uintptr
	frames := runtime.CallersFrames(calls[:runtime.Callers(2, calls[:])])
	for f, more := frames.Next(); more; f, more = frames.Next() {
		if strings.HasSuffix(f.Function, "(*LogWriter).closeInternal") {
			return true
		}
	}
	return false
}

// cut takes the power away. Whatever the node answers from now on is not heard.
func (n *node) cut() {
	n.once.Do(func() {
		n.end()
		n.left = n.disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: n.rng.IntN(101), RNG: n.rng})
	})
}

func (n *node) alive() bool { return n.life.Err() == nil }

// bury ends what a dead node still does.
func (n *node) bury() error {
	n.Kill()
	n.follow.Wait()
	return n.store.Close()
}

// rest stops a node in order.
func (n *node) rest() error {
	err := n.Stop(context.Background())
	n.end()
	n.follow.Wait()
	return errors.Join(err, n.store.Close())
}

// ask brings a command to an actor and waits for the answer.
func (n *node) ask(stream string, cmd any) (shell.Answer, error) {
	a, err := n.Ask(n.life, stream, cmd)
	if !n.alive() {
		return a, errDown
	}
	return a, err
}

// bring hands a message in at the door and waits for the answer.
func (n *node) bring(m channels.Inbound) (channels.Kept, error) {
	type answer struct {
		kept channels.Kept
		err  error
	}
	got := make(chan answer, 2)
	if n.early {
		got <- answer{}
	}
	if f := n.ambush.Swap(0); f > 0 {
		n.fuse.Store(f)
	}
	n.door.Receive(n.life, m, func(k channels.Kept, err error) { got <- answer{k, err} })
	select {
	case a := <-got:
		if !n.alive() {
			return a.kept, errDown
		}
		return a.kept, a.err
	case <-n.life.Done():
		return channels.Kept{}, errDown
	}
}

// notify hands a notice in at the door and waits for the answer.
func (n *node) notify(m channels.Notice) error {
	got := make(chan error, 1)
	n.door.Notify(n.life, m, func(err error) { got <- err })
	select {
	case err := <-got:
		if !n.alive() {
			return errDown
		}
		return err
	case <-n.life.Done():
		return errDown
	}
}

// A fault is a deliberate mistake that the day must see.
type fault string

const (
	noFault      fault = ""
	skipsSync    fault = "the engine does not sync"
	answersEarly fault = "the door answers before the message is kept"
	forgetsPlace fault = "the flow begins at the end after a crash"
	dropsAlarms  fault = "alarms are not kept"
	dropsKeys    fault = "keys are not kept"
	staleCache   fault = "a snapshot claims an event that is not in it"
	keepsSlots   fault = "who was refused a beginning keeps the slot"
)

// engine returns e with the fault.
func (f fault) engine(e store.Engine) store.Engine {
	if f == dropsAlarms || f == dropsKeys {
		return careless{e, f}
	}
	return e
}

// A careless engine leaves something out of what it is given.
type careless struct {
	store.Engine
	fault fault
}

func (c careless) Submit(a *store.Append, done func(store.Receipt, error)) {
	if c.fault == dropsAlarms {
		a.Alarm = time.Time{}
	} else {
		a.Keys = nil
	}
	c.Engine.Submit(a, done)
}
