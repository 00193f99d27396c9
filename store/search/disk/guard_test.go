package disk

import (
	"testing"
	"testing/synctest"
	"time"
)

// The guard counts deaths in a row, and forgives who lives on.
func TestKB09_DeathsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		work := func(died int) *Guard {
			g, err := NewGuard(dir)
			if err != nil || g.died != died {
				t.Fatalf("%+v, %v, want %d deaths", g, err, died)
			}
			if err := g.Working(); err != nil {
				t.Fatal(err)
			}
			return g
		}
		die := func(g *Guard) { g.timer.Stop() }
		die(work(0))
		g := work(1)
		time.Sleep(watched / 2)
		if err := g.Working(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(watched / 2)
		die(g)
		if g = work(2); !g.Condemned() {
			t.Error("two deaths do not condemn")
		}
		time.Sleep(watched + time.Second)
		work(0).Condemn()
		time.Sleep(watched + time.Second)
		if g = work(mostDeaths); !g.Condemned() {
			t.Error("what was condemned is forgiven")
		}
		g.Rest()
		work(0).Rest()
	})
}
