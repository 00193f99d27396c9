package bench_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"testing"

	history "crafttalkd/store/search/talk"
)

// BenchmarkIndexing is what the index of history costs a full house at work:
// 1,000 operators, 13,000 open conversations, 200 of them closed every second,
// each of which is written to the index within seconds, or isn't.
func BenchmarkIndexing(b *testing.B) {
	for _, indexed := range []bool{false, true} {
		b.Run(fmt.Sprintf("indexed=%v", indexed), func(b *testing.B) {
			f := newFloor(b, false)
			f.fill(b)
			ballast := make([]byte, 64<<20) // as the server has: see serve
			defer runtime.KeepAlive(ballast)
			if indexed {
				f.index(b)
			}
			_, took, used := f.turnOver(b, 200)
			b.ReportMetric(100*used.Seconds()/took.Seconds(), "cpu-%/core")
		})
	}
}

// index follows what is closed from now on, until the benchmark is over.
func (f *floor) index(b *testing.B) {
	secret := sha256.Sum256([]byte("secret"))
	x, err := history.Open(b.TempDir(), secret[:], f.sys.Journal())
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.Follow(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.Error(err)
		}
		if err := x.Close(); err != nil {
			b.Error(err)
		}
	})
}
