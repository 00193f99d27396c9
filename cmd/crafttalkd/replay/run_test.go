package replay

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

const traffic = "../../../testdata/traffic"

// healthy checks a report of a run in which nothing went wrong.
func healthy(t *testing.T, r Report, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if r.Sent == 0 || r.Acked != r.Sent || r.Delivered != r.Sent || r.Faults() != 0 || r.Refused != 0 {
		t.Errorf("the report of a good run is %+v", r)
	}
	if r.Ack.P50 <= 0 || r.EndToEnd.P50 <= 0 || r.Assign.P50 <= 0 || r.Ack.P50 > r.Ack.P999 {
		t.Errorf("latencies %+v %+v %+v", r.Ack, r.EndToEnd, r.Assign)
	}
	if r.CPU == nil || r.RSS == nil || *r.RSS != 1<<20 {
		t.Errorf("the server's own measures are missing: %+v", r)
	}
}

func TestRate(t *testing.T) {
	f := newFake(t)
	o := f.options(t, traffic)
	o.Rate, o.Duration = 400, 500*time.Millisecond
	r, err := Run(t.Context(), o)
	healthy(t, r, err)
	if r.Sent != 200 || r.Replies != 200/answerEvery || f.replies != 200/answerEvery || f.closed != 5 {
		t.Errorf("%d sent, %d replies of %d, %d conversations closed", r.Sent, r.Replies, f.replies, f.closed)
	}
	text := f.streams[f.anyConversation()][1].GetMessageReceived().Content.Text
	if strings.Contains(text, "-1-1") || text == "" {
		t.Errorf("the text sent is %q", text)
	}
}

func (f *fake) anyConversation() string {
	for c := range f.streams {
		return c
	}
	return ""
}

func TestEveryRecordingIsPlayed(t *testing.T) {
	f := newFake(t)
	dialogs, err := Read([]string{traffic})
	if err != nil {
		t.Fatal(err)
	}
	o := f.options(t, traffic)
	o.Speed, o.Duration, o.MarkMessages = 100_000, time.Minute, true
	r, err := Run(t.Context(), o)
	healthy(t, r, err)
	var theirs, ours int
	for _, d := range dialogs {
		for _, m := range d.Messages {
			if m.From == operator {
				ours++
			} else {
				theirs++
			}
		}
	}
	if int(r.Sent) != theirs || f.replies != ours {
		t.Errorf("%d of %d messages and %d of %d replies were played", r.Sent, theirs, f.replies, ours)
	}
	if len(f.open) != 0 || f.closed < len(dialogs) {
		t.Errorf("%d conversations are left open, %d closed", len(f.open), f.closed)
	}
	for _, facts := range f.streams {
		for _, fact := range facts {
			if m := fact.GetMessageReceived(); m != nil && !strings.HasSuffix(m.Content.Text, m.ExternalId) {
				t.Fatalf("message %s says %q, without its mark", m.ExternalId, m.Content.Text)
			}
		}
	}
}

// A second run finds what the first has made: languages keep what others have
// called them, operators get a new password.
func TestASecondRun(t *testing.T) {
	f := newFake(t)
	f.revisions["languages/ru"] = 3
	o := f.options(t, traffic)
	o.Speed, o.Duration = 100_000, time.Minute
	for range 2 {
		r, err := Run(t.Context(), o)
		healthy(t, r, err)
	}
	if ru, user := f.revisions["languages/ru"], f.revisions["users/replay-1"]; ru != 3 || user != 2 {
		t.Errorf("the language was put %d times, the operator %d times", ru-3, user)
	}
}

