package rest

import (
	"slices"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/survey"
	"crafttalkd/store/view/articles"
)

// assistantRoutes are what an operator is told that may answer. Manual:
// интеллектуальный помощник.
func assistantRoutes() []*route {
	return []*route{
		{method: "GET", path: "/api/v1/conversations/:id/assistant", summary: "The articles that are likeliest to answer a customer's message, and what they say",
			may: may(directory.ViewKB), verb: answers((*call).assist), params: []param{
				{name: "message", doc: "its id; the customer's last one if left out"}, articlesAssisted.param()}},
	}
}

// Assistance is what may answer a message.
type Assistance struct {
	MessageID string     `json:"message_id" doc:"that it is about; empty if the customer has written nothing yet"`
	Model     string     `json:"model" doc:"that it was ranked by; empty for none yet"`
	NoArticle int        `json:"no_article" doc:"how probable it is that none answers, in percent"`
	Items     []Assisted `json:"items" doc:"the likeliest first"`
}

// Assisted is an article that may answer.
type Assisted struct {
	ArticleID   string                   `json:"article_id"`
	Identifier  string                   `json:"identifier"`
	Title       string                   `json:"title"`
	TypeID      string                   `json:"type_id"`
	Percent     int                      `json:"percent"`
	Probability float64                  `json:"probability" doc:"to be told with the choice"`
	Exact       bool                     `json:"exact" doc:"the message is one of its questions or its title, word for word"`
	Rejected    int                      `json:"rejected" doc:"so often operators said that it does not answer these words"`
	Policy      answerPolicy             `json:"policy"`
	Survey      bool                     `json:"survey" doc:"it asks the customer before it answers, and can only be given as a whole"`
	Answers     []Message[*event.Answer] `json:"answers" doc:"those that the conversation and the asker may see"`
}

// assist ranks the articles for a message of the customer's.
func (c *call) assist() (Assistance, error) {
	out := Assistance{Items: []Assisted{}}
	limit, err := c.limit(articlesAssisted)
	if err != nil {
		return out, err
	}
	v, err := c.conversation(c.id())
	if err != nil {
		return out, err
	}
	m, err := v.asked(c.r.URL.Query().Get("message"))
	if err != nil || m == nil {
		return out, err
	}
	out.MessageID = m.MessageID
	text := m.Content.Of.GetText()
	if text == "" || c.config.Teacher == nil {
		return out, nil
	}
	base := c.knowledge()
	visible := func(id string) []*event.Answer { return c.visible(base.Article(id), v) }
	r := c.config.Teacher.Rank(text, func(id string) bool { return len(visible(id)) > 0 }, limit)
	out.Model, out.NoArticle = r.Model, percent(r.NoArticle)
	for _, x := range r.Best {
		a := base.Article(x.Article)
		if a == nil {
			continue // taken out since
		}
		one := Assisted{ArticleID: a.ArticleId, Identifier: a.Identifier, Title: a.Title, TypeID: a.TypeId, Percent: percent(x.Probability),
			Probability: x.Probability, Exact: x.Exact, Rejected: x.Doubts, Policy: answerPolicy(a.Policy.String()), Survey: len(a.SlotIds) > 0,
			Answers: []Message[*event.Answer]{}}
		for _, answer := range visible(x.Article) {
			one.Answers = append(one.Answers, Message[*event.Answer]{answer})
		}
		out.Items = append(out.Items, one)
	}
	return out, nil
}

// visible are the answers of an article that the conversation and the asker may
// see. One that hands the conversation to an agent is not an operator's to give.
func (c *call) visible(a *articles.Article, v *Conversation) []*event.Answer {
	if a == nil {
		return nil
	}
	all := articles.Answers(a.Article, articles.OfConversation(v.CenterID, v.Routing.Of), articles.OfUser(c.asker.user))
	return slices.DeleteFunc(all, func(x *event.Answer) bool {
		_, redirects := survey.Redirect(x.Text)
		return redirects
	})
}

// asked returns a message of the customer's: that with the id, or the last one;
// nil if there is none yet.
func (v *Conversation) asked(id string) (*ConversationMessage, error) {
	for i := range slices.Backward(v.Messages) {
		if m := &v.Messages[i]; m.From == "customer" && (m.MessageID == id || id == "" && !m.Automatic && !m.Removed) {
			return m, nil
		}
	}
	if id != "" {
		return nil, refusal.New(refusal.NotFound, "there is no message %q of the customer", id)
	}
	return nil, nil
}

func percent(p float64) int { return int(100*p + 0.5) }
