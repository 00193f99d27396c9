package live_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"crafttalkd/transport/live"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

// An echoed is a client and the server's end, which tells what it takes.
type echoed struct {
	client *websocket.Conn
	conn   *live.Conn
	took   chan string
	ended  chan struct{}
}

func echo(t *testing.T) *echoed {
	t.Helper()
	e := &echoed{took: make(chan string, 16), ended: make(chan struct{})}
	ready := make(chan *live.Conn, 1)
	up := live.NewUpgrader(func(*http.Request, string) bool { return true })
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := up.Upgrade(w, r)
		if err != nil {
			t.Error(err)
			return
		}
		c.Serve(func(b []byte) bool { e.took <- string(b); return true }, func() { close(e.ended) })
		ready <- c
	}))
	t.Cleanup(srv.Close)
	d := websocket.Dialer{Subprotocols: []string{wire.Binary}}
	var err error
	if e.client, _, err = d.Dial("ws"+strings.TrimPrefix(srv.URL, "http"), nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.client.Close() })
	e.conn = <-ready
	return e
}

// says sends frames, and waits until each is taken, in order.
func (e *echoed) says(t *testing.T, frames ...string) {
	t.Helper()
	for _, f := range frames {
		if err := e.client.WriteMessage(websocket.BinaryMessage, []byte(f)); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range frames {
		select {
		case got := <-e.took:
			if got != f {
				t.Fatalf("took %q, want %q", got, f)
			}
		case <-time.After(livetest.Patience):
			t.Fatalf("%q was not taken", f)
		}
	}
}

// proves that frames are taken in order whoever waits for them: a socket that
// talks is waited for on a deep stack, one that has fallen silent is not, and it
// is heard again all the same.
func TestSilentAndLively(t *testing.T) {
	e := echo(t)
	e.says(t, "a", "b", "c", strings.Repeat("long", 10_000))
	e.says(t, "d")
	for range 3 {
		e.says(t, "e")
		e.says(t, "f")
		until(t, "lingers", e.conn.Lingers)
		e.conn.Pass(live.Round)
		until(t, "lingers no more", func() bool { return !e.conn.Lingers() })
	}
	e.says(t, "g", "h")
}

// proves that a client which answers pings stays, in one piece or in bits, and
// that one which answers none is let go.
func TestDeadSocketsEnd(t *testing.T) {
	for _, test := range []struct {
		name    string
		answers func(ws *websocket.Conn) // one ping
	}{
		{"at once", func(ws *websocket.Conn) { ws.NetConn().Write([]byte("\x8a\x80mask")) }},
		{"in bits", func(ws *websocket.Conn) {
			ws.NetConn().Write([]byte("\x8a"))
			ws.NetConn().Write([]byte("\x80mask"))
		}},
		{"with a payload", func(ws *websocket.Conn) { ws.WriteControl(websocket.PongMessage, []byte("x"), soon()) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := echo(t)
			for range 4 {
				e.conn.Pass(live.Silence - live.Round)
				test.answers(e.client)
				until(t, "heard", func() bool { last, now := e.conn.Heard(); return now-last < 5 })
			}
			e.says(t, "still here")
		})
	}
	e := echo(t)
	e.says(t, "hello")
	e.conn.Pass(live.Silence + live.Round + 1)
	select {
	case <-e.ended:
	case <-time.After(livetest.Patience):
		t.Fatal("a client that answers nothing is still served")
	}
}

// proves that every socket is asked once in a round.
func TestPings(t *testing.T) {
	e := echo(t)
	pings := make(chan struct{}, 8)
	e.client.SetPingHandler(func(string) error { pings <- struct{}{}; return nil })
	go e.client.ReadMessage()
	for range 3 {
		e.says(t, "I am here")
		e.conn.Pass(live.Round)
		select {
		case <-pings:
		case <-time.After(livetest.Patience):
			t.Fatal("no ping in a round")
		}
	}
}

// until waits for a claim to be true.
func until(t *testing.T, what string, claim func() bool) {
	t.Helper()
	if settle(0, func() int {
		if claim() {
			return 0
		}
		return 1
	}) != 0 {
		t.Fatalf("waited in vain: %s", what)
	}
}

func soon() time.Time { return time.Now().Add(livetest.Patience) }
