package figures

import (
	"iter"
	"slices"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// A Case is one conversation as figures see it.
type Case struct {
	ID, Customer          string
	Account, Kind, Center string
	Line, Language        string   // as it asked last
	Skills                []string // as it asked last
	Topic                 string
	OpenedBy              string // the operator who wrote first; empty for the customer
	Opened, Closed        time.Time
	Cause                 event.Cause // why it was closed
	ClosedBy              string      // the operator or the agent
	ByAgent               bool        // it was the agent
	Dissatisfied          *bool
	Rating                int32     // 1 to 5; 0 for none
	Reviewed              time.Time // when somebody said that its labels are right
	ReviewedBy            string
	Labels                int // messages that have one

	Sessions []Session // who kept it, in order, without holes
	Asked    int       // messages of the customer, without what a machine of the customer's wrote
	Began    time.Time // the customer's first message
	Answered time.Time // an operator's first answer
	Works    []Work    // what each operator did, in order of the first session
	Pairs    []Pair    // the customer's questions that an operator answered, in order

	Forgotten Forgotten
}

// Forgotten is what became of the words of a conversation that was to be
// forgotten. What had been measured of them stays.
type Forgotten struct {
	At              time.Time // zero: they are there
	Days            int       // the rule
	Messages, Files int       // that there were
}

// A Handler is what kind of keeper a session has.
type Handler uint8

// The handlers.
const (
	Agent Handler = iota + 1
	Queue
	Operator
)

// A Session is a stretch of time in which somebody kept the conversation.
// Manual: сессия обработки.
type Session struct {
	Handler    Handler
	ID         string // of the agent, the line or the operator
	Begin, End time.Time
}

// A Work is what one operator did in one conversation.
type Work struct {
	Operator string
	Messages int
	Measured int // of them, those whose words are known: not erased
	Length   int // characters of those
}

// A Pair is a question of the customer and its answer. Manual: пара «вопрос
// клиента — ответ оператора».
//
// Several messages of the customer in a row are one question, asked by the
// first of them. A phrase of hold answers nothing.
type Pair struct {
	Operator string
	Asked    time.Time // or when the operator got the conversation, if that was later
	Answered time.Time
}

// A Handling is who a finished conversation was handled by.
type Handling uint8

// The handlings. Each finished conversation has exactly one.
const (
	Automatic  Handling = iota + 1 // agents alone: it never waited for an operator
	ByOperator                     // an operator kept it, however shortly
	Unserved                       // it waited for an operator, and none ever kept it
)

// String is the figure that counts them.
func (h Handling) String() string {
	return [...]string{"", "automatic", "by_operators", "unserved"}[h]
}

// Handling tells who handled the conversation.
func (c *Case) Handling() Handling {
	h := Automatic
	for _, s := range c.Sessions {
		switch s.Handler {
		case Operator:
			return ByOperator
		case Queue:
			h = Unserved
		}
	}
	return h
}

// Counts tells whether figures count the conversation: it is finished, and did
// not end by becoming a part of another one. Whether its customer is one for
// tests is not known here: that may be said later.
func (c *Case) Counts() bool { return !c.Closed.IsZero() && c.Cause != event.Cause_MERGED }

// Waited is for how long the conversation was in queues, if it was in any.
func (c *Case) Waited() (d time.Duration, ok bool) {
	for _, s := range c.Sessions {
		if s.Handler == Queue {
			d, ok = d+s.End.Sub(s.Begin), true
		}
	}
	return d, ok
}

// Keeper is who kept the conversation last, the operator or else the agent. The
// agent of silence is nobody: the operator before it is still the one who served.
func (c *Case) Keeper() (operator, agent string) {
	for _, s := range c.Sessions {
		switch {
		case s.Handler == Operator:
			operator, agent = s.ID, ""
		case s.Handler == Agent && s.ID != silence:
			operator, agent = "", s.ID
		}
	}
	if c.ClosedBy != "" && !c.ByAgent {
		operator, agent = c.ClosedBy, ""
	}
	return operator, agent
}

// silence is the agent that keeps a conversation whose customer was detached.
const silence = "silence"

// First is how long the customer waited for an operator's first answer, from
// the customer's first message, or from when an operator could be asked, if that
// was later: what a bot has answered nobody waited for.
func (c *Case) First() (d time.Duration, ok bool) {
	if c.Began.IsZero() || c.Answered.Before(c.Began) {
		return 0, false
	}
	from := c.Began
	for _, s := range c.Sessions {
		if s.Handler != Agent {
			if s.Begin.After(from) {
				from = s.Begin
			}
			break
		}
	}
	return max(c.Answered.Sub(from), 0), true
}

// Kept is for how long an operator kept the conversation.
func (c *Case) Kept(operator string) (d time.Duration) {
	for _, s := range c.Sessions {
		if s.Handler == Operator && s.ID == operator {
			d += s.End.Sub(s.Begin)
		}
	}
	return d
}

// Routing is what the conversation asked of an operator last.
func (c *Case) Routing() *event.Routing {
	return &event.Routing{LineId: c.Line, Language: c.Language, Skills: c.Skills}
}

// Fold makes the case of a conversation out of all its events, in order. It
// stops at the first fault. Times are in whole milliseconds: what is measured
// is the same before it was kept and after.
func Fold(events iter.Seq2[event.Event, error]) (Case, error) {
	f := fold{}
	for e, err := range events {
		if err != nil {
			return Case{}, err
		}
		f.apply(e)
	}
	return f.Case, nil
}

// A fold is a case on its way.
type fold struct {
	Case
	unanswered time.Time // the customer's first message that no operator has answered
	since      time.Time // when the operator who keeps it got it
	labelled   []string  // messages that have a label
}

func (f *fold) apply(e event.Event) {
	switch e := e.(type) {
	case *event.ConversationOpened:
		f.open(e)
	case *event.AgentEngaged:
		f.keep(Agent, e.AgentId, e.At)
	case *event.ConversationQueued:
		f.route(e.Routing)
		f.keep(Queue, e.Routing.GetLineId(), e.At)
	case *event.ConversationAssigned:
		f.keep(Operator, e.OperatorId, e.At)
		f.since = when(e.At)
		f.work(e.OperatorId)
	case *event.RoutingSet:
		f.route(e.Routing)
	case *event.MessageReceived:
		f.received(e)
	case *event.MessageSent:
		if e.OperatorId != "" {
			f.said(e)
		}
	case *event.TopicSet:
		f.Topic = e.TopicId
	case *event.RatingGiven:
		f.Rating = e.Rating
	case *event.CustomerChanged:
		f.Customer = e.CustomerId
	case *event.ConversationClosed:
		f.close(e)
	case *event.ConversationReviewed:
		f.review(e)
	case *event.MessageLabelled:
		f.label(e)
	case *event.ConversationForgotten:
		f.forget(e)
	}
}

func (f *fold) forget(e *event.ConversationForgotten) {
	f.Forgotten = Forgotten{when(e.At), int(e.Days), int(e.Messages), int(e.Files)}
	for _, w := range e.Words {
		of := f.work(w.OperatorId)
		of.Measured, of.Length = int(w.Messages), int(w.Characters)
	}
}

// when reads a time to the millisecond.
func when(at *timestamppb.Timestamp) time.Time { return at.AsTime().Truncate(time.Millisecond) }

func (f *fold) open(e *event.ConversationOpened) {
	f.ID, f.Customer, f.OpenedBy = e.ConversationId, e.CustomerId, e.OpenedBy
	f.Account, f.Kind, f.Center = e.AccountId, e.Kind, e.CenterId
	f.Opened = when(e.At)
	f.route(e.Routing)
}

func (f *fold) route(r *event.Routing) {
	f.Line, f.Language, f.Skills = r.GetLineId(), r.GetLanguage(), r.GetSkills()
}

// keep ends one session and begins another.
func (f *fold) keep(h Handler, id string, at *timestamppb.Timestamp) {
	f.end(at)
	f.Sessions = append(f.Sessions, Session{Handler: h, ID: id, Begin: when(at)})
}

func (f *fold) end(at *timestamppb.Timestamp) {
	if n := len(f.Sessions); n > 0 && f.Sessions[n-1].End.IsZero() {
		f.Sessions[n-1].End = when(at)
	}
}

// work returns what is kept of an operator's work.
func (f *fold) work(operator string) *Work {
	for i := range f.Works {
		if f.Works[i].Operator == operator {
			return &f.Works[i]
		}
	}
	f.Works = append(f.Works, Work{Operator: operator})
	return &f.Works[len(f.Works)-1]
}

func (f *fold) received(e *event.MessageReceived) {
	if e.Automatic {
		return
	}
	f.Asked++
	if f.Began.IsZero() {
		f.Began = when(e.At)
	}
	if f.unanswered.IsZero() {
		f.unanswered = when(e.At)
	}
}

func (f *fold) said(e *event.MessageSent) {
	w := f.work(e.OperatorId)
	w.Messages++
	if e.Content != nil {
		w.Measured++
		w.Length += utf8.RuneCountInString(e.Content.Text)
	}
	if e.Purpose == event.Purpose_HOLD_REPLY {
		return
	}
	at := when(e.At)
	if f.Answered.IsZero() {
		f.Answered = at
	}
	if f.unanswered.IsZero() {
		return
	}
	asked := f.unanswered
	if f.since.After(asked) {
		asked = f.since
	}
	f.Pairs = append(f.Pairs, Pair{Operator: e.OperatorId, Asked: asked, Answered: at})
	f.unanswered = time.Time{}
}

func (f *fold) close(e *event.ConversationClosed) {
	f.end(e.At)
	f.Closed, f.Cause, f.ClosedBy, f.Dissatisfied = when(e.At), e.Cause, e.OperatorId, e.Dissatisfied
	if e.AgentId != "" {
		f.ClosedBy, f.ByAgent = e.AgentId, true
	}
	if e.TopicId != "" {
		f.Topic = e.TopicId
	}
}

func (f *fold) label(e *event.MessageLabelled) {
	f.labelled = slices.DeleteFunc(f.labelled, func(m string) bool { return m == e.MessageId })
	if !e.Cleared {
		f.labelled = append(f.labelled, e.MessageId)
	}
	f.Labels = len(f.labelled)
}

func (f *fold) review(e *event.ConversationReviewed) {
	f.Reviewed, f.ReviewedBy = when(e.At), e.By
	if e.Undone {
		f.Reviewed, f.ReviewedBy = time.Time{}, ""
	}
}
