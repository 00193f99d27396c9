package bench_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/shell"
	"crafttalkd/channels"
	"crafttalkd/store/journal"
	"crafttalkd/transport/wire"
)

// A full house: every place of every operator is taken, and so many more wait.
const (
	operators = 1000
	places    = 3 // of an operator
	waiting   = 10_000
	customers = waiting + operators*places

	languages = 3 // an operator knows two
	skills    = 8 // an operator has four, and is asked for one or two
	accounts  = 2 * languages * skills

	// pause is how long after a place is given up the next customer writes.
	pause = 500 * time.Millisecond
)

// BenchmarkAssign is the whole way of an assignment on a whole node, its load
// fixed in advance: conversations are closed at planned times, and as many
// customers write again. With so many waiting, each place that comes free is
// taken again at once; not everybody fits everybody.
//
// free counts from when the place is free, by the operator's own word and
// before that is on disk, or from when the conversation is queued if that is
// later, until the assignment is on disk and was brought to whoever watches:
// what a desk is told by. close counts from the planned time of the close that
// freed the place, so that a node that falls behind can't hide it. With sockets
// each operator has an open desk, and it is the desk's client that has to have
// got the assignment. sync is how long the disk took to take what was written:
// every assignment waits for it three times.
func BenchmarkAssign(b *testing.B) {
	for _, sockets := range []bool{false, true} {
		for _, rate := range []int{1000, 2000, 3000} {
			b.Run(fmt.Sprintf("sockets=%v/rate=%d", sockets, rate), func(b *testing.B) { benchmarkAssign(b, sockets, float64(rate)) })
		}
	}
}

func benchmarkAssign(b *testing.B, sockets bool, rate float64) {
	f := newFloor(b, sockets)
	f.fill(b)
	ballast := make([]byte, 64<<20) // as the server has: see serve
	defer runtime.KeepAlive(ballast)
	n, took, used := f.turnOver(b, rate)
	b.ReportMetric(float64(n)/took.Seconds(), "assignments/s")
	b.ReportMetric(float64(used.Microseconds())/float64(n), "cpu-µs/assignment")
}

// turnOver has conversations closed at planned times, and as many customers
// write again, for as long as the benchmark lasts; then it reports how long it
// took to take the places that became free.
func (f *floor) turnOver(b *testing.B, rate float64) (n int, took, used time.Duration) {
	f.disk.forget()
	begin, before := time.Now(), cpu(b)
	plan := func(i int) time.Time { return begin.Add(time.Duration(float64(i) / rate * float64(time.Second))) }
	var coming sync.WaitGroup
	closed := make(chan int, customers)
	coming.Go(func() {
		for i := range closed {
			wait(plan(i).Add(pause))
			f.come(<-f.gone)
		}
	})
	for b.Loop() {
		wait(plan(n))
		f.close(<-f.held, plan(n))
		closed <- n
		n++
	}
	close(closed)
	coming.Wait()
	f.settle(b, operators*places+n)
	took, used = time.Since(begin), cpu(b)-before
	f.disk.report(b)
	f.report(b, begin)
	return n, took, used
}

// A floor is a center with all its people.
type floor struct {
	*product
	held    chan assignment // conversations that operators have, the oldest first
	gone    chan int        // customers whose conversation is over
	refused atomic.Int64

	mu      sync.Mutex // guards what follows
	taken   int        // assignments that their operators have
	seats   map[string]*seat
	queued  map[string]time.Time // when a conversation came into line
	planned map[string]time.Time // when it was to be closed
	who     map[string]int       // the customer of a conversation
}

// A seat is what was seen of one operator: the places as they became free, and
// what was assigned, both in order. What is assigned takes the place that has
// been free longest.
type seat struct {
	free     []release
	assigned []assignment
}

type release struct{ at, planned time.Time }

type assignment struct {
	conversation, operator string
	at                     time.Time // the operator has it
}

