package rest

import (
	"slices"

	"crafttalkd/actors/bot/intent"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/teacher"
)

// BotReport is how well the bot knows one language.
type BotReport struct {
	Model     *BotModel     `json:"model"`
	Before    *BotModel     `json:"before,omitempty" doc:"the model before it"`
	Figures   BotFigures    `json:"figures"`
	Earlier   *BotFigures   `json:"earlier,omitempty" doc:"the figures of the model before"`
	Bins      []BotBin      `json:"bins" doc:"what the probability that is shown is worth"`
	Curve     []BotPoint    `json:"curve" doc:"how it gets better with examples"`
	Confused  []BotConfused `json:"confused" doc:"articles that are taken for others, the most frequent first"`
	Week      BotWeek       `json:"week"`
	Articles  []BotArticle  `json:"articles" doc:"those with the fewest examples first"`
	Unmet     []BotUnmet    `json:"unmet" doc:"what customers ask often and no article answers"`
	Conflicts []BotConflict `json:"conflicts" doc:"phrases that were given several articles"`
}

// BotWeek is how operators took what the assistant showed in seven days.
type BotWeek struct {
	Choices  int   `json:"choices" doc:"answers given with an article"`
	Offered  int   `json:"offered" doc:"of those, while the assistant showed something"`
	Accepted int   `json:"accepted" doc:"and one of what it showed was taken"`
	Ranks    []int `json:"ranks" doc:"how often the first was taken, the second, and so on; the last counts those behind too"`
	Edited   int   `json:"edited" doc:"changed before sending"`
	Rejected int   `json:"rejected" doc:"articles that were said not to answer"`
}

// BotArticle is how well the bot knows one article.
type BotArticle struct {
	ArticleID  string  `json:"article_id"`
	Identifier string  `json:"identifier"`
	Title      string  `json:"title"`
	Examples   int     `json:"examples" doc:"questions, choices and labels"`
	Few        bool    `json:"few" doc:"fewer than 5: it can hardly be told from others"`
	Trials     int     `json:"trials" doc:"of its examples, when the model was made"`
	Recall     float64 `json:"recall" doc:"of those, found"`
	Precision  float64 `json:"precision" doc:"of trials for which it was ranked first, its own"`
}

// BotFigures are what trials showed when a model was made: examples that were
// asked about while they were not known.
type BotFigures struct {
	Trials        int     `json:"trials" doc:"with an article"`
	Top1          float64 `json:"top1" doc:"the right article was the first"`
	Top3          float64 `json:"top3" doc:"or among three"`
	Top5          float64 `json:"top5" doc:"or among five"`
	Error         float64 `json:"error" doc:"how far the probability that is shown is from the truth, on average"`
	Automatic     bool    `json:"automatic" doc:"the bot may answer by itself when it is sure"`
	Coverage      float64 `json:"coverage" doc:"the part that it is sure of"`
	Precision     float64 `json:"precision" doc:"of that, right"`
	Missing       int     `json:"missing" doc:"about how many more examples it takes to be sure of anything; 0 if it is, or if more like these would not help"`
	TrialsWithout int     `json:"trials_without" doc:"that no article answers"`
	NoneRecall    float64 `json:"none_recall" doc:"of those, found out"`
}

// BotBin is the trials that were shown about the same probability.
type BotBin struct {
	Shown float64 `json:"shown" doc:"on average"`
	Right float64 `json:"right" doc:"the part that was"`
	Count int     `json:"count"`
}

// BotPoint is a point of the learning curve.
type BotPoint struct {
	Examples int     `json:"examples"`
	Right    float64 `json:"right" doc:"the part of the trials"`
}

// BotConfused is an article that was taken for another.
type BotConfused struct {
	ArticleID string `json:"article_id"`
	TakenFor  string `json:"taken_for" doc:"id of an article; empty: for none"`
	Count     int    `json:"count"`
}

// BotUnmet is a group of messages that say about the same.
type BotUnmet struct {
	Texts         []string `json:"texts"`
	Conversations int      `json:"conversations"`
}

