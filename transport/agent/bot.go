package agent

import (
	"cmp"
	"strings"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/store/view/articles"
)

const (
	nearly = 0.3 // probability from which an article is worth an offer
	choice = 3   // articles offered at once
)

// leads begins what a button sends that leads to an article.
const leads = "article:"

// A thought is what the bot makes of the scene before it asks anybody.
type thought uint8

const (
	nothing thought = iota // to be done
	ask                    // which article answers
	follow                 // the button that was pressed
	wait                   // for the customer
	leave                  // there is nothing left to say
	person                 // is wanted
	lost                   // nothing was written that can be answered
)

// think decides what is to be done about the customer's last message.
func think(s Scene) thought {
	_, pressed := conversation.Article(s.Last.Content.GetPressed())
	_, owes := conversation.Owes(s.State)
	switch {
	case !owes:
		return nothing
	case s.wantsPerson():
		return person
	case pressed && !s.Dealt:
		return follow
	case s.Survey != nil:
		return nothing
	case s.Dealt && s.Heard:
		return leave // a survey has ended without a word
	case s.Dealt, s.Last.ID == "":
		return wait // handed back by somebody who has answered
	case strings.TrimSpace(s.Last.text()) == "":
		return lost
	}
	return ask
}

// followed gives the article of the button that the customer pressed.
func followed(s Scene, kb *articles.Base, draw uint64) conversation.Command {
	id, _ := conversation.Article(s.Last.Content.GetPressed())
	if p := s.present(kb, id, draw); p != nil {
		return *p
	}
	return s.failed(gone)
}

// answer acts on what may answer the customer's last message.
func answer(b *event.BotSettings, s Scene, r Ranking, kb *articles.Base, draw uint64) conversation.Command {
	if len(r.Best) > 0 && r.Sure {
		if p := s.present(kb, r.Best[0].Article, draw); p != nil {
			return *p
		}
	}
	if c := offer(b, s, r, kb); c != nil {
		return s.say(0, c)
	}
	return unsure(b, s, kb, draw)
}

// offer is the best articles to choose from, if the bot is nearly sure. It does
// not offer twice in a row.
func offer(b *event.BotSettings, s Scene, r Ranking, kb *articles.Base) *event.Content {
	if !b.GetSuggest() || r.NoArticle > 0.5 || len(s.Said) > 0 && s.Said[len(s.Said)-1].Offer {
		return nil
	}
	c := &event.Content{Text: wordsIn(s.language()).choose}
	for _, x := range r.Best {
		a := kb.Article(x.Article)
		if a == nil || x.Probability < nearly || len(c.Buttons) == choice {
			continue
		}
		c.Buttons = append(c.Buttons, &event.Button{Caption: cmp.Or(a.Title, a.Identifier), Value: leads + a.ArticleId})
	}
	if len(c.Buttons) == 0 {
		return nil
	}
	return c
}

// unsure says that the bot did not understand, as often as it may, and passes
// the conversation on then.
func unsure(b *event.BotSettings, s Scene, kb *articles.Base, draw uint64) conversation.Command {
	if misses(b, s)+1 >= int(max(b.GetMisses(), 1)) {
		return s.onward()
	}
	if p := s.present(kb, b.GetUnsureArticleId(), draw); p != nil {
		return *p
	}
	return s.say(0, &event.Content{Text: wordsIn(s.language()).unsure})
}

// misses counts the messages in a row that the bot was not sure of.
func misses(b *event.BotSettings, s Scene) (n int) {
	for i := len(s.Said) - 1; i >= 0; i-- {
		x := s.Said[i]
		if x.Offer || x.Article != "" && x.Article != b.GetUnsureArticleId() {
			break
		}
		n++
	}
	return n
}

// words are what the bot says where nobody wrote an article for it.
type words struct{ choose, unsure string }

func wordsIn(language string) words {
	if language, _, _ = strings.Cut(language, "-"); strings.EqualFold(language, "en") {
		return words{"Perhaps it is one of these?", "I did not understand that. Could you put it in other words?"}
	}
	return words{"Возможно, вы спрашиваете об одном из этих вопросов?", "Я не понял вопрос. Попробуйте, пожалуйста, написать иначе."}
}
