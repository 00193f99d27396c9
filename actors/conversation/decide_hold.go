package conversation

import (
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// arm returns what an operator's message does to the hold timer: it sets a new
// one, which replaces the running one, or only stops that.
// Manual: Таймауты, «паттерны удержания», 2 and 4.
func arm(s State, c Reply, at *timestamppb.Timestamp) []event.Event {
	p := s.Policy.GetHold()
	kind, timeout, text := event.HoldKind_HOLD_CUSTOMER, p.GetCustomerTimeout(), p.GetCustomerText()
	if isPattern(p, c.Content.Text) {
		kind, timeout, text = event.HoldKind_HOLD_OPERATOR, p.GetOperatorTimeout(), p.GetOperatorText()
	}
	d, ok := delay(timeout)
	switch {
	case ok && strings.TrimSpace(text) != "":
		due := timestamppb.New(at.AsTime().Add(d))
		return one(&event.HoldArmed{At: at, Kind: kind, Due: due, Text: text})
	case s.Hold.Kind != event.HoldKind_HOLD_NONE:
		return one(&event.HoldCancelled{At: at, OperatorId: c.Operator})
	}
	return nil
}

// isPattern tells whether the whole text is a hold pattern. Outer blanks don't
// count, everything else does.
func isPattern(p *event.HoldPolicy, text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && slices.ContainsFunc(p.GetPatterns(), func(pattern string) bool {
		return strings.TrimSpace(pattern) == text
	})
}

// cancelHold stops the timer. Who is told that it is stopped can rely on it: a
// timer that was faster is owned up to.
func cancelHold(s State, c CancelHold, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch err := s.shut(); {
	case err != nil:
		return nil, err
	case !s.keptBy(c.Operator):
		return nil, errNotYours
	case s.Hold.Expired:
		return nil, refusal.New(refusal.Conflict, "the hold message has gone out already")
	case s.Hold.Kind == event.HoldKind_HOLD_NONE:
		return nil, nil // stopped already
	}
	return one(&event.HoldCancelled{At: at, OperatorId: c.Operator}), nil
}

func holdDue(s State) time.Time { return s.Hold.Due }

func expireHold(s State, at *timestamppb.Timestamp) []event.Event {
	return []event.Event{&event.HoldExpired{At: at}, say(s, event.Purpose_AUTO_HOLD, s.Hold.Text, at)}
}
