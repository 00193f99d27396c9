package rest

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/view/surveys"
)

// Surveys are those that have ended.
type Surveys interface {
	Between(from, until time.Time) iter.Seq2[surveys.Result, error]
	Answers(surveys.Result) ([]surveys.Answer, error)
	Earliest() (time.Time, error)
}

// surveyRoutes are what customers answered. Manual: Опросы.
func surveyRoutes() []*route {
	view := may(directory.ViewStat, directory.ViewDialogsSearch, directory.ModifyKnowledgebase)
	which := []param{{name: "article_id", doc: "of which survey"}, {name: "from", doc: "when it ended, RFC 3339; a month ago if left out"},
		{name: "until", doc: "and before when; now if left out"}}
	return []*route{
		{method: "GET", path: "/api/v1/surveys", summary: "Surveys that have ended, the latest first", may: view, verb: answers((*call).listSurveys),
			params: append(slices.Clone(which), surveysShown.param())},
		{method: "GET", path: "/api/v1/surveys/summary", summary: "What customers answered in them, counted", may: view, verb: answers((*call).summarizeSurveys), params: which},
		{method: "GET", path: "/api/v1/surveys/export", summary: "The same as a table, a column for each slot", act: audit.SurveysExported, may: view,
			verb: verb{media: "text/csv", serve: (*call).exportSurveys}, params: append(slices.Clone(which),
				param{name: "separator", doc: "of columns: comma or semicolon; comma if left out"})},
	}
}

// SurveyPage is some surveys, and where the next ones begin.
type SurveyPage struct {
	Items []SurveyResult `json:"items"`
	Next  time.Time      `json:"next,omitzero" doc:"ask for the surveys until then; left out if these are all"`
}

// SurveyResult is one survey that has ended.
type SurveyResult struct {
	ConversationID string         `json:"conversation_id"`
	SurveyID       string         `json:"survey_id"`
	ArticleID      string         `json:"article_id"`
	Title          string         `json:"title"`
	Outcome        string         `json:"outcome" doc:"completed, abandoned, cancelled or replaced"`
	OperatorID     string         `json:"operator_id" doc:"who gave it, or"`
	AgentID        string         `json:"agent_id"`
	Test           bool           `json:"test"`
	BegunAt        time.Time      `json:"begun_at"`
	EndedAt        time.Time      `json:"ended_at"`
	Answers        []SurveyAnswer `json:"answers" doc:"one for each slot, in order"`
}

// SurveyAnswer is what the customer answered.
type SurveyAnswer struct {
	Slot      string `json:"slot" doc:"its identifier"`
	Name      string `json:"name"`
	Value     string `json:"value" doc:"empty if it was never said, or the customer was erased"`
	Caption   string `json:"caption" doc:"what people read for it"`
	Inferred  bool   `json:"inferred" doc:"found in what the customer wrote, not asked"`
	Confirmed bool   `json:"confirmed" doc:"known before, and the customer said yes"`
	Mistakes  int    `json:"mistakes" doc:"inputs that did not fit"`
}

func outcome(o event.SurveyOutcome) string {
	return strings.ToLower(strings.TrimPrefix(o.String(), "SURVEY_"))
}

// listSurveys shows surveys of conversations within the asker's scope.
func (c *call) listSurveys() (SurveyPage, error) {
	page := SurveyPage{Items: []SurveyResult{}}
	limit, err := c.limit(surveysShown)
	if err != nil {
		return page, err
	}
	for r, err := range c.surveys() {
		if err != nil {
			return page, err
		}
		if len(page.Items) == limit {
			page.Next = page.Items[limit-1].EndedAt
			break
		}
		shown, err := c.surveyResult(r)
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, shown)
	}
	return page, nil
}

