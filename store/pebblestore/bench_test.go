package pebblestore

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"crafttalkd/store"
)

// BenchmarkAppend is one event of 300 bytes with one key and an alarm that
// moves, from several writers of whom each waits for its own, as actors do.
// bare is a loop that commits the event alone to Pebble, to compare with.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16, 256, 2048} {
		b.Run(fmt.Sprintf("store/%d", writers), func(b *testing.B) { benchmarkStore(b, writers) })
		b.Run(fmt.Sprintf("bare/%d", writers), func(b *testing.B) { benchmarkBare(b, writers) })
	}
}

func benchmarkStore(b *testing.B, writers int) {
	var syncs atomic.Int64
	s := open(b, b.TempDir(), Options{FS: counting(&syncs)})
	start := time.Now()
	measure(b, writers, func(writer int) func(i int) {
		answer := make(chan error, 1)
		done := func(_ store.Receipt, err error) { answer <- err }
		a := store.Append{Stream: fmt.Sprintf("conversation/customer-%d.1", writer), Events: [][]byte{make([]byte, 300)}, Keys: []string{""}}
		return func(i int) {
			binary.BigEndian.PutUint64(a.Events[0], uint64(i))
			a.Keys[0] = fmt.Sprintf("telegram/1/%d-%d", writer, i)
			a.Alarm = start.Add(time.Hour + time.Duration(i)*time.Second)
			s.Submit(&a, done)
			if err := <-answer; err != nil {
				b.Error(err)
			}
			a.Expect++
		}
	})
	b.ReportMetric(float64(syncs.Load())/float64(b.N), "syncs/op")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRate is ten thousand appends a second that arrive by chance, with and
// without gathering them.
func BenchmarkRate(b *testing.B) {
	for _, gather := range []time.Duration{time.Nanosecond, time.Millisecond} {
		b.Run(gather.String(), func(b *testing.B) {
			var syncs atomic.Int64
			s := open(b, b.TempDir(), Options{Gather: gather, FS: counting(&syncs)})
			took := make([]time.Duration, b.N)
			var wg sync.WaitGroup
			wg.Add(b.N)
			b.ResetTimer()
			before, next := cpu(), time.Now()
			for i := range b.N {
				next = next.Add(time.Duration(rand.ExpFloat64() * float64(100*time.Microsecond)))
				time.Sleep(time.Until(next))
				a := &store.Append{
					Stream: fmt.Sprintf("conversation/%d.1", i%1000), Expect: uint64(i / 1000),
					Events: [][]byte{make([]byte, 300)}, Keys: []string{fmt.Sprint(i)}, Alarm: next.Add(time.Hour),
				}
				due := next
				s.Submit(a, func(_ store.Receipt, err error) {
					if took[i] = time.Since(due); err != nil {
						b.Error(err)
					}
					wg.Done()
				})
			}
			wg.Wait()
			report(b, took, cpu()-before)
			b.ReportMetric(float64(syncs.Load())/float64(b.N), "syncs/op")
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func benchmarkBare(b *testing.B, writers int) {
	s := Store{opts: Options{}}
	s.opts.setDefaults()
	s.fs = s.opts.FS
	db, err := pebble.Open(b.TempDir(), s.pebbleOptions())
	if err != nil {
		b.Fatal(err)
	}
	measure(b, writers, func(writer int) func(i int) {
		value := make([]byte, 300)
		return func(i int) {
			key := eventKey(nil, 0, fmt.Sprintf("conversation/customer-%d.1", writer), uint64(i))
			if err := db.Set(key, value, pebble.Sync); err != nil {
				b.Error(err)
			}
		}
	})
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

// measure shares b.N operations among the writers, and reports the CPU time
// that the process took for one and how long the slowest took.
func measure(b *testing.B, writers int, writer func(int) func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	before := cpu()
	for w := range writers {
		op := writer(w)
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= b.N {
					return
				}
				start := time.Now()
				op(i)
				took[i] = time.Since(start)
			}
		})
	}
	wg.Wait()
	report(b, took, cpu()-before)
}

func report(b *testing.B, took []time.Duration, used time.Duration) {
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(used.Microseconds())/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(took[b.N/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[b.N*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "op/s")
}

// counting returns the machine's file system, and counts its syncs.
func counting(syncs *atomic.Int64) vfs.FS {
	return errorfs.Wrap(vfs.Default, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData {
			syncs.Add(1)
		}
		return nil
	}))
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkOpen opens an empty store, and one of many events that was killed.
func BenchmarkOpen(b *testing.B) {
	for _, events := range []int{0, 200_000} {
		b.Run(fmt.Sprint(events), func(b *testing.B) {
			disk := vfs.NewCrashableMem()
			s := open(b, "store", Options{FS: disk})
			var wg sync.WaitGroup
			wg.Add(events)
			for i := range events {
				a := &store.Append{
					Stream: fmt.Sprintf("conversation/%d.1", i%5000), Expect: uint64(i / 5000),
					Events: [][]byte{make([]byte, 300)}, Keys: []string{fmt.Sprint(i)}, Alarm: time.Unix(int64(i+1), 0),
				}
				s.Submit(a, func(_ store.Receipt, err error) {
					if wg.Done(); err != nil {
						b.Error(err)
					}
				})
			}
			wg.Wait()
			killed := disk.CrashClone(vfs.CrashCloneCfg{})
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				b.StopTimer()
				again := killed.CrashClone(vfs.CrashCloneCfg{})
				b.StartTimer()
				s := open(b, "store", Options{FS: again})
				b.StopTimer()
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}
