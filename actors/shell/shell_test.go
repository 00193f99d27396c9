package shell_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/store"
)

// proves G32: nobody hears anything that is not on disk, and what comes while
// the disk works is kept with one append.
func TestG32_AnswersAfterTheDisk(t *testing.T) {
	on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
		s.slow = true
		s.tell(say{text: "0"})
		var more []any
		for i := range 10 {
			more = append(more, say{text: fmt.Sprint(i + 1)})
		}
		s.tell(more...)
		s.system.Root.Send(s.pid, &shell.Look{Do: func(state any, n uint64, _ error) {
			if n != 11 {
				t.Errorf("a look sees version %d, want 11", n)
			}
		}})
		synctest.Wait()
		if len(s.answers) > 0 || len(s.appends) != 1 {
			t.Fatalf("%d answers and %d appends before the disk, want 0 and 1", len(s.answers), len(s.appends))
		}
		s.release()
		synctest.Wait()
		if len(s.answers) != 1 || len(s.appends) != 2 || len(s.appends[1].Events) != 10 {
			t.Fatalf("%d answers, %d appends after the first sync; want 1 and 2, the second of ten events", len(s.answers), len(s.appends))
		}
		s.release()
		synctest.Wait()
		for i, a := range s.answers {
			if a.Err != nil || a.Version != uint64(i+1) || a.Stream != stream || a.Repeated {
				t.Errorf("answer %d is %+v", i, a)
			}
		}
		if len(s.answers) != 11 {
			t.Errorf("%d answers, want 11", len(s.answers))
		}
	})
}

// proves G2: a key is used once in its shard, however it comes again.
func TestG2_UniqueOnce(t *testing.T) {
	d := newDisk()
	elsewhere := "customer/bob"
	if store.ShardOf(elsewhere) == store.ShardOf(stream) {
		t.Fatal("the two streams share a shard; choose others")
	}
	d.keys[keyIn(elsewhere, "far")] = store.Receipt{Version: 7}
	d.keys[keyIn(stream, "near")] = store.Receipt{Version: 5} // of another stream of the shard
	for _, tt := range []struct {
		name string
		cmds []any
		said []string
	}{
		{"in one turn", []any{say{text: "a", key: "k1"}, say{text: "b", key: "k1"}}, []string{"a"}},
		{"in another stream of the shard", []any{say{text: "c", key: "near"}, say{text: "d"}}, []string{"d"}},
		{"in another shard", []any{say{text: "e", key: "far", before: []string{elsewhere}}}, nil},
		{"in the shard of somebody's kin", []any{say{text: "i", key: "far", kin: []string{"customer/carol"}}}, nil},
		{"before it is decided", []any{say{text: "j", key: "first:far", before: []string{elsewhere}}}, nil},
		{"in another shard that nobody names", []any{say{text: "f", key: "far"}}, []string{"f"}},
		{"of its own", []any{say{text: "g", key: "./x"}, say{text: "h", key: "./x"}}, []string{"g"}},
	} {
		on(t, d, machine(0, nil), func(t *testing.T, s *stage) {
			had := len(d.entries[stream])
			for range 2 { // the second time in a turn of its own
				s.tell(tt.cmds...)
				for i, a := range s.answers {
					if a.Err != nil {
						t.Errorf("%s: answer %d: %v", tt.name, i, a.Err)
					}
				}
			}
			var got []string
			for _, e := range d.entries[stream][had:] {
				got = append(got, apply(talk{}, e.Event).Said...)
			}
			want := tt.said
			if tt.said != nil && tt.said[0] == "d" {
				want = []string{"d", "d"} // it has no key
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: kept %q, want %q", tt.name, got, want)
			}
			if last := s.answers[len(s.answers)-1]; tt.said == nil && (!last.Repeated || last.Version != 7) {
				t.Errorf("%s: answered %+v, want repeated at 7", tt.name, last)
			}
		})
	}
	if _, ok := d.keys[keyIn(stream, stream+"/x")]; !ok {
		t.Errorf("a key of the stream's own is not kept under its name: %v", d.keys)
	}
}

// A refusal is an answer and keeps nothing; a machine that panics has done
// nothing, and the next command is as good as ever.
func TestPanicInDecide(t *testing.T) {
	on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
		s.tell(say{text: "a"}, fault{}, no{}, say{text: "b"}, "not a command of the machine")
		for i, want := range []string{"", "fault", "refusal", "", "fault"} {
			err := s.answers[i].Err
			got := map[bool]string{true: "refusal", false: "fault"}[refusal.KindOf(err) != 0]
			if err == nil {
				got = ""
			}
			if got != want {
				t.Errorf("answer %d is %v, want a %q", i, err, want)
			}
		}
		s.wantSaid(t, "a", "b")
	})
}

