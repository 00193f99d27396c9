package system

import (
	"context"
	"sync"
	"time"

	"crafttalkd/store"
)

// A conversation that is over is seldom spoken to again. Its actor leaves memory
// after so many seconds: at thousands of conversations a second those that are
// over would soon be most of what the garbage collector looks at.
const restsAfterEnd = 2

// ended lists the conversations that are over and may still be in memory, the
// first to end in front.
type ended struct {
	mu   sync.Mutex
	list []ending
}

type ending struct {
	stream string
	beat   int64
}

func (e *ended) add(stream string, beat int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, ending{stream, beat})
}

// take returns those that ended no later than a beat.
func (e *ended) take(beat int64) []ending {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for n < len(e.list) && e.list[n].beat <= beat {
		n++
	}
	first := e.list[:n:n]
	e.list = e.list[n:]
	return first
}

// keepHouse lets idle actors go and saves the flow's place, every second.
func (s *System) keepHouse(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.beat.Store(s.config.Now().Unix())
		s.flow.save()
		s.release(n % store.Shards)
		s.releaseEnded()
	}
}

// release lets the idle actors of one shard go: a whole round takes about a
// minute.
func (s *System) release(shard int) {
	room := &s.rooms[shard]
	oldest := s.beat.Load() - int64(s.config.Idle/time.Second)
	room.Lock()
	defer room.Unlock()
	for stream, c := range room.cells {
		if c.used.Load() < oldest {
			s.letGo(room, stream, c)
		}
	}
}

// releaseEnded lets those go that are over, unless somebody spoke to them since.
func (s *System) releaseEnded() {
	oldest := s.beat.Load() - restsAfterEnd
	for _, e := range s.ended.take(oldest) {
		room := &s.rooms[store.ShardOf(e.stream)]
		room.Lock()
		if c := room.cells[e.stream]; c != nil && c.used.Load() <= oldest {
			s.letGo(room, e.stream, c)
		}
		room.Unlock()
	}
}

// letGo stops an actor that is asked nothing. The room is locked.
func (s *System) letGo(room *room, stream string, c *cell) bool {
	if c.open.Load() > 0 {
		return false
	}
	delete(room.cells, stream)
	s.actors.Root.Stop(c.pid)
	return true
}

// LetGo takes the actor of a stream out of memory, so that its state is read
// anew, and reports whether that could be done: not while it is asked something.
func (s *System) LetGo(stream string) bool {
	room := &s.rooms[store.ShardOf(stream)]
	room.Lock()
	defer room.Unlock()
	c, ok := room.cells[stream]
	return !ok || s.letGo(room, stream, c)
}
