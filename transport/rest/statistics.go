package rest

import (
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/view/history"
)

// statFilter are the parameters by which all calls about statistics choose
// conversations: one that is given several times takes any of its values, and an
// empty value conversations that have none.
var statFilter = []param{
	{name: "from", doc: "when it ended, RFC 3339; four weeks before the end if left out"}, {name: "to", doc: "and before when; now if left out"},
	{name: "bar_from", doc: "a bar of the chart over time: when it begins"}, {name: "bar_to", doc: "and when it ends"},
	{name: "center", doc: "its id; this and what follows may be given several times"}, {name: "kind", doc: "of the channel"}, {name: "account", doc: "its id"},
	{name: "line", doc: "its id"}, {name: "language", doc: "of the conversation"}, {name: "skill", doc: "that it asks for"}, {name: "topic", doc: "its id"},
	{name: "rating", doc: "1 to 5; 0 for none"}, {name: "handling", doc: "automatic, by_operators or unserved"},
	{name: "operator", doc: "who kept it or wrote in it; only what these did is counted"}, {name: "dissatisfied", doc: "yes or no"},
}

// statTable are the parameters of a table that is downloaded.
var statTable = []param{{name: "separator", doc: "of columns: comma or semicolon; comma if left out"}, {name: "lang", doc: "of the headings: en or ru; en if left out"}}

// statRoutes are what supervisors count. Manual: Статистика обращений.
func statRoutes() []*route {
	const all = "/api/v1/statistics"
	view := may(directory.ViewStat)
	with := func(more ...param) []param { return slices.Concat(statFilter, more) }
	return []*route{
		{method: "GET", path: all, summary: "All figures and charts of finished conversations", may: view, verb: answers((*call).statistics),
			params: with(param{name: "step", doc: "of the chart over time: 15m, 30m, 1h or 1d, which is meant if left out"},
				param{name: "zone", doc: "whose days and hours these are, such as Europe/Moscow; UTC if left out"})},
		{method: "GET", path: all + "/figures.csv", summary: "All figures as a table", act: audit.StatisticsShown, may: view, verb: verb{media: "text/csv", serve: (*call).figuresTable},
			params: with(statTable...)},
		{method: "GET", path: all + "/operators", summary: "What each operator did in them, who had most first", may: view, verb: answers((*call).statOperators),
			params: with(rowsOfTable.params()...)},
		{method: "GET", path: all + "/operators.csv", summary: "The same as a table", act: audit.StatisticsShown, may: view, verb: verb{media: "text/csv", serve: (*call).operatorsTable},
			params: with(statTable...)},
		{method: "GET", path: all + "/conversations", summary: "The conversations behind a figure, the latest first", may: view, verb: answers((*call).statConversations),
			params: with(param{name: "figure", doc: "its id; all conversations if left out"}, param{name: "after", doc: "what the last page named as next"},
				conversationsShown.param())},
		{method: "GET", path: all + "/definitions", summary: "What each figure is and how it comes about", may: may(directory.ViewStat, directory.ViewDialogsSearch), verb: remembers((*call).statDefinitions), params: ifNoneMatch},
	}
}

// Statistics is all that is counted of the finished conversations.
type Statistics struct {
	From    time.Time    `json:"from"`
	To      time.Time    `json:"to"`
	Figures []StatFigure `json:"figures" doc:"in the order of their definitions"`
	Charts  StatCharts   `json:"charts" doc:"each shows conversations that pass all of the filter but what is about the chart itself"`
}

// StatFigure is what a figure says.
type StatFigure struct {
	ID    string   `json:"id" doc:"of its definition"`
	Value *float64 `json:"value,omitempty" doc:"in its unit; of an average the mean, left out if it is of nothing"`
	Count int64    `json:"count" doc:"of an average, of how many it is"`
	P50   *float64 `json:"p50,omitempty" doc:"half are not above this"`
	P90   *float64 `json:"p90,omitempty"`
	P99   *float64 `json:"p99,omitempty"`
}

// StatCharts is how the conversations spread.
type StatCharts struct {
	Time      []StatBar `json:"time"`
	Kinds     []StatBar `json:"kinds"`
	Accounts  []StatBar `json:"accounts"`
	Topics    []StatBar `json:"topics"`
	Lines     []StatBar `json:"lines"`
	Languages []StatBar `json:"languages"`
	Ratings   []StatBar `json:"ratings"`
	Handlings []StatBar `json:"handlings"`
}

