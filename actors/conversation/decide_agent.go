package conversation

import (
	"slices"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/survey"
)

const (
	usualPatience   = time.Minute // for an agent, if its policy does not say
	longestPatience = time.Hour   // for one that has asked for it
	mostPassed      = 10          // times from agent to agent without a word of the customer's
	mostKnown       = 200         // classes of slots
	longestValue    = 2000        // characters
)

// turnOf tells whether it is the agent's turn. Nobody acts for the silence.
func (s State) turnOf(agent string, turn uint64) bool {
	return s.Phase == Automatic && s.Agent == agent && agent != Silence && s.Turn == turn
}

// newest tells whether an agent acts on the last that has happened: what the
// customer wrote, or its engagement if nothing came since.
func (s State) newest(about string) bool {
	return about == s.LastIn || about == "" && !s.Heard
}

// A Duty is what an agent has to act on: the customer's message About, or its
// engagement.
type Duty struct {
	Agent, About string
	Turn         uint64
	Until        time.Time // it has said that it will do more by then; zero: it has done nothing yet
}

// Owes returns what the agent who keeps s has to do. There is nothing to do
// while the conversation waits for the customer: a survey that runs answers by
// itself.
func Owes(s State) (Duty, bool) {
	if s.Phase != Automatic || s.Agent == Silence || s.Owed.Since.IsZero() {
		return Duty{}, false
	}
	d := Duty{Agent: s.Agent, Turn: s.Turn, Until: s.Owed.Until}
	if s.Heard {
		d.About = s.LastIn
	}
	return d, true
}

// An act is what an agent wants to do, and on what.
type act struct {
	agent string
	turn  uint64
	about string
	name  string // for the record, if it is late
}

// late refuses an act whose turn is over, or after which the customer wrote,
// and records it once. It returns nothing for an act in time.
func late(s State, a act, at *timestamppb.Timestamp) ([]event.Event, error) {
	reason, err := "late "+a.name, error(ErrTurnOver)
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case !s.turnOf(a.agent, a.turn):
	case !s.newest(a.about):
		reason, err = "outdated "+a.name, ErrOutdated
	default:
		return nil, nil
	}
	if s.Refused == (Refused{Agent: a.agent, Turn: a.turn, Reason: reason}) {
		return nil, err
	}
	return one(&event.AgentRefused{At: at, Turn: a.turn, AgentId: a.agent, Reason: reason}), err
}

// automatic decides on what agents alone do.
func automatic(s State, cmd Command, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch c := cmd.(type) {
	case AgentReply:
		return agentReply(s, c, at)
	case HandOver:
		return handOver(s, c, at)
	case Await:
		return await(s, c, at)
	case FillSlots:
		return fillSlots(s, c, at)
	}
	return nil, nil
}

func agentReply(s State, c AgentReply, at *timestamppb.Timestamp) ([]event.Event, error) {
	if events, err := late(s, act{c.Agent, c.Turn, c.About, "answer " + c.ID}, at); err != nil {
		return events, err
	}
	switch {
	case said(c.ID) > 0:
		return nil, errOurName
	case empty(c.Content):
		return nil, refusal.Of("content", "the message is empty")
	case s.Outbox[c.ID] != 0:
		return nil, nil // sent already
	}
	return one(&event.MessageSent{
		At:        at,
		MessageId: c.ID,
		AgentId:   c.Agent,
		AccountId: s.Account,
		Address:   s.Address,
		Content:   c.Content,
		Purpose:   event.Purpose_AGENT_ANSWER,
		Turn:      s.Turn,
	}), nil
}

func handOver(s State, c HandOver, at *timestamppb.Timestamp) ([]event.Event, error) {
	if s.Phase != Nothing && s.Handed == (Handed{Agent: c.Agent, Turn: c.Turn}) {
		return nil, nil // done already
	}
	if events, err := late(s, act{c.Agent, c.Turn, c.About, "hand-over"}, at); err != nil {
		return events, err
	}
	if c.To == Silence {
		return nil, refusal.Of("to", "nobody can be handed over to silence")
	}
	d, to, cause := begin(s, at), c.To, event.Cause_AGENT_HANDED_OVER
	if c.Onward {
		to = s.after(c.Agent)
	}
	if c.Failed {
		cause = event.Cause_AGENT_FAILED
		d.add(&event.AgentFailed{At: at, Turn: s.Turn, AgentId: c.Agent, Reason: c.Reason})
	}
	d.pass(to, cause, c.Routing, c.Agent)
	return d.events, nil
}

