package pebblestore

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"crafttalkd/store"
	"crafttalkd/store/storetest"
)

// diskError plays a script on a disk whose operation number at fails, and with
// forever every write after it, if it was a write: as on a full disk. A read
// that fails refuses an append, and nobody would be told which if the store
// failed before the answer. It reports whether the script was over before.
func diskError(at int64, forever bool) (over bool, err error) {
	tr := newTrial(rand.New(rand.NewPCG(10, 0)), 70)
	tr.progress.Window = 8
	disk := vfs.NewCrashableMem()
	var full atomic.Bool
	var dead atomic.Bool // a store that has failed tries on in vain, which nobody waits for
	defer dead.Store(true)
	s, runErr := tr.start(errorfs.Wrap(disk, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if dead.Load() {
			select {}
		}
		writes := op.Kind.ReadOrWrite() == errorfs.OpIsWrite
		n := tr.ops.Add(1)
		if n == at && forever && writes {
			full.Store(true)
		}
		if n == at || writes && full.Load() {
			return fmt.Errorf("%s: %w", op.Path, syscall.ENOSPC)
		}
		return nil
	})))
	least, most := tr.progress.Acknowledged.Load(), tr.progress.Begun.Load()
	if s != nil {
		// What it has refused is not there. If it goes on, all else is.
		failure := s.failed()
		whole := len(tr.script)
		tr.script = tr.script.Without(tr.progress.Refused(func(err error) bool {
			return failure == nil || !errors.Is(err, failure) && !errors.Is(err, store.ErrClosed)
		}))
		if most -= int64(whole - len(tr.script)); failure == nil {
			least = most
		}
	}
	for _, percent := range []int{0, 40, 100} {
		left := disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: rand.New(rand.NewPCG(11, 0))})
		if err := tr.check(left, least, most); err != nil {
			return false, fmt.Errorf("%d %% survive: %w", percent, err)
		}
	}
	if s != nil && s.failed() != nil {
		if _, err := storetest.Put(s, &store.Append{Stream: "customer/late"}); err == nil {
			return false, errors.New("an append is acknowledged after the failure")
		}
	}
	over = tr.ops.Load() < at
	if over && runErr != nil {
		return true, fmt.Errorf("without an error: %w", runErr)
	}
	return over, nil
}

// start opens a store, plays the script, backs the store up and closes it.
func (tr *trial) start(fs vfs.FS) (*Store, error) {
	s, err := Open("store", tr.options(fs))
	if err != nil {
		return nil, err
	}
	return s, errors.Join(tr.script.Play(s, &tr.progress, tr.fatal), s.Backup("copy"), s.Close())
}

// proves G10
func TestG10_EveryOperationFails(t *testing.T) {
	for _, forever := range []bool{false, true} {
		for at := int64(1); ; at++ {
			over, err := diskError(at, forever)
			if err != nil {
				t.Fatalf("operation %d fails, forever: %t: %v", at, forever, err)
			}
			if over {
				t.Logf("%d operations, forever: %t", at-1, forever)
				break
			}
		}
	}
}

// proves G10: the first failure is told once, and then nothing is acknowledged.
func TestG10_FailedSyncIsFinal(t *testing.T) {
	var failing atomic.Bool
	told := make(chan error, 2)
	o := small(t, errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		switch op.Kind {
		case errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileSyncTo:
			if failing.Load() {
				return syscall.EIO
			}
		}
		return nil
	})))
	o.Fatal = func(err error) { told <- err }
	s := open(t, "store", o)
	if _, err := storetest.Put(s, &store.Append{Stream: "customer/7", Events: [][]byte{{1}}}); err != nil {
		t.Fatal(err)
	}
	failing.Store(true)
	s.Submit(&store.Append{Stream: "customer/7", Expect: 1, Events: [][]byte{{2}}}, func(_ store.Receipt, err error) {
		if err == nil {
			t.Error("an append is acknowledged though its sync has failed")
		}
	})
	if err := <-told; !errors.Is(err, syscall.EIO) {
		t.Errorf("Fatal(%v), want %v", err, syscall.EIO)
	}
	failing.Store(false)
	_, err := storetest.Put(s, &store.Append{Stream: "customer/8", Events: [][]byte{{1}}})
	if !errors.Is(err, syscall.EIO) {
		t.Errorf("Submit after the disk came back = %v, want %v", err, syscall.EIO)
	}
	_, claimErr := s.Claim(0)
	for what, err := range map[string]error{
		"Claim": claimErr, "Ready": s.Ready(t.Context()), "Close": s.Close(), "Backup": s.Backup("copy"),
		"Put": s.Put([]store.Row{{Table: "place", Key: "k"}}, false),
	} {
		if err == nil {
			t.Errorf("%s of a store that has failed says nothing", what)
		}
	}
	if n := s.Position(store.ShardOf("customer/7")); n != 1 || len(told) != 0 {
		t.Errorf("Position = %d, told %d times more, want 1 and 0", n, len(told))
	}
}

// A brake holds the next sync after it is armed, until it is released.
type brake struct {
	armed            atomic.Bool
	reached, release chan struct{}
}

func newBrake(fs vfs.FS) (vfs.FS, *brake) {
	b := &brake{reached: make(chan struct{}), release: make(chan struct{})}
	return errorfs.Wrap(fs, errorfs.InjectorFunc(func(op errorfs.Op) error {
		switch op.Kind {
		case errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileSyncTo:
			if b.armed.CompareAndSwap(true, false) {
				close(b.reached)
				<-b.release
			}
		}
		return nil
	})), b
}

// proves G1: what is not on disk is neither in the tail nor said to be taken.
func TestG1_NothingIsSeenBeforeTheSync(t *testing.T) {
	fs, b := newBrake(vfs.NewMem())
	s := open(t, "store", small(t, fs))
	b.armed.Store(true)
	shard := store.ShardOf("customer/7")
	done := make(chan error, 1)
	s.Submit(&store.Append{Stream: "customer/7", Events: [][]byte{{1}}, Keys: []string{"k"}}, func(_ store.Receipt, err error) { done <- err })
	<-b.reached
	if n := s.Position(shard); n != 0 {
		t.Errorf("Position before the sync = %d, want 0", n)
	}
	for r := range s.Tail(shard, 0) {
		t.Errorf("Tail before the sync yields %v", r)
	}
	if r, ok, _ := s.Taken(shard, "k"); ok {
		t.Errorf("Taken before the sync = %v", r)
	}
	select {
	case <-done:
		t.Error("done before the sync")
	default:
	}
	close(b.release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := s.Position(shard); n != 1 {
		t.Errorf("Position after the sync = %d, want 1", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
