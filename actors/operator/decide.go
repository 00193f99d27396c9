package operator

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

const (
	// usualCapacity is how many conversations an operator holds at most if the
	// directory does not say.
	usualCapacity = 3
	// patience is how long a reservation waits to hear from its conversation
	// before it is asked about.
	patience = 10 * time.Second
)

// Decide returns the events that cmd leads to in s, or refuses. A command that
// has had its effect already leads to none.
func Decide(s State, cmd Command, now time.Time) ([]event.Event, error) {
	p := newPlan(s, now)
	var err error
	switch c := cmd.(type) {
	case Configure:
		p.configure(c)
	case SetPresence:
		err = p.setPresence(c)
	case Connect:
		p.connect()
	case Disconnect:
		p.disconnect(c)
	case Reserve:
		p.reserve(c)
	case Force:
		err = p.force(c)
	case Take:
		err = p.takeOwn(c)
	case Confirm:
		p.confirm(c)
	case Release:
		p.release(c)
	case TimeOut:
		p.timeOut(c)
	case Wake:
		p.wake()
	default:
		panic("operator: unknown command")
	}
	return p.events, err
}

// A plan is a decision in the making: the events so far, and what they lead to.
type plan struct {
	State
	at     *timestamppb.Timestamp
	events []event.Event
}

func newPlan(s State, now time.Time) *plan {
	s.Slots = slices.Clone(s.Slots) // Apply changes them in place
	return &plan{State: s, at: timestamppb.New(now)}
}

func (p *plan) emit(e event.Event) {
	p.events = append(p.events, e)
	p.State = Apply(p.State, e)
}

// standing returns the next standing: of an operator who is open or not and
// holds so many.
func (p *plan) standing(open bool, held int) *event.Standing {
	st := &event.Standing{
		Seq:       p.Seq + 1,
		Open:      open,
		Capacity:  p.Capacity,
		Held:      int32(held),
		IdleSince: stamp(p.IdleSince),
		LineIds:   p.Lines,
		Languages: p.Languages,
		Skills:    p.Skills,
	}
	if held < len(p.Slots) || open && !p.Open() {
		st.IdleSince = p.at
	}
	return st
}

// configure takes over what the directory says. An older version is not news.
func (p *plan) configure(c Configure) {
	switch {
	case p.ID != "" && c.Version <= p.Configured:
		return
	case c.Removed && (p.Removed || p.ID == ""):
		return
	}
	e := p.configuredAs(c)
	if p.ID != "" && !p.changedBy(e) {
		return
	}
	p.emit(e)
	if c.Removed {
		p.leave(event.Presence_OFFLINE, event.Cause_OPERATOR_REMOVED, "")
	}
}

func (p *plan) configuredAs(c Configure) *event.OperatorConfigured {
	if c.Removed {
		c.ID, c.FirstName, c.LastName, c.Capacity = p.ID, p.FirstName, p.LastName, p.Capacity
		c.Lines, c.Languages, c.Skills = nil, nil, nil
	}
	if c.Capacity <= 0 {
		c.Capacity = usualCapacity
	}
	online := p.Presence == event.Presence_ONLINE && p.LostUntil.IsZero()
	st := p.standing(online && !c.Removed, len(p.Slots))
	st.Capacity = c.Capacity
	st.LineIds, st.Languages, st.Skills = sorted(c.Lines), sorted(c.Languages), sorted(c.Skills)
	return &event.OperatorConfigured{
		At:           p.at,
		OperatorId:   c.ID,
		Standing:     st,
		DroppedLines: without(p.Lines, st.LineIds),
		Removed:      c.Removed,
		Version:      c.Version,
		FirstName:    c.FirstName,
		LastName:     c.LastName,
	}
}

func (p *plan) changedBy(e *event.OperatorConfigured) bool {
	st := e.Standing
	return p.Removed != e.Removed || p.Capacity != st.Capacity ||
		p.FirstName != e.FirstName || p.LastName != e.LastName ||
		!slices.Equal(p.Lines, st.LineIds) ||
		!slices.Equal(p.Languages, st.Languages) ||
		!slices.Equal(p.Skills, st.Skills)
}

// wake does what is due: an operator whose grace time is over goes offline, and
// conversations that were not heard of are asked about.
func (p *plan) wake() {
	now := p.at.AsTime()
	if !p.LostUntil.IsZero() && !now.Before(p.LostUntil) {
		p.leave(event.Presence_OFFLINE, event.Cause_CONNECTION_LOST, "")
	}
	for _, x := range slices.Clone(p.Slots) {
		if x.Until.IsZero() || now.Before(x.Until) {
			continue
		}
		p.emit(&event.SlotDoubted{
			At:             p.at,
			ConversationId: x.Conversation,
			OfferId:        x.Offer,
			Until:          timestamppb.New(now.Add(patience)),
			OperatorId:     p.ID,
		})
	}
}

// sorted returns the set of names in order.
func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}

// without returns those of names that are not among others.
func without(names, others []string) []string {
	var out []string
	for _, n := range names {
		if !slices.Contains(others, n) {
			out = append(out, n)
		}
	}
	return out
}

func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
