package day_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/transport/intake"
)

// between sleeps for a random time.
func between(rng *rand.Rand, a, b time.Duration) {
	time.Sleep(a + time.Duration(rng.Int64N(int64(b-a))))
}

// A writer is one customer at one address.
type writer struct {
	*world
	rng              *rand.Rand
	account, address string
	order            int64
	link             string // to be followed with the next message
}

// customer lives through a day: a few sessions, each in its own manner.
func (w *world) customer(i int) {
	c := &writer{world: w, rng: rand.New(rand.NewPCG(w.seed, uint64(1000+i))), address: fmt.Sprintf("c%d", i)}
	c.account = []string{"site", "phone"}[i%2]
	gap := w.size.length / time.Duration(w.size.sessions)
	for range w.size.sessions {
		between(c.rng, 0, 2*gap)
		if w.over() {
			return
		}
		if c.rng.IntN(8) == 0 {
			c.link = w.invite(c.rng, c.account)
		}
		if c.rng.IntN(4) == 0 {
			c.comes()
		}
		switch i % 3 {
		case 0:
			c.oneByOne()
		case 1:
			c.atOneGo()
		case 2:
			c.jumbled()
		}
	}
}

// patience is how long a customer waits before writing again. Sometimes it is
// longer than we are patient.
func (c *writer) patience() {
	if c.rng.IntN(4) == 0 {
		between(c.rng, time.Minute, 16*time.Minute)
		return
	}
	between(c.rng, time.Second, time.Minute)
}

// next makes the next message.
func (c *writer) next() channels.Inbound {
	c.order++
	m := channels.Inbound{Account: c.account, Address: c.address, ID: fmt.Sprintf("m%d", c.order), Order: c.order,
		Content: &event.Content{Text: fmt.Sprintf("%s says %d", c.address, c.order)}, Link: c.link,
		Fields: map[string]string{"fname": "Customer", "lname": c.address}}
	c.link = ""
	c.answers(&m)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told.tried[c.keyOf(m)] = true
	return m
}

// oneByOne writes, and writes again once the last message was taken.
func (c *writer) oneByOne() {
	var chain []string
	defer func() { c.ordered(chain) }()
	for range 1 + c.rng.IntN(8) {
		m := c.next()
		if !c.deliver(m) {
			return
		}
		chain = append(chain, c.keyOf(m))
		c.again(m)
		c.afterwards(m)
		c.patience()
	}
}

// atOneGo writes a few messages that the channel hands in one after the other
// without waiting.
func (c *writer) atOneGo() {
	for range 1 + c.rng.IntN(3) {
		var burst []channels.Inbound
		for range 1 + c.rng.IntN(6) {
			burst = append(burst, c.next())
		}
		c.handIn(burst)
		for _, m := range burst {
			if !c.deliver(m) {
				return
			}
			c.again(m)
			c.afterwards(m)
		}
		c.patience()
	}
}

// handIn brings all messages at once. If all are taken, they are in order.
func (c *writer) handIn(burst []channels.Inbound) {
	var keys []string
	err := c.act(func(n *node) error {
		answers := make(chan error, 2*len(burst))
		for _, m := range burst {
			keys = append(keys, c.keyOf(m))
			n.door.Receive(n.life, m, func(k channels.Kept, err error) {
				if err == nil && k.Repeated {
					err = errRepeated // its place is older
				}
				answers <- err
			})
		}
		for range burst {
			select {
			case err := <-answers:
				if err != nil {
					return err
				}
			case <-n.life.Done():
				return errDown
			}
		}
		if !n.alive() {
			return errDown
		}
		return nil
	})
	if err == nil {
		c.ordered(keys)
	}
}

var errRepeated = errors.New("the message was there")

// ordered notes that messages must stand in this order.
func (c *writer) ordered(keys []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told.orders = append(c.told.orders, keys)
}

// jumbled writes messages that the channel delivers in parallel and out of order.
func (c *writer) jumbled() {
	var all sync.WaitGroup
	for range 1 + c.rng.IntN(8) {
		m, wait := c.next(), time.Duration(c.rng.Int64N(int64(10*time.Second)))
		all.Go(func() {
			time.Sleep(wait)
			c.deliver(m)
		})
		c.again(m)
		if c.rng.IntN(3) == 0 {
			c.patience()
		}
	}
	all.Wait()
}

