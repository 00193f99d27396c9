package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Guard counts how often in a row the process died while the index worked:
// bluge works in goroutines of its own, and when one of them panics, nobody can
// catch it. The count is in a file that is there while the index has been opened
// or written to a short time ago, and is taken away when nothing has come of it.
type Guard struct {
	file  string
	mu    sync.Mutex // guards what follows
	died  int        // times before
	timer *time.Timer
	lost  bool // there is no hope for the index
}

// Deaths that condemn an index, and how long one is watched after its last work.
const (
	mostDeaths = 2
	watched    = 30 * time.Second
)

// NewGuard returns the guard of the index in a directory.
func NewGuard(dir string) (*Guard, error) {
	g := &Guard{file: filepath.Join(dir, "working")}
	text, err := os.ReadFile(g.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return g, nil
	case err != nil:
		return nil, fmt.Errorf("the index's guard: %w", err)
	}
	if g.died, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil || g.died < 1 {
		g.died = 1 // it died while it wrote this
	}
	return g, nil
}

// Condemned reports whether the index must not be opened again.
func (g *Guard) Condemned() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.died >= mostDeaths
}

// Acquit begins the count anew, for another index.
func (g *Guard) Acquit() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.died, g.lost = 0, false
}

// Working says that the index works, now and for a while.
func (g *Guard) Working() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lost {
		return nil
	}
	if g.timer != nil {
		g.timer.Reset(watched)
		return nil
	}
	if err := os.WriteFile(g.file, []byte(strconv.Itoa(g.died+1)), 0o600); err != nil {
		return fmt.Errorf("the index's guard: %w", err)
	}
	g.timer = time.AfterFunc(watched, g.Rest)
	return nil
}

// Rest says that the index has outlived its work.
func (g *Guard) Rest() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lost {
		return
	}
	if g.timer != nil {
		g.timer.Stop()
		g.timer = nil
	}
	g.died = 0
	_ = os.Remove(g.file) // one that stays costs an index that is made anew
}

// Condemn says that what is in the index can't be trusted: the next start makes
// it anew.
func (g *Guard) Condemn() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lost = true
	_ = os.WriteFile(g.file, []byte(strconv.Itoa(mostDeaths)), 0o600)
}