// A panic in Apply leaves the state in doubt: nothing of the turn is kept, and
// the state is read anew.
func TestPanicInApply(t *testing.T) {
	live := true
	on(t, newDisk(), machine(0, &live), func(t *testing.T, s *stage) {
		s.tell(say{text: "a"})
		reads := s.reads
		s.slow = true
		s.tell(say{text: "b"})
		s.slow = false
		s.tell(say{text: "c"}, say{text: bomb}, say{text: "d"})
		s.release()
		synctest.Wait()
		if s.answers[1].Err != nil {
			t.Errorf("the turn before: %v", s.answers[1].Err)
		}
		for _, a := range s.answers[2:] {
			if a.Err == nil {
				t.Error("a command in the turn of the panic was answered as done")
			}
		}
		s.wantSaid(t, "a", "b")
		if s.reads != reads+1 {
			t.Errorf("the state was read %d times, want once", s.reads-reads)
		}
		s.tell(say{text: "e"})
		s.wantSaid(t, "a", "b", "e")
	})
}

// An append that is refused has not happened: those who asked hear of it, and
// the state is read anew, what another writer kept included.
func TestG46_RefusedAppend(t *testing.T) {
	for _, refused := range []error{store.ErrConflict, store.ErrFenced, errors.New("the disk is broken")} {
		on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
			s.tell(say{text: "a"})
			s.refuse = refused
			s.tell(say{text: "b"})
			if err := s.answers[1].Err; !errors.Is(err, refused) {
				t.Errorf("answer is %v, want %v", err, refused)
			}
			s.mu.Lock()
			another := s.entries[stream][0]
			another.Version = 2
			s.entries[stream] = append(s.entries[stream], another)
			s.mu.Unlock()
			s.tell(say{text: "c"})
			if a := s.answers[2]; a.Err != nil || a.Version != 3 {
				t.Errorf("the next answer is %+v, want version 3", a)
			}
			s.wantSaid(t, "a", "a", "c")
		})
	}
}

// proves G25, G26: every append carries the alarm, a ring that changes nothing
// sets it again, and the house hears of it once it is on disk.
func TestG25_AlarmIsSetAgain(t *testing.T) {
	on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
		due := time.Now().Add(time.Hour)
		s.slow = true
		s.tell(arm{due})
		if len(s.alarms) > 0 {
			t.Error("the house heard of the alarm before it was kept")
		}
		s.release()
		synctest.Wait()
		s.slow = false
		if len(s.alarms) != 1 || !s.alarms[0].Equal(due) || !s.appends[0].Alarm.Equal(due) {
			t.Fatalf("alarms %v, appended %v, want %v", s.alarms, s.appends[0].Alarm, due)
		}
		early := due.Add(-time.Minute)
		s.system.Root.Send(s.pid, shell.Ring{At: early}) // one that has moved since
		synctest.Wait()
		if n := len(s.alarms); n != 2 || !s.alarms[1].Equal(due) {
			t.Errorf("after a ring that is over: %v, want %v once more", s.alarms, due)
		}
		s.clock = time.Hour
		s.system.Root.Send(s.pid, shell.Ring{At: due})
		synctest.Wait()
		if last := s.appends[len(s.appends)-1]; !last.Alarm.IsZero() || len(last.Events) != 1 {
			t.Errorf("after the ring: %d events and alarm %v, want one and none", len(last.Events), last.Alarm)
		}
	})
}

// proves G27: a ring that comes while the clock is behind its time, because it
// jumped back, is not forgotten.
func TestG28_RingBeforeItsTime(t *testing.T) {
	on(t, newDisk(), machine(0, nil), func(t *testing.T, s *stage) {
		due := time.Now().Add(time.Hour)
		s.tell(arm{due})
		s.system.Root.Send(s.pid, shell.Ring{At: due})
		synctest.Wait()
		if n := len(s.alarms); n != 2 || !s.alarms[n-1].Equal(due) {
			t.Errorf("the house was told of %v, want %v again", s.alarms, due)
		}
	})
}

// proves G13: a snapshot every so many events, and the state made of it and of
// what came after; one of another version is not believed.
func TestG13_Snapshots(t *testing.T) {
	d := newDisk()
	on(t, d, machine(4, nil), func(t *testing.T, s *stage) {
		for i := range 10 {
			s.tell(say{text: fmt.Sprint(i)})
		}
	})
	if v := d.snaps[stream].version; v != 8 {
		t.Fatalf("the snapshot is of version %d, want 8", v)
	}
	all := []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}
	on(t, d, machine(4, nil), func(t *testing.T, s *stage) { s.wantSaid(t, all...) })

	other, err := shell.Encode(3, talk{Said: []string{"by the snapshot"}})
	if err != nil {
		t.Fatal(err)
	}
	d.snaps[stream] = snap{other, 8}
	on(t, d, machine(4, nil), func(t *testing.T, s *stage) { s.wantSaid(t, "by the snapshot", "8", "9") })

	for name, body := range map[string][]byte{"another version": []byte(`{"Version":2,"State":{"Said":["old"]}}`), "no snapshot": []byte(`{`)} {
		d.snaps[stream] = snap{body, 8}
		t.Log(name)
		on(t, d, machine(4, nil), func(t *testing.T, s *stage) { s.wantSaid(t, all...) })
	}
}
