/*
Package hours reads calendars: whether somebody is there at an instant, and when
somebody will be next.

Hours are told by the clock on the wall. A night shift belongs to the day it
begins on, so it ends when it ends even if the day after is a holiday. Where the
clock is put forward, an interval in the hour that is missing does not happen,
and one that reaches over it is an hour shorter; where it is put back, the hour
that comes twice is worked twice.

Nobody having written hours down means that somebody is always there.
*/
package hours

import (
	"cmp"
	"slices"
	"time"

	"crafttalkd/actors/event"
)

// horizon is how many days ahead an opening is looked for.
const horizon = 366

const minutesOfDay = 24 * 60

// Zone is a time zone by name. Where nobody named one that there is, it is that of
// the machine.
func Zone(name string) *time.Location {
	if z, err := time.LoadLocation(name); name != "" && err == nil {
		return z
	}
	return time.Local
}

// Open tells whether at is within the hours, read in the zone.
func Open(c *event.Calendar, zone *time.Location, at time.Time) bool {
	if c == nil {
		return true
	}
	wall := at.In(zone)
	minute := int32(wall.Hour()*60 + wall.Minute())
	today := func(h *event.OpenHours) bool {
		return h.From <= minute && (minute < h.To || h.To < h.From)
	}
	since := func(h *event.OpenHours) bool { return h.To < h.From && minute < h.To }
	return slices.ContainsFunc(of(c, wall), today) || slices.ContainsFunc(of(c, dayAfter(wall, -1)), since)
}

// Next returns when the hours begin next, or at itself within them. It returns
// false if they don't within a year.
func Next(c *event.Calendar, zone *time.Location, at time.Time) (time.Time, bool) {
	last := at.AddDate(0, 0, horizon)
	for !at.After(last) {
		if Open(c, zone, at) {
			return at, true
		}
		// Until the clock is changed again, wall time runs as time does.
		_, until := at.In(zone).ZoneBounds()
		next, ok := beginning(c, zone, at)
		switch {
		case ok && (until.IsZero() || next.Before(until)):
			return next, true
		case until.IsZero():
			return time.Time{}, false
		}
		at = until
	}
	return time.Time{}, false
}

// Closes returns the first instant from at on at which nobody is there any more;
// there is none where that does not happen within the horizon.
func Closes(c *event.Calendar, zone *time.Location, at time.Time) (time.Time, bool) {
	if c == nil {
		return time.Time{}, false
	}
	last := at.AddDate(0, 0, horizon)
	for !at.After(last) {
		if !Open(c, zone, at) {
			return at, true
		}
		// Until the clock is changed again, wall time runs as time does.
		_, until := at.In(zone).ZoneBounds()
		next := ending(c, zone, at)
		if !until.IsZero() && until.Before(next) {
			next = until
		}
		at = next
	}
	return time.Time{}, false
}

// ending is the first end of an interval after an instant within one, by the
// offset that holds then.
func ending(c *event.Calendar, zone *time.Location, at time.Time) time.Time {
	_, offset := at.In(zone).Zone()
	wall := at.In(time.FixedZone("", offset))
	first := dayAfter(wall, 2)
	for n := -1; n <= 1; n++ {
		day := dayAfter(wall, n)
		for _, h := range of(c, day) {
			ends := day.Add(time.Duration(h.To) * time.Minute)
			if h.To < h.From {
				ends = ends.AddDate(0, 0, 1)
			}
			if ends.After(at) && ends.Before(first) {
				first = ends
			}
		}
	}
	return first
}

// beginning returns the first beginning of an interval after at, as if the clock
// were not changed from then on.
func beginning(c *event.Calendar, zone *time.Location, at time.Time) (first time.Time, ok bool) {
	_, offset := at.In(zone).Zone()
	wall := at.In(time.FixedZone("", offset))
	for n := range horizon + 1 {
		day := dayAfter(wall, n)
		for _, h := range of(c, day) {
			begins := day.Add(time.Duration(h.From) * time.Minute)
			if begins.After(at) && (!ok || begins.Before(first)) {
				first, ok = begins, true
			}
		}
		if ok {
			return first, true
		}
	}
	return first, false
}

// dayAfter returns the midnight that begins the n'th day after the one of wall.
func dayAfter(wall time.Time, n int) time.Time {
	y, m, d := wall.Date()
	return time.Date(y, m, d+n, 0, 0, 0, 0, wall.Location())
}

// On returns the intervals that begin on the day of a wall clock, by their
// beginnings, and the special day that it is; nil for one like any other.
func On(c *event.Calendar, wall time.Time) ([]*event.OpenHours, *event.SpecialDay) {
	begun := slices.Clone(of(c, wall))
	slices.SortStableFunc(begun, func(a, b *event.OpenHours) int { return cmp.Compare(a.From, b.From) })
	return begun, specialOn(c, wall)
}

// specialOn is the special day that a day is: a date of one year is told before one
// of every year.
func specialOn(c *event.Calendar, day time.Time) *event.SpecialDay {
	return cmp.Or(special(c, day.Format(time.DateOnly)), special(c, day.Format("--01-02")))
}

// of returns the intervals that begin on the day: those of a special day, else of
// the week.
func of(c *event.Calendar, day time.Time) []*event.OpenHours {
	if s := specialOn(c, day); s != nil {
		return s.Hours
	}
	weekday := int32(day.Weekday())
	if weekday == 0 {
		weekday = 7
	}
	var hours []*event.OpenHours
	for _, h := range c.Week {
		if h.Weekday == weekday {
			hours = append(hours, h)
		}
	}
	return hours
}

func special(c *event.Calendar, date string) *event.SpecialDay {
	for _, d := range c.Days {
		if d.Date == date {
			return d
		}
	}
	return nil
}
