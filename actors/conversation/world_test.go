package conversation_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/shell"
)

// A world is one conversation under commands drawn at random: sensible ones,
// late ones, repeated ones, on a clock that runs, stands and jumps.
type world struct {
	machine
	*rand.Rand
	now    time.Time
	state  state
	events []event.Event
	unique map[string]bool // as the journal keeps them
	past   []command
	seq    int
	policy *event.Policy
	idle   bool // its agents do nothing but hand on
	model  model
}

func newWorld(m machine, seed uint64) *world {
	w := &world{
		machine: m, Rand: rand.New(rand.NewPCG(seed, 1)), now: actortest.Epoch,
		unique: map[string]bool{}, model: newModel(),
	}
	w.policy, w.idle = w.drawPolicy(), w.IntN(8) == 0
	return w
}

// live runs n commands, and then reads the log again.
func (w *world) live(n int) error {
	for range n {
		c := w.draw()
		if err := w.step(c); err != nil {
			return fmt.Errorf("after %d events, %T%+v: %w", len(w.events), c, c, err)
		}
		if err := w.passTime(); err != nil {
			return fmt.Errorf("after %d events, as time passes: %w", len(w.events), err)
		}
	}
	return w.replay()
}

// passTime lets some time go by, waking the machine at its deadlines or not.
func (w *world) passTime() error {
	switch n := w.IntN(20); {
	case n < 8:
		return nil
	case n == 8:
		w.now = w.now.Add(-time.Duration(w.IntN(600)) * time.Second)
		return nil
	case n == 9:
		w.now = w.now.Add(time.Duration(w.IntN(600)) * time.Second)
		return nil
	}
	end := w.now.Add(time.Duration(w.IntN(200)) * time.Second)
	for due := w.Deadline(w.state); !due.IsZero() && !due.After(end); due = w.Deadline(w.state) {
		if due.After(w.now) {
			w.now = due
		}
		if err := w.step(conversation.Wake{}); err != nil {
			return err
		}
	}
	w.now = end
	return nil
}

// step has the command decided and checks all that is promised of a decision.
func (w *world) step(c command) error {
	w.past = append(w.past, c)
	key := ""
	if u, ok := c.(interface{ Unique() string }); ok {
		key = u.Unique()
	}
	if key != "" && w.unique[key] {
		return nil // the journal answers with the first result
	}
	before, due, waits := w.encode(), w.Deadline(w.state), w.waits()
	events, err := w.Decide(w.state, c, w.now)
	if w.encode() != before {
		return errors.New("Decide changed the state")
	}
	if err := mayBoth(events, err); err != nil {
		return err
	}
	if _, refused := first(events).(*event.AgentRefused); w.model.outdated(c) && len(events) > 0 && !refused {
		return fmt.Errorf("G39: %T has an effect in turn %d, after %v", first(events), w.model.turn, w.model.newest)
	}
	if _, ok := c.(conversation.Wake); ok && len(events) > 0 && (due.IsZero() || w.now.Before(due)) {
		return fmt.Errorf("G27: woken at %v, due %v, and did %T", w.now, due, events[0])
	}
	if err := w.keep(c, events); err != nil {
		return err
	}
	if after := w.waits(); beside(c) && (after != waits || !w.Deadline(w.state).Equal(due)) {
		return fmt.Errorf("CH-14: %T makes of %s, due %v: %s, due %v", c, waits, due, after, w.Deadline(w.state))
	}
	if key != "" && err == nil {
		w.unique[key] = true
	}
	if err := w.settled(c, err); err != nil {
		return err
	}
	if !w.unique[key] {
		return w.again(c)
	}
	return nil
}

// beside tells whether a command brings no word of the customer's: news beside
// messages, and what a machine of the customer's wrote.
func beside(c command) bool {
	switch c := c.(type) {
	case conversation.Edit, conversation.Remove, conversation.Receipt, conversation.Bounced:
		return true
	case conversation.Receive:
		return c.Message.GetAutomatic()
	}
	return false
}

// waits is what makes somebody answer the customer.
func (w *world) waits() string {
	s := w.state
	return fmt.Sprint("phase ", s.Phase, ", turn ", s.Turn, ", unanswered since ", s.Unanswered, ", unread ", s.Unread, ", last ", s.LastIn,
		", hold ", s.Hold, ", address ", s.Account, " ", s.Address)
}

func first(events []event.Event) event.Event {
	if len(events) == 0 {
		return nil
	}
	return events[0]
}

// mayBoth checks that only a late act of an agent is a fact and refused at once.
func mayBoth(events []event.Event, err error) error {
	if err == nil || len(events) == 0 {
		return nil
	}
	if _, ok := events[0].(*event.AgentRefused); ok && len(events) == 1 && (err == conversation.ErrTurnOver || err == conversation.ErrOutdated) {
		return nil
	}
	return fmt.Errorf("refused with %q, and yet %T", err, events[0])
}

