package day_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/store/storetest"
)

// A child process is told what to live through by the environment.
const (
	childSeed  = "CRAFTTALK_DAY_SEED"
	childFault = "CRAFTTALK_DAY_FAULT"
	childSize  = "CRAFTTALK_DAY_SIZE"
)

// verdict begins the line in which a child says what it found.
const verdict = "day: "

// TestLive is one day in a process of its own. It is not run by itself: the
// other tests start it for every seed.
func TestLive(t *testing.T) {
	if os.Getenv(childSeed) == "" {
		return
	}
	seed, err := strconv.ParseUint(os.Getenv(childSeed), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	s := usual
	if os.Getenv(childSize) == "large" {
		s = large
	}
	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, seed, s, fault(os.Getenv(childFault)))
		w.run()
		for _, what := range w.wrong {
			fmt.Printf("%swrong: %s\n", verdict, what)
		}
		fmt.Printf("%sseed %d: %s\n", verdict, seed, w.sum())
	})
	fmt.Printf("%stook %v\n", verdict, time.Since(began).Round(time.Millisecond))
}

// sum says how much happened.
func (w *world) sum() string {
	events := 0
	for _, s := range w.log.streams {
		events += len(s.entries)
	}
	return fmt.Sprintf("%d messages, %d begun, %d tickets, %d streams, %d events, %d cuts",
		len(w.told.kept), len(w.told.begun), len(w.told.tickets), len(w.log.streams), events, w.cuts)
}

// live runs one day in a child process and returns what was wrong.
func live(t *testing.T, seed uint64, f fault, size string) (wrong []string) {
	t.Helper()
	limit := 2 * time.Minute
	switch {
	case size == "large":
		limit = 20 * time.Minute
	case f != noFault:
		limit = 30 * time.Second // a world that has lost its memory may find no rest
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestLive$", "-test.v", "-test.timeout=30m")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", childSeed, seed), childFault+"="+string(f), childSize+"="+size)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // it says where it stands
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if what, ok := strings.CutPrefix(line, verdict); ok {
			t.Log(strings.TrimSpace(what))
			if what, ok := strings.CutPrefix(what, "wrong: "); ok {
				wrong = append(wrong, strings.TrimSpace(what))
			}
		}
	}
	if err != nil {
		wrong = append(wrong, fmt.Sprintf("%v\n%s", err, out))
	}
	return wrong
}

// proves G1, G2, G3, G4, G9, G12, G13, G16, G17, G19, G22, G24, G25, G26, G27, G28, G43
func TestG9_Day(t *testing.T) {
	first, seeds, size := storetest.Seed(t), uint64(20), "usual"
	if n, err := strconv.ParseUint(os.Getenv("CRAFTTALK_SEEDS"), 10, 64); err == nil {
		seeds, size = n, "large"
	}
	if os.Getenv("CRAFTTALK_SEED") != "" {
		seeds = 1
	}
	for i := range seeds {
		t.Run(fmt.Sprint(first+i), func(t *testing.T) {
			t.Parallel()
			if wrong := live(t, first+i, noFault, size); len(wrong) > 0 {
				t.Errorf("CRAFTTALK_SEED=%d:\n%s", first+i, strings.Join(wrong, "\n"))
			}
		})
	}
}

// TestG9_Day sees each fault, in one of the first days that have it, by the
// rule that it breaks.
func TestG9_DaySeesFaults(t *testing.T) {
	seed := storetest.Seed(t)
	for f, rules := range map[fault][]string{
		skipsSync:    {"G1:"},
		answersEarly: {"G1:"},
		forgetsPlace: {"G16:", "G19:"},
		dropsAlarms:  {"G25:"},
		dropsKeys:    {"G2:"},
		staleCache:   {"G13:"},
		keepsSlots:   {"G16:"},
	} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			for i := range uint64(12) {
				if broken(live(t, seed+i, f, "usual"), rules) {
					return
				}
			}
			t.Errorf("CRAFTTALK_SEED=%d: twelve days did not break %v", seed, rules)
		})
	}
}

func broken(wrong, rules []string) bool {
	for _, w := range wrong {
		for _, r := range rules {
			if strings.HasPrefix(w, r) {
				return true
			}
		}
	}
	return false
}
