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

// fate is what became of messages to the customer.
func fate(s State, cmd Command, at *timestamppb.Timestamp) []event.Event {
	switch c := cmd.(type) {
	case Delivered:
		return delivered(s, c, at)
	case Receipt:
		return receipt(s, c, at)
	case Failed:
		return failed(s, c, at)
	case Bounced:
		return bounced(s, c, at)
	case Uncertain:
		return uncertain(s, c, at)
	}
	return nil
}

func delivered(s State, c Delivered, at *timestamppb.Timestamp) []event.Event {
	fate := s.Outbox[c.Message]
	if fate == 0 || fate == Arrived || fate == Taken && !c.Arrived {
		return nil
	}
	return one(&event.MessageDelivered{At: at, MessageId: c.Message, ExternalId: c.ExternalID, EarlierIds: c.Earlier, Arrived: c.Arrived})
}

// receipt takes what a channel tells later, in any order. What was seen has
// arrived, and what was lost since the channel took it stays lost: the receipt
// came before that. One that is on its way is known to have arrived only once
// the channel has named it.
func receipt(s State, c Receipt, at *timestamppb.Timestamp) (events []event.Event) {
	told := func(m Said) bool {
		if c.Message != "" {
			return m.ID == c.Message
		}
		return m.Account == c.Account && !m.At.After(c.At)
	}
	if c.Seen {
		for _, m := range slices.Backward(s.Unseen) {
			if told(m) {
				return one(&event.CustomerSaw{At: at, MessageId: m.ID})
			}
		}
		return nil
	}
	for _, m := range s.Unseen {
		if fate := s.Outbox[m.ID]; told(m) && (fate == Taken || fate == Unsure) {
			events = append(events, &event.MessageDelivered{At: at, MessageId: m.ID, Arrived: true})
		}
	}
	return events
}

func failed(s State, c Failed, at *timestamppb.Timestamp) []event.Event {
	if fate := s.Outbox[c.Message]; fate == 0 || fate == Lost || fate == Arrived {
		return nil
	}
	return one(&event.MessageFailed{At: at, MessageId: c.Message, Reason: c.Reason})
}

// bounced is a failure that the channel tells of a message it had brought.
func bounced(s State, c Bounced, at *timestamppb.Timestamp) []event.Event {
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

func seen(s State, cmd Command, at *timestamppb.Timestamp) []event.Event {
	switch c := cmd.(type) {
	case SeenByCustomer:
		return seenByCustomer(s, c, at)
	case SeenByOperator:
		return seenByOperator(s, c, at)
	}
	return nil
}

func seenByCustomer(s State, c SeenByCustomer, at *timestamppb.Timestamp) []event.Event {
	if !slices.ContainsFunc(s.Unseen, func(m Said) bool { return m.ID == c.Message }) {
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
