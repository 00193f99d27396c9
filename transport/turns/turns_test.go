package turns

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// A book tries each job until it has been tried often enough, a minute apart,
// two at once.
type book struct {
	news   chan int // jobs that somebody has brought
	left   map[int]int
	next   map[int]time.Time
	busy   int
	most   int
	noted  []int
	finish func()
}

func (b *book) Load() {
	for {
		select {
		case n := <-b.news:
			b.left[n], b.next[n] = n, time.Now()
		default:
			return
		}
	}
}

func (b *book) Begin(start func(func(context.Context) int)) {
	for n, at := range b.next {
		if b.busy < 2 && !time.Now().Before(at) {
			delete(b.next, n)
			b.busy++
			b.most = max(b.most, b.busy)
			start(func(ctx context.Context) int {
				select {
				case <-time.After(time.Second):
				case <-ctx.Done():
				}
				return n
			})
		}
	}
}

func (b *book) Note(n int) {
	b.busy--
	b.noted = append(b.noted, n)
	b.left[n]--
	if b.left[n] > 0 {
		b.next[n] = time.Now().Add(time.Minute)
		return
	}
	delete(b.left, n)
	if len(b.left) == 0 {
		b.finish()
	}
}

func (b *book) Wait(now time.Time) (d time.Duration, ok bool) {
	if b.busy == 2 {
		return 0, false
	}
	for _, at := range b.next {
		if turn := max(at.Sub(now), 0); !ok || turn < d {
			d, ok = turn, true
		}
	}
	return d, ok
}

// Every job is tried as often as its keeper says and when it says, however they
// come, and no more than the keeper starts are under way.
func TestTriesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := &book{news: make(chan int, 3), left: map[int]int{}, next: map[int]time.Time{}, finish: cancel}
		poke := make(chan struct{}, 1)
		began := time.Now()
		go func() {
			for n := 1; n <= 3; n++ {
				b.news <- n
				poke <- struct{}{}
			}
		}()
		Run(ctx, poke, b)
		slices.Sort(b.noted)
		if !slices.Equal(b.noted, []int{1, 2, 2, 3, 3, 3}) || b.most != 2 {
			t.Errorf("tried %v, %d at once", b.noted, b.most)
		}
		if took := time.Since(began); took < 2*time.Minute || took > 3*time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}

// Whoever is stopped waits for what is under way, and tells it to end.
func TestStopWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := &book{news: make(chan int, 1), left: map[int]int{}, next: map[int]time.Time{}, finish: cancel}
		b.news <- 1
		began := time.Now()
		time.AfterFunc(time.Millisecond, cancel)
		Run(ctx, nil, b)
		if len(b.noted) > 0 || time.Since(began) != time.Millisecond {
			t.Errorf("%v was noted, and it took %v", b.noted, time.Since(began))
		}
	})
}
