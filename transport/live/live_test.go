package live_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"crafttalkd/transport/live"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

// settle waits until a number is what it should be, or for patience, and
// returns it.
func settle(should int, number func() int) int {
	for limit := time.Now().Add(livetest.Patience); time.Now().Before(limit); runtime.Gosched() {
		if number() <= should {
			break
		}
	}
	return number()
}

// proves G54: when all sockets are closed, nothing is watched and no goroutine
// is left, whichever way they ended.
func TestG54_NothingIsLeft(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	oleg := s.Online(t, "oleg")
	token, _ := s.Token(t, "site")
	anna := s.Visitor(t, token, nil)
	anna.Must(livetest.Say("m1", "Hello"))
	oleg.Assigned("oleg")
	oleg.WS.Close()
	anna.WS.Close()
	if n := settle(0, s.Hub.Watched); n != 0 {
		t.Fatalf("%d watched with no socket open", n)
	}
	before := runtime.NumGoroutine()
	for round := range 3 {
		var sockets []*livetest.Socket
		for i := range 20 {
			oleg := s.Online(t, "oleg")
			token, _ := s.Token(t, "site")
			anna := s.Visitor(t, token, nil)
			anna.Must(livetest.Say(fmt.Sprintf("m%d", round), "Hello"))
			conv := oleg.Assigned("oleg")
			if i%2 == 0 {
				oleg.Must(livetest.Close(conv))
			}
			sockets = append(sockets, oleg, anna)
		}
		for i, c := range sockets {
			if i%4 < 2 {
				c.WS.NetConn().Close()
				continue
			}
			c.WS.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
			c.Over()
			c.WS.Close()
		}
	}
	if n := settle(0, s.Hub.Watched); n != 0 {
		t.Errorf("%d still watched", n)
	}
	http.DefaultClient.CloseIdleConnections()
	// Actors stay in memory for a while; they have no goroutine of their own.
	if after := settle(before+5, runtime.NumGoroutine); after > before+5 {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

// A pair is a client that reads when it is told to, and the server's end.
func pair(t *testing.T) (client *websocket.Conn, conn *live.Conn) {
	t.Helper()
	got := make(chan *live.Conn, 1)
	up := live.NewUpgrader(func(*http.Request, string) bool { return true })
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := up.Upgrade(w, r)
		if err != nil {
			t.Error(err)
			return
		}
		c.Serve(func([]byte) bool { return true }, func() {})
		got <- c
	}))
	t.Cleanup(srv.Close)
	d := websocket.Dialer{Subprotocols: []string{wire.Binary}}
	client, _, err := d.Dial("ws"+strings.TrimPrefix(srv.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client, <-got
}

// proves G30: what waits for a reader is bounded; beyond it the socket ends and
// nobody who sends has waited.
func TestG30_Bounded(t *testing.T) {
	_, conn := pair(t)
	frame := bytes.Repeat([]byte("x"), 10_000)
	most := 0
	for sent := 0; conn.SendEncoded(frame); sent++ {
		most = max(most, conn.Waiting())
		if sent > 1_000_000 {
			t.Fatal("10 GB were taken for a reader who reads nothing")
		}
	}
	if most > live.Patience || most < live.Patience/2 {
		t.Errorf("%d bytes waited, want up to %d", most, live.Patience)
	}
	if conn.Room() {
		t.Error("there is room on a socket that is ending")
	}
}

// proves G30: a reader who is late, but not dead, is told why it is cut off.
func TestG30_ToldWhy(t *testing.T) {
	client, conn := pair(t)
	frame, err := conn.Format.Encode(&wire.FromServer{Is: &wire.FromServer_Typing{Typing: &wire.Typing{Who: strings.Repeat("x", 10_000)}}})
	if err != nil {
		t.Fatal(err)
	}
	for conn.SendEncoded(frame) {
	}
	last := ""
	for {
		_, b, err := client.ReadMessage()
		if err != nil {
			if !websocket.IsCloseError(err, websocket.CloseTryAgainLater) {
				t.Errorf("ended by %v, want to be asked to try again", err)
			}
			break
		}
		f := &wire.FromServer{}
		if err := wire.InBinary.Decode(b, f); err != nil {
			t.Fatal(err)
		}
		last = f.GetBye().GetReason()
	}
	if last != "too_slow" {
		t.Errorf("the last word is %q, want too_slow", last)
	}
}

// Frames leave in the order they were sent, whatever gathers them.
func TestOrder(t *testing.T) {
	client, conn := pair(t)
	const n = 5000
	go func() {
		for i := range n {
			if i%100 == 0 {
				conn.Room()
			}
			conn.Send(&wire.FromServer{Is: &wire.FromServer_Answer{Answer: &wire.Answer{Id: uint64(i), Text: strings.Repeat("x", i%2000)}}})
		}
		conn.Bye("stopping")
	}()
	for i := 0; ; i++ {
		_, b, err := client.ReadMessage()
		if err != nil {
			if i != n+1 {
				t.Errorf("%d frames, then %v", i, err)
			}
			return
		}
		f := &wire.FromServer{}
		if err := wire.InBinary.Decode(b, f); err != nil {
			t.Fatal(err)
		}
		if i < n && f.GetAnswer().GetId() != uint64(i) {
			t.Fatalf("frame %d is %v", i, f)
		}
	}
}

// BenchmarkIdleVisitors reports what an idle visitor's socket costs in heap and
// stacks. The client's side, in the same process, is a bare connection without
// a goroutine and is counted in.
func BenchmarkIdleVisitors(b *testing.B) {
	s := livetest.Start(b, livetest.Options{})
	const sockets = 1000
	for b.Loop() {
		before := inUse()
		var open []*rawClient
		for range sockets {
			token, _ := s.Token(b, "site")
			open = append(open, dialRaw(b, s.Addr(), token))
		}
		b.ReportMetric(float64(inUse()-before)/sockets, "B/socket")
		for _, c := range open {
			c.conn.Close()
		}
		settle(0, s.Lobby.Sockets)
	}
}

// inUse returns the bytes of heap and stacks.
func inUse() int64 {
	http.DefaultClient.CloseIdleConnections()
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}
