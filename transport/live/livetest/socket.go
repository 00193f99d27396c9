package livetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

// A Socket is a client of a server. It is for one goroutine.
type Socket struct {
	Format wire.Format
	WS     *websocket.Conn
	Fold   *Fold // what the client has by now

	t      testing.TB
	last   uint64             // the id of the last frame
	passed []*wire.FromServer // read while something else was waited for
}

// Operator opens an operator's socket and says hello. A nil fold is a new client.
func (s *Server) Operator(t testing.TB, user string, fold *Fold) *Socket {
	t.Helper()
	c := s.Dial(t, "/desk/v1/socket?user="+user, nil, wire.Binary)
	c.Hello(fold)
	return c
}

// Online opens an operator's socket, says hello and goes online.
func (s *Server) Online(t testing.TB, user string) *Socket {
	t.Helper()
	c := s.Operator(t, user, nil)
	c.Must(&wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_ONLINE}}})
	return c
}

// Token makes a new visitor of an account.
func (s *Server) Token(t testing.TB, account string) (token, customer string) {
	t.Helper()
	r, err := http.Post(s.HTTP.URL+"/widget/v1/"+account+"/session", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var v struct {
		Token      string
		CustomerID string `json:"customer_id"`
	}
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil || v.Token == "" {
		t.Fatalf("a visitor's session: %s, %v", r.Status, err)
	}
	return v.Token, v.CustomerID
}

// Visitor opens a visitor's socket and says hello.
func (s *Server) Visitor(t testing.TB, token string, fold *Fold) *Socket {
	t.Helper()
	c := s.Dial(t, "/widget/v1/site/socket", Bearer(token), wire.Binary)
	c.Hello(fold)
	return c
}

// Bearer is the header that carries a token.
func Bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// Dial opens a socket.
func (s *Server) Dial(t testing.TB, path string, h http.Header, protocols ...string) *Socket {
	t.Helper()
	c, err := s.TryDial(Patience, s.Addr(), path, h, protocols...)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	c.t = t
	t.Cleanup(func() { c.WS.Close() })
	return c
}

// Addr is where the server listens.
func (s *Server) Addr() string { return s.HTTP.Listener.Addr().String() }

// TryDial opens a socket by way of an address, or says why it can't.
func (s *Server) TryDial(patience time.Duration, addr, path string, h http.Header, protocols ...string) (*Socket, error) {
	d := websocket.Dialer{Subprotocols: protocols, HandshakeTimeout: patience}
	ws, r, err := d.Dial("ws://"+addr+path, h)
	if err != nil {
		if r != nil {
			err = fmt.Errorf("%w: %s", err, r.Status)
		}
		return nil, err
	}
	ws.SetReadLimit(64 << 20)
	return &Socket{t: s.t, WS: ws, Format: wire.FormatOf(ws.Subprotocol()), Fold: NewFold()}, nil
}

// Hello says what the client has and reads on until it is answered.
func (c *Socket) Hello(fold *Fold) {
	c.t.Helper()
	if fold != nil {
		c.Fold = fold
	}
	c.Must(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{Held: c.Fold.Held()}}})
	c.passed = nil
}

// Write sends a frame under the next id, and returns the id.
func (c *Socket) Write(f *wire.FromClient) (uint64, error) {
	c.last++
	f.Id = c.last
	b, err := c.Format.Encode(f)
	if err != nil {
		return 0, err
	}
	kind := websocket.BinaryMessage
	if c.Format == wire.InJSON {
		kind = websocket.TextMessage
	}
	return f.Id, c.WriteRaw(kind, b)
}

// WriteRaw sends what need not be a frame.
func (c *Socket) WriteRaw(kind int, b []byte) error {
	f := &wire.FromClient{}
	if err := c.Format.Decode(b, f); err == nil {
		c.Fold.Said(f)
	}
	return c.WS.WriteMessage(kind, b)
}

