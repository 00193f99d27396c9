package call

import (
	"context"
	"errors"
	"testing"
)

// proves CH-15: who we are is asked for once, again when that is wanted, and
// again after a failure.
func TestCH15_Known(t *testing.T) {
	asked := 0
	fault := errors.New("not now")
	ask := func(context.Context) (int, error) {
		asked++
		return asked, fault
	}
	var k Known[int]
	if _, err := k.Get(t.Context(), false, ask); !errors.Is(err, fault) {
		t.Errorf("Get = %v, want %v", err, fault)
	}
	fault = nil
	for i, c := range []struct {
		anew bool
		want int
	}{{false, 2}, {false, 2}, {true, 3}, {false, 3}} {
		if got, err := k.Get(t.Context(), c.anew, ask); err != nil || got != c.want {
			t.Errorf("%d: Get(anew %v) = %d, %v, want %d", i, c.anew, got, err, c.want)
		}
	}
}
