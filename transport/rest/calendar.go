package rest

import (
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// CalendarFields are what may be said of working hours.
type CalendarFields struct {
	Name     string                       `json:"name"`
	TimeZone string                       `json:"time_zone" doc:"such as Europe/Moscow; empty is that of the center"`
	Week     []Message[*event.OpenHours]  `json:"week" doc:"weekday is 1, Monday, to 7, Sunday; from and to are minutes since midnight; to below from ends on the next day"`
	Days     []Message[*event.SpecialDay] `json:"days" doc:"date is 2026-12-31, or --05-09 for every year; its hours instead of the week's, none is closed all day"`
}

// PutCalendar is working hours as they are put. Manual: «выходные дни,
// праздники, нерабочее время».
type PutCalendar struct {
	CalendarFields
	Revised
}

// Calendar is working hours as they are shown.
type Calendar struct {
	CalendarID string `json:"calendar_id"`
	CalendarFields
	Mark
}

var calendars = collection[*event.Calendar, PutCalendar, Calendar]{
	name: "calendars", kind: "Calendar", view: signedIn, change: configure,
	entries: func(d directory.State) map[string]directory.Entry[*event.Calendar] { return d.Calendars },
	show:    calendarOf,
	build:   buildCalendar,
}

func calendarOf(_ directory.State, id string, e directory.Entry[*event.Calendar]) Calendar {
	return Calendar{CalendarID: id, Mark: markOf(e), CalendarFields: CalendarFields{
		Name: e.Value.Name, TimeZone: e.Value.TimeZone, Week: wrapAll(e.Value.Week), Days: wrapAll(e.Value.Days)}}
}

// buildCalendar refuses a time zone that this server has never heard of: by the
// directory's rules it could be one.
func buildCalendar(_ *call, id string, in PutCalendar, _ *event.Calendar) (*event.Calendar, func() error, error) {
	if _, err := time.LoadLocation(in.TimeZone); err != nil {
		return nil, nil, refusal.Of("time_zone", "there is no time zone %q", in.TimeZone)
	}
	return &event.Calendar{CalendarId: id, Name: in.Name, TimeZone: in.TimeZone, Week: unwrapAll(in.Week), Days: unwrapAll(in.Days)}, nil, nil
}
