package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/blugelabs/bluge"
	"github.com/blugelabs/bluge/index"

	"crafttalkd/store/search/disk"
)

// A generation is one bluge index with the cards of its articles in memory. An
// index that is made anew becomes the next one.
type generation struct {
	dir     string
	disk    *disk.Disk
	writer  *bluge.Writer
	clerk   clerk  // the writer's
	version uint64 // of the knowledge base; the writer's too

	// A question holds it for reading from its beginning to its end, so that
	// nothing is closed under it.
	asked  sync.RWMutex // guards closed
	closed bool

	viewing sync.Mutex // guards view
	view    *view      // the present one

	// It is held for no longer than one looks into memory: a change that waits
	// for a long search would have suggestions wait for it.
	mu    sync.RWMutex // guards cards
	cards *cards
}

// openGeneration opens the index in a directory, or makes one.
func openGeneration(dir string) (g *generation, err error) {
	defer disk.Caught(&err)
	g = &generation{dir: dir, clerk: clerk{stems: map[string]string{}}, cards: newCards()}
	config := bluge.DefaultConfigWithDirectory(func() index.Directory {
		g.disk = disk.New(dir)
		return g.disk
	})
	if g.writer, err = bluge.OpenWriter(config); err != nil {
		return nil, err
	}
	if err = g.disk.Sweep(); err == nil {
		err = g.load()
	}
	if err != nil {
		return nil, errors.Join(err, g.writer.Close())
	}
	return g, nil
}

// load reads the cards and the version.
func (g *generation) load() error {
	r, err := g.writer.Reader()
	if err != nil {
		return err
	}
	defer r.Close()
	err = g.each(r, kindCard, func(value []byte) error {
		var c card
		if err := json.Unmarshal(value, &c); err != nil {
			return fmt.Errorf("a card: %w", err)
		}
		g.cards.put(c)
		return nil
	})
	if err != nil {
		return err
	}
	return g.each(r, kindVersion, func(value []byte) error { return json.Unmarshal(value, &g.version) })
}

// each gives f what is stored of every document of a kind.
func (g *generation) each(r *bluge.Reader, kind string, f func(value []byte) error) error {
	found, err := r.Search(context.Background(), bluge.NewAllMatches(bluge.NewTermQuery(kind).SetField(ofKind)))
	for err == nil {
		match, nextErr := found.Next()
		if nextErr != nil || match == nil {
			return nextErr
		}
		var inner error
		err = match.VisitStoredFields(func(field string, value []byte) bool {
			if field != stored {
				return true
			}
			inner = f(value)
			return false
		})
		err = errors.Join(err, inner)
	}
	return err
}

// apply writes changes and the version after them. They can be found when it
// returns.
func (g *generation) apply(changes []Change, version uint64) (err error) {
	defer disk.Caught(&err)
	b := bluge.NewBatch()
	for _, c := range changes {
		if c.Removed {
			b.Delete(term{ofArticle, c.Article.ID})
		} else if err := g.clerk.put(b, c.Article); err != nil {
			return err
		}
	}
	if err := insertVersion(b, version); err != nil {
		return err
	}
	if err := g.writer.Batch(b); err != nil {
		return fmt.Errorf("write the search index: %w", err)
	}
	if err := g.turn(nil); err != nil {
		return fmt.Errorf("close a view of the search index: %w", err)
	}
	g.version = version
	for _, c := range changes {
		g.remember(c)
	}
	return nil
}

// remember takes a change over into the cards.
func (g *generation) remember(c Change) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.Removed {
		g.cards.remove(c.Article.ID)
	} else {
		g.cards.put(cardOf(c.Article))
	}
}

// ask calls f with the present view.
func (g *generation) ask(f func(*bluge.Reader) error) (err error) {
	defer disk.Caught(&err)
	g.asked.RLock()
	defer g.asked.RUnlock()
	if g.closed {
		return errReplaced
	}
	v, err := g.look()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.leave(v)) }()
	return f(v.reader)
}

// errReplaced tells a question that came late to ask the next generation.
var errReplaced = errors.New("the search index was replaced")

// close waits for the questions and ends the index.
func (g *generation) close() (err error) {
	defer disk.Caught(&err)
	g.asked.Lock()
	defer g.asked.Unlock()
	if g.closed {
		return nil
	}
	g.closed = true
	return errors.Join(g.turn(nil), g.writer.Close())
}

// destroy closes the index and deletes it.
func (g *generation) destroy() error {
	return errors.Join(g.close(), os.RemoveAll(g.dir))
}