// pass hands the conversation on from its agent, to another one or to the queue.
// Agents that pass it among themselves without end lose it to the queue.
func (d *draft) pass(to string, cause event.Cause, routing *event.Routing, by string) {
	s := d.state
	if to != "" && !survey.IsPerson(to) {
		if routing != nil {
			d.add(&event.RoutingSet{At: d.at, Routing: routing, By: by})
		}
		if s.Passed < mostPassed {
			d.add(&event.AgentEngaged{At: d.at, Turn: s.Turn + 1, AgentId: to})
			return
		}
		d.add(&event.AgentFailed{At: d.at, Turn: s.Turn, AgentId: s.Agent, Reason: "loop"})
		cause = event.Cause_AGENT_FAILED
	}
	q := toQueue(d.state, cause, d.at)
	if routing != nil {
		q.Routing = routing
	}
	d.add(q)
}

// after returns the agent that follows one in the chain, or nothing for the
// queue.
func (s State) after(agent string) string {
	chain := s.Policy.GetAgents()
	return head(chain[slices.Index(chain, agent)+1:], slices.Contains(chain, agent))
}

// head returns the first agent of a chain; counts is false for none.
func head(chain []string, counts bool) string {
	for _, a := range chain {
		switch {
		case !counts || survey.IsPerson(a):
			return ""
		case a != "" && a != Silence:
			return a
		}
	}
	return ""
}

func await(s State, c Await, at *timestamppb.Timestamp) ([]event.Event, error) {
	if events, err := late(s, act{c.Agent, c.Turn, c.About, "waiting"}, at); err != nil {
		return events, err
	}
	until, since := c.Until, s.Owed.Since
	if since.IsZero() {
		since = at.AsTime()
	}
	if most := since.Add(longestPatience); until.After(most) {
		until = most
	}
	if s.Owed.Until.Equal(until) && s.Owed.Since.IsZero() == until.IsZero() {
		return nil, nil // said already
	}
	return one(&event.AgentAwaited{At: at, Turn: s.Turn, AgentId: c.Agent, About: c.About, Until: stamp(until)}), nil
}

// fillSlots takes what an agent knows of the customer. What is known already is
// no news.
func fillSlots(s State, c FillSlots, at *timestamppb.Timestamp) ([]event.Event, error) {
	if events, err := late(s, act{c.Agent, c.Turn, c.About, "slots"}, at); err != nil {
		return events, err
	}
	d := begin(s, at)
	for _, slot := range c.Slots {
		class := classOf(slot)
		switch {
		case class == "" || utf8.RuneCountInString(class) > longestValue:
			return nil, refusal.Of("slots", "each value needs the class of its slot")
		case slot.GetValue() == "" || utf8.RuneCountInString(slot.Value) > longestValue || utf8.RuneCountInString(slot.Caption) > longestValue:
			return nil, refusal.Of("slots", "the value of %s is empty, or of more than %d characters", class, longestValue)
		case len(d.state.Slots) >= mostKnown && d.state.Slots[class].Value == "":
			return nil, refusal.Of("slots", "at most %d values are remembered", mostKnown)
		case d.state.Slots[class].Value == slot.Value:
			continue
		}
		filled := proto.CloneOf(slot)
		filled.At, filled.SurveyId, filled.MessageId, filled.Inferred, filled.Confirmed = at, "", "", false, false
		d.add(filled)
	}
	return d.events, nil
}

// agentDue returns when the agent loses the conversation for having done
// nothing, or the zero time.
func agentDue(s State) time.Time {
	duty, ok := Owes(s)
	switch {
	case !ok:
		return time.Time{}
	case !duty.Until.IsZero():
		return duty.Until
	}
	patience, ok := delay(s.Policy.GetAgentTimeout())
	if !ok {
		patience = usualPatience
	}
	return s.Owed.Since.Add(patience)
}

func loseAgent(s State, at *timestamppb.Timestamp) []event.Event {
	d := begin(s, at)
	d.add(&event.AgentFailed{At: at, Turn: s.Turn, AgentId: s.Agent, Reason: "late"})
	d.pass(s.after(s.Agent), event.Cause_AGENT_FAILED, nil, s.Agent)
	return d.events
}

// WantsPerson tells whether what the customer wrote asks for an operator: it is,
// or has in it as whole words, one of the policy's. A press is none.
func WantsPerson(p *event.Policy, c *event.Content) bool {
	return c.GetPressed() == nil && slices.ContainsFunc(p.GetPersonWords(), func(w string) bool { return survey.Mentions(c.GetText(), w) })
}