// deliver brings a message until it is acknowledged. It is false when the day
// ends first.
func (c *writer) deliver(m channels.Inbound) bool {
	err := c.insist(func(n *node) error {
		_, err := n.bring(m)
		return err
	})
	if err != nil {
		if settled(err) {
			c.t.Errorf("message %s was refused: %v", m.ID, err)
		}
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told.kept[c.keyOf(m)] = true
	return true
}

// again brings a message some more times: at once, soon, or hours later.
func (c *writer) again(m channels.Inbound) {
	for range max(0, c.rng.IntN(9)-3) {
		wait := time.Duration(c.rng.Int64N(int64([]time.Duration{1, time.Second, time.Minute, c.size.length / 3}[c.rng.IntN(4)])))
		c.people.Go(func() {
			time.Sleep(wait)
			c.deliver(m)
		})
	}
}

// keyOf is the message's name in the books: that of its address and its own.
func (w *world) keyOf(m channels.Inbound) string { return m.Account + "/" + m.Address + "/" + m.ID }

// home is the customer that the address of the i'th writer leads to.
func (w *world) home(i int) string {
	return w.key.CustomerID([]string{"site", "phone"}[i%2], fmt.Sprintf("c%d", i))
}

// invite makes an invite link of some customer for an account.
func (w *world) invite(rng *rand.Rand, account string) string {
	id, token := w.home(rng.IntN(w.size.customers)), intake.NewLink()
	_, err := w.ask(event.CustomerStream+id, customer.MakeLink{ID: id, By: "boss", TokenHash: intake.LinkHash(token),
		Account: account, Until: w.clock.now().Add(time.Hour)})
	if err != nil {
		return ""
	}
	return token
}

// An agent is one operator at work.
type agent struct {
	*world
	rng *rand.Rand
	id  string
	n   int
}

// operator lives through a day.
func (w *world) operator(i int) {
	a := &agent{world: w, rng: rand.New(rand.NewPCG(w.seed, uint64(500+i))), id: operatorID(i)}
	for !w.over() {
		s, err := a.self()
		switch {
		case err != nil:
			between(a.rng, time.Second, 10*time.Second)
		case a.rng.IntN(7) == 0:
			a.begin()
			between(a.rng, 5*time.Second, 90*time.Second)
		case len(s.Slots) > 0:
			a.work(s)
			between(a.rng, 5*time.Second, 90*time.Second)
		default:
			a.mind(s)
			between(a.rng, 20*time.Second, 5*time.Minute)
		}
	}
}

// self is what the operator's screen shows.
func (a *agent) self() (s operator.State, err error) {
	err = a.act(func(n *node) error {
		s, err = system.Look(n.life, n.System, event.OperatorStream+a.id, func(s operator.State, _ uint64) operator.State {
			s.Slots = append([]operator.Slot(nil), s.Slots...)
			return s
		})
		return err
	})
	return s, err
}

// mind looks after the operator's own status and connection.
func (a *agent) mind(s operator.State) {
	switch {
	case !s.LostUntil.IsZero():
		a.say(operator.Connect{})
	case s.Presence != event.Presence_ONLINE && a.rng.IntN(3) > 0:
		if s.Presence == event.Presence_INVISIBLE {
			a.say(operator.SetPresence{Presence: event.Presence_OFFLINE, Cause: event.Cause_OPERATOR_CHOICE})
		}
		a.say(operator.SetPresence{Presence: event.Presence_ONLINE, Cause: event.Cause_OPERATOR_CHOICE})
	case a.rng.IntN(12) == 0:
		a.leave()
	}
}

// leave is whatever takes an operator away from work.
func (a *agent) leave() {
	if a.rng.IntN(3) == 0 {
		a.say(operator.Disconnect{Grace: time.Minute})
		between(a.rng, time.Second, 2*time.Minute)
		a.say(operator.Connect{})
		return
	}
	to := []event.Presence{event.Presence_OFFLINE, event.Presence_LUNCH, event.Presence_TRAINING, event.Presence_INVISIBLE}
	a.say(operator.SetPresence{Presence: to[a.rng.IntN(len(to))], Cause: event.Cause_OPERATOR_CHOICE})
}

func (a *agent) say(cmd operator.Command) { a.ask(event.OperatorStream+a.id, cmd) }

// work does something in one of the conversations at hand.
func (a *agent) work(s operator.State) {
	if !s.LostUntil.IsZero() && a.rng.IntN(3) > 0 {
		a.say(operator.Connect{})
	}
	conv := s.Slots[a.rng.IntN(len(s.Slots))].Conversation
	stream := event.ConversationStream + conv
	a.n++
	id := fmt.Sprintf("%s-%d", a.id, a.n)
	switch x := a.rng.IntN(100); {
	case x < 62:
		a.tell(stream, id, a.reply(id))
		a.carry(stream, id)
	case x < 68:
		a.tell(stream, id, conversation.Note{Operator: a.id, ID: id, Text: "note"})
	case x < 74:
		a.tell(stream, "", a.transfer(id))
	case x < 78:
		a.ask(stream, conversation.Requeue{Operator: a.id, Cause: event.Cause_RETURNED})
	case x < 82:
		a.ask(stream, conversation.CancelHold{Operator: a.id})
	case x < 94:
		if _, err := a.ask(stream, conversation.Close{Operator: a.id}); err == nil {
			a.mu.Lock()
			a.told.closed[conv] = true
			a.mu.Unlock()
		}
	case x < 96:
		a.ticket(stream, "T-"+id)
	case x < 98:
		a.leave()
	}
}

func (a *agent) reply(id string) conversation.Reply {
	text := "Answer " + id
	if a.rng.IntN(4) == 0 {
		text = "Минуту"
	}
	c := &event.Content{Text: text}
	a.offer(c, id)
	return conversation.Reply{Operator: a.id, ID: id, Content: c}
}

func (a *agent) transfer(id string) conversation.Transfer {
	t := conversation.Transfer{Operator: a.id, ID: id, Note: "please"}
	if a.rng.IntN(2) == 0 {
		t.To, t.Until = operatorID(a.rng.IntN(a.size.operators)), a.clock.now().Add(2*time.Minute)
		return t
	}
	t.Routing = a.routing(a.rng)
	return t
}

func (w *world) routing(rng *rand.Rand) *event.Routing {
	r := &event.Routing{LineId: lines[rng.IntN(len(lines))], Priority: int32(rng.IntN(3))}
	if rng.IntN(2) == 0 {
		r.Language = "en"
	}
	if rng.IntN(3) == 0 {
		r.Skills = []string{"vip"}
	}
	return r
}

// tell brings an act, at times twice at once, and later again. If it has an id
// it must be found under that once it is acknowledged.
func (a *agent) tell(stream, id string, cmd conversation.Command) {
	copies := 1 + a.rng.IntN(2)
	var all sync.WaitGroup
	for range copies {
		all.Go(func() {
			if _, err := a.ask(stream, cmd); err == nil && id != "" {
				a.mu.Lock()
				a.told.acts[strings.TrimPrefix(stream, event.ConversationStream)+"/"+id] = true
				a.mu.Unlock()
			}
		})
	}
	all.Wait()
	if a.rng.IntN(5) == 0 {
		wait := time.Duration(a.rng.Int64N(int64(20 * time.Minute)))
		a.people.Go(func() {
			time.Sleep(wait)
			a.ask(stream, cmd)
		})
	}
}

// supervisor forces, merges and moves.
func (w *world) supervisor() {
	rng := rand.New(rand.NewPCG(w.seed, 499))
	for i := 0; !w.over(); i++ {
		between(rng, time.Minute, 20*time.Minute)
		op := operatorID(rng.IntN(w.size.operators))
		switch rng.IntN(5) {
		case 0:
			w.ask(event.OperatorStream+op, operator.SetPresence{Presence: event.Presence_OFFLINE, Cause: event.Cause_FORCED_OFFLINE, By: "boss"})
		case 1:
			if conv := w.someOpen(rng); conv != "" {
				w.ask(event.OperatorStream+op, operator.Force{Conversation: conv, Offer: fmt.Sprintf("will-%d", i), By: "boss"})
			}
		case 2:
			if conv := w.someOpen(rng); conv != "" {
				w.ask(event.ConversationStream+conv, conversation.SetRouting{By: "boss", Routing: w.routing(rng)})
			}
		case 3, 4:
			into, from := w.home(rng.IntN(w.size.customers)), w.home(rng.IntN(w.size.customers))
			if into != from && rng.IntN(8) == 0 {
				w.ask(event.CustomerStream+into, customer.Merge{ID: into, From: from, By: "boss"})
			}
		}
	}
}

// someOpen returns a conversation that some customer has open.
func (w *world) someOpen(rng *rand.Rand) (conv string) {
	id := w.home(rng.IntN(w.size.customers))
	w.act(func(n *node) (err error) {
		conv, err = system.Look(n.life, n.System, event.CustomerStream+id, func(s customer.State, _ uint64) string { return s.Open })
		return err
	})
	return conv
}
