package lessons

import (
	"maps"
	"slices"
	"time"

	"crafttalkd/actors/event"
)

// A row is what is kept of a conversation.
type row struct {
	open
	sealed
}

// open is what a row tells anybody who has the disk: everything but words.
type open struct {
	Choices    []choice         `json:"choices,omitempty"`
	Rejections []rejection      `json:"rejections,omitempty"`
	Labels     map[string]label `json:"labels,omitempty"` // by message
	Failed     []string         `json:"failed,omitempty"` // messages of choices, that never left
	Reviewed   time.Time        `json:"reviewed,omitzero"`
	Reviewer   string           `json:"reviewer,omitempty"`
	Heard      []heard          `json:"heard,omitempty"` // once reviewed: what was said beside
}

// sealed is what the customer's key opens.
type sealed struct {
	Words map[string]string `json:"words,omitempty"` // by message
}

type choice struct {
	About       string    `json:"about"`
	Article     string    `json:"article"`
	Sent        string    `json:"sent"` // our message
	At          time.Time `json:"at"`
	By          string    `json:"by"`
	Rank        int32     `json:"rank,omitempty"`
	Probability float64   `json:"probability,omitempty"`
	Shown       []string  `json:"shown,omitempty"`
	Edited      bool      `json:"edited,omitempty"`
}

type rejection struct {
	About   string    `json:"about"`
	Article string    `json:"article"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
}

type label struct {
	Article string    `json:"article,omitempty"` // empty: none answers
	At      time.Time `json:"at"`
	By      string    `json:"by"`
}

// heard is a message of a reviewed conversation.
type heard struct {
	Message string `json:"message"`
	Article string `json:"article,omitempty"` // that the bot answered with
}

// concerns reports whether an event can change a row. Most are messages, and
// can't.
func concerns(e event.Event) bool {
	switch e.(type) {
	case *event.AnswerChosen, *event.AnswerRejected, *event.MessageLabelled, *event.ConversationReviewed,
		*event.MessageFailed, *event.MessageRetried:
		return true
	}
	return false
}

// apply brings one event into the row, and reports whether it changed anything.
func (c *row) apply(e event.Event) bool {
	switch e := e.(type) {
	case *event.AnswerChosen:
		c.choose(e)
	case *event.AnswerRejected:
		c.reject(e)
	case *event.MessageLabelled:
		c.label(e)
	case *event.ConversationReviewed:
		c.Reviewed, c.Reviewer, c.Heard = e.At.AsTime(), e.By, nil
		if e.Undone {
			c.Reviewed, c.Reviewer = time.Time{}, ""
		}
	case *event.MessageFailed:
		return c.failed(e.MessageId)
	case *event.MessageRetried:
		return c.retried(e.MessageId)
	}
	return true
}

func (c *row) choose(e *event.AnswerChosen) {
	if e.About == "" || slices.ContainsFunc(c.Choices, func(x choice) bool { return x.Sent == e.MessageId && x.About == e.About }) {
		return
	}
	c.Choices = append(c.Choices, choice{e.About, e.ArticleId, e.MessageId, e.At.AsTime(), e.OperatorId, e.Rank, e.Probability, e.Shown, e.Edited})
	c.word(e.About, e.Text)
}

func (c *row) reject(e *event.AnswerRejected) {
	c.Rejections = slices.DeleteFunc(c.Rejections, func(x rejection) bool { return x.About == e.About && x.Article == e.ArticleId })
	c.Rejections = append(c.Rejections, rejection{e.About, e.ArticleId, e.At.AsTime(), e.OperatorId})
	c.word(e.About, e.Text)
}

func (c *row) label(e *event.MessageLabelled) {
	if e.Cleared {
		delete(c.Labels, e.MessageId)
		return
	}
	if c.Labels == nil {
		c.Labels = map[string]label{}
	}
	c.Labels[e.MessageId] = label{e.ArticleId, e.At.AsTime(), e.By}
	c.word(e.MessageId, e.Text)
}

func (c *row) word(message, text string) {
	if text == "" {
		return
	}
	if c.Words == nil {
		c.Words = map[string]string{}
	}
	c.Words[message] = text
}

func (c *row) failed(message string) bool {
	if !slices.ContainsFunc(c.Choices, func(x choice) bool { return x.Sent == message }) || slices.Contains(c.Failed, message) {
		return false
	}
	c.Failed = append(c.Failed, message)
	return true
}

func (c *row) retried(message string) bool {
	i := slices.Index(c.Failed, message)
	if i >= 0 {
		c.Failed = slices.Delete(c.Failed, i, i+1)
	}
	return i >= 0
}

// lessons are those that count. Whatever has lost its words teaches nothing.
func (c *row) lessons(id string, f fault) (out []Lesson) {
	known := map[string]string{} // message -> the article that is known to answer
	add := func(l Lesson) {
		if l.Text = c.Words[l.Message]; l.Text == "" {
			return
		}
		l.Conversation = id
		out = append(out, l)
	}
	for _, m := range slices.Sorted(maps.Keys(c.Labels)) {
		l := c.Labels[m]
		known[m] = l.Article
		add(Lesson{Kind: Labelled, Message: m, Article: l.Article, At: l.At, By: l.By})
	}
	for _, x := range slices.Backward(c.Choices) { // of several answers to one message the last counts
		if slices.Contains(c.Failed, x.Sent) && f != careless {
			continue
		}
		if _, ok := known[x.About]; ok && f != deaf {
			continue
		}
		known[x.About] = x.Article
		add(Lesson{Kind: Chosen, Message: x.About, Article: x.Article, At: x.At, By: x.By,
			Rank: x.Rank, Probability: x.Probability, Shown: x.Shown, Edited: x.Edited})
	}
	for _, h := range c.Heard {
		if _, ok := known[h.Message]; ok {
			continue
		}
		kind := Confirmed
		if h.Article == "" {
			kind = Nothing
		}
		known[h.Message] = h.Article
		add(Lesson{Kind: kind, Message: h.Message, Article: h.Article, At: c.Reviewed, By: c.Reviewer})
	}
	for _, x := range c.Rejections {
		if right, ok := known[x.About]; ok && right == x.Article {
			continue // somebody took it after all
		}
		add(Lesson{Kind: Rejected, Message: x.About, Article: x.Article, At: x.At, By: x.By})
	}
	return out
}
