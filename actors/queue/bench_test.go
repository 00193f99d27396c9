package queue_test

import (
	"fmt"
	"math/rand"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/event"
	"crafttalkd/actors/queue"
)

// A load is a line with many people on both sides.
type load struct {
	*rand.Rand
	state     queue.State
	now       time.Time
	next      int
	standings map[string]*event.Standing
	offers    []*event.OfferMade
	decisions int
}

func newLoad(operators, skills int) *load {
	l := &load{Rand: rand.New(rand.NewSource(1)), now: actortest.Epoch, standings: map[string]*event.Standing{}}
	for i := range operators {
		st := &event.Standing{Seq: 1, Open: true, Capacity: 3, Held: 3, IdleSince: timestamppb.New(l.now),
			LineIds: []string{"sales"}, Languages: l.some("l", 4, 2), Skills: l.some("s", skills, 5)}
		id := fmt.Sprintf("operator-%04d", i)
		l.standings[id] = st
		l.do(queue.See{Operator: id, Standing: st})
	}
	return l
}

// some returns n names out of as many as there are, in order.
func (l *load) some(name string, of, n int) []string {
	var out []string
	for i := range of {
		if l.Intn(of-i) < n-len(out) {
			out = append(out, fmt.Sprintf("%s%02d", name, i))
		}
	}
	return out
}

func (l *load) do(c queue.Command) {
	l.now = l.now.Add(time.Millisecond)
	events, err := queue.Decide(l.state, c, l.now)
	if err != nil {
		panic(err)
	}
	for _, e := range events {
		l.state = queue.Apply(l.state, e)
		if made, ok := e.(*event.OfferMade); ok {
			l.offers = append(l.offers, made)
		}
	}
	l.decisions++
}

func (l *load) enter(skills int) {
	l.next++
	l.do(queue.Enter{Conversation: fmt.Sprintf("c%d", l.next), Turn: 1, Since: l.now,
		Routing: &event.Routing{LineId: "sales", Language: l.some("l", 4, 1)[0],
			Skills: l.some("s", skills, 1+l.Intn(2)), Priority: int32(l.Intn(3))}})
}

// assign takes one conversation all the way: an operator frees a slot, takes
// the offer, the conversation leaves, another one enters. Five decisions.
func (l *load) assign(id string, skills int) {
	st := l.standings[id]
	l.see(id, st.Held-1, "")
	for _, made := range l.offers {
		l.see(made.OperatorId, l.standings[made.OperatorId].Held+1, made.OfferId)
		l.do(queue.Leave{Conversation: made.ConversationId, Turn: made.Turn, Cause: event.Cause_ASSIGNED})
	}
	l.offers = l.offers[:0]
	l.enter(skills)
}

func (l *load) see(id string, held int32, offer string) {
	was := l.standings[id]
	st := &event.Standing{Seq: was.Seq + 1, Open: true, Capacity: was.Capacity, Held: held, IdleSince: was.IdleSince,
		LineIds: was.LineIds, Languages: was.Languages, Skills: was.Skills}
	c := queue.See{Operator: id, Standing: st}
	if offer != "" {
		c.Offer, c.Outcome = offer, event.Outcome_ACCEPTED
	} else {
		st.IdleSince = timestamppb.New(l.now)
	}
	l.standings[id] = st
	l.do(c)
}

// BenchmarkAssign is one conversation assigned, in a line where 10,000 wait and
// 1,000 operators work, with few or with very many different sets of skills.
func BenchmarkAssign(b *testing.B) {
	for _, skills := range []int{6, 20} {
		b.Run(fmt.Sprintf("skills=%d", skills), func(b *testing.B) {
			l := newLoad(1000, skills)
			for range 10000 {
				l.enter(skills)
			}
			l.decisions = 0
			for b.Loop() {
				l.assign(fmt.Sprintf("operator-%04d", l.Intn(1000)), skills)
			}
			b.ReportMetric(float64(l.decisions)/b.Elapsed().Seconds(), "decisions/s")
			b.ReportMetric(float64(queue.Len(l.state)), "waiting")
		})
	}
}

// BenchmarkEnter is a conversation that finds a thousand operators free.
func BenchmarkEnter(b *testing.B) {
	l := newLoad(1000, 6)
	for id := range l.standings {
		l.see(id, 0, "")
	}
	for b.Loop() {
		l.enter(6)
		for _, made := range l.offers {
			l.do(queue.See{Operator: made.OperatorId, Offer: made.OfferId, Outcome: event.Outcome_ACCEPTED})
			l.do(queue.Leave{Conversation: made.ConversationId, Turn: made.Turn})
		}
		l.offers = l.offers[:0]
	}
}

// BenchmarkExplain is the full answer to why one of 10,000 waits, with 1,000
// operators who are all taken: the line decides nothing meanwhile.
func BenchmarkExplain(b *testing.B) {
	l := newLoad(1000, 20)
	for range 10_000 {
		l.enter(20)
	}
	w := queue.Waiting(l.state)[5000]
	for b.Loop() {
		if v := queue.Explain(l.state, w.Conversation); v == nil || len(v.Excluded) == 0 {
			b.Fatal(v)
		}
	}
}
