package intake_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/store/keys"
	"crafttalkd/transport/intake"
	"crafttalkd/transport/live/livetest"
)

// A learner is a channel that reads kept updates, and may have learnt to.
type learner struct {
	t      *testing.T
	server *livetest.Server
	came   time.Time     // when the updates came
	asked  chan struct{} // if not nil, it says that it is asked to read
	may    chan struct{} // and waits until it may
	odd    string        // why it does not understand
	lost   error         // what happens before a message is brought in
	late   error         // and after
}

// newLearner is a channel with an error queue, where an update of Anna's was
// kept three days ago.
func newLearner(t *testing.T) (l *learner, f *intake.Failures, id string, keysLeft func() int) {
	l = &learner{t: t, server: livetest.Start(t, livetest.Options{}), came: time.Now().AddDate(0, 0, -3).Truncate(time.Millisecond)}
	f, table := newFailures(t)
	f.Now, f.Reread, f.Retry = func() time.Time { return l.came }, l.reread, l.server.Door.Receive
	if err := f.KeepRaw("bot", "gift", []byte("a gift of Anna's")); err != nil {
		t.Fatal(err)
	}
	list, err := f.List()
	if err != nil || len(list) != 1 {
		t.Fatalf("the queue is %+v, %v", list, err)
	}
	return l, f, list[0].ID, func() (n int) {
		for row, err := range table.Scan(keys.Table, "raw-") {
			if err == nil && len(row.Value) > 2 {
				n++
			}
		}
		return n
	}
}

func (l *learner) reread(ctx context.Context, account string, raw []byte, came time.Time) (channels.Reading, error) {
	if account != "bot" || string(raw) != "a gift of Anna's" || !came.Equal(l.came) {
		l.t.Errorf("%s is to read %q, which came %v", account, raw, came)
	}
	if l.asked != nil {
		select {
		case l.asked <- struct{}{}:
			<-l.may
		case <-ctx.Done():
			return channels.Reading{}, ctx.Err()
		}
	}
	odd, lost, late := l.odd, l.lost, l.late
	if odd != "" || lost != nil {
		return channels.Reading{Odd: odd}, lost
	}
	m := message("anna", "7", "A gift for you")
	m.Came = came
	k, err := receive(l.t, l.server.Door, m)
	return channels.Reading{Failed: k.Failed}, errors.Join(err, late)
}

// does sets what happens from now on.
func (l *learner) does(odd string, lost, late error) {
	l.odd, l.lost, l.late = odd, lost, late
}

// sent are the times when Anna's messages were sent.
func (l *learner) sent() (out []time.Time) {
	for _, e := range l.server.Facts(event.ConversationStream + l.server.Master.CustomerID("bot", "anna") + ".1") {
		if m, ok := e.(*event.MessageReceived); ok {
			out = append(out, m.SentAt.AsTime())
		}
	}
	return out
}

