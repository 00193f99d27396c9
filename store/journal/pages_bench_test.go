package journal

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/store"
)

// conversations appends whole conversations of ten facts each, with words in them.
func conversations(b *testing.B, j *Journal, n int) {
	var all sync.WaitGroup
	for i := range n {
		var facts []event.Event
		for k := range 10 {
			facts = append(facts, filled([]event.Kind{11, 13}[k%2]))
		}
		facts[0] = filled(10)
		all.Add(1)
		j.Append(Append{Stream: fmt.Sprintf("conversation/c%d.1", i), Events: facts}, func(_ store.Receipt, err error) {
			if err != nil {
				b.Error(err)
			}
			all.Done()
		})
	}
	all.Wait()
}

// cpu returns how long the process has computed.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkCatchUp is nine followers who have the whole log before them, each
// alone and all together. An operation is one fact for all nine.
func BenchmarkCatchUp(b *testing.B) {
	for name, f := range map[string]fault{"alone": lonesome, "together": none} {
		b.Run(name, func(b *testing.B) {
			j := open(b)
			j.pages.fault = f
			const many = 20_000
			conversations(b, j, many)
			end, begun := j.Now(), cpu()
			for facts := 0; facts < b.N; facts += 10 * many {
				var running sync.WaitGroup
				for i := range 9 {
					running.Go(func() {
						at := Places{}
						err := j.Follow(fmt.Sprint(i), at, func(batch []Entry) error {
							for _, e := range batch {
								at[e.Shard] = e.Position
							}
							if at == end {
								return errEnough
							}
							return nil
						})
						if !errors.Is(err, errEnough) {
							b.Error(err)
						}
					})
				}
				running.Wait()
			}
			rounds := (b.N + 10*many - 1) / (10 * many)
			b.ReportMetric(float64((cpu()-begun).Nanoseconds())/float64(rounds*10*many), "cpu-ns/fact")
			b.ReportMetric(float64(j.pages.begun)/float64(rounds), "pages/round")
		})
	}
}