// keep applies the events and compares with the model.
func (w *world) keep(c command, events []event.Event) error {
	for _, e := range events {
		if err := w.model.follow(c, e, w.now); err != nil {
			return err
		}
		w.state = w.Apply(w.state, e)
	}
	w.events = append(w.events, events...)
	return w.model.same(w.state)
}

// settled checks what must be true once the command was answered.
func (w *world) settled(c command, err error) error {
	switch c := c.(type) {
	case conversation.Wake:
		if due := w.Deadline(w.state); !due.IsZero() && !due.After(w.now) {
			return fmt.Errorf("G26: woken at %v, and still due at %v", w.now, due)
		}
	case conversation.Receive:
		if err == nil && c.Message != nil && !w.model.received[c.Message.MessageId] {
			return fmt.Errorf("G24: %s was accepted and is not there", c.Message.MessageId)
		}
		if err == nil && w.model.hold == event.HoldKind_HOLD_CUSTOMER && c.Message.MessageId == w.state.LastIn && w.model.asked.IsZero() {
			return errors.New("TM-06: the customer's timer runs on after the customer's message")
		}
	case conversation.Fetched:
		if name := c.Message + "/" + c.Attachment.AttachmentId; err == nil && w.model.files[name] {
			return fmt.Errorf("G7: file %s was brought and is not there", name)
		}
	case conversation.CancelHold:
		if err == nil && w.model.hold != event.HoldKind_HOLD_NONE {
			return errors.New("G26: acknowledged as cancelled, and runs on")
		}
	}
	return nil
}

// again asks for the same a second time, which may be stated or declined again
// and changes nothing.
func (w *world) again(c command) error {
	events, _ := w.Decide(w.state, c, w.now)
	for _, e := range events {
		switch e.(type) {
		case *event.AssignmentStated, *event.AssignmentDeclined:
		default:
			return fmt.Errorf("G31: the same command again leads to %T", e)
		}
	}
	return nil
}

// replay checks that the log as it is on disk gives the live state, from its
// beginning and from a snapshot on the way.
func (w *world) replay() error {
	var s state
	k := w.IntN(len(w.events) + 1)
	for i, e := range w.events {
		if i == k {
			b, err := shell.Encode(w.Version, s)
			if err != nil {
				return err
			}
			if s, _, err = shell.Decode[state](w.Version, b); err != nil {
				return err
			}
		}
		read, err := fromDisk(e)
		if err != nil {
			return err
		}
		s = w.Apply(s, read)
	}
	b, err := shell.Encode(w.Version, s)
	if err != nil {
		return err
	}
	if string(b) != w.encode() {
		return fmt.Errorf("G13: replayed with a snapshot after %d events\n%s\nwant the live state\n%s", k, b, w.encode())
	}
	return nil
}

func fromDisk(e event.Event) (event.Event, error) {
	b, err := proto.Marshal(event.Wrap(e))
	if err != nil {
		return nil, err
	}
	f := &event.Fact{}
	if err := proto.Unmarshal(b, f); err != nil {
		return nil, err
	}
	return f.Unwrap(), nil
}

func (w *world) encode() string {
	b, err := shell.Encode(w.Version, w.state)
	if err != nil {
		panic(err) // a state is plain data
	}
	return string(b)
}

// drawPolicy turns every setting on or off.
func (w *world) drawPolicy() *event.Policy {
	some := func(d time.Duration) *durationpb.Duration {
		if w.IntN(4) == 0 {
			return nil
		}
		return durationpb.New(d)
	}
	p := &event.Policy{
		ResponseTimeout: some(8 * time.Minute),
		Silence: &event.SilencePolicy{
			DetachAfter: some(3 * time.Minute), RemindAfter: some(4 * time.Minute), CloseAfter: some(15 * time.Minute),
			RemindText: "We wait for your answer.",
			Messages:   []*event.SilenceMessage{{After: durationpb.New(time.Minute), Text: "Well?"}, {After: durationpb.New(2 * time.Minute), Text: "So?"}},
		},
		Hold: &event.HoldPolicy{
			Patterns:        []string{pattern},
			OperatorTimeout: some(2 * time.Minute), OperatorText: "Still looking.",
			CustomerTimeout: some(90 * time.Second), CustomerText: "Are you there?",
		},
	}
	if w.IntN(2) == 0 {
		p.Silence.DetachText, p.Silence.CloseText, p.JoinText = "Write when you are back.", "Goodbye.", "{fname} is with you."
	}
	if w.IntN(3) > 0 {
		p.Agents = []string{"greeter", "bot"}
		p.AgentTimeout, p.PersonWords = some(4*time.Minute), []string{"person"}
	}
	return p
}

const pattern = "One moment, please."
