package figures

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// proves ST-04, G40: time with conversations is the union of the times with each,
// and the chosen statuses follow each other without a hole, whatever happens; both
// as a clock that looks at every second sees them.
func TestST04_TimeWithConversationsCountsOnce(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 4))
		w, stays := Watch{}, []Stay{}
		held, status, seen := map[string]bool{}, Status(""), map[Status]map[int]bool{}
		for second := range 3000 {
			at := timestamppb.New(noon.Add(time.Duration(second) * time.Second))
			var e event.Event
			id := fmt.Sprint(r.IntN(4))
			switch r.IntN(40) {
			case 0, 1, 2, 3:
				e, held[id] = &event.SlotConfirmed{At: at, ConversationId: id}, true
			case 4, 5, 6, 7, 8, 9:
				e = &event.SlotReleased{At: at, ConversationId: id}
				delete(held, id)
			case 10:
				p := event.Presence(r.IntN(5) + 1)
				e, status = &event.PresenceChanged{At: at, Presence: p}, chosen[p]
			case 11:
				e = &event.SlotReserved{At: at, ConversationId: id}
			}
			if second%1000 == 999 {
				e, held, status = &event.OperatorConfigured{At: at, Removed: true}, map[string]bool{}, ""
			}
			if e != nil {
				stays = append(stays, w.Apply(e)...)
			}
			for s, in := range map[Status]bool{Busy: len(held) > 0, status: status != ""} {
				if seen[s] == nil {
					seen[s] = map[int]bool{}
				}
				if in {
					seen[s][second] = true
				}
			}
		}
		stays = append(stays, w.Lasting(noon.Add(3000*time.Second))...)
		for from := range 10 {
			period := Span{noon.Add(time.Duration(from*100) * time.Second), noon.Add(time.Duration(from*250+300) * time.Second)}
			got, want := map[Status]int{}, map[Status]int{}
			for _, s := range stays {
				if in, ok := s.Clip(period); ok {
					got[s.Status] += int(in.To.Sub(in.From).Seconds())
				}
			}
			for s, seconds := range seen {
				for second := range seconds {
					if period.Has(noon.Add(time.Duration(second) * time.Second)) {
						want[s]++
					}
				}
			}
			for _, s := range Statuses {
				if got[s] != want[s] {
					t.Fatalf("seed %d: %d s of %s in %v, want %d", seed, got[s], s, period, want[s])
				}
			}
		}
	}
}

// proves G40: three conversations of the same ten minutes are ten minutes.
func TestST04_ThreeAtOnce(t *testing.T) {
	w := Watch{}
	var stays []Stay
	for _, e := range []event.Event{&event.SlotConfirmed{At: sec(0), ConversationId: "a"}, &event.SlotConfirmed{At: sec(0), ConversationId: "b"}, &event.SlotConfirmed{At: sec(1), ConversationId: "c"},
		&event.SlotReleased{At: sec(599), ConversationId: "b"}, &event.SlotReleased{At: sec(600), ConversationId: "a"}, &event.SlotReleased{At: sec(600), ConversationId: "c"},
		&event.SlotReleased{At: sec(700), ConversationId: "c"}} {
		stays = append(stays, w.Apply(e)...)
	}
	if len(stays) != 1 || stays[0].To.Sub(stays[0].From) != 10*time.Minute || len(w.Lasting(noon.Add(time.Hour))) > 0 {
		t.Errorf("the stays are %v", stays)
	}
}
