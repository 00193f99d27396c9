package rest

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"

	"crafttalkd/store/view/surveys"
)

// How far a summary goes. Answers are read from conversations one by one.
const (
	mostCounted = 10_000 // surveys, the latest
	mostApart   = 1_000  // answers of a question that are told apart while they are counted
	mostTold    = 8      // answers of a question that are told
)

// SurveySummary is what customers answered, counted.
type SurveySummary struct {
	Surveys   int               `json:"surveys" doc:"how many were counted"`
	Since     time.Time         `json:"since,omitzero" doc:"those that ended before then are too many, and were not counted; left out if all were"`
	Articles  []SurveyedArticle `json:"articles" doc:"which surveys they were, the most frequent first"`
	Questions []SurveyQuestion  `json:"questions"`
}

// SurveyedArticle is a survey that customers were given.
type SurveyedArticle struct {
	ArticleID string `json:"article_id"`
	Title     string `json:"title"`
	Surveys   int    `json:"surveys"`
}

// SurveyQuestion is what customers answered to one question of one survey.
type SurveyQuestion struct {
	ArticleID string        `json:"article_id"`
	Slot      string        `json:"slot" doc:"its identifier"`
	Name      string        `json:"name"`
	Count     int           `json:"count" doc:"how many answered"`
	Answers   []SurveyCount `json:"answers" doc:"the most frequent first, 9 at most"`
	Others    int           `json:"others" doc:"how many answered something else"`
}

// SurveyCount is how many gave an answer.
type SurveyCount struct {
	Said  string `json:"said"`
	Count int    `json:"count"`
}

// summarizeSurveys counts surveys of conversations within the asker's scope.
func (c *call) summarizeSurveys() (SurveySummary, error) {
	return summary(c.surveys(), mostCounted, func(r surveys.Result) ([]surveys.Answer, error) {
		if err := c.r.Context().Err(); err != nil {
			return nil, err // who asked has gone
		}
		return c.config.Surveys.Answers(r)
	})
}

// summary counts at most so many of the results, which come the latest first.
func summary(all iter.Seq2[surveys.Result, error], most int, answersOf func(surveys.Result) ([]surveys.Answer, error)) (SurveySummary, error) {
	out := SurveySummary{Articles: []SurveyedArticle{}, Questions: []SurveyQuestion{}}
	t := tally{articles: map[string]*SurveyedArticle{}, questions: map[[2]string]*counted{}}
	var last time.Time
	for r, err := range all {
		if err != nil {
			return out, err
		}
		if out.Surveys == most {
			out.Since = last
			break
		}
		answers, err := answersOf(r)
		if err != nil {
			return out, err
		}
		t.add(r, answers)
		out.Surveys++
		last = r.Ended
	}
	for _, a := range t.articles {
		out.Articles = append(out.Articles, *a)
	}
	slices.SortFunc(out.Articles, func(a, z SurveyedArticle) int {
		return cmp.Or(cmp.Compare(z.Surveys, a.Surveys), cmp.Compare(a.ArticleID, z.ArticleID))
	})
	for _, q := range t.inOrder {
		out.Questions = append(out.Questions, q.told())
	}
	return out, nil
}

// A tally counts.
type tally struct {
	articles  map[string]*SurveyedArticle
	questions map[[2]string]*counted // by article and slot
	inOrder   []*counted             // as they were met
}

type counted struct {
	SurveyQuestion
	said map[string]int
}

func (t *tally) add(r surveys.Result, answers []surveys.Answer) {
	a := t.articles[r.Article]
	if a == nil {
		a = &SurveyedArticle{ArticleID: r.Article, Title: r.Title}
		t.articles[r.Article] = a
	}
	a.Surveys++
	for _, n := range answers {
		key := [2]string{r.Article, n.Slot}
		q := t.questions[key]
		if q == nil {
			q = &counted{SurveyQuestion{ArticleID: r.Article, Slot: n.Slot, Name: cmp.Or(n.Name, n.Slot)}, map[string]int{}}
			t.questions[key] = q
			t.inOrder = append(t.inOrder, q)
		}
		q.add(cmp.Or(n.Caption, n.Value))
	}
}

func (q *counted) add(said string) {
	if said == "" {
		return
	}
	q.Count++
	if _, known := q.said[said]; known || len(q.said) < mostApart {
		q.said[said]++
	} else {
		q.Others++
	}
}

// told is the question with the answers that are told. One that is left over is
// told too, for «others» says less.
func (q *counted) told() SurveyQuestion {
	out := q.SurveyQuestion
	out.Answers = []SurveyCount{}
	for _, said := range slices.SortedFunc(maps.Keys(q.said), func(a, z string) int {
		return cmp.Or(cmp.Compare(q.said[z], q.said[a]), cmp.Compare(a, z))
	}) {
		if n := q.said[said]; len(out.Answers) < mostTold || out.Others == 0 && len(q.said) == mostTold+1 {
			out.Answers = append(out.Answers, SurveyCount{said, n})
		} else {
			out.Others += n
		}
	}
	return out
}
