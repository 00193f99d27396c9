package customer_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/shell"
)

// A world is a few customers, their conversations, and the commands on their
// way between them, which arrive in any order and some of them twice.
type world struct {
	t         *testing.T
	rand      *rand.Rand
	now       time.Time
	customers map[string]customer.State
	journal   map[string][]event.Event
	closed    map[string]bool // conversation -> closed
	sent      int
	arrived   map[string]int // message -> how often
	away      []letter
	forwarded int
}

type letter struct {
	to      string
	command customer.Command
}

var people = []string{"anna", "boris", "carol", "dora"}

// homeAddress is the address that leads to a customer by itself.
func homeAddress(id string) *event.Address {
	return &event.Address{AccountId: "tg", Address: id}
}

func newWorld(t *testing.T, seed uint64) *world {
	return &world{t: t, rand: rand.New(rand.NewPCG(seed, 7)), now: actortest.Epoch,
		customers: map[string]customer.State{}, journal: map[string][]event.Event{},
		closed: map[string]bool{}, arrived: map[string]int{}}
}

func (w *world) someone() string { return people[w.rand.IntN(len(people))] }

func (w *world) send(to string, c customer.Command) { w.away = append(w.away, letter{to, c}) }

// deliver takes one command off its way, and sometimes leaves it there to
// arrive again. Messages of customers are told apart by their conversations,
// which are not in this world, so they arrive once.
func (w *world) deliver() {
	i := w.rand.IntN(len(w.away))
	l := w.away[i]
	if _, message := l.command.(customer.Receive); message || w.rand.IntN(4) > 0 {
		w.away = slices.Delete(w.away, i, i+1)
	}
	w.do(l.to, l.command)
}

// do is what the shell and flow do with a command.
func (w *world) do(id string, c customer.Command) {
	s := w.customers[id]
	events, err := customer.Decide(s, c, w.now)
	if err != nil {
		return
	}
	for _, e := range events {
		s = customer.Apply(s, e)
		w.journal[id] = append(w.journal[id], e)
		w.follow(id, e)
	}
	w.customers[id] = s
	if to, ok := customer.Elsewhere(s, c); ok {
		if w.forwarded++; w.forwarded > 100_000 {
			w.t.Fatalf("%T goes round for ever", c)
		}
		w.send(to, customer.Readdress(s, c, to))
		return
	}
	if r, ok := c.(customer.Receive); ok {
		w.write(id, r)
	}
}

// write is a message's arrival at its conversation.
func (w *world) write(id string, r customer.Receive) {
	conversation, opening := customer.Onward(w.customers[id], r)
	if conversation == "" || opening.CustomerId != id {
		w.t.Fatalf("a message to %s leads to %q of %q", id, conversation, opening.GetCustomerId())
	}
	if w.closed[conversation] {
		r.Closed = conversation
		w.send(id, r)
		return
	}
	w.arrived[r.Message.MessageId]++
}

// follow is the page of flow that is about customers.
func (w *world) follow(id string, e event.Event) {
	claim := func(home string, c customer.Claim) {
		if home != "" && home != id {
			w.send(home, c)
		}
	}
	switch e := e.(type) {
	case *event.AddressAdded:
		c := customer.Claim{To: id}
		if e.Address.Verified == "link" {
			c.Address = e.Address
		}
		claim(e.Home, c)
	case *event.AddressKept:
		w.send(e.AskedBy, customer.RemoveAddress{ID: e.AskedBy, Home: e.Home, Address: e.Address})
	case *event.AddressRemoved:
		claim(e.Home, customer.Claim{From: id})
	case *event.AddressEdited:
		claim(e.HomeBefore, customer.Claim{From: id})
		claim(e.Home, customer.Claim{To: id})
	case *event.MergeAsked:
		w.send(e.From, customer.MergeInto{ID: e.From, Into: e.CustomerId, By: e.By})
	case *event.CustomerMerged:
		w.send(e.Into, customer.Absorb{ID: e.Into, Merged: e})
	case *event.CustomerAbsorbed:
		if e.Joined != "" {
			w.close(e.Joined)
		}
	}
}

func (w *world) close(conversation string) {
	if !w.closed[conversation] {
		w.closed[conversation] = true
		owner, _, _ := strings.Cut(conversation, ".")
		w.send(owner, customer.Left{Conversation: conversation})
	}
}

