package rest

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/journal"
)

// Conversation is one conversation as its events tell it to people: with words and
// causes, at any moment. What is counted of a finished one is a [figures.Case], in
// whole milliseconds and without words; where both tell of a time, as in Timings, it
// is the latter's.
type Conversation struct {
	ConversationID string                  `json:"conversation_id"`
	CustomerID     string                  `json:"customer_id"`
	CustomerName   string                  `json:"customer_name"`
	AccountID      string                  `json:"account_id"`
	Kind           string                  `json:"kind" doc:"of the channel"`
	CenterID       string                  `json:"center_id"`
	Routing        Message[*event.Routing] `json:"routing" doc:"what it asks of an operator now"`
	Test           bool                    `json:"test" doc:"of a test customer: not in statistics"`
	OpenedBy       string                  `json:"opened_by" doc:"the operator who wrote first; empty for the customer"`
	Phase          string                  `json:"phase" doc:"automatic, waiting, served or closed"`
	OpenedAt       time.Time               `json:"opened_at"`
	ClosedAt       time.Time               `json:"closed_at,omitzero"`
	Version        uint64                  `json:"version" doc:"how many events this was read off"`
	Sessions       []Processing            `json:"sessions" doc:"who kept it, from when to when"`
	Messages       []ConversationMessage   `json:"messages"`
	ReviewedAt     time.Time               `json:"reviewed_at,omitzero" doc:"when somebody said that its labels are right"`
	ReviewedBy     string                  `json:"reviewed_by"`
	Disposition    Disposition             `json:"disposition"`
	Ticket         string                  `json:"ticket" doc:"its number in a help desk of others"`
	Timings        *Timings                `json:"timings,omitempty" doc:"of a finished one, by the definitions of statistics"`
	Forgotten      *Forgotten              `json:"forgotten,omitempty" doc:"its words and files are gone, as the time for which they are kept was over"`
}

// Forgotten is what became of a conversation whose words are not kept any longer.
type Forgotten struct {
	At       time.Time `json:"at"`
	Days     int       `json:"days" doc:"the rule, as it was then"`
	Messages int       `json:"messages" doc:"that there were, with notes"`
	Files    int       `json:"files"`
}

// Timings are a finished conversation's figures.
type Timings struct {
	CloseSeconds         float64  `json:"close_seconds" doc:"from its beginning to its end"`
	WaitSeconds          *float64 `json:"wait_seconds,omitempty" doc:"in queues, all told; missing if it was in none"`
	FirstResponseSeconds *float64 `json:"first_response_seconds,omitempty" doc:"until the first answer of an operator, since the customer asked and operators could answer; missing if there was none"`
}

// Processing is one session of processing: somebody kept the conversation.
type Processing struct {
	Handler   string    `json:"handler" doc:"agent, queue or operator"`
	HandlerID string    `json:"handler_id" doc:"of the agent, the line or the operator"`
	Turn      uint64    `json:"turn"`
	Begin     time.Time `json:"begin"`
	End       time.Time `json:"end,omitzero"`
	Cause     string    `json:"cause" doc:"why the conversation came here"`
	Forced    bool      `json:"forced" doc:"by a supervisor's will"`
	Note      string    `json:"note" doc:"for the receiver of a transfer"`
	Failure   string    `json:"failure" doc:"why an agent did not manage: late, unreachable, nonsense, too_large, loop, gone, or what it said"`
}

// ConversationMessage is one message, or a note among operators.
type ConversationMessage struct {
	MessageID  string                  `json:"message_id"`
	Version    uint64                  `json:"version"`
	At         time.Time               `json:"at"`
	From       string                  `json:"from" doc:"customer, operator, agent, system or note"`
	OperatorID string                  `json:"operator_id"`
	AgentID    string                  `json:"agent_id"`
	AccountID  string                  `json:"account_id"`
	Address    string                  `json:"address"`
	Purpose    string                  `json:"purpose"`
	Content    Message[*event.Content] `json:"content"`
	State      string                  `json:"state" doc:"received, sent, taken, arrived, seen, uncertain, failed or kept"`
	Reason     string                  `json:"reason" doc:"why it failed, or is uncertain"`
	Late       bool                    `json:"late"`
	Automatic  bool                    `json:"automatic" doc:"a machine of the customer's wrote it, who is away"`
	Edited     bool                    `json:"edited" doc:"the customer has changed it; the content is what it says now"`
	Removed    bool                    `json:"removed" doc:"the customer has taken it back; the content is what it said"`
	ArticleID  string                  `json:"article_id" doc:"of ours: the article that says so; of the customer's: the one that an operator answered with"`
	Label      *Label                  `json:"label,omitempty" doc:"of the customer's: which article answers it, by somebody who went through it"`
}

