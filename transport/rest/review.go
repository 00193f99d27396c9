package rest

import (
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/view/reviews"
)

// Reviews lists the conversations that have ended.
type Reviews interface {
	Find(reviews.Question) (found []reviews.Found, next string, err error)
}

// reviewRoutes are the manual markup, from which the bot learns. Manual: Ручная
// разметка.
func reviewRoutes() []*route {
	const one = "/api/v1/conversations/:id"
	change := may(directory.ModifyKnowledgebase)
	return []*route{
		{method: "GET", path: "/api/v1/reviews", summary: "Conversations that have ended, to be gone through, the latest first", may: may(directory.ViewDialogsSearch),
			verb: answers((*call).listReviews), params: []param{{name: "state", doc: "closed, which is meant if left out, or reviewed"},
				{name: "center", doc: "its id"}, {name: "line", doc: "its id"}, {name: "account", doc: "its id"},
				{name: "from", doc: "when it ended, RFC 3339"}, {name: "to", doc: "and until when"},
				{name: "after", doc: "what the last page named as next"}, {name: "limit", doc: "at most 200; 50 if left out"}}},
		{method: "PUT", path: one + "/messages/:message/label", summary: "Say which article answers a customer's message, or that none does", may: change,
			verb: told((*call).putLabel)},
		{method: "DELETE", path: one + "/messages/:message/label", summary: "Take that back", may: change, verb: does((*call).deleteLabel)},
		{method: "PUT", path: one + "/review", summary: "Say that the labels of a closed conversation are right", may: change, verb: does((*call).putReview)},
		{method: "DELETE", path: one + "/review", summary: "Take that back", may: change, verb: does((*call).deleteReview)},
	}
}

// ReviewPage is some conversations that have ended.
type ReviewPage struct {
	Items []Ended `json:"items"`
	Next  string  `json:"next" doc:"what to name as after to get the next page, which may come when this one is short; empty for none"`
}

// Ended is a conversation that has ended.
type Ended struct {
	ConversationID string                  `json:"conversation_id"`
	CustomerName   string                  `json:"customer_name"`
	AccountID      string                  `json:"account_id"`
	Kind           string                  `json:"kind" doc:"of the channel"`
	CenterID       string                  `json:"center_id"`
	Routing        Message[*event.Routing] `json:"routing"`
	Test           bool                    `json:"test"`
	OperatorID     string                  `json:"operator_id" doc:"who kept it last, or"`
	AgentID        string                  `json:"agent_id"`
	TopicID        string                  `json:"topic_id"`
	OpenedAt       time.Time               `json:"opened_at"`
	ClosedAt       time.Time               `json:"closed_at"`
	State          string                  `json:"state" doc:"closed or reviewed"`
	ReviewedAt     time.Time               `json:"reviewed_at,omitzero"`
	ReviewedBy     string                  `json:"reviewed_by"`
	Labels         int                     `json:"labels" doc:"how many messages have one"`
}

// Label says which article answers a message.
type Label struct {
	ArticleID string    `json:"article_id" doc:"empty: none does"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// labelOf is what a label says; nil if it was taken back.
func labelOf(e *event.MessageLabelled) *Label {
	if e.Cleared {
		return nil
	}
	return &Label{e.ArticleId, e.By, e.At.AsTime()}
}

// PutLabel is a label as it is put.
type PutLabel struct {
	ArticleID string `json:"article_id" need:"yes" doc:"empty says that no article answers"`
}

func (c *call) listReviews() (ReviewPage, error) {
	query := c.r.URL.Query()
	q := reviews.Question{State: query.Get("state"), Center: query.Get("center"), Line: query.Get("line"), Account: query.Get("account"),
		After: query.Get("after"), Sees: c.sees}
	if q.State == "" {
		q.State = reviews.Closed
	}
	limit, err := c.number("limit")
	if err == nil {
		q.Limit = int(limit)
		q.From, err = c.moment("from")
	}
	if err == nil {
		q.To, err = c.moment("to")
	}
	out := ReviewPage{Items: []Ended{}}
	if err != nil {
		return out, err
	}
	found, next, err := c.config.Reviews.Find(q)
	for _, f := range found {
		out.Items = append(out.Items, c.ended(f))
	}
	out.Next = next
	return out, err
}

func (c *call) ended(f reviews.Found) Ended {
	return Ended{ConversationID: f.ID, CustomerName: c.customerName(f.ID), AccountID: f.Account, Kind: f.Kind, CenterID: f.Center,
		Routing: Message[*event.Routing]{f.Routing()}, Test: f.Test, OperatorID: f.Operator, AgentID: f.Agent, TopicID: f.Topic,
		OpenedAt: f.Opened, ClosedAt: f.Closed, State: f.State(), ReviewedAt: f.Reviewed, ReviewedBy: f.Reviewer, Labels: len(f.Labels)}
}

// moment reads a time of the query; the zero time if it is not there.
func (c *call) moment(name string) (time.Time, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.Year() < 1970 || at.Year() > 2200 {
		return time.Time{}, refusal.Of(name, "a time is written like 2026-11-23T15:04:05Z")
	}
	return at, nil
}

func (c *call) putLabel(in PutLabel) error {
	if in.ArticleID != "" && c.knowledge().Article(in.ArticleID) == nil {
		return refusal.Of("article_id", "there is no article %q", in.ArticleID)
	}
	return c.label(in.ArticleID, false)
}

func (c *call) deleteLabel() error { return c.label("", true) }

// label says something of a message of the customer's.
func (c *call) label(article string, cleared bool) error {
	v, err := c.conversation(c.id())
	if err != nil {
		return err
	}
	id := c.params.ByName("message")
	i := slices.IndexFunc(v.Messages, func(m ConversationMessage) bool { return m.MessageID == id && m.From == "customer" })
	if i < 0 {
		return refusal.New(refusal.NotFound, "there is no message %q of the customer", id)
	}
	text := strings.TrimSpace(v.Messages[i].Content.Of.GetText())
	switch {
	case cleared:
		text = ""
	case text == "":
		return refusal.New(refusal.Invalid, "the message has no words to learn from")
	}
	_, err = c.ask(event.ConversationStream+v.ConversationID, conversation.Label{By: c.by(), Message: id, Text: text, Article: article, Cleared: cleared})
	return err
}

func (c *call) putReview() error    { return c.review(false) }
func (c *call) deleteReview() error { return c.review(true) }

func (c *call) review(undone bool) error {
	v, err := c.conversation(c.id())
	if err != nil {
		return err
	}
	_, err = c.ask(event.ConversationStream+v.ConversationID, conversation.Review{By: c.by(), Undone: undone})
	return err
}
