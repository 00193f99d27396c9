package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/store"
)

// A child process is told what to live through by the environment.
const (
	leakHook   = "CRAFTTALK_LEAK_HOOK"
	leakRounds = "CRAFTTALK_LEAK_ROUNDS"
	leakRest   = "CRAFTTALK_LEAK_REST"
	leakFaulty = "CRAFTTALK_LEAK_FAULTY"
)

// tallied begins the line in which a child says what it holds.
const tallied = "tally: "

// A tally is what a server holds while nobody is there.
type tally struct {
	Goroutines int
	Actors     int
	Sockets    int
	Heap       int            // bytes
	Files      map[string]int // open, by what they are
	Held       map[string]int // by census
}

// tally waits until nobody in the bubble has anything to do but wait for time.
func (w *town) tally() tally {
	synctest.Wait()
	runtime.GC()
	runtime.GC() // what pools held through the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return tally{goroutines(), w.system.Stats().Actors, w.desk.Sockets() + w.wall.Sockets() + w.lobby.Sockets(),
		int(m.HeapAlloc), w.files(), count(w.node)}
}

// pools are where goroutines wait for the next that is to be done. There are as
// many as were busy at once, up to a most; how many that were is chance.
var pools = []string{"live.(*workers).work(", "system.(*workers).turn("}

// goroutines counts all others.
func goroutines() (n int) {
	all := make([]byte, 8<<20)
	for one := range strings.SplitSeq(string(all[:runtime.Stack(all, true)]), "\n\n") {
		_, frames, _ := strings.Cut(one, "\n")
		first, _, _ := strings.Cut(frames, "\n")
		if !slices.ContainsFunc(pools, func(pool string) bool { return strings.Contains(first, pool) }) {
			n++
		}
	}
	return n
}

// A limit is how much may be held for a reason, with so many conversations over.
type limit struct{ most, each int }

// remembers are those who hold more after every round, and why they may.
var remembers = map[string]limit{
	// Statistics are reckoned in memory: a conversation that is over has its row.
	"figures.block.askers": {0, 1},
	"figures.block.rows":   {0, 1},
	"figures.block.took":   {0, 1},
	"figures.block.works":  {0, 1},
	"figures.lineup.rows":  {0, 2},
	"figures.table.slots":  {512, 8},
	// So are operators' hours: a day of each has its place there.
	"presence.operator.days": {64, 0},
	// What was used last is at hand, up to so much.
	"system.workers.resting":     {64, 0},
	"pebblestore.recent.records": {townRecent * store.Shards, 0},
	"keys.lru.items":             {20_000, 0},
	"rest.crowds.of":             {10_000, 0},
	"rest.paces.buckets":         {10_000, 0},
	"rest.paces.used":            {10_000, 0},
	"talk.clerk.known":           {1 << 16, 0},
	"typing.Signal.last":         {4096, 0},
}

// heapOfTalk is how many bytes of the heap a conversation that is over may leave
// behind: two thirds of what is measured are keys at hand, of which there is a
// most. The rest is for engines that are about to merge something.
const heapOfTalk = 8 << 10

// left lists what a server holds more of the longer it works. The first third of
// the rounds is for what everybody remembers once. Of what grows by only one in
// each round, the least of the last third is more than the most of the second;
// what comes and goes is not.
func left(rounds []tally) (out []string) {
	third := len(rounds) / 3
	second, last := rounds[third:2*third], rounds[2*third:]
	grows := func(what string, allowed int, of func(tally) int) {
		was, is := of(second[0]), of(last[0])
		for _, t := range second {
			was = max(was, of(t))
		}
		for _, t := range last {
			is = min(is, of(t))
		}
		if is > was+allowed {
			out = append(out, fmt.Sprintf("%s: %d after some rounds, %d after more", what, was, is))
		}
	}
	grows("goroutines", 0, func(t tally) int { return t.Goroutines })
	grows("actors", 0, func(t tally) int { return t.Actors })
	grows("sockets", 0, func(t tally) int { return t.Sockets })
	grows("heap", townTalks*heapOfTalk, func(t tally) int { return t.Heap })
	end := rounds[len(rounds)-1]
	for _, name := range slices.Sorted(maps.Keys(end.Files)) {
		grows("files "+name, 0, func(t tally) int { return t.Files[name] })
	}
	for _, name := range slices.Sorted(maps.Keys(end.Held)) {
		l, may := remembers[name]
		if most := l.most + l.each*len(rounds)*townTalks; may && end.Held[name] > most {
			out = append(out, fmt.Sprintf("held %s: %d, want at most %d", name, end.Held[name], most))
		}
		if !may {
			grows("held "+name, 0, func(t tally) int { return t.Held[name] })
		}
	}
	return out
}

