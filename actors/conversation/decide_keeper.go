package conversation

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// toQueue begins the next turn, in the queue. Who waited before is as old as
// before; who had it and should not get it straight back is avoided.
func toQueue(s State, cause event.Cause, at *timestamppb.Timestamp) *event.ConversationQueued {
	q := &event.ConversationQueued{
		At:           at,
		Turn:         s.Turn + 1,
		Routing:      s.Routing,
		Since:        at,
		Preferred:    s.Wait.Preferred,
		Cause:        cause,
		FromOperator: s.Operator,
		FromOffer:    s.Offer,
	}
	if !s.Wait.Since.IsZero() {
		q.Since = timestamppb.New(s.Wait.Since)
	}
	switch cause {
	case event.Cause_RESPONSE_TIMEOUT, event.Cause_RETURNED, event.Cause_TRANSFERRED:
		q.Avoid = []string{s.Operator}
	}
	return q
}

// assign gives the conversation to the operator whose slot is reserved, or
// declines, which frees the slot.
func assign(s State, c Assign, at *timestamppb.Timestamp) []event.Event {
	switch {
	case s.keptBy(c.Operator) && s.Offer == c.Offer:
		return nil // assigned already
	case !assignable(s, c):
		return one(&event.AssignmentDeclined{At: at, OperatorId: c.Operator, OfferId: c.Offer, LineId: c.Line, Forced: c.Forced})
	}
	e := &event.ConversationAssigned{
		At:           at,
		Turn:         s.Turn + 1,
		OperatorId:   c.Operator,
		OfferId:      c.Offer,
		LineId:       cmp.Or(c.Line, s.Routing.GetLineId()),
		Verdict:      c.Verdict,
		CustomerId:   s.Customer,
		Forced:       c.Forced,
		FromOperator: s.Operator,
		FromOffer:    s.Offer,
	}
	s.Turn = e.Turn
	if text := greeting(s.Policy.GetJoinText(), c.FirstName, c.LastName); text != "" {
		return []event.Event{e, say(s, event.Purpose_JOIN_NOTICE, text, at)}
	}
	return one(e)
}

// greeting puts the operator's names in the text. A name that is not known
// takes the blank before it along.
func greeting(text, first, last string) string {
	return strings.TrimSpace(nameHere.ReplaceAllStringFunc(text, func(place string) string {
		place, blank := strings.CutPrefix(place, " ")
		name := first
		if place == "{lname}" {
			name = last
		}
		if name != "" && blank {
			return " " + name
		}
		return name
	}))
}

// nameHere is where a greeting has a name.
var nameHere = regexp.MustCompile(` ?\{[fl]name\}`)

// assignable tells whether the offer is still good. A forced one takes the
// conversation from whoever keeps it, but only once.
func assignable(s State, c Assign) bool {
	if c.Operator == "" || s.shut() != nil {
		return false
	}
	if c.Forced {
		return !s.keptBy(c.Operator) && !slices.Contains(s.Forced, c.Offer)
	}
	return s.Phase == Waiting && s.Turn == c.Turn
}

func probe(s State, c Probe, at *timestamppb.Timestamp) []event.Event {
	return one(&event.AssignmentStated{
		At:         at,
		OperatorId: c.Operator,
		OfferId:    c.Offer,
		Holds:      s.keptBy(c.Operator) && s.Offer == c.Offer,
	})
}

func requeue(s State, c Requeue, at *timestamppb.Timestamp) []event.Event {
	if !s.keptBy(c.Operator) || c.Offer != "" && c.Offer != s.Offer {
		return nil // somebody else's by now, or the operator's once more
	}
	return one(toQueue(s, c.Cause, at))
}

