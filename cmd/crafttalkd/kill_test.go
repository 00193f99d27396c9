package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"crafttalkd/cmd/crafttalkd/replay"
)

// Killing is how a run is disturbed.
type killing struct {
	rounds int
	seed   uint64
	// between is called after each kill and before the next start.
	between func(dir string) error
	// drain is how long the player waits at the end when nothing moves.
	drain time.Duration
}

// Between two kills the server works this long, drawn anew each time.
const (
	shortestLife = 200 * time.Millisecond
	longestLife  = 1500 * time.Millisecond
)

// A found is what a run with kills has shown.
type found struct {
	report   replay.Report
	kept     kept
	damaged  error
	lifeless error // the server did not come back
	longest  time.Duration
}

// faults lists what must never happen.
func (f found) faults() (out []string) {
	if f.lifeless != nil {
		out = append(out, "the server did not come back: "+f.lifeless.Error())
	}
	if f.damaged != nil {
		out = append(out, f.damaged.Error())
	}
	if n := f.report.Faults(); n > 0 {
		out = append(out, fmt.Sprintf("%d lost, %d doubled, %d out of order at the sockets", f.report.Lost, f.report.Duplicated, f.report.Reordered))
	}
	if int64(f.kept.messages) < f.report.Acked {
		out = append(out, fmt.Sprintf("%d of %d acknowledged messages are not kept", f.report.Acked-int64(f.kept.messages), f.report.Acked))
	}
	return append(out, f.kept.wrong...)
}

// proves G1, G2, G4, G9, G32: the real program on a real disk is killed again
// and again under load. It comes back by itself each time; nothing that it had
// acknowledged is lost, doubled or out of order, at the operators' sockets and
// in the journal. CRAFTTALK_KILLS=200 is the long run; CRAFTTALK_SEED repeats
// the lives' lengths.
func TestG9_Kill(t *testing.T) {
	k := killing{rounds: number(t, "CRAFTTALK_KILLS", 5), seed: uint64(number(t, "CRAFTTALK_SEED", int(time.Now().UnixNano()))), drain: time.Minute}
	f := k.run(t)
	t.Logf("CRAFTTALK_SEED=%d: %d kills, %d messages acknowledged, the longest start %v", k.seed, k.rounds, f.report.Acked, f.longest)
	for _, wrong := range f.faults() {
		t.Error(wrong)
	}
	if f.report.Acked < int64(10*k.rounds) {
		t.Errorf("only %d messages were acknowledged: the test proves little", f.report.Acked)
	}
}

// A disk that forgets what it said it had written is seen.
func TestG9_KillSeesLoss(t *testing.T) {
	k := killing{rounds: 2, seed: 1, between: forget, drain: 3 * time.Second}
	f := k.run(t)
	if len(f.faults()) == 0 {
		t.Errorf("a forgetful disk was not seen in %d messages", f.report.Acked)
	}
	t.Log(strings.Join(f.faults(), "; "))
}

// forget cuts off the end of the newest log.
func forget(dir string) error {
	logs, err := filepath.Glob(filepath.Join(storeDir(dir), "*.log"))
	if err != nil || len(logs) == 0 {
		return fmt.Errorf("no log in %s: %w", dir, err)
	}
	newest := slices.Max(logs)
	info, err := os.Stat(newest)
	if err != nil {
		return err
	}
	return os.Truncate(newest, info.Size()*7/10)
}

// number reads a number from the environment.
func number(t testing.TB, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// run plays against a server and kills it meanwhile.
func (k killing) run(t *testing.T) (f found) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	c := newServer(t, dir, "--listen", "127.0.0.1:0")
	recorded, err := recordings()
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(recorded)
	o := replay.Options{Files: []string{recorded}, URL: c.url, Login: adminLogin, Password: adminPassword,
		Rate: 100, Customers: 50, Operators: 5, Resilient: true, Drain: k.drain,
		Duration: time.Second + time.Duration(k.rounds)*(longestLife+shortestLife)/2}
	ctx, cancel := context.WithTimeout(context.Background(), o.Duration+time.Duration(k.rounds)*startTime)
	defer cancel()
	played := make(chan error, 1)
	go func() {
		var err error
		f.report, err = replay.Run(ctx, o)
		played <- err
	}()
	if err := c.busy(ctx); err != nil {
		t.Fatal(err)
	}
	c, f.longest, f.lifeless = k.kills(c, dir)
	if f.lifeless != nil {
		cancel()
		<-played
		return f
	}
	t.Cleanup(c.kill)
	if err := <-played; err != nil {
		t.Errorf("the player ended: %v\n%s", err, c.log)
	}
	if _, err := c.stop(); err != nil {
		t.Errorf("the server ended: %v\n%s", err, c.log)
	}
	f.kept, f.damaged = examine(dir)
	return f
}

// kills kills and restarts the server on the same directory and the same
// address, and returns the last one.
func (k killing) kills(c *child, dir string) (last *child, longest time.Duration, err error) {
	random := rand.New(rand.NewPCG(k.seed, 9))
	address := strings.TrimPrefix(c.url, "http://")
	for range k.rounds {
		<-time.After(shortestLife + time.Duration(random.Int64N(int64(longestLife-shortestLife))))
		c.kill()
		if k.between != nil {
			if err := k.between(dir); err != nil {
				return nil, longest, err
			}
		}
		begin := time.Now()
		if c, err = startChild(dir, nil, "--listen", address); err != nil {
			return nil, longest, err
		}
		longest = max(longest, time.Since(begin))
	}
	return c, longest, nil
}

// examine reads everything that a stopped server has left.
func examine(dir string) (kept, error) {
	h, err := openExisting(dir)
	if err != nil {
		return kept{}, err
	}
	if err := h.sound(context.Background()); err != nil {
		h.close()
		return kept{}, err
	}
	if err := h.close(); err != nil {
		return kept{}, err
	}
	return readKept(dir)
}
