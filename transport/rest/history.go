package rest

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/search/talk"
	"crafttalkd/store/view/customers"
	"crafttalkd/store/view/history"
)

// historyParams choose finished conversations. Those that may be named more than
// once take what has any of the values; an empty value stands for none.
var historyParams = []param{
	{name: "text", doc: `what was said, or noted: words in any form, "phrases" as they are, -words that were not said`},
	{name: "customer", doc: "the beginnings of words of the customer's name, phone, e-mail or contract; the latest 50 customers are meant"},
	{name: "customer_id", doc: "the customer"},
	{name: "from", doc: "RFC 3339; the beginning of the day a month ago if both ends are left out"}, {name: "to", doc: "and until when"},
	{name: "by", doc: "what these are about: opened, which is meant if left out, or closed"},
	{name: "date", doc: "a day such as 2026-11-23: only what was opened on it"},
	{name: "zone", doc: "of the days, such as Europe/Moscow; UTC if left out"},
	{name: "status", doc: "finished or reviewed; both if left out"},
	{name: "counted", doc: "yes for what statistics count, no for what they do not: conversations of test customers, and those that became a part of another one; both if left out"},
	{name: "figure", doc: "of statistics, its id: only the conversations that it is made of"}, {name: "dissatisfied", doc: "yes or no; both, and what nobody said, if left out"},
	{name: "handled", doc: "automatic, by_operators or unserved; may be named more than once, as all that follow"},
	{name: "operator", doc: "who wrote in it or kept it; with a figure, only what these did makes it"}, {name: "rating", doc: "1 to 5, or 0 for none"},
	{name: "center", doc: "its id"}, {name: "line", doc: "its id"}, {name: "account", doc: "its id"}, {name: "kind", doc: "of the channel"},
	{name: "topic", doc: "its id"}, {name: "language", doc: "of the conversation"}, {name: "skill", doc: "that it asks for"},
}

// historyRoutes are the search of history. Manual: Поиск по истории обращений.
func historyRoutes() []*route {
	const path = "/api/v1/history"
	look := may(directory.ViewDialogsSearch)
	paged := append(slices.Clone(historyParams), param{name: "after", doc: "what the last page named as next"},
		conversationsShown.param())
	return []*route{
		{method: "GET", path: path, summary: "Finished conversations, the latest opened first", may: look, verb: answers((*call).listHistory), params: paged},
		{method: "GET", path: path + "/days", summary: "On which days those conversations were opened, and how many", may: look,
			verb: answers((*call).historyDays), params: historyParams},
		{method: "GET", path: path + "/export", summary: "All of those conversations with what was said, as text, or for Accept: application/x-ndjson one a line", act: audit.HistoryExported, may: look,
			verb:   verb{media: "*/*", serve: (*call).exportHistory},
			params: append(slices.Clone(historyParams), param{name: "lang", doc: "of the text: ru, which is meant if left out, or en"})},
		{method: "GET", path: "/api/v1/conversations/:id/text", summary: "One conversation with what was said, as text", may: signedIn,
			verb: verb{media: "*/*", serve: (*call).conversationText}, params: []param{{name: "lang", doc: "ru, which is meant if left out, or en"}, {name: "zone", doc: "of the times; UTC if left out"}}},
	}
}

// HistoryPage is some finished conversations.
type HistoryPage struct {
	Items []HistoryItem `json:"items"`
	Next  string        `json:"next" doc:"what to name as after to get the next page; empty for none"`
}

// HistoryItem is a finished conversation in a list.
type HistoryItem struct {
	ConversationID string                  `json:"conversation_id"`
	CustomerID     string                  `json:"customer_id"`
	CustomerName   string                  `json:"customer_name"`
	AccountID      string                  `json:"account_id"`
	Kind           string                  `json:"kind" doc:"of the channel"`
	CenterID       string                  `json:"center_id"`
	Routing        Message[*event.Routing] `json:"routing"`
	Test           bool                    `json:"test"`
	Operators      []string                `json:"operators" doc:"who kept it or wrote in it, in order"`
	OperatorID     string                  `json:"operator_id" doc:"who kept it last, or"`
	AgentID        string                  `json:"agent_id"`
	Handled        string                  `json:"handled" doc:"automatic, by_operators or unserved"`
	TopicID        string                  `json:"topic_id"`
	Rating         int32                   `json:"rating" doc:"1 to 5; 0 for none"`
	Dissatisfied   *bool                   `json:"dissatisfied,omitempty"`
	Date           string                  `json:"date" doc:"on which it was opened, in the zone that was asked for"`
	OpenedAt       time.Time               `json:"opened_at"`
	ClosedAt       time.Time               `json:"closed_at"`
	Cause          string                  `json:"cause" doc:"why it was closed"`
	Status         string                  `json:"status" doc:"finished or reviewed"`
	Fragment       []KBPiece               `json:"fragment" doc:"of what was said, with the words that were looked for; nothing if none were"`
	MessageID      string                  `json:"message_id" doc:"of the fragment; empty for what has none"`
	Forgotten      *Forgotten              `json:"forgotten,omitempty" doc:"its words and files are gone, as the time for which they are kept was over"`
}