// A server that is cut off in the middle, after keeping a message and before
// answering, loses and doubles nothing for a resilient player.
func TestResilient(t *testing.T) {
	for name, speed := range map[string]float64{"rate": 0, "speed": 100_000} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.cut = 60
			o := f.options(t, traffic)
			o.Speed, o.Rate, o.Duration, o.Resilient = speed, 400, 500*time.Millisecond, true
			if speed > 0 {
				o.Rate, o.Duration = 0, time.Minute
			}
			r, err := Run(t.Context(), o)
			healthy(t, r, err)
			if int(r.Sent) != len(f.taken) {
				t.Errorf("%d sent, %d kept", r.Sent, len(f.taken))
			}
			if speed == 0 && f.resumed != o.Customers {
				t.Errorf("%d of %d visitors named what they had", f.resumed, o.Customers)
			}
		})
	}
}

func TestWithoutResilienceALossIsTheEnd(t *testing.T) {
	f := newFake(t)
	f.cut = 60
	o := f.options(t, traffic)
	o.Rate, o.Duration = 400, time.Minute
	if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "socket") {
		t.Errorf("the run ended with %v", err)
	}
}

// Each thing that a server may do wrong is found, and named rightly.
func TestDeliberateFaults(t *testing.T) {
	kept := map[string]*wire.Entry{}
	for _, c := range []struct {
		name  string
		wrong func(e *wire.Entry) []*wire.Entry
		found func(r Report) bool
	}{
		{"an entry twice", func(e *wire.Entry) []*wire.Entry {
			return []*wire.Entry{e, e}
		}, func(r Report) bool { return r.Duplicated > 0 && r.Lost == 0 && r.Reordered == 0 }},
		{"a message is not sent on", func(e *wire.Entry) []*wire.Entry {
			if m := e.Fact.GetMessageReceived(); m != nil && strings.HasSuffix(m.ExternalId, "-7") {
				return nil
			}
			return []*wire.Entry{e}
		}, func(r Report) bool { return r.Lost == 5 && r.Delivered == r.Acked-5 && r.Reordered > 0 }},
		{"two entries change places", func(e *wire.Entry) []*wire.Entry {
			if e.Version == 5 {
				kept[e.Stream] = e
				return nil
			}
			if e.Version == 6 {
				return []*wire.Entry{e, kept[e.Stream]}
			}
			return []*wire.Entry{e}
		}, func(r Report) bool { return r.Reordered > 0 && r.Lost == 0 && r.Duplicated == 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			f.wrong = c.wrong
			o := f.options(t, traffic)
			o.Rate, o.Duration, o.Drain = 400, 200*time.Millisecond, 100*time.Millisecond
			r, err := Run(t.Context(), o)
			if err != nil || !c.found(r) {
				t.Errorf("the report is %+v, %v", r, err)
			}
		})
	}
}

func TestRefusedMessagesAreNotLost(t *testing.T) {
	f := newFake(t)
	f.refuse = 10
	o := f.options(t, traffic)
	o.Rate, o.Duration = 400, 100*time.Millisecond
	r, err := Run(t.Context(), o)
	if err != nil || r.Refused != 1 || r.Acked != r.Sent-1 || r.Faults() != 0 {
		t.Errorf("the report is %+v, %v", r, err)
	}
}

// A customer whose message is refused gives up, and the dialog is closed.
func TestARefusedCustomerGivesUp(t *testing.T) {
	f := newFake(t)
	f.refuse = 2
	o := f.options(t, write(t, "one.jsonl", `{"id":"a","language":"en","topic":"x","messages":[{"from":"customer","text":"1"},{"from":"customer","text":"2"},{"from":"customer","text":"3"},{"from":"operator","text":"4"}]}`))
	o.Speed, o.Duration = 100_000, time.Minute
	r, err := Run(t.Context(), o)
	if err != nil || r.Sent != 2 || r.Refused != 1 || r.Faults() != 0 || f.closed != 1 {
		t.Errorf("the report is %+v, %v; %d closed", r, err, f.closed)
	}
}