// StatBar is one sector or bar.
type StatBar struct {
	Value       string    `json:"value" doc:"the id, and what to filter by; empty for conversations that have none"`
	Name        string    `json:"name" doc:"of a line, a topic or an account, if there still is one"`
	Kind        string    `json:"kind,omitempty" doc:"of an account"`
	Begins      time.Time `json:"begins,omitzero"`
	Ends        time.Time `json:"ends,omitzero"`
	Total       int64     `json:"total"`
	Automatic   int64     `json:"automatic"`
	ByOperators int64     `json:"by_operators"`
	Unserved    int64     `json:"unserved"`
}

// StatOperators is a page of what operators did.
type StatOperators struct {
	Items []StatOperator `json:"items"`
	Total int            `json:"total" doc:"operators there are"`
}

// StatOperator is what one operator did.
type StatOperator struct {
	OperatorID    string   `json:"operator_id"`
	Name          string   `json:"name" doc:"empty if there is no such user any more"`
	Conversations int64    `json:"conversations" doc:"that the operator kept or wrote in"`
	Messages      int64    `json:"messages"`
	Pairs         int64    `json:"pairs" doc:"questions that the operator answered"`
	CloseTime     *float64 `json:"close_time,omitempty" doc:"mean seconds"`
	KeptTime      *float64 `json:"kept_time,omitempty" doc:"mean seconds with this operator"`
	ResponseTime  *float64 `json:"response_time,omitempty" doc:"mean seconds"`
	MessageLength *float64 `json:"message_length,omitempty" doc:"mean characters"`
}

// StatConversations is a page of conversations.
type StatConversations struct {
	Items []string `json:"items" doc:"their ids"`
	Next  string   `json:"next" doc:"what to name as after to get the next page; empty for none"`
}

// StatDefinitions is what figures are.
type StatDefinitions struct {
	Everywhere StatText         `json:"everywhere" doc:"what holds for each"`
	Items      []StatDefinition `json:"items"`
}

// StatDefinition is what a figure is.
type StatDefinition struct {
	ID      string   `json:"id"`
	Name    StatText `json:"name"`
	Unit    string   `json:"unit" doc:"conversations, messages, answers, seconds, points or characters"`
	Average bool     `json:"average" doc:"it is a mean; others count"`
	Formula StatText `json:"formula"`
	Edges   StatText `json:"edges" doc:"what happens at the edges"`
}

// StatText is something in both languages.
type StatText struct {
	En string `json:"en"`
	Ru string `json:"ru"`
}

// statQuestion is what the query asks. It counts what the asker may see.
func (c *call) statQuestion() (q figures.Question, err error) {
	q = figures.Question{Sees: c.sees, Zone: time.UTC}
	if q.Filter, err = c.sharedFilter("handling"); err != nil {
		return q, err
	}
	q.Filter.Counted = new(true)
	for _, read := range []func(*figures.Question) error{c.statPeriod, c.statStep} {
		if err := read(&q); err != nil {
			return q, err
		}
	}
	return q, nil
}

func (c *call) statPeriod(q *figures.Question) (err error) {
	f := &q.Filter
	for name, to := range map[string]*time.Time{"from": &f.Closed.From, "to": &f.Closed.To, "bar_from": &f.Bar.From, "bar_to": &f.Bar.To} {
		if *to, err = c.moment(name); err != nil {
			return err
		}
	}
	if f.Closed.To.IsZero() {
		f.Closed.To = c.config.System.Now()
	}
	if f.Closed.From.IsZero() {
		f.Closed.From = f.Closed.To.AddDate(0, 0, -28)
	}
	if !f.Closed.From.Before(f.Closed.To) {
		return refusal.Of("to", "the period ends before it begins")
	}
	return nil
}

