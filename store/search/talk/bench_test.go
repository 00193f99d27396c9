package talk

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/blugelabs/bluge"
)

var (
	manyTalks = flag.Int("conversations", 2000, "how many conversations the benchmark makes, of ten messages each")
	talksDir  = flag.String("index", "", "where the benchmark keeps its index for another run; nowhere if empty")
)

// A center makes conversations up: ten messages each, over a year, of 60,000 words
// by a law of Zipf. One word is in a sixth of all messages.
type center struct {
	rand *rand.Rand
	zipf *rand.Zipf
	n    int
}

const everywhere = "посылка"

func newCenter(n int) *center {
	r := rand.New(rand.NewPCG(1, 1))
	return &center{r, rand.NewZipf(r, 1.1, 8, 59_999), n}
}

func (c *center) word(n uint64) string {
	roots := []string{"заказ", "карт", "плат", "достав", "возврат", "ключ", "тариф", "счет", "перевод", "order", "limit", "refund"}
	letters := "бвгдклмнпрст"
	w := roots[n%uint64(len(roots))]
	for m := n / uint64(len(roots)); m > 0; m /= 12 {
		w += string([]rune(letters)[m%12]) + "о"
	}
	return w + []string{"", "а", "ами", "у"}[c.rand.IntN(4)]
}

func (c *center) message() string {
	var out []string
	for range 6 + c.rand.IntN(18) {
		out = append(out, c.word(c.zipf.Uint64()))
	}
	if c.rand.IntN(6) == 0 {
		out[c.rand.IntN(len(out))] = everywhere
	}
	return strings.Join(out, " ")
}

// row is the n'th conversation, in the order of opening.
func (c *center) row(n int) *talked {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return &talked{id: fmt.Sprintf("%016x.%d", uint64(n)*0x9E3779B97F4A7C15, 1+n%3), opened: from.Add(time.Duration(int64(365*24*time.Hour) / int64(c.n) * int64(n)))}
}

// fill writes all conversations, as they come when an index is made anew.
func (c *center) fill(b *testing.B, x *Index) {
	var docs []*bluge.Document
	month := ""
	write := func() {
		if len(docs) == 0 {
			return
		}
		m, err := x.month(month, true)
		if err == nil {
			err = m.write(docs)
		}
		if err != nil {
			b.Fatal(err)
		}
		docs = docs[:0]
	}
	for n := range c.n {
		row := c.row(n)
		s := &Speech{ID: row.id, Opened: row.opened}
		for range 10 {
			s.Lines = append(s.Lines, Line{Text: c.message()})
		}
		if name := monthOf(row.opened); name != month || len(docs) == atOnce {
			write()
			month = name
		}
		doc, _ := x.clerk.document(s)
		docs = append(docs, doc)
	}
	write()
}

// BenchmarkHistory measures how long the first page takes and what the index
// costs. Who searches is one goroutine; the conversations come in order from
// memory, as they do from the columns.
func BenchmarkHistory(b *testing.B) {
	dir := *talksDir
	if dir == "" {
		dir = b.TempDir()
	}
	x, err := Open(dir, secret, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	c := newCenter(*manyTalks)
	if x.Fresh() != "" {
		start, cpu := time.Now(), cpuTime()
		c.fill(b, x)
		took, used := time.Since(start), cpuTime()-cpu
		b.Logf("%d conversations written in %s, %.0f/s, %s of CPU each, %d bytes each on disk", c.n, took.Round(time.Second),
			float64(c.n)/took.Seconds(), (used / time.Duration(c.n)).Round(time.Microsecond), sizeOf(b, dir)/int64(c.n))
	}
	x.ready.Store(true)
	rows := make([]*talked, c.n)
	for n := range rows {
		rows[c.n-1-n] = c.row(n)
	}
	lastMonth, _ := slices.BinarySearchFunc(rows, rows[0].opened.AddDate(0, -1, 0), func(r *talked, at time.Time) int { return at.Compare(r.opened) })
	for _, bench := range []struct {
		name string
		text func() string
	}{
		{"a sixth of messages", func() string { return everywhere }},
		{"any word", func() string { return c.word(c.zipf.Uint64()) }},
		{"rare word", func() string { return c.word(20_000 + c.rand.Uint64N(40_000)) }},
		{"two words", func() string { return c.word(c.zipf.Uint64()) + " " + c.word(c.zipf.Uint64()) }},
		{"frequent without frequent", func() string { return everywhere + " -" + c.word(c.rand.Uint64N(5)) }},
		{"phrase", func() string { return `"` + c.word(c.zipf.Uint64()) + " " + c.word(c.zipf.Uint64()) + `"` }},
		{"no such word", func() string { return fmt.Sprint("ничего", c.rand.Uint64()) }},
	} {
		for _, sees := range []int{1, 50} {
			b.Run(fmt.Sprintf("%s/last month/sees 1 in %d", bench.name, sees), func(b *testing.B) { firstPages(b, x, rows[:lastMonth], sees, bench.text) })
			b.Run(fmt.Sprintf("%s/all time/sees 1 in %d", bench.name, sees), func(b *testing.B) { firstPages(b, x, rows, sees, bench.text) })
		}
	}
	b.Run("days of the last month", func(b *testing.B) { pages(b, x, rows[:lastMonth], 1, len(rows), func() string { return everywhere }) })
}

func firstPages(b *testing.B, x *Index, rows []*talked, sees int, text func() string) {
	pages(b, x, rows, sees, 50, text)
}

func pages(b *testing.B, x *Index, rows []*talked, sees, most int, text func() string) {
	var took []time.Duration
	found := 0
	for b.Loop() {
		start := time.Now()
		words, err := Parse(text())
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, err := range Among(context.Background(), x, words, every(rows, sees), place) {
			if err != nil {
				b.Fatal(err)
			}
			if n++; n == most {
				break
			}
		}
		found += n
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(found)/float64(len(took)), "found")
}

// every yields one of so many rows: those that an asker sees.
func every(rows []*talked, sees int) func(func(*talked) bool) {
	return func(yield func(*talked) bool) {
		for i := 0; i < len(rows); i += sees {
			if !yield(rows[i]) {
				return
			}
		}
	}
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func sizeOf(b *testing.B, dir string) (size int64) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		if err == nil {
			size += i.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return size
}
