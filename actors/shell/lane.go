package shell

import (
	"sync/atomic"

	"github.com/asynkron/protoactor-go/actor"
)

// A lane keeps the order of commands that are passed on to another actor.
//
// While all goes well it only counts. When the other actor refuses one and it
// comes back, whatever arrived after it must not overtake those that are still
// on their way back: it is parked until the lane is empty.
type lane struct {
	out     atomic.Int32 // passed on and neither answered nor taken back
	parking atomic.Bool
}

// returned is a command that the other actor did not take.
type returned struct {
	command any
	reply   func(Answer)
	back    bool // out of the lane: a turn that is decided again takes it once
}

// drained says that the lane is empty and what is parked may go.
type drained struct{}

func (l *lane) pass(ctx actor.Context, h *House, on Onward, reply func(Answer)) {
	l.out.Add(1)
	root, self := ctx.ActorSystem().Root, ctx.Self()
	h.Tell(on.Stream, on.Command, func(r Answer) {
		if r.Err != nil && on.Again != nil {
			if cmd, ok := on.Again(r.Err); ok {
				root.Send(self, &returned{command: cmd, reply: reply})
				return
			}
		}
		reply(r)
		if l.out.Add(-1) == 0 && l.parking.Load() {
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
