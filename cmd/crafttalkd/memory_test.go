package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// proves G6: the limit bounds what garbage takes, and never comes so near to
// what is alive that the collector would run all the time.
func TestG6_MemoryLimitFollows(t *testing.T) {
	for _, live := range []uint64{0, 64 << 20, 200 << 20, 1 << 30, 20 << 30} {
		const signIn, least = 64 << 20, 320 << 20
		limit := memoryLimit(live)
		if limit < int64(live)+signIn || float64(limit) < 1.4*float64(live) || limit > max(least, int64(live+live/2+signIn)) {
			t.Errorf("with %d MiB alive the limit is %d MiB", live>>20, limit>>20)
		}
	}
}

// proves G6: a collection that finds more alive raises the limit, and one that
// finds less lowers it; after stop nothing does.
func TestG6_MemoryLimitIsSet(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	const least = 320 << 20
	stop := boundMemory()
	much := make([]byte, 512<<20)
	for debug.SetMemoryLimit(-1) <= least+least/16 {
		runtime.GC()
	}
	runtime.KeepAlive(much)
	for debug.SetMemoryLimit(-1) > least+least/16 {
		runtime.GC()
	}
	stop()
	much = make([]byte, 512<<20)
	for range 4 {
		runtime.GC()
	}
	if limit := debug.SetMemoryLimit(-1); limit > least+least/16 {
		t.Errorf("the limit is %d MiB after the end", limit>>20)
	}
	runtime.KeepAlive(much)
}
