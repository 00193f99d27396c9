package flow

import (
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
)

// AfterDirectory returns what must follow from e, an event of the directory,
// which is d now. It may be asked late, with a later d: what follows is what
// holds by d, so the last answer is right.
func AfterDirectory(d directory.State, e event.Event) []Send {
	switch e := e.(type) {
	case *event.UserPut:
		return []Send{configureOperator(d, e.User.UserId)}
	case *event.UserRemoved:
		return []Send{configureOperator(d, e.UserId)}
	case *event.LinePut:
		return configureQueues(d, e.Line.LineId)
	case *event.SettingsPut:
		return configureQueues(d, linesUnder(d, e.Settings.CenterId)...)
	}
	return nil
}

func configureOperator(d directory.State, id string) Send {
	u := d.User(id)
	c := operator.Configure{ID: id, Version: d.Version}
	if u == nil || u.Disabled || len(u.LineIds) == 0 {
		c.Removed = true
	} else {
		c.Lines, c.Languages, c.Skills, c.Capacity = u.LineIds, u.Languages, u.Skills, u.Capacity
		c.FirstName, c.LastName = u.FirstName, u.LastName
	}
	return to.operator(id, c)
}

func configureQueues(d directory.State, lines ...string) []Send {
	var out []Send
	for _, id := range lines {
		line := d.Line(id)
		if line == nil {
			continue
		}
		s := d.SettingsFor(line.CenterId)
		out = append(out, to.queue(id, queue.Configure{Line: id, Affinity: s.GetAffinity(), PriorityWorth: s.PriorityWorth.AsDuration()}))
	}
	return out
}

// linesUnder returns the lines whose settings may come from a center's: its
// own, or all for the whole organisation's.
func linesUnder(d directory.State, center string) []string {
	var out []string
	for id, line := range d.Lines {
		if center == "" || line.Value.CenterId == center {
			out = append(out, id)
		}
	}
	return out
}
