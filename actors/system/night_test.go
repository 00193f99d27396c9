package system_test

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// proves G27, G25: conversations whose customers fell silent before a night's
// downtime are closed in the morning, each once, none before its time, in the
// order in which they were due, a limited number in a second, while new work
// goes on. CRAFTTALK_OVERDUE=100000 is the long run.
func TestG27_AfterTheNight(t *testing.T) {
	n := 5000
	if text := os.Getenv("CRAFTTALK_OVERDUE"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		const downtime = 8 * time.Hour
		fs := vfs.NewMem()
		evening := start(t, fs)
		evening.center(t)
		j, began := evening.Journal(), time.Now()
		due := func(i int) time.Time {
			return began.Add(time.Hour + (downtime-time.Hour)*time.Duration(i)/time.Duration(n))
		}
		silence(t, j, n, due)
		settle()
		evening.stop(t)
		time.Sleep(downtime)

		woke := time.Now()
		morning := start(t, fs)
		defer morning.stop(t)
		time.Sleep(100 * time.Millisecond)
		if o := morning.Overdue(); o.Waiting < n/2 || o.Late < downtime/2 {
			t.Errorf("100 ms after the start %+v", o)
		}
		if _, err := morning.write(t, "anna", "1", "Good morning"); err != nil {
			t.Errorf("new work: %v", err)
		}
		if took := time.Since(woke); took > time.Second {
			t.Errorf("new work waited %v", took)
		}
		time.Sleep(time.Duration(n/4000)*time.Second + 5*time.Second)
		settle()
		checkClosed(t, morning.Journal(), n, due)
		if o := morning.Overdue(); o.Waiting > 0 {
			t.Errorf("at last %+v", o)
		}
	})
}

// silence opens n conversations whose customers fall silent. The last one to be
// due is the first one written, so that the order is the alarms' own.
func silence(t *testing.T, j *journal.Journal, n int, due func(int) time.Time) {
	t.Helper()
	var kept sync.WaitGroup
	for i := n - 1; i >= 0; i-- {
		id, at := fmt.Sprintf("c%d.1", i), timestamppb.New(due(i).Add(-time.Hour))
		kept.Add(1)
		j.Append(journal.Append{Stream: event.ConversationStream + id, Alarm: due(i), Events: []event.Event{
			&event.ConversationOpened{At: at, ConversationId: id, CustomerId: fmt.Sprint("c", i), AccountId: "site", CenterId: "shop",
				Routing: &event.Routing{LineId: "help"}, Policy: &event.Policy{Silence: &event.SilencePolicy{CloseAfter: durationpb.New(time.Hour)}}},
			&event.ConversationQueued{At: at, Turn: 1, Routing: &event.Routing{LineId: "help"}},
			&event.ConversationAssigned{At: at, Turn: 2, OperatorId: "maria", LineId: "help"},
			&event.MessageSent{At: at, MessageId: "m", OperatorId: "maria", AccountId: "site", Turn: 2},
		}}, func(_ store.Receipt, err error) {
			if err != nil {
				t.Error(err)
			}
			kept.Done()
		})
	}
	kept.Wait()
}

// checkClosed reads the journal for what became of the silent.
func checkClosed(t *testing.T, j *journal.Journal, n int, due func(int) time.Time) {
	t.Helper()
	times, perSecond := make([]time.Time, n), map[int64]int{}
	for i := range n {
		for e, err := range j.Events(fmt.Sprintf("%sc%d.1", event.ConversationStream, i), 0) {
			if err != nil {
				t.Fatal(err)
			}
			closed, ok := e.Event.(*event.ConversationClosed)
			if !ok {
				continue
			}
			if !times[i].IsZero() || closed.Cause != event.Cause_SILENCE {
				t.Errorf("conversation %d is closed again, or for another cause: %v", i, closed)
			}
			times[i] = closed.At.AsTime()
			perSecond[times[i].Unix()]++
		}
		switch {
		case times[i].IsZero():
			t.Fatalf("conversation %d is not closed", i)
		case times[i].Before(due(i)):
			t.Errorf("conversation %d is closed %v early", i, due(i).Sub(times[i]))
		case i > 0 && times[i].Before(times[i-1].Add(-time.Second/20)):
			t.Errorf("conversation %d is closed %v before the one that was due first", i, times[i-1].Sub(times[i]))
		}
	}
	for at, count := range perSecond {
		if count > 5500 {
			t.Errorf("%d are closed in second %d", count, at)
		}
	}
	if most := max(2, n/5500); len(perSecond) < most-1 {
		t.Errorf("all are closed within %d seconds", len(perSecond))
	}
}
