package queue_test

import (
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/event"
	"crafttalkd/actors/queue"
	"crafttalkd/actors/shell"
)

var machine = shell.Machine[queue.State, queue.Command]{
	Decide:   queue.Decide,
	Apply:    queue.Apply,
	Deadline: queue.Deadline,
	Wake:     queue.Wake{},
	Version:  queue.Version,
}

// Each script opens with the sentence it proves and the row that promises it.
func TestScripts(t *testing.T) {
	actortest.Run(t, "../../testdata/queue", machine, parse)
}

// A line reads the words of one line of a script.
type line struct {
	t *testing.T
	d *datadriven.TestData
}

func parse(t *testing.T, d *datadriven.TestData) queue.Command {
	l := line{t, d}
	switch d.Cmd {
	case "configure":
		return queue.Configure{Line: "sales", Affinity: !d.HasArg("no-affinity"), PriorityWorth: l.time("worth")}
	case "enter":
		return l.enter()
	case "leave":
		return queue.Leave{Conversation: l.word("c"), Turn: l.number("turn", 1), Cause: event.Cause_ASSIGNED}
	case "see":
		return queue.See{Operator: l.word("op"), Standing: l.standing()}
	case "gone":
		return queue.See{Operator: l.word("op"), Gone: true}
	case "accept":
		return queue.See{Operator: l.word("op"), Standing: l.standing(), Offer: l.word("offer"), Outcome: event.Outcome_ACCEPTED}
	case "decline":
		return queue.See{Operator: l.word("op"), Standing: l.standing(), Offer: l.word("offer"), Outcome: event.Outcome_DECLINED}
	}
	t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
	return nil
}

// enter reads a conversation that has waited for its age; until is when its
// wish for a certain operator ends.
func (l line) enter() queue.Command {
	c := queue.Enter{
		Conversation: l.word("c"), Turn: l.number("turn", 1),
		Routing: &event.Routing{LineId: "sales", Language: l.word("lang"), Skills: l.words("skills"),
			Priority: int32(l.number("priority", 0))},
		Since: actortest.Epoch.Add(-l.time("age")), Preferred: l.words("preferred"),
		Wanted: l.word("wanted"), Avoid: l.words("avoid"),
	}
	if l.d.HasArg("until") {
		c.WantedUntil = actortest.Epoch.Add(l.time("until"))
	}
	return c
}

func (l line) standing() *event.Standing {
	st := &event.Standing{
		Seq: l.number("seq", 1), Open: !l.d.HasArg("closed"),
		Capacity: int32(l.number("capacity", 1)), Held: int32(l.number("held", 0)),
		IdleSince: timestamppb.New(actortest.Epoch.Add(-l.time("idle"))),
		LineIds:   []string{"sales"}, Languages: l.words("langs"), Skills: l.words("skills"),
	}
	if l.d.HasArg("lines") {
		st.LineIds = l.words("lines")
	}
	return st
}

func (l line) word(key string) (s string) {
	l.d.MaybeScanArgs(l.t, key, &s)
	return s
}

func (l line) words(key string) []string {
	for _, a := range l.d.CmdArgs {
		if a.Key == key {
			return a.Vals
		}
	}
	return nil
}

func (l line) number(key string, usual uint64) uint64 {
	l.d.MaybeScanArgs(l.t, key, &usual)
	return usual
}

func (l line) time(key string) time.Duration {
	s := l.word(key)
	if s == "" {
		return 0
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		l.t.Fatalf("%s: %v", l.d.Pos, err)
	}
	return d
}

// The place in line is the waiting age and the priority's worth; who is
// offered to somebody is still in line. proves RT-05
func TestWaitingIsInOrderOfPlace(t *testing.T) {
	var s queue.State
	enter := func(id string, age time.Duration, priority int32) {
		events, err := queue.Decide(s, queue.Enter{Conversation: id, Turn: 1, Since: actortest.Epoch.Add(-age),
			Routing: &event.Routing{LineId: "sales", Priority: priority}}, actortest.Epoch)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			s = queue.Apply(s, e)
		}
	}
	enter("new", 0, 0)
	enter("urgent", 0, 1)
	enter("aged", 11*time.Minute, 0)
	enter("old", 9*time.Minute, 0)
	want := []string{"aged", "urgent", "old", "new"}
	if queue.Len(s) != len(want) {
		t.Errorf("Len = %d, want %d", queue.Len(s), len(want))
	}
	for i, w := range queue.Waiting(s) {
		if w.Conversation != want[i] {
			t.Errorf("place %d: %s, want %s", i+1, w.Conversation, want[i])
		}
	}
}

// Who is not waiting has nothing to be explained.
func TestG20_NothingIsSaidOfStrangers(t *testing.T) {
	var s queue.State
	if v := queue.Explain(s, "c1"); v != nil {
		t.Errorf("Explain = %v, want nil", v)
	}
	if why := queue.Why(s, "c1", "oleg"); why != "not_waiting" {
		t.Errorf("Why = %q, want not_waiting", why)
	}
}

// A queue remembers the last few thousand who left, and no more.
func TestMemoryOfTheLeftIsBounded(t *testing.T) {
	var s queue.State
	do := func(c queue.Command) int {
		events, err := queue.Decide(s, c, actortest.Epoch)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			s = queue.Apply(s, e)
		}
		return len(events)
	}
	name := func(i int) string { return time.Duration(i).String() }
	for i := range 5000 {
		do(queue.Enter{Conversation: name(i), Turn: 1, Since: actortest.Epoch, Routing: &event.Routing{LineId: "sales"}})
		do(queue.Leave{Conversation: name(i), Turn: 1})
	}
	if len(s.Left) != 4096 {
		t.Errorf("%d are remembered, want 4096", len(s.Left))
	}
	s = reread(s)
	for _, i := range []int{4999, 5000 - 4096} {
		if n := do(queue.Enter{Conversation: name(i), Turn: 1, Since: actortest.Epoch, Routing: &event.Routing{LineId: "sales"}}); n != 0 {
			t.Errorf("the %d. came in again", i)
		}
	}
}

// Sets of skills come and go; however many there have been, who fits is found.
// proves RT-01
func TestG19_SkillsComeAndGo(t *testing.T) {
	var s queue.State
	do := func(c queue.Command) (offers int) {
		events, err := queue.Decide(s, c, actortest.Epoch)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if _, made := e.(*event.OfferMade); made {
				offers++
			}
			s = queue.Apply(s, e)
		}
		return offers
	}
	for i := range uint64(1000) {
		skill := time.Duration(i).String()
		do(queue.Enter{Conversation: skill, Turn: 1, Since: actortest.Epoch, Routing: &event.Routing{LineId: "sales", Skills: []string{skill}}})
		st := &event.Standing{Seq: i + 1, Open: true, Capacity: 1, LineIds: []string{"sales"}, Skills: []string{skill}}
		if n := do(queue.See{Operator: "oleg", Standing: st}); n != 1 {
			t.Fatalf("%d offers of the one who asks for %s", n, skill)
		}
		do(queue.Leave{Conversation: skill, Turn: 1})
		if why := queue.Why(s, skill, "oleg"); why != "not_waiting" {
			t.Fatalf("Why(%s) = %s after it left", skill, why)
		}
	}
}
