package main

import (
	"math"
	"testing"
)

// proves G6: the limit bounds what garbage takes, and never comes so near to
// what is alive that the collector would run all the time.
func TestG6_MemoryLimitFollows(t *testing.T) {
	for _, live := range []uint64{0, 64 << 20, 200 << 20, 1 << 30, 20 << 30} {
		limit := memoryLimit(live)
		if float64(limit) < 1.5*float64(live) || limit > int64(math.Max(384<<20, 1.5*float64(live)+(64<<20))) {
			t.Errorf("with %d MiB alive the limit is %d MiB", live>>20, limit>>20)
		}
	}
}
