package teacher

import (
	"cmp"
	"slices"

	"crafttalkd/actors/bot/intent"
	"crafttalkd/store/view/articles"
)

// A Ranking is the articles that may answer a text.
type Ranking struct {
	Language  string
	Model     string // empty: there is none for the language
	Best      []Ranked
	NoArticle float64 // the probability that none answers
	Sure      bool    // the first may be sent without a human
}

// A Ranked article is one that may answer.
type Ranked struct {
	Article     string
	Probability float64
	Exact       bool // the text is one of its questions or its title, word for word
	Doubts      int  // operators said so often that it does not answer these words
}

// exactly is the probability of the one article that has a text as a question.
const exactly = 0.99

// Rank returns the k articles that are likeliest to answer a text, of those that
// there are and that are allowed.
func (t *Teacher) Rank(text string, allowed func(article string) bool, k int) Ranking {
	base := t.config.Articles.State()
	words := plain(text)
	may := func(id string) bool { return base.Article(id) != nil && (allowed == nil || allowed(id)) }
	b := t.brainFor(text)
	out := Ranking{Language: languageOf(text)}
	if b != nil {
		out.Model, out.Language = b.book.ID, b.book.Language
		r := b.model.Rank(text, may, k+mostDoubted)
		out.NoArticle, out.Sure = r.NoArticle, r.Sure
		for _, s := range r.Best {
			out.Best = append(out.Best, Ranked{Article: s.Article, Probability: s.Probability})
		}
	}
	t.doubt(&out, words)
	t.exact(&out, base, words, may)
	out.Best = out.Best[:min(k, len(out.Best))]
	return out
}

// brainFor returns the model that reads a text: that of its language, or, for a
// text without letters or in a language without a model, the one that knows most.
func (t *Teacher) brainFor(text string) *brain {
	if b := t.serving(languageOf(text)); b != nil {
		return b
	}
	if languageOf(text) != "" {
		return nil
	}
	var most *brain
	for _, b := range *t.brains.Load() {
		if most == nil || b.book.Report.Samples > most.book.Report.Samples || b.book.Report.Samples == most.book.Report.Samples && b.book.Language < most.book.Language {
			most = b
		}
	}
	return most
}

// mostDoubted is how many articles may fall behind by doubts.
const mostDoubted = 5

// doubt lets what operators rejected for the same words fall behind: each doubt
// halves the probability. What they doubt is not sent without a human.
func (t *Teacher) doubt(r *Ranking, words string) {
	for i := range r.Best {
		x := &r.Best[i]
		if x.Doubts = t.doubts.about(words, x.Article); x.Doubts > 0 {
			r.Sure = r.Sure && i > 0
			x.Probability /= float64(int(1) << min(x.Doubts, 10))
		}
	}
	order(r.Best)
}

// exact brings the articles forward that have the text as a question. One alone
// is sure; of several nobody can be.
func (t *Teacher) exact(r *Ranking, base *articles.Base, words string, may func(string) bool) {
	if words == "" {
		return
	}
	ids := slices.DeleteFunc(t.index.find(base, words), func(id string) bool { return !may(id) })
	if len(ids) == 0 {
		return
	}
	for i := range r.Best {
		r.Best[i].Probability *= 1 - exactly
	}
	r.NoArticle *= 1 - exactly
	for _, id := range ids {
		i := slices.IndexFunc(r.Best, func(x Ranked) bool { return x.Article == id })
		if i < 0 {
			i = len(r.Best)
			r.Best = append(r.Best, Ranked{Article: id, Doubts: t.doubts.about(words, id)})
		}
		r.Best[i].Exact = true
		r.Best[i].Probability = max(r.Best[i].Probability, exactly/float64(len(ids)))
	}
	r.Sure = len(ids) == 1
	order(r.Best)
}

func order(best []Ranked) {
	slices.SortStableFunc(best, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(b.Probability, a.Probability), cmp.Compare(a.Article, b.Article))
	})
}

// Explain says why an article was ranked where it was.
func (t *Teacher) Explain(text, article string, n int) intent.Why {
	b := t.brainFor(text)
	if b == nil {
		return intent.Why{}
	}
	w := b.model.Explain(text, article, n)
	if b.mute {
		w.Nearest = nil
	}
	return w
}
