package queue_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/event"
	"crafttalkd/actors/queue"
	"crafttalkd/actors/shell"
)

// The oracle is the queue's rules once more, by looking at everybody each time.
// It believes the facts about who waits and who is there, and nothing else.
type oracle struct {
	affinity  bool
	worth     time.Duration
	waits     map[string]*oracleWait
	operators map[string]*event.Standing
	left      map[string]uint64 // the highest turn that was told to leave
	entries   int
}

type oracleWait struct {
	*event.QueueEntered
	entry  int
	offer  string // open or accepted
	to     string
	taken  bool
	passed map[string]uint64
}

func newOracle() *oracle {
	return &oracle{affinity: true, worth: 10 * time.Minute,
		waits: map[string]*oracleWait{}, operators: map[string]*event.Standing{}, left: map[string]uint64{}}
}

func (o *oracle) apply(e event.Event) {
	switch e := e.(type) {
	case *event.QueueConfigured:
		o.affinity, o.worth = e.Affinity, e.PriorityWorth.AsDuration()
	case *event.QueueEntered:
		o.entries++
		o.waits[e.ConversationId] = &oracleWait{QueueEntered: proto.CloneOf(e), entry: o.entries, passed: map[string]uint64{}}
	case *event.QueueLeft:
		delete(o.waits, e.ConversationId)
	case *event.OperatorSeen:
		o.operators[e.OperatorId] = e.Standing
		if e.Gone {
			delete(o.operators, e.OperatorId)
		}
	case *event.OfferMade:
		w := o.waits[e.ConversationId]
		w.offer, w.to, w.taken = e.OfferId, e.OperatorId, false
	case *event.OfferSettled:
		o.settle(o.waits[e.ConversationId], e)
	}
}

func (o *oracle) settle(w *oracleWait, e *event.OfferSettled) {
	switch {
	case e.OfferId == "":
		w.WantedOperator = ""
	case e.Outcome == event.Outcome_ACCEPTED:
		w.taken = true
	default:
		w.offer = ""
		w.passed[e.OperatorId] = e.Seq
	}
}

// free returns how many more the operator can be offered.
func (o *oracle) free(id string) int {
	return int(o.operators[id].Capacity) - o.load(id)
}

func (o *oracle) load(id string) int {
	n := int(o.operators[id].Held)
	for _, w := range o.waits {
		if w.offer != "" && !w.taken && w.to == id {
			n++
		}
	}
	return n
}

// fits reports whether the operator has all that the conversation asks for.
func (o *oracle) fits(w *oracleWait, id string) bool {
	st := o.operators[id]
	if !st.Open || w.Routing.Language != "" && !slices.Contains(st.Languages, w.Routing.Language) {
		return false
	}
	for _, skill := range w.Routing.Skills {
		if !slices.Contains(st.Skills, skill) {
			return false
		}
	}
	return true
}

// may reports whether the operator can be offered the conversation now.
func (o *oracle) may(w *oracleWait, id string) bool {
	st := o.operators[id]
	switch {
	case !o.fits(w, id) || o.free(id) <= 0 || w.passed[id] != 0 && st.Seq <= w.passed[id]:
		return false
	case w.WantedOperator != "":
		return id == w.WantedOperator
	case !slices.Contains(w.Avoid, id):
		return true
	}
	for other := range o.operators {
		if !slices.Contains(w.Avoid, other) && o.fits(w, other) {
			return false
		}
	}
	return true
}

// best returns who is to be offered w, or "".
func (o *oracle) best(w *oracleWait) string {
	var ids []string
	for id := range o.operators {
		if o.may(w, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	rank := func(id string) int {
		if i := slices.Index(w.Preferred, id); o.affinity && i >= 0 {
			return i
		}
		return len(w.Preferred)
	}
	return slices.MinFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(o.load(a), o.load(b)),
			o.operators[a].IdleSince.AsTime().Compare(o.operators[b].IdleSince.AsTime()), cmp.Compare(a, b))
	})
}

// next returns the first in line who can be offered to somebody, and to whom.
func (o *oracle) next() (*oracleWait, string) {
	var line []*oracleWait
	for _, w := range o.waits {
		if w.offer == "" {
			line = append(line, w)
		}
	}
	place := func(w *oracleWait) time.Time {
		return w.Since.AsTime().Add(-time.Duration(w.Routing.Priority) * o.worth)
	}
	slices.SortFunc(line, func(a, b *oracleWait) int {
		return cmp.Or(place(a).Compare(place(b)), cmp.Compare(a.entry, b.entry))
	})
	for _, w := range line {
		if id := o.best(w); id != "" {
			return w, id
		}
	}
	return nil, ""
}

