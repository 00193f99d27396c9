package day_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/system"
	"crafttalkd/store/journal"
)

// begin writes to some customer first, at times from two windows at once.
func (a *agent) begin() {
	a.n++
	b, ok := a.beginning(fmt.Sprintf("%s-first-%d", a.id, a.n))
	if !ok {
		return
	}
	var all sync.WaitGroup
	for range 1 + a.rng.IntN(2) {
		all.Go(func() { a.insistOn(b) })
	}
	all.Wait()
}

// insistOn begins until there is an answer. What was answered is there, and a
// refusal says why.
func (a *agent) insistOn(b system.Beginning) {
	var id string
	err := a.insist(func(n *node) (err error) {
		id, err = a.begins(n, b)
		if !n.alive() {
			return errDown
		}
		return err
	})
	switch kept, other := errors.AsType[*conversation.KeptError](err); {
	case err == nil:
		a.mu.Lock()
		defer a.mu.Unlock()
		a.told.begun[id] = true
		if b.Content.Text != "" {
			a.told.acts[id+"/"+b.Message] = true
		}
	case other && (kept.Operator == "" || kept.Operator == a.id):
		a.t.Errorf("%s was refused what %q keeps", a.id, kept.Operator)
	case settled(err) && strings.TrimSpace(err.Error()) == "":
		a.t.Errorf("%s was refused without a word", a.id)
	}
}

// begins is one try. The fault believes in the slot before the conversation is
// there, and keeps it when that is refused.
func (a *agent) begins(n *node, b system.Beginning) (id string, err error) {
	if a.fault != keepsSlots {
		return n.Begin(n.life, b)
	}
	id, err = system.Look(n.life, n.System, event.CustomerStream+b.Customer, func(s customer.State, _ uint64) string {
		if open := customer.OpenConversation(s); open != "" {
			return open
		}
		return customer.Next(s)
	})
	offer := "own-" + b.Message
	for _, ask := range []struct {
		stream string
		cmd    any
	}{
		{event.OperatorStream + a.id, operator.Take{Conversation: id, Offer: offer}},
		{event.OperatorStream + a.id, operator.Confirm{Conversation: id, Offer: offer}},
		{event.CustomerStream + b.Customer, customer.Start{ID: b.Customer, By: a.id, Conversation: id, Offer: offer, Opening: b.Opening,
			Until: n.Now().Add(time.Minute), Address: b.Address, Message: b.Message, Content: b.Content}},
	} {
		if err == nil {
			_, err = n.ask(ask.stream, ask.cmd)
		}
	}
	return id, err
}

// beginning chooses a customer with an address, and what to say: at times
// nothing yet. Who has become part of another is found there.
func (a *agent) beginning(message string) (b system.Beginning, ok bool) {
	b = system.Beginning{Operator: a.id, Customer: a.home(a.rng.IntN(a.size.customers)), Message: message, Content: &event.Content{}}
	if a.rng.IntN(4) > 0 {
		b.Content.Text = "First " + message
	}
	err := a.act(func(n *node) error {
		for range 3 {
			into, err := system.Look(n.life, n.System, event.CustomerStream+b.Customer, func(s customer.State, _ uint64) string {
				if s.Into == "" && len(s.Addresses) > 0 {
					b.Address = s.Addresses[a.rng.IntN(len(s.Addresses))].Address
				}
				return s.Into
			})
			if err != nil || into == "" {
				return err
			}
			b.Customer = into
		}
		return nil
	})
	if err != nil || b.Address == nil {
		return b, false
	}
	r := accounts[b.Address.AccountId]
	center := centers[r.LineId]
	b.Opening = &event.ConversationOpened{AccountId: b.Address.AccountId, Address: b.Address.Address, Kind: b.Address.Kind, CenterId: center,
		Routing: r, Policy: a.server.Load().Directory.State().SettingsFor(center).Policy}
	return b, true
}

// ticket sets the number of a ticket, now or when the conversation may be over.
func (a *agent) ticket(stream, number string) {
	set := func() {
		if _, err := a.ask(stream, conversation.SetTicket{By: a.id, Number: number}); err == nil {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.told.tickets[strings.TrimPrefix(stream, event.ConversationStream)+"/"+number] = true
		}
	}
	if a.rng.IntN(2) == 0 {
		set()
		return
	}
	wait := time.Duration(a.rng.Int64N(int64(time.Hour)))
	a.people.Go(func() {
		time.Sleep(wait)
		set()
	})
}

// firsts holds: what was begun is there, and so is every ticket's number.
func (w *world) firsts() {
	set := map[string]bool{}
	each(w.log, event.ConversationStream, func(id string, s conversation.State, entries []journal.Entry) {
		for _, e := range entries {
			if x, ok := e.Event.(*event.TicketSet); ok {
				set[id+"/"+x.Number] = true
			}
		}
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	for number := range w.told.tickets {
		if !set[number] {
			w.fail("G32: ticket %s was acknowledged and is nowhere", number)
		}
	}
	for id := range w.told.begun {
		if w.log.streams[event.ConversationStream+id] == nil {
			w.fail("G32: conversation %s was begun and is nowhere", id)
		}
	}
}

// asked is how long a slot may count that nothing came of: the time until it is
// doubted, and once more for the answer.
const asked = 20 * time.Second

// pending reports whether a slot was reserved by the own will so lately that
// nobody could have asked about it.
func (w *world) pending(x operator.Slot, entries []journal.Entry) bool {
	for _, e := range entries {
		r, ok := e.Event.(*event.SlotReserved)
		if !ok || r.OfferId != x.Offer || !r.Own || x.Until.IsZero() {
			continue
		}
		at := r.At.AsTime()
		p := w.clock.possible(w.clock.truth(at), at.Add(asked))
		return p.IsZero() || time.Since(p) < lateness
	}
	return false
}

// byWill names the conversations that operators have started.
func byWill(entries []journal.Entry) map[string]bool {
	out := map[string]bool{}
	for _, e := range entries {
		if x, ok := e.Event.(*event.ConversationStarted); ok && x.By != "" {
			out[x.ConversationId] = true
		}
	}
	return out
}
