package figures

import (
	"time"

	"crafttalkd/actors/refusal"
)

// MostBars is how many stretches of time one answer tells apart.
const MostBars = 3000

// Steps are those of a grouping. A day is a day of the calendar, of 23 to 25 hours.
var Steps = map[string]time.Duration{"15m": 15 * time.Minute, "30m": 30 * time.Minute, "1h": time.Hour, "1d": day}

const day = 24 * time.Hour

// bars are where the stretches of a period begin, and where the last one ends.
// They begin at full steps of the zone's clocks, and wherever those are changed:
// an hour that comes twice is two. The first may begin before the period.
func bars(period Span, step time.Duration, zone *time.Location) ([]int64, error) {
	if period.From.IsZero() || period.To.IsZero() || !period.To.After(period.From) {
		return nil, refusal.Of("to", "a period that is grouped has a beginning, and an end after it")
	}
	at := floor(period.From.In(zone), step)
	out := []int64{at.UnixMilli()}
	for end := ceil(period.To); out[len(out)-1] < end; out = append(out, at.UnixMilli()) {
		if at = next(at, step); len(out) > MostBars {
			return nil, refusal.Of("step", "at most %d stretches of time are told apart; choose longer ones", MostBars)
		}
	}
	return out, nil
}

// floor is the beginning of the stretch that a time is in.
func floor(at time.Time, step time.Duration) time.Time {
	if step == day {
		return midnight(at.Year(), at.Month(), at.Day(), at.Location())
	}
	_, offset := at.Zone()
	wall := at.UnixMilli() + int64(offset)*1000
	begin := time.UnixMilli(at.UnixMilli() - mod(wall, step.Milliseconds())).In(at.Location())
	if changed, _ := at.ZoneBounds(); begin.Before(changed) {
		return changed
	}
	return begin
}

// next is the beginning of the stretch after the one that begins at a time.
func next(at time.Time, step time.Duration) time.Time {
	if step == day {
		return midnight(at.Year(), at.Month(), at.Day()+1, at.Location())
	}
	_, offset := at.Zone()
	wall := at.UnixMilli() + int64(offset)*1000
	end := time.UnixMilli(at.UnixMilli() + step.Milliseconds() - mod(wall, step.Milliseconds())).In(at.Location())
	if _, changes := at.ZoneBounds(); !changes.IsZero() && changes.Before(end) {
		return changes
	}
	return end
}

func mod(a, b int64) int64 { return (a%b + b) % b }

// midnight is the first moment of a day. Where clocks are changed at midnight, it
// is the first of two, or the moment after a midnight that does not come.
func midnight(year int, month time.Month, d int, zone *time.Location) time.Time {
	t := time.Date(year, month, d, 0, 0, 0, 0, zone)
	wanted := time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Day()
	if t.Day() != wanted { // it is before the gap
		_, t = t.ZoneBounds()
		return t
	}
	if changed, _ := t.ZoneBounds(); !changed.IsZero() {
		_, offset := changed.Add(-time.Second).Zone()
		first := time.Date(year, month, d, 0, 0, 0, 0, time.FixedZone("", offset))
		if first.Before(changed) {
			return first.In(zone)
		}
	}
	return t
}

// A clock finds the stretch of a time, which is in one of them. Those who ask
// come about in order, so it looks where the last one was first.
type clock struct {
	bars []int64
	step int64
	last int
}

func (c *clock) of(at int64) int {
	if at >= c.bars[c.last] && at < c.bars[c.last+1] {
		return c.last
	}
	i := min(int((at-c.bars[0])/c.step), len(c.bars)-2)
	for at < c.bars[i] {
		i--
	}
	for at >= c.bars[i+1] {
		i++
	}
	c.last = i
	return i
}