func transfer(s State, c Transfer, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch err := s.shut(); {
	case err != nil:
		return nil, err
	case !s.keptBy(c.Operator):
		return nil, errNotYours
	case c.To == c.Operator:
		return nil, refusal.Of("to", "the conversation is yours already")
	case c.To == "" && c.Routing == nil:
		return nil, refusal.Of("to", "choose who gets the conversation")
	}
	q := toQueue(s, event.Cause_TRANSFERRED, at)
	q.Note = c.Note
	if c.Routing != nil {
		q.Routing = c.Routing
	}
	if c.To != "" {
		q.WantedOperator, q.WantedUntil = c.To, stamp(c.Until)
	}
	return one(q), nil
}

// highestPriority is how far a supervisor may move a conversation in line.
const highestPriority = 1000

// reroute changes where the conversation is to go.
func reroute(s State, cmd Command, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch c := cmd.(type) {
	case SetRouting:
		return setRouting(s, c, at)
	case Return:
		return putBack(s, c, at)
	case Prioritize:
		return prioritize(s, c, at)
	}
	return nil, nil
}

func putBack(s State, c Return, at *timestamppb.Timestamp) ([]event.Event, error) {
	if err := s.shut(); err != nil || s.Phase == Waiting {
		return nil, err
	}
	q := toQueue(s, event.Cause_RETURNED, at)
	q.By = c.By
	if s.Operator == "" {
		q.Avoid = nil
	}
	return one(q), nil
}

func prioritize(s State, c Prioritize, at *timestamppb.Timestamp) ([]event.Event, error) {
	if err := s.shut(); err != nil {
		return nil, err
	}
	if c.Priority > highestPriority || c.Priority < -highestPriority {
		return nil, refusal.Of("priority", "a priority is between %d and %d", -highestPriority, highestPriority)
	}
	r := proto.CloneOf(s.Routing)
	r.Priority = c.Priority
	return route(s, r, c.By, at), nil
}

// setRouting changes what is asked of an operator. A conversation in the queue
// is queued again, as old as it was; with any other keeper the change shows
// when it is queued next.
func setRouting(s State, c SetRouting, at *timestamppb.Timestamp) ([]event.Event, error) {
	if c.Agent != "" {
		if events, err := late(s, act{c.Agent, c.Turn, c.About, "routing"}, at); err != nil {
			return events, err
		}
	}
	switch err := s.shut(); {
	case err != nil:
		return nil, err
	case c.Routing == nil:
		return nil, refusal.Of("routing", "say what is asked of an operator")
	}
	return route(s, c.Routing, cmp.Or(c.Agent, c.By), at), nil
}

// route is another routing, by somebody's will.
func route(s State, r *event.Routing, by string, at *timestamppb.Timestamp) []event.Event {
	if proto.Equal(r, s.Routing) {
		return nil
	}
	set := &event.RoutingSet{At: at, Routing: r, By: by}
	if s.Phase != Waiting {
		return one(set)
	}
	q := toQueue(s, event.Cause_LINE_CHANGED, at)
	q.Routing, q.Avoid = r, s.Wait.Avoid
	q.WantedOperator, q.WantedUntil = s.Wait.Wanted, stamp(s.Wait.WantedUntil)
	if before := s.Routing.GetLineId(); before != r.LineId {
		q.PreviousLine = before
	}
	return []event.Event{set, q}
}

// answerDue returns when the operator loses the conversation for leaving the
// customer without an answer, or the zero time.
func answerDue(s State) time.Time {
	limit, ok := delay(s.Policy.GetResponseTimeout())
	if !ok || s.Phase != Served || s.Unanswered.IsZero() {
		return time.Time{}
	}
	if s.Assigned.After(s.Unanswered) {
		return s.Assigned.Add(limit)
	}
	return s.Unanswered.Add(limit)
}

func loseOperator(s State, at *timestamppb.Timestamp) []event.Event {
	return []event.Event{
		&event.ResponseTimedOut{At: at, OperatorId: s.Operator, OfferId: s.Offer},
		toQueue(s, event.Cause_RESPONSE_TIMEOUT, at),
	}
}
