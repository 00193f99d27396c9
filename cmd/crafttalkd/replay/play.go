package replay

import (
	"strconv"
	"time"

	"crafttalkd/transport/wire"
)

// A play is one dialog being played. Its methods run in the theatre's
// goroutine.
type play struct {
	d      *Dialog
	number int
	pauses []time.Duration
	who    *person

	turn    int    // which message is next
	channel string // that the customer writes in

	// By lane, 0 for the widget and 1 for the API: how many of the customer's
	// messages were taken, and the last that an operator has heard.
	taken, heard [2]int

	conversation string           // where the customer was heard last
	places       map[string]*desk // who keeps the conversations
	stalled      bool             // the next turn waits for an operator to hear and keep it
	tries        int              // of this turn
	closing      int              // conversations whose end was not answered yet
}

const mostTries = 5

// next waits for the next turn's time, or for an operator.
func (pl *play) next(t *theatre) {
	ours := pl.turn == len(pl.d.Messages) || pl.d.Messages[pl.turn].From == operator
	if ours && pl.taken == [2]int{} {
		pl.skip(t)
		return
	}
	if ours && !pl.ready() {
		pl.stalled = true
		return
	}
	var pause time.Duration
	if pl.turn < len(pl.pauses) {
		pause = pl.pauses[pl.turn]
	}
	t.at(t.p.now()+pause, func() { pl.act(t) })
}

// skip passes over an operator's message that comes before the customer's
// first: there is no conversation yet. A customer of whom nothing was taken
// goes.
func (pl *play) skip(t *theatre) {
	if pl.turn == len(pl.d.Messages) {
		t.exit(pl)
		return
	}
	pl.turn++
	pl.next(t)
}

// ready reports whether an operator has heard everything and keeps it.
func (pl *play) ready() bool { return pl.heard == pl.taken && pl.places[pl.conversation] != nil }

// wake goes on if the turn waited for what has happened.
func (pl *play) wake(t *theatre) {
	if pl.stalled && pl.ready() {
		pl.stalled = false
		pl.next(t)
	}
}

func (pl *play) hear(t *theatre, conversation string, side, n int) {
	if n > pl.heard[side] {
		pl.heard[side], pl.conversation = n, conversation
	}
	pl.wake(t)
}

func (pl *play) act(t *theatre) {
	switch {
	case pl.turn == len(pl.d.Messages):
		pl.close(t)
	case pl.d.Messages[pl.turn].From == operator:
		pl.reply(t)
	default:
		pl.say(t)
	}
}

// say has the customer write.
func (pl *play) say(t *theatre) {
	m := &pl.d.Messages[pl.turn]
	pl.channel = given(m.Channel, pl.channel)
	if pl.channel == api {
		pl.call(t, m)
		return
	}
	t.connect(pl.who, func() {
		lane := 2 * pl.number
		n := t.p.ledger.plan(lane, t.p.now())
		pl.who.visitor.say(lane, n, m.encoded(pl.mark(t, lane, n)), pl.told(t, 0))
	})
}

func (pl *play) call(t *theatre, m *Message) {
	lane := 2*pl.number + 1
	n := t.p.ledger.plan(lane, t.p.now())
	pl.who.calls++
	text := m.content(pl.mark(t, lane, n)).Text
	c := call{lane: lane, n: n, order: pl.who.calls, user: pl.who.id, name: pl.who.name, text: given(text, m.words()), told: pl.told(t, 1)}
	select {
	case t.caller.calls <- c:
	case <-t.ctx.Done():
	}
}

// told goes on after a message was taken; if it was refused, the customer
// gives up.
func (pl *play) told(t *theatre, side int) func(bool) {
	return func(taken bool) {
		t.tell(func() {
			pl.turn++
			if taken {
				pl.taken[side]++
			} else {
				pl.turn = len(pl.d.Messages)
			}
			pl.next(t)
		})
	}
}

func (pl *play) mark(t *theatre, lane, n int) string {
	if !t.p.o.MarkMessages {
		return ""
	}
	return string(t.p.ledger.appendID(nil, lane, n))
}

// reply has the operator write what was recorded.
func (pl *play) reply(t *theatre) {
	d := pl.places[pl.conversation]
	id := t.p.stage.run + "-reply-" + strconv.Itoa(pl.number) + "-" + strconv.Itoa(pl.turn+1)
	d.reply(pl.conversation, id, pl.d.Messages[pl.turn].content(""), func(a *wire.Answer) {
		t.tell(func() { pl.replied(t, t.refused(a)) })
	})
}

// replied goes on. A refused reply is tried again: the conversation may have
// been given to another operator, who will be told soon.
func (pl *play) replied(t *theatre, refused bool) {
	switch {
	case !refused:
		pl.turn++
		pl.tries = 0
		pl.next(t)
	case pl.tries < mostTries:
		pl.tries++
		t.at(t.p.now()+time.Second, func() { pl.next(t) })
	default:
		pl.turn = len(pl.d.Messages)
		pl.next(t)
	}
}

// close has the operators end the dialog, in every channel it went through.
func (pl *play) close(t *theatre) {
	pl.closing = len(pl.places)
	for conversation, d := range pl.places {
		d.close(conversation, func(a *wire.Answer) {
			t.tell(func() {
				t.refused(a)
				if pl.closing--; pl.closing == 0 {
					t.exit(pl)
				}
			})
		})
	}
}
