package figures

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"crafttalkd/actors/event"
)

// year is a million finished conversations of a year, each of some messages.
func year(b *testing.B, size int) (*crowd, uint64) {
	b.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c := &crowd{rand: rand.New(rand.NewPCG(1, 2)), tests: map[string]bool{}, columns: NewColumns()}
	for i := range size {
		k := c.draw(fmt.Sprintf("%016x.%d", c.rand.Uint64(), i%3+1))
		shift := time.Duration(float64(i) / float64(size) * float64(364*day)).Truncate(time.Millisecond)
		k.Opened, k.Closed = k.Opened.Add(shift), k.Closed.Add(shift)
		for j := range k.Works {
			k.Works[j].Operator = fmt.Sprintf("operator%d", c.rand.IntN(300))
		}
		k.Line, k.Topic, k.Account = fmt.Sprintf("line%d", c.rand.IntN(20)), fmt.Sprintf("topic%d", c.rand.IntN(60)), fmt.Sprintf("account%d", c.rand.IntN(8))
		c.columns.Put(k, c.rand.IntN(100) == 0)
	}
	c.columns.Settle()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return c, after.HeapAlloc - before.HeapAlloc
}

// spent is the time that a core has worked for this thread: what a question takes
// of one, whoever else is at work on the machine.
func spent(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkG40_Million asks a million finished conversations for all figures, all
// charts and the table of operators, with filters drawn by chance.
func BenchmarkG40_Million(b *testing.B) {
	const size = 1_000_000
	c, bytes := year(b, size)
	everything := func(string, *event.Routing) bool { return true }
	whole := Filter{Closed: Span{begin, begin.AddDate(1, 0, 2)}}
	for name, filter := range map[string]func() Filter{"everything": func() Filter { return whole }, "chance": func() Filter {
		f := c.filter()
		if f.Closed = whole.Closed; c.rand.IntN(2) == 0 {
			f.Closed.From = begin.AddDate(0, c.rand.IntN(12), c.rand.IntN(30))
			f.Closed.To = f.Closed.From.AddDate(0, 0, 1+c.rand.IntN(90))
		}
		if f.Bar.To.IsZero() {
			f.Bar = Span{}
		}
		if f.Lines != nil {
			f.Lines = []string{"line1", "line2", "line3"}
		}
		if f.Operators != nil {
			f.Operators = []string{"operator7"}
		}
		return f
	}} {
		b.Run(name, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var took []time.Duration
			for b.Loop() {
				q := Question{Filter: filter(), Sees: everything, Step: 24 * time.Hour, Zone: zone(b, "Europe/Moscow")}
				at := spent(b)
				if _, err := c.columns.Count(q); err != nil {
					b.Fatal(err)
				}
				took = append(took, spent(b)-at)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(bytes)/size, "B/conversation")
		})
	}
}
