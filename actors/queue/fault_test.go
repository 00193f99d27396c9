package queue_test

import (
	"slices"
	"testing"
	"time"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/event"
	"crafttalkd/actors/queue"
	"crafttalkd/actors/shell"
)

// A decider is a queue's Decide, or a faulty one.
type decider func(queue.State, queue.Command, time.Time) ([]event.Event, error)

// believing decides as if the state were another.
func believing(change func(*queue.State)) decider {
	return func(s queue.State, c queue.Command, now time.Time) ([]event.Event, error) {
		copied := reread(s)
		change(&copied)
		return queue.Decide(reread(copied), c, now)
	}
}

// reread returns s as it comes back from a snapshot.
func reread(s queue.State) queue.State {
	s, _, err := shell.Decode[queue.State](queue.Version, []byte(encode(s)))
	if err != nil {
		panic(err)
	}
	return s
}

func waits(f func(*queue.Wait)) func(*queue.State) {
	return func(s *queue.State) {
		for _, w := range s.Waits {
			f(w)
		}
	}
}

func operators(f func(*queue.Operator)) func(*queue.State) {
	return func(s *queue.State) {
		for _, o := range s.Operators {
			f(o)
		}
	}
}

// forgetful makes no offer after a decline.
func forgetful(s queue.State, c queue.Command, now time.Time) ([]event.Event, error) {
	events, err := queue.Decide(s, c, now)
	declined := slices.ContainsFunc(events, func(e event.Event) bool {
		settled, ok := e.(*event.OfferSettled)
		return ok && settled.Outcome == event.Outcome_DECLINED
	})
	if !declined {
		return events, err
	}
	return slices.DeleteFunc(events, func(e event.Event) bool { _, made := e.(*event.OfferMade); return made }), err
}

// unseen forgets the leaving of a conversation that is not in line.
func unseen(s queue.State, c queue.Command, now time.Time) ([]event.Event, error) {
	if l, ok := c.(queue.Leave); ok && s.Waits[l.Conversation] == nil {
		return nil, nil
	}
	return queue.Decide(s, c, now)
}

// once makes one offer at a time.
func once(s queue.State, c queue.Command, now time.Time) ([]event.Event, error) {
	events, err := queue.Decide(s, c, now)
	n := 0
	return slices.DeleteFunc(events, func(e event.Event) bool {
		if _, made := e.(*event.OfferMade); made {
			n++
		}
		return n > 1
	}), err
}

var faults = map[string]decider{
	"the newest is served first": believing(waits(func(w *queue.Wait) {
		w.Since = actortest.Epoch.Add(actortest.Epoch.Sub(w.Since))
	})),
	"priority is ignored":       believing(waits(func(w *queue.Wait) { w.Priority = 0 })),
	"skills are ignored":        believing(waits(func(w *queue.Wait) { w.Skills = nil })),
	"language is ignored":       believing(waits(func(w *queue.Wait) { w.Language = "" })),
	"a wish is ignored":         believing(waits(func(w *queue.Wait) { w.Wanted, w.WantedUntil = "", time.Time{} })),
	"nobody is avoided":         believing(waits(func(w *queue.Wait) { w.Avoid = nil })),
	"a decline is forgotten":    believing(waits(func(w *queue.Wait) { w.Passed = nil })),
	"affinity is turned over":   believing(func(s *queue.State) { s.NoAffinity = !s.NoAffinity }),
	"one more than capacity":    believing(operators(func(o *queue.Operator) { o.Capacity++ })),
	"open offers are ignored":   believing(operators(func(o *queue.Operator) { o.Offers = 0 })),
	"everybody is open":         believing(operators(func(o *queue.Operator) { o.Open = true })),
	"the idle are kept idle":    believing(operators(func(o *queue.Operator) { o.IdleSince = time.Time{} })),
	"who left is let in again":  believing(func(s *queue.State) { s.Left = nil }),
	"who never came never left": unseen,
	"no offer after a decline":  forgetful,
	"one offer at a time":       once,
}

// Every fault must be seen by the oracle, or the oracle would prove nothing.
func TestG18_G19_TheOracleSeesFaults(t *testing.T) {
	for name, decide := range faults {
		t.Run(name, func(t *testing.T) {
			for seed := range int64(300) {
				if _, err := try(seed, decide); err != nil {
					return
				}
			}
			t.Error("was not seen in 300 runs")
		})
	}
}

// A verdict that leaves something out, or names another version, is not what
// the queue says when it is asked again.
func TestG20_AForgedVerdictIsSeen(t *testing.T) {
	forgeries := map[string]func(*event.Verdict){
		"an exclusion is hidden":   func(v *event.Verdict) { v.Excluded = v.Excluded[:max(0, len(v.Excluded)-1)] },
		"a candidate is hidden":    func(v *event.Verdict) { v.Candidates = v.Candidates[:max(0, len(v.Candidates)-1)] },
		"another rule is named":    func(v *event.Verdict) { v.Rule += "?" },
		"another version is named": func(v *event.Verdict) { v.Version-- },
	}
	for name, forge := range forgeries {
		t.Run(name, func(t *testing.T) {
			seen := 0
			for seed := range int64(20) {
				r, err := try(seed, queue.Decide)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range r.events {
					if made, ok := e.(*event.OfferMade); ok {
						forge(made.Verdict)
					}
				}
				if explained(r.events, r.state) != nil {
					seen++
				}
			}
			if seen < 15 {
				t.Errorf("was seen in %d runs of 20", seen)
			}
		})
	}
}
