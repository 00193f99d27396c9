package teacher

import (
	"fmt"
	"testing"
	"time"
)

// TestCounts looks at who is told which count: where counting is quick, the one
// of this moment, and where it is slow, the last one, while the next is made.
func TestCounts(t *testing.T) {
	inSchool(t, func(s *school) {
		s.writes(bank)
		if l := s.teacher.State().Languages; len(l) != 1 || l[0].Fresh != 0 {
			t.Errorf("right after the training there is news: %+v", l)
		}
		choices := func() int {
			w, err := s.teacher.Week()
			if err != nil {
				t.Fatal(err)
			}
			return w.Choices
		}
		for i := range 3 {
			s.chooses(fmt.Sprintf("anna.%d", i), "где карта", "lost")
			if n := choices(); n != i+1 {
				t.Fatalf("counted are %d choices of %d", n, i+1)
			}
		}
		if l := s.teacher.State().Languages; len(l) != 1 || l[0].Fresh != 3 {
			t.Errorf("beside what was learnt %+v is known", l)
		}
		slow := func() {
			s.teacher.count.mu.Lock()
			defer s.teacher.count.mu.Unlock()
			s.teacher.count.last.took = time.Second
		}
		slow()
		s.chooses("boris.1", "где карта", "lost")
		if n := choices(); n != 3 {
			t.Errorf("who asks has waited for a slow count: %d", n)
		}
		s.passes(time.Minute) // nobody counts too often
		if n := choices(); n != 3 {
			t.Errorf("counted are %d choices, and nobody had asked", n)
		}
		s.passes(time.Second)
		if n := choices(); n != 4 {
			t.Errorf("counted are %d choices of 4", n)
		}
		r, ok, err := s.teacher.Review("ru")
		if err != nil || !ok || r.Examples["lost"] != len(bank["lost"])+4 || r.Examples["loan"] != len(bank["loan"]) {
			t.Errorf("examples are %v, %v", r.Examples, err)
		}
		s.passes(8 * 24 * time.Hour)
		if n := choices(); n != 0 {
			t.Errorf("after a week there are %d choices left", n)
		}
	})
}
