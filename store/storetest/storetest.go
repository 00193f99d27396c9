/*
Package storetest is what every [store.Engine] must do.

[Run] tries an engine with each of [Cases]. A case is a function that returns
what is wrong, so that a test can also show that a case sees a deliberate
mistake. Two parts serve tests of single engines as well: a [Model] is an engine
in plain maps, and a [Script] is a random sequence of steps with the answers the
model gives; after a crash, an engine must hold what the model holds after some
number of steps, no fewer than were acknowledged.
*/
package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"crafttalkd/store"
)

// An Open opens the store in dir, or makes it. What was closed can be opened
// again.
type Open func(dir string) (store.Engine, error)

// A Case is one thing that an engine must do.
type Case struct {
	Name string
	// Run returns what the engine did wrong. It closes what it opens, unless
	// something is wrong. Nothing is below dir.
	Run func(dir string, open Open) error
}

// Cases returns all cases. Their names name the rows they prove.
func Cases() []Case {
	return []Case{
		{"G9_AppendKeepsEverything", appendKeepsEverything},
		{"G9_RefusedLeavesNothing", refusedLeavesNothing},
		{"G9_ReopenedHoldsEverything", reopenedHoldsEverything},
		{"G50_AnswersAsTheModel", answersAsTheModel},
		{"G50_RefusalsHaveAnOrder", refusalsHaveAnOrder},
		{"G2_KeyUsedOnceByMany", keyUsedOnceByMany},
		{"G2_KeyUsedOnceForEver", keyUsedOnceForEver},
		{"G46_OldEpochIsRefused", oldEpochIsRefused},
		{"G46_EpochSurvives", epochSurvives},
		{"G4_PositionsHaveNoGap", positionsHaveNoGap},
		{"G4_StreamAndTailFromWithin", streamAndTailFromWithin},
		{"G32_DoneMeansInTheTail", doneMeansInTheTail},
		{"G25_AlarmsInOrder", alarmsInOrder},
		{"G26_AlarmMoves", alarmMoves},
		{"G27_AlarmIsNeverEarly", alarmIsNeverEarly},
		{"G9_Tables", tables},
		{"G14_BackupOpens", backupOpens},
		{"G14_BackupUnderLoad", backupUnderLoad},
		{"G12_VerifyFindsNothingWrong", verifyFindsNothingWrong},
		{"G53_CloseCommitsWhatWasTaken", closeCommitsWhatWasTaken},
		{"G55_Ready", ready},
		{"NamesAreChecked", namesAreChecked},
	}
}

// Run tries an engine with every case.
func Run(t *testing.T, open func(t *testing.T, dir string) store.Engine) {
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) {
			err := c.Run(filepath.Join(t.TempDir(), "store"), func(dir string) (store.Engine, error) { return open(t, dir), nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// Find returns the case of a name.
func Find(t *testing.T, name string) Case {
	for _, c := range Cases() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no case is named %s", name)
	return Case{}
}

// Seed returns the seed of a random test: the one in CRAFTTALK_SEED, or a new
// one. It is printed when the test fails or is verbose.
func Seed(t testing.TB) uint64 {
	seed := rand.Uint64()
	if s := os.Getenv("CRAFTTALK_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("CRAFTTALK_SEED: %v", err)
		}
		seed = n
	}
	t.Logf("CRAFTTALK_SEED=%d", seed)
	return seed
}

// Put submits a and waits for the answer.
func Put(e store.Log, a *store.Append) (store.Receipt, error) {
	type answer struct {
		r   store.Receipt
		err error
	}
	got := make(chan answer, 1)
	e.Submit(a, func(r store.Receipt, err error) { got <- answer{r, err} })
	got1 := <-got
	return got1.r, got1.err
}

// within opens a store, runs f, verifies the store and closes it.
func within(dir string, open Open, f func(e store.Engine) error) error {
	e, err := open(dir)
	if err != nil {
		return err
	}
	if err := f(e); err != nil {
		return err
	}
	if err := Verify(e); err != nil {
		return err
	}
	return e.Close()
}

// Verify returns what the engine finds wrong with itself.
func Verify(e store.Engine) error {
	var damages []error
	err := e.Verify(background(), func(d store.Damage) { damages = append(damages, errors.New(d.String())) })
	return errors.Join(append(damages, err)...)
}

// differ reports a difference between got and want.
func differ[T comparable](what string, got, want T) error {
	if got == want {
		return nil
	}
	return fmt.Errorf("%s = %v, want %v", what, got, want)
}

// first returns the first error.
func first(errs ...error) error { return cmp.Or(errs...) }

// noon is the time of the tests.
var noon = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)

// one returns an append of one event to a stream that holds n.
func one(stream string, n uint64, keys ...string) *store.Append {
	return &store.Append{Stream: stream, Expect: n, Events: [][]byte{fmt.Appendf(nil, "%s %d", stream, n+1)}, Keys: keys}
}
