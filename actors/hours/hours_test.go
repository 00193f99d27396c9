package hours

import (
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata" // the zones are the same wherever this runs

	"crafttalkd/actors/event"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func on(weekday, from, to int32) *event.OpenHours {
	return &event.OpenHours{Weekday: weekday, From: from * 60, To: to * 60}
}

// office works on weekdays from 9 to 18 and on Friday nights, is closed on the
// ninth of May except in 2026, and works in the morning of the last of December
// of 2026.
func office() *event.Calendar {
	c := &event.Calendar{Days: []*event.SpecialDay{
		{Date: "--05-09"}, {Date: "2026-05-09", Hours: []*event.OpenHours{on(0, 12, 14)}},
		{Date: "2026-12-31", Hours: []*event.OpenHours{on(0, 9, 12)}}, {Date: "--01-01"},
	}}
	for day := int32(1); day <= 5; day++ {
		c.Week = append(c.Week, on(day, 9, 18))
	}
	c.Week = append(c.Week, on(5, 22, 4))
	return c
}

// proves BT-02: by week, special days before it, those of one year before those
// of every year, and intervals over midnight.
func TestBT02_Open(t *testing.T) {
	moscow := zone(t, "Europe/Moscow")
	for _, tt := range []struct {
		at, next string // next is at itself when open
	}{
		{"2026-11-23 09:00", "2026-11-23 09:00"}, {"2026-11-23 08:59", "2026-11-23 09:00"},
		{"2026-11-23 17:59", "2026-11-23 17:59"}, {"2026-11-23 18:00", "2026-11-24 09:00"},
		{"2026-11-27 18:00", "2026-11-27 22:00"}, {"2026-11-27 23:30", "2026-11-27 23:30"},
		{"2026-11-28 03:59", "2026-11-28 03:59"}, {"2026-11-28 04:00", "2026-11-30 09:00"},
		{"2025-05-09 10:00", "2025-05-12 09:00"}, // a Friday: no night either
		{"2026-05-09 03:00", "2026-05-09 03:00"}, // the night of the Friday before
		{"2026-05-09 10:00", "2026-05-09 12:00"}, {"2026-05-09 14:00", "2026-05-11 09:00"},
		{"2026-12-31 12:00", "2027-01-04 09:00"}, // the first of January is a Friday
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", tt.at, moscow)
		if err != nil {
			t.Fatal(err)
		}
		next, ok := Next(office(), moscow, at)
		if got := next.In(moscow).Format("2006-01-02 15:04"); !ok || got != tt.next {
			t.Errorf("Next(%s) = %s, %v, want %s", tt.at, got, ok, tt.next)
		}
		if got, want := Open(office(), moscow, at), tt.at == tt.next; got != want {
			t.Errorf("Open(%s) = %v, want %v", tt.at, got, want)
		}
	}
}

// proves BT-02: on the day of 23 hours the missing hour is not worked, on the
// day of 25 the double one is worked twice. Berlin changes at 2 and at 3.
func TestBT02_ClocksAreChanged(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	night := func(from, to int32) *event.Calendar {
		return &event.Calendar{Week: []*event.OpenHours{{Weekday: 7, From: from, To: to}}}
	}
	spring, autumn := time.Date(2026, 3, 29, 0, 0, 0, 0, berlin), time.Date(2026, 10, 25, 0, 0, 0, 0, berlin)
	for _, tt := range []struct {
		name   string
		day    time.Time
		c      *event.Calendar
		opens  time.Duration // after midnight
		worked time.Duration
	}{
		{"all day in spring", spring, night(0, 1440), 0, 23 * time.Hour},
		{"all day in autumn", autumn, night(0, 1440), 0, 25 * time.Hour},
		{"in the missing hour", spring, night(120, 180), 7 * 24 * time.Hour, 0},
		{"from the missing hour on", spring, night(150, 240), 2 * time.Hour, time.Hour},
		{"until within it", spring, night(60, 150), time.Hour, time.Hour},
		{"in the double hour", autumn, night(120, 180), 2 * time.Hour, 2 * time.Hour},
		{"half of the double hour", autumn, night(150, 180), 2*time.Hour + 30*time.Minute, time.Hour},
		{"over both", autumn, night(60, 240), time.Hour, 4 * time.Hour},
	} {
		var worked time.Duration
		end := tt.day.AddDate(0, 0, 1)
		for at := tt.day; at.Before(end); at = at.Add(time.Minute) {
			if Open(tt.c, berlin, at) {
				worked += time.Minute
			}
		}
		if worked != tt.worked {
			t.Errorf("%s: %v are worked, want %v", tt.name, worked, tt.worked)
		}
		next, ok := Next(tt.c, berlin, tt.day)
		want := tt.day.Add(tt.opens)
		if tt.opens > 24*time.Hour { // a week later, by the clock on the wall
			want = time.Date(2026, 4, 5, 2, 0, 0, 0, berlin)
		}
		if !ok || !next.Equal(want) {
			t.Errorf("%s: opens at %v, want %v", tt.name, next, want)
		}
	}
}

// The second time that the clock shows half past two, what begins then has not
// ended: Next looks at every beginning, whichever way the clock goes.
func TestBT02_DoubleHourFromWithin(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	c := &event.Calendar{Week: []*event.OpenHours{{Weekday: 7, From: 120, To: 150}}}
	first := time.Date(2026, 10, 25, 0, 0, 0, 0, berlin).Add(2*time.Hour + 45*time.Minute)
	next, ok := Next(c, berlin, first)
	if want := first.Add(15 * time.Minute); !ok || !next.Equal(want) {
		t.Errorf("Next = %v, want %v, when the clock shows two again", next, want)
	}
}

// closing is [Closes] minute by minute.
func closing(c *event.Calendar, zone *time.Location, at time.Time) time.Time {
	for Open(c, zone, at) {
		at = at.Add(time.Minute)
	}
	return at
}

// proves BT-02: who is there leaves at the end of the last interval that follows
// without a gap; who is never away does not.
func TestBT02_Closes(t *testing.T) {
	moscow := zone(t, "Europe/Moscow")
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, moscow)
	for _, tt := range []struct{ at, want time.Duration }{
		{9 * time.Hour, 18 * time.Hour}, {17*time.Hour + 59*time.Minute, 18 * time.Hour}, {20 * time.Hour, 20 * time.Hour},
		{(4*24 + 22) * time.Hour, (5*24 + 4) * time.Hour}, {(5*24 + 1) * time.Hour, (5*24 + 4) * time.Hour},
	} {
		if got, ok := Closes(office(), moscow, monday.Add(tt.at)); !ok || !got.Equal(monday.Add(tt.want)) {
			t.Errorf("Closes(%v) = %v, %v, want %v", tt.at, got.Sub(monday), ok, tt.want)
		}
	}
	always := &event.Calendar{}
	for day := int32(1); day <= 7; day++ {
		always.Week = append(always.Week, on(day, 0, 24))
	}
	for _, c := range []*event.Calendar{nil, always} {
		if got, ok := Closes(c, moscow, monday); ok {
			t.Errorf("who is always there leaves at %v", got)
		}
	}
	always.Days = []*event.SpecialDay{{Date: "2026-12-31"}}
	if got, ok := Closes(always, moscow, monday); !ok || !got.Equal(time.Date(2026, 12, 31, 0, 0, 0, 0, moscow)) {
		t.Errorf("before a holiday one leaves at %v, %v", got, ok)
	}
}

