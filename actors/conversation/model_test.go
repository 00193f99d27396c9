package conversation_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
)

// A model is what somebody who knows the promises, but not the machine, makes
// of a conversation's events. It names the first event that breaks a promise.
type model struct {
	opened, closed bool
	policy         *event.Policy
	line           string

	// The keeper: exactly one of these while the conversation is open.
	agent, operator string
	queued          bool
	turn            uint64
	offers          map[string]bool // each is good for once

	since      time.Time // the waiting age
	assigned   time.Time
	unanswered time.Time // the first message that no operator answered

	asked              time.Time // our last word in the customer's silence
	told               int
	reminded, detached bool

	survey      *surveyModel // under way
	owes, until time.Time    // since when the agent has something to do, and by when it will
	newest      []string     // what an agent may act on
	passed      int          // from agent to agent

	hold     event.HoldKind
	holdDue  time.Time
	sent     map[string]bool
	received map[string]bool
	edited   map[string]time.Time // the customer's messages, by the channel's clock
	removed  map[string]bool
	files    map[string]bool // by message and file: whether it is awaited
	order    []string        // our messages, and how many of them the customer has seen
	seen     int
	lost     map[string]bool  // our messages that failed and were not sent again
	highest  map[string]int64 // number of a message, by account and address
	last     event.Event
}

func newModel() model {
	return model{offers: map[string]bool{}, sent: map[string]bool{}, received: map[string]bool{}, highest: map[string]int64{},
		edited: map[string]time.Time{}, removed: map[string]bool{}, lost: map[string]bool{}, files: map[string]bool{}}
}

// afterEnd are the facts that can follow the closing.
func afterEnd(e event.Event) bool {
	switch e.(type) {
	case *event.MessageDelivered, *event.MessageFailed, *event.MessageUncertain, *event.AttachmentFetched,
		*event.CustomerSaw, *event.RatingGiven, *event.CustomerChanged, *event.ConversationJoined,
		*event.MessageEdited, *event.MessageRemoved, *event.AgentRefused, *event.AssignmentDeclined, *event.AssignmentStated, *event.TicketSet, *event.CallPlaced,
		*event.MessageLabelled, *event.ConversationReviewed:
		return true
	}
	return false
}

// follow takes e, decided on c at now, or says what it breaks.
func (m *model) follow(c command, e event.Event, now time.Time) error {
	defer func() { m.last = e }()
	if m.closed && !afterEnd(e) {
		return fmt.Errorf("G24: %T after the end", e)
	}
	if ask, ok := m.last.(*event.SlotAsked); ok {
		if s, ok := e.(*event.MessageSent); !ok || s.MessageId != ask.MessageId {
			return fmt.Errorf("SL-05: %T follows the question %s, which is not sent", e, ask.MessageId)
		}
	}
	if !event.At(e).Equal(now) {
		return fmt.Errorf("%T says it was at %v, and it is %v", e, event.At(e), now)
	}
	switch e := e.(type) {
	case *event.ConversationOpened:
		if r, ok := c.(conversation.Receive); ok && r.Message.GetAutomatic() {
			return fmt.Errorf("CH-12: a machine's word opens the conversation")
		}
		m.opened, m.policy, m.line = true, e.Policy, e.Routing.GetLineId()
	case *event.MessageReceived:
		return m.messageReceived(e, now)
	case *event.MessageSent:
		return m.messageSent(e, now)
	case *event.AgentEngaged:
		return m.agentEngaged(e)
	case *event.ConversationQueued:
		return m.conversationQueued(e, now)
	case *event.ConversationAssigned:
		return m.conversationAssigned(c, e, now)
	case *event.ConversationClosed:
		return m.conversationClosed(e, now)
	case *event.RoutingSet:
		if !m.queued { // the queue is left by the event that follows
			m.line = e.Routing.LineId
		}
	case *event.MessageEdited, *event.MessageRemoved:
		return m.changed(e)
	case *event.AttachmentFetched:
		name := e.MessageId + "/" + e.Attachment.AttachmentId
		if !m.files[name] {
			return fmt.Errorf("G7: nobody waits for file %s", name)
		}
		m.files[name] = false
	case *event.MessageDelivered, *event.MessageFailed, *event.MessageRetried, *event.CustomerSaw:
		return m.became(c, e)
	case *event.SurveyBegun, *event.SlotAsked, *event.SlotFilled, *event.SlotMistaken, *event.SurveyEnded, *event.AgentAwaited, *event.AgentFailed:
		return m.surveyed(e, now)
	case *event.ConversationReviewed:
		if !m.closed {
			return fmt.Errorf("BT-06: an open conversation is reviewed")
		}
	default:
		return m.timePassed(c, e, now)
	}
	return nil
}

