package rest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
)

// Presence knows when operators were in which status.
type Presence interface {
	Times(period figures.Span, now time.Time) (map[string]map[figures.Status]time.Duration, error)
	Stays(operator string, period figures.Span, now time.Time) ([]figures.Stay, error)
}

// presenceRoutes are the time in each status. Manual: «Статусы операторов».
func presenceRoutes() []*route {
	const path = "/api/v1/statistics/presence"
	view := may(directory.ViewStat)
	with := func(more ...param) []param {
		return slices.Concat([]param{statFilter[0], statFilter[1], {name: "operator", doc: "only these; may be given several times"}}, more)
	}
	return []*route{
		{method: "GET", path: path, summary: "How long operators were in each status", may: view, verb: answers((*call).presence),
			params: with(rowsOfTable.params()...)},
		{method: "GET", path: path + ".csv", summary: "The same as a table", act: audit.StatisticsShown, may: view, verb: verb{media: "text/csv", serve: (*call).presenceTable},
			params: with(statTable...)},
		{method: "GET", path: path + "/:id", summary: "When one operator was in which status", may: view, verb: answers((*call).presenceOf),
			params: statFilter[:2]},
	}
}

// StatPresence is a page of the time in each status.
type StatPresence struct {
	Items []StatTimes `json:"items"`
	Total int         `json:"total" doc:"operators there are"`
	Sum   StatTimes   `json:"sum" doc:"of all operators, not of this page alone"`
}

// StatTimes is how long somebody was in each status, in seconds.
type StatTimes struct {
	OperatorID   string  `json:"operator_id"`
	Name         string  `json:"name"`
	Conversation float64 `json:"conversation" doc:"with at least one conversation; beside the status that was chosen"`
	Online       float64 `json:"online"`
	Invisible    float64 `json:"invisible"`
	Lunch        float64 `json:"lunch"`
	Training     float64 `json:"training"`
	Offline      float64 `json:"offline"`
}

// all are the times in the order of the statuses.
func (t *StatTimes) all() []*float64 {
	return []*float64{&t.Conversation, &t.Online, &t.Invisible, &t.Lunch, &t.Training, &t.Offline}
}

// StatStays is when an operator was in which status.
type StatStays struct {
	Items []StatStay `json:"items"`
	More  bool       `json:"more" doc:"there are more: ask for a shorter period"`
}

// StatStay is a stretch of time in a status.
type StatStay struct {
	Status string    `json:"status" doc:"conversation, online, invisible, lunch, training or offline"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
}

// mostStays is how many stretches of time are shown at once.
const mostStays = 5000

// presenceRows are the times of all operators whom the asker sees, and their sum.
func (c *call) presenceRows() (rows []StatTimes, sum StatTimes, err error) {
	q := figures.Question{}
	if err := c.statPeriod(&q); err != nil {
		return nil, sum, err
	}
	times, err := c.config.Presence.Times(q.Filter.Closed, c.config.System.Now())
	if err != nil {
		return nil, sum, err
	}
	only, d, milliseconds := c.r.URL.Query()["operator"], c.directory(), [len(figures.Statuses)]int64{}
	for id, of := range times {
		if len(only) > 0 && !slices.Contains(only, id) || !c.seesStatsOf(d, id) {
			continue
		}
		u := d.User(id)
		row := StatTimes{OperatorID: id, Name: strings.TrimSpace(u.GetFirstName() + " " + u.GetLastName())}
		for i, to := range row.all() {
			ms := of[figures.Statuses[i]].Milliseconds()
			*to, milliseconds[i] = units(ms), milliseconds[i]+ms
		}
		rows = append(rows, row)
	}
	for i, to := range sum.all() {
		*to = units(milliseconds[i])
	}
	slices.SortFunc(rows, func(a, b StatTimes) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.OperatorID, b.OperatorID))
	})
	return rows, sum, nil
}

// seesStatsOf reports whether an operator is the asker's business. One who is gone
// is that of who sees everything.
func (c *call) seesStatsOf(d directory.State, operator string) bool {
	if u := d.User(operator); u != nil {
		return c.seesOperator(d, u)
	}
	const gone = "\x00"
	return c.sees(gone, &event.Routing{LineId: gone})
}

func (c *call) presence() (StatPresence, error) {
	rows, sum, err := c.presenceRows()
	if err != nil {
		return StatPresence{}, err
	}
	limit, offset, err := c.window(rowsOfTable)
	page := rows[min(offset, len(rows)):min(offset+limit, len(rows))]
	return StatPresence{append([]StatTimes{}, page...), len(rows), sum}, err
}

func (c *call) presenceTable() error {
	rows, sum, err := c.presenceRows()
	if err != nil {
		return err
	}
	head := []heading{{En: "operator", Ru: "id оператора"}, {En: "name", Ru: "имя"}, {En: "conversation", Ru: "обращение, с"}, {En: "online", Ru: "в сети, с"},
		{En: "invisible", Ru: "невидимый, с"}, {En: "lunch", Ru: "обед, с"}, {En: "training", Ru: "тренинг, с"}, {En: "offline", Ru: "не в сети, с"}}
	return c.table("presence.csv", head, func(write func(...string) error) error {
		for _, row := range append([]StatTimes{sum}, rows...) {
			cells := []string{row.OperatorID, row.Name}
			for _, n := range row.all() {
				cells = append(cells, c.cell(n))
			}
			if err := write(cells...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *call) presenceOf() (StatStays, error) {
	out, q := StatStays{Items: []StatStay{}}, figures.Question{}
	if err := c.statPeriod(&q); err != nil {
		return out, err
	}
	if !c.seesStatsOf(c.directory(), c.id()) {
		return out, refusal.New(refusal.NotFound, "there is no operator %q", c.id())
	}
	stays, err := c.config.Presence.Stays(c.id(), q.Filter.Closed, c.config.System.Now())
	out.More = len(stays) > mostStays
	for _, s := range stays[:min(len(stays), mostStays)] {
		out.Items = append(out.Items, StatStay{string(s.Status), s.From, s.To})
	}
	return out, err
}
