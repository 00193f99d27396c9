/*
Package flow says what one actor's events mean to the others. It is the only
package that knows two machines, and all it knows is on these pages.

	conversation queued    -> its queue: enter
	queue offered          -> the operator: reserve a slot
	operator reserved      -> the conversation: assign, and every queue: see
	conversation assigned  -> the operator: confirm, its queue: leave
	conversation closed    -> the operator: release, the customer: left

[After] is asked at least once for every event, in the order of each stream,
so every command in it bears repetition. [Onward] names the one command that
travels without an event: a customer's message, on its way to the conversation.
*/
package flow

import (
	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
)

// A Send is a command on its way to the actor of a stream.
type Send struct {
	Stream  string
	Command any
}

// After returns what must follow from e, an event of the stream. The
// directory's own events are for [AfterDirectory].
func After(stream string, e event.Event) []Send {
	switch e := e.(type) {
	case *event.ConversationQueued:
		return conversationQueued(id(stream), e)
	case *event.ConversationAssigned:
		return conversationAssigned(id(stream), e)
	case *event.AssignmentDeclined:
		return []Send{to.operator(e.OperatorId, operator.Release{Conversation: id(stream), Offer: e.OfferId, Cause: event.Cause_STALE})}
	case *event.AssignmentStated:
		return assignmentStated(id(stream), e)
	case *event.CustomerDetached:
		return []Send{to.operator(e.OperatorId, operator.Release{Conversation: id(stream), Offer: e.OfferId, Cause: event.Cause_SILENCE})}
	case *event.ResponseTimedOut:
		return []Send{to.operator(e.OperatorId, operator.TimeOut{Conversation: id(stream), Offer: e.OfferId})}
	case *event.ConversationClosed:
		return conversationClosed(id(stream), e)

	case *event.OfferMade:
		return []Send{to.operator(e.OperatorId, operator.Reserve{Offer: e.OfferId, Conversation: e.ConversationId,
			Line: e.LineId, Turn: e.Turn, Verdict: e.Verdict})}

	case *event.OperatorConfigured:
		return append(gone(e.OperatorId, e.DroppedLines, e.Standing), seen(e.OperatorId, e.Standing)...)
	case *event.PresenceChanged:
		return seen(id(stream), e.Standing)
	case *event.ConnectionLost:
		return seen(id(stream), e.Standing)
	case *event.ConnectionRestored:
		return seen(id(stream), e.Standing)
	case *event.SlotReserved:
		return slotReserved(e)
	case *event.OfferDeclined:
		return []Send{to.queue(e.LineId, queue.See{Operator: e.OperatorId, Offer: e.OfferId,
			Standing: e.Standing, Outcome: event.Outcome_DECLINED})}
	case *event.SlotDoubted:
		return []Send{to.conversation(e.ConversationId, conversation.Probe{Operator: e.OperatorId, Offer: e.OfferId})}
	case *event.SlotReleased:
		return slotReleased(e)

	case *event.AddressAdded:
		return addressAdded(e)
	case *event.AddressKept:
		return []Send{to.customer(e.AskedBy, customer.RemoveAddress{ID: e.AskedBy, Home: e.Home, Address: e.Address})}
	case *event.AddressRemoved:
		return claim(e.Home, e.CustomerId, "")
	case *event.AddressEdited:
		return append(claim(e.HomeBefore, e.CustomerId, ""), claim(e.Home, e.CustomerId, e.CustomerId)...)
	case *event.MergeAsked:
		return []Send{to.customer(e.From, customer.MergeInto{ID: e.From, Into: e.CustomerId, By: e.By})}
	case *event.CustomerMerged:
		return []Send{to.customer(e.Into, customer.Absorb{ID: e.Into, Merged: e})}
	case *event.CustomerAbsorbed:
		return customerAbsorbed(e)
	}
	return nil
}

func conversationQueued(conv string, e *event.ConversationQueued) []Send {
	var out []Send
	if e.PreviousLine != "" && e.PreviousLine != e.Routing.GetLineId() {
		out = append(out, to.queue(e.PreviousLine, queue.Leave{Conversation: conv, Turn: e.Turn - 1, Cause: event.Cause_LINE_CHANGED}))
	}
	if e.FromOperator != "" {
		out = append(out, to.operator(e.FromOperator, operator.Release{Conversation: conv, Offer: e.FromOffer, Cause: e.Cause}))
	}
	enter := queue.Enter{Conversation: conv, Turn: e.Turn, Routing: e.Routing, Since: e.Since.AsTime(),
		Preferred: e.Preferred, Wanted: e.WantedOperator, Avoid: e.Avoid}
	if e.WantedUntil != nil {
		enter.WantedUntil = e.WantedUntil.AsTime()
	}
	return append(out, to.queue(e.Routing.GetLineId(), enter))
}

