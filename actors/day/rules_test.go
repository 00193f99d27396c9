package day_test

import (
	"fmt"
	"slices"
	"strings"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/flow"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/queue"
	"crafttalkd/store/journal"
)

// look holds the log against the rules. A thorough look takes in everything
// that happened; the other one what is so now.
func (w *world) look(thorough bool) {
	n := w.server.Load()
	if !n.alive() {
		w.fail("the server has died of itself")
		return
	}
	w.log.read(w, n.Journal())
	w.keepers()
	w.idleNobody()
	w.oneOpen()
	if thorough {
		w.messages()
		w.shown()
		w.begun()
		w.acts()
		w.firsts()
		w.conversations()
		w.capacity()
		w.replayed(n)
		w.noted()
		w.sound(n)
		w.remember(n)
	}
}

// noted holds: every administrative fact stands once in the log of acts, whose
// chain is whole.
func (w *world) noted() {
	lines := map[string]int{}
	_, err := audit.Check(func(yield func(*event.AuditNoted, error) bool) {
		if s := w.log.streams[event.AuditStream]; s != nil {
			for _, e := range s.entries {
				n := e.Event.(*event.AuditNoted)
				lines[fmt.Sprint(n.Stream, " ", n.Version)]++
				if !yield(n, nil) {
					return
				}
			}
		}
	}, audit.Head{})
	if err != nil {
		w.fail("G43: %v", err)
	}
	for name, s := range w.log.streams {
		for _, e := range s.entries {
			_, act := flow.Noted(name, e.Event)
			if n := lines[fmt.Sprint(name, " ", e.Version)]; act != (n == 1) || n > 1 {
				w.fail("G43: %T of %s, version %d, is noted %d times", e.Event, name, e.Version, n)
			}
		}
	}
}

// keepers holds: every open conversation has one keeper, and who keeps it and
// who counts it agree.
func (w *world) keepers() {
	each(w.log, event.ConversationStream, func(id string, s conversation.State, _ []journal.Entry) {
		switch s.Phase {
		case conversation.Waiting:
			q := state[queue.State](w.log, event.QueueStream+s.Routing.GetLineId())
			if x := q.Waits[id]; x == nil || x.Turn != s.Turn {
				w.fail("G16: %s waits in turn %d, and line %s has %+v", id, s.Turn, s.Routing.GetLineId(), x)
			} else if !x.Since.Equal(s.Wait.Since) {
				w.fail("G22: %s waits since %v, in its line since %v", id, s.Wait.Since, x.Since)
			}
		case conversation.Served:
			o := state[operator.State](w.log, event.OperatorStream+s.Operator)
			if x, ok := o.Slot(id); !ok || x.Offer != s.Offer || !x.Until.IsZero() {
				w.fail("G16: %s is served by %s by offer %s, whose slot is %+v", id, s.Operator, s.Offer, x)
			}
		case conversation.Automatic:
			if s.Agent != conversation.Silence {
				w.fail("G16: %s is with agent %q", id, s.Agent)
			}
		}
	})
	each(w.log, event.QueueStream, func(line string, q queue.State, _ []journal.Entry) {
		for id, x := range q.Waits {
			s := state[conversation.State](w.log, event.ConversationStream+id)
			if s.Phase != conversation.Waiting || s.Turn != x.Turn || s.Routing.GetLineId() != line {
				w.fail("G16: line %s has %s in turn %d, which is in phase %d, turn %d, line %s",
					line, id, x.Turn, s.Phase, s.Turn, s.Routing.GetLineId())
			}
		}
	})
	each(w.log, event.OperatorStream, w.slots)
}

// slots holds: no slot without its conversation, unless an operator has just
// reserved it by the own will, and the queues know.
func (w *world) slots(op string, o operator.State, entries []journal.Entry) {
	for _, x := range o.Slots {
		if w.pending(x, entries) {
			continue
		}
		s := state[conversation.State](w.log, event.ConversationStream+x.Conversation)
		if s.Phase != conversation.Served || s.Operator != op || s.Offer != x.Offer {
			w.fail("G16: %s holds %s by offer %s, which is in phase %d with %q by %s", op, x.Conversation, x.Offer, s.Phase, s.Operator, s.Offer)
		}
	}
	for _, line := range o.Lines {
		q := state[queue.State](w.log, event.QueueStream+line)
		x := q.Operators[op]
		if x == nil || x.Open != o.Open() || int(x.Held) != len(o.Slots) || x.Capacity != o.Capacity || x.Gone || x.Offers != 0 {
			w.fail("G16: line %s sees %s as %+v, who is open %v and holds %d of %d", line, op, x, o.Open(), len(o.Slots), o.Capacity)
		}
	}
}