// check holds one decision against the oracle: the offers must be the ones it
// would make, in its order, until there is none left to make.
func (o *oracle) check(cmd queue.Command, events []event.Event) error {
	if c, ok := cmd.(queue.Leave); ok {
		o.left[c.Conversation] = max(o.left[c.Conversation], c.Turn)
	}
	for _, e := range events {
		if err := o.faithful(cmd, e); err != nil {
			return err
		}
		if made, ok := e.(*event.OfferMade); ok {
			w, id := o.next()
			switch {
			case w == nil:
				return fmt.Errorf("an offer of %s that nobody fits", made.ConversationId)
			case w.ConversationId != made.ConversationId || id != made.OperatorId:
				return fmt.Errorf("%s is offered to %s, want %s to %s", made.ConversationId, made.OperatorId, w.ConversationId, id)
			}
		}
		o.apply(e)
	}
	if w, id := o.next(); w != nil {
		return fmt.Errorf("%s waits while %s is free", w.ConversationId, id)
	}
	return nil
}

// faithful reports an entry that is not what was asked for, or of somebody who
// has left.
func (o *oracle) faithful(cmd queue.Command, e event.Event) error {
	c, isEnter := cmd.(queue.Enter)
	entered, ok := e.(*event.QueueEntered)
	if ok && entered.Turn <= o.left[entered.ConversationId] {
		return fmt.Errorf("%s enters in turn %d and has left in turn %d", entered.ConversationId, entered.Turn, o.left[entered.ConversationId])
	}
	if ok && isEnter && (!entered.Since.AsTime().Equal(c.Since) || !proto.Equal(entered.Routing, c.Routing)) {
		return fmt.Errorf("%s entered as somebody else", c.Conversation)
	}
	return nil
}

// A trial is one small queue in use: at most six conversations and four
// operators, everything else by chance.
type trial struct {
	*rand.Rand
	decide func(queue.State, queue.Command, time.Time) ([]event.Event, error)
	state  queue.State
	now    time.Time
	events []event.Event
	oracle *oracle
	turn   uint64
	seq    uint64
}

func (r *trial) pick(names ...string) string { return names[r.Intn(len(names))] }

