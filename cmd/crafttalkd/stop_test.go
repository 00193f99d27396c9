package main

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

// proves G53: a server that is asked to stop under load ends in order and soon.
// Every socket is told, as its last frame, and what was acknowledged is kept.
func TestG53_StopsInOrder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	c := newServer(t, dir, "--listen", "127.0.0.1:0")
	admin, err := signIn(c.url, adminLogin, adminPassword)
	if err != nil {
		t.Fatal(err)
	}
	admin.widget(t, "site")
	desk, err := dial(c.url, "/desk/v1/socket", admin.token)
	if err != nil {
		t.Fatal(err)
	}
	defer desk.ws.Close()
	var all sync.WaitGroup
	all.Go(func() { untilBye(t, "the desk", desk, func(*wire.FromServer) {}) })

	const visitors, before = 8, 50
	var acked atomic.Int64
	enough := make(chan struct{})
	for i := range visitors {
		s, err := visit(c.url, "site")
		if err != nil {
			t.Fatal(err)
		}
		defer s.ws.Close()
		all.Go(func() {
			chatter(t, s, i, func() {
				if acked.Add(1) == before {
					close(enough)
				}
			})
		})
	}
	<-enough
	took, err := c.stop()
	if err != nil {
		t.Errorf("the server ended with %v\n%s", err, c.log)
	}
	if took > 10*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	all.Wait()
	k, err := examine(dir)
	if err != nil {
		t.Fatal(err)
	}
	if int64(k.messages) < acked.Load() || len(k.wrong) > 0 {
		t.Errorf("%d messages were acknowledged and %d are kept; %v", acked.Load(), k.messages, k.wrong)
	}
	t.Logf("%d messages, stopped in %v", acked.Load(), took)
}

// chatter writes the next message when the last one was answered, until the
// server says goodbye.
func chatter(t *testing.T, s *socket, lane int, acked func()) {
	n := 0
	say := func() {
		n++
		m := &wire.Say{MessageId: fmt.Sprintf("stop-%d-%d", lane, n), Content: &event.Content{Text: "Hello?"}, Order: int64(n)}
		s.write(&wire.FromClient{Is: &wire.FromClient_Say{Say: m}}) // if the server is gone, the reader notices
	}
	untilBye(t, fmt.Sprintf("visitor %d", lane), s, func(f *wire.FromServer) {
		if a := f.GetAnswer(); a != nil {
			if a.Kind == "" && n > 0 {
				acked()
			}
			say()
		}
	})
}

// untilBye reads to the socket's end, which must be announced.
func untilBye(t *testing.T, who string, s *socket, take func(*wire.FromServer)) {
	var last *wire.FromServer
	for {
		f, err := s.read()
		if err != nil {
			if last.GetBye().GetReason() != "stopping" {
				t.Errorf("%s: the last frame before %v was %v", who, err, last)
			}
			return
		}
		last = f
		take(f)
	}
}
