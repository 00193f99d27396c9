package wall

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

var nine = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func at(minutes int) *timestamppb.Timestamp {
	return timestamppb.New(nine.Add(time.Duration(minutes) * time.Minute))
}

// story is a conversation that comes through everybody's hands.
var story = []event.Event{
	&event.ConversationOpened{At: at(0), CustomerId: "anna", CustomerName: "Anna", AccountId: "site", Kind: "widget", CenterId: "shop",
		Routing: &event.Routing{LineId: "help"}},
	&event.MessageReceived{At: at(0), MessageId: "m1"},
	&event.AgentEngaged{At: at(0), AgentId: "bot"},
	&event.MessageSent{At: at(1), AgentId: "bot"},
	&event.ConversationQueued{At: at(2), Since: at(2), Routing: &event.Routing{LineId: "sales", Priority: 1}, Cause: event.Cause_AGENT_HANDED_OVER},
	&event.ConversationAssigned{At: at(5), OperatorId: "oleg", Forced: true},
	&event.MessageSent{At: at(6), OperatorId: "oleg"},
	&event.MessageReceived{At: at(7), MessageId: "m2"},
	&event.MessageReceived{At: at(8), MessageId: "m3"},
	&event.CustomerDetached{At: at(9), OperatorId: "oleg"},
	&event.AgentEngaged{At: at(9), AgentId: "silence"},
	&event.ConversationClosed{At: at(10)},
	&event.RatingGiven{At: at(11), Rating: 5},
}

// proves MN-03, MN-06, MN-07: who keeps a conversation, since when, and since
// when it is owed an answer, step by step; that has an end with the conversation.
func TestMN03_WhoKeepsItSinceWhen(t *testing.T) {
	m := New()
	for i, want := range []struct {
		shown      bool
		phase      Phase
		keeper     string
		since, owe int // minutes; -1 for not
	}{
		{true, Opened, "", 0, -1}, {true, Opened, "", 0, -1}, {true, Automatic, "bot", 0, -1}, {false, Automatic, "bot", 0, -1},
		{true, Waiting, "sales", 2, -1}, {true, Served, "oleg", 5, 5}, {true, Served, "oleg", 5, -1}, {true, Served, "oleg", 5, 7},
		{false, Served, "oleg", 5, 7}, {false, Served, "oleg", 5, 7}, {true, Silent, "silence", 9, -1}, {true, "", "", 0, 0}, {false, "", "", 0, 0},
	} {
		if got := m.Converse("anna.1", uint64(i+1), story[i]); got != want.shown {
			t.Errorf("%T: changed %v, want %v", story[i], got, want.shown)
		}
		c := m.Conversations["anna.1"]
		if c == nil {
			if want.phase != "" {
				t.Errorf("%T: it is gone", story[i])
			}
			continue
		}
		owed := -1
		if !c.Owed().IsZero() {
			owed = int(c.Owed().Sub(nine).Minutes())
		}
		if c.Phase != want.phase || c.Keeper != want.keeper || !c.Since.Equal(at(want.since).AsTime()) || owed != want.owe {
			t.Errorf("%T: %s of %q since %v, owed since %d, want %+v", story[i], c.Phase, c.Keeper, c.Since, owed, want)
		}
	}
}

// What is brought twice, or begins in the middle, changes nothing.
func TestEventsBearRepetition(t *testing.T) {
	once := New()
	for i, e := range story[:8] {
		once.Converse("anna.1", uint64(i+1), e)
	}
	m := New()
	for end := range 8 {
		for i := range end + 1 {
			m.Converse("anna.1", uint64(i+1), story[i])
		}
	}
	m.Converse("boris.1", 7, story[6])
	if !reflect.DeepEqual(m.Conversations["anna.1"], once.Conversations["anna.1"]) || len(m.Conversations) != 1 {
		t.Errorf("repeated: %+v, once: %+v", m.Conversations["anna.1"], once.Conversations["anna.1"])
	}
	m.Work("oleg", 1, &event.OperatorConfigured{Standing: &event.Standing{Capacity: 3}})
	if !m.Knows("oleg", 2) || m.Knows("oleg", 4) || m.Knows("olga", 2) || !m.Knows("olga", 1) {
		t.Error("whose events can be brought is told wrong")
	}
}

// An alert is raised once and is over once, however the value dances around its
// bound, and never raised below it. Values are drawn; the test knows the rule.
func TestAlertsRingOnce(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 1))
	up := map[string]Alert{}
	is, raised := false, 0
	for i := range 5000 {
		a := Alert{Kind: LongQueue, Center: "shop", Subject: "help", Value: float64(draw.IntN(20)), Bound: 10}
		raise, over := Judge(up, []Alert{a}, nine.Add(time.Duration(i)*time.Second))
		wantRaise, wantOver := !is && a.Value > 10, is && a.Value <= 8
		if (len(raise) == 1) != wantRaise || (len(over) == 1) != wantOver {
			t.Fatalf("at %v, up %v: raised %v, over %v", a.Value, is, raise, over)
		}
		for _, r := range raise {
			up[r.Key()] = r
			is, raised = true, raised+1
		}
		for _, key := range over {
			delete(up, key)
			is = false
		}
	}
	if raised < 100 {
		t.Errorf("raised %d times: the values tried nothing", raised)
	}
	up = map[string]Alert{"queue/shop/help": {}}
	if _, over := Judge(up, nil, nine); len(over) != 1 {
		t.Error("what is measured no more is not over")
	}
	if _, over := Judge(up, []Alert{{Kind: LongQueue, Center: "shop", Subject: "help", Value: 100}}, nine); len(over) != 1 {
		t.Error("what has no bound any more is not over")
	}
}

// Each bound is held against what it is about.
func TestMeasure(t *testing.T) {
	m := New()
	for i, id := range []string{"a.1", "b.1", "c.1", "d.1"} {
		m.Converse(id, 1, story[0])
		m.Converse(id, 2, story[1])
		m.Converse(id, 3, &event.ConversationQueued{At: at(i), Since: at(i), Routing: &event.Routing{LineId: "help"}})
	}
	m.Converse("d.1", 4, &event.ConversationAssigned{At: at(4), OperatorId: "oleg"})
	policy := func(string) *event.AlertPolicy {
		return &event.AlertPolicy{QueueOver: 2, WaitingOver: durationpb.New(5 * time.Minute), UnansweredOver: durationpb.New(3 * time.Minute)}
	}
	raise, _ := Judge(nil, m.Measure(policy, nine.Add(8*time.Minute)), nine)
	got := map[string]float64{}
	for _, a := range raise {
		got[a.Key()] = a.Value
	}
	want := map[string]float64{"queue/shop/help": 3, "waiting/shop/help": 480, "unanswered/shop/oleg": 240}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("raised %v, want %v", got, want)
	}
	none := func(string) *event.AlertPolicy { return nil }
	if raise, _ := Judge(nil, m.Measure(none, nine.Add(time.Hour)), nine); len(raise) > 0 {
		t.Errorf("without bounds %v", raise)
	}
}