// changed follows what the customer changes: forward by the channel's clock.
func (m *model) changed(e event.Event) error {
	switch e := e.(type) {
	case *event.MessageEdited:
		var at time.Time
		if e.EditedAt != nil {
			at = e.EditedAt.AsTime()
		}
		if m.removed[e.MessageId] || !at.IsZero() && at.Before(m.edited[e.MessageId]) {
			return fmt.Errorf("CH-14: %s is changed as of %v, after %v, removed %v", e.MessageId, at, m.edited[e.MessageId], m.removed[e.MessageId])
		}
		m.edited[e.MessageId] = at
		return m.promised(e.MessageId, e.Content)
	case *event.MessageRemoved:
		if m.removed[e.MessageId] {
			return fmt.Errorf("CH-14: %s is removed twice", e.MessageId)
		}
		m.removed[e.MessageId] = true
	}
	return nil
}

// promised follows the files of a message, each of which has its own name in
// all that the message has ever said.
func (m *model) promised(message string, c *event.Content) error {
	for _, a := range c.GetAttachments() {
		name := message + "/" + a.AttachmentId
		if _, clash := m.files[name]; clash {
			return fmt.Errorf("G7: file %s is promised twice", name)
		}
		m.files[name] = true
	}
	return nil
}

// became follows what channels tell of our messages: a read mark moves forward,
// and no receipt takes a failure back.
func (m *model) became(c command, e event.Event) error {
	switch e := e.(type) {
	case *event.MessageDelivered:
		if _, receipt := c.(conversation.Receipt); receipt && m.lost[e.MessageId] {
			return fmt.Errorf("CH-14: a receipt takes back that %s was lost", e.MessageId)
		}
		delete(m.lost, e.MessageId)
	case *event.MessageFailed:
		m.lost[e.MessageId] = true
	case *event.MessageRetried:
		delete(m.lost, e.MessageId)
	case *event.CustomerSaw:
		at := slices.Index(m.order, e.MessageId) + 1
		if at <= m.seen {
			return fmt.Errorf("CH-14: the customer's mark goes back from %d to %d", m.seen, at)
		}
		m.seen = at
	}
	return nil
}

func (m *model) messageReceived(e *event.MessageReceived, now time.Time) error {
	if m.received[e.MessageId] {
		return fmt.Errorf("G31: %s was received twice", e.MessageId)
	}
	m.received[e.MessageId] = true
	from := e.AccountId + " " + e.Address
	if late := e.Order > 0 && e.Order < m.highest[from]; e.Late != late {
		return fmt.Errorf("G4: %s number %d from %s is marked late %v, after %d", e.MessageId, e.Order, from, e.Late, m.highest[from])
	}
	m.highest[from] = max(m.highest[from], e.Order)
	if err := m.promised(e.MessageId, e.Content); e.Automatic || err != nil {
		return err
	}
	m.asked, m.told, m.reminded, m.detached = time.Time{}, 0, false, false
	if m.unanswered.IsZero() {
		m.unanswered = now
	}
	m.newest, m.passed = []string{e.MessageId}, 0
	if m.agent != "" && m.agent != conversation.Silence && (m.owes.IsZero() || !m.until.IsZero()) {
		m.owes, m.until = now, time.Time{}
	}
	return nil
}

func (m *model) messageSent(e *event.MessageSent, now time.Time) error {
	switch {
	case m.sent[e.MessageId]:
		return fmt.Errorf("G31: %s was sent twice", e.MessageId)
	case e.OperatorId != "" && e.OperatorId != m.operator:
		return fmt.Errorf("G16: %s writes while %q keeps the conversation", e.OperatorId, m.operator)
	case e.AgentId != "" && e.AgentId != m.agent:
		return fmt.Errorf("G39: %s writes while %q keeps the conversation", e.AgentId, m.agent)
	case e.Turn != m.turn:
		return fmt.Errorf("G39: sent in turn %d, and it is turn %d", e.Turn, m.turn)
	}
	m.sent[e.MessageId], m.order = true, append(m.order, e.MessageId)
	if e.OperatorId != "" {
		m.unanswered = time.Time{}
	}
	if e.AgentId != "" {
		m.owes, m.until = time.Time{}, time.Time{}
	}
	if ask, ok := m.last.(*event.SlotAsked); (ok && ask.MessageId == e.MessageId) != (e.Purpose == event.Purpose_SLOT_QUESTION) {
		return fmt.Errorf("SL-05: %s with purpose %v follows %T", e.MessageId, e.Purpose, m.last)
	}
	if e.OperatorId != "" || e.AgentId != "" {
		m.asked, m.told, m.reminded, m.detached = now, 0, false, false
	}
	return nil
}