// act lets somebody do something.
func (w *world) act(n int) {
	id, other := w.someone(), w.someone()
	hash := strconv.Itoa(w.rand.IntN(3))
	switch w.rand.IntN(12) {
	case 0, 1, 2, 3:
		w.sent++
		w.send(id, customer.Receive{ID: id, Home: id, Address: homeAddress(id), Message: &event.MessageReceived{MessageId: strconv.Itoa(n)},
			Fields: map[string]string{"fname": id}})
	case 4:
		if open := w.customers[id].Open; open != "" {
			w.close(open)
		}
	case 5:
		w.send(id, customer.AddAddress{ID: id, By: "oleg", Home: other, Address: homeAddress(other)})
	case 6:
		w.send(id, customer.RemoveAddress{ID: id, By: "oleg", Home: other, Address: homeAddress(other)})
	case 7:
		third := w.someone()
		w.send(id, customer.EditAddress{ID: id, By: "oleg", HomeBefore: other, Before: homeAddress(other), Home: third, After: homeAddress(third)})
	case 8, 9:
		w.send(id, customer.Merge{ID: id, From: other, By: "oleg"})
	case 10:
		w.send(id, customer.MakeLink{ID: id, TokenHash: hash, Account: "tg", By: "oleg", Until: w.now.Add(time.Hour)})
	case 11:
		w.send(id, customer.FollowLink{ID: id, TokenHash: hash, Home: other, Address: homeAddress(other)})
	}
}

// settle lets everything arrive.
func (w *world) settle() {
	for n := 0; len(w.away) > 0; n++ {
		if n > 200_000 {
			w.t.Fatal("the world does not come to rest")
		}
		w.deliver()
	}
}

// owner follows an address to the customer that decides its messages.
func (w *world) owner(home string) string {
	at := home
	for range 3 * len(people) {
		to, away := customer.Elsewhere(w.customers[at], customer.Receive{ID: at, Home: home})
		if !away {
			return at
		}
		at = to
	}
	w.t.Fatalf("the address of %s leads nowhere", home)
	return ""
}

// check holds what must be true of a world at rest.
func (w *world) check() {
	if len(w.arrived) != w.sent {
		w.t.Errorf("%d messages were sent and %d arrived", w.sent, len(w.arrived))
	}
	for m, times := range w.arrived {
		if times != 1 {
			w.t.Errorf("message %s arrived %d times", m, times)
		}
	}
	for _, home := range people {
		owner := w.customers[w.owner(home)]
		if owner.Into != "" {
			w.t.Errorf("the address of %s leads to %s, who is part of %s", home, owner.ID, owner.Into)
		}
	}
	holders, openers := map[string][]string{}, map[string][]string{}
	for id, s := range w.customers {
		w.checkOne(id, s)
		if s.Into != "" {
			continue
		}
		for _, conversation := range s.Conversations {
			holders[conversation] = append(holders[conversation], id)
		}
		openers[s.Open] = append(openers[s.Open], id)
	}
	for id, s := range w.customers {
		for n := range s.Started {
			conversation := fmt.Sprintf("%s.%d", id, n+1)
			if len(holders[conversation]) != 1 {
				w.t.Errorf("conversation %s is in the lists of %v", conversation, holders[conversation])
			}
			if !w.closed[conversation] && len(openers[conversation]) != 1 {
				w.t.Errorf("conversation %s is open and %v know it", conversation, openers[conversation])
			}
		}
	}
}

// checkOne holds that a customer's way ends at one who knows, and that the
// journal tells all.
func (w *world) checkOne(id string, s customer.State) {
	end, steps := s, 0
	for ; end.Into != ""; end = w.customers[end.Into] {
		if steps++; steps > len(people) {
			w.t.Fatalf("%s is part of itself", id)
		}
	}
	if steps > 0 && !slices.Contains(end.Absorbed, id) {
		w.t.Errorf("%s does not know that %s is part of it", end.ID, id)
	}
	var again customer.State
	for _, e := range w.journal[id] {
		again = customer.Apply(again, e)
	}
	a, errA := shell.Encode(1, again)
	b, errB := shell.Encode(1, s)
	if string(a) != string(b) || errA != nil || errB != nil {
		w.t.Errorf("%s after replay is\n%s\nand was\n%s", id, a, b)
	}
}

// proves G3, CV-04, CT-07: whatever comes in whatever order, a living customer
// has one open conversation, no conversation is lost from the lists, every
// address leads to one living customer, and merges never run in a circle.
func TestG3_OneOpenConversationWhateverTheOrder(t *testing.T) {
	first, last := uint64(1), uint64(3000)
	if s := os.Getenv("SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		first, last = n, n
	}
	seen := map[event.Kind]int{}
	for seed := first; seed <= last; seed++ {
		w := newWorld(t, seed)
		for n := range 40 {
			w.act(n)
			for len(w.away) > 0 && w.rand.IntN(3) > 0 {
				w.deliver()
			}
		}
		w.settle()
		w.check()
		for _, events := range w.journal {
			for _, e := range events {
				seen[event.KindOf(e)]++
			}
		}
		if t.Failed() {
			t.Fatalf("SEED=%d repeats it", seed)
		}
	}
	for _, e := range []event.Event{&event.CustomerMerged{}, &event.CustomerAbsorbed{}, &event.AddressMoved{}, &event.InviteLinkUsed{}} {
		if n := seen[event.KindOf(e)]; first != last && n < 500 {
			t.Errorf("%T happened %d times only: the test proves little", e, n)
		}
	}
}