// HistoryDays is how many conversations there are on each day.
type HistoryDays struct {
	Days  []HistoryDay `json:"days" doc:"the latest first; days without any are left out"`
	Total int          `json:"total"`
}

// HistoryDay is a day on which conversations were opened.
type HistoryDay struct {
	Date  string `json:"date"`
	Count int    `json:"count"`
}

// A sought is a question about history.
type sought struct {
	history.Question
	words talk.Words
	zone  *time.Location
	of    []string // the conversations that are meant; nil for all
	all   bool     // of is nil because nobody asked for customers
}

// The states of what has ended, as history names them.
const (
	statusFinished = "finished"
	statusReviewed = "reviewed"
)

// soughtHistory reads a question about history.
func (c *call) soughtHistory() (s sought, err error) {
	query := c.r.URL.Query()
	if s.words, err = talk.Parse(query.Get("text")); err != nil {
		return s, err
	}
	if s.zone, err = c.zone(); err != nil {
		return s, err
	}
	s.Question = history.Question{Order: figures.ByOpened, After: query.Get("after"), Figure: query.Get("figure"), Sees: c.sees}
	if s.Figure != "" && figures.Defined(s.Figure) == nil {
		return s, refusal.Of("figure", "there is no figure %q", s.Figure)
	}
	if s.Filter, err = c.historyFilter(s.zone); err != nil {
		return s, err
	}
	return s, c.meantCustomers(&s)
}

// zone is the time zone that days are meant in.
func (c *call) zone() (*time.Location, error) {
	name := cmp.Or(c.r.URL.Query().Get("zone"), "UTC")
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, refusal.Of("zone", "there is no time zone %q", name)
	}
	return zone, nil
}

func (c *call) historyFilter(zone *time.Location) (f figures.Filter, err error) {
	query := c.r.URL.Query()
	if f, err = c.sharedFilter("handled"); err != nil {
		return f, err
	}
	span, err := c.historySpan(zone)
	switch by := query.Get("by"); {
	case err != nil:
		return f, err
	case by == "" || by == "opened":
		f.Opened = span
	case by == "closed":
		f.Closed = span
	default:
		return f, refusal.Of("by", "this is one of opened, closed")
	}
	if date := query.Get("date"); date != "" {
		day, err := time.ParseInLocation(time.DateOnly, date, zone)
		if err != nil {
			return f, refusal.Of("date", "a day is written like 2026-11-23")
		}
		f.Opened = f.Opened.And(figures.Span{From: day, To: day.AddDate(0, 0, 1)})
	}
	switch query.Get("status") {
	case "":
	case statusFinished:
		f.Reviewed = new(false)
	case statusReviewed:
		f.Reviewed = new(true)
	default:
		return f, refusal.Of("status", "this is one of finished, reviewed")
	}
	f.Counted, err = c.yes("counted")
	return f, err
}

// historySpan is the time that is asked about: the last month, if nothing is
// said.
func (c *call) historySpan(zone *time.Location) (s figures.Span, err error) {
	if s.From, err = c.moment("from"); err != nil {
		return s, err
	}
	if s.To, err = c.moment("to"); err != nil {
		return s, err
	}
	if s.From.IsZero() && s.To.IsZero() {
		now := c.config.System.Now().In(zone)
		s.From = time.Date(now.Year(), now.Month()-1, now.Day(), 0, 0, 0, 0, zone)
	}
	return s, nil
}

// meantCustomers finds the conversations of the customers that are asked for.
func (c *call) meantCustomers(s *sought) error {
	query := c.r.URL.Query()
	name, id := query.Get("customer"), query.Get("customer_id")
	if s.all = name == "" && id == ""; s.all {
		return nil
	}
	var ids []string
	if id != "" {
		ids = append(ids, id)
	} else {
		found, err := c.config.Customers.Search(customers.Question{Text: name, Limit: 50, User: c.by(), Sees: c.sees})
		if e, ok := err.(*refusal.Error); ok && e.Field == "query" {
			return refusal.Of("customer", "%s", e.Error())
		}
		if err != nil {
			return err
		}
		for _, f := range found {
			ids = append(ids, f.ID)
		}
	}
	return c.addConversations(s, ids)
}

// addConversations adds the conversations of customers, and of those who are
// part of them.
func (c *call) addConversations(s *sought, ids []string) error {
	for i := 0; i < len(ids); i++ {
		had, err := look(c, event.CustomerStream+ids[i], func(s customer.State) [2][]string {
			return [2][]string{slices.Clone(s.Conversations), slices.Clone(s.Absorbed)}
		})
		if err != nil {
			return err
		}
		s.of = append(s.of, had[0]...)
		for _, part := range had[1] {
			if !slices.Contains(ids, part) {
				ids = append(ids, part)
			}
		}
	}
	slices.Sort(s.of)
	s.of = slices.Compact(s.of)
	return nil
}

