package replay

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// A Report is what a run found out.
type Report struct {
	Sent       int64     `json:"sent"`           // customers' messages
	Acked      int64     `json:"acked"`          // of them, those the server said it has
	Delivered  int64     `json:"delivered"`      // of them, those that reached an operator's socket
	Lost       int64     `json:"lost"`           // acknowledged, and reached nobody in the time left at the end
	Duplicated int64     `json:"duplicated"`     // kept twice, or sent twice to one socket
	Reordered  int64     `json:"reordered"`      // out of the customer's order, or after a hole
	Ack        Quantiles `json:"ack_ms"`         // from the planned time to the acknowledgement
	EndToEnd   Quantiles `json:"e2e_ms"`         // from the planned time to the operator's socket
	Assign     Quantiles `json:"assign_ms"`      // from a conversation's first acknowledgement to its operator
	Replies    int64     `json:"replies"`        // operators' messages that the server said it has
	CPU        *float64  `json:"cpu_s_per_1000"` // for 1000 that it said it has, Acked and Replies together
	RSS        *int64    `json:"rss_bytes"`      // of the server, at the end; nil where it does not tell
	Refused    int64     `json:"refused"`
	Seconds    float64   `json:"seconds"` // while messages were sent
	Rate       float64   `json:"rate"`    // customers' messages acknowledged in a second
	Ended      time.Time `json:"-"`       // when the last message was sent
}

// Quantiles of a latency, in milliseconds.
type Quantiles struct {
	P50  float64 `json:"p50"`
	P90  float64 `json:"p90"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p999"`
}

// Faults counts what must never happen.
func (r Report) Faults() int64 { return r.Lost + r.Duplicated + r.Reordered }

// WriteJSON writes the report as one object on one line.
func (r Report) WriteJSON(w io.Writer) error { return json.NewEncoder(w).Encode(r) }

// WriteText writes the report for people.
func (r Report) WriteText(w io.Writer) error {
	if err := r.WriteOutcome(w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "the server: %s\n", r.server())
	return err
}

// WriteOutcome writes what became of the messages. It leaves out what they cost
// the server: a few messages beside its start tell nothing of it.
func (r Report) WriteOutcome(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "sent\tacked\tdelivered\trefused\tlost\tduplicated\treordered\t\n")
	fmt.Fprintf(t, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n\n", r.Sent, r.Acked, r.Delivered, r.Refused, r.Lost, r.Duplicated, r.Reordered)
	fmt.Fprintf(t, "ms\tp50\tp90\tp99\tp99.9\t\n")
	for _, q := range []struct {
		name string
		q    Quantiles
	}{{"ack", r.Ack}, {"end to end", r.EndToEnd}, {"assign", r.Assign}} {
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.2f\t%.2f\t\n", q.name, q.q.P50, q.q.P90, q.q.P99, q.q.P999)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%.1f messages/s for %.1f s\n", r.Rate, r.Seconds)
	return err
}

func (r Report) server() string {
	if r.CPU == nil || r.RSS == nil {
		return "does not tell its CPU and memory"
	}
	return fmt.Sprintf("%.3f s of CPU for 1000 of %d messages kept (%d customers', %d operators'), %.1f MiB resident",
		*r.CPU, r.Acked+r.Replies, r.Acked, r.Replies, float64(*r.RSS)/(1<<20))
}

// report reads the ledger. Messages were sent for the time; before and after
// are the server's own measures.
func (l *ledger) report(sending time.Duration, before, after measure) Report {
	r := Report{
		Sent: l.sent.Load(), Acked: l.acked.Load(), Delivered: l.delivered.Load(), Refused: l.refused.Load(),
		Replies: l.replied.Load(), Lost: l.lost(), Duplicated: l.duplicated.Load(), Reordered: l.reordered.Load(),
		Seconds: sending.Seconds(),
	}
	if sending > 0 {
		r.Rate = float64(r.Acked) / sending.Seconds()
	}
	ack, seen := histogram(), histogram()
	for i := range l.lanes {
		a := &l.lanes[i]
		a.mu.Lock()
		for _, m := range a.marks {
			record(ack, m.planned, m.acked)
			record(seen, m.planned, m.seen)
		}
		a.mu.Unlock()
	}
	r.Ack, r.EndToEnd, r.Assign = quantiles(ack), quantiles(seen), quantiles(l.assignTimes())
	if after.ok {
		r.RSS = &after.rss
	}
	if n := r.Acked + r.Replies; before.ok && after.ok && n > 0 {
		cpu := (after.cpu - before.cpu) / float64(n) * 1000
		r.CPU = &cpu
	}
	return r
}

// assignTimes counts from the acknowledgement of the message that began the
// conversation; an operator who was told before it was acknowledged counts as
// told at once.
func (l *ledger) assignTimes() *hdr.Histogram {
	h := histogram()
	l.mu.Lock()
	defer l.mu.Unlock()
	for o, at := range l.assigns {
		m, unlock := l.mark(o.lane, o.n)
		if m != nil && m.acked != 0 {
			record(h, m.acked, max(at, m.acked))
		}
		unlock()
	}
	return h
}

const longestLatency = 10 * time.Minute

func histogram() *hdr.Histogram { return hdr.New(1, longestLatency.Microseconds(), 3) }

// record records the time between two moments, unless the second never came.
func record(h *hdr.Histogram, from, to time.Duration) {
	if to != 0 {
		h.RecordValue(min(max((to-from).Microseconds(), 1), longestLatency.Microseconds()))
	}
}

func quantiles(h *hdr.Histogram) Quantiles {
	ms := func(q float64) float64 { return float64(h.ValueAtQuantile(q)) / 1000 }
	return Quantiles{ms(50), ms(90), ms(99), ms(99.9)}
}
