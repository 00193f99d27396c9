package conversation

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// What a channel tells of a message is news if it is worse or better than what
// is known: a message taken may be lost later, a lost one may have arrived
// after all, and what is lost is not uncertain any more.

func delivered(s State, c Delivered, at *timestamppb.Timestamp) []event.Event {
	fate := s.Outbox[c.Message]
	if fate == 0 || fate == Taken && !c.Arrived {
		return nil
	}
	return one(&event.MessageDelivered{At: at, MessageId: c.Message, ExternalId: c.ExternalID, Arrived: c.Arrived})
}

func failed(s State, c Failed, at *timestamppb.Timestamp) []event.Event {
	if fate := s.Outbox[c.Message]; fate == 0 || fate == Lost {
		return nil
	}
	return one(&event.MessageFailed{At: at, MessageId: c.Message, Reason: c.Reason})
}

func uncertain(s State, c Uncertain, at *timestamppb.Timestamp) []event.Event {
	if s.Outbox[c.Message] != UnderWay {
		return nil
	}
	return one(&event.MessageUncertain{At: at, MessageId: c.Message, Reason: c.Reason})
}

// retry sends a message once more, on an operator's word only.
func retry(s State, c Retry, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch err := s.shut(); {
	case err != nil:
		return nil, err
	case !s.keptBy(c.Operator):
		return nil, errNotYours
	case empty(c.Content):
		return nil, refusal.Of("content", "the message is empty")
	}
	switch s.Outbox[c.Message] {
	case UnderWay:
		return nil, nil // on its way again
	case Lost, Unsure:
		return one(&event.MessageRetried{
			At:         at,
			MessageId:  c.Message,
			OperatorId: c.Operator,
			AccountId:  cmp.Or(c.Account, s.Account),
			Address:    cmp.Or(c.Address, s.Address),
			Content:    c.Content,
		}), nil
	}
	return nil, refusal.New(refusal.Conflict, "only a message that did not arrive can be sent again")
}

func fetched(s State, c Fetched, at *timestamppb.Timestamp) []event.Event {
	if !s.Fetching[fileKey(c.Message, c.Attachment)] {
		return nil
	}
	return one(&event.AttachmentFetched{At: at, MessageId: c.Message, Attachment: c.Attachment})
}

// The read marks only move forward.

func seenByCustomer(s State, c SeenByCustomer, at *timestamppb.Timestamp) []event.Event {
	if !slices.Contains(s.Unseen, c.Message) {
		return nil
	}
	return one(&event.CustomerSaw{At: at, MessageId: c.Message})
}

func seenByOperator(s State, c SeenByOperator, at *timestamppb.Timestamp) []event.Event {
	if !s.keptBy(c.Operator) || !slices.Contains(s.Unread, c.Message) {
		return nil
	}
	return one(&event.OperatorSaw{At: at, MessageId: c.Message, OperatorId: c.Operator})
}
