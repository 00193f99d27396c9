package rest

import (
	"slices"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/auth"
)

// sees reports whether what has this center and routing is the asker's
// business.
func (c *call) sees(center string, r *event.Routing) bool {
	return auth.InScope(c.asker.user, r, center)
}

// seesLine reports whether the asker may see a line.
func (c *call) seesLine(d directory.State, line string) bool {
	l := d.Line(line)
	return l != nil && c.sees(l.CenterId, &event.Routing{LineId: line})
}

// seesOperator reports whether an operator serves a line that the asker sees.
func (c *call) seesOperator(d directory.State, u *event.User) bool {
	return slices.ContainsFunc(u.LineIds, func(line string) bool { return c.seesLine(d, line) })
}

// worksIn reports whether a center is one of the asker's.
func (c *call) worksIn(d directory.State, center string) bool {
	return auth.WorksIn(d, c.asker.user, center)
}

// worksBeside reports whether a user serves a line of one of the asker's
// centers.
func (c *call) worksBeside(d directory.State, u *event.User) bool {
	return slices.ContainsFunc(u.LineIds, func(line string) bool {
		l := d.Line(line)
		return l != nil && c.worksIn(d, l.CenterId)
	})
}
