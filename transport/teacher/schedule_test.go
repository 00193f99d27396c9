package teacher

import (
	"testing"
	"time"
)

func TestClockTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, at, now string
		before, after string
	}{
		{"in the evening", "03:00", "2026-11-23T21:00:00+01:00", "2026-11-23T03:00:00+01:00", "2026-11-24T03:00:00+01:00"},
		{"in the night", "03:00", "2026-11-23T01:00:00+01:00", "2026-11-22T03:00:00+01:00", "2026-11-23T03:00:00+01:00"},
		{"at that moment", "03:00", "2026-11-23T03:00:00+01:00", "2026-11-23T03:00:00+01:00", "2026-11-24T03:00:00+01:00"},
		{"what can't be read", "3 o'clock", "2026-11-23T03:30:00+01:00", "2026-11-23T03:00:00+01:00", "2026-11-24T03:00:00+01:00"},
		{"the hour that a day does not have", "02:30", "2026-03-29T00:30:00+01:00", "2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00"},
		{"the day after", "02:30", "2026-03-29T12:00:00+02:00", "2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"},
		{"the hour that a day has twice", "02:30", "2026-10-25T00:30:00+02:00", "2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+01:00"},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		c := readClockTime(tt.at, berlin)
		if got := c.before(now).Format(time.RFC3339); got != tt.before {
			t.Errorf("%s: before is %s, want %s", tt.name, got, tt.before)
		}
		if got := c.after(now).Format(time.RFC3339); got != tt.after {
			t.Errorf("%s: after is %s, want %s", tt.name, got, tt.after)
		}
	}
}
