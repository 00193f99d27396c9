package shell

import (
	"slices"
	"sync/atomic"

	"github.com/asynkron/protoactor-go/actor"
)

// A lane keeps the order of commands that are passed on to other actors.
//
// While all goes well it only counts. When the other actor refuses one and it
// comes back, whatever arrived after it must not overtake those that are still
// on their way back: it is parked until the lane is empty. And when the way
// leads to another actor than before, whatever goes there waits until those on
// the old way are answered: they are on disk then, or come back and go first.
type lane struct {
	out     atomic.Int32 // passed on and neither answered nor taken back
	parking atomic.Bool
	waits   atomic.Bool // held is not empty
	to      string      // where those that are out went
	held    []passing   // decided, and waiting for the old way to be empty
}

// passing is a command on its way to another actor.
type passing struct {
	Onward
	reply func(Answer)
	back  bool // it has been on the old way already
}

// returned is a command that the other actor did not take.
type returned struct {
	command any
	reply   func(Answer)
	back    bool // out of the lane: a turn that is decided again takes it once
}

// drained says that the lane is empty and what is parked or held may go.
type drained struct{}

// pass sends p on, or holds it behind those on another way. Of those held, who
// came back goes before who has only arrived since.
func (l *lane) pass(ctx actor.Context, h *House, p passing) {
	if len(l.held) == 0 && (l.out.Load() == 0 || l.to == p.Stream) {
		l.send(ctx, h, p)
		return
	}
	i := 0
	for i < len(l.held) && (l.held[i].back || !p.back) {
		i++
	}
	l.held = slices.Insert(l.held, i, p)
	l.waits.Store(true)
	l.release(ctx, h)
}

// release sends what is held, as far as the way is free.
func (l *lane) release(ctx actor.Context, h *House) {
	for len(l.held) > 0 && (l.out.Load() == 0 || l.to == l.held[0].Stream) {
		p := l.held[0]
		l.held = slices.Delete(l.held, 0, 1)
		l.waits.Store(len(l.held) > 0)
		l.send(ctx, h, p)
	}
}

func (l *lane) send(ctx actor.Context, h *House, p passing) {
	l.to = p.Stream
	l.out.Add(1)
	root, self := ctx.ActorSystem().Root, ctx.Self()
	h.Tell(p.Stream, p.Command, func(r Answer) {
		if r.Err != nil && p.Again != nil {
			if cmd, ok := p.Again(r.Err); ok {
				root.Send(self, &returned{command: cmd, reply: p.reply})
				return
			}
		}
		p.reply(r)
		if l.out.Add(-1) == 0 && (l.parking.Load() || l.waits.Load()) {
			root.Send(self, drained{})
		}
	})
}

// back takes a returned command out of the lane and parks what follows it.
func (l *lane) back(m *returned) {
	if m.back {
		return
	}
	m.back = true
	l.out.Add(-1)
	l.parking.Store(true)
}

// parked reports whether m has to wait.
func (l *lane) parked(m any) bool {
	if !l.parking.Load() {
		return false
	}
	if l.out.Load() == 0 {
		l.parking.Store(false)
		return false
	}
	_, back := m.(*returned)
	return !back
}
