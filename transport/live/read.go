package live

import (
	"errors"
	"io"
	"os"
	"time"

	"github.com/gorilla/websocket"

	"crafttalkd/transport/wire"
)

// Most sockets say nothing for minutes, and what holds memory then is the stack
// of whoever waits for them. So a silent socket is waited for by a goroutine
// that has never done anything else, and a frame is carried out by another one,
// whose stack is deep from before. A socket that talks is not given back and
// forth: it is waited for on the deep stack for a while.
//
//	     something came              took it all, and it is not lively
//	wait ---------------> readFrames --------------------------------> wait
//	                      |  ^   | lively
//	                      |  |   v
//	                      |  linger ---- nothing for long -----------> wait

// lively is within how many seconds a frame must follow another for its socket
// to count as one that talks.
const lively = 3

// Serve reads frames until the socket ends, and calls take for each, with a
// buffer that is valid until take returns. When take returns false the socket
// is closed, after what was sent. Serve returns at once, so that the request's
// own memory is freed: the reading goes on in goroutines of its own, one at a
// time, and ended is called when it is over.
func (c *Conn) Serve(take func([]byte) bool, ended func()) {
	c.take, c.ended = take, ended
	c.home.rounds.enter(c, &c.home.workers)
	c.ws.SetPongHandler(func(string) error { c.hear(); return nil })
	go c.wait()
}

// hear notes that the client is there.
func (c *Conn) hear() { c.heard.Store(c.home.rounds.now.Load()) }

// wait is all that the goroutine of a silent socket does.
func (c *Conn) wait() {
	if c.await() == nil {
		c.home.workers.do(task{c, true})
		return
	}
	c.over()
}

// await returns when something has come that is not the answer to a ping, or
// the socket has ended.
func (c *Conn) await() error {
	for {
		if _, err := c.in.Peek(1); err != nil {
			return err
		}
		if !c.pong() {
			return nil
		}
		c.hear()
	}
}

// pong takes the answer to one of our pings out of the buffer, and reports
// whether that was what is in it. It is all that most sockets ever say. Every
// other frame, and what a pong is together with, is gorilla's.
func (c *Conn) pong() bool {
	const length = 6 // the kind, no payload, and a mask for it
	if c.in.Buffered() != length {
		return false
	}
	head, err := c.in.Peek(2)
	if err != nil || head[0] != 0x80|websocket.PongMessage || head[1] != 0x80 {
		return false
	}
	_, err = c.in.Discard(length)
	return err == nil
}

// over ends the socket's service.
func (c *Conn) over() {
	c.home.rounds.leave(c)
	c.Close()
	c.ended()
}

// readFrames takes frames as long as the socket talks.
func (c *Conn) readFrames() {
	for {
		if !c.readFrame() {
			c.over()
			return
		}
		if c.in.Buffered() > 0 {
			continue
		}
		if !c.talks() {
			break
		}
		again, err := c.linger()
		if err != nil {
			c.over()
			return
		}
		if !again {
			break
		}
	}
	go c.wait()
}

// talks reports whether a frame has come soon after another one.
func (c *Conn) talks() bool {
	now := c.home.rounds.now.Load()
	before := c.said
	c.said = now
	return now-before < lively
}

// linger waits for the next frame. It reports false if the wait took so long
// that the stack is needed elsewhere.
func (c *Conn) linger() (again bool, err error) {
	c.mu.Lock()
	c.lingers = true
	c.mu.Unlock()
	err = c.await()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lingers = false
	if c.nudged {
		c.nudged = false
		c.cork.SetReadDeadline(time.Time{})
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return false, nil
		}
	}
	return true, err
}

// nudge ends a linger. The lock is held.
func (c *Conn) nudge() {
	if c.lingers && !c.nudged {
		c.nudged = true
		c.cork.SetReadDeadline(time.Unix(1, 0))
	}
}

// readFrame takes one frame and reports whether the socket goes on. Once the
// last frame is on its way out, what still comes is dropped: the client was not
// told that it had effect.
func (c *Conn) readFrame() bool {
	kind, r, err := c.ws.NextReader()
	if err != nil {
		return false
	}
	c.hear()
	if c.leaving() {
		_, err := io.Copy(io.Discard, r)
		return err == nil
	}
	if kind != c.kind() && c.Format == wire.InBinary {
		c.hangUp(websocket.CloseUnsupportedData, "binary frames are expected")
		return true
	}
	b := buffers.Get().(*buffer)
	defer b.free()
	if b.data, err = appendAll(b.data[:0], r); err != nil {
		return false
	}
	if !c.take(b.data) {
		c.hangUp(websocket.ClosePolicyViolation, "refused")
	}
	return true
}

// kind is the kind of message that frames travel in.
func (c *Conn) kind() int {
	if c.Format == wire.InJSON {
		return websocket.TextMessage
	}
	return websocket.BinaryMessage
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
