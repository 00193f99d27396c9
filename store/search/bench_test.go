package search

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"crafttalkd/store/search/lexis"
)

// many is a large knowledge base.
const many = 50_000

// resident is what the process holds of the machine's memory, in MiB.
func resident(b *testing.B) float64 {
	runtime.GC()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kb float64
	if _, after, ok := strings.Cut(string(status), "VmRSS:"); ok {
		fmt.Sscanf(strings.TrimSpace(after), "%f", &kb)
	}
	return kb / 1024
}

// BenchmarkFiftyThousand tells what 50,000 articles cost: to index, to hold, to
// open, and how long questions take, by the clock: p50 and p99.
func BenchmarkFiftyThousand(b *testing.B) {
	dir := b.TempDir()
	w := newWriter(1, 40_000)
	x, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	x.Serve()
	start := time.Now()
	for i := 0; i < many; i += 250 {
		var batch []Change
		for j := range 250 {
			batch = append(batch, Change{Article: w.article(fmt.Sprintf("article%d", i+j), 80)})
		}
		if err := x.Apply(batch, 1); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("indexed in %v, resident %.0f MiB", time.Since(start), resident(b))
	if err := x.Close(); err != nil {
		b.Fatal(err)
	}
	x = nil
	runtime.GC()
	before := inUse()
	start = time.Now()
	if x, err = Open(dir); err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	x.Serve()
	b.Logf("opened in %v, %d MiB of heap, resident %.0f MiB, on disk %d MiB", time.Since(start), (inUse()-before)>>20, resident(b), onDisk(b, dir)>>20)

	sight := As(Reader{Centers: []string{"center1"}, Lines: []string{"line1", "line2"}, Skills: []string{"skill1", "skill2", "skill3"}, Languages: []string{"lang1"}})
	frequent := func() string { return spell(w.rand.IntN(20), 0) }
	for _, q := range []struct {
		name string
		ask  func() error
	}{
		{"suggest/one letter", func() error { _, err := x.Suggest(lexis.FirstRunes(w.word(), 1), nil, sight, 10); return err }},
		{"suggest/three letters", func() error { _, err := x.Suggest(lexis.FirstRunes(w.word(), 3), nil, sight, 10); return err }},
		{"suggest/two words", func() error {
			_, err := x.Suggest(w.word()+" "+lexis.FirstRunes(w.word(), 2), nil, sight, 10)
			return err
		}},
		{"suggest/typo", func() error { _, err := x.Suggest("ж"+w.word(), nil, sight, 10); return err }},
		{"search/any word", func() error { return ask(x, w.word(), sight) }},
		{"search/three words", func() error { return ask(x, w.text(3), sight) }},
		{"search/frequent word", func() error { return ask(x, frequent(), sight) }},
		{"search/frequent word by an editor", func() error { return ask(x, frequent(), Everything()) }},
		{"search/typo", func() error { return ask(x, "ж"+w.word(), sight) }},
		{"filter/three letters", func() error {
			_, _, err := x.Filter(Filter{Text: lexis.FirstRunes(w.word(), 3), Sight: Everything(), Limit: 10})
			return err
		}},
		{"filter/all by type", func() error {
			_, _, err := x.Filter(Filter{By: ByType, Sight: Everything(), Limit: 10, Offset: 1000})
			return err
		}},
		{"put one", func() error {
			return x.Apply([]Change{{Article: w.article(fmt.Sprintf("article%d", w.rand.IntN(many)), 80)}}, 1)
		}},
	} {
		b.Run(q.name, func(b *testing.B) { quantiles(b, q.ask) })
	}
}

func ask(x *Index, text string, s Sight) error {
	_, err := x.Search(Query{Text: text, Sight: s, Limit: 10})
	return err
}

// quantiles reports what a question takes: of the processors' time with the
// collector's share (cpu), of that of the thread that asks (own), which is what a quiet
// machine's clock would show of a suggestion, and by the clock.
func quantiles(b *testing.B, ask func() error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var took, own []time.Duration
	before := processor(syscall.RUSAGE_SELF)
	for b.Loop() {
		start, had := time.Now(), processor(thread)
		if err := ask(); err != nil {
			b.Fatal(err)
		}
		took, own = append(took, time.Since(start)), append(own, processor(thread)-had)
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(processor(syscall.RUSAGE_SELF)-before)/float64(len(took)), "cpu-ms")
	slices.Sort(took)
	slices.Sort(own)
	b.ReportMetric(ms(own[len(own)*99/100]), "p99-own-ms")
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
}

// thread is Linux's RUSAGE_THREAD.
const thread = 1

// processor is how much of the processors' time the process or the thread has had.
func processor(who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func onDisk(b *testing.B, dir string) (sum int64) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return sum
}