// Latency counts from the planned time: messages that leave a second late are
// a second old when they are acknowledged, however fast that was.
func TestWaitingToSendIsLatency(t *testing.T) {
	f := newFake(t)
	o, err := f.options(t, traffic).filled()
	if err != nil {
		t.Fatal(err)
	}
	o.Rate, o.Duration = 1000, 100*time.Millisecond
	p := newPlayer(o)
	p.ledger, p.stage.token = newLedger(p.stage.run, 4), "user:admin"
	ctx, end := p.begin(t.Context())
	defer end()
	visitors, err := p.visitors(ctx, "a", 4)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.feed(ctx, visitors, []*Message{{Text: "hi"}}, p.now()-time.Second); err != nil {
		t.Fatal(err)
	}
	if err := p.until(ctx, func() bool { return p.ledger.acked.Load() == 100 }); err != nil {
		t.Fatal(err)
	}
	if r := p.ledger.report(time.Second, measure{}, measure{}); r.Acked != 100 || r.Ack.P50 < 900 {
		t.Errorf("%d messages sent a second late were acknowledged after %v ms", r.Acked, r.Ack.P50)
	}
}

// What an interrupted run has left does not take the places of the next one.
func TestLeftoversAreClosed(t *testing.T) {
	f := newFake(t)
	f.open["old"] = "old.1"
	f.append("old.1", &event.ConversationOpened{ConversationId: "old.1", CustomerId: "old"})
	f.append("old.1", &event.ConversationAssigned{OperatorId: "replay-1"})
	f.keepers["old.1"] = "replay-1"
	o := f.options(t, traffic)
	o.Rate, o.Duration = 400, 50*time.Millisecond
	r, err := Run(t.Context(), o)
	healthy(t, r, err)
	if len(f.open) != 0 || len(f.keepers) != 0 {
		t.Errorf("open: %v, kept: %v", f.open, f.keepers)
	}
}

func TestWebhooksAreTaken(t *testing.T) {
	r, err := newReceiver()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { r.run(ctx) })
	defer wg.Wait()
	defer cancel()
	for i, headers := range []http.Header{{}, {"Webhook-Id": {"1"}, "Webhook-Signature": {"v1,x"}}} {
		req, err := http.NewRequest("POST", r.url(), strings.NewReader(`{"type":"message.sent"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = headers
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if want := [...]int{400, 204}[i]; resp.StatusCode != want || r.got.Load() != int64(i) {
			t.Errorf("%v: status %d, %d taken", headers, resp.StatusCode, r.got.Load())
		}
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	f := newFake(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	o := f.options(t, traffic)
	o.Rate, o.Duration = 100, time.Hour
	r, err := Run(ctx, o)
	if err == nil {
		t.Errorf("a run that was ended reports %+v and no error", r)
	}
}

func TestWhatCannotBePlayedIsSaid(t *testing.T) {
	f := newFake(t)
	for _, c := range []struct {
		name string
		set  func(o *Options)
		want string
	}{
		{"no server", func(o *Options) { o.URL = "localhost" }, "not the address"},
		{"wrong password", func(o *Options) { o.Password = "wrong" }, "sign in"},
		{"no such file", func(o *Options) { o.Files = []string{"none.jsonl"} }, "none.jsonl"},
		{"too many customers", func(o *Options) { o.Rate, o.Customers = 1, 301 }, "can't serve 301"},
		{"less than zero", func(o *Options) { o.Rate = -1 }, "less than zero"},
	} {
		o := f.options(t, traffic)
		c.set(&o)
		if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want something about %q", c.name, err, c.want)
		}
	}
}

func TestIdle(t *testing.T) {
	f := newFake(t)
	o := f.options(t)
	o.Customers, o.Duration = 20, 50*time.Millisecond
	r, err := Idle(t.Context(), o)
	if err != nil || r.Sockets != 20 || r.RSS == nil || *r.RSS != 0 || r.CPU == nil || *r.CPU <= 0 {
		t.Errorf("Idle = %+v, %v", r, err)
	}
	if f.visitors != 20 || f.said != 0 {
		t.Errorf("%d visitors said %d messages", f.visitors, f.said)
	}
	var text bytes.Buffer
	if r.WriteText(&text) != nil || !strings.Contains(text.String(), "20 idle sockets") {
		t.Errorf("the text is %q", text.String())
	}
}
