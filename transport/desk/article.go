package desk

import (
	"math/rand/v2"
	"slices"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/survey"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/wire"
)

// What a client may say of a choice.
const (
	mostShown = 20 // articles of the assistant
	mostRank  = 1000
)

// present gives the customer an article as it is now, as far as the
// conversation and the operator may see its answers.
func (s *session) present(id uint64, m *wire.Present) {
	switch {
	case !named(m.SurveyId):
		s.refuse(id, refusal.Of("survey_id", "%s", nameNeeded))
	case !s.has(directory.ViewKB):
		s.refuse(id, refusal.New(refusal.Denied, "this needs the permission %s", directory.ViewKB))
	case !s.follows(m.ConversationId):
		s.ask(id, m.ConversationId, conversation.Present{Operator: s.who.User, ID: m.SurveyId}) // sent before, or not theirs
	default:
		c, err := s.presenting(m)
		if err != nil {
			s.refuse(id, err)
			return
		}
		s.ask(id, m.ConversationId, c)
	}
}

func (s *session) presenting(m *wire.Present) (c conversation.Present, err error) {
	story, err := s.story(m.ConversationId)
	if err != nil {
		return c, err
	}
	survey, err := s.given(m, story)
	if err != nil {
		return c, err
	}
	c = conversation.Present{ID: m.SurveyId, Operator: s.who.User, About: m.Choice.GetAbout(), Survey: survey}
	if slices.ContainsFunc(survey.Slots, func(x *event.Slot) bool { return x.Kind == event.SlotKind_INFERRED }) {
		c.Earlier = story.words
	}
	if m.Choice != nil {
		m.Choice.ArticleId, m.Choice.AnswerId = m.ArticleId, m.AnswerId
		c.Choice, err = story.choice(m.Choice)
	}
	return c, err
}

// given is the article with the answers that are for this conversation and
// this operator, and which of them is asked for. Whether its conditions hold is
// the conversation's to tell; an answer that only an automatic agent can give
// does not stand in the way of another one.
func (s *session) given(m *wire.Present, story story) (*event.Survey, error) {
	if s.desk.config.Articles == nil {
		return nil, errNoArticle
	}
	user := articles.OfUser(s.desk.config.System.Directory.State().User(s.who.User))
	given := s.desk.config.Articles().Survey(m.ArticleId, m.SurveyId, articles.OfConversation(story.center, story.routing), rand.Uint64())
	if given == nil {
		return nil, errNoArticle
	}
	given.Answers = slices.DeleteFunc(given.Answers, func(a *event.Answer) bool {
		return !user.Sees(a.Audience) || m.AnswerId != "" && a.AnswerId != m.AnswerId && redirects(a)
	})
	given.AnswerId = m.AnswerId
	if m.AnswerId != "" && !slices.ContainsFunc(given.Answers, func(a *event.Answer) bool { return a.AnswerId == m.AnswerId }) {
		return nil, refusal.Of("answer_id", "there is no such answer for this conversation")
	}
	return given, nil
}

func redirects(a *event.Answer) bool {
	_, ok := survey.Redirect(a.Text)
	return ok
}

var errNoArticle = refusal.Of("article_id", "there is no such article")

// reject keeps that an article answers nothing, with the words it was shown for.
func (s *session) reject(id uint64, m *wire.Reject) {
	if !s.follows(m.ConversationId) {
		s.ask(id, m.ConversationId, conversation.Reject{Operator: s.who.User, About: m.About, Article: m.ArticleId})
		return
	}
	story, err := s.story(m.ConversationId)
	if err != nil {
		s.refuse(id, err)
		return
	}
	text, there := story.text(m.About)
	if !there {
		s.refuse(id, errNoMessage)
		return
	}
	s.ask(id, m.ConversationId, conversation.Reject{Operator: s.who.User, About: m.About, Article: m.ArticleId, Text: text})
}

var errNoMessage = refusal.Of("about", "the customer has sent no such message")

// choice is what an operator's reply was made of, with the words it answers.
func (s *session) choice(conv string, c *wire.Choice) (*event.AnswerChosen, error) {
	if c == nil || !s.follows(conv) {
		return nil, nil
	}
	if s.desk.config.Articles == nil || s.desk.config.Articles().Article(c.ArticleId) == nil {
		return nil, refusal.Of("choice.article_id", "there is no such article")
	}
	story, err := s.story(conv)
	if err != nil {
		return nil, err
	}
	return story.choice(c)
}

// A story is what of a conversation its state does not remember.
type story struct {
	center  string
	routing *event.Routing
	words   []conversation.Word // the customer's, as they read now, oldest first
}

// story reads a conversation that this socket shows.
func (s *session) story(conv string) (out story, err error) {
	for e, err := range s.desk.config.System.Journal().Durable(event.ConversationStream+conv, 0) {
		if err != nil {
			return out, err
		}
		switch e := e.Event.(type) {
		case *event.ConversationOpened:
			out.center, out.routing = e.CenterId, e.Routing
		case *event.RoutingSet:
			out.routing = e.Routing
		case *event.ConversationQueued:
			out.routing = e.Routing
		case *event.MessageReceived:
			if !e.Automatic {
				out.words = append(out.words, conversation.Word{Message: e.MessageId, Text: e.Content.GetText()})
			}
		case *event.MessageEdited:
			out.reads(e.MessageId, e.Content.GetText())
		case *event.MessageRemoved:
			out.reads(e.MessageId, "")
		}
	}
	return out, nil
}

// reads changes what a message says.
func (t *story) reads(message, text string) {
	for i := range t.words {
		if t.words[i].Message == message {
			t.words[i].Text = text
		}
	}
}

func (t *story) text(message string) (text string, there bool) {
	for _, w := range t.words {
		if w.Message == message {
			return w.Text, true
		}
	}
	return "", false
}

func (t *story) choice(c *wire.Choice) (*event.AnswerChosen, error) {
	text, there := t.text(c.About)
	switch {
	case !there:
		return nil, errNoMessage
	case c.Rank < 0 || c.Rank > mostRank || len(c.Shown) > mostShown:
		return nil, refusal.Of("choice.shown", "the assistant shows at most %d articles", mostShown)
	case !(c.Probability >= 0 && c.Probability <= 1):
		return nil, refusal.Of("choice.probability", "a probability is 0 to 1")
	case slices.ContainsFunc(append([]string{c.AnswerId}, c.Shown...), func(id string) bool { return len(id) > 100 }):
		return nil, refusal.Of("choice.shown", "an id is at most 100 characters")
	}
	return &event.AnswerChosen{About: c.About, Text: text, ArticleId: c.ArticleId, AnswerId: c.AnswerId, Rank: c.Rank,
		Probability: c.Probability, Shown: c.Shown, Edited: c.Edited}, nil
}
