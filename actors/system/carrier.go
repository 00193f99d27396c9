package system

import (
	"context"
	"sync"
	"time"

	"crafttalkd/actors/flow"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// underWay is how many commands the carrier has sent and not seen answered, at
// the most. Beyond it waits with its place; nobody waits for it.
const underWay = 8192

// A command that met a fault waits this long, and then twice as long each time.
const (
	again       = 200 * time.Millisecond
	againAtLast = time.Minute
)

// A carrier carries out the flow: it follows every event, sends the commands
// that follow from it, and keeps the place up to which all have been answered.
// A refusal is an answer. A fault is not: the command is sent again, and what
// goes to the same actor waits behind it.
type carrier struct {
	system *System
	from   journal.Places

	mu     sync.Mutex // guards what follows
	room   *sync.Cond // signalled when something was answered
	lanes  [store.Shards]lane
	places journal.Places
	saved  journal.Places
	open   int
	held   map[string][]errand      // behind a command that met a fault, by stream
	pauses map[string]time.Duration // before the next try, by stream
	closed bool
}

// A lane is the events of one shard, in order, whose commands are under way.
type lane []*step

// A step is one event on its way.
type step struct {
	position uint64
	open     int // commands not yet answered
}

// An errand is one command of a step.
type errand struct {
	flow.Send
	shard int
	step  *step
}

func newCarrier(s *System) (*carrier, error) {
	from, err := s.config.Journal.Place("flow")
	if err != nil {
		return nil, err
	}
	c := &carrier{system: s, from: from, places: from, saved: from, held: map[string][]errand{}, pauses: map[string]time.Duration{}}
	c.room = sync.NewCond(&c.mu)
	return c, nil
}

// take sends what follows from the events. It implements the follower.
func (c *carrier) take(batch []journal.Entry) error {
	for _, e := range batch {
		sends := c.system.after(e)
		c.mu.Lock()
		for c.open > underWay && !c.closed {
			c.room.Wait()
		}
		if c.closed {
			c.mu.Unlock()
			return nil
		}
		if len(sends) == 0 && len(c.lanes[e.Shard]) == 0 {
			c.places[e.Shard] = e.Position
			c.mu.Unlock()
			continue
		}
		c.open += len(sends)
		st := &step{e.Position, len(sends)}
		c.lanes[e.Shard] = append(c.lanes[e.Shard], st)
		c.mu.Unlock()
		for _, send := range sends {
			c.send(errand{send, e.Shard, st})
		}
	}
	c.room.Broadcast()
	return nil
}

// send tells an errand's command, unless others wait before it.
func (c *carrier) send(e errand) {
	c.mu.Lock()
	if waiting, ok := c.held[e.Stream]; ok {
		c.held[e.Stream] = append(waiting, e)
		c.mu.Unlock()
		return
	}
	c.mu.Unlock()
	c.tell(e)
}

func (c *carrier) tell(e errand) {
	c.system.tell(e.Stream, e.Command, func(a shell.Answer) {
		if a.Err == nil || refusal.KindOf(a.Err) != 0 {
			c.answered(e)
			return
		}
		c.hold(e)
	})
}

// hold keeps an errand that met a fault, and tries again in a while.
func (c *carrier) hold(e errand) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	_, waiting := c.held[e.Stream]
	c.held[e.Stream] = append(c.held[e.Stream], e)
	if !waiting {
		pause := min(max(again, 2*c.pauses[e.Stream]), againAtLast)
		c.pauses[e.Stream] = pause
		time.AfterFunc(pause, func() { c.retry(e.Stream) })
	}
}

// retry sends what is held for a stream. What comes meanwhile stays behind it.
func (c *carrier) retry(stream string) {
	for {
		c.mu.Lock()
		held := c.held[stream]
		if len(held) == 0 || c.closed {
			delete(c.held, stream)
			c.mu.Unlock()
			return
		}
		c.held[stream] = nil
		c.mu.Unlock()
		for _, e := range held {
			c.tell(e)
		}
	}
}

func (c *carrier) answered(e errand) {
	c.mu.Lock()
	c.open--
	e.step.open--
	delete(c.pauses, e.Stream)
	c.advance(e.shard)
	c.mu.Unlock()
	c.room.Broadcast()
}

// advance moves the place of a shard over the steps that are done.
func (c *carrier) advance(shard int) {
	l := c.lanes[shard]
	n := 0
	for n < len(l) && l[n].open == 0 {
		c.places[shard] = l[n].position
		n++
	}
	if n == len(l) {
		c.lanes[shard] = l[:0]
		return
	}
	c.lanes[shard] = l[n:]
}

// save keeps the place, if it has moved.
func (c *carrier) save() {
	c.mu.Lock()
	p := c.places
	moved := p != c.saved
	c.mu.Unlock()
	if !moved {
		return
	}
	if err := c.system.config.Journal.SavePlace("flow", p); err != nil {
		c.system.config.Log.Error("save the flow's place", "err", err)
		return
	}
	c.mu.Lock()
	c.saved = p
	c.mu.Unlock()
}

func (c *carrier) flowing() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

// drain waits until everything that is on disk has been carried out.
func (c *carrier) drain(ctx context.Context) error {
	stop := context.AfterFunc(ctx, c.room.Broadcast)
	defer stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.idle() && ctx.Err() == nil {
		c.room.Wait()
	}
	return ctx.Err()
}

func (c *carrier) idle() bool {
	return c.closed || c.open == 0 && c.places == c.system.config.Journal.Now()
}

func (c *carrier) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.room.Broadcast()
}
