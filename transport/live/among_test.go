package live_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/transport/live"
	"crafttalkd/transport/live/livetest"
)

// A view sends what it sees to a socket, as desks do; one that is polite waits
// until there is room, as nobody may who is called by the hub.
type view struct {
	conn   *live.Conn
	polite bool
}

func (v *view) See(_ journal.Entry, f *live.Frames) {
	if v.polite {
		v.conn.Room()
	}
	if b, err := f.In(v.conn.Format); err == nil {
		v.conn.SendEncoded(b)
	}
}

// A crowd is many readers of one stream, of whom one reads almost nothing.
type crowd struct {
	hub   *live.Hub
	slow  *live.Conn
	quick []*live.Conn
	got   chan struct{} // one for each frame that a quick one has read
}

const (
	crowded = 200
	stream  = "conversation/anna.1"
	long    = 30_000 // bytes of a message
)

func newCrowd(t *testing.T, polite bool) *crowd {
	c := &crowd{hub: live.NewHub(nil), got: make(chan struct{}, 100*crowded)}
	for i := range crowded {
		client, conn := pair(t)
		c.hub.Watch(stream, &view{conn, polite})
		if i == crowded/2 {
			c.slow = conn
			c.dawdle(t, client)
			continue
		}
		c.quick = append(c.quick, conn)
		go func() {
			for {
				if _, _, err := client.ReadMessage(); err != nil {
					return
				}
				c.got <- struct{}{}
			}
		}()
	}
	return c
}

// dawdle reads ten bytes a second.
func (c *crowd) dawdle(t *testing.T, client *websocket.Conn) {
	line := client.NetConn()
	if err := line.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for b := make([]byte, 10); ; <-tick.C {
			if _, err := line.Read(b); err != nil {
				return
			}
		}
	}()
}

// tell brings a fact to everybody, and reports whether everybody but the slow
// one has read it.
func (c *crowd) tell(version uint64, patience time.Duration) bool {
	e := journal.Entry{Stream: stream, Version: version, Shard: store.ShardOf(stream),
		Event: &event.MessageReceived{Content: &event.Content{Text: strings.Repeat("x", long)}}}
	go c.hub.Take([]journal.Entry{e})
	limit := time.After(patience)
	for range c.quick {
		select {
		case <-c.got:
		case <-limit:
			return false
		}
	}
	return true
}

// stuff sends to the slow one alone until so many bytes wait for it, and the
// machine between us takes no more.
func (c *crowd) stuff(bytes int) {
	b := make([]byte, long)
	for quiet := 0; quiet < 20; quiet++ {
		for ; c.slow.Waiting() < bytes && c.slow.SendEncoded(b); quiet = 0 {
		}
		<-time.After(5 * time.Millisecond)
	}
}

// proves G30: one reader of ten bytes a second among two hundred is the only one
// who waits. What waits for it is bounded and nothing waits for the others, until
// it is cut off and after that.
func TestG30_AmongTwoHundred(t *testing.T) {
	c := newCrowd(t, false)
	c.stuff(live.Patience - 10*long)
	most, version := 0, uint64(0)
	for open := true; open; open = c.slow.SendEncoded([]byte{}) {
		version++
		if !c.tell(version, livetest.Patience) {
			t.Fatalf("fact %d did not come to everybody", version)
		}
		most = max(most, c.slow.Waiting())
		for _, q := range c.quick {
			if n := settle(0, q.Waiting); n > 0 {
				t.Fatalf("%d bytes wait for one who has read all", n)
			}
		}
		if version > 10_000 {
			t.Fatal("300 MB were taken for a reader of ten bytes a second")
		}
	}
	if most > live.Patience || most < live.Patience/2 {
		t.Errorf("%d bytes waited for the slow one, want up to %d", most, live.Patience)
	}
	if version++; !c.tell(version, livetest.Patience) {
		t.Error("others are not told what comes after the slow one was cut off")
	}
}

// A server that waits for a slow reader is seen.
func TestG30_WaitingForTheSlowIsSeen(t *testing.T) {
	c := newCrowd(t, true)
	c.stuff(live.Patience - 10*long)
	if c.tell(1, time.Second) {
		t.Error("all have read what was held up by the slow one")
	}
	c.slow.Close()
}
