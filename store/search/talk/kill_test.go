package talk

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// lives is the environment variable by which a test runs itself as another
// process, to be killed.
const lives = "CRAFTTALK_TALK_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(lives); dir != "" {
		talkUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// A mortal is a journal and its index on a disk.
type mortal struct {
	engine  *pebblestore.Store
	journal *journal.Journal
	index   *Index
}

func openMortal(dir string) (*mortal, error) {
	engine, err := pebblestore.Open(filepath.Join(dir, "db"), pebblestore.Options{FS: vfs.Default})
	if err != nil {
		return nil, err
	}
	master, err := keys.LoadMaster(dir, true, os.Getenv)
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(engine, keys.NewRing(master, engine))
	if err != nil {
		return nil, err
	}
	x, err := Open(filepath.Join(dir, "talk"), secret, j)
	return &mortal{engine, j, x}, err
}

// nth is the n'th conversation of a mortal.
func nth(n int) *talked {
	return &talked{id: fmt.Sprintf("p%d.1", n), opened: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 12 * time.Hour)}
}

func talkUntilKilled(dir string) {
	m, err := openMortal(dir)
	if err != nil {
		panic(err)
	}
	go func() { panic(m.index.Follow(context.Background())) }()
	w := &world{t: panics{}, journal: m.journal}
	for n := 0; ; n++ {
		c := nth(n)
		known, err := m.journal.Version(event.ConversationStream + c.id)
		if err != nil {
			panic(err)
		}
		if known == 0 {
			w.say(c.id, &event.ConversationOpened{At: stamp(c.opened), ConversationId: c.id, CustomerId: c.id},
				&event.MessageReceived{MessageId: "1", Content: &event.Content{Text: fmt.Sprintf("общее слово%d", n)}}, &event.ConversationClosed{At: stamp(c.opened)})
		}
		fmt.Println(n)
	}
}

// panics is a test where there is none.
type panics struct{ testing.TB }

func (panics) Helper()           {}
func (panics) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// proves G41: whatever a kill -9 takes away is read again: what was kept is found,
// and nothing twice.
func TestG41_Killed(t *testing.T) {
	dir, kept := t.TempDir(), 0
	for range 2 {
		kept = max(kept, killed(t, dir, gather*3/2))
		wake(t, dir, kept)
	}
}

// wake opens what a killed process left, and looks whether all is found.
func wake(t *testing.T, dir string, kept int) {
	t.Helper()
	m, err := openMortal(dir)
	if err != nil {
		t.Fatal(err)
	}
	if why := m.index.Fresh(); why != "" {
		t.Errorf("the index begins anew: %s", why)
	}
	var running sync.WaitGroup
	running.Go(func() {
		if err := m.index.Follow(t.Context()); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, index: m.index}
	for n := kept; n >= 0; n-- {
		w.talks = append(w.talks, nth(n))
	}
	ready(t, m.index)
	if got := w.finds("общее", kept+2); len(got) != kept+1 {
		t.Errorf("of %d conversations %d are found", kept+1, len(got))
	}
	for n := 0; n <= kept; n += 1 + kept/20 {
		if got := w.finds(fmt.Sprintf("слово%d", n), 2); !slices.Equal(got, []string{nth(n).id}) {
			t.Errorf("word %d finds %v", n, got)
		}
	}
	m.journal.Close()
	running.Wait()
	if err := m.index.Close(); err != nil {
		t.Error(err)
	}
	if err := m.engine.Close(); err != nil {
		t.Error(err)
	}
}

// killed runs a process that talks, for a while, and returns the last
// conversation that it kept for sure.
func killed(t *testing.T, dir string, after time.Duration) (kept int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), lives+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	for lines := bufio.NewScanner(out); lines.Scan(); {
		once.Do(func() { time.AfterFunc(after, func() { _ = child.Process.Kill() }) })
		if _, err := fmt.Sscan(lines.Text(), &kept); err != nil {
			t.Fatalf("the process says %q", lines.Text())
		}
	}
	_ = child.Wait() // it was killed
	if kept < 10 {
		t.Fatalf("only %d conversations were kept", kept)
	}
	return kept
}

// ready waits until the index knows everything.
func ready(t *testing.T, x *Index) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(time.Minute); x.Ready() != nil; {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("the index is not ready")
		}
	}
}
