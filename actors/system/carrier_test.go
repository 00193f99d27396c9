package system_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/event"
	"crafttalkd/store"
)

// A gate is an engine that keeps the appends of one stream waiting while it is
// shut, and can refuse them.
type gate struct {
	store.Engine
	stream string

	mu      sync.Mutex // guards what follows
	shut    bool
	waiting []func(error)
}

func (g *gate) Submit(a *store.Append, done func(store.Receipt, error)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if a.Stream != g.stream || !g.shut {
		g.Engine.Submit(a, done)
		return
	}
	g.waiting = append(g.waiting, func(err error) {
		if err != nil {
			done(store.Receipt{}, err)
			return
		}
		g.Engine.Submit(a, done)
	})
}

// open lets what waits pass, or refuses it.
func (g *gate) open(err error) {
	g.mu.Lock()
	waiting := g.waiting
	g.shut, g.waiting = false, nil
	g.mu.Unlock()
	for _, f := range waiting {
		f(err)
	}
}

// entered returns who entered the line, in order.
func (n *node) entered(t *testing.T, line string) (out []string) {
	t.Helper()
	for e, err := range n.Journal().Durable(event.QueueStream+line, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := e.Event.(*event.QueueEntered); ok {
			out = append(out, e.ConversationId)
		}
	}
	return out
}

// proves G18: what follows from events reaches each actor in their order, also
// when an append fails while more is under way.
func TestG18_FaultsKeepTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g *gate
		n := startOn(t, vfs.NewMem(), func(e store.Engine) store.Engine {
			g = &gate{Engine: e, stream: "queue/help"}
			return g
		})
		defer n.stop(t)
		n.center(t)
		var want []string
		for round := range 3 {
			g.mu.Lock()
			g.shut = true
			g.mu.Unlock()
			for i := range 5 {
				who := fmt.Sprintf("c%d%d", round, i)
				if _, err := n.write(t, who, "1", "Hello"); err != nil {
					t.Fatal(err)
				}
				want = append(want, who+".1")
				settle() // it has arrived at the line, whose first append is waiting
			}
			g.open([]error{errors.New("the disk is elsewhere"), nil, errors.New("and again")}[round])
			settle()
			settle()
			settle() // the commands that met the fault are sent again after a while
		}
		if got := n.entered(t, "help"); !slices.Equal(got, want) {
			t.Errorf("they entered as %v, want %v", got, want)
		}
		if f := n.Flowing(); f != 0 {
			t.Errorf("%d commands are still under way", f)
		}
	})
}
