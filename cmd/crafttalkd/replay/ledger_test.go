package replay

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

func TestIDs(t *testing.T) {
	l := newLedger("run", 20)
	if id := string(l.appendID(nil, 17, 3)); id != "run-17-3" {
		t.Errorf("the id is %q", id)
	}
	if lane, n, ok := l.parse("run-17-3"); lane != 17 || n != 3 || !ok {
		t.Errorf("parse = %d, %d, %v", lane, n, ok)
	}
	for _, other := range []string{"", "run", "run-1", "other-17-3", "run-20-1", "run--1-1", "run-1-0", "run-1-x", "run-reply-1-1", "run-1-5-reply"} {
		if _, _, ok := l.parse(other); ok {
			t.Errorf("parse takes %q for one of ours", other)
		}
	}
}

// ms is a moment of a test's clock.
func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// booked returns a ledger with a lane of n acknowledged messages, planned ten
// milliseconds apart and acknowledged one after.
func booked(n int) *ledger {
	l := newLedger("run", 1)
	for i := range n {
		at := ms(10 * (i + 1))
		l.ack(0, l.plan(0, at), at+ms(1))
	}
	return l
}

// see brings the shelf messages as versions of one stream: n at version v is
// {v, n}.
func (s *shelf) see(stream string, entries ...[2]int) {
	for _, e := range entries {
		if h := s.take(stream, uint64(e[0])); h != nil {
			s.message(h, uint64(e[0]), 0, e[1], ms(10*e[1]+3))
		}
	}
}

func TestChecker(t *testing.T) {
	type counts struct{ lost, duplicated, reordered, delivered int64 }
	for _, c := range []struct {
		name string
		do   func(a, b *shelf)
		want counts
	}{
		{"all is well", func(a, _ *shelf) { a.see("c", [2]int{1, 1}, [2]int{2, 2}, [2]int{3, 3}) }, counts{delivered: 3}},
		{"one is missing at the end", func(a, _ *shelf) { a.see("c", [2]int{1, 1}, [2]int{2, 2}) }, counts{lost: 1, delivered: 2}},
		{"a hole", func(a, _ *shelf) { a.see("c", [2]int{1, 1}, [2]int{3, 3}) }, counts{lost: 1, reordered: 1, delivered: 2}},
		{"the same entry twice", func(a, _ *shelf) { a.see("c", [2]int{1, 1}, [2]int{1, 1}, [2]int{2, 2}, [2]int{3, 3}) }, counts{duplicated: 1, delivered: 3}},
		{"one message kept twice", func(a, _ *shelf) { a.see("c", [2]int{1, 1}, [2]int{2, 2}, [2]int{3, 2}, [2]int{4, 3}) }, counts{duplicated: 1, delivered: 3}},
		{"one message in two conversations", func(a, b *shelf) {
			a.see("c", [2]int{1, 1}, [2]int{2, 2})
			b.see("d", [2]int{1, 2}, [2]int{2, 3})
		}, counts{duplicated: 1, delivered: 3}},
		{"out of the customer's order", func(a, _ *shelf) { a.see("c", [2]int{1, 2}, [2]int{2, 1}, [2]int{3, 3}) }, counts{reordered: 1, delivered: 3}},
		{"entries change places", func(a, _ *shelf) { a.see("c", [2]int{1, 1}, [2]int{3, 3}, [2]int{2, 2}) }, counts{reordered: 2, delivered: 3}},
		{"a late entry comes twice", func(a, _ *shelf) { a.see("c", [2]int{1, 1}, [2]int{3, 3}, [2]int{2, 2}, [2]int{2, 2}) }, counts{duplicated: 1, reordered: 2, delivered: 3}},
		{"transferred: it comes again to another operator", func(a, b *shelf) {
			a.see("c", [2]int{1, 1}, [2]int{2, 2})
			b.see("c", [2]int{1, 1}, [2]int{2, 2}, [2]int{3, 3})
		}, counts{delivered: 3}},
		{"gone and given again: it comes again from its beginning", func(a, _ *shelf) {
			a.see("c", [2]int{1, 1}, [2]int{2, 2})
			a.forget("c")
			a.see("c", [2]int{1, 1}, [2]int{2, 2}, [2]int{3, 3})
		}, counts{delivered: 3}},
		{"two conversations at two operators have no order", func(a, b *shelf) {
			b.see("d", [2]int{1, 3})
			a.see("c", [2]int{1, 1}, [2]int{2, 2})
		}, counts{delivered: 3}},
	} {
		l := booked(3)
		c.do(newShelf(l), newShelf(l))
		got := counts{l.lost(), l.duplicated.Load(), l.reordered.Load(), l.delivered.Load()}
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if l.settled() != (c.want.lost == 0) {
			t.Errorf("%s: settled is %v", c.name, l.settled())
		}
	}
}

