package shell_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"crafttalkd/actors/shell"
)

// inRow sends commands one behind the other.
func (s *stage) inRow(r *shell.Row, cmds ...any) {
	for _, c := range cmds {
		s.system.Root.Send(s.pid, &shell.Request{Command: c, Row: r, Reply: func(a shell.Answer) { s.answers = append(s.answers, a) }})
	}
	synctest.Wait()
}

// proves G18: behind a request that met a fault nothing of its row is decided,
// in its own turn or a later one; a refusal is an answer like any other. Without
// a row everybody is decided, which shows that the test can see.
func TestG18_ARowStopsAtAFault(t *testing.T) {
	for name, tt := range map[string]struct {
		row    *shell.Row
		said   []string
		faults int
	}{
		"in a row": {new(shell.Row), []string{"a", "b"}, 3},
		"alone":    {nil, []string{"a", "b", "c", "d"}, 1},
	} {
		on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
			s.inRow(tt.row, say{text: "a"}, no{}, say{text: "b"}, fault{}, say{text: "c"})
			s.inRow(tt.row, say{text: "d"})
			s.wantSaid(t, tt.said...)
			if n := s.faulty(); n != tt.faults {
				t.Errorf("%s: %d faults, want %d", name, n, tt.faults)
			}
		})
	}
	on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
		row := new(shell.Row)
		s.slow = true
		s.inRow(row, say{text: "a"})
		s.inRow(row, say{text: "b"}) // waits for the turn of the first
		s.refuse = errors.New("the disk is elsewhere")
		s.slow = false
		s.release()
		synctest.Wait()
		s.wantSaid(t)
		if n := s.faulty(); n != 2 {
			t.Errorf("%d faults after a failed append, want 2", n)
		}
	})
}

// faulty counts the faults among the answers; the refusals of the test's machine
// are not among them.
func (s *stage) faulty() (n int) {
	for _, a := range s.answers {
		if a.Err != nil && !errors.Is(a.Err, errNo) {
			n++
		}
	}
	return n
}
