package conversation_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// A mutant is the machine with one fault put in on purpose.
type mutant struct {
	name  string
	spoil func(machine) machine
}

// deciding returns a fault in the decisions: f changes what was decided.
func deciding(f func(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error)) func(machine) machine {
	return func(m machine) machine {
		decide := m.Decide
		m.Decide = func(s state, c command, now time.Time) ([]event.Event, error) {
			events, err := decide(s, c, now)
			return f(s, c, now, events, err)
		}
		return m
	}
}

// applying returns a fault in what is remembered: f sees the state before and
// after an event.
func applying(f func(before, after state, e event.Event) state) func(machine) machine {
	return func(m machine) machine {
		apply := m.Apply
		m.Apply = func(s state, e event.Event) state { return f(s, apply(s, e), e) }
		return m
	}
}

// editing returns a fault in single events of kind E.
func editing[E event.Event](edit func(E)) func(machine) machine {
	return deciding(func(_ state, _ command, _ time.Time, events []event.Event, err error) ([]event.Event, error) {
		for i, e := range events {
			if _, ok := e.(E); ok {
				events[i] = proto.Clone(e)
				edit(events[i].(E))
			}
		}
		return events, err
	})
}

// without drops the events of kind E from what was decided.
func without[E event.Event]() func(machine) machine {
	return deciding(func(_ state, _ command, _ time.Time, events []event.Event, err error) ([]event.Event, error) {
		var kept []event.Event
		for _, e := range events {
			if _, ok := e.(E); !ok {
				kept = append(kept, e)
			}
		}
		return kept, err
	})
}

// forgetting returns a fault in what is remembered of events of kind E.
func forgetting[E event.Event](spoil func(before state, after *state, e E)) func(machine) machine {
	return applying(func(before, after state, e event.Event) state {
		if e, ok := e.(E); ok {
			spoil(before, &after, e)
		}
		return after
	})
}

// Short names for the facts that faults are put into.
type (
	sent      = *event.MessageSent
	failed    = *event.MessageFailed
	fetched   = *event.AttachmentFetched
	engaged   = *event.AgentEngaged
	refused   = *event.AgentRefused
	queued    = *event.ConversationQueued
	assigned  = *event.ConversationAssigned
	closed    = *event.ConversationClosed
	detached  = *event.CustomerDetached
	reminded  = *event.CustomerReminded
	silence   = *event.SilenceMessageDue
	expired   = *event.HoldExpired
	cancelled = *event.HoldCancelled
)

