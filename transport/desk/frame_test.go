package desk_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

func hello() *wire.FromClient {
	return &wire.FromClient{Id: 1, Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}}
}

func encoded(t testing.TB, f *wire.FromClient) []byte {
	t.Helper()
	b, err := proto.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A frame that makes no sense is refused or the socket is closed with a code;
// nobody else notices.
func TestBadFrames(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	witness := s.Online(t, "olga")
	reply := encoded(t, livetest.Reply("x.1", "r1", "Hello"))
	for _, test := range []struct {
		name   string
		kind   int
		hello  bool
		frame  []byte
		answer string // the kind of the refusal
		code   int    // of the closing frame; 0 if the socket goes on
	}{
		{"garbage", websocket.BinaryMessage, true, []byte("\xff\xff\xff nonsense"), "invalid", websocket.ClosePolicyViolation},
		{"truncated", websocket.BinaryMessage, true, reply[:len(reply)-3], "invalid", websocket.ClosePolicyViolation},
		{"empty before hello", websocket.BinaryMessage, false, nil, "invalid", websocket.ClosePolicyViolation},
		{"empty", websocket.BinaryMessage, true, nil, "invalid", 0},
		{"oversized", websocket.BinaryMessage, true, bytes.Repeat([]byte("x"), 256<<10+1), "", websocket.CloseMessageTooBig},
		{"text on a binary socket", websocket.TextMessage, true, []byte(`{"hello":{}}`), "", websocket.CloseUnsupportedData},
		{"a command before hello", websocket.BinaryMessage, false, reply, "invalid", websocket.ClosePolicyViolation},
		{"hello twice", websocket.BinaryMessage, true, encoded(t, hello()), "invalid", websocket.ClosePolicyViolation},
		{"a visitor's frame", websocket.BinaryMessage, true, encoded(t, livetest.Say("m1", "Hello")), "invalid", 0},
		{"a strange conversation", websocket.BinaryMessage, true, reply, "denied", 0},
		{"a strange stream", websocket.BinaryMessage, true, encoded(t, livetest.Close("../queue/help")), "denied", 0},
		{"no conversation", websocket.BinaryMessage, true, encoded(t, livetest.Close("")), "invalid", 0},
		{"no id", websocket.BinaryMessage, true, encoded(t, livetest.Reply("x.1", "", "Hello")), "invalid", 0},
		{"a huge id", websocket.BinaryMessage, true, encoded(t, livetest.Reply("x.1", strings.Repeat("x", 101), "Hello")), "invalid", 0},
		{"a huge number", websocket.BinaryMessage, true, encoded(t, &wire.FromClient{Id: 1<<64 - 1, Is: livetest.Close("x.1").Is}), "denied", 0},
		{"a transfer without id", websocket.BinaryMessage, true, encoded(t, livetest.Transfer("x.1", "", "olga", "")), "invalid", 0},
		{"a note without id", websocket.BinaryMessage, true, encoded(t, &wire.FromClient{Is: &wire.FromClient_Note{Note: &wire.Note{ConversationId: "x.1", Text: "!"}}}), "invalid", 0},
		{"too much held", websocket.BinaryMessage, false, encoded(t, tooMuch()), "invalid", websocket.ClosePolicyViolation},
		{"no such status", websocket.BinaryMessage, true, encoded(t, &wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: 77}}}), "invalid", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := s.Dial(t, "/desk/v1/socket?user=oleg", nil, wire.Binary)
			if test.hello {
				c.Hello(nil)
			}
			if err := c.WS.WriteMessage(test.kind, test.frame); err != nil {
				t.Fatal(err)
			}
			if test.answer != "" {
				a := c.Until("a refusal", func(f *wire.FromServer) bool { return f.GetAnswer().GetKind() != "" }).GetAnswer()
				if a.Kind != test.answer {
					t.Errorf("answered %v, want %s", a, test.answer)
				}
			}
			if test.code == 0 {
				c.Must(&wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_ONLINE}}})
			} else if _, code := c.Over(); code != test.code {
				t.Errorf("closed with %d, want %d", code, test.code)
			}
		})
	}
	witness.Must(&wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_LUNCH}}})
}

func tooMuch() *wire.FromClient {
	f := hello()
	for range 1001 {
		f.GetHello().Held = append(f.GetHello().Held, &wire.Held{Stream: "conversation/x.1", Version: 1})
	}
	return f
}

