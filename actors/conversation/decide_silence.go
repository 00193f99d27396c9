package conversation

import (
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// A timer is something that time does to a conversation, and when.
type timer struct {
	name string
	due  time.Time // zero for never
	fire func(State, *timestamppb.Timestamp) []event.Event
}

// timers are those of s, in the order in which they go where several are due at
// once: a message goes before what would end it.
func timers(s State) [7]timer {
	return [...]timer{
		{"hold", holdDue(s), expireHold},
		{"response", answerDue(s), loseOperator},
		{"agent", agentDue(s), loseAgent},
		{"silence_message", messageDue(s), sayInSilence},
		{"detach", detachDue(s), detach},
		{"remind", remindDue(s), remind},
		{"close", closeDue(s), closeForSilence},
	}
}

// A Timer is one that runs, and when it ends: hold, response (the operator's),
// agent, silence_message, detach, remind, close.
type Timer struct {
	Name string
	Due  time.Time
}

// Timers returns those that run in s, by what they do.
func Timers(s State) (out []Timer) {
	for _, t := range timers(s) {
		if !t.due.IsZero() {
			out = append(out, Timer{t.name, t.due})
		}
	}
	return out
}

// next returns the timer of s that is due first.
func next(s State) (first timer) {
	for _, t := range timers(s) {
		if !t.due.IsZero() && (first.due.IsZero() || t.due.Before(first.due)) {
			first = t
		}
	}
	return first
}

// wake does what has become due, in the order in which it did. Each timer sees
// the conversation as the one before it left it.
func wake(s State, at *timestamppb.Timestamp) []event.Event {
	d, now := begin(s, at), at.AsTime()
	for t := next(d.state); !t.due.IsZero() && !t.due.After(now); t = next(d.state) {
		d.add(t.fire(d.state, at)...)
	}
	return d.events
}

// silent tells whether the customer's silence counts: our last word is
// unanswered, and an operator or an agent waits for it, or an operator has
// stopped waiting. Manual: Таймауты; who keeps the conversation makes no
// difference there, but that only an operator can be detached from.
func silent(s State) bool {
	return !s.Asked.At.IsZero() && (s.Phase == Served || s.Phase == Automatic)
}

// attended tells whether somebody waits for the customer's answer.
func attended(s State) bool {
	return s.Phase == Served || s.Phase == Automatic && s.Agent != Silence
}

// inSilence returns when a delay of the silence policy is over, or the zero
// time if it does not count now.
func inSilence(s State, counts bool, d *durationpb.Duration) time.Time {
	if after, ok := delay(d); ok && counts && silent(s) {
		return s.Asked.At.Add(after)
	}
	return time.Time{}
}

func messageDue(s State) time.Time {
	m, _ := messageInSilence(s)
	return inSilence(s, attended(s), m.GetAfter())
}

func sayInSilence(s State, at *timestamppb.Timestamp) []event.Event {
	m, n := messageInSilence(s)
	return []event.Event{
		say(s, event.Purpose_SILENCE_MESSAGE, m.Text, at),
		&event.SilenceMessageDue{At: at, N: int32(n)},
	}
}

// messageInSilence returns the next message of the silence policy and its
// number, counted from one. One without a text or a delay is passed over.
func messageInSilence(s State) (*event.SilenceMessage, int) {
	for i, m := range s.Policy.GetSilence().GetMessages() {
		if _, ok := delay(m.GetAfter()); ok && i >= s.Asked.Told && m.Text != "" {
			return m, i + 1
		}
	}
	return nil, 0
}

func detachDue(s State) time.Time {
	return inSilence(s, s.Phase == Served && !s.Asked.Detached, s.Policy.GetSilence().GetDetachAfter())
}

func detach(s State, at *timestamppb.Timestamp) (events []event.Event) {
	if text := s.Policy.GetSilence().GetDetachText(); text != "" {
		events = one(say(s, event.Purpose_DETACH_NOTICE, text, at))
	}
	return append(events,
		&event.CustomerDetached{At: at, OperatorId: s.Operator, OfferId: s.Offer},
		&event.AgentEngaged{At: at, Turn: s.Turn + 1, AgentId: Silence},
	)
}

func remindDue(s State) time.Time {
	p := s.Policy.GetSilence()
	return inSilence(s, !s.Asked.Reminded && p.GetRemindText() != "", p.GetRemindAfter())
}

func remind(s State, at *timestamppb.Timestamp) []event.Event {
	return []event.Event{
		say(s, event.Purpose_REMINDER, s.Policy.Silence.RemindText, at),
		&event.CustomerReminded{At: at},
	}
}

func closeDue(s State) time.Time {
	return inSilence(s, true, s.Policy.GetSilence().GetCloseAfter())
}

func closeForSilence(s State, at *timestamppb.Timestamp) (events []event.Event) {
	if text := s.Policy.GetSilence().GetCloseText(); text != "" {
		events = one(say(s, event.Purpose_CLOSE_NOTICE, text, at))
	}
	return append(events, ending(s, event.Cause_SILENCE, at))
}

// delay returns how long a timer of the policy runs; ok is false for one that
// is not set.
func delay(d *durationpb.Duration) (_ time.Duration, ok bool) {
	after := d.AsDuration()
	return after, after > 0
}
