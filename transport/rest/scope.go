package rest

import (
	"slices"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// can reports whether a user has a permission.
func can(u *event.User, role string) bool {
	return u != nil && !u.Disabled && slices.Contains(u.Roles, role)
}

// inScope reports whether what has this center and routing is within a user's
// routing settings. Who has neither a center nor a line sees nothing. Whatever
// else is set narrows: the lines, the languages, the skills.
func inScope(u *event.User, _ directory.State, center string, r *event.Routing) bool {
	if len(u.GetCenterIds()) == 0 && len(u.GetLineIds()) == 0 {
		return false
	}
	within := func(set []string, id string) bool { return id == "" || len(set) == 0 || slices.Contains(set, id) }
	if !within(u.CenterIds, center) || !within(u.LineIds, r.GetLineId()) || !within(u.Languages, r.GetLanguage()) {
		return false
	}
	for _, skill := range r.GetSkills() {
		if !within(u.Skills, skill) {
			return false
		}
	}
	return true
}

// sees reports whether the asker may see what has this center and routing.
func (c *call) sees(center string, r *event.Routing) bool {
	return inScope(c.asker.user, c.directory(), center, r)
}

// seesLine reports whether the asker may see a line.
func (c *call) seesLine(d directory.State, line string) bool {
	l := d.Line(line)
	return l != nil && inScope(c.asker.user, d, l.CenterId, &event.Routing{LineId: line})
}

// seesOperator reports whether an operator serves a line that the asker sees.
func (c *call) seesOperator(d directory.State, u *event.User) bool {
	return slices.ContainsFunc(u.LineIds, func(line string) bool { return c.seesLine(d, line) })
}
