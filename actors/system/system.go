/*
Package system is where actors live: it starts the actor of a stream when
somebody speaks to it, lets it go when nobody does, wakes it at its deadline,
and carries out what package flow says must follow.

	Tell, Ask, Look -> cell -> actor -> journal -> flow -> Tell

An actor that has been idle leaves memory; its alarm stays in the store. So a
million open conversations cost disk and not memory.
*/
package system

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// A Config is what a system is made of. Zero durations and sizes stand for
// their defaults.
type Config struct {
	Journal *journal.Journal
	Now     func() time.Time
	Log     *slog.Logger
	Idle    time.Duration // after which an actor leaves memory; 2 minutes
}

// mailbox is how many commands may wait for one actor.
const mailbox = 1024

// ErrBusy is the answer of an actor that has more to do than it can hold.
var ErrBusy = refusal.New(refusal.Busy, "too much is waiting here; try again in a moment")

// ErrStopped is the answer of a system that is going down.
var ErrStopped = refusal.New(refusal.Busy, "the server is stopping")

// A System runs the actors of one journal.
type System struct {
	Directory *Directory

	config  Config
	house   *shell.House
	kinds   map[string]*actor.Props
	actors  *actor.ActorSystem
	rooms   [store.Shards]room
	clock   *alarms
	flow    *carrier
	ended   ended
	workers *workers
	beat    atomic.Int64 // coarse time, for idleness: seconds
	stopped atomic.Bool
	life    context.Context // ends when the system does
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// A room holds the actors of one shard that are in memory. Its lock guards the
// map, and that nobody speaks to an actor that is being let go.
type room struct {
	sync.Mutex
	cells map[string]*cell
}

// A cell is one actor in memory.
type cell struct {
	pid  *actor.PID
	open atomic.Int32 // asked and not yet answered
	used atomic.Int64 // the beat when it was last spoken to
}

// Start starts a system and carries on where the last one ended: the flow from
// its place, the alarms from the store, the operators who were online offline
// after a grace time.
func Start(c Config) (*System, error) {
	if c.Idle == 0 {
		c.Idle = 2 * time.Minute
	}
	quiet := actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return slog.New(warnings{c.Log.Handler()}) })
	s := &System{config: c, actors: actor.NewActorSystem(quiet)}
	for i := range s.rooms {
		s.rooms[i].cells = map[string]*cell{}
	}
	s.beat.Store(c.Now().Unix())
	s.clock = newAlarms(c.Now, c.Journal, s.ring, c.Log)
	s.house = &shell.House{Journal: c.Journal, Now: c.Now, Log: c.Log, Alarm: s.clock.set}
	s.house.Tell, s.house.Kin = s.tell, s.kin
	s.workers = newWorkers()
	s.house.Dispatcher = s.workers
	s.kinds = kinds(s.house)
	s.life, s.cancel = context.WithCancel(context.Background())
	if err := s.begin(); err != nil {
		s.cancel()
		return nil, err
	}
	return s, nil
}

func (s *System) begin() error {
	var err error
	if s.Directory, err = readDirectory(s.config.Journal); err != nil {
		return err
	}
	if s.flow, err = newCarrier(s); err != nil {
		return err
	}
	now := s.config.Journal.Now()
	s.run(func() { s.follow("directory", now, s.Directory.take) })
	s.run(func() { s.follow("flow", s.flow.from, s.flow.take) })
	s.run(func() { s.clock.run(s.life) })
	s.run(func() { s.keepHouse(s.life) })
	s.abandonOperators()
	return nil
}

func (s *System) run(f func()) { s.running.Go(f) }

// follow reads the journal until it is closed. A follower that fails is a bug
// or a broken disk: the process must not go on without it.
func (s *System) follow(name string, from journal.Places, take func([]journal.Entry) error) {
	if err := s.config.Journal.Follow(name, from, take); err != nil {
		panic(fmt.Errorf("follower %s: %w", name, err))
	}
}

// Tell sends a command to the actor of a stream. Reply is called once, from any
// goroutine, and must not block. A full actor answers ErrBusy at once.
func (s *System) Tell(stream string, cmd any, reply func(shell.Answer)) {
	if s.stopped.Load() {
		reply(shell.Answer{Err: ErrStopped, Stream: stream})
		return
	}
	s.send(stream, mailbox, shell.Request{Command: cmd, Reply: reply})
}

// tell is Tell for what follows from events: it is never refused for lack of
// room, because whoever carries events bounds what is under way.
func (s *System) tell(stream string, cmd any, reply func(shell.Answer)) {
	s.send(stream, math.MaxInt32, shell.Request{Command: cmd, Reply: reply})
}

