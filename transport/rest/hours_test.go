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
