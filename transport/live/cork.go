package live

import (
	"net"
	"sync"
	"time"
)

// corked is a connection that can gather writes to one system call. A frame
// that somebody writes meanwhile, such as a pong, is gathered with the others.
type corked struct {
	net.Conn
	limit time.Time // the deadline of writes; only who writes sets it

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

// SetWriteDeadline implements [net.Conn]. It is asked for with every frame, and
// half a second more or less means nothing: the timer stays where it is.
func (c *corked) SetWriteDeadline(t time.Time) error {
	if d := t.Sub(c.limit); d >= 0 && d < near {
		return nil
	}
	c.limit = t
	return c.Conn.SetWriteDeadline(t)
}

// near is how much earlier than asked for a write may fail.
const near = 500 * time.Millisecond

type buffer struct{ data []byte }

var buffers = sync.Pool{New: func() any { return &buffer{make([]byte, 0, 1024)} }}

// free lets somebody else use b, unless it has become uncommonly large.
func (b *buffer) free() {
	if cap(b.data) <= 2*gathered {
		buffers.Put(b)
	}
}
