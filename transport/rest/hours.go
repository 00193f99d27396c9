package rest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/hours"
)

// Attendance is whether somebody is there at this moment, and when that changes.
type Attendance struct {
	Of         string     `json:"of" doc:"calendar, center or line"`
	ID         string     `json:"id"`
	CalendarID string     `json:"calendar_id" doc:"the working hours in force; empty is always"`
	TimeZone   string     `json:"time_zone" doc:"that they are read in; empty is that of the machine"`
	Open       bool       `json:"open"`
	ChangesAt  *time.Time `json:"changes_at,omitempty" doc:"when it closes, or opens, next; left out if it does not within a year"`
}

// attendance tells of every calendar, center and line whether it is open now. A
// calendar without a zone of its own is read in that of the first center it is
// of: the same one may be open in one center and closed in another.
func (c *call) attendance() (List[Attendance], error) {
	d, now := c.directory(), time.Now()
	out := List[Attendance]{Items: []Attendance{}}
	for _, id := range slices.Sorted(maps.Keys(d.Calendars)) {
		calendar := d.Calendars[id].Value
		zone := cmp.Or(calendar.TimeZone, zoneOf(d, id))
		out.Items = append(out.Items, attended(Attendance{Of: "calendar", ID: id}, calendar, zone, now))
	}
	for _, id := range slices.Sorted(maps.Keys(d.Centers)) {
		calendar, zone := d.Hours(id, "")
		out.Items = append(out.Items, attended(Attendance{Of: "center", ID: id}, calendar, zone, now))
	}
	for _, id := range slices.Sorted(maps.Keys(d.Lines)) {
		calendar, zone := d.Hours("", id)
		out.Items = append(out.Items, attended(Attendance{Of: "line", ID: id}, calendar, zone, now))
	}
	return out, nil
}

// zoneOf is the zone of the first center that has the calendar, for itself or
// for a line.
func zoneOf(d directory.State, calendar string) string {
	for _, id := range slices.Sorted(maps.Keys(d.Centers)) {
		center := d.Centers[id].Value
		ofLine := func(l *event.Line) bool { return l.CalendarId == calendar }
		if center.CalendarId == calendar || slices.ContainsFunc(d.LinesOf(id), ofLine) {
			return center.TimeZone
		}
	}
	return ""
}

// attended is told as the agent of hours would judge it.
func attended(a Attendance, calendar *event.Calendar, zone string, now time.Time) Attendance {
	place, err := time.LoadLocation(zone)
	if zone == "" || err != nil {
		zone, place = "", time.Local
	}
	a.CalendarID, a.TimeZone, a.Open = calendar.GetCalendarId(), zone, hours.Open(calendar, place, now)
	change := hours.Next
	if a.Open {
		change = hours.Closes
	}
	if at, ok := change(calendar, place, now); ok {
		at = at.UTC()
		a.ChangesAt = &at
	}
	return a
}
