package main

import (
	"bufio"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

// signLine is where the demonstration says who can sign in.
var signLine = regexp.MustCompile(`^  (operator|supervisor|administrator) +login (\S+) +password (\S+)`)

// startDemo starts a demonstration without recorded conversations, and returns
// where it is and what clients are of each position, once it serves.
func startDemo(t *testing.T, dir string) (*exec.Cmd, string, map[string]client) {
	t.Helper()
	c := exec.Command("crafttalkd", "demo", "--play", "0s")
	log := &tail{}
	c.Env, c.Stderr = append(os.Environ(), "TMPDIR="+dir), log
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill() })
	url, clients := "", map[string]client{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		if _, after, ok := strings.Cut(line, "Sign in at "); ok {
			url, _, _ = strings.Cut(after, " ")
		}
		if m := signLine.FindStringSubmatch(line); m != nil {
			p, err := signIn(url, m[2], m[3])
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			clients[m[1]] = p
		}
		if strings.Contains(line, "Ctrl+C") {
			return c, url, clients
		}
	}
	t.Fatalf("the demonstration ended: %v\n%s", c.Wait(), log)
	return nil, "", nil
}

// demoWorkplace is what the test reads of a workplace.
type demoWorkplace struct {
	User                                         struct{ Login string }
	Operators, Topics, Lines, Templates, Phrases []object
	Accounts                                     []struct{ Kind, Name string }
	Settings                                     struct{ Timer struct{ Marks []object } }
}

// The demonstration goes on serving: who signs in by what it printed finds a
// furnished workplace, customers who wait, and gets work on going online. It
// ends at once, and nothing stays behind. Proves WS-01, OP-11, TM-07, TM-08.
func TestDemoHasWork(t *testing.T) {
	dir := t.TempDir()
	c, url, clients := startDemo(t, dir)
	var w demoWorkplace
	if err := clients["operator"].ask("GET", "/api/v1/workplace", nil, &w); err != nil {
		t.Fatal(err)
	}
	for what, n := range map[string][2]int{"topics": {len(w.Topics), 12}, "templates": {len(w.Templates), 10}, "phrases": {len(w.Phrases), 3},
		"operators": {len(w.Operators), 2}, "lines": {len(w.Lines), 10}, "accounts": {len(w.Accounts), 3}, "marks": {len(w.Settings.Timer.Marks), 2}} {
		if n[0] < n[1] {
			t.Errorf("the workplace has %d %s, want at least %d", n[0], what, n[1])
		}
	}
	var shop struct {
		OwnAgents bool `json:"own_agents"`
		Agents    []string
	}
	if err := clients["administrator"].ask("GET", "/api/v1/accounts/shop", nil, &shop); err != nil || !shop.OwnAgents || len(shop.Agents) != 3 {
		t.Errorf("customers of the shop meet %+v, %v", shop, err)
	}
	checkDemoBot(t, url)
	checkDemoKnowledge(t, clients["operator"])
	var now struct{ Counters struct{ Waiting int } }
	if err := clients["supervisor"].ask("GET", "/api/v1/monitoring", nil, &now); err != nil || now.Counters.Waiting < 5 {
		t.Errorf("%d customers wait, want at least 5: %v", now.Counters.Waiting, err)
	}
	if err := clients["administrator"].ask("GET", "/api/v1/users", nil, nil); err != nil {
		t.Error(err)
	}
	second := assignedAgain(t, url, clients["operator"].token)
	checkDemoCustomer(t, clients["operator"], second)

	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("interrupted, it ended with %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v stays behind, %v", left, err)
	}
}

// checkDemoBot fails unless a visitor of the shop is greeted.
func checkDemoBot(t *testing.T, url string) {
	t.Helper()
	s, err := visit(url, "shop")
	if err != nil {
		t.Fatal(err)
	}
	defer s.ws.Close()
	if _, err := s.write(&wire.FromClient{Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: "m1", Content: &event.Content{Text: "Где мой заказ?"}}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.ws.SetReadDeadline(time.Now().Add(startTime)); err != nil {
		t.Fatal(err)
	}
	for {
		f, err := s.read()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(f.GetBubble().GetContent().GetText(), "бот магазина") {
			return
		}
	}
}

// checkDemoKnowledge fails unless the operator finds articles, and the survey of
// the manual with what it says when all is well.
func checkDemoKnowledge(t *testing.T, c client) {
	t.Helper()
	var all struct{ Total int }
	if err := c.ask("GET", "/api/v1/articles", nil, &all); err != nil || all.Total < 30 {
		t.Errorf("there are %d articles, want at least 30: %v", all.Total, err)
	}
	var found struct {
		Items []struct {
			ID string `json:"article_id"`
		}
	}
	if err := c.ask("GET", "/api/v1/kb/search?q=заблокировали%20карту", nil, &found); err != nil || len(found.Items) == 0 || found.Items[0].ID != "card-blocked" {
		t.Errorf("a blocked card leads to %+v, %v", found.Items, err)
	}
	var survey struct {
		Slots   []string `json:"slot_ids"`
		Answers []struct{ Text string }
	}
	if err := c.ask("GET", "/api/v1/kb/articles/quality", nil, &survey); err != nil || len(survey.Slots) != 3 || survey.Answers[0].Text != "Рады, что Вам все понравилась!" {
		t.Errorf("the survey is %+v, %v", survey, err)
	}
}

// assignedAgain brings an operator on reception, and returns a conversation that
// comes from somebody who was here before. Every line hands out by itself, so
// which comes first is anybody's.
func assignedAgain(t *testing.T, url, token string) string {
	t.Helper()
	s, err := dial(url, "/desk/v1/socket", token)
	if err != nil {
		t.Fatal(err)
	}
	defer s.ws.Close()
	if _, err := s.write(&wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_ONLINE}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.ws.SetReadDeadline(time.Now().Add(startTime)); err != nil {
		t.Fatal(err)
	}
	for {
		f, err := s.read()
		if err != nil {
			t.Fatal(err)
		}
		_, ok := f.GetEntry().GetFact().Unwrap().(*event.ConversationAssigned)
		if id := strings.TrimPrefix(f.GetEntry().GetStream(), event.ConversationStream); ok && strings.HasSuffix(id, ".2") {
			return id
		}
	}
}

// checkDemoCustomer fails unless the operator can read who it is, and the
// earlier conversation, which was closed with a topic.
func checkDemoCustomer(t *testing.T, operator client, conversation string) {
	t.Helper()
	id, _, _ := strings.Cut(conversation, ".")
	var who struct {
		Name          string
		Fields        map[string]string
		Conversations []string
	}
	if err := operator.ask("GET", "/api/v1/customers/"+id, nil, &who); err != nil {
		t.Fatal(err)
	}
	if who.Name == "" || who.Fields["phone"] == "" || len(who.Conversations) != 2 {
		t.Fatalf("who waits again is %+v, want a name, a phone and two conversations", who)
	}
	var earlier struct {
		Phase       string
		Disposition struct {
			TopicID string `json:"topic_id"`
		}
	}
	if err := operator.ask("GET", "/api/v1/conversations/"+who.Conversations[0], nil, &earlier); err != nil {
		t.Fatal(err)
	}
	if earlier.Phase != "closed" || earlier.Disposition.TopicID == "" {
		t.Errorf("the earlier conversation is %+v, want it closed with a topic", earlier)
	}
}
