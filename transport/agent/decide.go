package agent

import (
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/hours"
	"crafttalkd/store/view/articles"
)

// What agents decide, step by step: each step is one command, or nothing. After
// it the scene is another, and the next step follows from that.

// onward passes the conversation to the next agent of its chain.
func (s Scene) onward() conversation.Command {
	return conversation.HandOver{Agent: s.Agent, Turn: s.Turn, About: s.LastIn, Onward: true}
}

// failed passes it onward and says why.
func (s Scene) failed(reason string) conversation.Command {
	return conversation.HandOver{Agent: s.Agent, Turn: s.Turn, About: s.LastIn, Onward: true, Failed: true, Reason: reason}
}

// toPerson passes it to the queue.
func (s Scene) toPerson() conversation.Command {
	return conversation.HandOver{Agent: s.Agent, Turn: s.Turn, About: s.LastIn}
}

// settled says that it is the customer's turn.
func (s Scene) settled() conversation.Command {
	return conversation.Await{Agent: s.Agent, Turn: s.Turn, About: s.LastIn}
}

// say sends words of the agent's own.
func (s Scene) say(n int, c *event.Content) conversation.Command {
	return conversation.AgentReply{Agent: s.Agent, ID: s.name(n), Turn: s.Turn, About: s.LastIn, Content: c}
}

// present gives an article, or nil if there is none for this conversation.
func (s Scene) present(kb *articles.Base, article string, draw uint64) *conversation.Present {
	about := articles.OfConversation(s.Center, s.Routing)
	given := kb.Survey(article, "", about, draw)
	if given == nil || len(given.Answers) == 0 && len(given.Slots) == 0 {
		return nil
	}
	return &conversation.Present{ID: s.name(0), Agent: s.Agent, Turn: s.Turn, About: s.LastIn, Survey: given, Earlier: s.Words}
}

// Reasons of failures.
const (
	gone        = "gone"
	unreachable = "unreachable"
	late        = "late"
	nonsense    = "nonsense"
	tooLarge    = "too_large"
)

// greet says the article of the greeting once, and goes on when it is said.
func greet(a *event.Agent, s Scene, kb *articles.Base, draw uint64) conversation.Command {
	switch {
	case s.Survey != nil:
		return nil
	case s.wantsPerson():
		return s.toPerson()
	case len(s.Said) > 0:
		return s.onward()
	}
	p := s.present(kb, a.ArticleId, draw)
	if p == nil {
		return s.failed(gone)
	}
	return *p
}

// opens stands in the text of an article for when somebody will be there.
const opens = "{opens}"

// away tells a customer who comes outside the hours so, and does what it is told
// to do with them. Within the hours it goes on.
func away(a *event.Agent, s Scene, kb *articles.Base, draw uint64, c *event.Calendar, zone *time.Location, now time.Time) conversation.Command {
	switch {
	case s.Survey != nil:
		return nil
	case len(s.Said) == 0 && hours.Open(c, zone, now):
		return s.onward()
	case len(s.Said) == 0 && a.ArticleId != "":
		p := s.present(kb, a.ArticleId, draw)
		if p == nil {
			break // nothing to say, and yet something to do
		}
		next, ok := hours.Next(c, zone, now)
		when := ""
		if ok {
			when = hours.Say(next, now, zone, s.language())
		}
		p.Survey = telling(p.Survey, when)
		return *p
	}
	switch a.Then {
	case directory.ThenQueue:
		return s.toPerson()
	case directory.ThenClose:
		return conversation.Close{Agent: s.Agent, Turn: s.Turn, About: s.LastIn}
	}
	return s.onward()
}

// telling is an article that tells when somebody will be there.
func telling(given *event.Survey, when string) *event.Survey {
	given = proto.CloneOf(given)
	for _, x := range given.Answers {
		x.Text = strings.ReplaceAll(x.Text, opens, when)
	}
	return given
}
