package agent

import (
	"testing"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// proves BT-02: outside the hours a customer is told so, with when somebody will
// be there, and goes on, waits or is let go as the administrator says; a line's
// hours are told before its center's. A bubble begins on a Saturday at midnight.
func TestBT02_OffHours(t *testing.T) {
	office := &event.Calendar{CalendarId: "office", TimeZone: "UTC", Week: []*event.OpenHours{{Weekday: 1, From: 540, To: 1080}}}
	always := &event.Calendar{CalendarId: "always", Week: []*event.OpenHours{
		{Weekday: 1, To: 1440}, {Weekday: 2, To: 1440}, {Weekday: 3, To: 1440}, {Weekday: 4, To: 1440}, {Weekday: 5, To: 1440}, {Weekday: 6, To: 1440}, {Weekday: 7, To: 1440}}}
	told := "> We are back on Monday, 3 January, at 09:00."
	for _, tt := range []struct {
		name, then, article string
		line                *event.Line
		want                []string
	}{
		{"onward", "", "away", nil, []string{told, "engaged bot", "> It costs a rouble."}},
		{"to the queue", directory.ThenQueue, "away", nil, []string{told, "queued AGENT_HANDED_OVER"}},
		{"let go", directory.ThenClose, "away", nil, []string{told, "closed"}},
		{"without a word", directory.ThenQueue, "", nil, []string{"queued AGENT_HANDED_OVER"}},
		{"the article is gone", directory.ThenQueue, "nowhere", nil, []string{"queued AGENT_HANDED_OVER"}},
		{"the line is open", directory.ThenClose, "away", &event.Line{LineId: "help", CenterId: "shop", CalendarId: "always"}, []string{"engaged bot", "> It costs a rouble."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hours := &event.Agent{AgentId: "hours", Kind: directory.Hours, ArticleId: tt.article, Then: tt.then}
			inShop(t, world{}, chain(hours, theBot), func(n *node) {
				n.put(office, always, &event.Center{CenterId: "shop", CalendarId: "office"}, article("away", "We are back {opens}."))
				if tt.line != nil {
					n.put(tt.line)
				}
				id := n.says("anna", "What does it cost?")
				n.want(id, append([]string{"< What does it cost?", "engaged hours"}, tt.want...)...)
			})
		})
	}
	t.Run("open", func(t *testing.T) {
		hours := &event.Agent{AgentId: "hours", Kind: directory.Hours, ArticleId: "away", Then: directory.ThenClose}
		inShop(t, world{}, chain(hours, theBot), func(n *node) {
			n.put(office, &event.Center{CenterId: "shop", CalendarId: "office"}, article("away", "We are back {opens}."))
			pass(2*24*time.Hour + 9*time.Hour)
			n.want(n.says("anna", "What does it cost?"), "< What does it cost?", "engaged hours", "engaged bot", "> It costs a rouble.")
		})
	})
}
