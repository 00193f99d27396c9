package wall_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wall"
)

func stamp(t time.Time) *timestamppb.Timestamp { return timestamppb.New(t) }

// A day is a random history of the house.
type day struct {
	*house
	draw  *rand.Rand
	all   []string // conversations, ever
	n     int
	staff []string
}

func (h *house) day(seed uint64) *day {
	return &day{house: h, draw: rand.New(rand.NewPCG(seed, 1)), staff: []string{"oleg", "olga", "lena", "zoya"}}
}

func (d *day) one(of []string) string { return of[d.draw.IntN(len(of))] }

// step has somebody do something. What is refused has not happened.
func (d *day) step(t *testing.T) {
	t.Helper()
	d.n++
	id := fmt.Sprint(d.n)
	staff := d.one(d.staff)
	if len(d.all) == 0 || d.draw.IntN(4) == 0 {
		conv := d.writes(t, d.one([]string{"bot", "safe"}), fmt.Sprint("customer", d.draw.IntN(12)), id)
		if !slices.Contains(d.all, conv) {
			d.all = append(d.all, conv)
		}
		return
	}
	conv := d.one(d.all)
	stream := event.ConversationStream + conv
	try := func(stream string, cmd any) { d.System.Ask(t.Context(), stream, cmd) }
	switch d.draw.IntN(12) {
	case 0, 1:
		presence := []event.Presence{event.Presence_ONLINE, event.Presence_ONLINE, event.Presence_LUNCH, event.Presence_INVISIBLE, event.Presence_OFFLINE}
		try(event.OperatorStream+staff, operator.SetPresence{Presence: presence[d.draw.IntN(5)], By: "boss"})
	case 2, 3:
		try(stream, conversation.Reply{Operator: staff, ID: "r" + id, Content: &event.Content{Text: "yes"}})
	case 4:
		try(stream, conversation.Close{Operator: staff})
	case 5:
		try(stream, conversation.Transfer{Operator: staff, ID: "t" + id, Routing: &event.Routing{LineId: d.one([]string{"help", "loans"})}})
	case 6:
		try(stream, conversation.Return{By: "boss"})
	case 7:
		try(stream, conversation.Prioritize{By: "boss", Priority: int32(d.draw.IntN(3))})
	case 8:
		try(event.OperatorStream+staff, operator.Force{Conversation: conv, Offer: "f" + id, By: "boss"})
	case 9:
		try(stream, conversation.Requeue{Operator: staff, Cause: event.Cause_RETURNED})
	case 10:
		try(event.OperatorStream+staff, operator.Connect{})
		try(event.OperatorStream+staff, operator.Disconnect{Grace: time.Hour})
	case 11:
		u := livetest.User("olga")
		u.Capacity, u.FirstName = int32(1+d.draw.IntN(5)), fmt.Sprint("Olga", d.draw.IntN(3))
		d.Put(u)
	}
}

func (d *day) steps(t *testing.T, n int) {
	t.Helper()
	for range n {
		d.step(t)
	}
	d.idle(t)
}

// proves MN-01, MN-02, MN-03, MN-06, MN-08: whatever happens, what is shown to
// whoever looks on is what the actors say, and nothing from beyond the routing
// settings; by what is told piece by piece, to who comes later, and after a
// restart.
func TestMN08_TheWallIsWhatTheActorsSay(t *testing.T) {
	t.Parallel()
	h := open(t, wall.None, nil)
	d := h.day(8)
	for range 2 {
		chief, boss := h.look(t, "chief"), h.look(t, "boss")
		for range 3 {
			d.steps(t, 50)
			h.settled(t, chief, "chief", d.all)
			h.settled(t, boss, "boss", d.all)
		}
		h.settled(t, h.look(t, "chief"), "chief", d.all)
		if chief.full != 1 || boss.full != 1 {
			t.Errorf("who read on was told everything %d and %d times", chief.full, boss.full)
		}
		h.begin(t, wall.None, nil)
		h.settled(t, h.look(t, "clerk"), "clerk", d.all)
	}
}

// The test above sees a wall that shows whatever there is, and one that leaves
// with a viewer what has left the scope.
func TestMN01_OtherScopesAreSeen(t *testing.T) {
	t.Parallel()
	for f, name := range map[wall.Fault]string{wall.SeesAll: "sees all", wall.Stays: "stays"} {
		t.Run(name, func(t *testing.T) {
			h := open(t, f, nil)
			boss := h.look(t, "boss")
			ours, theirs := h.writes(t, "bot", "anna", "1"), h.writes(t, "safe", "boris", "2")
			h.Put(func() *event.User {
				u := livetest.User("zoya")
				u.LineIds = []string{"loans"}
				u.CenterIds = nil
				return u
			}())
			h.idle(t)
			boss.until(t, "what is ours", func() bool { return boss.conversations[ours] != nil })
			want := h.ask(t, "boss", []string{ours, theirs})
			for range 6 { // everything that is told in a second and a half
				f, err := boss.Next(300 * time.Millisecond)
				if err != nil {
					break
				}
				boss.take(f)
			}
			if want.differs(boss) == "" {
				t.Error("the fault is not seen")
			}
		})
	}
}
