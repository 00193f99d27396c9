package queue

import (
	"maps"
	"slices"
	"time"

	"crafttalkd/actors/event"
)

// expected is how long after an accepted offer a conversation is expected to
// leave. One that did not is waiting again: if it was taken after all, it says
// so to the next operator.
const expected = time.Minute

// Apply returns s after e. It cannot fail: e has happened. The state it is
// given is used up.
func Apply(s State, e event.Event) State {
	if s.index == nil {
		s = open(s)
	}
	s.Version++
	switch e := e.(type) {
	case *event.QueueConfigured:
		return configured(s, e)
	case *event.QueueEntered:
		if s.Line == "" {
			s.Line = e.Routing.GetLineId()
		}
	case *event.OfferMade:
		s.Made++
	case *event.QueueLeft:
		s = departed(s, Departure{e.ConversationId, e.Turn})
	}
	write(&s, e)
	return s
}

func configured(s State, e *event.QueueConfigured) State {
	s.Line, s.NoAffinity, s.Worth = e.LineId, !e.Affinity, e.PriorityWorth.AsDuration()
	return open(s) // every place is another
}

// departed remembers d, in place of the oldest if there are enough.
func departed(s State, d Departure) State {
	if len(s.Left) < remembered {
		s.Left = append(s.Left, d)
	} else {
		old := s.Left[s.Oldest]
		if s.index.left[old.Conversation] == old.Turn {
			delete(s.index.left, old.Conversation)
		}
		s.Left[s.Oldest] = d
		s.Oldest = (s.Oldest + 1) % remembered
	}
	s.index.left[d.Conversation] = d.Turn
	return s
}

// A book is where facts are written down: the state, or a draft over it.
type book interface {
	wait(conversation string) *Wait
	operator(id string) *Operator
	putWait(*Wait)
	dropWait(conversation string)
	putOperator(*Operator)
	// changeWait and changeOperator let f change what is there, if anything is.
	changeWait(conversation string, f func(*Wait))
	changeOperator(id string, f func(*Operator))
	worth() time.Duration
	entries() uint64 // as many as events, so that later is higher
}

// write writes e into b. It is all that an event does to waits and operators.
func write(b book, e event.Event) {
	switch e := e.(type) {
	case *event.QueueEntered:
		b.putWait(newWait(e, b.worth(), b.entries()))
	case *event.QueueLeft:
		b.dropWait(e.ConversationId)
	case *event.OperatorSeen:
		seen(b, e)
	case *event.OfferMade:
		b.changeOperator(e.OperatorId, func(o *Operator) { o.Offers++ })
		b.changeWait(e.ConversationId, func(w *Wait) {
			w.Offer = &Offer{ID: e.OfferId, Operator: e.OperatorId, Until: moment(e.Until)}
		})
	case *event.OfferSettled:
		settled(b, e)
	}
}

func newWait(e *event.QueueEntered, worth time.Duration, entry uint64) *Wait {
	w := &Wait{
		Conversation: e.ConversationId,
		Turn:         e.Turn,
		Language:     e.Routing.GetLanguage(),
		Skills:       sorted(e.Routing.GetSkills()),
		Priority:     e.Routing.GetPriority(),
		Since:        moment(e.Since),
		Entry:        entry,
		Preferred:    e.Preferred,
		Wanted:       e.WantedOperator,
		WantedUntil:  moment(e.WantedUntil),
		Avoid:        e.Avoid,
	}
	w.asks = className(w.Language, w.Skills)
	w.place = placeOf(w, worth)
	return w
}

func seen(b book, e *event.OperatorSeen) {
	if b.operator(e.OperatorId) == nil {
		o := &Operator{ID: e.OperatorId}
		o.see(e)
		b.putOperator(o)
		return
	}
	b.changeOperator(e.OperatorId, func(o *Operator) { o.see(e) })
}

// see takes over a standing. Of one who is gone only its number is kept.
func (o *Operator) see(e *event.OperatorSeen) {
	st := e.Standing
	if e.Gone {
		*o = Operator{ID: o.ID, Gone: true, Seq: max(o.Seq, st.GetSeq()), Offers: o.Offers}
		return
	}
	o.Seq, o.Gone, o.Open = st.GetSeq(), false, st.GetOpen()
	o.Capacity, o.Held, o.IdleSince = st.GetCapacity(), st.GetHeld(), moment(st.GetIdleSince())
	if o.knows == "" || !slices.Equal(o.Languages, st.GetLanguages()) || !slices.Equal(o.Skills, st.GetSkills()) {
		o.Languages, o.Skills = sorted(st.GetLanguages()), sorted(st.GetSkills())
		o.knows = kindName(o.Languages, o.Skills)
	}
}

func settled(b book, e *event.OfferSettled) {
	w := b.wait(e.ConversationId)
	switch {
	case w == nil:
	case e.OfferId == "":
		b.changeWait(w.Conversation, func(w *Wait) { w.Wanted, w.WantedUntil = "", time.Time{} })
	case w.Offer == nil || w.Offer.ID != e.OfferId:
	default:
		if !w.Offer.Accepted {
			b.changeOperator(e.OperatorId, func(o *Operator) { o.Offers-- })
		}
		b.changeWait(w.Conversation, func(w *Wait) { w.settle(e) })
	}
}

// settle changes no map and no offer in place: drafts share them.
func (w *Wait) settle(e *event.OfferSettled) {
	if e.Outcome == event.Outcome_ACCEPTED {
		until := moment(e.At).Add(expected)
		w.Offer = &Offer{ID: e.OfferId, Operator: e.OperatorId, Until: until, Accepted: true}
		return
	}
	w.Offer = nil
	if e.Seq > 0 {
		passed := maps.Clone(w.Passed)
		if passed == nil {
			passed = map[string]uint64{}
		}
		passed[e.OperatorId] = e.Seq
		w.Passed = passed
	}
}

// State is a book that keeps its index in step.

func (s *State) wait(conversation string) *Wait { return s.Waits[conversation] }
func (s *State) operator(id string) *Operator   { return s.Operators[id] }
func (s *State) entries() uint64                { return s.Version }

func (s *State) putWait(w *Wait) {
	s.dropWait(w.Conversation)
	s.Waits[w.Conversation] = w
	s.index.addWait(w)
}

func (s *State) dropWait(conversation string) {
	if w := s.Waits[conversation]; w != nil {
		s.index.removeWait(w)
		delete(s.Waits, conversation)
	}
}

func (s *State) putOperator(o *Operator) {
	s.Operators[o.ID] = o
	s.index.addOperator(o)
}

func (s *State) changeWait(conversation string, f func(*Wait)) {
	if w := s.Waits[conversation]; w != nil {
		s.index.removeWait(w)
		f(w)
		s.index.addWait(w)
	}
}

func (s *State) changeOperator(id string, f func(*Operator)) {
	if o := s.Operators[id]; o != nil {
		s.index.removeOperator(o)
		f(o)
		s.index.addOperator(o)
	}
}
