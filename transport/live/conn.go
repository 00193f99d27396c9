package live

import (
	"bufio"
	"errors"
	"sync"
	"sync/atomic"
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

	home  *Upgrader
	ws    *websocket.Conn
	cork  corked
	in    *bufio.Reader // between cork and ws
	take  func([]byte) bool
	ended func()
	heard atomic.Int64 // when the client was heard of last, in the seconds of the rounds
	said  int64        // when a frame was read last; only the reader knows it

	group, place int // in the rounds, guarded by their lock

	mu      sync.Mutex // guards what follows
	out     [][]byte
	waiting int           // bytes in out, and those just being written
	room    chan struct{} // closed when there is room again; nil if nobody waits for it
	last    []byte        // the closing frame that follows out; nothing is taken after it
	asking  bool          // a ping is to be written
	writing bool
	lingers bool // a deep stack waits for the next frame
	nudged  bool // and was told not to
	dead    bool
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
		c.home.workers.do(task{conn: c})
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

// Clear reports whether all that was sent has left. Who tells the newest state
// alone waits with it until then, so that a slow reader gets no backlog.
func (c *Conn) Clear() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waiting == 0
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
		batch, asking := c.out, c.asking
		if len(batch) == 0 && !asking || c.dead {
			break
		}
		c.out, c.asking = done[:0], false
		c.mu.Unlock()
		n, err := c.write(batch, asking)
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

// write writes a ping, if the client is to be asked whether it is there, and
// the frames, and returns how long these are together.
func (c *Conn) write(batch [][]byte, asking bool) (n int, err error) {
	limit := time.Now().Add(writeTime)
	if asking {
		err = c.ws.WriteControl(websocket.PingMessage, nil, limit)
	}
	if len(batch) > 1 {
		c.cork.hold()
	}
	c.ws.SetWriteDeadline(limit)
	for _, b := range batch {
		n += len(b)
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

// Wait returns when all sockets are gone that were said goodbye to, or should
// be.
func Wait(gone <-chan struct{}) {
	select {
	case <-gone:
	case <-time.After(2 * parting):
	}
}
