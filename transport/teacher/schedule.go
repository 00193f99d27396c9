package teacher

import "time"

// A clock time is when the bot learns anew each night, in a time zone.
type clockTime struct {
	hour, minute int
	zone         *time.Location
}

// usual is three at night.
const usual = 3

// readClockTime reads "03:00"; what can't be read is the usual time.
func readClockTime(text string, zone *time.Location) clockTime {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return clockTime{hour: usual, zone: zone}
	}
	return clockTime{at.Hour(), at.Minute(), zone}
}

// on returns the moment on the day of at, moved by some days. An hour that the
// day does not have is the one after it.
func (c clockTime) on(at time.Time, days int) time.Time {
	at = at.In(c.zone)
	return time.Date(at.Year(), at.Month(), at.Day()+days, c.hour, c.minute, 0, 0, c.zone)
}

// after returns the first such moment after now.
func (c clockTime) after(now time.Time) time.Time {
	for days := 0; ; days++ {
		if at := c.on(now, days); at.After(now) {
			return at
		}
	}
}

// before returns the last such moment that is not after now.
func (c clockTime) before(now time.Time) time.Time {
	for days := 0; ; days-- {
		if at := c.on(now, days); !at.After(now) {
			return at
		}
	}
}
