package visitor_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

func encoded(t testing.TB, f *wire.FromClient) []byte {
	t.Helper()
	b, err := proto.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func hello() *wire.FromClient {
	return &wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}}
}

// A visitor's frame that makes no sense is refused, or the socket is closed.
func TestBadFrames(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	say := encoded(t, livetest.Say("m1", "Hello"))
	for _, test := range []struct {
		name   string
		kind   int
		hello  bool
		frame  []byte
		answer string
		code   int
	}{
		{"garbage", websocket.BinaryMessage, true, []byte("\xff\xff\xff nonsense"), "invalid", websocket.ClosePolicyViolation},
		{"truncated", websocket.BinaryMessage, true, say[:len(say)-2], "invalid", websocket.ClosePolicyViolation},
		{"not UTF-8", websocket.BinaryMessage, true, bytes.Replace(say, []byte("Hello"), []byte("\xffello"), 1), "invalid", websocket.ClosePolicyViolation},
		{"empty before hello", websocket.BinaryMessage, false, nil, "invalid", websocket.ClosePolicyViolation},
		{"oversized", websocket.BinaryMessage, true, bytes.Repeat([]byte("x"), 256<<10+1), "", websocket.CloseMessageTooBig},
		{"text on a binary socket", websocket.TextMessage, true, []byte("{}"), "", websocket.CloseUnsupportedData},
		{"a message before hello", websocket.BinaryMessage, false, say, "invalid", websocket.ClosePolicyViolation},
		{"hello twice", websocket.BinaryMessage, true, encoded(t, hello()), "invalid", websocket.ClosePolicyViolation},
		{"an operator's frame", websocket.BinaryMessage, true, encoded(t, livetest.Reply("x.1", "r1", "I am the operator")), "invalid", 0},
		{"an operator's close", websocket.BinaryMessage, true, encoded(t, livetest.Close("x.1")), "invalid", 0},
		{"nothing said", websocket.BinaryMessage, true, encoded(t, &wire.FromClient{Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: "m"}}}), "invalid", 0},
		{"no id", websocket.BinaryMessage, true, encoded(t, livetest.Say("", "Hello")), "invalid", 0},
		{"a zero byte", websocket.BinaryMessage, true, encoded(t, livetest.Say("m", "a\x00b")), "invalid", 0},
		{"seen elsewhere", websocket.BinaryMessage, true, encoded(t, &wire.FromClient{Is: &wire.FromClient_Seen{Seen: &wire.Seen{ConversationId: "x.1", MessageId: "m"}}}), "not_found", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			token, _ := s.Token(t, "site")
			c := s.Dial(t, "/widget/v1/site/socket", livetest.Bearer(token), wire.Binary)
			if test.hello {
				c.Hello(nil)
			}
			if err := c.WriteRaw(test.kind, test.frame); err != nil {
				t.Fatal(err)
			}
			if test.answer != "" {
				a := c.Until("a refusal", func(f *wire.FromServer) bool { return f.GetAnswer().GetKind() != "" }).GetAnswer()
				if a.Kind != test.answer {
					t.Errorf("answered %v, want %s", a, test.answer)
				}
			}
			if test.code == 0 {
				c.Must(livetest.Say("after", "Still here"))
			} else if _, code := c.Over(); code != test.code {
				t.Errorf("closed with %d, want %d", code, test.code)
			}
		})
	}
}

// proves WG-06: what a page says of its visitor is a claim, of known fields only.
func TestWG06_Claims(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	token, anna := s.Token(t, "site")
	c := s.Visitor(t, token, nil)
	c.Must(&wire.FromClient{Is: &wire.FromClient_Identify{Identify: &wire.Identify{
		Fields: map[string]string{"fname": " Anna ", "admin": "yes", "lname": ""}}}})
	c.Must(livetest.Say("m1", "Hello"))
	for _, e := range s.Facts(event.CustomerStream + anna) {
		switch e := e.(type) {
		case *event.ProfileChanged:
			if len(e.Fields) != 1 || e.Fields["fname"] != "Anna" {
				t.Errorf("profile %v, want the first name alone", e.Fields)
			}
		case *event.CustomerRegistered:
			if e.Address.GetVerified() != "" {
				t.Errorf("the address is verified by %q, want a claim", e.Address.Verified)
			}
		}
	}
}

// Whatever a visitor sends, the socket ends well.
func FuzzFrame(f *testing.F) {
	s := livetest.Start(f, livetest.Options{})
	token, _ := s.Token(f, "site")
	f.Add(encoded(f, hello()), true)
	f.Add(encoded(f, livetest.Say("m1", "Hello")), true)
	f.Add([]byte(`{"hello":{"held":[{"stream":"conversation/x.1","version":"7"}]}}`), false)
	f.Add([]byte(`{"id":"1","say":{"messageId":"m","content":{"text":"x"}}}`), false)
	f.Fuzz(func(t *testing.T, frame []byte, binary bool) {
		protocol, kind := wire.Binary, websocket.BinaryMessage
		if !binary {
			protocol, kind = wire.JSON, websocket.TextMessage
		}
		for _, greeted := range []bool{true, false} {
			c := s.Dial(t, "/widget/v1/site/socket", livetest.Bearer(token), protocol)
			if greeted {
				c.Hello(nil)
			}
			if err := c.WriteRaw(kind, frame); err != nil {
				t.Fatal(err)
			}
			c.WS.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""),
				time.Now().Add(livetest.Patience))
			c.Over()
		}
	})
}