// keeper ends the one keeping and begins the next.
func (m *model) keeper(turn uint64) error {
	if turn != m.turn+1 {
		return fmt.Errorf("G16: turn %d follows turn %d", turn, m.turn)
	}
	m.turn, m.agent, m.operator, m.queued = turn, "", "", false
	m.hold, m.holdDue = event.HoldKind_HOLD_NONE, time.Time{}
	m.owes, m.until = time.Time{}, time.Time{}
	return m.owner(m.last)
}

func (m *model) agentEngaged(e *event.AgentEngaged) error {
	if m.passed++; m.agent == "" {
		m.passed = 0
	} else if m.passed > 10 {
		return fmt.Errorf("BT-04: agents pass it on for the %d. time, and the customer said nothing", m.passed)
	}
	if d, ok := m.last.(*event.CustomerDetached); m.operator != "" && (!ok || d.OperatorId != m.operator || e.AgentId != conversation.Silence) {
		return fmt.Errorf("G16: %s takes the place of %s, who is not told", e.AgentId, m.operator)
	}
	err := m.keeper(e.Turn)
	m.agent, m.owes = e.AgentId, time.Time{}
	if e.AgentId != conversation.Silence {
		m.owes, m.newest = event.At(e), append(m.newest, "")
	}
	return err
}

func (m *model) conversationQueued(e *event.ConversationQueued, now time.Time) error {
	since := m.since
	if since.IsZero() || m.agent == conversation.Silence {
		since = now
	}
	line := e.Routing.GetLineId()
	switch {
	case e.FromOperator != m.operator:
		return fmt.Errorf("G17: queued from %q, and %q has the slot", e.FromOperator, m.operator)
	case !e.Since.AsTime().Equal(since):
		return fmt.Errorf("G22: queued as of %v, and the customer waits since %v", e.Since.AsTime(), since)
	case m.queued && line != m.line && e.PreviousLine != m.line:
		return fmt.Errorf("G16: in the queue of %s and in that of %s", m.line, line)
	}
	err := m.keeper(e.Turn)
	m.queued, m.since, m.line = true, since, line
	m.asked, m.told, m.reminded, m.detached = time.Time{}, 0, false, false
	return err
}

func (m *model) conversationAssigned(cmd command, e *event.ConversationAssigned, now time.Time) error {
	c, offered := cmd.(conversation.Assign)
	switch {
	case !offered && m.operator != "":
		return fmt.Errorf("OP-17: %s takes the conversation from %s", e.OperatorId, m.operator)
	case offered == e.Own:
		return fmt.Errorf("OP-17: %T leads to an assignment whose own will is %v", cmd, e.Own)
	case e.FromOperator != m.operator:
		return fmt.Errorf("G17: assigned from %q, and %q has the slot", e.FromOperator, m.operator)
	case offered && !e.Forced && (!m.queued || c.Turn != m.turn):
		return fmt.Errorf("G16: assigned by an offer for turn %d in turn %d", c.Turn, m.turn)
	case m.offers[e.OfferId]:
		return fmt.Errorf("G16: offer %s has its effect twice", e.OfferId)
	}
	err := m.keeper(e.Turn)
	m.operator, m.assigned, m.offers[e.OfferId] = e.OperatorId, now, true
	return err
}

func (m *model) conversationClosed(e *event.ConversationClosed, now time.Time) error {
	line := ""
	if m.queued {
		line = m.line
	}
	switch due := m.silenceDue(m.policy.GetSilence().GetCloseAfter(), true); {
	case e.KeptBy != m.operator:
		return fmt.Errorf("G17: closed from %q, and %q has the slot", e.KeptBy, m.operator)
	case e.LineId != line:
		return fmt.Errorf("G16: closed in the queue of %q, and it waits in %q", e.LineId, line)
	case e.Cause == event.Cause_SILENCE && (due.IsZero() || now.Before(due)):
		return fmt.Errorf("G27: closed for silence at %v, due %v", now, due)
	}
	m.closed, m.agent, m.operator, m.queued = true, "", "", false
	return m.owner(e)
}

// replyOf is the word of an operator in a command.
func replyOf(c command) conversation.Reply {
	switch c := c.(type) {
	case conversation.Start:
		return conversation.Reply{Operator: c.Operator, ID: c.ID, Content: c.Content}
	case conversation.Present:
		return conversation.Reply{Operator: c.Operator, ID: c.ID, Content: &event.Content{}}
	}
	return c.(conversation.Reply)
}

