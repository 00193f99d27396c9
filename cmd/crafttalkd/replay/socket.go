package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"crafttalkd/transport/wire"
)

// A socket is one client's connection. If it may, it connects again after a
// loss, says what it holds, and sends again what was not answered.
type socket struct {
	url   string
	again bool // connect again after a loss
	token func(ctx context.Context) (string, error)
	hello func() *wire.Hello
	frame func(b []byte) error // each frame of the server's but answers, valid until it returns

	welcome func() // after each welcome

	ready chan struct{} // closed after the first welcome

	writing sync.Mutex // guards what follows, and holds the frames' order
	conn    *websocket.Conn
	last    uint64 // id of the last frame
	scratch []byte

	mu      sync.Mutex // guards what follows; taken after writing
	pending []asked    // not answered yet, in the order of their ids
}

// A command is a frame that is answered.
type command interface {
	// encode appends the frame with the id to b.
	encode(b []byte, id uint64) []byte
	// done is called once, with the answer.
	done(a *wire.Answer)
}

type asked struct {
	id uint64
	command
}

const patience = 10 * time.Second // for a handshake, and for a frame to be taken

func newDialer() *websocket.Dialer {
	return &websocket.Dialer{
		HandshakeTimeout: patience, Subprotocols: []string{wire.Binary},
		ReadBufferSize: 2048, WriteBufferSize: 2048, WriteBufferPool: &sync.Pool{},
	}
}

// errForgotten ends a socket whose client the server does not know any more.
var errForgotten = errors.New("the server has forgotten the client")

// run keeps the socket connected until ctx ends, and returns why it ended
// earlier than that.
func (s *socket) run(ctx context.Context, d *websocket.Dialer) error {
	token, wait := "", backoff{}
	for {
		var err error
		if token == "" {
			token, err = s.token(ctx)
		}
		welcomed := false
		if err == nil {
			welcomed, err = s.session(ctx, d, token)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errForgotten), !s.again && (!busy(err) || wait.tries == 20):
			return fmt.Errorf("socket %s: %w", s.url, err)
		case welcomed:
			wait.tries = 0
		case signedOut(err):
			token = ""
		}
		if wait.pause(ctx) != nil {
			return nil
		}
	}
}

// session is one connection, from the handshake to the loss.
func (s *socket) session(ctx context.Context, d *websocket.Dialer, token string) (welcomed bool, err error) {
	conn, resp, err := d.DialContext(ctx, s.url, http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		if resp != nil {
			err = &refusedError{"open the socket", resp.StatusCode, resp.Status}
		}
		return false, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	defer conn.Close()
	defer s.lose()
	if conn.Subprotocol() != wire.Binary {
		return false, fmt.Errorf("the server speaks %q, not %s", conn.Subprotocol(), wire.Binary)
	}
	if err := s.greet(conn); err != nil {
		return false, err
	}
	return s.listen(conn)
}

// listen reads until the connection ends.
func (s *socket) listen(conn *websocket.Conn) (welcomed bool, err error) {
	var buf bytes.Buffer
	for {
		_, r, err := conn.NextReader()
		if err != nil {
			return welcomed, err
		}
		buf.Reset()
		if _, err := buf.ReadFrom(r); err != nil {
			return welcomed, err
		}
		if err := s.read(conn, buf.Bytes(), &welcomed); err != nil {
			return welcomed, err
		}
	}
}

func (s *socket) greet(conn *websocket.Conn) error {
	m := &wire.FromClient{Is: &wire.FromClient_Hello{Hello: s.hello()}}
	s.writing.Lock()
	s.last++
	m.Id = s.last
	s.writing.Unlock()
	b, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	return put(conn, b)
}

// Numbers of the frames that every client looks at.
const (
	welcomeFrame protowire.Number = 1
	answerFrame  protowire.Number = 2
)

func (s *socket) read(conn *websocket.Conn, b []byte, welcomed *bool) error {
	switch n, _, _ := protowire.ConsumeTag(b); {
	case n == welcomeFrame && !*welcomed:
		*welcomed = true
		if err := s.resume(conn); err != nil {
			return err
		}
		s.welcome()
		return nil
	case n == answerFrame:
		return s.answer(b)
	}
	return s.frame(b)
}

// resume sends again what was not answered, and lets new frames pass.
func (s *socket) resume(conn *websocket.Conn) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	for _, a := range s.renumber() {
		s.scratch = a.encode(s.scratch[:0], a.id)
		if err := put(conn, s.scratch); err != nil {
			return err
		}
	}
	s.conn = conn
	select {
	case <-s.ready:
	default:
		close(s.ready)
	}
	return nil
}

// renumber gives what was not answered ids of the new connection.
func (s *socket) renumber() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.pending {
		s.last++
		s.pending[i].id = s.last
	}
	return slices.Clone(s.pending)
}

func (s *socket) lose() {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.conn = nil
}

// send sends c now, or when there is a connection again.
func (s *socket) send(c command) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.last++
	s.mu.Lock()
	s.pending = append(s.pending, asked{s.last, c})
	s.mu.Unlock()
	if s.conn == nil {
		return
	}
	s.scratch = c.encode(s.scratch[:0], s.last)
	if err := put(s.conn, s.scratch); err != nil {
		s.conn.Close() // the reader notices, and connects again
		s.conn = nil
	}
}

func (s *socket) answer(b []byte) error {
	var m wire.FromServer
	if err := proto.Unmarshal(b, &m); err != nil {
		return fmt.Errorf("a frame of the server: %w", err)
	}
	a := m.GetAnswer()
	if c := s.settle(a.GetId()); c != nil {
		c.done(a)
	}
	return nil
}

// settle takes the command out of the pending ones; it is nearly always the
// first. It returns nil for frames that nobody waits for, such as hello.
func (s *socket) settle(id uint64) command {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.pending, func(a asked) bool { return a.id == id })
	if i < 0 {
		return nil
	}
	c := s.pending[i].command
	if i == 0 {
		s.pending[0] = asked{}
		s.pending = s.pending[1:]
	} else {
		s.pending = slices.Delete(s.pending, i, i+1)
	}
	return c
}

// idle reports whether every command was answered.
func (s *socket) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending) == 0
}

// await waits until the socket has been welcomed.
func (s *socket) await(ctx context.Context) error {
	select {
	case <-s.ready:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func put(conn *websocket.Conn, b []byte) error {
	if err := conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	return conn.WriteMessage(websocket.BinaryMessage, b)
}
