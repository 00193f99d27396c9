package rest

import (
	"slices"

	"crafttalkd/actors/event"
	"crafttalkd/actors/queue"
	"crafttalkd/transport/auth"
)

// TransferTargets are where a conversation may go: within its center, and only
// where somebody could serve it.
type TransferTargets struct {
	Lines     []TargetLine     `json:"lines"`
	Operators []TargetOperator `json:"operators"`
	Languages []WorkLanguage   `json:"languages" doc:"that an operator of the center speaks"`
	Skills    []WorkSkill      `json:"skills" doc:"that an operator of the center has"`
}

// TargetLine is a support line, and how busy it is.
type TargetLine struct {
	LineID  string `json:"line_id"`
	Name    string `json:"name"`
	Free    int    `json:"free" doc:"conversations that its operators can take now"`
	Waiting int    `json:"waiting"`
}

// TargetOperator is an operator, and how busy they are.
type TargetOperator struct {
	UserID   string `json:"user_id"`
	Name     string `json:"name"`
	Presence string `json:"presence"`
	Free     int    `json:"free" doc:"conversations that they can take now"`
}

// transferTargets lists where a conversation that the asker sees may go. Its
// keeper is not among them.
func (c *call) transferTargets() (TransferTargets, error) {
	v, err := c.conversation(c.r.URL.Query().Get("conversation"))
	if err != nil {
		return TransferTargets{}, err
	}
	d := c.directory()
	out := TransferTargets{Lines: []TargetLine{}, Operators: []TargetOperator{}, Languages: []WorkLanguage{}, Skills: []WorkSkill{}}
	var languages, skills []string
	for _, u := range d.Operators() {
		if u.Disabled || !auth.Serves(d, u, v.CenterID) {
			continue
		}
		languages, skills = append(languages, u.Languages...), append(skills, u.Skills...)
		if u.UserId == v.keeper() {
			continue
		}
		o, err := c.duty(u)
		if err != nil {
			return TransferTargets{}, err
		}
		out.Operators = append(out.Operators, TargetOperator{u.UserId, fullName(u), o.Presence, freeSlots(o)})
	}
	for _, l := range d.LinesOf(v.CenterID) {
		t, err := look(c, event.QueueStream+l.LineId, func(s queue.State) TargetLine {
			return TargetLine{LineID: l.LineId, Name: l.Name, Free: queue.Free(s), Waiting: queue.Len(s)}
		})
		if err != nil {
			return TransferTargets{}, err
		}
		out.Lines = append(out.Lines, t)
	}
	for id, l := range inOrder(d.Languages) {
		if slices.Contains(languages, id) {
			out.Languages = append(out.Languages, WorkLanguage{id, l.Name})
		}
	}
	for id, k := range inOrder(d.Skills) {
		if slices.Contains(skills, id) {
			out.Skills = append(out.Skills, WorkSkill{id, k.Name})
		}
	}
	return out, nil
}

// freeSlots is how many conversations an operator can take at once now.
func freeSlots(o OnDuty) int {
	if o.Presence != event.Presence_ONLINE.String() || !o.Connected {
		return 0
	}
	return max(int(o.Capacity)-len(o.Held), 0)
}
