package customers

import (
	"fmt"
	"maps"
	"testing"

	"crafttalkd/actors/event"
)

// changes reads on from a stamp, a few at a time. The stamps rise.
func (w *world) changes(a asker, after int64, into map[string]Change) (last int64, rise bool) {
	w.t.Helper()
	rise = true
	for {
		some, err := w.view.Changed(Question{Limit: 3, User: a.user, Sees: a.sees}, after)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, c := range some {
			rise = rise && c.Stamp > after
			into[c.ID], after = c, c.Stamp
		}
		if len(some) < 3 {
			return after, rise
		}
	}
}

// differs returns how what an asker keeps differs from what there is.
func (w *world) differs(a asker, kept map[string]Change) (wrong []string) {
	for _, p := range w.people {
		visible := false
		for _, q := range append([]*person{p}, p.absorbed...) {
			for _, c := range q.conversations {
				visible = visible || a.sees(c.center, &event.Routing{LineId: c.line})
			}
		}
		got, known := kept[p.id]
		switch {
		case visible && !known:
			wrong = append(wrong, p.id+" is missing")
		case p.erased && !p.part && len(p.absorbed) == 0 && visible && !got.Erased:
			wrong = append(wrong, p.id+" is not told to be erased")
		case visible && got.Into == "" && !p.part && !maps.Equal(got.Fields, p.fields):
			wrong = append(wrong, fmt.Sprintf("%s is %v, want %v", p.id, got.Fields, p.fields))
		case visible && p.part != (got.Into != ""):
			wrong = append(wrong, fmt.Sprintf("%s is part of %q", p.id, got.Into))
		}
	}
	return wrong
}

// proves AP-02: who goes on from stamp to stamp knows every customer that they may
// see as they are, whatever happens meanwhile, restarts of the view included.
func TestAP02_ChangesAreNotMissed(t *testing.T) {
	for _, tt := range []struct {
		fault fault
		whole bool
	}{{none, true}, {unstamped, false}} {
		var wrong []string
		for seed := range uint64(4) {
			w := newWorld(t, 40+seed, tt.fault)
			w.tells = true
			for range 20 {
				w.talks(w.born())
			}
			kept, after := map[asker]map[string]Change{}, map[asker]int64{}
			for step := range 150 {
				w.step()
				if step%10 == 3 {
					w.follow()
					for _, a := range askers {
						if kept[a] == nil {
							kept[a] = map[string]Change{}
						}
						var rise bool
						if after[a], rise = w.changes(a, after[a], kept[a]); !rise {
							wrong = append(wrong, "stamps do not rise")
						}
					}
				}
				if step%50 == 49 && tt.fault == none {
					w.follow()
					w.open()
				}
			}
			w.follow()
			for a := range kept {
				w.changes(a, after[a], kept[a])
				wrong = append(wrong, w.differs(a, kept[a])...)
			}
		}
		if (len(wrong) == 0) != tt.whole {
			t.Errorf("fault %d: %v", tt.fault, wrong)
		}
	}
}