var mutants = []mutant{
	{"queueing leaves the operator where it was", forgetting(func(before state, s *state, _ queued) { s.Operator = before.Operator })},
	{"queueing does not name the operator who is free", editing(func(e queued) { e.FromOperator = "" })},
	{"queueing begins the waiting anew", editing(func(e queued) { e.Since = e.At })},
	{"queueing does not leave the other line", editing(func(e queued) { e.PreviousLine = "" })},
	{"assigning keeps the turn", editing(func(e assigned) { e.Turn-- })},
	{"an offer is good in any turn", deciding(anyTurn)},
	{"a forced offer is good again and again", forgetting(func(_ state, s *state, _ assigned) { s.Forced = nil })},
	{"who begins by the own will takes it from anybody", deciding(takeFromAnybody)},
	{"an own offer is good again and again", forgetting(func(before state, s *state, e assigned) {
		if e.Own {
			s.Forced = before.Forced
		}
	})},
	{"closing keeps the operator's slot", editing(func(e closed) { e.KeptBy = "" })},
	{"closing keeps the place in the queue", editing(func(e closed) { e.LineId = "" })},
	{"a closed conversation takes messages", deciding(takeAfterEnd)},
	{"an agent shares with the operator", forgetting(func(before state, s *state, _ engaged) { s.Operator = before.Operator })},
	{"a late agent may answer", deciding(lateAnswer)},
	{"a hand-over is not remembered", forgetting(func(before state, s *state, _ queued) { s.Handed = before.Handed })},
	{"a late act is recorded each time", forgetting(func(before state, s *state, _ refused) { s.Refused = before.Refused })},
	{"timers go off early", deciding(wakeEarly)},
	{"the reminder is not remembered", forgetting(func(_ state, s *state, _ reminded) { s.Asked.Reminded = false })},
	{"the detachment is not remembered", forgetting(func(_ state, s *state, _ detached) { s.Asked.Detached = false })},
	{"silence messages are not counted", forgetting(func(before state, s *state, _ silence) { s.Asked.Told = before.Asked.Told })},
	{"the system's own words restart the silence", forgetting(func(_ state, s *state, e sent) { s.Asked.At = e.At.AsTime() })},
	{"an expired hold runs on", forgetting(func(before state, s *state, _ expired) { s.Hold = before.Hold })},
	{"a hold outlives its keeper", forgetting(func(before state, s *state, _ queued) { s.Hold = before.Hold })},
	{"the customer does not stop the customer's hold", without[cancelled]()},
	{"the customer stops any hold", deciding(stopAnyHold)},
	{"an answer does not stop the response timeout", forgetting(func(before state, s *state, _ sent) { s.Unanswered = before.Unanswered })},
	{"a message is lost", without[*event.MessageReceived]()},
	{"a client names a message as the system does", deciding(anyNameGoes)},
	{"an address is numbered after another one of its account", forgetting(numberTogether)},
	{"an agent's word begins no silence", forgetting(func(before state, s *state, e sent) {
		if e.AgentId != "" {
			s.Asked = before.Asked
		}
	})},
	{"the system's messages share a name", forgetting(func(before state, s *state, _ sent) { s.Said = before.Said })},
	{"a failure is not remembered", forgetting(func(_ state, s *state, e failed) { s.Outbox[e.MessageId] = conversation.UnderWay })},
	{"a fetched file is fetched again", forgetting(func(_ state, s *state, e fetched) { s.Fetching = map[string]bool{e.MessageId + "/f1": true} })},
	{"an edit asks anew", forgetting(func(_ state, s *state, e *event.MessageEdited) { s.Unread = append(s.Unread, e.MessageId) })},
	{"an older edit takes the place of a newer one", forgetting(func(before state, s *state, _ *event.MessageEdited) { s.Changed = before.Changed })},
	{"an edit's files are not awaited", forgetting(func(_ state, s *state, e *event.MessageEdited) {
		for _, a := range e.Content.Attachments {
			delete(s.Fetching, e.MessageId+"/"+a.AttachmentId)
		}
	})},
	{"an edit's files are named as those before", editing(func(e *event.MessageEdited) {
		for _, a := range e.Content.Attachments {
			a.AttachmentId = "f1"
		}
	})},
	{"a removal is not remembered", forgetting(func(before state, s *state, _ *event.MessageRemoved) { s.Changed = before.Changed })},
	{"a machine's word opens a conversation", deciding(heed(conversation.Nothing))},
	{"a machine's word brings back from silence", deciding(heed(conversation.Automatic))},
	{"a machine's word breaks the silence", forgetting(func(_ state, s *state, e *event.MessageReceived) { s.Asked = conversation.Asked{} })},
	{"a machine's word moves the address", forgetting(func(_ state, s *state, e *event.MessageReceived) { s.Account, s.Address = e.AccountId, e.Address })},
	{"a receipt takes a failure back", deciding(receiptTakesBack)},
	{"the customer's mark goes back", forgetting(func(before state, s *state, _ *event.CustomerSaw) { s.Unseen = before.Unseen })},
	{"an outdated answer is said", deciding(outdatedAnswer)},
	{"an agent is never late", forgetting(func(_ state, s *state, _ engaged) { s.Owed = conversation.Owed{} })},
	{"an agent's answer does not count", forgetting(func(before state, s *state, e sent) {
		if e.AgentId != "" {
			s.Owed = before.Owed
		}
	})},
	{"an agent says that it will, for ever", editing(func(e *event.AgentAwaited) {
		if e.Until != nil {
			e.Until = timestamppb.New(e.Until.AsTime().Add(time.Hour))
		}
	})},
	{"agents pass it among themselves for ever", forgetting(func(_ state, s *state, _ engaged) { s.Passed = 0 })},
	{"a survey outlives its agent", deciding(outlive)},
	{"a survey asks what it knows", forgetting(func(before state, s *state, e *event.SlotFilled) {
		if s.Survey != nil {
			s.Survey.Filled = before.Survey.Filled
		}
	})},
	{"a survey asks for ever", forgetting(func(_ state, s *state, e *event.SlotMistaken) { s.Survey.Mistakes = 0 })},
	{"a survey gives up too soon", forgetting(func(_ state, s *state, e *event.SlotMistaken) { s.Survey.Mistakes++ })},
	{"a question is not sent", deciding(unasked)},
	{"an open conversation is reviewed", deciding(reviewAny)},
	{"the state knows more than the log", knowing},
	{"deciding changes the state", deciding(meddle)},
}

// TestMutants_AreCaught shows that the checks above can fail: each fault is
// noticed in one of the runs.
func TestMutants_AreCaught(t *testing.T) {
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			for seed := range uint64(300) {
				if err := newWorld(m.spoil(theMachine()), seed).live(120); err != nil {
					t.Logf("seed %d: %v", seed, err)
					return
				}
			}
			t.Error("nobody noticed")
		})
	}
}

func anyNameGoes(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	if r, ok := c.(conversation.Reply); ok && refusal.KindOf(err) == refusal.Invalid && strings.HasPrefix(r.ID, "s") && r.Content.Text != "" {
		return []event.Event{&event.MessageSent{At: timestamppb.New(now), MessageId: r.ID, OperatorId: r.Operator, Turn: s.Turn, Content: r.Content}}, nil
	}
	return events, err
}

