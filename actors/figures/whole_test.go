package figures

import (
	"testing"
	"time"

	"crafttalkd/actors/event"
)

// proves G40: blocks that are added as a whole come to what a count by hand gives,
// after corrections too, beside blocks of which only a part is taken.
func TestG40_WholeBlocksAreWhatTheirRowsAre(t *testing.T) {
	c := newCrowd(11, 2*blockSize+100)
	c.columns.Settle()
	everybody := func(string, *event.Routing) bool { return true }
	wide := Span{begin.Add(-time.Hour), begin.AddDate(0, 0, 10)}
	added := 0
	for i := range 6 {
		q := Question{Filter: Filter{Closed: wide}, Sees: everybody, Step: []time.Duration{15 * time.Minute, time.Hour, day}[i%3],
			Zone: zone(t, []string{"Europe/Berlin", "Asia/Kathmandu"}[i%2])}
		switch i {
		case 3:
			q.Filter.Bar = Span{begin.Add(10 * time.Hour), begin.Add(11 * time.Hour)}
		case 4:
			q.Filter.Opened = Span{From: begin.Add(time.Hour)}
		case 5:
			q.Sees = func(_ string, r *event.Routing) bool { return r.LineId != "two" }
		}
		x := c.columns.Choose(Filter{Closed: q.Filter.Closed, Bar: q.Filter.Bar, Opened: q.Filter.Opened, Counted: new(true)}, q.Sees)
		for _, b := range c.columns.blocks {
			if b.whole != nil && x.wholly() && x.takesAll(b.whole) {
				added++
			}
		}
		c.compare(t, q)
		for range 30 {
			c.correct()
		}
		c.columns.SetTest(c.cases[i].ID, !c.tests[c.cases[i].ID])
		c.tests[c.cases[i].ID] = !c.tests[c.cases[i].ID]
		if i%2 == 0 {
			c.columns.Settle()
		}
	}
	if added != 5 {
		t.Errorf("%d blocks were added as a whole, want both twice, and one beside another that has changed since", added)
	}
}