// proves BT-02: the same as looking at every minute, in any zone on any day.
func TestBT02_ClosesAtTheFirstClosedMinute(t *testing.T) {
	zones := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "Australia/Lord_Howe"), zone(t, "America/Santiago")}
	dice := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		c := &event.Calendar{}
		for range 1 + dice.IntN(20) {
			from := int32(dice.IntN(1440))
			c.Week = append(c.Week, &event.OpenHours{Weekday: int32(1 + dice.IntN(7)), From: from, To: (from + 1 + int32(dice.IntN(1439))) % 1440})
		}
		z := zones[dice.IntN(len(zones))]
		at, ok := Next(c, z, time.Date(2026, time.Month(1+dice.IntN(12)), 1+dice.IntN(28), dice.IntN(24), dice.IntN(60), 0, 0, z))
		if !ok {
			t.Fatalf("%v never opens", c)
		}
		if got, ok := Closes(c, z, at); !ok || !got.Equal(closing(c, z, at)) {
			t.Errorf("Closes(%v, %v) = %v, %v, want %v", c, at, got, ok, closing(c, z, at))
		}
	}
}

func TestBT02_AlwaysAndNever(t *testing.T) {
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	if next, ok := Next(nil, time.UTC, now); !ok || !next.Equal(now) || !Open(nil, time.UTC, now) {
		t.Error("nobody wrote hours down, and nobody is there")
	}
	if next, ok := Next(&event.Calendar{}, time.UTC, now); ok || Open(&event.Calendar{}, time.UTC, now) {
		t.Errorf("a calendar without hours opens at %v", next)
	}
	if next, ok := Next(&event.Calendar{}, zone(t, "Europe/Berlin"), now); ok {
		t.Errorf("a calendar without hours opens at %v", next)
	}
}

