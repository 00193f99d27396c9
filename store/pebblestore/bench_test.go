package pebblestore

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

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
	s, err := Open(b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
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
	if err := s.Close(); err != nil {
		b.Fatal(err)
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
	used := cpu() - before
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(used.Microseconds())/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(took[b.N/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[b.N*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "op/s")
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