func (s *System) send(stream string, limit int32, r shell.Request) {
	reply := r.Reply
	s.deliver(stream, limit, func(c *cell) any {
		r.Reply = func(a shell.Answer) {
			c.open.Add(-1)
			reply(a)
		}
		return &r
	}, func(err error) { reply(shell.Answer{Err: err, Stream: stream}) })
}

// Ask is Tell and waiting for the answer.
func (s *System) Ask(ctx context.Context, stream string, cmd any) (shell.Answer, error) {
	answered := make(chan shell.Answer, 1)
	s.Tell(stream, cmd, func(a shell.Answer) { answered <- a })
	select {
	case a := <-answered:
		return a, a.Err
	case <-ctx.Done():
		return shell.Answer{}, ctx.Err()
	}
}

// Look reads the state of a stream's actor by f, which runs in the actor's
// turn and must copy what it returns.
func Look[S, T any](ctx context.Context, s *System, stream string, f func(S, uint64) T) (T, error) {
	type result struct {
		value T
		err   error
	}
	got := make(chan result, 1)
	s.deliver(stream, mailbox, func(c *cell) any {
		return &shell.Look{Do: func(state any, version uint64, err error) {
			c.open.Add(-1)
			r := result{err: err}
			if err == nil {
				r.value = f(state.(S), version)
			}
			got <- r
		}}
	}, func(err error) { got <- result{err: err} })
	select {
	case r := <-got:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// ring wakes the actor of a stream.
func (s *System) ring(a store.Alarm) {
	room := &s.rooms[store.ShardOf(a.Stream)]
	room.Lock()
	defer room.Unlock()
	if c, err := s.cell(room, a.Stream); err == nil {
		s.actors.Root.Send(c.pid, shell.Ring{At: a.At})
	}
}

// deliver sends a message to the actor of a stream, which it starts if need be.
func (s *System) deliver(stream string, limit int32, message func(*cell) any, refuse func(error)) {
	room := &s.rooms[store.ShardOf(stream)]
	room.Lock()
	c, err := s.cell(room, stream)
	if err == nil && c.open.Load() >= limit {
		err = ErrBusy
	}
	if err != nil {
		room.Unlock()
		refuse(err)
		return
	}
	c.open.Add(1)
	s.actors.Root.Send(c.pid, message(c))
	room.Unlock()
}

// cell returns the actor of a stream. The room is locked.
func (s *System) cell(room *room, stream string) (*cell, error) {
	c, ok := room.cells[stream]
	if !ok {
		props := s.props(stream)
		if props == nil {
			return nil, refusal.New(refusal.NotFound, "there is no %s", stream)
		}
		c = &cell{pid: s.actors.Root.SpawnPrefix(props, stream)}
		room.cells[stream] = c
	}
	c.used.Store(s.beat.Load())
	return c, nil
}

// Flowing returns how many commands that follow from events are under way.
func (s *System) Flowing() int { return s.flow.flowing() }

// Stats is how busy a system is.
type Stats struct {
	Actors  int // in memory
	Flowing int // commands that follow from events and are not answered yet
}

// Stats returns how busy the system is.
func (s *System) Stats() (st Stats) {
	for i := range s.rooms {
		s.rooms[i].Lock()
		st.Actors += len(s.rooms[i].cells)
		s.rooms[i].Unlock()
	}
	st.Flowing = s.flow.flowing()
	return st
}

// Journal returns the journal that the system works on.
func (s *System) Journal() *journal.Journal { return s.config.Journal }

// Now returns the system's time.
func (s *System) Now() time.Time { return s.config.Now() }

// Stop lets everything that was accepted be finished, or until ctx is done,
// and stops the actors. The journal is closed; the engine is the caller's.
func (s *System) Stop(ctx context.Context) error {
	s.stopped.Store(true)
	err := s.flow.drain(ctx)
	s.flow.save()
	s.Kill()
	return err
}

// Kill stops everything at once, as a power cut would.
func (s *System) Kill() {
	s.stopped.Store(true)
	s.cancel()
	s.flow.close()
	s.config.Journal.Close()
	s.running.Wait()
	for i := range s.rooms {
		s.rooms[i].Lock()
		for _, c := range s.rooms[i].cells {
			s.actors.Root.Stop(c.pid)
		}
		s.rooms[i].cells = map[string]*cell{}
		s.rooms[i].Unlock()
	}
	s.actors.Shutdown()
	s.workers.close()
}
