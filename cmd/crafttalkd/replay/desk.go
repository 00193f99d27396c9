package replay

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

// A desk is one operator at the desk's socket.
type desk struct {
	socket
	id     string // of the operator
	ledger *ledger
	now    func() time.Duration
	into   wire.FromServer // used again for each frame

	mu      sync.Mutex // guards what follows
	shelf   *shelf
	cleared bool // of what an interrupted run has left

	// heard is called with each message of a customer that was not here before.
	heard func(d *desk, conversation string, lane, n int)
	// kept is called when a conversation of the run becomes this operator's.
	kept func(d *desk, conversation string, lane int)
}

func newDesk(p *player, id string) *desk {
	d := &desk{id: id, shelf: newShelf(p.ledger), ledger: p.ledger, now: p.now}
	d.socket = socket{
		url: p.socketURL("/desk/v1/socket"), again: p.o.Resilient, ready: make(chan struct{}),
		token: func(ctx context.Context) (string, error) { return p.stage.signIn(ctx, id, p.stage.password) },
		hello: d.greeting,
		frame: d.read,
		// A server that missed the operator for long has sent the operator offline.
		welcome: func() { d.be(event.Presence_ONLINE) },
	}
	return d
}

func (d *desk) greeting() *wire.Hello {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shelf.hello()
}

// closeAll closes the run's conversations that the operator keeps.
func (d *desk) closeAll() {
	d.mu.Lock()
	kept := d.shelf.kept()
	d.mu.Unlock()
	for _, stream := range kept {
		d.close(strings.TrimPrefix(stream, event.ConversationStream), nil)
	}
}

// read takes one frame of the server's.
func (d *desk) read(b []byte) error {
	d.into.Reset()
	if err := proto.Unmarshal(b, &d.into); err != nil {
		return fmt.Errorf("a frame of the desk: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch f := d.into.Is.(type) {
	case *wire.FromServer_Entry:
		d.entry(f.Entry)
	case *wire.FromServer_Desk:
		d.shelf.begin(event.OperatorStream+f.Desk.OperatorId, f.Desk.Version)
		d.clear(f.Desk.Conversations)
	case *wire.FromServer_Reset_:
		d.shelf.forget(f.Reset_.Stream)
	case *wire.FromServer_Gone:
		d.shelf.forget(f.Gone.Stream)
	}
	return nil
}

// clear closes the conversations that the operator keeps from an earlier run:
// they would take the places of this one's.
func (d *desk) clear(left []string) {
	if d.cleared {
		return
	}
	d.cleared = true
	for _, conversation := range left {
		d.close(conversation, nil)
	}
}

func (d *desk) entry(e *wire.Entry) {
	h := d.shelf.take(e.Stream, e.Version)
	if h == nil {
		return
	}
	conversation, ok := strings.CutPrefix(e.Stream, event.ConversationStream)
	if !ok {
		return
	}
	switch f := e.Fact.Unwrap().(type) {
	case *event.MessageReceived:
		d.received(h, e, f)
	case *event.ConversationAssigned:
		h.assigned = f.OperatorId == d.id
		if h.assigned && h.lane >= 0 {
			d.ledger.assign(h.lane, h.first, d.now())
			d.kept(d, conversation, h.lane)
		}
	case *event.ConversationQueued, *event.ConversationClosed:
		h.assigned = false
	}
}

// received notes a message if it is one of this run's: widgets keep their ids
// as external ones or as they are.
func (d *desk) received(h *held, e *wire.Entry, m *event.MessageReceived) {
	lane, n, ok := d.ledger.parse(m.ExternalId)
	if !ok {
		lane, n, ok = d.ledger.parse(m.MessageId)
	}
	if ok {
		d.shelf.message(h, e.Version, lane, n, d.now())
		d.heard(d, strings.TrimPrefix(e.Stream, event.ConversationStream), lane, n)
	}
}

// An order is a command of the operator's. The server sees a repeated one by
// the ids inside.
type order struct {
	frame wire.FromClient
	times atomic.Int32 // it was sent
	// told is called with the answer, unless it is nil.
	told func(a *wire.Answer)
}

func (o *order) encode(b []byte, id uint64) []byte {
	o.frame.Id = id
	o.times.Add(1)
	b, err := proto.MarshalOptions{}.MarshalAppend(b, &o.frame)
	if err != nil {
		panic(err) // its texts were read from JSON, which is UTF-8
	}
	return b
}

func (o *order) done(a *wire.Answer) {
	if o.told != nil {
		o.told(a)
	}
}

func (d *desk) be(p event.Presence) {
	o := &order{}
	o.frame.Is = &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: p}}
	d.send(o)
}

func (d *desk) reply(conversation, id string, c *event.Content, told func(*wire.Answer)) {
	o := &order{told: func(a *wire.Answer) {
		if a.Kind == "" {
			d.ledger.replied.Add(1)
		}
		if told != nil {
			told(a)
		}
	}}
	o.frame.Is = &wire.FromClient_Reply{Reply: &wire.Reply{ConversationId: conversation, MessageId: id, Content: c}}
	d.send(o)
}

// close ends a conversation. A close that had to be sent again and is refused
// then had its effect the first time: there is no id to know it by.
func (d *desk) close(conversation string, told func(*wire.Answer)) {
	o := &order{}
	o.frame.Is = &wire.FromClient_Close{Close: &wire.Close{ConversationId: conversation, Dissatisfied: new(bool)}}
	o.told = func(a *wire.Answer) {
		if a.Kind != "" && o.times.Load() > 1 {
			a = &wire.Answer{Id: a.Id, Repeated: true}
		}
		if told != nil {
			told(a)
		}
	}
	d.send(o)
}
