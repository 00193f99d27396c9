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
	d, now := c.directory(), c.config.System.Now()
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
	place := hours.Zone(zone)
	if place == time.Local {
		zone = ""
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

// PreviewHours is working hours that nobody has put yet, read in the zone of a
// center unless they have their own.
type PreviewHours struct {
	CalendarFields
	CenterID string `json:"center_id"`
}

// HoursAhead is what working hours come to.
type HoursAhead struct {
	TimeZone string     `json:"time_zone"`
	Open     bool       `json:"open"`
	Changes  *time.Time `json:"changes_at,omitempty" doc:"when it closes, or opens, next; left out if it does not within a year"`
	Days     []DayAhead `json:"days" doc:"today and thirteen more"`
}

// DayAhead is one day of working hours.
type DayAhead struct {
	Date    string      `json:"date"`
	Special bool        `json:"special" doc:"it has hours of its own instead of the week's"`
	Name    string      `json:"name" doc:"of the special day"`
	Hours   []SpanAhead `json:"hours" doc:"that begin on it; none is closed"`
}

// SpanAhead is from when to when, in minutes since midnight.
type SpanAhead struct {
	From int32 `json:"from"`
	To   int32 `json:"to" doc:"below from it ends on the next day"`
}

// daysAhead is how many days of working hours are shown.
const daysAhead = 14

// previewHours says what hours will come to, by the same arithmetic that keeps
// them, and refuses what could not be put.
func (c *call) previewHours(in PreviewHours) (HoursAhead, error) {
	calendar, _, err := buildCalendar(c, "preview", PutCalendar{CalendarFields: in.CalendarFields}, nil)
	if err != nil {
		return HoursAhead{}, err
	}
	if err := directory.CheckCalendar(calendar); err != nil {
		return HoursAhead{}, err
	}
	center := c.directory().Centers[in.CenterID].Value
	place, now := hours.Zone(cmp.Or(calendar.TimeZone, center.GetTimeZone())), c.config.System.Now()
	now = now.In(place)
	a := attended(Attendance{}, calendar, place.String(), now)
	out := HoursAhead{TimeZone: a.TimeZone, Open: a.Open, Changes: a.ChangesAt, Days: []DayAhead{}}
	for n := range daysAhead {
		day := time.Date(now.Year(), now.Month(), now.Day()+n, 0, 0, 0, 0, place)
		spans, special := hours.On(calendar, day)
		ahead := DayAhead{Date: day.Format(time.DateOnly), Special: special != nil, Name: special.GetName(), Hours: []SpanAhead{}}
		for _, h := range spans {
			ahead.Hours = append(ahead.Hours, SpanAhead{h.From, h.To})
		}
		out.Days = append(out.Days, ahead)
	}
	return out, nil
}
