package system

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"crafttalkd/actors/event"
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
// goes to the same actor waits behind it, what is under way already included.
type carrier struct {
	system *System
	from   journal.Places

	mu     sync.Mutex // guards what follows
	room   *sync.Cond // signalled when something was answered
	lanes  [store.Shards]lane
	places journal.Places
	saved  journal.Places
	open   int
	ways   map[string]*way // to the actors that have not answered all, by stream
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
	shard  int
	step   *step
	number uint64 // on its way
}

// A way is what is under way to one actor, in one row. Once something on it has
// met a fault it is broken: nothing is told until all that is out has been
// answered.
type way struct {
	row     *shell.Row
	sent    uint64
	out     int      // told and not answered
	held    []errand // met a fault, or came behind one that did; in order
	broken  bool
	telling bool          // what was held is just being told
	pause   time.Duration // before the last try, while nothing is answered
}

// hold puts an errand back in its place.
func (w *way) hold(e errand) {
	i, _ := slices.BinarySearchFunc(w.held, e, func(a, b errand) int { return cmp.Compare(a.number, b.number) })
	w.held = slices.Insert(w.held, i, e)
}

func newCarrier(s *System) (*carrier, error) {
	from, err := s.config.Journal.Place("flow")
	if err != nil {
		return nil, err
	}
	c := &carrier{system: s, from: from, places: from, saved: from, ways: map[string]*way{}}
	c.room = sync.NewCond(&c.mu)
	return c, nil
}

// take sends what follows from the events. It implements the follower.
func (c *carrier) take(batch []journal.Entry) error {
	for _, e := range batch {
		if _, over := e.Event.(*event.ConversationClosed); over {
			c.system.ended.add(e.Stream, c.system.beat.Load())
		}
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
			c.send(errand{Send: send, shard: e.Shard, step: st})
		}
	}
	c.room.Broadcast()
	return nil
}

// send tells an errand's command, unless others wait before it.
func (c *carrier) send(e errand) {
	c.mu.Lock()
	w := c.ways[e.Stream]
	if w == nil {
		w = &way{row: &shell.Row{}}
		c.ways[e.Stream] = w
	}
	w.sent++
	e.number = w.sent
	if w.broken || w.telling || len(w.held) > 0 {
		w.hold(e)
		c.mu.Unlock()
		return
	}
	w.out++
	row := w.row
	c.mu.Unlock()
	c.tell(e, row)
}

// tell sends an errand that is counted as being out.
func (c *carrier) tell(e errand, row *shell.Row) {
	c.system.send(e.Stream, math.MaxInt32, shell.Request{Command: e.Command, Row: row, Reply: func(a shell.Answer) {
		c.answered(e, a.Err != nil && refusal.KindOf(a.Err) == 0)
	}})
}

// answered takes the answer to an errand, and holds one that met a fault.
func (c *carrier) answered(e errand, fault bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.ways[e.Stream]
	w.out--
	if fault {
		w.broken = true
		w.hold(e)
	} else {
		w.pause = 0
		c.done(e)
	}
	c.rest(e.Stream, w)
}

// rest looks after a way when nothing is out on it: what is held is tried again
// in a while, or the way is forgotten. The lock is held.
func (c *carrier) rest(stream string, w *way) {
	switch {
	case w.out > 0 || w.telling || c.closed:
	case w.broken:
		w.pause = min(max(again, 2*w.pause), againAtLast)
		time.AfterFunc(w.pause, func() { c.retry(stream) })
	default:
		delete(c.ways, stream)
	}
}

// retry sends what is held for a stream, in order. What comes meanwhile goes
// behind it.
func (c *carrier) retry(stream string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	w := c.ways[stream]
	w.row, w.broken, w.telling = &shell.Row{}, false, true
	for len(w.held) > 0 && !w.broken {
		held, row := w.held, w.row
		w.held, w.out = nil, w.out+len(held)
		c.mu.Unlock()
		for _, e := range held {
			c.tell(e, row)
		}
		c.mu.Lock()
	}
	w.telling = false
	c.rest(stream, w)
}

// done counts an errand as carried out. The lock is held.
func (c *carrier) done(e errand) {
	c.open--
	e.step.open--
	c.advance(e.shard)
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