// proves G5, MN-09: what nobody understood is in the queue until its channel
// understands it: with the reason of the last try, at the time when it came. Then
// it is a message of that time, and gone from the queue with its key.
func TestG5_ReadAgain(t *testing.T) {
	l, f, id, keysLeft := newLearner(t)
	busy := refusal.New(refusal.Busy, "not now")
	for _, step := range []struct {
		name   string
		odd    string
		lost   error
		kind   refusal.Kind
		reason string
	}{
		{"as odd as before", "nobody understands an update of the kind gift", nil, refusal.Conflict, "nobody understands an update of the kind gift"},
		{"odd in another way", "the text is too long", nil, refusal.Conflict, "the text is too long"},
		{"not now", "", busy, refusal.Busy, "the text is too long"},
		{"a fault", "", errors.New("the disk is full"), 0, "the text is too long"},
		{"the channel is off", "", refusal.New(refusal.Denied, "the channel is switched off"), refusal.Conflict, "the text is too long"},
	} {
		l.does(step.odd, step.lost, nil)
		if err := f.Again(t.Context(), id); err == nil || refusal.KindOf(err) != step.kind {
			t.Errorf("%s: Again = %v, want %v", step.name, err, step.kind)
		}
		list, err := f.List()
		if err != nil || len(list) != 1 || list[0].ID != id || list[0].Reason != step.reason || !list[0].At.Equal(l.came) || list[0].Raw != "gift" {
			t.Fatalf("%s: the queue is %+v, %v", step.name, list, err)
		}
	}
	if raw, err := f.Raw(id); err != nil || string(raw) != "a gift of Anna's" {
		t.Errorf("what was kept is %q now, %v", raw, err)
	}
	l.does("", nil, nil)
	if err := f.Again(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if list, err := f.List(); err != nil || len(list) > 0 || keysLeft() > 0 {
		t.Errorf("the queue is %+v, %v, with %d keys", list, err, keysLeft())
	}
	if sent := l.sent(); len(sent) != 1 || !sent[0].Equal(l.came) {
		t.Errorf("messages were sent %v, want one, %v", sent, l.came)
	}
	if err := f.Again(t.Context(), id); refusal.KindOf(err) != refusal.NotFound {
		t.Errorf("Again of what is gone = %v", err)
	}
}

// proves G2, G5: whoever presses twice, at once or after a crash that fell between
// the message and the end of the failure, finds the message once. Who is second at
// once is told so.
func TestG5_ReadAgainTwice(t *testing.T) {
	l, f, id, _ := newLearner(t)
	l.does("", nil, errors.New("the process ended here"))
	for range 2 {
		if err := f.Again(t.Context(), id); err == nil {
			t.Error("the process did not end")
		}
	}
	if list, err := f.List(); err != nil || len(list) != 1 || len(l.sent()) != 1 {
		t.Errorf("after the crash the queue is %+v, %v, and %d messages are in", list, err, len(l.sent()))
	}
	l.does("", nil, nil)
	l.asked, l.may = make(chan struct{}), make(chan struct{})
	first := make(chan error)
	go func() { first <- f.Again(t.Context(), id) }()
	<-l.asked
	hasty, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Again(hasty, id); refusal.KindOf(err) != refusal.Conflict {
		t.Errorf("while one presses, the other gets %v", err)
	}
	close(l.may)
	if err := <-first; err != nil {
		t.Error(err)
	}
	if list, err := f.List(); err != nil || len(list) > 0 || len(l.sent()) != 1 {
		t.Errorf("the queue is %+v, %v, and %d messages are in", list, err, len(l.sent()))
	}
}

// proves MN-09, G4: a message that could not be processed is one of the time when
// it came, however long it waited and however often it failed.
func TestMN09_RetriedAtItsTime(t *testing.T) {
	l, f, id, _ := newLearner(t)
	if err := f.Discard(id); err != nil {
		t.Fatal(err)
	}
	m := message("anna", "7", "Hello")
	m.SentAt = l.came.Add(-time.Hour)
	home, reason := l.server.Master.CustomerID("bot", "anna"), errors.New("the disk is full")
	if err := f.Keep(home, "m1", m, reason); err != nil {
		t.Fatal(err)
	}
	f.Retry = func(_ context.Context, m channels.Inbound, done func(channels.Kept, error)) {
		f.Now = time.Now
		done(channels.Kept{Failed: true}, f.Keep(home, "m1", m, errors.New("still full")))
	}
	if err := f.Again(t.Context(), "m1"); refusal.KindOf(err) != refusal.Conflict {
		t.Errorf("Again = %v", err)
	}
	if list, err := f.List(); err != nil || len(list) != 1 || !list[0].At.Equal(l.came) || list[0].Reason != "still full" {
		t.Errorf("the queue is %+v, %v", list, err)
	}
	f.Retry = l.server.Door.Receive
	if err := f.Again(t.Context(), "m1"); err != nil {
		t.Fatal(err)
	}
	if sent := l.sent(); len(sent) != 1 || !sent[0].Equal(m.SentAt) {
		t.Errorf("messages were sent %v, want one, %v", sent, m.SentAt)
	}
}