// history yields where the conversations are that a question finds and the asker
// may see, the latest first. Who has enough stops, and nothing more is looked at.
func (c *call) history(ctx context.Context, s sought) (iter.Seq2[history.Spot, error], error) {
	spots, err := c.config.History.Walk(s.Question)
	if err == nil && !s.all {
		spots, err = c.historyOf(s)
	}
	if err == nil && !s.words.None() {
		err = c.config.Talk.Ready()
	}
	if err != nil {
		return nil, err
	}
	return talk.Among(ctx, c.config.Talk, s.words, spots, func(x history.Spot) (string, time.Time) {
		if s.Order == figures.ByOpened {
			return x.ID, x.At
		}
		f, _, _ := c.config.History.Get(x.ID) // one that can't be read is not found
		return x.ID, f.Opened
	}), nil
}

// historyOf yields of the named conversations those that the question takes.
func (c *call) historyOf(s sought) (iter.Seq[history.Spot], error) {
	found, err := c.config.History.Pick(s.of, s.Question)
	if err != nil {
		return nil, err
	}
	var out []history.Spot
	for _, f := range found {
		out = append(out, history.Spot{ID: f.ID, At: f.Opened})
	}
	before := func(a, b history.Spot) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(a.ID, b.ID)) }
	slices.SortFunc(out, before)
	if s.After != "" {
		last, err := history.ParseSpot(s.After)
		if err != nil {
			return nil, err
		}
		out = slices.DeleteFunc(out, func(x history.Spot) bool { return before(x, last) <= 0 })
	}
	return slices.Values(out), nil
}

func (c *call) listHistory() (HistoryPage, error) {
	out := HistoryPage{Items: []HistoryItem{}}
	s, err := c.soughtHistory()
	if err != nil {
		return out, err
	}
	limit, err := c.limit(conversationsShown)
	if err != nil {
		return out, err
	}
	found, err := c.history(c.r.Context(), s)
	if err != nil {
		return out, err
	}
	var last history.Spot
	for spot, err := range found {
		if err != nil {
			return out, err
		}
		if len(out.Items) == limit {
			out.Next = last.String()
			break
		}
		item, ok, err := c.historyItem(spot, s)
		if err != nil {
			return out, err
		}
		if last = spot; ok {
			out.Items = append(out.Items, item)
		}
	}
	return out, nil
}

// historyItem shows a conversation; false if it is not there any more, or not for
// the asker.
func (c *call) historyItem(spot history.Spot, s sought) (HistoryItem, bool, error) {
	f, ok, err := c.config.History.Get(spot.ID)
	if err != nil || !ok || !c.sees(f.Center, f.Routing()) {
		return HistoryItem{}, false, err
	}
	operator, agent := f.Keeper()
	out := HistoryItem{ConversationID: f.ID, CustomerID: f.Customer, AccountID: f.Account, Kind: f.Kind, CenterID: f.Center,
		Routing: Message[*event.Routing]{f.Routing()}, Test: f.Test, Operators: []string{}, OperatorID: operator, AgentID: agent,
		Handled: f.Handling().String(), TopicID: f.Topic, Rating: f.Rating, Dissatisfied: f.Dissatisfied,
		Date: f.Opened.In(s.zone).Format(time.DateOnly), OpenedAt: f.Opened, ClosedAt: f.Closed, Cause: f.Cause.String(), Status: statusFinished, Fragment: []KBPiece{}}
	if !f.Reviewed.IsZero() {
		out.Status = statusReviewed
	}
	if gone := f.Forgotten; !gone.At.IsZero() {
		out.Forgotten = &Forgotten{gone.At, gone.Days, gone.Messages, gone.Files}
	}
	for _, w := range f.Works {
		out.Operators = append(out.Operators, w.Operator)
	}
	if s.words.None() {
		out.CustomerName = c.customerName(f.ID)
		return out, true, nil
	}
	speech := talk.Speech{}
	for e, err := range c.config.System.Journal().Durable(event.ConversationStream+f.ID, 0) {
		if err != nil {
			return out, false, err
		}
		if o, ok := e.Event.(*event.ConversationOpened); ok {
			out.CustomerName = o.CustomerName
		}
		speech.Apply(e.Event)
	}
	if line, shown, ok := s.words.Fragment(speech.Lines); ok {
		out.Fragment, out.MessageID = pieces(shown), line.Message
	}
	return out, true, nil
}

func (c *call) historyDays() (HistoryDays, error) {
	out := HistoryDays{Days: []HistoryDay{}}
	s, err := c.soughtHistory()
	if err != nil {
		return out, err
	}
	found, err := c.history(c.r.Context(), s)
	if err != nil {
		return out, err
	}
	for spot, err := range found {
		if err != nil {
			return out, err
		}
		date := spot.At.In(s.zone).Format(time.DateOnly)
		if n := len(out.Days); n == 0 || out.Days[n-1].Date != date {
			out.Days = append(out.Days, HistoryDay{Date: date})
		}
		out.Days[len(out.Days)-1].Count++
		out.Total++
	}
	return out, nil
}