func newFloor(b *testing.B, sockets bool) *floor {
	followed := make(chan error, 1)
	b.Cleanup(func() { // after the product's own
		if err := <-followed; err != nil {
			b.Error(err)
		}
	})
	f := &floor{product: newProduct(b, house()...), held: make(chan assignment, customers), gone: make(chan int, customers),
		seats: map[string]*seat{}, queued: map[string]time.Time{}, planned: map[string]time.Time{}, who: map[string]int{}}
	for i := range operators {
		f.seats[name(i)] = &seat{free: make([]release, places)}
	}
	j := f.sys.Journal()
	from := j.Now()
	go func() {
		followed <- j.Follow("bench", from, func(batch []journal.Entry) error { f.see(batch, sockets); return nil })
	}()
	for i := range operators {
		if sockets {
			f.sit(b, name(i))
		}
		online := operator.SetPresence{Presence: event.Presence_ONLINE}
		if _, err := f.sys.Ask(b.Context(), event.OperatorStream+name(i), online); err != nil {
			b.Fatal(err)
		}
	}
	return f
}

func name(i int) string { return fmt.Sprintf("op%03d", i) }

// house is the directory: an account for each thing that can be asked for.
func house() []event.Event {
	entries := []event.Event{&event.Center{CenterId: "shop", Name: "Shop"}, &event.Line{LineId: "help", Name: "Help", CenterId: "shop"}}
	for i := range languages {
		entries = append(entries, &event.Language{Language: language(i), Name: language(i)})
	}
	for i := range skills {
		entries = append(entries, &event.Skill{Skill: skill(i), Name: skill(i)})
	}
	for i := range accounts {
		r := &event.Routing{LineId: "help", Language: language(i), Skills: []string{skill(i / languages)}}
		if i >= accounts/2 {
			r.Skills = append(r.Skills, skill(i/languages+1+i%languages))
			slices.Sort(r.Skills)
		}
		entries = append(entries, &event.Account{AccountId: account(i), Kind: "widget", Name: account(i), CenterId: "shop", Routing: r, Settings: `{"rate":100000}`})
	}
	for i := range operators {
		u := &event.User{UserId: name(i), Login: name(i), FirstName: name(i), LineIds: []string{"help"}, CenterIds: []string{"shop"}, Capacity: places,
			Languages: []string{language(i), language(i + 1)}}
		for k := range skills / 2 {
			u.Skills = append(u.Skills, skill(i/languages+k*(1+2*(i%2)))) // four in a row, or spread
		}
		entries = append(entries, u)
	}
	return entries
}

func language(i int) string { return [languages]string{"de", "en", "ru"}[i%languages] }
func skill(i int) string    { return fmt.Sprintf("skill-%d", i%skills) }
func account(i int) string  { return fmt.Sprintf("site-%02d", i%accounts) }

// sit opens an operator's desk.
func (f *floor) sit(b *testing.B, user string) {
	ws := dial(b, "ws"+f.url[len("http"):]+"/desk/v1/socket?user="+user, nil)
	write(b, ws, encode(&wire.FromClient{Id: 1, Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}}))
	await(b, ws, 1)
	go func() {
		var room []byte
		for {
			frame, err := next(ws, room)
			if err != nil {
				return
			}
			if a, stream := assigned(frame); a != nil {
				f.has(assignment{stream[len(event.ConversationStream):], string(field(a, operatorField)), time.Now()})
			}
			room = frame
		}
	}()
}

// assigned returns the assignment that a frame of the desk tells of, and its
// stream, looking no closer than it must; nil if it tells of none.
func assigned(frame []byte) (a []byte, stream string) {
	e := field(frame, entryField)
	if a = field(field(e, factField), conversationAssigned); a == nil {
		return nil, ""
	}
	return a, string(field(e, streamField))
}

