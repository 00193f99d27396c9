package archive

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
)

// A shift is when an operator works: at once or after a training, with a break at
// noon, and to the end of the last conversation.
type shift struct {
	begin, ready time.Time // training lies between them, if they differ
	noon, back   time.Time // nothing is given to the operator between them
	rest         time.Duration
	end          time.Time
}

const day = 24 * time.Hour

// first is the beginning of the first day.
func (c Config) first() time.Time { return c.Until.Add(-c.Period).Truncate(day).Add(-day) }

// shift is that of an operator on a day; false on days off, two of seven. The hours
// follow each other so that each line has somebody at any of them.
func (c Config) shift(of, d int) (s shift, ok bool) {
	nth := of / lines // on the line
	if d < 0 || (d+nth)%7 >= 5 {
		return s, false
	}
	var chance rand.PCG
	chance.Seed(c.Seed, uint64(of)<<32|uint64(d))
	bits := chance.Uint64()
	some := func(n int) time.Duration { // of minutes
		m := bits % uint64(n)
		bits /= uint64(n)
		return time.Duration(m) * time.Minute
	}
	begin := c.first().Add(time.Duration(d)*day + time.Duration(nth%4)*6*time.Hour)
	s.begin = begin.Add(some(15))
	s.ready = s.begin
	if some(12) == 0 {
		s.ready = s.begin.Add(time.Hour)
	}
	s.noon = begin.Add(3*time.Hour + time.Duration(nth/4)*85*time.Minute + some(10)) // one after the other
	s.rest = 30*time.Minute + some(30)
	s.back = s.noon.Add(75 * time.Minute)
	s.end = begin.Add(9*time.Hour + some(20))
	return s, true
}

// takes tells whether the operator can be given a conversation.
func (s shift) takes(at time.Time) bool {
	return !at.Before(s.ready) && at.Before(s.noon) || !at.Before(s.back) && at.Before(s.end)
}

// atWork is an operator of a line who can be given a conversation.
func (w *writer) atWork(line int, at time.Time) (of int, ok bool) {
	d := int(at.Sub(w.first()) / day)
	var all []int
	for of := line; of < operators; of += lines {
		for _, day := range []int{d - 1, d} {
			if s, works := w.shift(of, day); works && s.takes(at) {
				all = append(all, of)
			}
		}
	}
	if len(all) == 0 {
		return 0, false
	}
	return all[w.rand.IntN(len(all))], true
}

// A stint is an operator's part in a conversation.
type stint struct {
	conversation, line string
	turn               uint64
	from, to           time.Time
	cause              event.Cause
}

// A step is what an operator's machine is asked at some time.
type step struct {
	at      time.Time
	command operator.Command
}

// presence makes up what operators did all the time, around the conversations that
// they had. Their own machine decides on it, so that they did what they may.
func (w *writer) presence() error {
	for of := range operators {
		if err := w.worked(of); err != nil {
			return fmt.Errorf("work of %s: %w", operatorID(of), err)
		}
	}
	return nil
}

func (w *writer) worked(of int) error {
	stream, stints := event.OperatorStream+operatorID(of), w.stints[of]
	slices.SortFunc(stints, func(a, b stint) int {
		return cmp.Or(a.from.Compare(b.from), cmp.Compare(a.conversation, b.conversation))
	})
	s, version := operator.State{}, uint64(0)
	for e, err := range w.journal.Durable(stream, 0) {
		if err != nil {
			return err
		}
		s, version = operator.Apply(s, e.Event), version+1
	}
	for d := range int(w.Until.Sub(w.first())/day) + 1 {
		x, ok := w.shift(of, d)
		if !ok || !x.begin.Before(w.Until) {
			continue
		}
		n, _ := slices.BinarySearchFunc(stints, x.end, func(a stint, end time.Time) int { return a.from.Compare(end) })
		var facts []event.Event
		for _, step := range x.steps(stints[:n], w.Until) {
			decided, err := operator.Decide(s, overfull(s, step.command), step.at)
			if err != nil {
				return fmt.Errorf("%T at %v: %w", step.command, step.at, err)
			}
			for _, e := range decided {
				s = operator.Apply(s, e)
			}
			facts = append(facts, decided...)
		}
		stints = stints[n:]
		w.appendTo(stream, version, facts)
		version += uint64(len(facts))
	}
	return nil
}

// overfull gives who has as many conversations as may be another one by the will of
// a supervisor, as it is in busy hours.
func overfull(s operator.State, c operator.Command) operator.Command {
	if r, ok := c.(operator.Reserve); ok && len(s.Slots) >= int(s.Capacity) {
		return operator.Force{Conversation: r.Conversation, Offer: r.Offer, By: "setup"}
	}
	return c
}

// steps are those of a shift with its conversations. A break waits for the end of
// what goes on; at the end of the shift, «Невидимый» does.
func (x shift) steps(stints []stint, until time.Time) (out []step) {
	status := func(at time.Time, p event.Presence) {
		out = append(out, step{at, operator.SetPresence{Presence: p}})
	}
	lunch, end := x.noon, x.end
	if end.After(until) {
		end = until
	}
	last := end
	for _, s := range stints {
		if s.from.Before(x.noon) && s.to.After(lunch) {
			lunch = s.to
		}
		if s.to.After(last) {
			last = s.to
		}
	}
	if x.ready.After(x.begin) {
		status(x.begin, event.Presence_TRAINING)
	}
	status(x.ready, event.Presence_ONLINE)
	if lunch.Add(x.rest).Before(x.back) && lunch.Add(x.rest).Before(end) {
		status(lunch, event.Presence_LUNCH)
		status(lunch.Add(x.rest), event.Presence_ONLINE)
	}
	if last.After(end) {
		status(end, event.Presence_INVISIBLE)
	}
	status(last, event.Presence_OFFLINE)
	for _, s := range stints {
		offer := fmt.Sprintf("%s-%d", s.conversation, s.turn)
		out = append(out, step{s.from, operator.Reserve{Offer: offer, Conversation: s.conversation, Line: s.line, Turn: s.turn}},
			step{s.from, operator.Confirm{Conversation: s.conversation, Offer: offer}},
			step{s.to, operator.Release{Conversation: s.conversation, Offer: offer, Cause: s.cause}})
	}
	// What ends does so before the status that waits for it.
	slices.SortStableFunc(out, func(a, b step) int { return cmp.Or(a.at.Compare(b.at), order(a.command)-order(b.command)) })
	return out
}

func order(c operator.Command) int {
	switch c.(type) {
	case operator.Release:
		return 0
	case operator.SetPresence:
		return 1
	}
	return 2
}
