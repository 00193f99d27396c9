package queue

import (
	"slices"
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

const (
	// patience is how long an operator has to take an offer.
	patience = 10 * time.Second
	// wish is how long a wanted operator is waited for if the transfer does
	// not say.
	wish = 2 * time.Minute
	// atOnce is how many waits are looked at in one waking. What is left is
	// due still, and the queue is woken again.
	atOnce = 64
)

// Decide returns the events that cmd leads to in s, and every offer that they
// make possible. A command that has had its effect already leads to none.
func Decide(s State, cmd Command, now time.Time) ([]event.Event, error) {
	d := newDraft(s, now)
	switch c := cmd.(type) {
	case Configure:
		d.configure(c)
	case Enter:
		d.enter(c)
	case Leave:
		d.leave(c)
	case See:
		d.see(c)
	case Wake:
		d.wake()
	default:
		panic("queue: unknown command")
	}
	return d.events, nil
}

func (d *draft) configure(c Configure) {
	if c.PriorityWorth <= 0 {
		c.PriorityWorth = usualWorth
	}
	if c.Line == d.s.Line && c.Affinity == !d.s.NoAffinity && c.PriorityWorth == d.s.worth() {
		return
	}
	d.emit(&event.QueueConfigured{
		At:            d.at,
		Affinity:      c.Affinity,
		PriorityWorth: durationpb.New(c.PriorityWorth),
		LineId:        c.Line,
	})
}

// enter puts a conversation in line, in place of an earlier turn of its own. If
// it has to wait, the event says why.
func (d *draft) enter(c Enter) {
	old := d.wait(c.Conversation)
	if c.Turn <= d.s.index.left[c.Conversation] || old != nil && c.Turn <= old.Turn {
		return
	}
	if old != nil {
		d.withdraw(old)
	}
	if d.s.Line == "" {
		d.s.Line = c.Routing.GetLineId()
	}
	e := d.entered(c)
	d.emit(e)
	d.match()
	if w := d.wait(c.Conversation); w.Offer == nil {
		e.Verdict = d.verdict(w, usual)
	}
}

func (d *draft) entered(c Enter) *event.QueueEntered {
	now := d.at.AsTime()
	e := &event.QueueEntered{
		At:             d.at,
		ConversationId: c.Conversation,
		Turn:           c.Turn,
		Routing:        c.Routing,
		Since:          timestamppb.New(c.Since),
		Preferred:      c.Preferred,
		Avoid:          c.Avoid,
	}
	if c.Since.IsZero() {
		e.Since = d.at
	}
	if c.Wanted != "" && c.WantedUntil.IsZero() {
		c.WantedUntil = now.Add(wish)
	}
	if c.Wanted != "" && c.WantedUntil.After(now) {
		e.WantedOperator, e.WantedUntil = c.Wanted, timestamppb.New(c.WantedUntil)
	}
	return e
}

// leave takes a conversation out of line, unless it has come back since. One
// that is not in line is remembered, should word of its entry come later.
func (d *draft) leave(c Leave) {
	w := d.wait(c.Conversation)
	switch {
	case w == nil && c.Turn <= d.s.index.left[c.Conversation]:
		return
	case w == nil:
	case w.Turn > c.Turn:
		return
	default:
		d.withdraw(w)
	}
	d.emit(&event.QueueLeft{At: d.at, ConversationId: c.Conversation, Turn: c.Turn, Cause: c.Cause})
	d.match()
}

// withdraw ends the open offer of w, if there is one.
func (d *draft) withdraw(w *Wait) {
	if w.Offer != nil && !w.Offer.Accepted {
		d.settle(w, event.Outcome_LAPSED, 0)
	}
}

func (d *draft) settle(w *Wait, as event.Outcome, seq uint64) {
	d.emit(&event.OfferSettled{
		At:             d.at,
		OfferId:        w.Offer.ID,
		ConversationId: w.Conversation,
		OperatorId:     w.Offer.Operator,
		Outcome:        as,
		Seq:            seq,
	})
}

func (d *draft) see(c See) {
	d.stand(c)
	d.answer(c)
	d.match()
}

// stand takes over an operator's standing, if it is newer than the one known.
// An operator whose lines are others now is gone; word of that may come without
// a standing, and then the same standing again brings the operator back.
func (d *draft) stand(c See) {
	o, st := d.operator(c.Operator), c.Standing
	gone := c.Gone || st != nil && d.s.Line != "" && !slices.Contains(st.LineIds, d.s.Line)
	switch {
	case c.Operator == "" || st == nil && !gone:
		return
	case gone && (o == nil || o.Gone):
		return
	case o != nil && st != nil && (st.Seq < o.Seq || st.Seq == o.Seq && gone == o.Gone):
		return
	}
	d.emit(&event.OperatorSeen{At: d.at, OperatorId: c.Operator, Standing: st, Gone: gone})
}

// answer settles an offer as the operator did. An operator who declined is
// passed over until the standing is newer than the one that was declined on.
func (d *draft) answer(c See) {
	w := d.wait(d.s.index.offers[c.Offer])
	if w == nil || w.Offer == nil || w.Offer.ID != c.Offer || w.Offer.Operator != c.Operator {
		return
	}
	switch c.Outcome {
	case event.Outcome_ACCEPTED:
		d.settle(w, c.Outcome, 0)
	case event.Outcome_DECLINED:
		seq := d.operator(c.Operator).Seq
		if c.Standing != nil {
			seq = c.Standing.Seq
		}
		d.settle(w, c.Outcome, seq)
	}
}

// wake ends the offers and the wishes whose time is over.
func (d *draft) wake() {
	now := d.at.AsTime()
	for i, w := range d.s.index.due.items {
		if i == atOnce || w.due().After(now) {
			break
		}
		if w.Offer != nil && !w.Offer.Until.After(now) {
			d.lapse(w)
		}
		if w.Wanted != "" && !w.WantedUntil.After(now) {
			d.emit(&event.OfferSettled{At: d.at, ConversationId: w.Conversation,
				OperatorId: w.Wanted, Outcome: event.Outcome_LAPSED})
		}
	}
	d.match()
}

// lapse ends an offer that was not answered, or whose conversation did not
// leave. Who did not answer is passed over until heard of again.
func (d *draft) lapse(w *Wait) {
	var seq uint64
	if o := d.operator(w.Offer.Operator); o != nil && !w.Offer.Accepted {
		seq = o.Seq
	}
	d.settle(w, event.Outcome_LAPSED, seq)
}

func offerID(line string, n uint64) string { return line + "-" + strconv.FormatUint(n, 10) }
