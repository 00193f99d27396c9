package auth

import (
	"slices"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// Can reports whether the user has the permission. Nobody has none, and a
// disabled user has none either.
func Can(u *event.User, role string) bool {
	return u != nil && !u.Disabled && slices.Contains(u.Roles, role)
}

// InScope reports whether what is of this center and has this routing is the
// user's business. Who has neither a center nor a line has no business at all,
// but for an administrator: to one who was given no bounds there are none.
// Beyond that a list that is empty limits nothing, and one that is not is
// all there is.
func InScope(u *event.User, r *event.Routing, center string) bool {
	switch {
	case u == nil || u.Disabled:
		return false
	case len(u.CenterIds) == 0 && len(u.LineIds) == 0:
		return Can(u, directory.Admin)
	}
	within := func(list []string, id string) bool {
		return len(list) == 0 || id == "" || slices.Contains(list, id)
	}
	return within(u.CenterIds, center) && within(u.LineIds, r.GetLineId()) && within(u.Languages, r.GetLanguage()) &&
		!slices.ContainsFunc(r.GetSkills(), func(skill string) bool { return !within(u.Skills, skill) })
}

// Everywhere reports whether everything is the user's business.
func Everywhere(u *event.User) bool {
	return Can(u, directory.Admin) && len(u.CenterIds) == 0 && len(u.LineIds) == 0
}

// WorksIn reports whether a center is one of the user's: it is among the
// user's centers, or has one of the user's lines.
func WorksIn(d directory.State, u *event.User, center string) bool {
	if len(u.GetCenterIds()) == 0 && len(u.GetLineIds()) > 0 {
		return !u.Disabled && Serves(d, u, center)
	}
	return InScope(u, nil, center)
}

// Serves reports whether a user is an operator of one of the center's lines.
func Serves(d directory.State, u *event.User, center string) bool {
	return slices.ContainsFunc(u.GetLineIds(), func(line string) bool {
		l := d.Line(line)
		return l != nil && l.CenterId == center
	})
}
