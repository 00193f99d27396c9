package day_test

import (
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
)

// A watch is a model of a conversation's timers that knows the policy and the
// events, and nothing of the machine.
type watch struct {
	policy   *event.Policy
	operator string    // who keeps it
	silence  bool      // or the agent of that name does
	ours     time.Time // when we wrote last, and nobody answered since
	told     int       // messages in this silence
	reminded bool
	detached bool // in this silence
	hold     time.Time
	theirs   time.Time // the first message that no operator answered
	since    time.Time // when the operator got it
	over     bool
	set      time.Time // the true time of the last event
}

// dues returns when each timer is due.
func (x *watch) dues() map[string]time.Time {
	out := map[string]time.Time{}
	put := func(name string, from time.Time, after *durationpb.Duration) {
		if after.AsDuration() > 0 && !from.IsZero() {
			out[name] = from.Add(after.AsDuration())
		}
	}
	if x.over {
		return out
	}
	if x.operator != "" {
		if !x.hold.IsZero() {
			out["hold"] = x.hold
		}
		if !x.theirs.IsZero() {
			put("response", latest(x.theirs, x.since), x.policy.ResponseTimeout)
		}
	}
	s := x.policy.GetSilence()
	if s == nil || x.operator == "" && !x.silence {
		return out
	}
	if x.operator != "" && x.told < len(s.Messages) {
		put("message", x.ours, s.Messages[x.told].After)
	}
	if x.operator != "" && !x.detached {
		put("detach", x.ours, s.DetachAfter)
	}
	if !x.reminded && s.RemindText != "" {
		put("remind", x.ours, s.RemindAfter)
	}
	put("close", x.ours, s.CloseAfter)
	return out
}

// fired names the timer whose effect e is, or "".
func fired(e event.Event) string {
	switch e := e.(type) {
	case *event.HoldExpired:
		return "hold"
	case *event.ResponseTimedOut:
		return "response"
	case *event.SilenceMessageDue:
		return "message"
	case *event.CustomerDetached:
		return "detach"
	case *event.CustomerReminded:
		return "remind"
	case *event.ConversationClosed:
		if e.Cause == event.Cause_SILENCE {
			return "close"
		}
	}
	return ""
}

// apply lets e happen.
func (x *watch) apply(e event.Event, at time.Time) {
	switch e := e.(type) {
	case *event.ConversationOpened:
		x.policy = e.Policy
	case *event.MessageReceived:
		x.quiet()
		if x.theirs.IsZero() {
			x.theirs = at
		}
	case *event.MessageSent:
		if e.OperatorId != "" {
			x.quiet()
			x.ours, x.theirs = at, time.Time{}
		}
	case *event.AgentEngaged:
		x.kept("", true)
	case *event.ConversationQueued:
		x.quiet()
		x.kept("", false)
	case *event.ConversationAssigned:
		x.kept(e.OperatorId, false)
		x.since = at
	case *event.HoldArmed:
		x.hold = e.Due.AsTime()
	case *event.HoldCancelled, *event.HoldExpired:
		x.hold = time.Time{}
	case *event.SilenceMessageDue:
		x.told = int(e.N)
	case *event.CustomerDetached:
		x.detached = true
	case *event.CustomerReminded:
		x.reminded = true
	case *event.ConversationClosed:
		x.over = true
	}
}

// quiet ends a silence.
func (x *watch) quiet() {
	x.ours, x.told, x.reminded, x.detached = time.Time{}, 0, false, false
}

func (x *watch) kept(operator string, silence bool) {
	x.operator, x.silence, x.hold = operator, silence, time.Time{}
}

// timers holds: each timer has its effect once, never early, and not later
// than a second after that was possible.
func (w *world) timers(id string, entries []journal.Entry) {
	x := &watch{}
	for _, e := range entries {
		at := event.At(e.Event)
		now := w.clock.truth(at)
		w.forgotten(id, x, now)
		if name := fired(e.Event); name != "" {
			if due, set := x.dues()[name]; !set || due.After(at) {
				w.fail("G26: %s at %d: %s comes at %s, due %s (set %v)", id, e.Version, name, clockTime(at), clockTime(due), set)
			}
		}
		x.apply(e.Event, at)
		x.set = now
	}
	w.forgotten(id, x, time.Now())
}

// forgotten fails if a timer is still waiting that should have fired before now.
func (w *world) forgotten(id string, x *watch, now time.Time) {
	for name, due := range x.dues() {
		if p := w.clock.possible(x.set, due); !p.IsZero() && now.Sub(p) > lateness {
			w.fail("G25: %s: %s was due %s, has not come %v after it could", id, strings.ToUpper(name), clockTime(due), now.Sub(p))
		}
	}
}
