package queue_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
)

// A world is two queues, a few operators and a few conversations of the
// simplest sort, with a mail between them that delivers each one's letters in
// order, whenever it likes, and now and then delivers the last ones again.
type world struct {
	*rand.Rand
	now      time.Time
	clock    int64 // rises with every command
	operator func(operator.State, operator.Command, time.Time) ([]event.Event, error)
	queue    decider

	queues    map[string]queue.State
	operators map[string]operator.State
	talks     map[string]*talk
	mail      map[string]*letters
	history   *history
	version   uint64 // of the directory
	errs      []string
}

// letters are what follows from the events of one stream.
type letters struct {
	all  []letter
	sent int
}

type letter struct {
	to  string
	cmd any
}

// A talk is a conversation as far as slots go.
type talk struct {
	id, line, keeper, offer string
	turn                    uint64
	since                   time.Time
	closed                  bool
	skills                  []string
	forced                  []string // offers of a supervisor's, each good once
}

// What a talk is asked.
type (
	assign struct {
		operator, offer string
		turn            uint64
		forced          bool
	}
	requeue  struct{ operator, offer string }
	probe    struct{ operator, offer string }
	finish   struct{}
	transfer struct{ line, wanted string }
)

var (
	lines = []string{"loans", "sales"}
	talks = []string{"c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"}
	staff = []string{"inna", "ivan", "oleg"}
)

func newWorld(seed int64) *world {
	w := &world{
		Rand: rand.New(rand.NewSource(seed)), now: actortest.Epoch,
		operator: operator.Decide, queue: queue.Decide,
		queues: map[string]queue.State{}, operators: map[string]operator.State{},
		talks: map[string]*talk{}, mail: map[string]*letters{}, history: &history{},
	}
	for _, line := range lines {
		w.do("queue/"+line, queue.Configure{Line: line, Affinity: true})
	}
	for i, id := range staff {
		w.configure(id, lines[:1+i%2])
		w.do("operator/"+id, operator.SetPresence{Presence: event.Presence_ONLINE})
	}
	for _, id := range talks {
		w.talks[id] = &talk{id: id, closed: true}
	}
	return w
}

// configure gives an operator some lines. The capacity never changes, so that
// the history can be checked against it.
func (w *world) configure(id string, lines []string) {
	w.version++
	i := slices.Index(staff, id)
	w.do("operator/"+id, operator.Configure{ID: id, Version: w.version, Lines: lines,
		Skills: []string{"cards", "loans"}[:i%3], Capacity: capacityOf(id)})
}

func capacityOf(id string) int32 { return int32(1 + slices.Index(staff, id)) }

func (w *world) wrong(format string, args ...any) {
	w.errs = append(w.errs, fmt.Sprintf(format, args...))
}

func (w *world) send(from, to string, cmd any) {
	if w.mail[from] == nil {
		w.mail[from] = &letters{}
	}
	w.mail[from].all = append(w.mail[from].all, letter{to, cmd})
}

// do gives a command to whom it is for. What follows goes into the mail.
func (w *world) do(to string, cmd any) {
	w.clock++
	kind, id, _ := strings.Cut(to, "/")
	switch kind {
	case "queue":
		events, err := w.queue(w.queues[id], cmd.(queue.Command), w.now)
		if err != nil {
			w.wrong("%s: %v", to, err)
		}
		for _, e := range events {
			w.queues[id] = queue.Apply(w.queues[id], e)
			w.after(to, id, e)
		}
	case "operator":
		events, _ := w.operator(w.operators[id], cmd.(operator.Command), w.now)
		for _, e := range events {
			w.operators[id] = operator.Apply(w.operators[id], e)
			w.after(to, id, e)
		}
	case "talk":
		w.tell(w.talks[id], cmd)
	}
}

