package pebblestore

import (
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/store"
	"crafttalkd/store/storetest"
)

// small returns options that let a small test reach flushes and compactions.
func small(t testing.TB, fs vfs.FS) Options {
	return Options{FS: fs, MemTableSize: 64 << 10, CacheSize: 1 << 20, Fatal: func(err error) { t.Errorf("fatal: %v", err) }}
}

// proves G2, G4, G9, G14, G46, G50
func TestG50_ConformsInMemory(t *testing.T) {
	fs := vfs.NewMem()
	storetest.Run(t, func(t *testing.T, dir string) store.Engine { return open(t, dir, small(t, fs)) })
}

// proves G2, G4, G9, G14, G46, G50
func TestG50_ConformsOnDisk(t *testing.T) {
	storetest.Run(t, func(t *testing.T, dir string) store.Engine {
		return open(t, dir, Options{Fatal: func(err error) { t.Errorf("fatal: %v", err) }})
	})
}

func open(t testing.TB, dir string, o Options) *Store {
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Each case of the suite sees the mistake it is made for.
func TestG50_MutantsAreSeen(t *testing.T) {
	for _, c := range []struct {
		fault fault
		seen  string
	}{
		{checksTooEarly, "G2_KeyUsedOnceByMany"},
		{forgetsEpoch, "G46_OldEpochIsRefused"},
		{answersEarly, "G32_DoneMeansInTheTail"},
		{forgetsAlarm, "G26_AlarmMoves"},
		{skipsPosition, "G4_PositionsHaveNoGap"},
		{forgetsFresh, "G2_KeyUsedOnceForEver"},
	} {
		fs := vfs.NewMem()
		err := storetest.Find(t, c.seen).Run("store", func(dir string) (store.Engine, error) {
			o := small(t, fs)
			o.fault, o.fresh = c.fault, 1
			return Open(dir, o)
		})
		if err == nil {
			t.Errorf("%s does not see fault %d", c.seen, c.fault)
		}
		t.Logf("fault %d: %.200v", c.fault, err)
	}
}
