package queue_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
)

// A history is when slots were taken and given back.
type history struct{ slots []*taking }

// A taking is one slot, from both sides: the operator's, who counts it, and
// the conversation's, which is kept. Times are 0 if it has not happened.
type taking struct {
	operator, conversation, offer string
	forced, requeue               bool
	reserved, released            int64 // the operator's word
	assigned, left                int64 // the conversation's
}

func (h *history) last(operator, conversation, offer string) *taking {
	for i := len(h.slots) - 1; i >= 0; i-- {
		if x := h.slots[i]; x.operator == operator && x.conversation == conversation && x.offer == offer {
			return x
		}
	}
	return &taking{}
}

func (h *history) reserve(at int64, id string, e *event.SlotReserved) {
	h.slots = append(h.slots, &taking{operator: id, conversation: e.ConversationId, offer: e.OfferId, forced: e.Forced, reserved: at})
}

func (h *history) release(at int64, id string, e *event.SlotReleased) {
	x := h.last(id, e.ConversationId, e.OfferId)
	x.released, x.requeue = at, e.Requeue
}

func (h *history) assign(at int64, t *talk) { h.last(t.keeper, t.id, t.offer).assigned = at }
func (h *history) leave(at int64, t *talk)  { h.last(t.keeper, t.id, t.offer).left = at }

// A move takes a slot or gives one back.
type move struct{ take, forced bool }

// operations is the history of one operator. A slot is taken between the
// reservation and the assignment. It is given back after the operator has let
// the conversation go, or after the conversation has gone, and not before.
func (h *history) operations(id string) []porcupine.Operation {
	var out []porcupine.Operation
	for _, x := range h.slots {
		if x.operator != id {
			continue
		}
		out = append(out, porcupine.Operation{Input: move{take: true, forced: x.forced},
			Call: x.reserved, Return: max(x.reserved, x.assigned)})
		if call, end := x.given(); call > 0 {
			out = append(out, porcupine.Operation{Input: move{}, Call: call, Return: end})
		}
	}
	return out
}

// given is the time in which the slot was given back, from 0 if never.
func (x *taking) given() (call, end int64) {
	switch {
	case x.assigned == 0 || x.requeue:
		return x.released, max(x.released, x.left)
	case x.released == 0 && x.left > 0:
		return x.left, math.MaxInt64
	}
	return x.left, max(x.released, x.left)
}

// bounded is a counter that only a supervisor takes over its limit.
func bounded(limit int) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return 0 },
		Step: func(state, input, _ any) (bool, any) {
			held, m := state.(int), input.(move)
			if m.take {
				return m.forced || held < limit, held + 1
			}
			return held > 0, held - 1
		},
	}
}

// check reports what is wrong in a world at rest.
func (w *world) check() error {
	for _, id := range staff {
		if !porcupine.CheckOperations(bounded(int(capacityOf(id))), w.history.operations(id)) {
			w.wrong("%s held more than %d", id, capacityOf(id))
		}
		w.checkOperator(id)
	}
	for _, id := range talks {
		w.checkTalk(w.talks[id])
	}
	for _, line := range lines {
		w.checkQueue(line)
	}
	if len(w.errs) > 0 {
		return errors.New(strings.Join(w.errs, "\n"))
	}
	return nil
}

// checkOperator: every slot is a conversation's that is kept, and known to be.
func (w *world) checkOperator(id string) {
	s := w.operators[id]
	for _, x := range s.Slots {
		t := w.talks[x.Conversation]
		if t.keeper != id || t.offer != x.Offer {
			w.wrong("a slot of %s leaked: %s", id, x.Conversation)
		}
		if s.Presence != event.Presence_ONLINE && s.Presence != event.Presence_INVISIBLE {
			w.wrong("%s holds %s while %v", id, x.Conversation, s.Presence)
		}
	}
	for _, line := range s.Lines {
		o := w.queues[line].Operators[id]
		if o == nil || o.Seq != s.Seq || o.Gone || o.Open != s.Open() || int(o.Held) != len(s.Slots) || o.Offers != 0 {
			w.wrong("%s is not seen by %s as they are: %+v", id, line, o)
		}
	}
}

// checkTalk: an open conversation is in its line, or in one slot.
func (w *world) checkTalk(t *talk) {
	for _, line := range lines {
		wait := w.queues[line].Waits[t.id]
		waits := !t.closed && t.keeper == "" && t.line == line
		if (wait != nil) != waits || waits && (wait.Turn != t.turn || wait.Offer != nil) {
			w.wrong("%s: waits in %s is %v, its wait is %+v", t.id, line, waits, wait)
		}
	}
	for _, id := range staff {
		if _, holds := w.operators[id].Slot(t.id); holds != (t.keeper == id) {
			w.wrong("%s is with %q, %s holds it: %v", t.id, t.keeper, id, holds)
		}
	}
}