// Send is Write that must succeed.
func (c *Socket) Send(f *wire.FromClient) uint64 {
	c.t.Helper()
	id, err := c.Write(f)
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

// Next reads a frame and folds it.
func (c *Socket) Next(patience time.Duration) (*wire.FromServer, error) {
	f, err := c.NextUnfolded(patience)
	if err != nil {
		return nil, err
	}
	return f, c.Fold.Take(f)
}

// NextUnfolded reads a frame.
func (c *Socket) NextUnfolded(patience time.Duration) (*wire.FromServer, error) {
	c.WS.SetReadDeadline(time.Now().Add(patience))
	_, b, err := c.WS.ReadMessage()
	if err != nil {
		return nil, err
	}
	f := &wire.FromServer{}
	return f, c.Format.Decode(b, f)
}

// Until reads on until a frame is what is wanted. One that was read while
// something else was waited for counts too, once.
func (c *Socket) Until(what string, wanted func(*wire.FromServer) bool) *wire.FromServer {
	c.t.Helper()
	for i, f := range c.passed {
		if wanted(f) {
			c.passed = slices.Delete(c.passed, i, i+1)
			return f
		}
	}
	for {
		f, err := c.Next(Patience)
		if err != nil {
			c.t.Fatalf("waiting for %s: %v", what, err)
		}
		if wanted(f) {
			return f
		}
		c.passed = append(c.passed, f)
	}
}

// Answer reads on until the frame with the id is answered.
func (c *Socket) Answer(id uint64) *wire.Answer {
	c.t.Helper()
	return c.Until(fmt.Sprintf("answer %d", id), func(f *wire.FromServer) bool {
		return f.GetAnswer() != nil && f.GetAnswer().Id == id
	}).GetAnswer()
}

// Do sends a frame and returns the answer.
func (c *Socket) Do(f *wire.FromClient) *wire.Answer {
	c.t.Helper()
	return c.Answer(c.Send(f))
}

// Must is Do that must not be refused.
func (c *Socket) Must(f *wire.FromClient) *wire.Answer {
	c.t.Helper()
	a := c.Do(f)
	if a.Kind != "" {
		c.t.Fatalf("%v was refused: %s: %s", f, a.Kind, a.Text)
	}
	return a
}

// Fact reads on until a fact of a stream is what is wanted.
func (c *Socket) Fact(what string, wanted func(event.Event) bool) *wire.Entry {
	c.t.Helper()
	return c.Until(what, func(f *wire.FromServer) bool {
		return f.GetEntry() != nil && wanted(f.GetEntry().Fact.Unwrap())
	}).GetEntry()
}

// Assigned reads on until a conversation is the user's and returns its id.
func (c *Socket) Assigned(user string) string {
	c.t.Helper()
	e := c.Fact("an assignment to "+user, func(e event.Event) bool {
		a, ok := e.(*event.ConversationAssigned)
		return ok && a.OperatorId == user
	})
	return strings.TrimPrefix(e.Stream, event.ConversationStream)
}

// Bubble reads on until a message with that text is shown to the visitor, who
// has said it on another socket, or not at all.
func (c *Socket) Bubble(text string) *wire.Bubble {
	c.t.Helper()
	return c.Until("bubble "+text, func(f *wire.FromServer) bool { return f.GetBubble().GetContent().GetText() == text }).GetBubble()
}

// Over reads on until the socket ends, and returns the reason of the Bye, or
// of the closing frame if there was none.
func (c *Socket) Over() (bye string, code int) {
	c.t.Helper()
	for {
		f, err := c.Next(Patience)
		if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
			return bye, closed.Code
		}
		if err != nil {
			c.t.Fatalf("waiting for the end: %v", err)
		}
		if f.GetBye() != nil {
			bye = f.GetBye().Reason
		}
	}
}

// Say is a visitor's message.
func Say(id, text string) *wire.FromClient {
	return &wire.FromClient{Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: id, Content: &event.Content{Text: text}}}}
}

// Reply is an operator's.
func Reply(conv, id, text string) *wire.FromClient {
	return &wire.FromClient{Is: &wire.FromClient_Reply{Reply: &wire.Reply{ConversationId: conv, MessageId: id, Content: &event.Content{Text: text}}}}
}

// Close ends a conversation.
func Close(conv string) *wire.FromClient {
	return &wire.FromClient{Is: &wire.FromClient_Close{Close: &wire.Close{ConversationId: conv}}}
}

// Transfer sends a conversation to another operator.
func Transfer(conv, id, to, note string) *wire.FromClient {
	return &wire.FromClient{Is: &wire.FromClient_Transfer{Transfer: &wire.Transfer{ConversationId: conv, TransferId: id, OperatorId: to, Note: note}}}
}

// Shows is Bubble for one that may have come with the hello, or was said on
// this socket.
func (c *Socket) Shows(text string) {
	c.t.Helper()
	for _, bubbles := range c.Fold.Bubbles {
		for _, b := range bubbles {
			if b.Content.GetText() == text {
				return
			}
		}
	}
	c.Bubble(text)
}