func numberTogether(_ state, s *state, e *event.MessageReceived) {
	if s.Orders == nil {
		s.Orders = map[string]int64{}
	}
	for _, address := range []string{"anna", "anya"} {
		from := e.AccountId + "/" + address
		s.Orders[from] = max(s.Orders[from], e.Order)
	}
}

// heed takes a machine's word for a person's.
func heed(in conversation.Phase) func(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	return func(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
		r, ok := c.(conversation.Receive)
		if !ok || !r.Message.GetAutomatic() || s.Phase != in {
			return events, err
		}
		r.Message = proto.CloneOf(r.Message)
		r.Message.Automatic = false
		return conversation.Decide(s, r, now)
	}
}

func receiptTakesBack(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	if r, ok := c.(conversation.Receipt); ok && s.Outbox[r.Message] == conversation.Lost && !r.Seen {
		return []event.Event{&event.MessageDelivered{At: timestamppb.New(now), MessageId: r.Message, Arrived: true}}, nil
	}
	return events, err
}

func anyTurn(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	if a, ok := c.(conversation.Assign); ok && s.Phase == conversation.Waiting {
		a.Turn = s.Turn
		return conversation.Decide(s, a, now)
	}
	return events, err
}

func takeFromAnybody(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	if x, ok := c.(conversation.Start); ok && s.Phase == conversation.Served && err != nil {
		s.Phase, s.Operator = conversation.Waiting, ""
		return conversation.Decide(s, x, now)
	}
	return events, err
}

func takeAfterEnd(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	if r, ok := c.(conversation.Receive); ok && err == conversation.ErrClosed {
		m := proto.CloneOf(r.Message)
		m.At = timestamppb.New(now)
		return []event.Event{m}, nil
	}
	return events, err
}

func lateAnswer(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	if a, ok := c.(conversation.AgentReply); ok && s.Phase == conversation.Waiting {
		return []event.Event{&event.MessageSent{At: timestamppb.New(now), MessageId: a.ID, AgentId: a.Agent, Turn: s.Turn}}, nil
	}
	return events, err
}

func outdatedAnswer(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	if a, ok := c.(conversation.AgentReply); ok && err == conversation.ErrOutdated {
		return []event.Event{&event.MessageSent{At: timestamppb.New(now), MessageId: a.ID, AgentId: a.Agent, Turn: s.Turn}}, nil
	}
	return events, err
}

// outlive lets a survey go on when its agent's turn ends.
func outlive(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	var kept []event.Event
	for _, e := range events {
		if end, ok := e.(*event.SurveyEnded); !ok || end.Outcome != event.SurveyOutcome_SURVEY_CANCELLED {
			kept = append(kept, e)
		}
	}
	return kept, err
}

func unasked(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	var kept []event.Event
	for _, e := range events {
		if m, ok := e.(*event.MessageSent); !ok || m.Purpose != event.Purpose_SLOT_QUESTION {
			kept = append(kept, e)
		}
	}
	return kept, err
}

func reviewAny(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	if _, ok := c.(conversation.Review); ok && s.Phase == conversation.Waiting {
		return []event.Event{&event.ConversationReviewed{At: timestamppb.New(now)}}, nil
	}
	return events, err
}

func wakeEarly(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	due := conversation.Deadline(s)
	if _, ok := c.(conversation.Wake); !ok || due.IsZero() || now.After(due) {
		return events, err
	}
	events, err = conversation.Decide(s, c, due)
	for _, e := range events {
		at := e.ProtoReflect().Descriptor().Fields().ByName("at")
		e.ProtoReflect().Set(at, protoreflect.ValueOfMessage(timestamppb.New(now).ProtoReflect()))
	}
	return events, err
}

func stopAnyHold(s state, c command, now time.Time, events []event.Event, err error) ([]event.Event, error) {
	if _, ok := c.(conversation.Receive); ok && err == nil && len(events) > 0 && s.Hold.Kind == event.HoldKind_HOLD_OPERATOR {
		events = append(events, &event.HoldCancelled{At: timestamppb.New(now)})
	}
	return events, err
}

// knowing has the state depend on something that is in no event.
func knowing(m machine) machine {
	apply, n := m.Apply, 0
	m.Apply = func(s state, e event.Event) state {
		n++
		s = apply(s, e)
		s.Topic = strconv.Itoa(n)
		return s
	}
	return m
}

func meddle(s state, c command, _ time.Time, events []event.Event, err error) ([]event.Event, error) {
	if _, ok := c.(conversation.Wake); ok && s.Outbox != nil {
		s.Outbox["s1"] = conversation.Lost
	}
	return events, err
}
