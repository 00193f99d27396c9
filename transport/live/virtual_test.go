package live_test

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/transport/live"
	"crafttalkd/transport/wire"
)

// A taken is a request's connection that the handler may take over.
type taken struct {
	http.ResponseWriter
	conn net.Conn
}

func (w taken) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.conn, bufio.NewReadWriter(bufio.NewReader(w.conn), bufio.NewWriter(w.conn)), nil
}

// piped is pair within the process: what is written waits until it is read.
func piped(t *testing.T, up *live.Upgrader) (*websocket.Conn, *live.Conn) {
	far, near := net.Pipe()
	got := make(chan *live.Conn, 1)
	go func() {
		r, err := http.ReadRequest(bufio.NewReader(near))
		if err != nil {
			t.Error(err)
		}
		c, err := up.Upgrade(taken{conn: near}, r)
		if err != nil {
			t.Error(err)
		}
		c.Serve(func([]byte) bool { return true }, func() {})
		got <- c
	}()
	dialer := websocket.Dialer{Subprotocols: []string{wire.Binary}, NetDial: func(string, string) (net.Conn, error) { return far, nil }}
	client, _, err := dialer.DialContext(t.Context(), "ws://x", nil)
	if err != nil {
		t.Fatal(err)
	}
	return client, <-got
}

// among tells two hundred readers something ten times a second, until one who
// reads ten bytes a second is cut off and a little longer. It returns for how long
// the one who waited most of the others waited, how much was told, and when the
// slow one was cut off.
func among(t *testing.T, polite bool) (longest time.Duration, most int, cut time.Duration) {
	const beat, after = time.Second / 10, 10
	up := live.NewUpgrader(func(*http.Request, string) bool { return true })
	hub, begin := live.NewHub(nil), time.Now()
	var slow *live.Conn
	var clients []*websocket.Conn
	waits := make(chan time.Duration, crowded)
	told := begin
	for i := range crowded {
		client, conn := piped(t, up)
		clients = append(clients, client)
		hub.Watch(stream, &view{conn, polite})
		if i == crowded/2 {
			slow = conn
			go trickle(client.NetConn())
			continue
		}
		go func() {
			for {
				if _, _, err := client.ReadMessage(); err != nil {
					return
				}
				waits <- time.Since(told)
			}
		}()
	}
	for n, left := uint64(1), after; left > 0 && n < 1000; n++ {
		told = time.Now()
		go hub.Take([]journal.Entry{{Stream: stream, Version: n, Shard: store.ShardOf(stream),
			Event: &event.MessageReceived{Content: &event.Content{Text: strings.Repeat("x", long)}}}})
		for range crowded - 1 {
			longest = max(longest, <-waits)
		}
		most = max(most, slow.Waiting())
		if alive := slow.SendEncoded([]byte{}); !alive {
			if left--; cut == 0 {
				cut = time.Since(begin)
			}
		}
		time.Sleep(beat)
	}
	for _, c := range clients {
		c.Close()
	}
	time.Sleep(2 * time.Second) // the rounds see that nobody is left
	return longest, most, cut
}

// trickle reads ten bytes a second until the line ends.
func trickle(line net.Conn) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for b := make([]byte, 10); ; <-tick.C {
		if _, err := line.Read(b); err != nil {
			return
		}
	}
}

// proves G30: in time that passes for nothing but waiting, nobody among two
// hundred waits because one of them reads ten bytes a second, before it is cut off
// or after; and a hub that waits for it is seen.
func TestG30_NobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		longest, most, cut := among(t, false)
		if longest > 0 {
			t.Errorf("somebody waited %v", longest)
		}
		if most > live.Patience {
			t.Errorf("%d bytes waited for the slow one", most)
		}
		if cut == 0 || cut > 10*time.Second {
			t.Errorf("the slow one was cut off after %v", cut)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		if longest, _, _ := among(t, true); longest == 0 {
			t.Error("nobody waited for who waits for the slow one")
		}
	})
}
