package bench_test

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
	"github.com/gorilla/websocket"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

const (
	crowd   = 200              // desks that show one conversation
	phase   = 4 * time.Second  // in which the last of them reads, or is slow
	told    = 10               // messages a second, to each desk
	trailer = 12_000           // bytes of each, so that the slow one is soon stuck
	beat    = time.Second / 10 // of the slow one: a byte
)

// BenchmarkSlowReader measures what one reader of ten bytes a second costs the
// other 199 of a conversation's desks. Phases in which it reads as everybody and
// phases in which it is slow take turns in one run, so that the neighbours of the
// machine trouble both alike; a phase before them, in which the conversation is
// opened and finds its operator, is not counted. Messages leave at planned times,
// and latency counts from there to each desk's client; ratio is that of the two p99.
func BenchmarkSlowReader(b *testing.B) {
	p := newProduct(b, center()...)
	c := newReaders()
	for range crowd - 1 {
		go c.listen(p.sitDown(b))
	}
	anna := p.visitor(b)
	next := tell(b, anna, 1)
	c.drain(b, int64(next-1)*(crowd-1))
	for round := 0; b.Loop(); round++ {
		for _, slow := range []bool{round%2 == 0, round%2 != 0} {
			ws := p.sitDown(b)
			var reading sync.WaitGroup
			if slow {
				reading.Go(func() { dawdle(ws) })
			} else {
				reading.Go(func() { newReaders().listen(ws) })
			}
			c.count(slow)
			next = tell(b, anna, next)
			c.drain(b, int64(next-1)*(crowd-1))
			ws.Close()
			reading.Wait()
		}
	}
	c.report(b)
}

// readers are the desks' clients that are measured.
type readers struct {
	got         atomic.Int64
	quiet, slow *hdr.Histogram

	mu   sync.Mutex     // guards what follows, and what is in it
	into *hdr.Histogram // where what comes now is counted; nil for nowhere
}

func newReaders() *readers { return &readers{quiet: histogram(), slow: histogram()} }

// count counts what comes from now on as that of a phase of one kind.
func (c *readers) count(slow bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.into = c.quiet; slow {
		c.into = c.slow
	}
}

// sitDown opens one more desk of the operator who has the conversation.
func (p *product) sitDown(b *testing.B) *websocket.Conn {
	ws := dial(b, "ws"+p.url[len("http"):]+"/desk/v1/socket?user=op0", nil)
	write(b, ws, encode(&wire.FromClient{Id: 1, Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}}))
	await(b, ws, 1)
	write(b, ws, encode(&wire.FromClient{Id: 2, Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_ONLINE}}}))
	await(b, ws, 2)
	return ws
}

// listen notes how old the messages are that come to a desk.
func (c *readers) listen(ws *websocket.Conn) {
	for {
		f, err := read(ws)
		if err != nil {
			return
		}
		m := f.GetEntry().GetFact().GetMessageReceived()
		if m == nil {
			continue
		}
		planned, _, _ := strings.Cut(m.Content.Text, " ")
		at, err := strconv.ParseInt(planned, 10, 64)
		if err != nil {
			return
		}
		took := time.Since(time.Unix(0, at))
		c.mu.Lock()
		if c.into != nil {
			record(c.into, took)
		}
		c.mu.Unlock()
		c.got.Add(1)
	}
}

// dawdle reads ten bytes a second until the socket ends.
func dawdle(ws *websocket.Conn) {
	line := ws.NetConn()
	if err := line.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		return
	}
	for one := make([]byte, 1); ; wait(time.Now().Add(beat)) {
		if _, err := line.Read(one); err != nil {
			return
		}
	}
}

// tell has the visitor write for a phase, and returns the next message's number.
func tell(b *testing.B, anna *websocket.Conn, next uint64) uint64 {
	start := time.Now()
	for i := range int(told * phase / time.Second) {
		at := start.Add(time.Duration(i) * time.Second / told)
		wait(at)
		text := fmt.Sprint(at.UnixNano(), " ", strings.Repeat("x", trailer))
		write(b, anna, encode(&wire.FromClient{Id: next, Is: &wire.FromClient_Say{Say: &wire.Say{
			MessageId: fmt.Sprint("m", next), Content: &event.Content{Text: text}}}}))
		await(b, anna, next)
		next++
	}
	return next
}

// drain waits until everybody has got everything.
func (c *readers) drain(b *testing.B, n int64) {
	until(b, &c.got, n)
}

func (c *readers) report(b *testing.B) {
	c.mu.Lock()
	defer c.mu.Unlock()
	quiet, slow := c.quiet.ValueAtQuantile(99), c.slow.ValueAtQuantile(99)
	b.ReportMetric(float64(quiet)/1000, "all-read-ms-p99")
	b.ReportMetric(float64(slow)/1000, "one-slow-ms-p99")
	b.ReportMetric(float64(slow)/float64(quiet), "ratio")
	b.ReportMetric(0, "ns/op")
}