// surveys yields those that were asked for and the asker may see.
func (c *call) surveys() iter.Seq2[surveys.Result, error] {
	return func(yield func(surveys.Result, error) bool) {
		q := c.r.URL.Query()
		now := c.config.System.Now()
		until, err := moment(q.Get("until"), "until", now)
		if err != nil {
			yield(surveys.Result{}, err)
			return
		}
		from, err := moment(q.Get("from"), "from", until.AddDate(0, -1, 0))
		if err == nil {
			from, err = c.sinceFirst(from)
		}
		if err != nil {
			yield(surveys.Result{}, err)
			return
		}
		article := q.Get("article_id")
		for r, err := range c.config.Surveys.Between(from, until) {
			if err != nil || (article == "" || r.Article == article) && c.sees(r.Center, r.Routing) {
				if !yield(r, err) {
					return
				}
			}
		}
	}
}

// sinceFirst moves a moment on to the first survey there is: nobody looks through
// the days before it.
func (c *call) sinceFirst(from time.Time) (time.Time, error) {
	first, err := c.config.Surveys.Earliest()
	if first.After(from) {
		from = first
	}
	return from, err
}

// moment reads a time of the query.
func moment(text, name string, otherwise time.Time) (time.Time, error) {
	if text == "" {
		return otherwise, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return otherwise, refusal.Of(name, "a time is written like 2026-12-31T23:59:00Z")
	}
	return t, nil
}

func (c *call) surveyResult(r surveys.Result) (SurveyResult, error) {
	out := SurveyResult{ConversationID: r.Conversation, SurveyID: r.Survey, ArticleID: r.Article, Title: r.Title, Outcome: outcome(r.Outcome),
		OperatorID: r.Operator, AgentID: r.Agent, Test: r.Test, BegunAt: r.Begun, EndedAt: r.Ended, Answers: []SurveyAnswer{}}
	answers, err := c.config.Surveys.Answers(r)
	for _, a := range answers {
		out.Answers = append(out.Answers, SurveyAnswer(a))
	}
	return out, err
}

// exportSurveys writes a table as it reads it. Of several articles it has the
// columns of all.
func (c *call) exportSurveys() error {
	comma, err := c.separator()
	if err != nil {
		return err
	}
	var slots []string
	for r, err := range c.surveys() {
		if err != nil {
			return err
		}
		for _, s := range r.Slots {
			if !slices.Contains(slots, s) {
				slots = append(slots, s)
			}
		}
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="surveys.csv"`)
	c.w.WriteHeader(http.StatusOK)
	if err := c.tabulate(slots, comma); err != nil {
		c.config.Log.Error("surveys: the table broke off", "err", err)
		panic(http.ErrAbortHandler) // half a table must not look like a whole one
	}
	return nil
}

// byteOrder tells spreadsheets that a table is UTF-8.
const byteOrder = "\ufeff"

func (c *call) tabulate(slots []string, comma rune) error {
	if _, err := c.w.Write([]byte(byteOrder)); err != nil {
		return err
	}
	w := csv.NewWriter(c.w)
	w.Comma = comma
	head := []string{"ended", "begun", "conversation", "article", "title", "outcome", "given_by", "test"}
	if err := w.Write(append(head, slots...)); err != nil {
		return err
	}
	for r, err := range c.surveys() {
		if err != nil {
			return err
		}
		answers, err := c.config.Surveys.Answers(r)
		if err != nil {
			return err
		}
		line := []string{r.Ended.Format(time.RFC3339), r.Begun.Format(time.RFC3339), r.Conversation, r.Article, plain(r.Title), outcome(r.Outcome),
			cmp.Or(r.Operator, r.Agent), fmt.Sprint(r.Test)}
		line = append(line, make([]string, len(slots))...)
		for _, a := range answers {
			if i := slices.Index(slots, a.Slot); i >= 0 {
				line[len(head)+i] = plain(cmp.Or(a.Caption, a.Value))
			}
		}
		if err := w.Write(line); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// plain keeps a spreadsheet from taking what somebody wrote for a formula.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
