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
	// gathered is how many bytes are written with one system call at the most.
	gathered = 64 << 10
	// pingEvery and silence: a socket that has not answered a ping is dead.
	pingEvery = 50 * time.Second
	silence   = 120 * time.Second
	// writeTime is how long a reader may take for what is gathered, and parting
	// how long for the last frames once the server has decided to go.
	writeTime = 20 * time.Second
	parting   = 3 * time.Second
)

// A Conn is one socket. Frames may be sent from any goroutine; they leave in
// the order they were sent, several with one system call where they have
// gathered. Nobody waits for a slow reader, except who asks to (see [Conn.Room]).
type Conn struct {
	Format wire.Format

	ws     *websocket.Conn
	cork   *corked
	pinger *time.Timer

	mu      sync.Mutex // guards what follows
	out     [][]byte
	waiting int           // bytes in out, and those just being written
	room    chan struct{} // closed when there is room again; nil if nobody waits for it
	writing bool
	last    []byte // the closing frame that follows out; nothing is taken after it
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
// buffer that is valid until take returns. When take returns false the socket
// is closed, after what was sent. Serve returns at once, so that the request's
// own memory is freed: the reading goes on in a goroutine of its own, and ended
// is called when it is over.
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

// read takes frames until the socket ends. Once the last frame is on its way
// out, what still comes is dropped: the client was not told that it had effect.
func (c *Conn) read(take func([]byte) bool) {
	for {
		kind, r, err := c.ws.NextReader()
		if err != nil {
			return
		}
		if c.leaving() {
			if _, err := io.Copy(io.Discard, r); err != nil {
				return
			}
			continue
		}
		if kind != c.kind() && c.Format == wire.InBinary {
			c.hangUp(websocket.CloseUnsupportedData, "binary frames are expected")
			continue
		}
		b := buffers.Get().(*buffer)
		b.data, err = appendAll(b.data[:0], r)
		more := err == nil && take(b.data)
		b.free()
		if err != nil {
			return
		}
		if !more {
			c.hangUp(websocket.ClosePolicyViolation, "refused")
			continue
		}
		c.ws.SetReadDeadline(time.Now().Add(silence))
	}
}

// kind is the kind of message that frames travel in.
func (c *Conn) kind() int {
	if c.Format == wire.InJSON {
		return websocket.TextMessage
	}
	return websocket.BinaryMessage
}

type buffer struct{ data []byte }

var buffers = sync.Pool{New: func() any { return &buffer{make([]byte, 0, 1024)} }}

// free lets somebody else use b, unless it has become uncommonly large.
func (b *buffer) free() {
	if cap(b.data) <= 2*gathered {
		buffers.Put(b)
	}
}

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

// SendEncoded writes a frame that is encoded in the socket's format already. A
// reader for whom too much waits gets nothing more but a Bye.
func (c *Conn) SendEncoded(b []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead || c.last != nil {
		return false
	}
	if c.waiting+len(b) > patience {
		c.out = nil // it takes up where what it has got ends
		c.part("too_slow", websocket.CloseTryAgainLater)
		return false
	}
	c.push(b)
	return true
}

// push puts a frame at the end. The lock is held.
func (c *Conn) push(b []byte) {
	c.waiting += len(b)
	c.out = append(c.out, b)
	c.wake()
}

// wake sees to it that what waits is written. The lock is held.
func (c *Conn) wake() {
	if !c.writing {
		c.writing = true
		go c.flush()
	}
}

// Room waits until less than half of what may wait for the reader does, and
// reports whether the socket lives. It is for who has a long story to tell.
func (c *Conn) Room() bool {
	c.mu.Lock()
	for !c.dead && c.last == nil && c.waiting > patience/2 {
		if c.room == nil {
			c.room = make(chan struct{})
		}
		room := c.room
		c.mu.Unlock()
		<-room
		c.mu.Lock()
	}
	defer c.mu.Unlock()
	return !c.dead && c.last == nil
}

// roomy tells who waits for room. The lock is held.
func (c *Conn) roomy() {
	if c.room != nil {
		close(c.room)
		c.room = nil
	}
}

// flush writes what waits until nothing does, and last of all the closing frame.
func (c *Conn) flush() {
	var done [][]byte
	for {
		c.mu.Lock()
		clear(done)
		batch := c.out
		if len(batch) == 0 || c.dead {
			break
		}
		c.out = done[:0]
		c.mu.Unlock()
		n, err := c.write(batch)
		if err != nil {
			c.Close()
		}
		c.mu.Lock()
		c.waiting -= n
		c.roomy()
		c.mu.Unlock()
		done = batch
	}
	c.writing = false
	c.out = nil
	if cap(done) <= 4 { // most sockets are silent for minutes
		c.out = done[:0]
	}
	last := c.last
	c.mu.Unlock()
	if last != nil {
		c.ws.WriteControl(websocket.CloseMessage, last, time.Now().Add(parting))
	}
}

// write writes the frames and returns how long they are together.
func (c *Conn) write(batch [][]byte) (n int, err error) {
	if len(batch) > 1 {
		c.cork.hold()
	}
	for _, b := range batch {
		n += len(b)
		c.ws.SetWriteDeadline(time.Now().Add(writeTime))
		if err == nil {
			err = c.ws.WriteMessage(c.kind(), b)
		}
	}
	if len(batch) > 1 {
		err = errors.Join(err, c.cork.release())
	}
	return n, err
}

// Bye says why and closes, some time soon. It waits for nobody.
func (c *Conn) Bye(reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.part(reason, websocket.CloseNormalClosure)
}

// part sends a Bye as the last frame. The lock is held.
func (c *Conn) part(reason string, code int) {
	if c.dead || c.last != nil {
		return
	}
	b, err := c.Format.Encode(&wire.FromServer{Is: &wire.FromServer_Bye{Bye: &wire.Bye{Reason: reason}}})
	if err == nil {
		c.push(b)
	}
	c.end(code, reason)
}

// hangUp closes after what was sent.
func (c *Conn) hangUp(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end(code, reason)
}

// end lets what waits leave, and after it a closing frame. The client answers
// with its own, or has its time to. The lock is held.
func (c *Conn) end(code int, reason string) {
	if c.dead || c.last != nil {
		return
	}
	c.last = websocket.FormatCloseMessage(code, reason)
	c.roomy()
	c.wake()
	time.AfterFunc(parting, c.Close)
}

func (c *Conn) leaving() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last != nil
}