func conversationAssigned(conv string, e *event.ConversationAssigned) []Send {
	var out []Send
	if e.FromOperator != "" && e.FromOperator != e.OperatorId {
		out = append(out, to.operator(e.FromOperator, operator.Release{Conversation: conv, Offer: e.FromOffer, Cause: event.Cause_TRANSFERRED}))
	}
	out = append(out, to.operator(e.OperatorId, operator.Confirm{Conversation: conv, Offer: e.OfferId}))
	if e.LineId != "" {
		out = append(out, to.queue(e.LineId, queue.Leave{Conversation: conv, Turn: e.Turn - 1, Cause: event.Cause_ASSIGNED}))
	}
	return append(out, to.customer(e.CustomerId, customer.Served{Operator: e.OperatorId, Conversation: conv}))
}

func assignmentStated(conv string, e *event.AssignmentStated) []Send {
	if e.Holds {
		return []Send{to.operator(e.OperatorId, operator.Confirm{Conversation: conv, Offer: e.OfferId})}
	}
	return []Send{to.operator(e.OperatorId, operator.Release{Conversation: conv, Offer: e.OfferId, Cause: event.Cause_STALE})}
}

func conversationClosed(conv string, e *event.ConversationClosed) []Send {
	out := []Send{to.customer(e.CustomerId, customer.Left{Conversation: conv})}
	if e.KeptBy != "" {
		out = append(out, to.operator(e.KeptBy, operator.Release{Conversation: conv, Offer: e.KeptOffer, Cause: event.Cause_CLOSED}))
	}
	if e.LineId != "" {
		out = append(out, to.queue(e.LineId, queue.Leave{Conversation: conv, Turn: e.Turn, Cause: event.Cause_CLOSED}))
	}
	return out
}

func slotReserved(e *event.SlotReserved) []Send {
	out := slotSeen(e)
	if e.Own {
		return out // whoever asked for the slot tells the conversation
	}
	assign := conversation.Assign{Operator: e.OperatorId, Offer: e.OfferId, Line: e.LineId, Turn: e.Turn,
		Verdict: e.Verdict, FirstName: e.FirstName, LastName: e.LastName, Forced: e.Forced}
	return append([]Send{to.conversation(e.ConversationId, assign)}, out...)
}

// slotSeen tells the operator's queues that a slot was taken.
func slotSeen(e *event.SlotReserved) []Send {
	var out []Send
	for _, line := range e.Standing.GetLineIds() {
		see := queue.See{Operator: e.OperatorId, Standing: e.Standing}
		if line == e.LineId {
			see.Offer, see.Outcome = e.OfferId, event.Outcome_ACCEPTED
		}
		out = append(out, to.queue(line, see))
	}
	return out
}

func slotReleased(e *event.SlotReleased) []Send {
	var out []Send
	if e.Requeue {
		out = append(out, to.conversation(e.ConversationId, conversation.Requeue{Operator: e.OperatorId, Offer: e.OfferId, Cause: e.Cause}))
	}
	return append(out, seen(e.OperatorId, e.Standing)...)
}

func seen(op string, s *event.Standing) []Send {
	var out []Send
	for _, line := range s.GetLineIds() {
		out = append(out, to.queue(line, queue.See{Operator: op, Standing: s}))
	}
	return out
}

func gone(op string, lines []string, s *event.Standing) []Send {
	var out []Send
	for _, line := range lines {
		out = append(out, to.queue(line, queue.See{Operator: op, Standing: s, Gone: true}))
	}
	return out
}

// claim tells the home of an address whose it is now.
func claim(home, owner, now string) []Send {
	if home == "" || home == owner {
		return nil
	}
	return []Send{to.customer(home, customer.Claim{To: now, From: owner})}
}

// addressAdded claims the address. One that followed a link may have to be
// taken out again.
func addressAdded(e *event.AddressAdded) []Send {
	out := claim(e.Home, e.CustomerId, e.CustomerId)
	if e.Address.GetVerified() != "link" || len(out) == 0 {
		return out
	}
	return []Send{to.customer(e.Home, customer.Claim{To: e.CustomerId, From: e.CustomerId, Address: e.Address})}
}

func customerAbsorbed(e *event.CustomerAbsorbed) []Send {
	var out []Send
	if e.Adopted != "" {
		out = append(out, to.conversation(e.Adopted, conversation.Adopt{Customer: e.CustomerId}))
	}
	if e.Joined != "" {
		out = append(out, to.conversation(e.Joined, conversation.Join{Kept: e.Kept}),
			to.conversation(e.Kept, conversation.Joined{From: e.Joined}))
	}
	return out
}

// to addresses commands: the only place where ids become streams.
var to addressee

type addressee struct{}

func (addressee) conversation(id string, c conversation.Command) Send {
	return Send{event.ConversationStream + id, c}
}
func (addressee) customer(id string, c customer.Command) Send {
	return Send{event.CustomerStream + id, c}
}
func (addressee) operator(id string, c operator.Command) Send {
	return Send{event.OperatorStream + id, c}
}
func (addressee) queue(line string, c queue.Command) Send {
	return Send{event.QueueStream + line, c}
}

// id returns what a stream is about.
func id(stream string) string {
	for i := range len(stream) {
		if stream[i] == '/' {
			return stream[i+1:]
		}
	}
	return stream
}
