package operator_test

import (
	"fmt"
	"math/rand"
	"os"
	"reflect"
	"strconv"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/shell"
)

type clerk func(operator.State, operator.Command, time.Time) ([]event.Event, error)

// anything is a command by chance, sensible or not.
func anything(r *rand.Rand) operator.Command {
	c := "c" + strconv.Itoa(r.Intn(4))
	offer := c + "-" + strconv.Itoa(r.Intn(3))
	switch r.Intn(14) {
	case 0:
		lines := [][]string{{"sales"}, {"loans", "sales"}, {"sales", "loans"}, nil}[r.Intn(4)]
		return operator.Configure{ID: "oleg", Version: uint64(r.Intn(60)), Lines: lines,
			Capacity: int32(r.Intn(4)), Removed: r.Intn(8) == 0}
	case 1:
		return operator.SetPresence{Presence: event.Presence(r.Intn(6)), By: []string{"", "boss"}[r.Intn(2)]}
	case 2:
		return operator.Connect{}
	case 3:
		return operator.Disconnect{Grace: time.Duration(r.Intn(20)) * time.Second}
	case 4:
		return operator.Force{Conversation: c, Offer: offer, By: "boss"}
	case 5:
		return operator.Confirm{Conversation: c, Offer: offer}
	case 6, 7:
		return operator.Release{Conversation: c, Offer: offer}
	case 8:
		return operator.TimeOut{Conversation: c, Offer: offer}
	case 9:
		return operator.Wake{}
	case 11:
		return operator.Take{Conversation: c, Offer: offer}
	case 10:
		return operator.SetPresence{Presence: event.Presence_ONLINE}
	}
	return operator.Reserve{Conversation: c, Offer: offer, Line: "sales", Turn: 1}
}

// A run is one operator who is told anything.
type run struct {
	state  operator.State
	now    time.Time
	events []event.Event
}

// tell lets the operator decide c, and then c again, and checks what was said.
func (x *run) tell(decide clerk, c operator.Command) error {
	before := encode(x.state)
	events, refused := decide(x.state, c, x.now)
	switch {
	case encode(x.state) != before:
		return fmt.Errorf("%T changed the state by deciding", c)
	case refused != nil && len(events) > 0:
		return fmt.Errorf("%T was refused and happened", c)
	}
	for _, e := range events {
		if err := x.apply(e); err != nil {
			return fmt.Errorf("%T: %T: %w", c, e, err)
		}
	}
	return x.repeat(decide, c, refused)
}

// repeat checks that a command that has had its effect has no more.
func (x *run) repeat(decide clerk, c operator.Command, refused error) error {
	again, err := decide(x.state, c, x.now)
	for _, e := range again {
		if _, declined := e.(*event.OfferDeclined); !declined {
			return fmt.Errorf("%T led to %T the second time", c, e)
		}
	}
	if refused == nil && err != nil {
		return fmt.Errorf("%T was refused the second time: %w", c, err)
	}
	return nil
}

// apply applies e, and checks its standing against the state it led to.
func (x *run) apply(e event.Event) error {
	seq := x.state.Seq
	held := len(x.state.Slots)
	x.state = operator.Apply(x.state, e)
	x.events = append(x.events, e)
	if err := x.slots(e, held); err != nil {
		return err
	}
	standing, ok := e.(interface{ GetStanding() *event.Standing })
	if !ok {
		return nil
	}
	st := standing.GetStanding()
	if _, declined := e.(*event.OfferDeclined); !declined {
		seq++
	}
	s := x.state
	if st.Seq != seq || s.Seq != seq || st.Open != s.Open() || int(st.Held) != len(s.Slots) ||
		st.Capacity != s.Capacity || !reflect.DeepEqual(append([]string{}, st.LineIds...), append([]string{}, s.Lines...)) {
		return fmt.Errorf("the standing %v is not that of %+v", st, s)
	}
	return nil
}

// slots checks that a slot is taken within the capacity or by force, and that
// whoever holds some may.
func (x *run) slots(e event.Event, held int) error {
	s := x.state
	if e, ok := e.(*event.SlotReserved); ok && !e.Forced && held >= int(s.Capacity) {
		return fmt.Errorf("a slot over the capacity of %d", s.Capacity)
	}
	return nil
}

