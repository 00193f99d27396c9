package agent

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"unicode"

	"crafttalkd/store/view/articles"
)

// Exact answers by the questions that articles expect, without learning
// anything: who asks just so is answered for sure, and who shares words with a
// question may mean it.
type Exact struct {
	Articles func() *articles.Base

	mu   sync.Mutex // guards what follows
	base *articles.Base
	asks []asked
}

// asked is one expected question.
type asked struct {
	article, text string
	words         []string
}

// enough is how many articles are ranked.
const enough = 5

// Rank ranks the articles that have an answer for the conversation.
func (x *Exact) Rank(_ context.Context, q Question) (Ranking, error) {
	base, all := x.questions()
	text, about := plain(q.Text), articles.OfConversation(q.Center, q.Routing)
	words := strings.Fields(text)
	best, exact := map[string]float64{}, 0
	for _, a := range all {
		p := overlap(words, a.words)
		if a.text == text {
			p = 1
		}
		if p <= best[a.article] || p == 0 || len(articles.Answers(base.Article(a.article).Article, about)) == 0 {
			continue
		}
		if p == 1 {
			exact++
		}
		best[a.article] = p
	}
	r := Ranking{NoArticle: 1}
	for id, p := range best {
		if p == 1 {
			p /= float64(exact)
		}
		r.Best = append(r.Best, Scored{id, p})
	}
	slices.SortFunc(r.Best, func(a, b Scored) int {
		return cmp.Or(cmp.Compare(b.Probability, a.Probability), cmp.Compare(a.Article, b.Article))
	})
	r.Best = r.Best[:min(len(r.Best), enough)]
	if len(r.Best) > 0 {
		r.NoArticle, r.Sure = 0.5, exact == 1
	}
	return r, nil
}

// questions are those of the knowledge base as it is, read once for each.
func (x *Exact) questions() (*articles.Base, []asked) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if base := x.Articles(); base != x.base {
		x.base, x.asks = base, nil
		for _, a := range base.Articles() {
			for _, q := range append([]string{a.Title}, a.Questions...) {
				if text := plain(q); text != "" {
					x.asks = append(x.asks, asked{a.ArticleId, text, strings.Fields(text)})
				}
			}
		}
	}
	return x.base, x.asks
}

// overlap is how much two questions have in common: nothing is sure about it.
func overlap(a, b []string) float64 {
	shared := 0
	for _, w := range a {
		if len([]rune(w)) > 2 && slices.Contains(b, w) {
			shared++
		}
	}
	return 0.9 * float64(shared) / float64(max(len(a)+len(b)-shared, 1))
}

// plain is a text without case, marks and differences that nobody means.
func plain(text string) string {
	fold := func(r rune) rune {
		switch {
		case r == 'ё' || r == 'Ё':
			return 'е'
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}
	return strings.Join(strings.Fields(strings.Map(fold, text)), " ")
}
