package figures

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// sec is a moment of the conversation below.
func sec(n int) *timestamppb.Timestamp {
	return timestamppb.New(noon.Add(time.Duration(n) * time.Second))
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func folded(t *testing.T, facts ...event.Event) Case {
	t.Helper()
	c, err := Fold(func(yield func(event.Event, error) bool) {
		for _, e := range facts {
			if !yield(e, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func says(text string) *event.Content { return &event.Content{Text: text} }

// proves G40: what a conversation comes to, with every rule of the edges in it: a
// question of several messages, an answer after a hold phrase, a transfer, a
// machine of the customer's, words that were erased, a rating after the end.
func TestG40_AConversationInNumbers(t *testing.T) {
	at := func(n int) time.Time { return sec(n).AsTime() }
	c := folded(t,
		&event.ConversationOpened{At: sec(0), ConversationId: "p1.1", CustomerId: "p1", AccountId: "site", Kind: "widget", CenterId: "shop"},
		&event.MessageReceived{At: sec(0)}, &event.AgentEngaged{At: sec(0), AgentId: "bot"},
		&event.MessageSent{At: sec(1), AgentId: "bot", Content: says("a bot's answer is not an operator's")},
		&event.MessageReceived{At: sec(5)},
		&event.ConversationQueued{At: sec(6), Routing: &event.Routing{LineId: "help", Language: "ru"}},
		&event.ConversationAssigned{At: sec(20), OperatorId: "oleg"},
		&event.MessageSent{At: sec(25), OperatorId: "oleg", Purpose: event.Purpose_HOLD_REPLY, Content: says("минуту")},
		&event.MessageSent{At: sec(30), OperatorId: "oleg", Content: says("да")},
		&event.MessageSent{At: sec(31), OperatorId: "oleg"},
		&event.MessageReceived{At: sec(40), Automatic: true},
		&event.MessageReceived{At: sec(50)}, &event.MessageReceived{At: sec(55)},
		&event.ConversationQueued{At: sec(60), Routing: &event.Routing{LineId: "loans"}},
		&event.ConversationAssigned{At: sec(80), OperatorId: "olga"},
		&event.MessageSent{At: sec(90), OperatorId: "olga", Content: says("нет")},
		&event.RoutingSet{At: sec(91), Routing: &event.Routing{LineId: "loans", Skills: []string{"vip"}}},
		&event.ConversationClosed{At: sec(100), OperatorId: "olga", TopicId: "fees", Dissatisfied: new(true)},
		&event.RatingGiven{At: sec(110), Rating: 2}, &event.RatingGiven{At: sec(120), Rating: 4}, &event.CustomerChanged{At: sec(130), CustomerId: "p2"},
		&event.MessageLabelled{At: sec(140), MessageId: "m1"}, &event.MessageLabelled{At: sec(140), MessageId: "m2"}, &event.MessageLabelled{At: sec(141), MessageId: "m1", Cleared: true},
		&event.ConversationReviewed{At: sec(150), By: "vera"})
	want := Case{ID: "p1.1", Customer: "p2", Account: "site", Kind: "widget", Center: "shop", Line: "loans", Skills: []string{"vip"}, Topic: "fees",
		Opened: at(0), Closed: at(100), ClosedBy: "olga", Dissatisfied: new(true), Rating: 4, Reviewed: at(150), ReviewedBy: "vera", Labels: 1,
		Sessions: []Session{{Agent, "bot", at(0), at(6)}, {Queue, "help", at(6), at(20)}, {Operator, "oleg", at(20), at(60)},
			{Queue, "loans", at(60), at(80)}, {Operator, "olga", at(80), at(100)}},
		Asked: 4, Began: at(0), Answered: at(30),
		Works: []Work{{"oleg", 3, 2, 8}, {"olga", 1, 1, 3}},
		Pairs: []Pair{{"oleg", at(20), at(30)}, {"olga", at(80), at(90)}}}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("the case is\n%+v, want\n%+v", c, want)
	}
	waited, _ := c.Waited()
	first, _ := c.First()
	if operator, _ := c.Keeper(); waited != 34*time.Second || first != 24*time.Second || c.Kept("oleg") != 40*time.Second || operator != "olga" || c.Handling() != ByOperator {
		t.Errorf("it waited %v, was answered after %v, was with oleg for %v and with %s last: %s", waited, first, c.Kept("oleg"), operator, c.Handling())
	}
}

func TestWhoKeptLast(t *testing.T) {
	for _, tt := range []struct {
		name            string
		facts           []event.Event
		operator, agent string
		handling        Handling
	}{
		{"an agent alone", []event.Event{&event.AgentEngaged{AgentId: "bot"}, &event.ConversationClosed{AgentId: "bot"}}, "", "bot", Automatic},
		{"an operator, then silence", []event.Event{&event.ConversationAssigned{OperatorId: "oleg"}, &event.AgentEngaged{AgentId: "silence"},
			&event.ConversationClosed{AgentId: "silence"}}, "oleg", "", ByOperator},
		{"nobody, and a supervisor closed it", []event.Event{&event.AgentEngaged{AgentId: "bot"}, &event.ConversationQueued{}, &event.ConversationClosed{OperatorId: "boss"}},
			"boss", "", Unserved},
	} {
		c := folded(t, tt.facts...)
		if operator, agent := c.Keeper(); operator != tt.operator || agent != tt.agent || c.Handling() != tt.handling {
			t.Errorf("%s: %q, %q, %s", tt.name, operator, agent, c.Handling())
		}
	}
	fault := errors.New("a fault")
	if _, err := Fold(func(yield func(event.Event, error) bool) { yield(nil, fault) }); err != fault {
		t.Errorf("a fold of a fault: %v", err)
	}
}

// proves ST-02: every figure is named and explained in both languages.
func TestST02_FiguresAreDefined(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range Definitions() {
		if d.ID == "" || seen[d.ID] || d.Name.En == "" || d.Name.Ru == "" || d.Formula.En == "" || d.Formula.Ru == "" || (d.Edges.En == "") != (d.Edges.Ru == "") ||
			d.Unit == "" || d.value == nil || d.behind == nil {
			t.Errorf("%+v", d)
		}
		seen[d.ID] = true
	}
	for _, id := range []string{"total", "automatic", "by_operators", "close_time", "operator_messages", "customer_messages", "response_time"} {
		if !seen[id] {
			t.Errorf("the manual's %s is not there", id)
		}
	}
	if Defined("nonsense") != nil {
		t.Error("nonsense is defined")
	}
}
