package shell_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
)

// A ledge is a disk on which snapshots wait until they may be kept.
type ledge struct {
	*disk
	keep chan struct{}
}

func (l *ledge) PutSnapshot(stream string, version uint64, body []byte) error {
	<-l.keep
	return l.disk.PutSnapshot(stream, version, body)
}

// proves G13: a state that can be copied is kept beside the actor, which goes
// on meanwhile; what is kept is the state as it was, and one at a time.
func TestG13_SnapshotsBeside(t *testing.T) {
	d := newDisk()
	m := machine(4, nil)
	m.Copy = func(s talk) talk {
		s.Said = slices.Clone(s.Said)
		return s
	}
	on(t, d, m, func(t *testing.T, s *stage) {
		l := &ledge{d, make(chan struct{})}
		s.house.Journal = l
		for i := range 10 { // two snapshots are due, and the first can't be kept yet
			s.tell(say{text: fmt.Sprint(i)})
		}
		if len(s.answers) != 10 {
			t.Errorf("%d of 10 were answered while the snapshot waited", len(s.answers))
		}
		close(l.keep)
		synctest.Wait()
		if v := d.snaps[stream].version; v != 4 {
			t.Errorf("the snapshot is of version %d, want 4", v)
		}
		s.tell(say{text: "10"}, say{text: "11"})
		if v := d.snaps[stream].version; v != 12 {
			t.Errorf("the next snapshot is of version %d, want 12", v)
		}
	})
	on(t, d, m, func(t *testing.T, s *stage) {
		s.wantSaid(t, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11")
	})
}
