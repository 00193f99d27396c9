package live

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"google.golang.org/protobuf/proto"

	"crafttalkd/transport/wire"
)

const (
	// patience is how many bytes may wait for a reader. One that is slower is
	// cut off; it knows its place and comes back.
	patience = 1 << 20
	// largest is the longest frame a client may send.
	largest = 256 << 10
	// pingEvery and silence: a socket that has not answered a ping is dead.
	pingEvery = 50 * time.Second
	silence   = 120 * time.Second
	writeTime = 20 * time.Second
)

// A Conn is one socket. Frames may be sent from any goroutine; they leave in
// the order they were sent, several with one system call where they have
// gathered. Nobody waits for a slow reader.
type Conn struct {
	Format wire.Format

	ws     *websocket.Conn
	cork   *corked
	pinger *time.Timer

	mu      sync.Mutex // guards what follows
	out     [][]byte
	waiting int // bytes in out
	writing bool
	dead    bool
}

// An Upgrader makes sockets of requests.
type Upgrader struct {
	websocket.Upgrader
}

// NewUpgrader returns an upgrader. origin reports whether a browser page of
// that origin may connect; a request without an origin is no browser's, and is
// for the caller to authenticate by other means.
func NewUpgrader(origin func(r *http.Request, origin string) bool) *Upgrader {
	return &Upgrader{websocket.Upgrader{
		ReadBufferSize: 1024, WriteBufferSize: 1024, WriteBufferPool: &sync.Pool{},
		Subprotocols: []string{wire.Binary, wire.JSON},
		CheckOrigin: func(r *http.Request) bool {
			o := r.Header.Get("Origin")
			return o == "" || origin(r, o)
		},
	}}
}

// Upgrade answers the handshake. On failure it has answered with an error.
func (u *Upgrader) Upgrade(w http.ResponseWriter, r *http.Request) (*Conn, error) {
	c := &Conn{}
	ws, err := u.Upgrader.Upgrade(hijacker{w, c}, r, nil)
	if err != nil {
		return nil, err
	}
	c.ws, c.Format = ws, wire.FormatOf(ws.Subprotocol())
	ws.SetReadLimit(largest)
	return c, nil
}

// Serve reads frames until the socket ends, and calls take for each, with a
// buffer that is valid until take returns. It returns at once, so that the
// request's own memory is freed: the reading goes on in a goroutine of its own,
// and ended is called when it is over.
func (c *Conn) Serve(take func([]byte) bool, ended func()) {
	c.ws.SetReadDeadline(time.Now().Add(silence))
	c.ws.SetPongHandler(func(string) error { return c.ws.SetReadDeadline(time.Now().Add(silence)) })
	c.pinger = time.AfterFunc(time.Hour, c.ping)
	c.pinger.Reset(pingEvery)
	go func() {
		c.read(take)
		c.pinger.Stop()
		c.Close()
		ended()
	}()
}

// ping asks the client whether it is there; it never touches the store.
func (c *Conn) ping() {
	if c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTime)) == nil {
		c.pinger.Reset(pingEvery)
	}
}

func (c *Conn) read(take func([]byte) bool) {
	for {
		_, r, err := c.ws.NextReader()
		if err != nil {
			return
		}
		b := buffers.Get().(*buffer)
		b.data, err = appendAll(b.data[:0], r)
		more := err == nil && take(b.data)
		if cap(b.data) <= 1<<16 {
			buffers.Put(b)
		}
		if !more {
			return
		}
		c.ws.SetReadDeadline(time.Now().Add(silence))
	}
}

type buffer struct{ data []byte }

var buffers = sync.Pool{New: func() any { return &buffer{make([]byte, 0, 1024)} }}

func appendAll(b []byte, r io.Reader) ([]byte, error) {
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
}

// Send writes a frame, some time soon, and reports whether the socket lives.
func (c *Conn) Send(m proto.Message) bool {
	b, err := c.Format.Encode(m)
	return err == nil && c.SendEncoded(b)
}

// SendEncoded writes a frame that is encoded in the socket's format already.
func (c *Conn) SendEncoded(b []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead {
		return false
	}
	if c.waiting += len(b); c.waiting > patience {
		c.dead = true
		go c.cut("too_slow")
		return false
	}
	c.out = append(c.out, b)
	if !c.writing {
		c.writing = true
		go c.flush()
	}
	return true
}

// flush writes what waits until nothing does.
func (c *Conn) flush() {
	var done [][]byte
	for {
		c.mu.Lock()
		clear(done)
		batch := c.out
		if len(batch) == 0 || c.dead {
			c.writing = false
			if cap(done) <= 16 {
				c.out = done[:0]
			} else {
				c.out = nil
			}
			c.mu.Unlock()
			return
		}
		c.out, c.waiting = done[:0], 0
		c.mu.Unlock()
		if err := c.write(batch); err != nil {
			c.Close()
		}
		done = batch
	}
}

func (c *Conn) write(batch [][]byte) error {
	kind := websocket.BinaryMessage
	if c.Format == wire.InJSON {
		kind = websocket.TextMessage
	}
	c.ws.SetWriteDeadline(time.Now().Add(writeTime))
	if len(batch) == 1 {
		return c.ws.WriteMessage(kind, batch[0])
	}
	c.cork.hold()
	for _, b := range batch {
		if err := c.ws.WriteMessage(kind, b); err != nil {
			return err
		}
	}
	return c.cork.release()
}

// Bye says why and closes.
func (c *Conn) Bye(reason string) {
	c.Send(&wire.FromServer{Is: &wire.FromServer_Bye{Bye: &wire.Bye{Reason: reason}}})
	c.mu.Lock()
	c.dead = true
	last := c.out
	c.out = nil
	writing := c.writing
	c.mu.Unlock()
	if !writing {
		c.write(last)
	}
	c.cut(reason)
}

func (c *Conn) cut(reason string) {
	m := websocket.FormatCloseMessage(websocket.CloseNormalClosure, reason)
	c.ws.WriteControl(websocket.CloseMessage, m, time.Now().Add(time.Second))
	c.Close()
}

// Close ends the socket.
func (c *Conn) Close() {
	c.mu.Lock()
	c.dead = true
	c.out = nil
	c.mu.Unlock()
	c.ws.Close()
}

// A hijacker hands gorilla a connection whose writes can be held together.
type hijacker struct {
	http.ResponseWriter
	conn *Conn
}

// Hijack implements [http.Hijacker].
func (h hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	hj, ok := h.ResponseWriter.(http.Hijacker)
	if !ok {
		return nil, nil, errors.New("the connection can't be taken over")
	}
	conn, rw, err := hj.Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.conn.cork = &corked{Conn: conn}
	return h.conn.cork, rw, nil
}

// corked is a connection that can gather writes to one system call. A frame
// that somebody writes meanwhile, such as a ping, is gathered with the others.
type corked struct {
	net.Conn
	mu   sync.Mutex // guards what follows
	held bool
	buf  []byte
}

func (c *corked) hold() {
	c.mu.Lock()
	c.held = true
	c.mu.Unlock()
}

// Write implements [net.Conn].
func (c *corked) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.held {
		return c.Conn.Write(b)
	}
	c.buf = append(c.buf, b...)
	return len(b), nil
}

func (c *corked) release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = false
	_, err := c.Conn.Write(c.buf)
	if c.buf = c.buf[:0]; cap(c.buf) > 1<<14 {
		c.buf = nil
	}
	return err
}
