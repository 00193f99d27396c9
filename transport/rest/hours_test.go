package rest_test

import (
	"fmt"
	"testing"
	"time"
)

// proves BT-02: whether somebody is there now is told of calendars, centers and
// lines, each in its own zone, with the instant at which that changes.
func TestBT02_Attendance(t *testing.T) {
	inHouse(t, func(h *house) {
		week := `"week":[{"weekday":1,"from":540,"to":1080},{"weekday":6,"from":0,"to":600},{"weekday":6,"from":600,"to":720}]`
		h.as("boss", "PUT", "/api/v1/calendars/office", `{`+week+`}`).want(200)
		h.as("boss", "PUT", "/api/v1/calendars/there", `{`+week+`,"time_zone":"Asia/Omsk","days":[{"date":"--01-01"}]}`).want(200)
		h.as("boss", "PUT", "/api/v1/centers/club", `{"time_zone":"Europe/Moscow","calendar_id":"office"}`).want(200)
		h.as("boss", "PUT", "/api/v1/lines/far", `{"center_id":"club","calendar_id":"there"}`).want(200)
		h.as("boss", "PUT", "/api/v1/lines/near", `{"center_id":"club"}`).want(200)
		// It is 2000-01-01, a Saturday, 00:00 UTC and 03:00 in Moscow.
		want := map[string]string{
			"calendar office": "office Europe/Moscow true 2000-01-01T09:00:00Z",
			"calendar there":  "there Asia/Omsk false 2000-01-03T03:00:00Z",
			"center club":     "office Europe/Moscow true 2000-01-01T09:00:00Z",
			"line near":       "office Europe/Moscow true 2000-01-01T09:00:00Z",
			"line far":        "there Asia/Omsk false 2000-01-03T03:00:00Z",
			"line help":       "  true <nil>",
		}
		told := h.as("boss", "GET", "/api/v1/hours", "").want(200)
		for _, item := range told.field("items").([]any) {
			a := item.(map[string]any)
			of := fmt.Sprint(a["of"], " ", a["id"])
			got := fmt.Sprintf("%v %v %v %v", a["calendar_id"], a["time_zone"], a["open"], a["changes_at"])
			if w, ok := want[of]; ok && got != w {
				t.Errorf("%s: %s, want %s", of, got, w)
			}
			delete(want, of)
		}
		if len(want) > 0 {
			t.Errorf("at %v nothing is told of %v", time.Now(), want)
		}
	})
}

// proves BT-02: before hours are put they are shown day by day, in the zone they
// will be read in, and what can't be is refused where it stands.
func TestBT02_HoursAhead(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "PUT", "/api/v1/centers/club", `{"time_zone":"Asia/Kamchatka"}`).want(200)
		week := `"week":[{"weekday":1,"from":840,"to":1080},{"weekday":1,"from":540,"to":780},{"weekday":5,"from":1320,"to":360}]`
		got := h.as("boss", "POST", "/api/v1/hours/preview", `{`+week+`,"center_id":"club","days":[{"date":"--01-10","name":"Founding"},{"date":"2000-01-14","name":"Short","hours":[{"from":600,"to":720}]}]}`).want(200)
		want := map[string]string{ // it is Saturday, the first of January, noon in Kamchatka
			"2000-01-01": "false  []", "2000-01-03": "false  [map[from:540 to:780] map[from:840 to:1080]]",
			"2000-01-07": "false  [map[from:1320 to:360]]", "2000-01-10": "true Founding []", "2000-01-14": "true Short [map[from:600 to:720]]",
		}
		days := got.field("days").([]any)
		for _, one := range days {
			d := one.(map[string]any)
			told := fmt.Sprint(d["special"], " ", d["name"], " ", d["hours"])
			if w, ok := want[d["date"].(string)]; ok && told != w {
				t.Errorf("%v: %s, want %s", d["date"], told, w)
			}
			delete(want, d["date"].(string))
		}
		if len(days) != 14 || len(want) > 0 || got.field("time_zone") != "Asia/Kamchatka" || got.field("open") != false || got.field("changes_at") != "2000-01-02T21:00:00Z" {
			t.Errorf("%d days without %v: %s", len(days), want, got.Body)
		}
		for body, field := range map[string]string{
			`{"time_zone":"Mars/Base"}`:                        "time_zone",
			`{"week":[{"weekday":8,"from":0,"to":60}]}`:        "week",
			`{"days":[{"date":"--02-30"}]}`:                    "days",
			`{"days":[{"date":"--02-01"},{"date":"--02-01"}]}`: "days",
		} {
			if got := h.as("boss", "POST", "/api/v1/hours/preview", body).want(422).field("field"); got != field {
				t.Errorf("%s: refused for %v, want %s", body, got, field)
			}
		}
		h.as("oleg", "POST", "/api/v1/hours/preview", `{}`).want(403)
	})
}

// proves CV-07: a center can say that it has no agents although the organisation
// has, and takes that back.
func TestCV07_NoAgentsHere(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "PUT", "/api/v1/agents/bot", `{"kind":"bot"}`).want(200)
		h.as("boss", "PUT", "/api/v1/settings/default", `{"policy":{"agents":["bot"]}}`).want(200)
		put := func(tag, body, want string) string {
			a := h.as("boss", "PUT", "/api/v1/settings/shop", body, "If-Match", tag).want(200)
			if got := fmt.Sprint(a.field("in_force", "policy", "agents")); got != want {
				t.Errorf("%s: agents in force %s, want %s", body, got, want)
			}
			return a.Header().Get("ETag")
		}
		tag := put("0", `{"affinity":false}`, "[bot]")
		tag = put(tag, `{"own_agents":true}`, "<nil>")
		put(tag, `{}`, "[bot]")
	})
}
