package day_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/store/journal"
)

// A change is what a customer has done to a message.
type change struct {
	text string // what it says now
	at   time.Time
}

// afterwards has the customer change what was said, take it back, answer what was
// offered, go away and come back: each time it is told some times over, and in
// any order.
func (c *writer) afterwards(m channels.Inbound) {
	if c.rng.IntN(4) == 0 {
		for n := range 1 + c.rng.IntN(3) {
			c.edits(m, n)
		}
	}
	if c.rng.IntN(12) == 0 {
		c.tells(channels.Notice{Account: m.Account, Address: m.Address, About: channels.Removed, ID: m.ID}, func() {
			c.told.removed[c.keyOf(m)] = true
		})
	}
	if c.rng.IntN(15) == 0 {
		about := []channels.About{channels.Blocked, channels.Unblocked}[c.rng.IntN(2)]
		c.tells(channels.Notice{Account: m.Account, Address: m.Address, About: about, Reason: "enough"}, nil)
	}
	if c.rng.IntN(6) == 0 {
		about := []channels.About{channels.Seen, channels.Arrived}[c.rng.IntN(2)]
		c.tells(channels.Notice{Account: m.Account, Address: m.Address, About: about, At: c.clock.now()}, nil)
	}
}

// edits changes a message for the n'th time, by the channel's own clock.
func (c *writer) edits(m channels.Inbound, n int) {
	to := change{text: fmt.Sprintf("%s as of %d", m.Content.Text, n), at: c.clock.now().Add(time.Duration(n) * time.Minute)}
	c.tells(channels.Notice{Account: m.Account, Address: m.Address, About: channels.Edited, ID: m.ID, At: to.at,
		Content: &event.Content{Text: to.text}}, func() { c.told.edits[c.keyOf(m)] = append(c.told.edits[c.keyOf(m)], to) })
}

// tells brings a notice one to three times, at once or later. What is
// acknowledged is noted.
func (c *writer) tells(n channels.Notice, noted func()) {
	for range 1 + c.rng.IntN(3) {
		wait := time.Duration(c.rng.Int64N(int64([]time.Duration{1, time.Second, time.Minute}[c.rng.IntN(3)])))
		c.people.Go(func() {
			time.Sleep(wait)
			err := c.insist(func(s *node) error { return s.notify(n) })
			if err == nil && noted != nil {
				c.mu.Lock()
				defer c.mu.Unlock()
				noted()
			}
		})
	}
}

// comes starts a chat and says nothing yet, with the invite link there may be.
func (c *writer) comes() {
	c.tells(channels.Notice{Account: c.account, Address: c.address, About: channels.Started, Link: c.link,
		Fields: map[string]string{"fname": "Customer"}}, nil)
}

// answers has a message press a button, or name one by its number: that of a
// message of ours that may have offered some, and of one that never did.
func (c *writer) answers(m *channels.Inbound) {
	switch c.rng.IntN(8) {
	case 0:
		c.mu.Lock()
		defer c.mu.Unlock()
		if len(c.told.offers) > 0 {
			id := c.told.offers[len(c.told.offers)-1-c.rng.IntN(min(4, len(c.told.offers)))]
			m.Content = &event.Content{Text: "Да", Pressed: channels.Pressed(channels.Reference(id, c.rng.IntN(3)), "Да")}
		}
	case 1:
		m.Content = &event.Content{Text: fmt.Sprint(1 + c.rng.IntN(3))}
	}
}

// offer puts buttons under an answer.
func (a *agent) offer(c *event.Content, id string) {
	if a.rng.IntN(3) > 0 {
		return
	}
	c.Buttons = []*event.Button{{Caption: "Да", Value: "yes-" + id}, {Caption: "Нет", Value: "no-" + id}}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.told.offers = append(a.told.offers, id)
}