// Close ends the socket at once.
func (c *Conn) Close() {
	c.mu.Lock()
	c.dead = true
	c.out = nil
	c.roomy()
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
	mu  sync.Mutex // guards what follows
	buf *buffer    // what was gathered; nil if writes go through
}

func (c *corked) hold() {
	c.mu.Lock()
	c.buf = buffers.Get().(*buffer)
	c.buf.data = c.buf.data[:0]
	c.mu.Unlock()
}

// Write implements [net.Conn].
func (c *corked) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.buf == nil {
		return c.Conn.Write(b)
	}
	if len(c.buf.data) > 0 && len(c.buf.data)+len(b) > gathered {
		if err := c.drain(); err != nil {
			return 0, err
		}
	}
	c.buf.data = append(c.buf.data, b...)
	return len(b), nil
}

func (c *corked) release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.drain()
	c.buf.free()
	c.buf = nil
	return err
}

// drain writes what was gathered. The lock is held.
func (c *corked) drain() error {
	_, err := c.Conn.Write(c.buf.data)
	c.buf.data = c.buf.data[:0]
	return err
}

// Wait returns when all sockets are gone that were said goodbye to, or should
// be.
func Wait(gone <-chan struct{}) {
	select {
	case <-gone:
	case <-time.After(2 * parting):
	}
}
