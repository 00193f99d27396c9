package directory_test

import (
	"fmt"
	"testing"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// proves CV-07: a conversation passes the agents of its account, else of its
// center, else of the organisation, but none that is disabled; who meets none needs
// no words to get past. An account and a center can say that theirs are none.
func TestCV07_ChainOfAnAccount(t *testing.T) {
	chain := func(center string, own bool, agents ...string) *event.Settings {
		return &event.Settings{CenterId: center, OwnAgents: own, Policy: &event.Policy{Agents: agents}}
	}
	s := build(t,
		&event.Center{CenterId: "north"}, &event.Center{CenterId: "south"}, &event.Center{CenterId: "west"},
		&event.Agent{AgentId: "hello", Kind: directory.Greeting, ArticleId: "a1"},
		&event.Agent{AgentId: "bot", Kind: directory.Bot}, &event.Agent{AgentId: "off", Kind: directory.Bot, Disabled: true},
		chain("", false, "bot"), chain("north", false, "hello", "off", "bot"), chain("west", true),
	)
	for _, tt := range []struct {
		name    string
		account *event.Account
		want    string
	}{
		{"the center's", &event.Account{CenterId: "north"}, "[hello bot]"},
		{"its own", &event.Account{CenterId: "north", OwnAgents: true, Agents: []string{"bot", "hello"}}, "[bot hello]"},
		{"its own is none", &event.Account{CenterId: "north", OwnAgents: true}, "[]"},
		{"all are disabled", &event.Account{CenterId: "north", OwnAgents: true, Agents: []string{"off"}}, "[]"},
		{"the organisation's", &event.Account{CenterId: "south"}, "[bot]"},
		{"its center's are none", &event.Account{CenterId: "west"}, "[]"},
		{"its own where the center has none", &event.Account{CenterId: "west", OwnAgents: true, Agents: []string{"hello"}}, "[hello]"},
		{"removed since", &event.Account{CenterId: "north", OwnAgents: true, Agents: []string{"gone", "bot"}}, "[bot]"},
	} {
		p := s.PolicyFor(tt.account)
		if got := fmt.Sprint(p.Agents); got != tt.want {
			t.Errorf("%s: agents = %s, want %s", tt.name, got, tt.want)
		}
		if met := len(p.Agents) > 0; met != (len(p.PersonWords) > 0) {
			t.Errorf("%s: agents %v and words %v", tt.name, p.Agents, p.PersonWords)
		}
	}
	if got := len(s.Settings["north"].Value.Policy.Agents); got != 3 {
		t.Errorf("the settings have %d agents after a policy was made of them", got)
	}
}

// proves BT-02: a line's hours before its center's, a calendar's zone before
// the center's.
func TestBT02_HoursOfALine(t *testing.T) {
	s := build(t,
		&event.Calendar{CalendarId: "office", TimeZone: "Asia/Omsk"}, &event.Calendar{CalendarId: "late"},
		&event.Center{CenterId: "north", CalendarId: "office", TimeZone: "Europe/Moscow"}, &event.Center{CenterId: "south", TimeZone: "Europe/Samara"},
		&event.Line{LineId: "sales", CenterId: "north"}, &event.Line{LineId: "repairs", CenterId: "north", CalendarId: "late"},
		&event.Line{LineId: "loans", CenterId: "south"},
	)
	for _, tt := range []struct{ center, line, want string }{
		{"north", "sales", "office Asia/Omsk"}, {"north", "repairs", "late Europe/Moscow"}, {"north", "", "office Asia/Omsk"},
		{"south", "loans", " Europe/Samara"}, {"north", "loans", " Europe/Samara"}, {"", "", " "},
	} {
		c, zone := s.Hours(tt.center, tt.line)
		if got := c.GetCalendarId() + " " + zone; got != tt.want {
			t.Errorf("Hours(%s, %s) = %q, want %q", tt.center, tt.line, got, tt.want)
		}
	}
}