// see notes what happens, from the feed that desks are fed from.
func (f *floor) see(batch []journal.Entry, sockets bool) {
	for _, e := range batch {
		switch x := e.Event.(type) {
		case *event.ConversationQueued:
			f.mu.Lock()
			f.queued[e.Stream[len(event.ConversationStream):]] = x.At.AsTime()
			f.mu.Unlock()
		case *event.ConversationAssigned:
			if !sockets {
				f.has(assignment{e.Stream[len(event.ConversationStream):], x.OperatorId, time.Now()})
			}
		case *event.SlotReleased:
			f.frees(x)
		case *event.ConversationClosed:
			f.mu.Lock()
			f.gone <- f.who[e.Stream[len(event.ConversationStream):]]
			f.mu.Unlock()
		}
	}
}

func (f *floor) has(a assignment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.seats[a.operator]
	s.assigned = append(s.assigned, a)
	f.taken++
	f.held <- a
}

func (f *floor) frees(x *event.SlotReleased) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.seats[x.OperatorId]
	s.free = append(s.free, release{x.At.AsTime(), f.planned[x.ConversationId]})
}

// fill has every customer write once, and waits until all places are taken.
func (f *floor) fill(b *testing.B) {
	room := make(chan struct{}, 200)
	for i := range customers {
		room <- struct{}{}
		f.write(i, func() { <-room })
	}
	for range cap(room) {
		room <- struct{}{}
	}
	f.settle(b, operators*places)
}

// come has a customer write who has been here before.
func (f *floor) come(i int) { f.write(i, func() {}) }

func (f *floor) write(i int, done func()) {
	m := channels.Inbound{Account: account(i), Address: fmt.Sprintf("customer-%d", i), ID: fmt.Sprint(time.Now().UnixNano()), Content: &event.Content{Text: text}}
	f.door.Receive(context.Background(), m, func(k channels.Kept, err error) {
		if err != nil {
			f.refused.Add(1)
			f.gone <- i
		} else {
			f.mu.Lock()
			f.who[k.Conversation] = i
			f.mu.Unlock()
		}
		done()
	})
}

// close ends a conversation as its operator.
func (f *floor) close(a assignment, planned time.Time) {
	f.mu.Lock()
	f.planned[a.conversation] = planned
	f.mu.Unlock()
	f.sys.Tell(event.ConversationStream+a.conversation, conversation.Close{Operator: a.operator}, func(shell.Answer) {})
}

// settle waits until so many assignments have been made in all.
func (f *floor) settle(b *testing.B, n int) {
	b.Helper()
	have := 0
	for end := time.Now().Add(60 * time.Second); have < n; wait(time.Now().Add(time.Millisecond)) {
		f.mu.Lock()
		have = f.taken
		f.mu.Unlock()
		if time.Now().After(end) {
			b.Fatalf("%d of %d assignments were made, %d messages were refused", have, n, f.refused.Load())
		}
	}
}

// report says how long it took to take the places that became free.
func (f *floor) report(b *testing.B, begin time.Time) {
	free, closed := histogram(), histogram()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.seats {
		for i, a := range s.assigned {
			r := s.free[i]
			if r.planned.Before(begin) {
				continue
			}
			from := r.at
			if q := f.queued[a.conversation]; q.After(from) {
				from = q
			}
			record(free, a.at.Sub(from))
			record(closed, a.at.Sub(r.planned))
		}
	}
	for _, h := range []struct {
		name string
		h    *hdr.Histogram
	}{{"free", free}, {"close", closed}} {
		for _, q := range []float64{50, 99, 99.9} {
			b.ReportMetric(float64(h.h.ValueAtQuantile(q))/1000, fmt.Sprintf("%s-ms-p%v", h.name, q))
		}
	}
	b.ReportMetric(float64(f.refused.Load()), "refused")
	b.ReportMetric(0, "ns/op")
}

// wait returns when it is time.
func wait(until time.Time) { <-time.After(time.Until(until)) }

func histogram() *hdr.Histogram { return hdr.New(1, time.Minute.Microseconds(), 3) }

func record(h *hdr.Histogram, d time.Duration) {
	h.RecordValue(min(max(d.Microseconds(), 1), time.Minute.Microseconds()))
}