func (c *call) statStep(q *figures.Question) error {
	query := c.r.URL.Query()
	step, ok := figures.Steps[query.Get("step")]
	if !ok && query.Has("step") {
		return refusal.Of("step", "a step is one of 15m, 30m, 1h, 1d")
	}
	q.Step = step
	name := query.Get("zone")
	if name == "" {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || strings.EqualFold(name, "local") {
		return refusal.Of("zone", "there is no time zone %q", name)
	}
	q.Zone = zone
	return nil
}

func (c *call) statistics() (out Statistics, err error) {
	q, err := c.statQuestion()
	if err != nil {
		return out, err
	}
	if q.Step == 0 {
		q.Step = figures.Steps["1d"]
	}
	a, err := c.config.History.Count(q)
	if err != nil {
		return out, err
	}
	out = Statistics{From: q.Filter.Closed.From, To: q.Filter.Closed.To}
	for i, d := range figures.Definitions() {
		out.Figures = append(out.Figures, statFigure(d, a.Figures[i].Value))
	}
	d := c.directory()
	none := func(string) string { return "" }
	line := func(id string) string { return d.Line(id).GetName() }
	account := func(id string) string { return d.Account(id).GetName() }
	topic := func(id string) string { return d.Topics[id].Value.GetName() }
	bars := func(of figures.Dimension, name func(string) string) []StatBar { return statBars(a.Charts[of], name) }
	out.Charts = StatCharts{Time: bars(figures.Time, none), Kinds: bars(figures.Channel, none), Accounts: bars(figures.Account, account),
		Topics: bars(figures.Topic, topic), Lines: bars(figures.Line, line), Languages: bars(figures.Language, none),
		Ratings: bars(figures.Rating, none), Handlings: bars(figures.Way, none)}
	return out, nil
}

func statFigure(d figures.Definition, v figures.Value) StatFigure {
	out := StatFigure{ID: d.ID, Count: v.Count, Value: new(float64(v.Count))}
	if d.Average {
		out.Value = mean(v)
	}
	if s := v.Spread; s != nil && d.Average {
		out.P50, out.P90, out.P99 = new(units(s.P50)), new(units(s.P90)), new(units(s.P99))
	}
	return out
}

// mean is the mean in units; nil of nothing.
func mean(v figures.Value) *float64 {
	n, ok := v.Mean()
	if !ok {
		return nil
	}
	return new(units(n))
}

func units(thousandths int64) float64 { return float64(thousandths) / 1000 }

func statBars(bars []figures.Bar, name func(string) string) []StatBar {
	out := []StatBar{}
	for _, b := range bars {
		out = append(out, StatBar{Value: b.Key, Name: name(b.Key), Kind: b.Of, Begins: b.Begins, Ends: b.Ends, Total: b.Total(),
			Automatic: b.Automatic, ByOperators: b.ByOperators, Unserved: b.Unserved})
	}
	return out
}

// operatorRows are what all operators did.
func (c *call) operatorRows() ([]StatOperator, error) {
	q, err := c.statQuestion()
	if err != nil {
		return nil, err
	}
	q.Step = 0
	a, err := c.config.History.Count(q)
	if err != nil {
		return nil, err
	}
	out, d := make([]StatOperator, 0, len(a.Operators)), c.directory()
	for _, o := range a.Operators {
		u := d.User(o.Operator)
		out = append(out, StatOperator{OperatorID: o.Operator, Name: strings.TrimSpace(u.GetFirstName() + " " + u.GetLastName()), Conversations: o.Conversations,
			Messages: o.Messages, Pairs: o.Pairs, CloseTime: mean(o.Close), KeptTime: mean(o.Kept), ResponseTime: mean(o.Response), MessageLength: mean(o.Length)})
	}
	return out, nil
}

func (c *call) statOperators() (StatOperators, error) {
	rows, err := c.operatorRows()
	if err != nil {
		return StatOperators{}, err
	}
	limit, offset, err := c.window(rowsOfTable)
	return StatOperators{rows[min(offset, len(rows)):min(offset+limit, len(rows))], len(rows)}, err
}

func (c *call) statConversations() (StatConversations, error) {
	out := StatConversations{Items: []string{}}
	q, err := c.statQuestion()
	if err != nil {
		return out, err
	}
	limit, err := c.limit(conversationsShown)
	if err != nil {
		return out, err
	}
	query := c.r.URL.Query()
	ids, next, err := c.config.History.IDs(history.Question{Filter: q.Filter, Figure: query.Get("figure"), After: query.Get("after"), Limit: limit, Sees: q.Sees})
	out.Items, out.Next = append(out.Items, ids...), next
	return out, err
}

func (c *call) statDefinitions() (StatDefinitions, error) {
	out := StatDefinitions{Everywhere: StatText(figures.Everywhere())}
	for _, d := range figures.Definitions() {
		out.Items = append(out.Items, StatDefinition{ID: d.ID, Name: StatText(d.Name), Unit: string(d.Unit), Average: d.Average,
			Formula: StatText(d.Formula), Edges: StatText(d.Edges)})
	}
	return out, nil
}