// A client that speaks JSON is understood, and a note or a transfer sent again
// has one effect.
func TestG31_JSONAndRepetition(t *testing.T) {
	s, oleg, _, conv := serve(t)
	c := s.Dial(t, "/desk/v1/socket?user=oleg", nil, wire.JSON)
	c.Hello(nil)
	note := func() *wire.FromClient {
		return &wire.FromClient{Is: &wire.FromClient_Note{Note: &wire.Note{ConversationId: conv, NoteId: "n1", Text: "Was rude"}}}
	}
	if a := c.Must(note()); a.Repeated {
		t.Errorf("the first note: %v", a)
	}
	if a := oleg.Must(note()); !a.Repeated {
		t.Errorf("the note again: %v, want repeated", a)
	}
	s.Online(t, "olga")
	c.Must(livetest.Transfer(conv, "t1", "olga", ""))
	oleg.Until("gone", gone(event.ConversationStream+conv))
	if a := oleg.Must(livetest.Transfer(conv, "t1", "olga", "")); !a.Repeated {
		t.Errorf("the transfer again, when the conversation has left: %v, want repeated", a)
	}
}

// Whatever a client sends, the socket ends well and the next one is served.
func FuzzFrame(f *testing.F) {
	s := livetest.Start(f, livetest.Options{})
	f.Add(encoded(f, hello()), true)
	f.Add(encoded(f, livetest.Reply("x.1", "r1", "Hello")), true)
	f.Add(encoded(f, livetest.Transfer("x.1", "t1", "olga", "note")), true)
	f.Add([]byte(`{"hello":{"held":[{"stream":"conversation/x.1","version":"7"}]}}`), false)
	f.Add([]byte(`{"id":"1","close":{}}`), false)
	f.Fuzz(func(t *testing.T, frame []byte, binary bool) {
		protocol, kind := wire.Binary, websocket.BinaryMessage
		if !binary {
			protocol, kind = wire.JSON, websocket.TextMessage
		}
		for _, greeted := range []bool{true, false} {
			c := s.Dial(t, "/desk/v1/socket?user=oleg", nil, protocol)
			if greeted {
				c.Hello(nil)
			}
			if err := c.WS.WriteMessage(kind, frame); err != nil {
				t.Fatal(err)
			}
			c.WS.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), soon())
			c.Over()
		}
	})
}

// proves OP-16: an operator chooses among the customer's addresses and no
// others. What went out is answered as done even when the address is gone.
func TestOP16_RepliesGoToTheCustomersAddresses(t *testing.T) {
	s, oleg, _, conv := serve(t)
	stream := event.ConversationStream + conv
	id, _, _ := strings.Cut(conv, ".")
	state, err := system.Look(t.Context(), s.System, event.CustomerStream+id, func(c customer.State, _ uint64) customer.State { return c })
	if err != nil {
		t.Fatal(err)
	}
	own, phone := state.Addresses[0].Address, &event.Address{AccountId: "phone", Address: "+79990001122"}
	reply := func(id, account, address string) *wire.FromClient {
		f := livetest.Reply(conv, id, "Good day "+id)
		f.GetReply().AccountId, f.GetReply().Address = account, address
		return f
	}
	for i, to := range []*event.Address{
		phone, {AccountId: own.AccountId, Address: "somebody else"}, {AccountId: "phone", Address: own.Address},
		{AccountId: own.AccountId}, {Address: own.Address},
	} {
		if a := oleg.Do(reply(fmt.Sprint("wrong", i), to.AccountId, to.Address)); a.Kind != "invalid" || a.Field != "address" {
			t.Errorf("a reply to %v: %v, want refused for its address", to, a)
		}
	}
	oleg.Must(reply("r1", own.AccountId, own.Address))
	s.Ask(event.CustomerStream+id, customer.AddAddress{ID: id, By: "oleg", Home: "nobody", Address: phone})
	oleg.Must(reply("r2", phone.AccountId, phone.Address))
	s.Ask(event.CustomerStream+id, customer.RemoveAddress{ID: id, By: "oleg", Home: "nobody", Address: phone})
	if a := oleg.Do(reply("r2", phone.AccountId, phone.Address)); a.Kind != "" || !a.Repeated {
		t.Errorf("the same reply after the address is gone: %v, want repeated", a)
	}
	if a := oleg.Do(reply("r3", phone.AccountId, phone.Address)); a.Kind != "invalid" {
		t.Errorf("a reply to an address that is gone: %v, want refused", a)
	}
	if n := s.Count(stream, func(e event.Event) bool { _, ok := e.(*event.MessageSent); return ok }); n != 2 {
		t.Errorf("%d messages went out, want 2", n)
	}
}