// carry tells what became of a message of ours, as its channel would: it is
// taken, arrives, bounces or is seen, in any order, by name.
func (a *agent) carry(stream, id string) {
	rng := rand.New(rand.NewPCG(a.seed, a.rng.Uint64()))
	fates := []conversation.Command{
		conversation.Delivered{Message: id, ExternalID: "x-" + id}, conversation.Receipt{Message: id},
		conversation.Receipt{Message: id, Seen: true}, conversation.Bounced{Message: id, Reason: "gone"},
	}
	for range 2 + rng.IntN(4) {
		cmd := fates[rng.IntN(len(fates))]
		wait := time.Duration(rng.Int64N(int64(time.Minute)))
		a.people.Go(func() {
			time.Sleep(wait)
			a.ask(stream, cmd)
		})
	}
}

// shown holds: a message says what it was changed to last by the channel's
// clock, and what was taken back stays so.
func (w *world) shown() {
	says, removed, timeless := map[string]change{}, map[string]bool{}, map[string]bool{}
	each(w.log, event.ConversationStream, func(id string, _ conversation.State, entries []journal.Entry) {
		keys := map[string]string{}
		for _, e := range entries {
			switch x := e.Event.(type) {
			case *event.MessageReceived:
				keys[x.MessageId] = x.AccountId + "/" + x.Address + "/" + x.ExternalId
			case *event.MessageEdited:
				key := keys[x.MessageId]
				now := change{text: x.Content.GetText()}
				if x.EditedAt == nil {
					timeless[key] = true // the channel's clock was taken for nonsense
				} else {
					now.at = x.EditedAt.AsTime()
				}
				if key == "" || removed[key] || !timeless[key] && now.at.Before(says[key].at) {
					w.fail("CH-14: %s in %s is changed to %+v after %+v, removed %v", key, id, now, says[key], removed[key])
				}
				says[key] = now
			case *event.MessageRemoved:
				if key := keys[x.MessageId]; key == "" || removed[key] {
					w.fail("CH-14: %q in %s is taken back twice", key, id)
				} else {
					removed[key] = true
				}
			}
		}
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, edits := range w.told.edits {
		for _, e := range edits {
			if !removed[key] && !timeless[key] && says[key].at.Before(e.at) {
				w.fail("CH-14: %s says %+v, and was changed to %+v", key, says[key], e)
			}
		}
	}
	for key := range w.told.removed {
		if !removed[key] {
			w.fail("CH-14: %s was taken back and is not", key)
		}
	}
}

// fates holds: what arrived is not on its way again, and the customer's read
// mark moves forward.
func (w *world) fates(id string, entries []journal.Entry) {
	arrived, place, seen := map[string]bool{}, map[string]int{}, 0
	for _, e := range entries {
		switch x := e.Event.(type) {
		case *event.MessageSent:
			place[x.MessageId] = len(place) + 1
		case *event.MessageDelivered:
			if arrived[x.MessageId] {
				w.fail("CH-14: %s in %s has arrived and is delivered again at %d", x.MessageId, id, e.Version)
			}
			arrived[x.MessageId] = x.Arrived
		case *event.MessageFailed:
			arrived[x.MessageId] = false
		case *event.CustomerSaw:
			if place[x.MessageId] <= seen {
				w.fail("CH-14: the customer's mark in %s goes back to %s", id, x.MessageId)
			}
			seen = place[x.MessageId]
		}
	}
}

// presses holds: what was pressed was offered in the conversation before.
func (w *world) presses(id string, entries []journal.Entry) {
	offered := map[string]string{}
	for _, e := range entries {
		switch x := e.Event.(type) {
		case *event.MessageSent:
			for _, b := range x.Content.GetButtons() {
				offered[b.Value] = b.Caption
			}
		case *event.MessageReceived:
			if p := x.Content.GetPressed(); p != nil && (offered[p.Value] == "" || offered[p.Value] != p.Caption) {
				w.fail("CH-06: %s in %s presses %v, which was not offered", x.ExternalId, id, p)
			}
		}
	}
}
