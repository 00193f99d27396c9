package intake

import (
	"errors"
	"testing"
	"time"
)

// proves CH-14: what waits is bounded in number and in time, and counted when
// nothing comes of it; what comes while somebody looks is not missed.
func TestCH14_WaitingIsBounded(t *testing.T) {
	w := &waiting{by: map[string][]*news{}}
	now, answered := time.Unix(0, 0), 0
	wait := func(key string, there func() bool) {
		w.settle(&news{key: key, until: now.Add(newsLast), bring: func(found func(bool, error)) { found(there(), nil) }},
			func(err error) {
				if answered++; err != nil {
					t.Error(err)
				}
			})
	}
	no := func() bool { return false }
	for range mostNews + 10 {
		wait("never", no)
	}
	if n, lost := w.count(); n != mostNews || lost != 10 || answered != mostNews+10 {
		t.Fatalf("%d wait, %d lost, %d answered", n, lost, answered)
	}
	w.expire(now.Add(newsLast))
	if n, _ := w.count(); n != mostNews {
		t.Errorf("%d wait after exactly their time, want all", n)
	}
	w.expire(now.Add(newsLast + 1))
	if n, lost := w.count(); n != 0 || lost != mostNews+10 || len(w.by) != 0 {
		t.Errorf("%d wait and %d are lost after their time", n, lost)
	}

	tries := 0
	wait("late", func() bool {
		if tries++; tries == 1 {
			w.wake("late") // it comes while the first look is under way
		}
		return tries > 1
	})
	if n, _ := w.count(); n != 0 || tries != 2 {
		t.Errorf("%d wait after %d looks", n, tries)
	}
	w.settle(&news{key: "x", bring: func(found func(bool, error)) { found(false, errors.New("broken")) }}, func(err error) {
		if err == nil {
			t.Error("a fault was not told")
		}
	})
	if n, _ := w.count(); n != 0 {
		t.Error("what was not taken waits")
	}
}
