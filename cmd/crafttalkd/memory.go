package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// ballast makes the garbage collector wait until some 64 MiB more are in use
// than it otherwise would: with a small heap it would run many times a second
// under load. It is address space alone, never touched and never resident.
func ballast() []byte { return make([]byte, 64<<20) }

// boundMemory keeps the collector's soft limit a little above what is alive,
// until ctx is done. A password check takes 64 MiB in one piece, and by its
// usual rule the collector would let a handful of them lie about, each in
// memory newly asked for. Who sets GOMEMLIMIT has decided that already.
func boundMemory(ctx context.Context) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		metrics.Read(live)
		debug.SetMemoryLimit(memoryLimit(live[0].Value.Uint64()))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// memoryLimit is the limit with so many bytes alive, the ballast among them. It
// leaves room for half as much again and a password check, so that it never
// makes the collector run without end.
func memoryLimit(live uint64) int64 {
	const least, signIn = 384 << 20, 64 << 20
	return int64(max(least, live+live/2+signIn))
}