// What was never acknowledged is not lost, and an acknowledgement that comes
// again moves nothing.
func TestOnlyAcknowledgedMessagesAreLost(t *testing.T) {
	l := booked(2)
	l.plan(0, ms(30))
	l.refuse(0, l.plan(0, ms(40)))
	l.ack(0, 1, ms(500))
	if l.lost() != 2 || l.acked.Load() != 2 || l.refused.Load() != 1 {
		t.Errorf("lost %d, acked %d, refused %d", l.lost(), l.acked.Load(), l.refused.Load())
	}
	if r := l.report(time.Second, measure{}, measure{}); r.Ack.P999 > 1.1 {
		t.Errorf("ack p99.9 is %v ms, want 1", r.Ack.P999)
	}
}

// The shape of the report is what scripts read: its keys never change.
func TestReport(t *testing.T) {
	l := booked(4)
	s := newShelf(l)
	s.see("c", [2]int{1, 1}, [2]int{2, 2}, [2]int{3, 3}, [2]int{4, 4})
	l.assign(0, 1, ms(16))
	l.assign(0, 1, ms(900)) // a later operator of the same conversation
	l.replied.Add(1)
	r := l.report(2*time.Second, measure{cpu: 1, rss: 5, ok: true}, measure{cpu: 1.5, rss: 1 << 21, ok: true})
	var out bytes.Buffer
	if err := r.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	out.WriteString("\n")
	if err := r.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile("testdata/report.txt")
	if err != nil || out.String() != string(golden) {
		t.Errorf("the report is\n%s\nwant\n%s%v", out.String(), golden, err)
	}
	var outcome strings.Builder
	if err := r.WriteOutcome(&outcome); err != nil || !strings.Contains(outcome.String(), "2.0 messages/s") || strings.Contains(outcome.String(), "CPU") {
		t.Errorf("what became of the messages is told as\n%s%v", outcome.String(), err)
	}
	var unmeasured map[string]any
	b, err := json.Marshal(l.report(0, measure{}, measure{}))
	if err != nil || json.Unmarshal(b, &unmeasured) != nil || unmeasured["rss_bytes"] != nil || unmeasured["rate"] != 0.0 {
		t.Errorf("without the server's measures and time: %s, %v", b, err)
	}
	keys := slices.Sorted(maps.Keys(unmeasured))
	want := "ack_ms acked assign_ms cpu_s_per_1000 delivered duplicated e2e_ms lost rate refused reordered replies rss_bytes seconds sent"
	if got := strings.Join(keys, " "); got != want {
		t.Errorf("the keys are %s, want %s", got, want)
	}
}

// The frame written by hand is the frame that the encoder writes.
func TestSayIsAFrame(t *testing.T) {
	for _, order := range []int64{1, 127, 128, 1 << 40} {
		c := &event.Content{Text: strings.Repeat("привет ", 40)}
		content, err := proto.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		got := &wire.FromClient{}
		if err := proto.Unmarshal(appendSay([]byte{}, uint64(order)+1, []byte("run-1-2"), content, order), got); err != nil {
			t.Fatal(err)
		}
		want := &wire.FromClient{Id: uint64(order) + 1, Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: "run-1-2", Content: c, Order: order}}}
		if !proto.Equal(got, want) {
			t.Errorf("the frame is %v, want %v", got, want)
		}
	}
}

func TestMeasuresAreRead(t *testing.T) {
	text := "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 12.5\nprocess_resident_memory_bytes 7.340032e+07\nother{a=\"b\"} 3\n"
	if m := readMeasure(strings.NewReader(text)); m != (measure{12.5, 70 << 20, true}) {
		t.Errorf("measure = %+v", m)
	}
	if m := readMeasure(strings.NewReader("process_cpu_seconds_total 1\n")); m.ok {
		t.Errorf("half a measure is taken: %+v", m)
	}
}

func TestBarIsForTerminals(t *testing.T) {
	l := booked(2)
	var out bytes.Buffer
	bar{w: &out}.show(t.Context(), func() float64 { return 0.5 }, l) // returns at once
	if out.Len() != 0 {
		t.Errorf("a bar was drawn where there is no terminal: %q", out.String())
	}
	b := bar{w: &out}
	b.draw(0.5, l)
	if want := "\r[" + strings.Repeat("#", 15) + strings.Repeat("-", 15) + "] sent 2, acknowledged 2, delivered 0"; out.String() != want {
		t.Errorf("the bar is %q, want %q", out.String(), want)
	}
}