// BotConflict is a phrase that was given several articles.
type BotConflict struct {
	Text     string   `json:"text"`
	Articles []string `json:"articles" doc:"their ids, the one that counts first; an empty one says that none answers"`
}

// fewExamples is how many an article should have at the least.
const fewExamples = 5

func (c *call) botReport() (BotReport, error) {
	out := BotReport{Articles: []BotArticle{}, Unmet: []BotUnmet{}, Conflicts: []BotConflict{}, Bins: []BotBin{}, Curve: []BotPoint{}, Confused: []BotConfused{}}
	t, err := c.teacher()
	if err != nil {
		return out, err
	}
	language, err := c.botLanguage(t)
	if err != nil {
		return out, err
	}
	r, ok, err := t.Review(language)
	if err == nil && !ok {
		err = refusal.New(refusal.NotFound, "the bot has learnt nothing in the language %q yet", language)
	}
	if err != nil {
		return out, err
	}
	w, err := t.Week()
	if err != nil {
		return out, err
	}
	out.Model, out.Figures = botModel(r.Book, true), botFigures(r.Book.Report)
	if r.Before != nil {
		earlier := botFigures(r.Before.Report)
		out.Before, out.Earlier = botModel(r.Before, false), &earlier
	}
	out.show(r.Book.Report)
	out.Week = BotWeek{w.Choices, w.Offered, w.Accepted, w.Ranks[:], w.Edited, w.Rejected}
	out.Articles = c.botArticles(r)
	for _, u := range r.Book.Unmet {
		out.Unmet = append(out.Unmet, BotUnmet{u.Texts, u.Count})
	}
	return out, nil
}

func botFigures(r intent.Report) BotFigures {
	return BotFigures{Trials: r.Trials, Top1: r.Top1, Top3: r.Top3, Top5: r.Top5, Error: r.Error, Automatic: r.Coverage > 0, Coverage: r.Coverage,
		Precision: r.Precision, Missing: r.Missing, TrialsWithout: r.TrialsWithout, NoneRecall: r.NoneRecall}
}

// show brings in what a training says of itself.
func (out *BotReport) show(r intent.Report) {
	for _, b := range r.Reliability {
		out.Bins = append(out.Bins, BotBin{b.Shown, b.Right, b.Count})
	}
	for _, p := range r.Curve {
		out.Curve = append(out.Curve, BotPoint{p.Samples, p.Right})
	}
	for _, x := range r.Confused {
		out.Confused = append(out.Confused, BotConfused{x.Article, x.TakenFor, x.Count})
	}
	for _, x := range r.Contradictions {
		out.Conflicts = append(out.Conflicts, BotConflict{x.Text, x.Articles})
	}
}

// botLanguage is the language that is asked about: the one with the most
// examples, if none is named.
func (c *call) botLanguage(t Teacher) (string, error) {
	if language := c.r.URL.Query().Get("language"); language != "" {
		return language, nil
	}
	best, most := "", -1
	for _, l := range t.State().Languages {
		if l.Book != nil && l.Book.Report.Samples > most {
			best, most = l.Language, l.Book.Report.Samples
		}
	}
	if most < 0 {
		return "", refusal.New(refusal.NotFound, "the bot has learnt nothing yet")
	}
	return best, nil
}

// botArticles are all articles, those with the fewest examples first.
func (c *call) botArticles(r teacher.Review) []BotArticle {
	tried := map[string]intent.ArticleReport{}
	for _, x := range r.Book.Report.ByArticle {
		tried[x.Article] = x
	}
	out := []BotArticle{}
	for _, a := range c.knowledge().Articles() {
		n, x := r.Examples[a.ArticleId], tried[a.ArticleId]
		out = append(out, BotArticle{a.ArticleId, a.Identifier, a.Title, n, n < fewExamples, x.Trials, x.Recall, x.Precision})
	}
	slices.SortStableFunc(out, func(a, b BotArticle) int { return a.Examples - b.Examples })
	return out
}
