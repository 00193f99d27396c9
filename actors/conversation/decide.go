package conversation

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// ErrClosed is the answer to whoever writes into a closed conversation.
var ErrClosed = refusal.New(refusal.Conflict, "the conversation is closed")

// ErrUnknown is the answer to whoever asks for a conversation that never opened.
var ErrUnknown = refusal.New(refusal.NotFound, "there is no such conversation")

// ErrTurnOver is the answer to an agent who acts when its turn has ended.
var ErrTurnOver = refusal.New(refusal.Conflict, "the turn is over")

// ErrOutdated is the answer to an agent who acts on what is not the last that
// the customer wrote. It acts on that one next.
var ErrOutdated = refusal.New(refusal.Conflict, "the customer has written since")

// errOurName is the answer to a client that names its message as the system
// names its own.
var errOurName = refusal.Of("message_id", "an s and a number is how the system names its own messages")

var errNotYours = refusal.New(refusal.Denied, "the conversation is not yours")

// Decide returns the events that cmd leads to in s, or refuses. A command that
// has had its effect already leads to no events.
//
// An agent's act in a turn that is over leads to both: it is refused with
// [ErrTurnOver], and the refusal is a fact for the record. So does one about a
// word that is not the customer's last, with [ErrOutdated]. Whoever carries out
// a decision keeps the events first and answers with the error then.
func Decide(s State, cmd Command, now time.Time) ([]event.Event, error) {
	if s.Forgotten && wordy(cmd) {
		return nil, tooLate(cmd)
	}
	at := timestamppb.New(now)
	events, err := decide(s, cmd, at)
	return settle(s, events, at), err
}

func decide(s State, cmd Command, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch c := cmd.(type) {
	case Receive:
		return receive(s, c, at)
	case Start:
		return start(s, c, at)
	case SetTicket, Call:
		return outward(s, cmd, at)
	case Reply:
		return reply(s, c, at)
	case Note:
		return note(s, c, at)
	case Present:
		return present(s, c, at)
	case CancelSurvey:
		return cancelSurvey(s, c, at)
	case AgentReply, HandOver, Await, FillSlots:
		return automatic(s, cmd, at)
	case Reject, Label, Review:
		return learn(s, cmd, at)
	case Assign:
		return assign(s, c, at), nil
	case Probe:
		return probe(s, c, at), nil
	case Requeue:
		return requeue(s, c, at), nil
	case Transfer:
		return transfer(s, c, at)
	case SetRouting, Return, Prioritize:
		return reroute(s, cmd, at)
	case SetTopic:
		return setTopic(s, c, at)
	case CancelHold:
		return cancelHold(s, c, at)
	case Close:
		return finish(s, c, at)
	case Edit, Remove:
		return correct(s, cmd, at), nil
	case Delivered, Receipt, Failed, Bounced, Uncertain:
		return fate(s, cmd, at), nil
	case Retry:
		return retry(s, c, at)
	case Fetched:
		return fetched(s, c, at), nil
	case SeenByCustomer, SeenByOperator:
		return seen(s, cmd, at), nil
	case Rate:
		return rate(s, c, at)
	case Adopt, Join, Joined:
		return merge(s, cmd, at)
	case Forget:
		return forget(s, c, at)
	case Wake:
		return wake(s, at), nil
	}
	panic(fmt.Sprintf("conversation: unknown command %T", cmd))
}

// shut returns why nothing can be written in s, or nil if it is open.
func (s State) shut() error {
	switch s.Phase {
	case Nothing:
		return ErrUnknown
	case Closed:
		return ErrClosed
	}
	return nil
}

// one is a decision with a single event.
func one(e event.Event) []event.Event { return []event.Event{e} }

// say is a message that the system makes by itself, sent where the customer
// wrote last. Its id counts such messages, so that a replay gives it again; an
// id of this form is nobody else's, see [said].
func say(s State, p event.Purpose, text string, at *timestamppb.Timestamp) *event.MessageSent {
	return &event.MessageSent{
		At:        at,
		MessageId: "s" + strconv.Itoa(s.Said+1),
		AccountId: s.Account,
		Address:   s.Address,
		Content:   &event.Content{Text: text},
		Purpose:   p,
		Turn:      s.Turn,
	}
}

// said returns the number in an id of the form that the system gives to its own
// messages, and 0 for any other id.
func said(id string) int {
	digits, ok := strings.CutPrefix(id, "s")
	if !ok || strings.Trim(digits, "0123456789") != "" {
		return 0
	}
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}