// idleNobody holds: nobody waits whom somebody free fits. As long as a certain
// operator is wished for, nobody else is asked for, and that one even if to be
// avoided; when the wish has lapsed, who is to be avoided is so again.
func (w *world) idleNobody() {
	now := w.clock.now()
	each(w.log, event.ConversationStream, func(id string, s conversation.State, _ []journal.Entry) {
		if s.Phase != conversation.Waiting {
			return
		}
		wished := s.Wait.Wanted != "" && s.Wait.WantedUntil.After(now)
		var free, avoided []string
		others := false // who fit and are there, not to be avoided
		each(w.log, event.OperatorStream, func(op string, o operator.State, _ []journal.Entry) {
			if !o.Open() || !fits(s.Routing, o) {
				return
			}
			avoid := slices.Contains(s.Wait.Avoid, op)
			others = others || !avoid
			switch {
			case len(o.Slots) >= int(o.Capacity):
			case wished && s.Wait.Wanted != op:
			case avoid:
				avoided = append(avoided, op)
			default:
				free = append(free, op)
			}
		})
		if !others || wished {
			free = append(free, avoided...)
		}
		if len(free) > 0 {
			q := state[queue.State](w.log, event.QueueStream+s.Routing.GetLineId())
			w.fail("G19: %s waits in turn %d, and %v are free and fit it; its line has %+v", id, s.Turn, free, q.Waits[id])
		}
	})
}

func fits(r *event.Routing, o operator.State) bool {
	if !slices.Contains(o.Lines, r.GetLineId()) || r.GetLanguage() != "" && !slices.Contains(o.Languages, r.GetLanguage()) {
		return false
	}
	for _, s := range r.GetSkills() {
		if !slices.Contains(o.Skills, s) {
			return false
		}
	}
	return true
}

// oneOpen holds: a customer has at most one open conversation, and knows it.
func (w *world) oneOpen() {
	open := map[string][]string{}
	each(w.log, event.ConversationStream, func(id string, s conversation.State, _ []journal.Entry) {
		if s.Phase != conversation.Closed && s.Phase != conversation.Nothing {
			open[s.Customer] = append(open[s.Customer], id)
		}
	})
	for who, ids := range open {
		s := state[customer.State](w.log, event.CustomerStream+who)
		if len(ids) > 1 || s.Open != ids[0] || s.Into != "" {
			w.fail("G3: customer %s has %v open and knows of %q, part of %q", who, ids, s.Open, s.Into)
		}
	}
}

// begun holds: a conversation that was started for a message has one, unless the
// customer still waits for the message to be taken. One that an operator wanted
// to begin, and was not told to have begun, waits for the next message.
func (w *world) begun() {
	w.mu.Lock()
	defer w.mu.Unlock()
	waits := map[string]bool{}
	for key := range w.told.tried {
		account, rest, _ := strings.Cut(key, "/")
		address, _, _ := strings.Cut(rest, "/")
		waits[account+"/"+address] = waits[account+"/"+address] || !w.told.kept[key]
	}
	each(w.log, event.CustomerStream, func(id string, s customer.State, entries []journal.Entry) {
		own := byWill(entries)
		for _, conv := range s.Conversations {
			if own[conv] || w.log.streams[event.ConversationStream+conv] != nil {
				continue
			}
			waiting := slices.ContainsFunc(s.Addresses, func(a customer.Address) bool {
				return waits[a.Address.AccountId+"/"+a.Address.Address]
			})
			if !waiting && s.Into == "" {
				w.fail("G3: customer %s has %s, in which nothing has happened, and waits for nothing", id, conv)
			}
		}
	})
}

// A place is where a message stands.
type place struct {
	stream  string
	version uint64
	event   *event.MessageReceived
}