// after is the flow, as far as slots go.
func (w *world) after(from, id string, e event.Event) {
	switch e := e.(type) {
	case *event.OfferMade:
		w.send(from, "operator/"+e.OperatorId, operator.Reserve{Offer: e.OfferId, Conversation: e.ConversationId, Line: e.LineId, Turn: e.Turn})
	case *event.OperatorConfigured:
		for _, line := range e.DroppedLines {
			w.send(from, "queue/"+line, queue.See{Operator: id, Gone: true})
		}
		w.seen(from, id, e.Standing)
	case *event.PresenceChanged:
		w.seen(from, id, e.Standing)
	case *event.ConnectionLost:
		w.seen(from, id, e.Standing)
	case *event.ConnectionRestored:
		w.seen(from, id, e.Standing)
	case *event.SlotReserved:
		w.history.reserve(w.clock, id, e)
		w.send(from, "talk/"+e.ConversationId, assign{id, e.OfferId, e.Turn, e.Forced})
		for _, line := range e.Standing.LineIds {
			see := queue.See{Operator: id, Standing: e.Standing}
			if line == e.LineId {
				see.Offer, see.Outcome = e.OfferId, event.Outcome_ACCEPTED
			}
			w.send(from, "queue/"+line, see)
		}
	case *event.OfferDeclined:
		w.send(from, "queue/"+e.LineId, queue.See{Operator: id, Standing: e.Standing, Offer: e.OfferId, Outcome: event.Outcome_DECLINED})
	case *event.SlotDoubted:
		w.send(from, "talk/"+e.ConversationId, probe{id, e.OfferId})
	case *event.SlotReleased:
		w.history.release(w.clock, id, e)
		if e.Requeue {
			w.send(from, "talk/"+e.ConversationId, requeue{id, e.OfferId})
		}
		w.seen(from, id, e.Standing)
	}
}

func (w *world) seen(from, id string, st *event.Standing) {
	for _, line := range st.LineIds {
		w.send(from, "queue/"+line, queue.See{Operator: id, Standing: st})
	}
}

// tell is a conversation: what it answers goes into the mail at once.
func (w *world) tell(t *talk, cmd any) {
	from := "talk/" + t.id
	switch c := cmd.(type) {
	case assign:
		w.assigned(from, t, c)
	case probe:
		if t.keeper == c.operator && t.offer == c.offer {
			w.send(from, "operator/"+c.operator, operator.Confirm{Conversation: t.id, Offer: c.offer})
		} else {
			w.send(from, "operator/"+c.operator, operator.Release{Conversation: t.id, Offer: c.offer, Cause: event.Cause_STALE})
		}
	case requeue:
		if t.keeper == c.operator && t.offer == c.offer {
			w.enter(from, t, t.line, "", nil)
		}
	case transfer:
		if t.closed {
			t.since, t.closed = w.now, false
		}
		w.enter(from, t, c.line, c.wanted, w.avoid(t))
	case finish:
		if !t.closed {
			t.turn, t.closed = t.turn+1, true
			w.send(from, "queue/"+t.line, queue.Leave{Conversation: t.id, Turn: t.turn, Cause: event.Cause_CLOSED})
			w.let(from, t)
		}
	}
}

// avoid is whom a conversation that was sent back does not go to at once.
func (w *world) avoid(t *talk) []string {
	if t.keeper == "" || w.Intn(2) == 0 {
		return nil
	}
	return []string{t.keeper}
}

func (w *world) assigned(from string, t *talk, c assign) {
	if c.forced {
		defer func() { t.forced = append(t.forced, c.offer) }()
	}
	switch {
	case t.keeper == c.operator && t.offer == c.offer:
		return
	case t.closed || !c.forced && (t.keeper != "" || t.turn != c.turn) || slices.Contains(t.forced, c.offer):
		w.send(from, "operator/"+c.operator, operator.Release{Conversation: t.id, Offer: c.offer, Cause: event.Cause_STALE})
		return
	}
	w.let(from, t)
	w.send(from, "queue/"+t.line, queue.Leave{Conversation: t.id, Turn: t.turn, Cause: event.Cause_ASSIGNED})
	t.turn++
	t.keeper, t.offer = c.operator, c.offer
	w.history.assign(w.clock, t)
	w.send(from, "operator/"+c.operator, operator.Confirm{Conversation: t.id, Offer: c.offer})
}

// let frees the slot of whoever keeps t.
func (w *world) let(from string, t *talk) {
	if t.keeper == "" {
		return
	}
	w.history.leave(w.clock, t)
	w.send(from, "operator/"+t.keeper, operator.Release{Conversation: t.id, Offer: t.offer, Cause: event.Cause_CLOSED})
	t.keeper, t.offer = "", ""
}

