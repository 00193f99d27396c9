package rest

import (
	"cmp"
	"slices"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/transport/retention"
)

// retentionRoutes tell what was forgotten, and what a rule would forget.
func retentionRoutes() []*route {
	const all = "/api/v1/retention"
	return []*route{
		{method: "GET", path: all + "/nights", summary: "What was removed because its time was over, night by night, the latest first", may: configure, verb: answers((*call).nights),
			params: []param{nightsShown.param()}},
		{method: "GET", path: all + "/nights/:id", summary: "The certificate of one night", may: configure, verb: answers((*call).nightByID)},
		{method: "GET", path: all + "/plan", summary: "What the next night will remove, or would by a rule that is not saved yet", may: configure, verb: answers((*call).retentionPlan),
			params: []param{{name: "days", doc: "that words are kept after a conversation ended, by a rule that is tried; 0 is for ever; the rules in force if left out"},
				{name: "center_id", doc: "whose rule it would be; the whole organisation's if left out, which holds where a center has none of its own. Without days: of which center alone"}}},
	}
}

// RetentionNights are certificates.
type RetentionNights struct {
	Items []RetentionNight `json:"items"`
}

// RetentionNight is the certificate of one night. It holds counts alone.
type RetentionNight struct {
	NightID       string            `json:"night_id" doc:"its place among the nights: when it began"`
	BegunAt       time.Time         `json:"begun_at"`
	EndedAt       time.Time         `json:"ended_at,omitzero" doc:"missing while it goes on, and if it was broken off: then it is gone on with"`
	Conversations int               `json:"conversations"`
	Messages      int               `json:"messages" doc:"the customers' and ours, and notes"`
	Files         int               `json:"files"`
	Left          int               `json:"left" doc:"conversations that were due and can't be removed alone, since they began before conversations had keys of their own; they go with their customers"`
	Centers       []RetentionCenter `json:"centers"`
}

// RetentionCenter is what was removed of one center.
type RetentionCenter struct {
	CenterID      string `json:"center_id"`
	Days          int    `json:"days" doc:"the rule as it was then"`
	Conversations int    `json:"conversations"`
	Messages      int    `json:"messages"`
	Files         int    `json:"files"`
}

// RetentionPlan is what rules would remove.
type RetentionPlan struct {
	NextAt time.Time          `json:"next_at" doc:"when the next night begins"`
	Items  []RetentionPlanned `json:"items" doc:"each center for which the rule would hold; without days each center"`
}

// RetentionPlanned is what it would remove of one center.
type RetentionPlanned struct {
	CenterID      string    `json:"center_id"`
	Days          int       `json:"days" doc:"the rule; 0 is for ever"`
	Conversations int       `json:"conversations"`
	Messages      int       `json:"messages" doc:"the customers' and operators'"`
	Left          int       `json:"left" doc:"conversations that would be due and can't be removed alone"`
	FirstAt       time.Time `json:"first_at,omitzero" doc:"when the first of them ended"`
}

func (c *call) nights() (RetentionNights, error) {
	limit, err := c.limit(nightsShown)
	if err != nil {
		return RetentionNights{}, err
	}
	nights, err := c.config.Retention.Nights(limit)
	out := RetentionNights{Items: []RetentionNight{}}
	for _, n := range nights {
		out.Items = append(out.Items, nightOf(n))
	}
	return out, err
}

func (c *call) nightByID() (RetentionNight, error) {
	n, err := c.config.Retention.Certificate(c.id())
	if err == nil && n == nil {
		err = refusal.New(refusal.NotFound, "there was no such night")
	}
	if err != nil {
		return RetentionNight{}, err
	}
	return nightOf(*n), nil
}

func nightOf(n retention.Night) RetentionNight {
	out := RetentionNight{NightID: n.ID(), BegunAt: n.Begun, EndedAt: n.Ended, Conversations: n.Conversations, Messages: n.Messages, Files: n.Files, Left: n.Left, Centers: []RetentionCenter{}}
	for id, c := range n.Centers {
		out.Centers = append(out.Centers, RetentionCenter{id, c.Days, c.Conversations, c.Messages, c.Files})
	}
	slices.SortFunc(out.Centers, func(a, b RetentionCenter) int { return cmp.Compare(a.CenterID, b.CenterID) })
	return out
}

// hasOwnRule reports whether a center says for how long words are kept.
func hasOwnRule(d directory.State, center string) bool {
	own := d.Settings[center].Value
	return own != nil && own.RetentionDays != nil
}

// longestKept is how many days a rule may name: a hundred years.
const longestKept = 100 * 366

func (c *call) retentionPlan() (RetentionPlan, error) {
	days, err := c.number("days")
	center := c.r.URL.Query().Get("center_id")
	d := c.directory()
	switch {
	case err != nil:
		return RetentionPlan{}, err
	case days > longestKept:
		return RetentionPlan{}, refusal.Of("days", "at most %d days", longestKept)
	case center != "" && d.Centers[center].Value == nil:
		return RetentionPlan{}, refusal.Of("center_id", "there is no center %q", center)
	}
	tried := c.r.URL.Query().Has("days")
	rules := map[string]int{}
	for id := range d.Centers {
		switch {
		case center != "" && id != center || center == "" && tried && hasOwnRule(d, id):
		case tried:
			rules[id] = int(days)
		default:
			rules[id] = int(d.SettingsFor(id).GetRetentionDays())
		}
	}
	return c.planOf(rules)
}

// planOf counts what the next night would remove by the rules of centers.
func (c *call) planOf(rules map[string]int) (RetentionPlan, error) {
	out := RetentionPlan{NextAt: c.config.Retention.Next(), Items: []RetentionPlanned{}}
	plans, err := c.config.Retention.Plan(c.r.Context(), out.NextAt, func(id string) int { return rules[id] })
	for id, days := range rules {
		p := plans[id]
		out.Items = append(out.Items, RetentionPlanned{id, days, p.Conversations, p.Messages, p.Left, p.First})
	}
	slices.SortFunc(out.Items, func(a, b RetentionPlanned) int { return cmp.Compare(a.CenterID, b.CenterID) })
	return out, err
}
