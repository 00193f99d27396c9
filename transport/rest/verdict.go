package rest

import (
	"cmp"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/actors/queue"
)

// Verdicts are why a conversation went where it did, or still waits.
type Verdicts struct {
	Items []GivenVerdict           `json:"items" doc:"of every assignment"`
	Now   *Message[*event.Verdict] `json:"now,omitempty" doc:"why it waits at this moment"`
	Names map[string]string        `json:"names,omitempty" doc:"of the operators that now is about, by their ids"`
	Why   string                   `json:"why,omitempty" doc:"what speaks against the operator asked about; ok if nothing does"`
}

// GivenVerdict is why an operator was chosen, as it was kept then.
type GivenVerdict struct {
	Version uint64                  `json:"version" doc:"of the conversation"`
	At      time.Time               `json:"at"`
	Verdict Message[*event.Verdict] `json:"verdict"`
	Forced  bool                    `json:"forced" doc:"a supervisor's will"`
}

// explanation is what a queue says of a waiting conversation.
type explanation struct {
	verdict *event.Verdict
	why     string
}

// verdicts answers why this operator and why not that one: from what was kept
// at each assignment, and from the queue itself while the conversation waits.
func (c *call) verdicts() (Verdicts, error) {
	v, err := c.conversation(c.id())
	if err != nil {
		return Verdicts{}, err
	}
	out := Verdicts{Items: []GivenVerdict{}}
	for e, err := range c.config.System.Journal().Events(event.ConversationStream+c.id(), 0) {
		if err != nil {
			return Verdicts{}, err
		}
		if a, ok := e.Event.(*event.ConversationAssigned); ok {
			given := GivenVerdict{Version: e.Version, At: a.At.AsTime(), Forced: a.Forced}
			if given.Verdict.Of = a.Verdict; a.Verdict == nil {
				given.Verdict.Of = &event.Verdict{OperatorId: a.OperatorId}
			}
			out.Items = append(out.Items, given)
		}
	}
	operator := c.r.URL.Query().Get("operator")
	line := v.Routing.Of.GetLineId()
	if v.Phase != "waiting" || line == "" {
		if n := len(out.Items); operator != "" && n > 0 {
			out.Why = whyThen(out.Items[n-1].Verdict.Of, operator)
		}
		return out, nil
	}
	now, err := look(c, event.QueueStream+line, func(s queue.State) explanation {
		x := explanation{verdict: queue.Explain(s, v.ConversationID)}
		if operator != "" {
			x.why = cmp.Or(queue.Why(s, v.ConversationID, operator), "ok")
		}
		return x
	})
	if err != nil {
		return Verdicts{}, err
	}
	if now.verdict != nil {
		out.Now = &Message[*event.Verdict]{proto.CloneOf(now.verdict)}
		out.Names = c.namesIn(now.verdict)
	}
	out.Why = now.why
	return out, nil
}

// namesIn are what the operators are called whom a verdict is about. A line's
// operators are seen by who sees the line.
func (c *call) namesIn(v *event.Verdict) map[string]string {
	d, out := c.directory(), map[string]string{}
	add := func(id string) {
		if u := d.User(id); u != nil {
			out[id] = fullName(u)
		}
	}
	for _, x := range v.Candidates {
		add(x.OperatorId)
	}
	for _, x := range v.Excluded {
		for _, id := range x.OperatorIds {
			add(id)
		}
	}
	return out
}

// whyThen says what a kept verdict has against an operator. Its lists of names
// are bounded, so it may not know.
func whyThen(v *event.Verdict, operator string) string {
	if v.OperatorId == operator {
		return "chosen: " + v.Rule
	}
	for _, x := range v.Excluded {
		if slices.Contains(x.OperatorIds, operator) {
			return x.Rule
		}
	}
	for _, x := range v.Candidates {
		if x.OperatorId == operator {
			return "another came first: " + v.Rule
		}
	}
	return "not kept"
}