func (w *world) enter(from string, t *talk, line, wanted string, avoid []string) {
	if t.line != "" && t.line != line {
		w.send(from, "queue/"+t.line, queue.Leave{Conversation: t.id, Turn: t.turn, Cause: event.Cause_LINE_CHANGED})
	}
	t.turn, t.line = t.turn+1, line
	w.let(from, t)
	c := queue.Enter{Conversation: t.id, Turn: t.turn, Since: t.since, Avoid: avoid,
		Routing: &event.Routing{LineId: line, Skills: t.skills}}
	if wanted != "" {
		c.Wanted, c.WantedUntil = wanted, w.now.Add(20*time.Second)
	}
	w.send(from, "queue/"+line, c)
}

// live lets n things happen, by chance.
func (w *world) live(n int) {
	for range n {
		switch w.Intn(10) {
		case 0:
			w.customer()
		case 1:
			w.worker()
		case 2:
			w.now = w.now.Add(time.Duration(w.Intn(5000)) * time.Millisecond)
			w.wake()
		case 3:
			if l := w.mail[w.source()]; l != nil && w.Intn(3) == 0 {
				l.sent = max(0, l.sent-w.Intn(20))
			}
		default:
			w.deliver(w.source())
		}
	}
}

func (w *world) source() string {
	var all []string
	for from := range w.mail {
		all = append(all, from)
	}
	slices.Sort(all)
	return all[w.Intn(len(all))]
}

func (w *world) deliver(from string) bool {
	l := w.mail[from]
	if l.sent == len(l.all) {
		return false
	}
	next := l.all[l.sent]
	l.sent++
	w.do(next.to, next.cmd)
	return true
}

func (w *world) customer() {
	t := w.talks[talks[w.Intn(len(talks))]]
	switch {
	case !t.closed && w.Intn(2) == 0:
		w.do("talk/"+t.id, finish{})
	case t.closed || w.Intn(3) == 0:
		t.skills = [][]string{nil, nil, {"cards"}, {"loans"}}[w.Intn(4)]
		wanted := ""
		if w.Intn(4) == 0 {
			wanted = staff[w.Intn(len(staff))]
		}
		w.do("talk/"+t.id, transfer{lines[w.Intn(len(lines))], wanted})
	}
}

func (w *world) worker() {
	id := staff[w.Intn(len(staff))]
	to := "operator/" + id
	switch w.Intn(9) {
	case 0:
		w.do(to, operator.SetPresence{Presence: event.Presence(1 + w.Intn(5))})
	case 1:
		w.do(to, operator.Disconnect{Grace: time.Duration(w.Intn(20)) * time.Second})
	case 2:
		w.do(to, operator.TimeOut{Conversation: talks[w.Intn(len(talks))]})
	case 3:
		w.configure(id, [][]string{lines, lines[:1], lines[1:]}[w.Intn(3)])
	case 4:
		if w.Intn(4) == 0 {
			w.do(to, operator.Force{Conversation: talks[w.Intn(len(talks))], Offer: fmt.Sprintf("force-%d", w.clock), By: "boss"})
		}
	default:
		w.do(to, operator.Connect{})
		w.do(to, operator.SetPresence{Presence: event.Presence_ONLINE})
	}
}

// wake wakes whoever is due, and returns when the next one is.
func (w *world) wake() (next time.Time) {
	look := func(at time.Time, to string, cmd any) {
		if !at.IsZero() && !at.After(w.now) {
			w.do(to, cmd)
		} else if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for _, line := range lines {
		look(queue.Deadline(w.queues[line]), "queue/"+line, queue.Wake{})
	}
	for _, id := range staff {
		look(operator.Deadline(w.operators[id]), "operator/"+id, operator.Wake{})
	}
	return next
}

// rest lets everything happen that must, and nothing new. It is false if that
// comes to no end.
func (w *world) rest() bool {
	for range 1000 {
		moved := true
		for moved {
			moved = false
			for n := len(w.mail); n > 0; n-- {
				from := w.source()
				for w.deliver(from) {
					moved = true
				}
			}
			for from := range w.mail {
				moved = moved || w.mail[from].sent < len(w.mail[from].all)
			}
		}
		next := w.wake()
		if !next.IsZero() {
			w.now = next
		} else if !w.pending() {
			return true
		}
	}
	return false
}

func (w *world) pending() bool {
	for _, l := range w.mail {
		if l.sent < len(l.all) {
			return true
		}
	}
	for _, line := range lines {
		if !queue.Deadline(w.queues[line]).IsZero() {
			return true
		}
	}
	for _, id := range staff {
		if !operator.Deadline(w.operators[id]).IsZero() {
			return true
		}
	}
	return false
}
