package conversation

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// turnOf tells whether it is the agent's turn. Nobody acts for the silence.
func (s State) turnOf(agent string, turn uint64) bool {
	return s.Phase == Automatic && s.Agent == agent && agent != Silence && s.Turn == turn
}

func agentReply(s State, c AgentReply, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case !s.turnOf(c.Agent, c.Turn):
		return tooLate(s, c.Agent, c.Turn, "late answer "+c.ID, at)
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
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case s.Handed == Handed{Agent: c.Agent, Turn: c.Turn}:
		return nil, nil // done already
	case !s.turnOf(c.Agent, c.Turn):
		return tooLate(s, c.Agent, c.Turn, "late hand-over", at)
	case c.To == Silence:
		return nil, refusal.Of("to", "nobody can be handed over to silence")
	case c.To != "":
		return handToAgent(s, c, at), nil
	}
	cause := event.Cause_AGENT_HANDED_OVER
	if c.Failed {
		cause = event.Cause_AGENT_FAILED
	}
	q := toQueue(s, cause, at)
	if c.Routing != nil {
		q.Routing = c.Routing
	}
	return one(q), nil
}

func handToAgent(s State, c HandOver, at *timestamppb.Timestamp) []event.Event {
	engaged := &event.AgentEngaged{At: at, Turn: s.Turn + 1, AgentId: c.To}
	if c.Routing == nil {
		return one(engaged)
	}
	return []event.Event{&event.RoutingSet{At: at, Routing: c.Routing, By: c.Agent}, engaged}
}

// tooLate refuses an act whose turn is over, and records it once.
func tooLate(s State, agent string, turn uint64, act string, at *timestamppb.Timestamp) ([]event.Event, error) {
	if s.Refused == (Refused{Agent: agent, Turn: turn, Reason: act}) {
		return nil, ErrTurnOver
	}
	return one(&event.AgentRefused{At: at, Turn: turn, AgentId: agent, Reason: act}), ErrTurnOver
}
