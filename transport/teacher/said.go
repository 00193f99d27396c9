package teacher

import (
	"fmt"
	"strings"

	"crafttalkd/actors/bot/intent"
	"crafttalkd/actors/event"
	"crafttalkd/store/view/history"
)

// Bounds on what is looked through for what nobody answered.
const (
	mostTalks   = 1000 // conversations, the latest
	mostSaid    = 5000 // messages
	answeredFor = 0.5  // the probability from which a message counts as answered
)

// unmet are the groups of what customers said in the latest conversations and
// no article answers, and what they were made of.
func (t *Teacher) unmet(m *intent.Model, language string) (groups []Unmet, from []said, err error) {
	base := t.config.Articles.State()
	there := func(id string) bool { return base.Article(id) != nil }
	for _, id := range t.latestTalks() {
		list, err := t.unanswered(id)
		if err != nil {
			return nil, nil, err
		}
		for _, s := range list {
			if languageOf(s.text) != language || len(t.index.find(base, s.text)) > 0 {
				continue
			}
			if r := m.Rank(s.text, there, 1); len(r.Best) > 0 && r.Best[0].Probability >= answeredFor {
				continue
			}
			from = append(from, s)
		}
		if len(from) >= mostSaid {
			break
		}
	}
	return unmet(from), from, nil
}

// latestTalks are the conversations that ended last.
func (t *Teacher) latestTalks() (out []string) {
	q := history.Question{Limit: 200, Sees: func(string, *event.Routing) bool { return true }}
	for range mostTalks / q.Limit {
		ids, next, err := t.config.History.IDs(q)
		if err != nil {
			t.config.Log.Error("the latest conversations can't be read", "err", err)
			return out
		}
		out = append(out, ids...)
		if q.After = next; next == "" {
			break
		}
	}
	return out
}

// unanswered is what a customer wrote in a conversation that no article was
// given for.
func (t *Teacher) unanswered(id string) (out []said, err error) {
	answered := map[string]bool{}
	var heard []*event.MessageReceived
	for e, err := range t.config.Journal.Durable(event.ConversationStream+id, 0) {
		if err != nil {
			return nil, fmt.Errorf("conversation %s: %w", id, err)
		}
		switch e := e.Event.(type) {
		case *event.MessageReceived:
			heard = append(heard, e)
		case *event.AnswerChosen:
			answered[e.About] = true
		case *event.SurveyBegun:
			answered[e.About] = true
		case *event.MessageLabelled:
			answered[e.MessageId] = e.ArticleId != ""
		case *event.SlotFilled:
			answered[e.MessageId] = answered[e.MessageId] || !e.Inferred
		case *event.SlotMistaken:
			answered[e.MessageId] = true
		case *event.MessageRemoved:
			answered[e.MessageId] = true
		case *event.MessageSent:
			if n := len(heard); n > 0 && e.ArticleId != "" {
				answered[heard[n-1].MessageId] = true
			}
		}
	}
	for _, e := range heard {
		text := strings.TrimSpace(e.Content.GetText())
		if text != "" && !answered[e.MessageId] && !e.Automatic && e.Content.GetPressed() == nil {
			out = append(out, said{id, text})
		}
	}
	return out, nil
}