// Disposition is what is said of the conversation as a whole.
type Disposition struct {
	TopicID      string `json:"topic_id"`
	Dissatisfied *bool  `json:"dissatisfied,omitempty"`
	Rating       int32  `json:"rating" doc:"1 to 5; 0 for none"`
	Comment      string `json:"comment"`
	Cause        string `json:"cause" doc:"why it was closed"`
	ClosedBy     string `json:"closed_by" doc:"the operator or the agent"`
}

// conversation reads a conversation off its events. One that the asker may not
// see is not there.
func (c *call) conversation(id string) (*Conversation, error) {
	v, err := c.story(id)
	if err == nil && (v.ConversationID == "" || !c.seesConversation(v)) {
		err = refusal.New(refusal.NotFound, "there is no conversation %q", id)
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// story is what a conversation's events say, whoever asks; of one that is not
// there it is empty.
func (s *Server) story(id string) (*Conversation, error) {
	v := &Conversation{}
	for e, err := range s.config.System.Journal().Events(event.ConversationStream+id, 0) {
		if err != nil {
			return nil, err
		}
		v.apply(e)
	}
	return v, nil
}

// seesConversation reports whether the asker may see a conversation: it is
// within the routing settings, or the asker keeps it.
func (c *call) seesConversation(v *Conversation) bool {
	return v.keeper() == c.by() || c.sees(v.CenterID, v.Routing.Of)
}

// engaging is why an agent was given the conversation.
func (v *Conversation) engaging(e *event.AgentEngaged) event.Cause {
	n := len(v.Sessions)
	switch {
	case e.AgentId == conversation.Silence:
		return event.Cause_SILENCE
	case n == 0:
		return event.Cause_NEW_CONVERSATION
	case v.Sessions[n-1].Failure != "":
		return event.Cause_AGENT_FAILED
	}
	return event.Cause_AGENT_HANDED_OVER
}

// keeper returns the operator who keeps the conversation, or "".
func (v *Conversation) keeper() string {
	if n := len(v.Sessions); v.Phase == "served" && n > 0 {
		return v.Sessions[n-1].HandlerID
	}
	return ""
}

// openedConversation is the one that the path names, for who opens it to read:
// that is recorded if somebody else keeps it, or nobody.
func (c *call) openedConversation() (*Conversation, error) {
	v, err := c.conversation(c.id())
	if err != nil {
		return nil, err
	}
	return v, c.watched(v)
}

// getConversation adds what statistics say of a finished one.
func (c *call) getConversation() (*Conversation, error) {
	v, err := c.openedConversation()
	if err != nil || v.Phase != "closed" {
		return v, err
	}
	f, err := figures.Fold(func(yield func(event.Event, error) bool) {
		for e, err := range c.config.System.Journal().Events(event.ConversationStream+c.id(), 0) {
			if !yield(e.Event, err) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	v.Timings = &Timings{CloseSeconds: f.Closed.Sub(f.Opened).Seconds(), WaitSeconds: secondsOf(f.Waited()), FirstResponseSeconds: secondsOf(f.First())}
	return v, nil
}

// secondsOf is a duration in seconds, if there is one.
func secondsOf(d time.Duration, ok bool) *float64 {
	if !ok {
		return nil
	}
	s := d.Seconds()
	return &s
}

// apply brings one event into the view.
func (v *Conversation) apply(e journal.Entry) {
	v.Version = e.Version
	switch e := e.Event.(type) {
	case *event.ConversationOpened:
		v.open(e)
	case *event.AgentEngaged:
		v.keep("automatic", Processing{Handler: "agent", HandlerID: e.AgentId, Turn: e.Turn, Begin: e.At.AsTime(), Cause: v.engaging(e).String()})
	case *event.AgentFailed:
		if n := len(v.Sessions); n > 0 {
			v.Sessions[n-1].Failure = e.Reason
		}
	case *event.ConversationQueued:
		v.Routing.Of = e.Routing
		v.keep("waiting", Processing{Handler: "queue", HandlerID: e.Routing.GetLineId(), Turn: e.Turn, Begin: e.At.AsTime(),
			Cause: e.Cause.String(), Note: e.Note})
	case *event.ConversationAssigned:
		v.keep("served", Processing{Handler: "operator", HandlerID: e.OperatorId, Turn: e.Turn, Begin: e.At.AsTime(),
			Cause: event.Cause_ASSIGNED.String(), Forced: e.Forced})
	case *event.RoutingSet:
		v.Routing.Of = e.Routing
	case *event.TopicSet:
		v.Disposition.TopicID = e.TopicId
	case *event.TicketSet:
		v.Ticket = e.Number
	case *event.RatingGiven:
		v.Disposition.Rating, v.Disposition.Comment = e.Rating, e.Comment
	case *event.CustomerChanged:
		v.CustomerID = e.CustomerId
	case *event.ConversationClosed:
		v.close(e)
	case *event.ConversationReviewed:
		v.ReviewedAt, v.ReviewedBy = e.At.AsTime(), e.By
		if e.Undone {
			v.ReviewedAt, v.ReviewedBy = time.Time{}, ""
		}
	case *event.AnswerChosen:
		v.message(e.About).ArticleID = e.ArticleId
	case *event.MessageLabelled:
		v.message(e.MessageId).Label = labelOf(e)
	case *event.ConversationForgotten:
		v.Forgotten = &Forgotten{e.At.AsTime(), int(e.Days), int(e.Messages), int(e.Files)}
	default:
		v.say(e)
	}
}

func (v *Conversation) open(e *event.ConversationOpened) {
	v.ConversationID, v.CustomerID, v.CustomerName = e.ConversationId, e.CustomerId, e.CustomerName
	v.AccountID, v.Kind, v.CenterID, v.OpenedBy = e.AccountId, e.Kind, e.CenterId, e.OpenedBy
	v.Test, v.OpenedAt = e.Test, e.At.AsTime()
	v.Routing.Of = e.Routing
	if v.Routing.Of == nil {
		v.Routing.Of = &event.Routing{}
	}
	v.Sessions, v.Messages = []Processing{}, []ConversationMessage{}
}

// keep ends one session of processing and begins another.
func (v *Conversation) keep(phase string, p Processing) {
	v.end(p.Begin)
	v.Phase, v.Sessions = phase, append(v.Sessions, p)
}

func (v *Conversation) end(at time.Time) {
	if n := len(v.Sessions); n > 0 && v.Sessions[n-1].End.IsZero() {
		v.Sessions[n-1].End = at
	}
}

func (v *Conversation) close(e *event.ConversationClosed) {
	v.end(e.At.AsTime())
	v.Phase, v.ClosedAt = "closed", e.At.AsTime()
	d := &v.Disposition
	d.Cause, d.ClosedBy, d.Dissatisfied = e.Cause.String(), e.OperatorId, e.Dissatisfied
	if e.AgentId != "" {
		d.ClosedBy = e.AgentId
	}
	if e.TopicId != "" {
		d.TopicID = e.TopicId
	}
}

// say brings what is said, and what became of it.
func (v *Conversation) say(e event.Event) {
	switch e := e.(type) {
	case *event.MessageReceived:
		v.add(e.At, ConversationMessage{MessageID: e.MessageId, From: "customer", AccountID: e.AccountId, Address: e.Address,
			Content: contentOf(e.Content), State: "received", Late: e.Late, Automatic: e.Automatic})
	case *event.MessageEdited:
		v.edit(e)
	case *event.MessageRemoved:
		v.message(e.MessageId).Removed = true
	case *event.MessageSent:
		v.add(e.At, sentMessage(e))
	case *event.NoteAdded:
		v.add(e.At, ConversationMessage{MessageID: e.NoteId, From: "note", OperatorID: e.OperatorId,
			Content: contentOf(&event.Content{Text: e.Text}), State: "kept"})
	case *event.AttachmentFetched:
		v.fetched(e)
	case *event.MessageDelivered:
		state := "taken"
		if e.Arrived {
			state = "arrived"
		}
		v.fate(e.MessageId, state, "")
	case *event.MessageFailed:
		v.fate(e.MessageId, "failed", e.Reason)
	case *event.MessageUncertain:
		v.fate(e.MessageId, "uncertain", e.Reason)
	case *event.MessageRetried:
		v.fate(e.MessageId, "sent", "")
	case *event.CustomerSaw:
		v.seen(e.MessageId)
	}
}

func sentMessage(e *event.MessageSent) ConversationMessage {
	m := ConversationMessage{MessageID: e.MessageId, From: "system", OperatorID: e.OperatorId, AgentID: e.AgentId,
		AccountID: e.AccountId, Address: e.Address, Purpose: e.Purpose.String(), Content: contentOf(e.Content), State: "sent", ArticleID: e.ArticleId}
	switch {
	case e.OperatorId != "":
		m.From = "operator"
	case e.AgentId != "":
		m.From = "agent"
	}
	return m
}

// contentOf stands in for words whose key was destroyed.
func contentOf(c *event.Content) Message[*event.Content] {
	if c == nil {
		c = &event.Content{}
	}
	return Message[*event.Content]{Of: c}
}

func (v *Conversation) add(at *timestamppb.Timestamp, m ConversationMessage) {
	m.At, m.Version = at.AsTime(), v.Version
	v.Messages = append(v.Messages, m)
}

func (v *Conversation) message(id string) *ConversationMessage {
	for i := len(v.Messages) - 1; i >= 0; i-- {
		if v.Messages[i].MessageID == id {
			return &v.Messages[i]
		}
	}
	return &ConversationMessage{} // of a conversation that was joined
}

// edit shows what a message says now. Its files stay where an edit does not tell
// of them.
func (v *Conversation) edit(e *event.MessageEdited) {
	m, now := v.message(e.MessageId), &event.Content{}
	proto.Merge(now, e.Content)
	if !e.Files {
		now.Attachments = m.Content.Of.GetAttachments()
	}
	m.Content, m.Edited = contentOf(now), true
}

func (v *Conversation) fate(id, state, reason string) {
	m := v.message(id)
	m.State, m.Reason = state, reason
}

// seen marks our messages up to one as seen by the customer.
func (v *Conversation) seen(id string) {
	for i := range v.Messages {
		switch m := &v.Messages[i]; m.State {
		case "sent", "taken", "arrived":
			m.State = "seen"
		}
		if v.Messages[i].MessageID == id {
			return
		}
	}
}

// fetched puts a file in the place of its promise. Events are shared, so the
// content is copied.
func (v *Conversation) fetched(e *event.AttachmentFetched) {
	m := v.message(e.MessageId)
	if m.Content.Of == nil {
		return
	}
	old := m.Content.Of
	c := &event.Content{Text: old.Text, Buttons: old.Buttons, Location: old.Location, Contact: old.Contact, Pressed: old.Pressed}
	for _, a := range old.Attachments {
		if a.AttachmentId == e.Attachment.GetAttachmentId() {
			a = e.Attachment
		}
		c.Attachments = append(c.Attachments, a)
	}
	m.Content.Of = c
}

// EventPage is some of a conversation's events, in order.
type EventPage struct {
	Items []ConversationEvent `json:"items"`
	Next  uint64              `json:"next" doc:"what to name as after to get the rest; 0 if this is the end so far"`
}

// ConversationEvent is one event of a conversation.
type ConversationEvent struct {
	Version uint64           `json:"version"`
	Fact    conversationFact `json:"fact"`
}

// page is how many events one answer brings at the most.
const page = 500

// events shows a conversation's events as they are kept, page by page.
func (c *call) events() (EventPage, error) {
	v, err := c.openedConversation()
	if err != nil {
		return EventPage{}, err
	}
	after, err := c.number("after")
	if err != nil {
		return EventPage{}, err
	}
	out := EventPage{Items: []ConversationEvent{}}
	if after >= v.Version {
		return out, nil
	}
	for e, err := range c.config.System.Journal().Events(event.ConversationStream+c.id(), after) {
		if err != nil {
			return EventPage{}, err
		}
		if len(out.Items) == page {
			out.Next = e.Version - 1
			break
		}
		out.Items = append(out.Items, ConversationEvent{e.Version, conversationFact{Message[*event.Fact]{event.Wrap(e.Event)}}})
	}
	return out, nil
}

// A conversationFact is a fact of a conversation's stream. Its description has
// no others: the directory's facts never leave.
type conversationFact struct{ Message[*event.Fact] }

func (conversationFact) describe(s *schemas) schema {
	var kinds []schema
	fields := (&event.Fact{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		if f := fields.Get(i); f.Number() < 60 {
			kinds = append(kinds, schema{"type": "object", "properties": schema{f.TextName(): s.field(f)},
				"required": []string{f.TextName()}, "additionalProperties": false})
		}
	}
	return schema{"oneOf": kinds}
}
