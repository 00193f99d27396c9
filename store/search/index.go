package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"crafttalkd/actors/refusal"
	"crafttalkd/store/search/disk"
)

// format is the version of what is in the index. With another one, it is made
// anew.
const format = 1

// ErrLoading is the answer until all that the journal held at the start is known.
var ErrLoading = refusal.New(refusal.Busy, "the knowledge base is still being read; try again in a moment")

// ErrRebuilding is the answer to a second wish to make the index anew.
var ErrRebuilding = refusal.New(refusal.Conflict, "the search index is being made anew already")

// An Index finds articles. It may be asked by many; Apply is one follower's.
type Index struct {
	dir   string
	guard *disk.Guard
	fresh string // why it began empty

	current atomic.Pointer[generation]
	ready   atomic.Bool

	writing sync.Mutex // guards what follows, and that one writes at a time
	number  int        // of the current generation
	next    *successor

	fault fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none     fault = iota
	reckless       // leaves the rights out of questions
	forgets        // keeps the version without what led to it
	neglects       // leaves what changes meanwhile out of the next generation
)

// Open opens the index in a directory that is the caller's alone. If there is
// none, or none that can be trusted, it begins empty, and [Index.Fresh] says why.
func Open(dir string) (*Index, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the search index: %w", err)
	}
	guard, err := disk.NewGuard(dir)
	if err != nil {
		return nil, err
	}
	x := &Index{dir: dir, guard: guard}
	x.number, x.fresh = x.trusted()
	if err := x.guard.Working(); err != nil {
		return nil, err
	}
	var g *generation
	if x.fresh == "" {
		if g, err = openGeneration(x.path(x.number)); err != nil {
			x.fresh = "it can't be opened: " + err.Error()
		}
	}
	if g == nil {
		if g, err = x.begin(); err != nil {
			return nil, fmt.Errorf("a new search index: %w", err)
		}
	}
	x.current.Store(g)
	return x, x.tidy()
}

// trusted returns the generation that the directory holds, or why it is not to
// be used.
func (x *Index) trusted() (number int, why string) {
	text, err := os.ReadFile(x.currentFile())
	if err != nil {
		return 0, "there was none"
	}
	var version int
	if _, err := fmt.Sscanf(string(text), "%d %d\n", &version, &number); err != nil {
		return 0, "its description is damaged"
	}
	switch {
	case version != format:
		return number, fmt.Sprintf("it is of format %d, and %d is needed", version, format)
	case x.guard.Condemned():
		x.guard.Acquit()
		return number, "the process has died more than once while it worked"
	}
	return number, ""
}

func (x *Index) currentFile() string { return filepath.Join(x.dir, "current") }

const generations = "index-"

func (x *Index) path(number int) string {
	return filepath.Join(x.dir, fmt.Sprintf("%s%06d", generations, number))
}

// begin makes an empty generation after the present one.
func (x *Index) begin() (*generation, error) {
	g, err := x.after()
	if err == nil {
		err = x.name(x.number + 1)
	}
	return g, err
}

// after opens an empty generation that nobody uses yet.
func (x *Index) after() (*generation, error) {
	dir := x.path(x.number + 1)
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	return openGeneration(dir)
}

// name makes a generation the one that is opened the next time.
func (x *Index) name(number int) error {
	draft := x.currentFile() + ".new"
	if err := os.WriteFile(draft, fmt.Appendf(nil, "%d %d\n", format, number), 0o600); err != nil {
		return err
	}
	if err := os.Rename(draft, x.currentFile()); err != nil {
		return err
	}
	x.number = number
	return nil
}

// tidy removes the generations that were left behind.
func (x *Index) tidy() error {
	entries, err := os.ReadDir(x.dir)
	for _, e := range entries {
		if path := filepath.Join(x.dir, e.Name()); strings.HasPrefix(e.Name(), generations) && path != x.path(x.number) {
			err = errors.Join(err, os.RemoveAll(path))
		}
	}
	return err
}

// Drop deletes the index in a directory, which nobody may have open.
func Drop(dir string) error { return os.RemoveAll(dir) }

// Fresh returns why the index began empty when it was opened, or "" if it did not.
func (x *Index) Fresh() string { return x.fresh }

// Version returns the version of the knowledge base that the index tells, as Apply
// was given it; 0 for an empty one.
func (x *Index) Version() uint64 {
	x.writing.Lock()
	defer x.writing.Unlock()
	return x.current.Load().version
}

// Serve says that the index knows what it needs to, and may be asked.
func (x *Index) Serve() { x.ready.Store(true) }

// Apply takes over changes, and the version of the knowledge base after them.
// They are found when it returns. What is applied twice is there once.
func (x *Index) Apply(changes []Change, version uint64) error {
	changes = latest(changes)
	for _, c := range changes {
		if id := c.Article.ID; id == "" || !utf8.ValidString(id) || strings.Contains(id, "\x00") {
			return fmt.Errorf("the search index: %q is no id of an article", id)
		}
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	if err := x.guard.Working(); err != nil {
		return err
	}
	told := changes
	if x.fault == forgets {
		told = nil
	}
	if err := x.current.Load().apply(told, version); err != nil {
		return err
	}
	if x.next != nil && x.fault != neglects {
		x.next.live(changes)
	}
	return nil
}

// Close ends the index. Nobody may ask it any more, and no rebuild may be under
// way.
func (x *Index) Close() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	err := x.current.Load().close()
	x.guard.Rest()
	return err
}

// ask calls f with the present generation, and once more if it was replaced
// before it was asked.
func (x *Index) ask(f func(*generation) error) error {
	if !x.ready.Load() {
		return ErrLoading
	}
	for {
		err := f(x.current.Load())
		if errors.Is(err, errReplaced) && !x.gone() {
			continue
		}
		var p *disk.PanicError
		if errors.As(err, &p) {
			x.guard.Condemn()
		}
		return err
	}
}

// sight returns by what a question is answered.
func (x *Index) sight(s Sight) Sight {
	if x.fault == reckless {
		return Everything()
	}
	return s
}

// gone reports whether the index has been closed for good.
func (x *Index) gone() bool {
	g := x.current.Load()
	g.asked.RLock()
	defer g.asked.RUnlock()
	return g.closed
}
