package search

import (
	"errors"
	"fmt"
	"sync"

	"crafttalkd/store/journal"
)

// A successor is a generation that is being filled beside the one that serves.
// What changes meanwhile goes to both, and what the filling says of an article
// that has changed meanwhile is older and counts no more.
type successor struct {
	mu      sync.Mutex // guards what follows
	index   *generation
	changed map[string]bool
	err     error
}

// live takes over what has changed meanwhile. What goes wrong is the filler's.
func (s *successor) live(changes []Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range changes {
		s.changed[c.Article.ID] = true
	}
	if s.err == nil && len(changes) > 0 {
		s.err = s.index.apply(changes, 0)
	}
}

// fill takes over what was before.
func (s *successor) fill(changes []Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var old []Change
	for _, c := range latest(changes) {
		if !s.changed[c.Article.ID] {
			old = append(old, c)
		}
	}
	if s.err == nil {
		s.err = s.index.apply(old, 0)
	}
	return s.err
}

// fillAtOnce is how many articles are put into a successor at a time; what
// changes meanwhile waits for no more than these.
const fillAtOnce = 256

// Rebuild makes the index anew while it serves: an empty one is filled from the
// journal beside it, what changes meanwhile follows, and then the new one takes
// the old one's place. If anything fails, the old one goes on.
func (x *Index) Rebuild(j *journal.Journal) error {
	return x.rebuild(func(put func([]Change) error) error {
		return readFrom(j, 0, func(changes []Change, _ uint64) error { return put(changes) })
	})
}

// rebuild makes the index anew: fill puts every article there is when it is
// called, or later.
func (x *Index) rebuild(fill func(put func([]Change) error) error) error {
	next, err := x.conceive()
	if err != nil {
		return err
	}
	err = fill(func(changes []Change) error {
		for len(changes) > 0 {
			n := min(len(changes), fillAtOnce)
			if err := next.fill(changes[:n]); err != nil {
				return err
			}
			changes = changes[n:]
		}
		return x.guard.Working()
	})
	old, err := x.succeed(next, err)
	if err != nil {
		return errors.Join(fmt.Errorf("rebuild the search index: %w", err), next.index.destroy())
	}
	return old.destroy()
}

// conceive begins a successor.
func (x *Index) conceive() (*successor, error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.next != nil {
		return nil, ErrRebuilding
	}
	g, err := x.after()
	if err != nil {
		return nil, fmt.Errorf("rebuild the search index: %w", err)
	}
	x.next = &successor{index: g, changed: map[string]bool{}}
	return x.next, nil
}

// succeed puts the successor in the place of the present generation, unless
// filling it has failed.
func (x *Index) succeed(next *successor, filled error) (old *generation, err error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.next = nil
	if err := errors.Join(filled, next.err); err != nil {
		return nil, err
	}
	if err := next.index.apply(nil, x.current.Load().version); err != nil {
		return nil, err
	}
	if err := x.name(x.number + 1); err != nil {
		return nil, err
	}
	return x.current.Swap(next.index), nil
}
