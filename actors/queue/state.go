package queue

import (
	"encoding/json"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// Version numbers the form of [State] in snapshots.
const Version = 1

const (
	// usualWorth is how much more waiting one step of priority is worth.
	usualWorth = 10 * time.Minute
	// dearestWorth and highestPriority keep a place within the range of time.
	dearestWorth    = 30 * 24 * time.Hour
	highestPriority = 1000
	// remembered is how many conversations that left are remembered, so that
	// neither a late repetition nor an entry that comes after the leaving lets
	// them in.
	remembered = 4096
)

// A State is what a queue remembers of its events.
type State struct {
	Line       string               `json:",omitempty"`
	NoAffinity bool                 `json:",omitempty"` // who served the customer before is not preferred
	Worth      time.Duration        `json:",omitempty"` // of a step of priority; zero is the usual
	Version    uint64               `json:",omitempty"` // how many events led here
	Made       uint64               `json:",omitempty"` // offers, ever
	Waits      map[string]*Wait     `json:",omitempty"` // by conversation
	Operators  map[string]*Operator `json:",omitempty"` // by id
	Left       []Departure          `json:",omitempty"` // a ring
	Oldest     int                  `json:",omitempty"` // of Left, once it is full

	index *index // of Waits and Operators; made from them, never kept
	still *still // instead of both, in a copy
}

// A Wait is a conversation in line.
type Wait struct {
	Conversation string
	Turn         uint64
	Language     string    `json:",omitempty"` // empty asks for none
	Skills       []string  `json:",omitempty"` // in order
	Priority     int32     `json:",omitempty"`
	Since        time.Time // the waiting age counts from here
	Entry        uint64    // rises with every one that enters
	Preferred    []string  `json:",omitempty"`
	Wanted       string    `json:",omitempty"` // nobody else, until then
	WantedUntil  time.Time `json:",omitzero"`
	Avoid        []string  `json:",omitempty"`
	// Passed names operators who did not take it, and the standing they must
	// be seen with a newer one than, to be asked again.
	Passed map[string]uint64 `json:",omitempty"`
	Offer  *Offer            `json:",omitempty"`

	asks  string // the name of its class
	place int64  // in line: nanoseconds, lower is sooner
}

// An Offer is what an operator was asked and has not yet led to more.
type Offer struct {
	ID, Operator string
	Until        time.Time
	Accepted     bool `json:",omitempty"` // and the conversation is expected to leave
}

// An Operator is one as the queue has last seen them.
type Operator struct {
	ID        string
	Seq       uint64    // of the standing
	Gone      bool      `json:",omitempty"` // serves this line no more
	Open      bool      `json:",omitempty"`
	Capacity  int32     `json:",omitempty"`
	Held      int32     `json:",omitempty"`
	IdleSince time.Time `json:",omitzero"`
	Languages []string  `json:",omitempty"` // in order
	Skills    []string  `json:",omitempty"` // in order
	Offers    int32     `json:",omitempty"` // made by this queue and open

	knows string // the name of its kind
}

// A Departure is the last that was seen of a conversation.
type Departure struct {
	Conversation string
	Turn         uint64
}

// Len returns how many conversations wait, the offered ones included.
func Len(s State) int { return len(s.Waits) }

// Free returns how many conversations the line's operators can be offered now.
func Free(s State) int {
	n := 0
	for _, o := range s.Operators {
		n += int(o.free())
	}
	return n
}

// Waiting returns the conversations in line, the first first.
func Waiting(s State) []Wait {
	out := make([]Wait, 0, len(s.Waits))
	for _, w := range s.Waits {
		out = append(out, *w)
	}
	slices.SortFunc(out, func(a, b Wait) int { return inLine(&a, &b) })
	return out
}

// Deadline returns when s must next be woken: when an offer or a wish for a
// certain operator ends. Zero is never.
func Deadline(s State) time.Time {
	if s.index == nil || len(s.index.due.items) == 0 {
		return time.Time{}
	}
	return s.index.due.items[0].due()
}

// UnmarshalJSON reads a state and makes its index.
func (s *State) UnmarshalJSON(b []byte) error {
	type plain State
	var p plain
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	*s = open(State(p))
	return nil
}

// open returns s ready for Apply.
func open(s State) State {
	if s.Waits == nil {
		s.Waits = map[string]*Wait{}
	}
	if s.Operators == nil {
		s.Operators = map[string]*Operator{}
	}
	s.index = newIndex()
	for _, o := range s.Operators {
		o.knows = kindName(o.Languages, o.Skills)
		s.index.addOperator(o)
	}
	for _, w := range s.Waits {
		w.asks = className(w.Language, w.Skills)
		w.place = placeOf(w, s.worth())
		s.index.addWait(w)
	}
	for _, d := range s.Left {
		s.index.left[d.Conversation] = max(d.Turn, s.index.left[d.Conversation])
	}
	return s
}

func (s State) worth() time.Duration {
	if s.Worth <= 0 {
		return usualWorth
	}
	return s.Worth
}

// placeOf is where w stands: its age, and its priority's worth of it.
func placeOf(w *Wait, worth time.Duration) int64 {
	steps := min(max(w.Priority, -highestPriority), highestPriority)
	return w.Since.UnixNano() - int64(steps)*int64(min(worth, dearestWorth))
}

// due returns when w must be looked at again; zero for never.
func (w *Wait) due() time.Time {
	at := w.WantedUntil
	if w.Offer != nil && (at.IsZero() || w.Offer.Until.Before(at)) {
		at = w.Offer.Until
	}
	return at
}

// special reports whether w is not for everybody who fits.
func (w *Wait) special() bool {
	return w.Wanted != "" || len(w.Avoid) > 0 || len(w.Passed) > 0
}

// free returns how many offers o can be made.
func (o *Operator) free() int32 {
	if !o.Open || o.Gone {
		return 0
	}
	return max(o.Capacity-o.load(), 0)
}

// load is what o holds, and what o has been offered.
func (o *Operator) load() int32 { return o.Held + o.Offers }

// moment returns the time of ts, and the zero time for none.
func moment(ts *timestamppb.Timestamp) time.Time {
	if ts == nil {
		return time.Time{}
	}
	return ts.AsTime()
}

// sorted returns the set of names in order.
func sorted(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}