// timePassed follows the timers.
func (m *model) timePassed(c command, e event.Event, now time.Time) error {
	early := func(due time.Time) error {
		if due.IsZero() || now.Before(due) {
			return fmt.Errorf("G27: %T at %v, due %v", e, now, due)
		}
		return nil
	}
	switch e := e.(type) {
	case *event.HoldArmed:
		return m.holdArmed(replyOf(c), e, now)
	case *event.HoldCancelled:
		if m.hold == event.HoldKind_HOLD_NONE || m.hold == event.HoldKind_HOLD_OPERATOR && e.OperatorId == "" {
			return fmt.Errorf("TM-06: a timer of kind %v is stopped by %q", m.hold, e.OperatorId)
		}
		m.hold, m.holdDue = event.HoldKind_HOLD_NONE, time.Time{}
	case *event.HoldExpired:
		err := early(m.holdDue)
		m.hold, m.holdDue = event.HoldKind_HOLD_NONE, time.Time{}
		return err
	case *event.ResponseTimedOut:
		return early(m.responseDue())
	case *event.CustomerDetached:
		err := early(m.silenceDue(m.policy.GetSilence().GetDetachAfter(), m.operator != "" && !m.detached))
		m.detached = true
		return err
	case *event.CustomerReminded:
		err := early(m.silenceDue(m.policy.GetSilence().GetRemindAfter(), !m.reminded))
		m.reminded = true
		return err
	case *event.SilenceMessageDue:
		err := early(m.messageDue())
		m.told = int(e.N)
		return err
	}
	return nil
}

func (m *model) holdArmed(c conversation.Reply, e *event.HoldArmed, now time.Time) error {
	kind, after := event.HoldKind_HOLD_CUSTOMER, m.policy.Hold.CustomerTimeout
	for _, p := range m.policy.Hold.Patterns {
		if strings.TrimSpace(c.Content.Text) == p {
			kind, after = event.HoldKind_HOLD_OPERATOR, m.policy.Hold.OperatorTimeout
		}
	}
	if due := now.Add(after.AsDuration()); e.Kind != kind || !e.Due.AsTime().Equal(due) {
		return fmt.Errorf("TM-06: %q arms %v for %v, want %v for %v", c.Content.Text, e.Kind, e.Due.AsTime(), kind, due)
	}
	m.hold, m.holdDue = e.Kind, e.Due.AsTime()
	return nil
}

func (m *model) responseDue() time.Time {
	limit := m.policy.GetResponseTimeout()
	if limit == nil || m.operator == "" || m.unanswered.IsZero() {
		return time.Time{}
	}
	from := m.unanswered
	if m.assigned.After(from) {
		from = m.assigned
	}
	return from.Add(limit.AsDuration())
}

func (m *model) silenceDue(after *durationpb.Duration, counts bool) time.Time {
	if !counts || after == nil || m.asked.IsZero() || m.operator == "" && m.agent == "" {
		return time.Time{}
	}
	return m.asked.Add(after.AsDuration())
}

func (m *model) messageDue() time.Time {
	messages := m.policy.GetSilence().GetMessages()
	if m.told >= len(messages) {
		return time.Time{}
	}
	return m.silenceDue(messages[m.told].After, m.operator != "" || m.agent != conversation.Silence)
}

// due is when the promises say that something happens next.
func (m *model) due() (first time.Time) {
	p := m.policy.GetSilence()
	if m.closed {
		return first
	}
	for _, due := range []time.Time{
		m.holdDue, m.responseDue(), m.messageDue(), m.agentDue(),
		m.silenceDue(p.GetDetachAfter(), m.operator != "" && !m.detached),
		m.silenceDue(p.GetRemindAfter(), !m.reminded),
		m.silenceDue(p.GetCloseAfter(), true),
	} {
		if !due.IsZero() && (first.IsZero() || due.Before(first)) {
			first = due
		}
	}
	return first
}

// same tells whether the machine's state names the keeper of the model, and
// no other.
func (m *model) same(s state) error {
	want := conversation.Nothing
	switch {
	case m.closed:
		want = conversation.Closed
	case m.operator != "":
		want = conversation.Served
	case m.agent != "":
		want = conversation.Automatic
	case m.queued:
		want = conversation.Waiting
	}
	if s.Phase != want || s.Agent != m.agent || s.Operator != m.operator || s.Turn != m.turn {
		return fmt.Errorf("G16: phase %d agent %q operator %q turn %d, want phase %d agent %q operator %q turn %d",
			s.Phase, s.Agent, s.Operator, s.Turn, want, m.agent, m.operator, m.turn)
	}
	if due := conversation.Deadline(s); !due.Equal(m.due()) {
		return fmt.Errorf("G26: the deadline is %v, want %v", due, m.due())
	}
	return nil
}
