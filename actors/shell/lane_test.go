package shell_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"

	"crafttalkd/actors/shell"
	"crafttalkd/store/storetest"
)

// texts returns what was passed on to a stream.
func (s *stage) texts(stream string) (out []string) {
	for _, l := range s.passed {
		if l.stream == stream {
			out = append(out, l.text)
		}
	}
	return out
}

// answer lets the other actor answer the n'th letter.
func (s *stage) answer(n int, err error) {
	s.passed[n].reply(shell.Answer{Err: err, Stream: s.passed[n].stream, Version: uint64(n)})
	synctest.Wait()
}

func wantTexts(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("passed on %q, want %q", got, want)
	}
}

// proves G4: what the other actor sends back goes before what came after it.
func TestG4_ReturnedIsNotOvertaken(t *testing.T) {
	on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
		s.tell(turn{"a"}, goOn{text: "1"}, goOn{text: "2"}, goOn{text: "3"})
		wantTexts(t, s.texts("a"), "1", "2", "3")
		s.answer(0, errNo)
		s.tell(goOn{text: "4"})
		s.answer(1, errNo)
		s.answer(2, errNo)
		wantTexts(t, s.texts("a+"), "1", "2", "3")
		for i := 3; i < 6; i++ {
			s.answer(i, nil)
		}
		wantTexts(t, s.texts("a+"), "1", "2", "3", "4")
		s.answer(6, nil)
		if len(s.answers) != 5 {
			t.Errorf("%d answers, want 5", len(s.answers))
		}
		for _, a := range s.answers {
			if a.Err != nil {
				t.Errorf("answered %v", a.Err)
			}
		}
	})
}

// proves G2, G4: when the way changes, nobody goes the new one before those on
// the old one are answered; who comes back goes first.
func TestG2_NewWayWaitsForTheOld(t *testing.T) {
	on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
		s.tell(turn{"a"}, goOn{text: "1"}, goOn{text: "2"}, turn{"b"}, goOn{text: "3"}, goOn{text: "4"})
		wantTexts(t, s.texts("b"))
		s.answer(0, nil)
		wantTexts(t, s.texts("b"))
		s.answer(1, errNo)
		wantTexts(t, s.texts("b"), "2", "3", "4")
		s.tell(turn{"c"}, goOn{text: "5"}, turn{"b"}, goOn{text: "6"})
		s.answer(2, nil)
		s.answer(3, nil)
		wantTexts(t, s.texts("c"))
		s.answer(4, nil)
		wantTexts(t, s.texts("c"), "5")
		wantTexts(t, s.texts("b"), "2", "3", "4")
		s.answer(5, nil)
		wantTexts(t, s.texts("b"), "2", "3", "4", "6")
	})
}

// A refusal that nobody takes back is the answer.
func TestRefusedOnTheWay(t *testing.T) {
	on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
		s.tell(turn{"a"}, goOn{text: "1"})
		refused := fmt.Errorf("broken")
		s.answer(0, refused)
		if a := s.answers[1]; a.Err != refused || a.Stream != "a" {
			t.Errorf("answered %+v, want the other actor's fault", a)
		}
	})
}

// proves G4: whatever the others answer and however the way turns, what was
// accepted was accepted in the order in which it was asked.
func TestG4_AnyWayKeepsOrder(t *testing.T) {
	seed := storetest.Seed(t)
	for n := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, n))
		on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
			var accepted []string
			closed, answered, asked := map[string]bool{}, 0, 0
			s.tell(turn{"w"})
			for asked < 30 || answered < len(s.passed) {
				switch x := rng.IntN(10); {
				case x < 4 && asked < 30:
					s.tell(goOn{text: fmt.Sprint(asked)})
					asked++
				case x < 5 && asked < 30:
					s.tell(turn{fmt.Sprint("w", rng.IntN(3))})
				case answered < len(s.passed):
					l := s.passed[answered]
					closed[l.stream] = closed[l.stream] || rng.IntN(6) == 0
					if closed[l.stream] {
						s.answer(answered, errNo)
					} else {
						accepted = append(accepted, l.text)
						s.answer(answered, nil)
					}
					answered++
				}
			}
			for i, text := range accepted {
				if text != fmt.Sprint(i) {
					t.Fatalf("CRAFTTALK_SEED=%d, run %d: accepted %q", seed, n, accepted)
				}
			}
			if len(accepted) != 30 {
				t.Errorf("CRAFTTALK_SEED=%d, run %d: %d accepted, want 30", seed, n, len(accepted))
			}
		})
	}
}
