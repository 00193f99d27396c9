package queue_test

import (
	"fmt"
	"math/rand"
	"testing"
	"time"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
)

// A shift is equal operators at one line, each step of it in its own time:
// whoever is offered a conversation takes it.
type shift struct {
	queue     queue.State
	decide    decider
	operators map[string]operator.State
	given     map[string]int
	held      []conversation // in order of assignment
	now       time.Time
	arrived   int
}

type conversation struct{ id, operator string }

func newShift(n int, capacity int32) *shift {
	s := &shift{decide: queue.Decide, now: actortest.Epoch, operators: map[string]operator.State{}, given: map[string]int{}}
	for i := range n {
		id := fmt.Sprintf("operator-%02d", i)
		s.given[id] = 0
		s.tell(id, operator.Configure{ID: id, Version: 1, Lines: []string{"sales"}, Capacity: capacity})
		s.tell(id, operator.SetPresence{Presence: event.Presence_ONLINE})
	}
	return s
}

func (s *shift) tell(id string, c operator.Command) {
	s.now = s.now.Add(time.Second)
	events, err := operator.Decide(s.operators[id], c, s.now)
	if err != nil {
		panic(err)
	}
	for _, e := range events {
		s.operators[id] = operator.Apply(s.operators[id], e)
		switch e := e.(type) {
		case *event.SlotReserved:
			s.given[id]++
			s.held = append(s.held, conversation{e.ConversationId, id})
			s.ask(queue.See{Operator: id, Standing: e.Standing, Offer: e.OfferId, Outcome: event.Outcome_ACCEPTED})
			s.ask(queue.Leave{Conversation: e.ConversationId, Turn: e.Turn})
		case interface{ GetStanding() *event.Standing }:
			s.ask(queue.See{Operator: id, Standing: e.GetStanding()})
		}
	}
}

func (s *shift) ask(c queue.Command) {
	events, err := s.decide(s.queue, c, s.now)
	if err != nil {
		panic(err)
	}
	for _, e := range events {
		s.queue = queue.Apply(s.queue, e)
	}
	for _, e := range events {
		if e, ok := e.(*event.OfferMade); ok {
			s.tell(e.OperatorId, operator.Reserve{Offer: e.OfferId, Conversation: e.ConversationId, Line: "sales", Turn: e.Turn})
		}
	}
}

func (s *shift) arrive() {
	s.arrived++
	s.ask(queue.Enter{Conversation: fmt.Sprintf("c%d", s.arrived), Turn: 1, Since: s.now, Routing: &event.Routing{LineId: "sales"}})
}

// end closes the i'th of the conversations that are held.
func (s *shift) end(i int) {
	c := s.held[i]
	s.held = append(s.held[:i], s.held[i+1:]...)
	s.tell(c.operator, operator.Release{Conversation: c.id, Cause: event.Cause_CLOSED})
}

// spread is the most that anybody was given, less the least.
func (s *shift) spread() int {
	least, most := s.arrived, 0
	for _, n := range s.given {
		least, most = min(least, n), max(most, n)
	}
	return most - least
}

// lockstep lets conversations arrive one at a time, each ending after so many
// others have come, and returns the greatest spread there ever was.
func (s *shift) lockstep(arrivals, stay int) int {
	worst := 0
	for range arrivals {
		s.arrive()
		if len(s.held) > stay {
			s.end(0)
		}
		worst = max(worst, s.spread())
	}
	return worst
}

// proves RT-04
func TestG21_EqualOperatorsAreGivenEqually(t *testing.T) {
	for _, stay := range []int{0, 5, 20} {
		if worst := newShift(10, 3).lockstep(10000, stay); worst > 1 {
			t.Errorf("with %d at once, one was given %d more than another", stay, worst)
		}
	}
}

// In no order at all the counts still differ less than drawn lots would.
func TestG21_RandomOrderIsFairToo(t *testing.T) {
	for _, seed := range seeds(t, 3) {
		s, chance := newShift(10, 3), rand.New(rand.NewSource(seed))
		for range 10000 {
			s.arrive()
			for len(s.held) > 0 && (len(s.held) == 30 || chance.Intn(20) < len(s.held)) {
				s.end(chance.Intn(len(s.held)))
			}
		}
		expected, square := float64(s.arrived)/10, 0.0
		for _, n := range s.given {
			square += (float64(n) - expected) * (float64(n) - expected) / expected
		}
		if square > 27.88 { // nine degrees of freedom, one in a thousand
			t.Errorf("seed %d: chi-square is %.1f: %v", seed, square, s.given)
		}
	}
}

// A queue that forgets who has been idle is not fair, and that is seen.
func TestG21_UnfairnessIsSeen(t *testing.T) {
	s := newShift(10, 3)
	s.decide = faults["the idle are kept idle"]
	if worst := s.lockstep(300, 0); worst <= 1 {
		t.Error("a queue that always takes the first by name passed for fair")
	}
}
