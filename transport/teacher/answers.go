package teacher

import (
	"context"

	"crafttalkd/store/view/articles"
	"crafttalkd/transport/agent"
)

// Answers is the teacher as the bot asks it. Where nothing is learnt yet, in a
// language or at all, somebody else answers.
type Answers struct {
	*Teacher
	Unlearnt agent.Answers
}

// considered is how many articles the bot is told of.
const considered = 5

// Rank implements [agent.Answers]. Only articles with an answer for the
// conversation are ranked. A model is sure by the precision that the strictest
// bot asks for, see [Teacher.target].
func (a Answers) Rank(ctx context.Context, q agent.Question) (agent.Ranking, error) {
	sight := articles.OfConversation(q.Center, q.Routing)
	r := a.Teacher.Rank(q.Text, a.For(sight), considered)
	if r.Model == "" {
		return a.Unlearnt.Rank(ctx, q)
	}
	out := agent.Ranking{NoArticle: r.NoArticle, Sure: r.Sure}
	for _, x := range r.Best {
		out.Best = append(out.Best, agent.Scored{Article: x.Article, Probability: x.Probability})
	}
	return out, nil
}

// For returns which articles have an answer that all of the sights see.
func (t *Teacher) For(by ...articles.Sight) func(article string) bool {
	base := t.config.Articles.State()
	return func(id string) bool {
		a := base.Article(id)
		return a != nil && len(articles.Answers(a.Article, by...)) > 0
	}
}