// checkQueue: nobody waits whom somebody free fits.
func (w *world) checkQueue(line string) {
	for _, wait := range queue.Waiting(w.queues[line]) {
		for _, id := range staff {
			s := w.operators[id]
			fits := s.Open() && slices.Contains(s.Lines, line) && len(s.Slots) < int(s.Capacity)
			for _, skill := range wait.Skills {
				fits = fits && slices.Contains(s.Skills, skill)
			}
			if fits && queue.Why(w.queues[line], wait.Conversation, id) != "avoided" {
				w.wrong("%s waits in %s while %s is free", wait.Conversation, line, id)
			}
		}
	}
}

// run lives through busy and quiet times.
func (w *world) run() error {
	for range 6 {
		w.live(150)
		if !w.rest() {
			return fmt.Errorf("no rest after %d commands", w.clock)
		}
		if err := w.check(); err != nil {
			return err
		}
	}
	return nil
}

// Commands come in any order that the flow allows, late and again and again;
// whatever happens, no slot is exceeded, leaked or counted twice, and nobody
// waits for nothing. proves RT-02, RT-05, RT-07
func TestG17_G19_SlotsAreNeverExceededNorLeaked(t *testing.T) {
	moves := 0
	for _, seed := range seeds(t, 150) {
		w := newWorld(seed)
		if err := w.run(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		moves += len(w.history.slots)
	}
	if moves < 1000 {
		t.Errorf("only %d slots were taken: the runs prove little", moves)
	}
}

// A clerk is an operator's Decide, or a faulty one.
type clerk func(operator.State, operator.Command, time.Time) ([]event.Event, error)

// greedy reserves whatever the capacity.
func greedy(s operator.State, c operator.Command, now time.Time) ([]event.Event, error) {
	if _, ok := c.(operator.Reserve); ok {
		s.Capacity += 2
	}
	return operator.Decide(s, c, now)
}

// careless releases whatever the offer.
func careless(s operator.State, c operator.Command, now time.Time) ([]event.Event, error) {
	if r, ok := c.(operator.Release); ok {
		r.Offer = ""
		c = r
	}
	return operator.Decide(s, c, now)
}

// without decides as operator does, but never that.
func without[E event.Event]() clerk {
	return func(s operator.State, c operator.Command, now time.Time) ([]event.Event, error) {
		events, err := operator.Decide(s, c, now)
		return slices.DeleteFunc(events, func(e event.Event) bool { _, is := e.(E); return is }), err
	}
}

// clinging takes a conversation back that was let go.
func clinging(s operator.State, c operator.Command, now time.Time) ([]event.Event, error) {
	if r, ok := c.(operator.Confirm); ok {
		c = operator.Force{Conversation: r.Conversation, Offer: r.Offer}
	}
	return operator.Decide(s, c, now)
}

// tight drops what an operator says of offers that can't be taken.
func tight(s queue.State, c queue.Command, now time.Time) ([]event.Event, error) {
	if see, ok := c.(queue.See); ok && see.Outcome == event.Outcome_DECLINED {
		return nil, nil
	}
	return queue.Decide(s, c, now)
}

// sleepless never wakes up.
func sleepless(s queue.State, c queue.Command, now time.Time) ([]event.Event, error) {
	if _, ok := c.(queue.Wake); ok {
		return nil, nil
	}
	return queue.Decide(s, c, now)
}

// Every fault must be seen, or the runs would prove nothing.
func TestG17_G19_TheWorldSeesFaults(t *testing.T) {
	clerks := map[string]clerk{
		"reserve ignores the capacity":   greedy,
		"release ignores the offer":      careless,
		"a release is not said":          without[*event.SlotReleased](),
		"a decline is not said":          without[*event.OfferDeclined](),
		"a slot is taken back":           clinging,
		"a presence is not said":         without[*event.PresenceChanged](),
		"a confirmation is not believed": without[*event.SlotConfirmed](),
	}
	for name, faulty := range clerks {
		t.Run(name, func(t *testing.T) { seenWithin(t, 40, func(w *world) { w.operator = faulty }) })
	}
	deciders := map[string]decider{
		"no offer after a decline": forgetful,
		"declines are not heard":   tight,
		"no offer ends":            sleepless,
		"skills are ignored":       faults["skills are ignored"],
	}
	for name, faulty := range deciders {
		t.Run(name, func(t *testing.T) { seenWithin(t, 40, func(w *world) { w.queue = faulty }) })
	}
}

func seenWithin(t *testing.T, n int64, breaking func(*world)) {
	for seed := range n {
		w := newWorld(seed)
		breaking(w)
		if w.run() != nil {
			return
		}
	}
	t.Errorf("was not seen in %d runs", n)
}
