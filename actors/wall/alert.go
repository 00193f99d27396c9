package wall

import (
	"maps"
	"slices"
	"time"

	"crafttalkd/actors/event"
)

// The kinds of alerts.
const (
	LongQueue  = "queue"      // too many wait for a line
	LongWait   = "waiting"    // the first of a line waits too long
	Unanswered = "unanswered" // an operator leaves a customer without an answer
	Failing    = "channel"    // an account has been broken too long
)

// An Alert is something that goes wrong.
type Alert struct {
	Kind    string    `json:"kind"`
	Center  string    `json:"center_id"`
	Line    string    `json:"line_id,omitempty"`
	Subject string    `json:"subject_id"` // the line, the operator or the account
	Since   time.Time `json:"since"`      // when it was raised
	Value   float64   `json:"value"`      // conversations, or seconds, when it was raised
	Bound   float64   `json:"bound"`      // by the settings of then
}

// Key names what the alert is about: there is one for each at a time.
func (a Alert) Key() string { return a.Kind + "/" + a.Center + "/" + a.Subject }

// calm is the part of a bound that must not be reached any more before an alert
// is over, so that one that is just reached does not ring again and again.
const calm = 0.8

// Judge compares what is measured with what the settings bear. It returns what
// must be raised, with its time, and which of the alerts that are up are over.
// What is not measured at all any more is over too.
func Judge(up map[string]Alert, measured []Alert, now time.Time) (raise []Alert, over []string) {
	now = now.Truncate(time.Millisecond).UTC()
	kept := map[string]bool{}
	for _, m := range measured {
		_, is := up[m.Key()]
		switch {
		case m.Bound <= 0:
		case is && m.Value > m.Bound*calm:
			kept[m.Key()] = true
		case !is && m.Value > m.Bound && !kept[m.Key()]:
			m.Since = now
			kept[m.Key()] = true
			raise = append(raise, m)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(up)) {
		if !kept[key] {
			over = append(over, key)
		}
	}
	return raise, over
}

// Measure says what the model comes to, by the alert policies of the centers.
// Of a line without anybody who waits nothing is said.
func (m *Model) Measure(policy func(center string) *event.AlertPolicy, now time.Time) []Alert {
	type place struct{ center, id string }
	lines, long, silent := map[place]int{}, map[place]time.Duration{}, map[place]time.Duration{}
	for _, c := range m.Conversations {
		switch c.Phase {
		case Waiting:
			at := place{c.Center, c.Keeper}
			lines[at]++
			long[at] = max(long[at], now.Sub(c.Since))
		case Served:
			if owed := c.Owed(); !owed.IsZero() {
				at := place{c.Center, c.Keeper}
				silent[at] = max(silent[at], now.Sub(owed))
			}
		}
	}
	var out []Alert
	for at, n := range lines {
		p := policy(at.center)
		out = append(out,
			Alert{Kind: LongQueue, Center: at.center, Line: at.id, Subject: at.id, Value: float64(n), Bound: float64(p.GetQueueOver())},
			Alert{Kind: LongWait, Center: at.center, Line: at.id, Subject: at.id, Value: long[at].Seconds(), Bound: p.GetWaitingOver().AsDuration().Seconds()})
	}
	for at, d := range silent {
		out = append(out, Alert{Kind: Unanswered, Center: at.center, Subject: at.id, Value: d.Seconds(),
			Bound: policy(at.center).GetUnansweredOver().AsDuration().Seconds()})
	}
	return out
}
