package reviews

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// own is what the keys of conversations' own rows begin with.
const own = "of/"

// A row is what is known of a conversation.
type row struct {
	Center   string    `json:"center,omitempty"`
	Line     string    `json:"line,omitempty"`
	Language string    `json:"language,omitempty"`
	Skills   []string  `json:"skills,omitempty"`
	Account  string    `json:"account,omitempty"`
	Kind     string    `json:"kind,omitempty"` // of the account
	Test     bool      `json:"test,omitempty"`
	Opened   time.Time `json:"opened,omitzero"`
	Closed   time.Time `json:"closed,omitzero"`
	Operator string    `json:"operator,omitempty"` // who kept it last
	Agent    string    `json:"agent,omitempty"`    // or
	Topic    string    `json:"topic,omitempty"`
	Reviewed time.Time `json:"reviewed,omitzero"`
	Reviewer string    `json:"reviewer,omitempty"`
	Labels   []string  `json:"labels,omitempty"` // the messages that have one
}

// Routing is what the conversation asked of an operator last.
func (c *row) Routing() *event.Routing {
	return &event.Routing{LineId: c.Line, Language: c.Language, Skills: c.Skills}
}

// concerns reports whether an event changes a row. Most are messages, and don't.
func concerns(e event.Event) bool {
	switch e.(type) {
	case *event.ConversationOpened, *event.ConversationQueued, *event.RoutingSet, *event.ConversationAssigned, *event.AgentEngaged,
		*event.TopicSet, *event.ConversationClosed, *event.MessageLabelled, *event.ConversationReviewed:
		return true
	}
	return false
}

// apply brings one event into the row.
func (c *row) apply(e event.Event) {
	switch e := e.(type) {
	case *event.ConversationOpened:
		c.Center, c.Account, c.Kind, c.Test, c.Opened = e.CenterId, e.AccountId, e.Kind, e.Test, e.At.AsTime()
		c.route(e.Routing)
	case *event.ConversationQueued:
		c.route(e.Routing)
	case *event.RoutingSet:
		c.route(e.Routing)
	case *event.ConversationAssigned:
		c.Operator, c.Agent = e.OperatorId, ""
	case *event.AgentEngaged:
		c.engaged(e.AgentId)
	case *event.TopicSet:
		c.Topic = e.TopicId
	case *event.ConversationClosed:
		c.close(e)
	case *event.MessageLabelled:
		c.label(e)
	case *event.ConversationReviewed:
		c.Reviewed, c.Reviewer = e.At.AsTime(), e.By
		if e.Undone {
			c.Reviewed, c.Reviewer = time.Time{}, ""
		}
	}
}

// silence is the agent that keeps a conversation whose customer was detached: the
// operator before it is still the one who served.
const silence = "silence"

func (c *row) engaged(agent string) {
	if agent != silence {
		c.Operator, c.Agent = "", agent
	}
}

func (c *row) route(r *event.Routing) {
	c.Line, c.Language, c.Skills = r.GetLineId(), r.GetLanguage(), r.GetSkills()
}

func (c *row) close(e *event.ConversationClosed) {
	c.Closed = e.At.AsTime()
	if e.OperatorId != "" {
		c.Operator, c.Agent = e.OperatorId, ""
	}
	if e.TopicId != "" {
		c.Topic = e.TopicId
	}
}

func (c *row) label(e *event.MessageLabelled) {
	c.Labels = slices.DeleteFunc(c.Labels, func(m string) bool { return m == e.MessageId })
	if !e.Cleared {
		c.Labels = append(c.Labels, e.MessageId)
	}
}

// State is the list the conversation is in; "" while it goes on.
func (c *row) State() string {
	switch {
	case c.Closed.IsZero():
		return ""
	case c.Reviewed.IsZero():
		return Closed
	}
	return Reviewed
}

// listed is the key under which the conversation stands in a list; "" if it
// stands in none.
func (c *row) listed(id string) string {
	if c.State() == "" {
		return ""
	}
	return c.State() + "/" + cursor{inverted(c.Closed), id}.String()
}

// A cursor is a place in a list.
type cursor struct {
	time string // as inverted writes it
	id   string
}

func (c cursor) String() string { return c.time + "/" + c.id }

// parseCursor reads what a page named as next.
func parseCursor(text string) (cursor, error) {
	at, id, ok := strings.Cut(text, "/")
	if !ok || len(at) != digits || strings.Trim(at, "0123456789") != "" {
		return cursor{}, refusal.Of("after", "this is not what a page named as next")
	}
	return cursor{at, id}, nil
}

// last is a moment later than any; digits is how many it has.
const (
	last   = 9_999_999_999_999 // milliseconds
	digits = 13
)

// inverted writes a time so that later ones come first. The zero time is that
// of all lists' beginnings.
func inverted(at time.Time) string {
	if at.IsZero() {
		return strings.Repeat("0", digits)
	}
	return fmt.Sprintf("%0*d", digits, last-at.UnixMilli())
}
