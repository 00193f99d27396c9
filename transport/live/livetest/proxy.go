package livetest

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// A Proxy is a bad line to a server: each connection through it is cut between
// two frames or within one, held up, or left open and dead, after some bytes
// that chance decides. It takes the place of a bigger tool because one seed
// must decide everything.
type Proxy struct {
	net.Listener
	target string

	mu    sync.Mutex // guards what follows
	fate  *rand.Rand
	good  bool
	lines map[net.Conn]struct{}
}

// NewProxy returns a bad line to addr that ends with the test.
func NewProxy(t testing.TB, addr string, seed uint64) *Proxy {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Listener: l, target: addr, fate: rand.New(rand.NewPCG(seed, 1)), lines: map[net.Conn]struct{}{}}
	go p.serve()
	t.Cleanup(func() { l.Close(); p.Cut() })
	return p
}

// Mend makes the line good from the next connection on.
func (p *Proxy) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.good = true
}

// Cut ends all connections.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.lines {
		c.Close()
	}
}

func (p *Proxy) serve() {
	for {
		c, err := p.Accept()
		if err != nil {
			return
		}
		s, err := net.Dial("tcp", p.target)
		if err != nil {
			c.Close()
			return
		}
		p.mu.Lock()
		p.lines[c], p.lines[s] = struct{}{}, struct{}{}
		up, down := p.line(), p.line()
		p.mu.Unlock()
		go p.carry(s, c, up)
		go p.carry(c, s, down)
	}
}

// A line is what will happen to one direction.
type line struct {
	bytes int // that come through
	dead  bool
	delay time.Duration // of every piece
}

// line decides on a fate. The lock is held.
func (p *Proxy) line() line {
	if p.good {
		return line{bytes: 1 << 40}
	}
	l := line{bytes: 100 + p.fate.IntN(1<<(8+p.fate.IntN(5))), dead: p.fate.IntN(8) == 0}
	if p.fate.IntN(4) == 0 {
		l.delay = time.Duration(p.fate.IntN(3000)) * time.Microsecond
	}
	return l
}

// carry copies one direction until its fate is met.
func (p *Proxy) carry(to, from net.Conn, l line) {
	_, err := io.CopyN(slow{to, l.delay}, from, int64(l.bytes))
	if err == nil && l.dead {
		io.Copy(io.Discard, from) // nothing comes out, and nobody is told
	}
	to.Close()
	from.Close()
	p.mu.Lock()
	delete(p.lines, to)
	delete(p.lines, from)
	p.mu.Unlock()
}

type slow struct {
	net.Conn
	delay time.Duration
}

func (s slow) Write(b []byte) (int, error) {
	if s.delay > 0 {
		<-time.After(s.delay)
	}
	return s.Conn.Write(b)
}
