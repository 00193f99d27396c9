package history

import (
	"slices"
	"testing"
	"time"

	"crafttalkd/actors/figures"
)

// A walk is all pages of a list, one after the other, from any spot on, and much
// more than is looked up at a time.
func TestWalkIsAllPages(t *testing.T) {
	w := newWorld(t, 1, sound)
	for n := range 4*stride + 10 {
		opened := time.UnixMilli(int64(n/3) * 1000)
		w.view.columns.Put(&figures.Case{ID: "p." + time.Duration(n).String(), Customer: "p", Center: []string{"shop", "bank"}[n%2], Opened: opened, Closed: opened.Add(time.Hour)}, false)
	}
	w.view.known = true
	w.view.columns.Settle()
	q := Question{Order: figures.ByOpened, Sees: shopsOnly, Limit: mostFound}
	var want []string
	for page := q; ; {
		ids, next, err := w.view.IDs(page)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, ids...)
		if page.After = next; next == "" {
			break
		}
	}
	walk, err := w.view.Walk(q)
	if err != nil || len(want) != 2*stride+5 {
		t.Fatalf("%d, %v", len(want), err)
	}
	var got []string
	var middle Spot
	for s := range walk {
		if got = append(got, s.ID); len(got) == 1100 {
			middle = s
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("a walk has %d, the pages %d", len(got), len(want))
	}
	same, err := ParseSpot(middle.String())
	if err != nil || same.ID != middle.ID || !same.At.Equal(middle.At) {
		t.Errorf("%v is read as %v, %v", middle, same, err)
	}
	q.After = middle.String()
	if walk, err = w.view.Walk(q); err != nil {
		t.Fatal(err)
	}
	got = nil
	for s := range walk {
		got = append(got, s.ID)
	}
	if slices.Contains(want[:1024], middle.ID) {
		t.Error("the middle is at the beginning")
	}
	if at := slices.Index(want, middle.ID); !slices.Equal(got, want[at+1:]) {
		t.Errorf("from the middle on there are %d, want %d", len(got), len(want)-at-1)
	}
}