// TestLeakLive is some rounds in a process of its own. It is not run by itself:
// the other tests start it.
func TestLeakLive(t *testing.T) {
	hook := os.Getenv(leakHook)
	if hook == "" {
		return
	}
	rounds, err := strconv.Atoi(os.Getenv(leakRounds))
	if err != nil {
		t.Fatal(err)
	}
	rest, err := time.ParseDuration(os.Getenv(leakRest))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t, hook)
		w.faulty = os.Getenv(leakFaulty) != ""
		for range rounds {
			w.turn()
			w.rest(rest)
			w.keep()
			b, err := json.Marshal(w.tally())
			if err != nil {
				t.Fatal(err)
			}
			fmt.Printf("%s%s\n", tallied, b)
		}
		w.release()
	})
}

// lives is so many rounds with a rest after each, and what was held after them.
func lives(t *testing.T, rounds int, rest time.Duration, more ...string) (out []tally) {
	t.Helper()
	// A connection to the world that is kept open would hold virtual time up.
	hook := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	hook.Config.SetKeepAlivesEnabled(false)
	hook.Start()
	defer hook.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute+time.Duration(rounds)*10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestLeakLive$", "-test.v", "-test.timeout=2h")
	cmd.Env = append(os.Environ(), leakHook+"="+hook.URL, fmt.Sprintf("%s=%d", leakRounds, rounds), leakRest+"="+rest.String())
	cmd.Env = append(cmd.Env, more...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // it says where it stands
	cmd.WaitDelay = 10 * time.Second
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for line := range strings.Lines(string(said)) {
		if what, ok := strings.CutPrefix(line, tallied); ok {
			var one tally
			if err := json.Unmarshal([]byte(what), &one); err != nil {
				t.Fatal(err)
			}
			out = append(out, one)
		}
	}
	if len(out) != rounds {
		t.Fatalf("%d of %d rounds were lived through\n%s", len(out), rounds, said)
	}
	return out
}

// proves G54: a virtual day of people who come, are served and go, some of them
// in the middle of something, leaves nothing behind: not a goroutine, an actor, a
// socket or an open file, nothing in a map or a list that is not there for a
// reason, and no memory beyond that. CRAFTTALK_DAYS are more of them.
func TestG54_NoLeakOverADay(t *testing.T) {
	t.Parallel()
	days, err := strconv.Atoi(os.Getenv("CRAFTTALK_DAYS"))
	if err != nil {
		days = 1
	}
	rounds := lives(t, 12*days, 2*time.Hour)
	for _, wrong := range left(rounds) {
		t.Error(wrong)
	}
	first, last := rounds[0], rounds[len(rounds)-1]
	t.Logf("%d conversations: %d goroutines (%d after the first round), %.1f MiB (%.1f), files %v", len(rounds)*townTalks,
		last.Goroutines, first.Goroutines, float64(last.Heap)/(1<<20), float64(first.Heap)/(1<<20), last.Files)
}

// Whatever is left behind is seen, one in a round, and by what it is.
func TestG54_LeaksAreSeen(t *testing.T) {
	t.Parallel()
	wrong := left(lives(t, 6, 10*time.Minute, leakFaulty+"=yes"))
	for _, what := range []string{"goroutines:", "actors:", "sockets:", "heap:", "files other:", "files deleted:", "files store:", "held live.watchers.by:"} {
		if !slices.ContainsFunc(wrong, func(w string) bool { return strings.HasPrefix(w, what) }) {
			t.Errorf("no %q is seen in %q", what, wrong)
		}
	}
}

// What grows without end is told from what comes and goes, and from what is
// remembered up to a most.
func TestG54_GrowthIsTold(t *testing.T) {
	for _, c := range []struct {
		name string
		of   func(round int) tally
		want int
	}{
		{"nothing", func(int) tally { return tally{Goroutines: 9} }, 0},
		{"comes and goes", func(n int) tally { return tally{Goroutines: 9 + n%3} }, 0},
		{"one in a round", func(n int) tally { return tally{Goroutines: 9 + n} }, 1},
		{"in the first rounds", func(n int) tally { return tally{Actors: min(n, 4)} }, 0},
		{"what is not named", func(n int) tally { return tally{Held: map[string]int{"new.map": n}} }, 1},
		{"what is remembered", func(n int) tally { return tally{Held: map[string]int{"typing.Signal.last": 100 * n}} }, 0},
		{"too much of it", func(n int) tally { return tally{Held: map[string]int{"typing.Signal.last": 1000 * n}} }, 1},
		{"memory of talks", func(n int) tally { return tally{Heap: n * townTalks * heapOfTalk} }, 0},
		{"more than that", func(n int) tally { return tally{Heap: n * townTalks * heapOfTalk * 2} }, 1},
	} {
		var rounds []tally
		for n := range 12 {
			rounds = append(rounds, c.of(n))
		}
		if got := left(rounds); len(got) != c.want {
			t.Errorf("%s: %q is seen", c.name, got)
		}
	}
}
