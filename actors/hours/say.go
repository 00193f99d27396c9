package hours

import (
	"fmt"
	"strings"
	"time"
)

// How Russian says on which day, and of which month.
var (
	russianDays = [...]string{"в воскресенье", "в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу"}
	russianDate = [...]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}
)

// Say tells a time to come in words that follow "we shall answer", by the clock
// of the zone and in a language. In a language that it has no words of, it is
// written as numbers that everybody reads the same way.
func Say(at, now time.Time, zone *time.Location, language string) string {
	at, now = at.In(zone), now.In(zone)
	clock := at.Format("15:04")
	language, _, _ = strings.Cut(strings.ToLower(language), "-")
	switch days := between(now, at); language {
	case "ru", "":
		switch days {
		case 0:
			return "сегодня в " + clock
		case 1:
			return "завтра в " + clock
		}
		return fmt.Sprintf("%s, %d %s, в %s", russianDays[at.Weekday()], at.Day(), russianDate[at.Month()-1], clock)
	case "en":
		switch days {
		case 0:
			return "today at " + clock
		case 1:
			return "tomorrow at " + clock
		}
		return at.Format("on Monday, 2 January, at ") + clock
	}
	return at.Format("2006-01-02 15:04")
}

// between counts the midnights from one time to another.
func between(a, b time.Time) int {
	utc := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(utc(b).Sub(utc(a)) / (minutesOfDay * time.Minute))
}
