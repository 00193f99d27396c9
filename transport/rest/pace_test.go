package rest

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// What is remembered of askers is bounded, and who has used a minute up is not
// forgiven for as long as others can be let go.
func TestPacesAreBounded(t *testing.T) {
	p, now := newPaces(), time.Now()
	if ok, _, _ := p.take(now, "greedy", 1); !ok {
		t.Fatal("the first request is refused")
	}
	for i := range 3 * mostPaces {
		p.take(now.Add(time.Duration(i)*time.Millisecond), fmt.Sprint(i), sessionRate)
		if len(p.buckets) > mostPaces {
			t.Fatalf("%d askers are remembered", len(p.buckets))
		}
	}
	if ok, left, until := p.take(now.Add(30*time.Second), "greedy", 1); ok || left != 0 || until != 30*time.Second {
		t.Errorf("half a minute later: %v, %d left, %s; want no, 0, 30s", ok, left, until)
	}
}

// Streams are counted for each asker, and one that has ended makes room.
func TestStreamsAreBounded(t *testing.T) {
	p := newPaces()
	for range mostStreams {
		if err := p.enter("a"); err != nil {
			t.Fatal(err)
		}
	}
	err := p.enter("a")
	if e, ok := err.(*statusError); !ok || e.status != http.StatusTooManyRequests {
		t.Errorf("one too many: %v", err)
	}
	if err := p.enter("b"); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	p.leave("a")
	if err := p.enter("a"); err != nil {
		t.Errorf("after one has ended: %v", err)
	}
}
