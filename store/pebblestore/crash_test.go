package pebblestore

import (
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"crafttalkd/store/storetest"
)

// A trial is one run of a script on a disk that fails at a chosen operation.
type trial struct {
	script   storetest.Script
	progress storetest.Progress
	ops      atomic.Int64 // of the disk, since the store was opened first
	fatal    chan struct{}
	failed   sync.Once
}

func newTrial(rng *rand.Rand, steps int) *trial {
	return &trial{script: storetest.NewScript(rng, steps), fatal: make(chan struct{})}
}

func (tr *trial) options(fs vfs.FS) Options {
	return Options{
		FS: fs, MemTableSize: 32 << 10, CacheSize: 1 << 20,
		Log:   slog.New(slog.NewTextHandler(io.Discard, nil)),
		Fatal: func(error) { tr.failed.Do(func() { close(tr.fatal) }) },
	}
}

// run opens a store, plays the script and closes it.
func (tr *trial) run(o Options) error {
	s, err := Open("store", o)
	if err != nil {
		return err
	}
	return errors.Join(tr.script.Play(s, &tr.progress, tr.fatal), s.Close())
}

// check opens what is left of the disk. It must hold the steps from the first
// to one of the last that are given, and be sound.
func (tr *trial) check(fs vfs.FS, least, most int64) error {
	var fatal error
	o := tr.options(fs)
	o.Fatal = func(err error) { fatal = err }
	s, err := Open("store", o)
	if err != nil {
		return err
	}
	return errors.Join(tr.script.Prefix(s, least, most), storetest.Verify(s), s.Close(), fatal)
}

// powerCut plays a script and cuts the power before a random operation of the
// disk, so that of what was not synced each block survives with the chance of
// percent. lax, if not nil, makes the store careless. It returns what is wrong with the store afterwards, and counts in
// midway the cuts between the first answer and the last step.
func powerCut(seed uint64, lax func(*Options), midway *atomic.Int64) error {
	rng := rand.New(rand.NewPCG(seed, 0))
	steps := 50 + rng.IntN(250)
	window := 1 + rng.IntN(12)
	at, percent := 1+rng.Int64N(int64(2*steps/window)), rng.IntN(101)
	if lax != nil {
		at, percent = 1+rng.Int64N(24), percent/2 // there are fewer operations
	}
	tr := newTrial(rng, steps)
	tr.progress.Window = window
	disk := vfs.NewCrashableMem()
	var left vfs.FS
	var least, most int64
	cut := func() {
		least = tr.progress.Acknowledged.Load()
		left = disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: rng})
		most = tr.progress.Begun.Load()
	}
	var once sync.Once
	o := tr.options(errorfs.Wrap(disk, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind.ReadOrWrite() == errorfs.OpIsWrite && tr.progress.Begun.Load() > 0 && tr.ops.Add(1) >= at {
			once.Do(cut)
		}
		return nil
	})))
	if lax != nil {
		lax(&o)
	}
	err := tr.run(o)
	once.Do(cut)
	if least > 0 && most < int64(steps) {
		midway.Add(1)
	}
	return errors.Join(err, tr.check(left, least, most))
}

// proves G1, G9
func TestG9_PowerCut(t *testing.T) {
	seed, cuts := storetest.Seed(t), uint64(80)
	if n, err := strconv.ParseUint(os.Getenv("CRAFTTALK_CUTS"), 10, 64); err == nil {
		cuts = n
	}
	var midway atomic.Int64
	for i := range cuts {
		if err := powerCut(seed+i, nil, &midway); err != nil {
			t.Fatalf("CRAFTTALK_SEED=%d: %v", seed+i, err)
		}
	}
	t.Logf("%d of %d cuts fell between answers", midway.Load(), cuts)
}

// proves G9: a store whose making was cut short is made anew.
func TestG9_PowerCutWhileMaking(t *testing.T) {
	seed := storetest.Seed(t)
	for at := int64(1); ; at++ {
		rng := rand.New(rand.NewPCG(seed, uint64(at)))
		tr := newTrial(rng, 0)
		disk := vfs.NewCrashableMem()
		var left []vfs.FS
		s := open(t, "store", tr.options(errorfs.Wrap(disk, errorfs.InjectorFunc(func(op errorfs.Op) error {
			if op.Kind.ReadOrWrite() == errorfs.OpIsWrite && tr.ops.Add(1) == at {
				for _, percent := range []int{0, 20, 50, 80, 100} {
					left = append(left, disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: rng}))
				}
			}
			return nil
		}))))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for _, fs := range left {
			if err := tr.check(fs, 0, 0); err != nil {
				t.Fatalf("CRAFTTALK_SEED=%d: cut before operation %d: %v", seed, at, err)
			}
		}
		if left == nil {
			return
		}
	}
}

// TestG9_PowerCut sees a store that does not sync, and one that answers before
// it does.
func TestG1_PowerCutSeesLoss(t *testing.T) {
	for name, lax := range map[string]func(*Options){
		"no sync":       func(o *Options) { o.NoSync = true },
		"answers early": func(o *Options) { o.fault = answersEarly },
	} {
		seed := storetest.Seed(t)
		lost := 0
		for i := range uint64(25) {
			if powerCut(seed+i, lax, new(atomic.Int64)) != nil {
				lost++
			}
		}
		t.Logf("%s: %d of 25 lose something", name, lost)
		if lost == 0 {
			t.Errorf("%s: nothing is lost", name)
		}
	}
}
