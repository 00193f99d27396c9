package replay

import (
	"context"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

// A visitor is one customer at the widget's socket.
type visitor struct {
	socket
	ledger *ledger
	now    func() time.Duration

	order  int64     // of the last message; only who calls say uses it
	stream wire.Held // the conversation, as far as it was answered
}

func newVisitor(p *player, account, token string) *visitor {
	v := &visitor{ledger: p.ledger, now: p.now}
	asked := false
	v.socket = socket{
		url: p.socketURL("/widget/v1/" + account + "/socket"), again: p.o.Resilient, ready: make(chan struct{}),
		token: func(context.Context) (string, error) {
			if asked { // a new session would be another customer
				return "", errForgotten
			}
			asked = true
			return token, nil
		},
		hello:   v.greeting,
		frame:   func([]byte) error { return nil }, // what is told comes with the answers
		welcome: func() {},
	}
	return v
}

// greeting names the conversation, so that it does not come again as a whole.
func (v *visitor) greeting() *wire.Hello {
	if v.stream.Stream == "" {
		return &wire.Hello{}
	}
	return &wire.Hello{Held: []*wire.Held{{Stream: v.stream.Stream, Version: v.stream.Version}}}
}

// A say is a message on its way from a visitor.
type say struct {
	v       *visitor
	lane, n int
	order   int64
	content []byte // encoded
	// told is called with the answer, unless it is nil.
	told func(taken bool)
}

// say sends message n of the lane.
func (v *visitor) say(lane, n int, content []byte, told func(taken bool)) {
	v.order++
	v.send(&say{v: v, lane: lane, n: n, order: v.order, content: content, told: told})
}

func (s *say) encode(b []byte, id uint64) []byte {
	var mid [64]byte
	return appendSay(b, id, s.v.ledger.appendID(mid[:0], s.lane, s.n), s.content, s.order)
}

func (s *say) done(a *wire.Answer) {
	taken := a.Kind == ""
	if taken {
		s.v.ledger.ack(s.lane, s.n, s.v.now())
		s.v.stream.Stream, s.v.stream.Version = a.Stream, a.Version
	} else {
		s.v.ledger.refuse(s.lane, s.n)
	}
	if s.told != nil {
		s.told(taken)
	}
}

// appendSay appends FromClient{id, say{message_id, content, order}} to b. It is
// written by hand because it is written a thousand times a second by the side
// of the server that is being measured; a test holds it against the encoder.
func appendSay(b []byte, id uint64, messageID, content []byte, order int64) []byte {
	const fieldID, fieldSay = 1, 14
	const sayID, sayContent, sayOrder = 1, 2, 3
	size := protowire.SizeTag(sayID) + protowire.SizeBytes(len(messageID)) +
		protowire.SizeTag(sayContent) + protowire.SizeBytes(len(content)) +
		protowire.SizeTag(sayOrder) + protowire.SizeVarint(uint64(order))
	b = protowire.AppendTag(b, fieldID, protowire.VarintType)
	b = protowire.AppendVarint(b, id)
	b = protowire.AppendTag(b, fieldSay, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(size))
	b = protowire.AppendTag(b, sayID, protowire.BytesType)
	b = protowire.AppendBytes(b, messageID)
	b = protowire.AppendTag(b, sayContent, protowire.BytesType)
	b = protowire.AppendBytes(b, content)
	b = protowire.AppendTag(b, sayOrder, protowire.VarintType)
	return protowire.AppendVarint(b, uint64(order))
}

// content is what a message says, as it travels. A mark is added to the text.
func (m *Message) content(mark string) *event.Content {
	c := &event.Content{Text: m.words()}
	if m.Pressed != nil {
		c.Text, c.Pressed = m.Text, &event.Button{Caption: m.Pressed.Caption, Value: m.Pressed.Value}
	}
	for _, b := range m.Buttons {
		c.Buttons = append(c.Buttons, &event.Button{Caption: b.Caption, Value: b.Value})
	}
	if mark != "" {
		c.Text = strings.TrimSpace(c.Text + " " + mark)
	}
	return c
}

// encoded is content as bytes. Content has nothing that can't be encoded.
func (m *Message) encoded(mark string) []byte {
	b, err := proto.Marshal(m.content(mark))
	if err != nil {
		panic(err) // text that is not UTF-8 was refused by the JSON reader
	}
	return b
}
