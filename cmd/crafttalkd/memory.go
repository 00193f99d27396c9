package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// ballast makes the garbage collector wait until some 64 MiB more are in use
// than it otherwise would: with a small heap it would run many times a second
// under load. It is address space alone, never touched and never resident.
func ballast() []byte { return make([]byte, ballastSize) }

const ballastSize = 64 << 20

// boundMemory keeps the collector's soft limit a little above what is alive,
// until stop is called. A password check takes 64 MiB in one piece, and by its
// usual rule the collector would let a handful of them lie about, each in
// memory newly asked for. What is alive is known anew after each collection, so
// that is when it looks. Who sets GOMEMLIMIT has decided that already.
func boundMemory() (stop func()) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	var stopped atomic.Bool
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var look func(held int64)
	look = func(held int64) {
		if stopped.Load() {
			return
		}
		metrics.Read(live)
		limit := memoryLimit(live[0].Value.Uint64())
		if limit < held-held/16 || limit > held+held/16 { // setting it stops the world
			debug.SetMemoryLimit(limit)
			held = limit
		}
		runtime.AddCleanup(new([16]byte), look, held)
	}
	look(0)
	return func() { stopped.Store(true) }
}

// memoryLimit is the limit with so many bytes alive, the ballast among them. It
// leaves room for half as much again as is resident of them, and at least for a
// password check and what is done meanwhile, so that it never makes the collector
// run without end.
func memoryLimit(live uint64) int64 {
	const least, room = 320 << 20, 96 << 20
	return int64(max(least, live+max(room, (live-min(live, ballastSize))/2)))
}
