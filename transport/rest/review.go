package rest

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/search/talk"
	"crafttalkd/store/view/history"
)

// History lists the conversations that have ended, and counts them.
type History interface {
	IDs(history.Question) (ids []string, next string, err error)
	Count(figures.Question) (figures.Answer, error)
	Find(history.Question) (found []history.Found, next string, err error)
	// Walk yields what a question takes, however much it is.
	Walk(history.Question) (iter.Seq[history.Spot], error)
	// Pick returns those of the conversations that a question takes.
	Pick(ids []string, q history.Question) ([]history.Found, error)
	Get(id string) (history.Found, bool, error)
}

// What has ended is in one of two states. Manual: «ЗАВЕРШЕН», «ПРОВЕРЕН».
const (
	stateClosed   = "closed"
	stateReviewed = "reviewed"
)

// reviewRoutes are the manual markup, from which the bot learns. Manual: Ручная
// разметка.
func reviewRoutes() []*route {
	const one = "/api/v1/conversations/:id"
	change := may(directory.ModifyKnowledgebase)
	return []*route{
		{method: "GET", path: "/api/v1/reviews", summary: "Conversations that have ended, to be gone through, the latest first", may: may(directory.ViewDialogsSearch),
			verb: answers((*call).listReviews), params: []param{{name: "state", doc: "closed, which is meant if left out, or reviewed"},
				{name: "text", doc: "what was said, as in /api/v1/history"}, {name: "center", doc: "its id"}, {name: "line", doc: "its id"}, {name: "account", doc: "its id"},
				{name: "from", doc: "when it ended, RFC 3339"}, {name: "to", doc: "and before when"},
				{name: "after", doc: "what the last page named as next"}, conversationsShown.param()}},
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
	out := ReviewPage{Items: []Ended{}}
	q, err := c.reviewQuestion()
	if err != nil {
		return out, err
	}
	if text := c.r.URL.Query().Get("text"); text != "" {
		return c.reviewsSaying(text, q)
	}
	found, next, err := c.config.History.Find(q)
	for _, f := range found {
		out.Items = append(out.Items, c.ended(f))
	}
	out.Next = next
	return out, err
}

// reviewsSaying lists those in which something was said.
func (c *call) reviewsSaying(text string, q history.Question) (ReviewPage, error) {
	out := ReviewPage{Items: []Ended{}}
	words, err := talk.Parse(text)
	if err != nil {
		return out, err
	}
	found, err := c.history(c.r.Context(), sought{Question: q, words: words, all: true})
	if err != nil {
		return out, err
	}
	var last history.Spot
	for spot, err := range found {
		if err != nil {
			return out, err
		}
		if len(out.Items) == q.Limit {
			out.Next = last.String()
			break
		}
		f, ok, err := c.config.History.Get(spot.ID)
		if err != nil {
			return out, err
		}
		if last = spot; ok {
			out.Items = append(out.Items, c.ended(f))
		}
	}
	return out, nil
}

func (c *call) reviewQuestion() (history.Question, error) {
	query := c.r.URL.Query()
	state := cmp.Or(query.Get("state"), stateClosed)
	if state != stateClosed && state != stateReviewed {
		return history.Question{}, refusal.Of("state", "this is one of closed, reviewed")
	}
	one := func(name string) []string {
		if value := query.Get(name); value != "" {
			return []string{value}
		}
		return nil
	}
	f := figures.Filter{Reviewed: new(state == stateReviewed), Centers: one("center"), Lines: one("line"), Accounts: one("account")}
	limit, err := c.limit(conversationsShown)
	if err == nil {
		f.Closed.From, err = c.moment("from")
	}
	if err == nil {
		f.Closed.To, err = c.moment("to")
	}
	return history.Question{Filter: f, After: query.Get("after"), Limit: limit, Sees: c.sees}, err
}

func (c *call) ended(f history.Found) Ended {
	operator, agent := f.Keeper()
	state := stateClosed
	if !f.Reviewed.IsZero() {
		state = stateReviewed
	}
	return Ended{ConversationID: f.ID, CustomerName: c.customerName(f.ID), AccountID: f.Account, Kind: f.Kind, CenterID: f.Center,
		Routing: Message[*event.Routing]{f.Routing()}, Test: f.Test, OperatorID: operator, AgentID: agent, TopicID: f.Topic,
		OpenedAt: f.Opened, ClosedAt: f.Closed, State: state, ReviewedAt: f.Reviewed, ReviewedBy: f.ReviewedBy, Labels: f.Labels}
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
