package agent

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
)

// How much of a conversation an agent is told.
const (
	mostTalk  = 20 // lines
	mostWords = 50 // of the customer's, searched for what a survey does not ask
)

// A Scene is a conversation as an agent meets it: the state that its commands
// are judged by, and what was said.
type Scene struct {
	conversation.State
	Center, Kind, Name string
	Test               bool
	Words              []conversation.Word // the customer's, oldest first
	Talk               []Line              // the last of all that was said
	Last               Heard               // the customer's last message
	Before             string              // the agent who kept it before this one

	Dealt bool   // somebody has answered the last message, or a survey has taken it
	More  bool   // the agent has said that there is more to come about it
	Said  []Said // what this agent has said in this turn
}

// A Line is one message.
type Line struct {
	By   string // customer, agent, operator, system
	Text string
	At   time.Time
}

// Heard is a message of the customer's.
type Heard struct {
	ID      string
	Content *event.Content
	At      time.Time
}

// Said is what an agent said: an article, or words of its own.
type Said struct {
	Article string
	Offer   bool // buttons to choose an article by
}

// polite tells whether what agents of a kind say answers nobody.
func polite(kind string) bool { return kind == directory.Greeting || kind == directory.Hours }

// fold reads a conversation. The kind of each agent is known to the directory.
func fold(entries iter.Seq2[journal.Entry, error], kind func(agent string) string) (s Scene, err error) {
	for e, err := range entries {
		if err != nil {
			return s, err
		}
		s.apply(e.Event, kind)
		s.State = conversation.Apply(s.State, e.Event)
	}
	return s, nil
}

// apply takes in an event, while the state is the one before it.
func (s *Scene) apply(e event.Event, kind func(string) string) {
	switch e := e.(type) {
	case *event.ConversationOpened:
		s.Center, s.Kind, s.Name, s.Test = e.CenterId, e.Kind, e.CustomerName, e.Test
	case *event.MessageReceived:
		if !e.Automatic {
			s.hear(e)
		}
	case *event.MessageSent:
		s.sent(e, kind)
	case *event.SurveyBegun:
		if e.AgentId != "" {
			s.Said = append(s.Said, Said{Article: e.Survey.GetArticleId()})
			s.More, s.Dealt = false, s.Dealt || !polite(kind(e.AgentId))
		}
	case *event.SlotFilled:
		s.Dealt = s.Dealt || e.MessageId == s.Last.ID && !e.Inferred
	case *event.SlotMistaken:
		s.Dealt = s.Dealt || e.MessageId == s.Last.ID
	case *event.AgentAwaited:
		s.More = e.Until != nil
		s.Dealt = s.Dealt || !s.More
	case *event.AgentEngaged:
		if e.AgentId != conversation.Silence {
			s.Before = s.Agent
		}
		s.Said, s.More = nil, false
	}
}

func (s *Scene) hear(e *event.MessageReceived) {
	s.Last = Heard{ID: e.MessageId, Content: e.Content, At: e.At.AsTime()}
	s.Dealt, s.More = false, false
	text := s.Last.text()
	s.talk("customer", text, e.At.AsTime())
	if text != "" {
		s.Words = tail(append(s.Words, conversation.Word{Message: e.MessageId, Text: text}), mostWords)
	}
}

// text is what the customer said, in words.
func (h Heard) text() string {
	return cmp.Or(h.Content.GetText(), h.Content.GetPressed().GetCaption(), h.Content.GetContact().GetPhone())
}

func (s *Scene) sent(e *event.MessageSent, kind func(string) string) {
	by := "system"
	switch {
	case e.OperatorId != "":
		by, s.Dealt = "operator", true
	case e.AgentId != "":
		by, s.Dealt = "agent", s.Dealt || !polite(kind(e.AgentId))
		if e.AgentId == s.Agent && e.Turn == s.Turn && e.SurveyId == "" {
			s.Said = append(s.Said, Said{Article: e.ArticleId, Offer: offers(e.Content)})
		}
	}
	s.talk(by, e.Content.GetText(), e.At.AsTime())
}

// offers tells whether a message offers articles to choose from.
func offers(c *event.Content) bool {
	return slices.ContainsFunc(c.GetButtons(), func(b *event.Button) bool {
		_, ok := conversation.Article(b)
		return ok
	})
}

func (s *Scene) talk(by, text string, at time.Time) {
	if text != "" {
		s.Talk = tail(append(s.Talk, Line{by, text, at}), mostTalk)
	}
}

func tail[T any](list []T, most int) []T { return list[max(0, len(list)-most):] }

// language is the one to speak with the customer in: what the conversation asks
// for, else what its last word is written in.
func (s Scene) language() string {
	if l := s.Routing.GetLanguage(); l != "" {
		return l
	}
	for _, r := range s.Last.text() {
		switch {
		case r >= 'а' && r <= 'я', r >= 'А' && r <= 'Я', r == 'ё', r == 'Ё':
			return "ru"
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			return "en"
		}
	}
	return "ru"
}

// name is what the n'th act about the last message is called, however often it
// is tried. It is never a name of the system's own.
func (s Scene) name(n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s\x00%d", s.Agent, s.Turn, s.LastIn, n))
	return "a" + hex.EncodeToString(sum[:12])
}

// wantsPerson tells whether the customer's last message, which nobody has dealt
// with, asks for a person. A message that comes while an agent keeps the
// conversation is heard by the conversation itself.
func (s Scene) wantsPerson() bool {
	return !s.Heard && !s.Dealt && conversation.WantsPerson(s.Policy, s.Last.Content)
}
