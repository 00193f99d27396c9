package conversation

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// finish ends the conversation by the will of its operator or its agent.
func finish(s State, c Close, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case s.Phase == Closed:
		return nil, nil
	case c.Agent != "":
		return finishByAgent(s, c, at)
	case !s.keptBy(c.Operator):
		return nil, errNotYours
	case c.MustSay && c.Dissatisfied == nil:
		return nil, refusal.Of("dissatisfied", "say whether the customer was dissatisfied")
	}
	e := ending(s, event.Cause_OPERATOR_CHOICE, at)
	e.OperatorId = c.Operator
	e.TopicId = cmp.Or(c.Topic, s.Topic)
	e.Dissatisfied = c.Dissatisfied
	return one(e), nil
}

func finishByAgent(s State, c Close, at *timestamppb.Timestamp) ([]event.Event, error) {
	if events, err := late(s, act{c.Agent, c.Turn, c.About, "closing"}, at); err != nil {
		return events, err
	}
	e := ending(s, event.Cause_AGENT_HANDED_OVER, at)
	e.AgentId = c.Agent
	e.TopicId = cmp.Or(c.Topic, s.Topic)
	return one(e), nil
}

// ending closes s for a cause. It names what becomes free: the operator's slot
// or the place in the queue.
func ending(s State, cause event.Cause, at *timestamppb.Timestamp) *event.ConversationClosed {
	e := &event.ConversationClosed{
		At:         at,
		Turn:       s.Turn,
		Cause:      cause,
		TopicId:    s.Topic,
		CustomerId: s.Customer,
		KeptBy:     s.Operator,
		KeptOffer:  s.Offer,
	}
	if s.Phase == Waiting {
		e.LineId = s.Routing.GetLineId()
	}
	return e
}

func setTopic(s State, c SetTopic, at *timestamppb.Timestamp) ([]event.Event, error) {
	if c.Agent != "" {
		if events, err := late(s, act{c.Agent, c.Turn, c.About, "topic"}, at); err != nil {
			return events, err
		}
	}
	switch err := s.shut(); {
	case err != nil:
		return nil, err
	case c.Topic == s.Topic:
		return nil, nil
	}
	return one(&event.TopicSet{At: at, TopicId: c.Topic, By: cmp.Or(c.Agent, c.By)}), nil
}

// rate keeps the customer's rating, also after the end. The last one counts.
func rate(s State, c Rate, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case c.Rating < 1 || c.Rating > 5:
		return nil, refusal.Of("rating", "a rating is 1 to 5")
	case s.Rating == Rating{Points: c.Rating, Comment: c.Comment}:
		return nil, nil
	}
	return one(&event.RatingGiven{At: at, Rating: c.Rating, Comment: c.Comment}), nil
}

// merge decides on what becomes of the conversations of customers who turn out
// to be one.
func merge(s State, cmd Command, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch c := cmd.(type) {
	case Adopt:
		return adopt(s, c, at)
	case Join:
		return join(s, c, at)
	case Joined:
		return joined(s, c, at)
	}
	return nil, nil
}

func adopt(s State, c Adopt, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case c.Customer == s.Customer:
		return nil, nil
	}
	return one(&event.CustomerChanged{At: at, CustomerId: c.Customer}), nil
}

func join(s State, c Join, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case s.Phase == Closed:
		return nil, nil
	case c.Kept == s.ID:
		return nil, refusal.Of("kept", "a conversation can't end in itself")
	}
	return one(ending(s, event.Cause_MERGED, at)), nil
}

func joined(s State, c Joined, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case s.Phase == Nothing:
		return nil, ErrUnknown
	case slices.Contains(s.Joined, c.From):
		return nil, nil
	}
	return one(&event.ConversationJoined{At: at, ConversationId: c.From}), nil
}
