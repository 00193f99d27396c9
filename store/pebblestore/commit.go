package pebblestore

import (
	"context"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"crafttalkd/store"
)

// A group is what is committed together.
type group struct {
	requests []request
	answers  []answer // one for each request
	batch    *pebble.Batch
	events   []store.Record       // copies, in commit order
	last     [store.Shards]uint64 // positions after the group
}

// An answer is what done is called with.
type answer struct {
	receipt store.Receipt
	err     error
}

// Submit implements [store.Log].
func (s *Store) Submit(a *store.Append, done func(store.Receipt, error)) {
	r := request{a: a, done: done}
	if s.opts.fault == checksTooEarly {
		if err := s.checkEarly(a); err != nil {
			go done(store.Receipt{}, err)
			return
		}
	}
	s.submit(r)
}

// submit queues r. A store that is closed has no order left to keep: there,
// done is called beside the caller, who may hold what done needs.
func (s *Store) submit(r request) {
	if s.queue.put(r) {
		return
	}
	err := s.failed()
	if err == nil {
		err = store.ErrClosed
	}
	go r.done(store.Receipt{}, err)
}

// submitAndWait returns what became of r.
func (s *Store) submitAndWait(ctx context.Context, r request) error {
	result := make(chan error, 1)
	r.done = func(_ store.Receipt, err error) { result <- err }
	s.submit(r)
	select {
	case err := <-result:
		return err
	case <-s.broken:
		return s.failed()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// commit is the committer: it decides what waits, group by group, and hands
// each group to the syncer. It ends when the queue is closed and empty.
func (s *Store) commit(l *ledger) {
	defer close(s.syncing)
	for g := range s.idle {
		g.requests = s.queue.take(g.requests[:0])
		if len(g.requests) == 0 {
			return
		}
		g.batch = s.db.NewBatch()
		s.decide(l, g)
		if err := s.start(g.batch); err != nil {
			s.fail(err)
		}
		s.syncing <- g
	}
}

// decide answers the requests of g and puts what they lead to into its batch.
func (s *Store) decide(l *ledger, g *group) {
	g.answers = g.answers[:0]
	l.begin(g.batch)
	defer l.end()
	for i := range g.requests {
		var a answer
		switch r := &g.requests[i]; {
		case s.failed() != nil:
			a.err = s.failed()
		case r.claim != nil:
			r.claim.epoch = l.claim(r.claim.shard)
		case r.bare:
			l.rows(r.a.Rows)
		default:
			if a.receipt, a.err = l.append(r.a); a.err == nil {
				g.events = keep(g.events, r.a, a.receipt)
			}
		}
		g.answers = append(g.answers, a)
	}
	for i := range l.shards {
		g.last[i] = l.shards[i].position
	}
}

// start applies b, so that it can be read and is on its way to disk. Pebble
// panics when it cannot start a new log.
func (s *Store) start(b *pebble.Batch) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("commit: %v", p)
		}
	}()
	switch {
	case s.failed() != nil || b.Empty():
		return nil
	case s.opts.NoSync:
		return s.db.Apply(b, pebble.NoSync)
	}
	return s.db.ApplyNoSyncWait(b, pebble.Sync)
}

// wait returns when b, which was started, is on disk.
func (s *Store) wait(b *pebble.Batch) error {
	if b.Empty() || s.opts.NoSync {
		return nil
	}
	if err := b.SyncWait(); err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return nil
}

// apply starts b and waits for it, apart from the queue. A batch that has
// failed is not closed: Pebble still has its hands on it, and would give it to
// the next who asks for one.
func (s *Store) apply(b *pebble.Batch) error {
	err := s.start(b)
	if err == nil {
		err = s.wait(b)
	}
	if err != nil {
		return s.fail(err)
	}
	return b.Close()
}

// sync is the syncer: it waits until a group is on disk and tells everybody.
func (s *Store) sync() {
	defer close(s.stopped)
	for g := range s.syncing {
		if s.opts.fault == answersEarly {
			g.answer(nil)
		}
		s.settle(g)
		g.batch = nil
		s.queue.finished()
		s.idle <- g
	}
}

func (s *Store) settle(g *group) {
	if s.failed() == nil {
		if err := s.wait(g.batch); err != nil {
			s.fail(err)
		}
	}
	if s.failed() == nil {
		for _, r := range g.events {
			s.recent[store.ShardOf(r.Stream)].add(r)
		}
		for i := range g.last {
			if s.synced[i].Load() != g.last[i] {
				s.synced[i].Store(g.last[i])
			}
		}
		g.batch.Close()
	}
	g.answer(s.failed())
}

// answer calls done for each request of g: with err if there is one, because
// then nothing of the group may be believed.
func (g *group) answer(err error) {
	for i, r := range g.requests {
		a := g.answers[i]
		if err != nil {
			a = answer{err: err}
		}
		r.done(a.receipt, a.err)
	}
	clear(g.requests)
	clear(g.answers)
	clear(g.events)
	g.requests, g.answers, g.events = g.requests[:0], g.answers[:0], g.events[:0]
}