func (r *trial) some(names ...string) []string {
	var out []string
	for _, n := range names {
		if r.Intn(2) == 0 {
			out = append(out, n)
		}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

var (
	people        = []string{"oleg", "olga", "ivan", "inna"}
	conversations = []string{"c1", "c2", "c3", "c4", "c5", "c6"}
)

func (r *trial) enter() queue.Command {
	r.turn++
	c := queue.Enter{
		Conversation: r.pick(conversations...), Turn: r.turn - min(r.turn-1, uint64(max(0, r.Intn(6)-3))),
		Routing: &event.Routing{LineId: "sales", Language: r.pick("", "", "ru", "en"),
			Skills: r.some("cards", "loans"), Priority: int32(r.Intn(4) - 1)},
		Since:     r.now.Add(-time.Duration(r.Intn(30)) * time.Minute),
		Preferred: r.some(people...),
	}
	if r.Intn(4) == 0 {
		c.Wanted, c.WantedUntil = r.pick(people...), r.now.Add(time.Duration(1+r.Intn(60))*time.Second)
	}
	if r.Intn(4) == 0 {
		c.Avoid = r.some(people...)
	}
	return c
}

func (r *trial) standing() *event.Standing {
	r.seq++
	seq := r.seq
	if r.Intn(8) == 0 {
		seq = uint64(r.Intn(int(r.seq))) // an old one, late
	}
	capacity := int32(1 + r.Intn(3))
	return &event.Standing{Seq: seq, Open: r.Intn(4) > 0, Capacity: capacity, Held: int32(r.Intn(int(capacity) + 1)),
		IdleSince: timestamppb.New(r.now.Add(-time.Duration(r.Intn(3)) * time.Minute)),
		LineIds:   []string{"sales"}, Languages: r.some("ru", "en"), Skills: r.some("cards", "loans")}
}

// answer settles an open offer; a decline comes with a standing or without news.
func (r *trial) answer() queue.Command {
	for _, w := range queue.Waiting(r.state) {
		if w.Offer == nil || r.Intn(2) == 0 {
			continue
		}
		c := queue.See{Operator: w.Offer.Operator, Offer: w.Offer.ID, Outcome: event.Outcome_DECLINED}
		o := r.state.Operators[w.Offer.Operator]
		c.Standing = &event.Standing{Seq: o.Seq, Open: o.Open, Capacity: o.Capacity, Held: o.Held,
			IdleSince: timestamppb.New(o.IdleSince), LineIds: []string{"sales"}, Languages: o.Languages, Skills: o.Skills}
		if r.Intn(2) == 0 {
			r.seq++
			c.Outcome = event.Outcome_ACCEPTED
			c.Standing.Seq = r.seq
			c.Standing.Held++
		}
		return c
	}
	return r.enter()
}

func (r *trial) command() queue.Command {
	switch r.Intn(12) {
	case 0, 1, 2:
		return r.enter()
	case 3:
		return queue.Leave{Conversation: r.pick(conversations...), Turn: r.turn + 1 - min(r.turn, uint64(r.Intn(4)))}
	case 4, 5, 6:
		return queue.See{Operator: r.pick(people...), Standing: r.standing()}
	case 7:
		return queue.See{Operator: r.pick(people...), Gone: true}
	case 8:
		return queue.Configure{Line: "sales", Affinity: r.Intn(3) > 0, PriorityWorth: time.Duration(r.Intn(3)) * 5 * time.Minute}
	case 9:
		r.now = r.now.Add(time.Duration(r.Intn(90)) * time.Second)
		return queue.Wake{}
	}
	return r.answer()
}

func (r *trial) step() error {
	cmd := r.command()
	before := encode(r.state)
	events, err := r.decide(r.state, cmd, r.now)
	if err != nil {
		return err
	}
	if encode(r.state) != before {
		return fmt.Errorf("%T changed the state by deciding", cmd)
	}
	if err := r.oracle.check(cmd, events); err != nil {
		return fmt.Errorf("%T: %w", cmd, err)
	}
	for _, e := range events {
		r.state = queue.Apply(r.state, e)
	}
	r.events = append(r.events, events...)
	if r.Intn(10) == 0 { // a restart from a snapshot
		s, _, err := shell.Decode[queue.State](queue.Version, []byte(encode(r.state)))
		if err != nil {
			return err
		}
		r.state = s
	}
	return nil
}

// try runs the queue's decide against the oracle for one seed.
func try(seed int64, decide func(queue.State, queue.Command, time.Time) ([]event.Event, error)) (*trial, error) {
	r := &trial{Rand: rand.New(rand.NewSource(seed)), decide: decide, now: actortest.Epoch, oracle: newOracle(), turn: 10}
	for range 60 {
		if err := r.step(); err != nil {
			return r, err
		}
	}
	return r, nil
}

func encode(s queue.State) string {
	b, err := shell.Encode(queue.Version, s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// seeds are the runs of a random test: QUEUE_SEED names one of them.
func seeds(t *testing.T, n int) []int64 {
	if s := os.Getenv("QUEUE_SEED"); s != "" {
		seed, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return []int64{seed}
	}
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i)
	}
	return out
}

// proves RT-01, RT-02, RT-03, RT-04, RT-05
func TestG18_G19_EveryDecisionIsTheOracles(t *testing.T) {
	for _, seed := range seeds(t, 400) {
		if _, err := try(seed, queue.Decide); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// proves RT-08
func TestG20_EveryDecisionIsExplainedAndRepeated(t *testing.T) {
	for _, seed := range seeds(t, 200) {
		r, err := try(seed, queue.Decide)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := explained(r.events, r.state); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// explained replays events and holds every kept verdict against what the queue
// says when it is asked again at that version.
func explained(events []event.Event, live queue.State) error {
	type kept struct {
		conversation string
		verdict      *event.Verdict
	}
	at := map[uint64][]kept{}
	for _, e := range events {
		switch e := e.(type) {
		case *event.OfferMade:
			at[e.Verdict.Version] = append(at[e.Verdict.Version], kept{e.ConversationId, e.Verdict})
			if e.Verdict.OperatorId != e.OperatorId {
				return errors.New("an offer that is not its verdict's")
			}
		case *event.QueueEntered:
			if e.Verdict != nil {
				at[e.Verdict.Version] = append(at[e.Verdict.Version], kept{e.ConversationId, e.Verdict})
			}
		}
	}
	var s queue.State
	for _, e := range events {
		s = queue.Apply(s, e)
		for _, k := range at[s.Version] {
			full := queue.Explain(s, k.conversation)
			if full == nil {
				return fmt.Errorf("version %d: %s did not wait", s.Version, k.conversation)
			}
			if err := complete(s, k.conversation, full); err != nil {
				return fmt.Errorf("version %d: %w", s.Version, err)
			}
			if again := shorten(full); !proto.Equal(again, k.verdict) {
				return fmt.Errorf("version %d: decided again\n%v\nwant\n%v", s.Version, again, k.verdict)
			}
		}
	}
	if a, b := encode(s), encode(live); a != b {
		return fmt.Errorf("state after replay\n%s\nwant\n%s", a, b)
	}
	return nil
}

// complete reports an operator who is missing in a full explanation, or whose
// exclusion is told otherwise when asked for by name.
func complete(s queue.State, conversation string, v *event.Verdict) error {
	told := map[string]string{}
	for _, x := range v.Excluded {
		if int(x.Count) != len(x.OperatorIds) {
			return fmt.Errorf("%d excluded by %s, named are %v", x.Count, x.Rule, x.OperatorIds)
		}
		for _, id := range x.OperatorIds {
			told[id] = x.Rule
		}
	}
	if int(v.Fitting) != len(v.Candidates) || int(v.Considered) != len(told)+len(v.Candidates) {
		return fmt.Errorf("%d fit, %d considered, but named are %d and %d", v.Fitting, v.Considered, len(v.Candidates), len(told))
	}
	for id, o := range s.Operators {
		want := told[id]
		if o.Gone {
			want = "line"
		}
		if got := queue.Why(s, conversation, id); got != want {
			return fmt.Errorf("Why(%s, %s) = %q, want %q", conversation, id, got, want)
		}
	}
	return nil
}

// shorten leaves in a verdict what is kept of it.
func shorten(v *event.Verdict) *event.Verdict {
	v.Candidates = v.Candidates[:min(5, len(v.Candidates))]
	for _, x := range v.Excluded {
		x.OperatorIds = x.OperatorIds[:min(3, len(x.OperatorIds))]
	}
	return v
}