// Next agrees with going through the minutes one by one.
func TestBT02_NextIsTheFirstOpenMinute(t *testing.T) {
	zones := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "Australia/Lord_Howe"), zone(t, "America/Santiago"), zone(t, "Asia/Kathmandu")}
	dice := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		c := &event.Calendar{}
		for range 1 + dice.IntN(4) {
			from := int32(dice.IntN(1440))
			c.Week = append(c.Week, &event.OpenHours{Weekday: int32(1 + dice.IntN(7)), From: from, To: (from + 1 + int32(dice.IntN(1439))) % 1440})
		}
		z := zones[dice.IntN(len(zones))]
		at := time.Date(2026, time.Month(1+dice.IntN(12)), 1+dice.IntN(28), dice.IntN(24), dice.IntN(60), 0, 0, z)
		want := at
		for !Open(c, z, want) {
			want = want.Add(time.Minute)
		}
		if got, ok := Next(c, z, at); !ok || !got.Equal(want) {
			t.Errorf("Next(%v, %v) = %v, %v, want %v", c, at, got, ok, want)
		}
	}
}

// proves BT-02: the customer is told in the own language when somebody will be
// there.
func TestBT02_Say(t *testing.T) {
	moscow := zone(t, "Europe/Moscow")
	now := time.Date(2026, 11, 23, 23, 30, 0, 0, moscow)
	for _, tt := range []struct {
		at             time.Time
		language, want string
	}{
		{now.Add(15 * time.Minute), "ru", "сегодня в 23:45"}, {now.Add(time.Hour), "ru-RU", "завтра в 00:30"},
		{now.Add(34 * time.Hour), "", "в среду, 25 ноября, в 09:30"}, {now.Add(24 * time.Hour * 8), "ru", "во вторник, 1 декабря, в 23:30"},
		{now.Add(15 * time.Minute), "en", "today at 23:45"}, {now.Add(time.Hour), "EN-gb", "tomorrow at 00:30"},
		{now.Add(34 * time.Hour), "en", "on Wednesday, 25 November, at 09:30"}, {now.Add(time.Hour), "kk", "2026-11-24 00:30"},
	} {
		if got := Say(tt.at.UTC(), now.UTC(), moscow, tt.language); got != tt.want {
			t.Errorf("Say(%v, %s) = %q, want %q", tt.at, tt.language, got, tt.want)
		}
	}
}