// idle checks a state between commands.
func (x *run) idle() error {
	s := x.state
	if len(s.Slots) > 0 && s.Presence != event.Presence_ONLINE && s.Presence != event.Presence_INVISIBLE {
		return fmt.Errorf("%d conversations are held while %v", len(s.Slots), s.Presence)
	}
	if due := operator.Deadline(s); !due.IsZero() && !due.After(x.now) {
		return fmt.Errorf("was woken and is due still")
	}
	return nil
}

// live runs one operator for a while, and then again from the events, as a
// journal would give them back.
func live(seed int64, decide clerk) error {
	r := rand.New(rand.NewSource(seed))
	x := &run{now: actortest.Epoch}
	for range 200 {
		x.now = x.now.Add(time.Duration(r.Intn(3000)) * time.Millisecond)
		if err := x.tell(decide, anything(r)); err != nil {
			return err
		}
		if err := x.tell(decide, operator.Wake{}); err != nil {
			return err
		}
		if err := x.idle(); err != nil {
			return err
		}
	}
	return replay(x.events, x.state)
}

func replay(events []event.Event, want operator.State) error {
	var s operator.State
	for i, e := range events {
		b, err := proto.Marshal(event.Wrap(e))
		if err != nil {
			return err
		}
		var f event.Fact
		if err := proto.Unmarshal(b, &f); err != nil {
			return err
		}
		s = operator.Apply(s, f.Unwrap())
		if i%50 == 0 {
			if s, _, err = shell.Decode[operator.State](operator.Version, []byte(encode(s))); err != nil {
				return err
			}
		}
	}
	if a, b := encode(s), encode(want); a != b {
		return fmt.Errorf("state after replay\n%s\nwant\n%s", a, b)
	}
	return nil
}

func encode(s operator.State) string {
	b, err := shell.Encode(operator.Version, s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Whatever an operator is told, in whatever order: no slot is taken over the
// capacity unless forced, every standing is the next and true, a repetition
// changes nothing, and the events alone lead to the same state. OPERATOR_SEED
// names one run. proves RT-02, RT-07, OP-02
func TestG17_AnyCommandsInAnyOrder(t *testing.T) {
	first, n := int64(0), int64(300)
	if s := os.Getenv("OPERATOR_SEED"); s != "" {
		seed, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		first, n = seed, 1
	}
	for seed := first; seed < first+n; seed++ {
		if err := live(seed, operator.Decide); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// Every fault must be seen, or the runs would prove nothing.
func TestG17_FaultsAreSeen(t *testing.T) {
	faults := map[string]clerk{
		"the capacity is ignored": func(s operator.State, c operator.Command, now time.Time) ([]event.Event, error) {
			if _, ok := c.(operator.Reserve); ok {
				s.Capacity++
			}
			return operator.Decide(s, c, now)
		},
		"the own will is over the capacity": func(s operator.State, c operator.Command, now time.Time) ([]event.Event, error) {
			if _, ok := c.(operator.Take); ok {
				s.Capacity++
			}
			return operator.Decide(s, c, now)
		},
		"the number does not rise": func(s operator.State, c operator.Command, now time.Time) ([]event.Event, error) {
			if s.Seq > 0 {
				s.Seq--
			}
			return operator.Decide(s, c, now)
		},
		"conversations are not given back": dropping[*event.SlotReleased],
		"a doubt is not said":              dropping[*event.SlotDoubted],
		"a slot is taken twice": func(s operator.State, c operator.Command, now time.Time) ([]event.Event, error) {
			if _, ok := c.(operator.Reserve); ok {
				s.Slots = nil
			}
			return operator.Decide(s, c, now)
		},
		"a lost connection is open": func(s operator.State, c operator.Command, now time.Time) ([]event.Event, error) {
			if _, ok := c.(operator.Release); ok {
				s.LostUntil = time.Time{}
			}
			return operator.Decide(s, c, now)
		},
	}
	for name, faulty := range faults {
		t.Run(name, func(t *testing.T) {
			for seed := range int64(20) {
				if live(seed, faulty) != nil {
					return
				}
			}
			t.Error("was not seen in 20 runs")
		})
	}
}

// dropping decides as operator does, less the events of one sort.
func dropping[E event.Event](s operator.State, c operator.Command, now time.Time) ([]event.Event, error) {
	events, err := operator.Decide(s, c, now)
	var kept []event.Event
	for _, e := range events {
		if _, is := e.(E); !is {
			kept = append(kept, e)
		}
	}
	return kept, err
}