// messages holds: what was acknowledged is there once, nothing is there twice,
// and the order is the one in which it came.
func (w *world) messages() {
	at := map[string][]place{}
	each(w.log, event.ConversationStream, func(id string, _ conversation.State, entries []journal.Entry) {
		highest := map[string]int64{}
		for _, e := range entries {
			m, ok := e.Event.(*event.MessageReceived)
			if !ok {
				continue
			}
			key := m.AccountId + "/" + m.Address + "/" + m.ExternalId
			at[key] = append(at[key], place{id, e.Version, m})
			from := m.AccountId + "/" + m.Address
			if late := m.Order < highest[from]; late != m.Late {
				w.fail("G4: %s in %s at %d is marked late %v", key, id, e.Version, m.Late)
			}
			highest[from] = max(highest[from], m.Order)
		}
	})
	for key, places := range at {
		if len(places) > 1 {
			w.fail("G2: %s is there %d times: %v", key, len(places), places)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for key := range w.told.kept {
		if len(at[key]) == 0 {
			w.fail("G1: %s was acknowledged and is nowhere", key)
		}
	}
	for _, keys := range w.told.orders {
		w.inOrder(keys, at)
	}
}

func (w *world) inOrder(keys []string, at map[string][]place) {
	for i := 1; i < len(keys); i++ {
		if len(at[keys[i-1]]) == 0 || len(at[keys[i]]) == 0 {
			continue // lost, which is worse
		}
		a, b := at[keys[i-1]][0], at[keys[i]][0]
		before := w.clock.truth(a.event.At.AsTime()).Before(w.clock.truth(b.event.At.AsTime()).Add(1))
		if a.stream == b.stream && a.version > b.version || a.stream != b.stream && !before {
			w.fail("G4: %s stands at %s %d, and %s after it at %s %d", keys[i-1], a.stream, a.version, keys[i], b.stream, b.version)
		}
	}
}

// acts holds: what an operator was told is done, is done once.
func (w *world) acts() {
	times := map[string]int{}
	each(w.log, event.ConversationStream, func(id string, _ conversation.State, entries []journal.Entry) {
		for _, e := range entries {
			switch e := e.Event.(type) {
			case *event.MessageSent:
				times[id+"/"+e.MessageId]++
			case *event.NoteAdded:
				times[id+"/"+e.NoteId]++
			}
		}
	})
	for act, n := range times {
		if n > 1 {
			w.fail("G31: %s is there %d times", act, n)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for act := range w.told.acts {
		if times[act] == 0 {
			w.fail("G32: %s was acknowledged and is nowhere", act)
		}
	}
	for conv := range w.told.closed {
		if s := state[conversation.State](w.log, event.ConversationStream+conv); s.Phase != conversation.Closed {
			w.fail("G24: %s was closed and is in phase %d", conv, s.Phase)
		}
	}
}

// capacity holds: nobody holds more than they may, unless forced.
func (w *world) capacity() {
	each(w.log, event.OperatorStream, func(op string, _ operator.State, entries []journal.Entry) {
		held, most := map[string]bool{}, int32(0)
		for _, e := range entries {
			switch x := e.Event.(type) {
			case *event.OperatorConfigured:
				most = x.Standing.Capacity
			case *event.SlotReserved:
				held[x.ConversationId] = true
				if len(held) > int(most) && !x.Forced {
					w.fail("G17: %s holds %d of %d at version %d", op, len(held), most, e.Version)
				}
			case *event.SlotReleased:
				delete(held, x.ConversationId)
			}
			if st := standing(e.Event); st != nil && int(st.Held) != len(held) {
				w.fail("G17: %s says %d held at version %d and holds %d", op, st.Held, e.Version, len(held))
			}
		}
	})
}

func standing(e event.Event) *event.Standing {
	if s, ok := e.(interface{ GetStanding() *event.Standing }); ok {
		return s.GetStanding()
	}
	return nil
}

// conversations holds what is true of each conversation's story by itself.
func (w *world) conversations() {
	each(w.log, event.ConversationStream, func(id string, _ conversation.State, entries []journal.Entry) {
		w.age(id, entries)
		w.final(id, entries)
		w.timers(id, entries)
		w.fates(id, entries)
		w.presses(id, entries)
	})
}

// age holds: who comes back to the queue is as old as before.
func (w *world) age(id string, entries []journal.Entry) {
	var age int64
	var turn uint64
	for _, e := range entries {
		q, ok := e.Event.(*event.ConversationQueued)
		if !ok {
			continue
		}
		fresh := age == 0 || q.Cause == event.Cause_CUSTOMER_RETURNED
		if got := q.Since.AsTime().UnixNano(); fresh {
			age = q.At.AsTime().UnixNano()
			if got != age {
				w.fail("G22: %s begins to wait at %v as of %v", id, q.At, q.Since)
			}
		} else if got != age {
			w.fail("G22: %s comes back at version %d as old as %v", id, e.Version, q.Since)
		}
		if q.Turn <= turn {
			w.fail("G16: %s has turn %d after %d", id, q.Turn, turn)
		}
		turn = q.Turn
	}
}

// final holds: nothing is said, and nobody begins, after the end.
func (w *world) final(id string, entries []journal.Entry) {
	closed := false
	for _, e := range entries {
		switch e.Event.(type) {
		case *event.ConversationClosed:
			if closed {
				w.fail("G24: %s is closed twice", id)
			}
			closed = true
		case *event.MessageDelivered, *event.MessageFailed, *event.MessageUncertain, *event.AttachmentFetched,
			*event.CustomerSaw, *event.RatingGiven, *event.CustomerChanged, *event.ConversationJoined,
			*event.MessageEdited, *event.MessageRemoved,
			*event.AssignmentDeclined, *event.AssignmentStated, *event.AgentRefused, *event.TicketSet:
		default:
			if closed {
				w.fail("G24: %s has %s after its end", id, e.Event.ProtoReflect().Descriptor().Name())
			}
		}
	}
}
