package bench_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/desk"
	"crafttalkd/transport/live"
	"crafttalkd/transport/problem"
	"crafttalkd/transport/wall"
	"crafttalkd/transport/wire"
)

// BenchmarkWall is what supervisors who look on cost a full house at work:
// 1,000 operators, 13,000 open conversations, 100 of them closed every second
// and as many begun. cpu-%/core is of everything together, the supervisors'
// own ends included; what they cost is the difference to a house without a wall.
func BenchmarkWall(b *testing.B) {
	for _, viewers := range []int{-1, 0, 1, 20} { // -1 is without a wall
		b.Run(fmt.Sprintf("viewers=%d", viewers), func(b *testing.B) { benchmarkWall(b, viewers) })
	}
}

func benchmarkWall(b *testing.B, viewers int) {
	const rate = 100.0
	f := newFloor(b, false)
	f.fill(b)
	var frames, bytes atomic.Int64
	if viewers >= 0 {
		w := f.openWall(b)
		for range viewers {
			w.look(b, &frames, &bytes)
		}
	}
	wait(time.Now().Add(2 * time.Second)) // everybody has been told everything
	frames.Store(0)
	bytes.Store(0)
	_, took, used := f.turnOver(b, rate)
	b.ReportMetric(100*used.Seconds()/took.Seconds(), "cpu-%/core")
	b.ReportMetric(float64(bytes.Load())/took.Seconds()/float64(max(viewers, 1)), "B/s/viewer")
}

// A gallery is where supervisors look on.
type gallery struct{ url string }

func (f *floor) openWall(b *testing.B) gallery {
	put(b, f.sys, []event.Event{&event.User{UserId: "chief", Login: "chief", Roles: []string{directory.ViewMonitoring, directory.Admin}}})
	w, err := wall.Open(wall.Config{System: f.sys, Hub: live.NewHub(f.sys.Journal()), Table: f.table, Log: slog.New(slog.DiscardHandler),
		Refuse: problem.Write, Origin: func(*http.Request, string) bool { return true },
		Authenticate: func(*http.Request) (desk.Who, error) {
			return desk.Who{User: "chief", Alive: func() bool { return true }}, nil
		}})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go w.Follow() // until the journal ends
	go func() { w.Run(ctx); close(done) }()
	srv := httptest.NewServer(w)
	b.Cleanup(func() { cancel(); <-done; srv.CloseClientConnections(); srv.Close() })
	return gallery{srv.URL}
}

// look opens a supervisor's socket and returns when everything has been told.
func (g gallery) look(b *testing.B, frames, bytes *atomic.Int64) {
	ws := dial(b, "ws"+g.url[len("http"):], nil)
	write(b, ws, encode(&wire.FromClient{Id: 1, Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}}))
	await(b, ws, 1)
	for {
		m, err := read(ws)
		if err != nil {
			b.Fatal(err)
		}
		if w := m.GetWall(); w != nil && !w.More {
			break
		}
	}
	go func() {
		for {
			_, data, err := ws.ReadMessage()
			if err != nil {
				return
			}
			frames.Add(1)
			bytes.Add(int64(len(data)))
		}
	}()
}
