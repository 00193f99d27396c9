/*
Package articles is the knowledge base as everybody outside its actor reads it:
the articles, slots and types there are now, and the versions of each article.

	journal --follow--> View --State--> Base, as it is at one moment

A [Base] once returned is never changed again, so whoever lists, searches or
trains reads it without a lock and without being disturbed by an edit. The view
changes its own in place as long as nobody has asked for it, and a copy of its
maps after that; entries themselves are shared.

Everything is in memory but what older versions said, which is read from the
journal when somebody asks. The view is made anew at each start: it has no
tables.
*/
package articles

import (
	"context"
	"sync"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/journal"
)

// A View follows the knowledge base. It may be asked by many.
type View struct {
	journal *journal.Journal
	from    journal.Places

	mu      sync.Mutex // guards what follows
	base    *Base
	shared  bool          // somebody has the base
	changed chan struct{} // closed at the next change
}

// Open returns a view of all that is on disk.
func Open(j *journal.Journal) (*View, error) {
	v := &View{journal: j, from: j.Now(), base: newBase(), changed: make(chan struct{})}
	for e, err := range j.Durable(event.KnowledgeStream, 0) {
		if err != nil {
			return nil, err
		}
		v.base.apply(e)
	}
	return v, nil
}

// Run follows the journal until it is closed.
func (v *View) Run() error { return v.journal.Follow("articles", v.from, v.take) }

// State returns the knowledge base at this moment.
func (v *View) State() *Base {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.shared = true
	return v.base
}

// Wait returns once the knowledge base has the version of its stream, so that
// who changed something reads the change.
func (v *View) Wait(ctx context.Context, version uint64) error {
	for {
		v.mu.Lock()
		there, changed := v.base.Version >= version, v.changed
		v.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// take follows the stream of the knowledge base.
func (v *View) take(batch []journal.Entry) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	news := false
	for _, e := range batch {
		if e.Stream != event.KnowledgeStream || e.Version <= v.base.Version {
			continue // another's, or read at the start already
		}
		if v.shared {
			v.base, v.shared = v.base.clone(), false
		}
		v.base.apply(e)
		news = true
	}
	if news {
		close(v.changed)
		v.changed = make(chan struct{})
	}
	return nil
}

// Body returns what an article said at a revision.
func (v *View) Body(id string, revision uint64) (*event.Article, error) {
	for _, x := range v.State().Versions(id) {
		if x.Revision != revision || x.Removed {
			continue
		}
		for e, err := range v.journal.Durable(event.KnowledgeStream, x.place-1) {
			if err != nil {
				return nil, err
			}
			if put, ok := e.Event.(*event.ArticlePut); ok {
				return put.Article, nil
			}
			break
		}
	}
	return nil, refusal.New(refusal.NotFound, "article %q has no revision %d", id, revision)
}
