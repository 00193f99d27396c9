package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"crafttalkd/store/blob"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/transport/front"
	"crafttalkd/transport/wire"
)

// A town is a whole server in a bubble of virtual time, on the disk of the
// machine, and the same people who come to it round after round.
type town struct {
	*node
	t        *testing.T
	pipes    *pipes
	http     http.Client
	key      string   // of the partner's account
	visitors []string // tokens
	rounds   int
	admin    string // this round's tokens
	olga     string

	faulty bool
	never  chan struct{}
	kept   []any // what the fault holds
}

const (
	townVisitors = 12
	townPartners = 4
	townTalks    = townVisitors + townPartners // conversations of a round

	townRecent = 8   // facts that the engine has at hand of each shard
	townWindow = 256 // and the journal of all
)

// newTown opens the server. What it tells partners goes to hook. The engine
// holds little in memory, so that it holds all it may after a few rounds.
func newTown(t *testing.T, hook string) *town {
	t.Helper()
	w := &town{t: t, pipes: newPipes(), never: make(chan struct{})}
	w.http.Transport = &http.Transport{DialContext: w.pipes.dial, IdleConnTimeout: time.Minute}
	h := &home{dir: t.TempDir(), master: keys.NewMaster()}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	var err error
	if h.engine, err = pebblestore.Open(storeDir(h.dir), pebblestore.Options{Log: log, CacheSize: 1 << 20, MemTableSize: 256 << 10, Recent: townRecent}); err != nil {
		t.Fatal(err)
	}
	h.ring = keys.NewRing(h.master, h.engine)
	if h.blobs, err = blob.Open(filepath.Join(h.dir, "blobs"), h.ring); err != nil {
		t.Fatal(err)
	}
	if w.node, err = openNodeOn(h, config{data: h.dir, window: townWindow, egress: []string{"127.0.0.1"}}, log); err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: front.Clients(nil, w.handler), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	go srv.Serve(w.pipes)
	t.Cleanup(func() {
		w.http.CloseIdleConnections()
		srv.Close()
		w.desk.Stop()
		w.wall.Stop()
		w.lobby.Stop()
		w.close()
		w.rest(time.Hour) // those who wait for work go home
	})
	w.found(hook)
	return w
}

// rest is time in which nobody comes, until all that it brings is done.
func (w *town) rest(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// found makes the center, its channels and its operator.
func (w *town) found(hook string) {
	w.ask("POST", "/api/v1/setup", "", object{"code": w.setupCode(), "login": adminLogin, "password": adminPassword, "first_name": "A", "last_name": "B"}, nil)
	w.admin = w.signIn(adminLogin)
	var shop struct{ Key string }
	for _, e := range []struct {
		path string
		body object
		into any
	}{
		{"centers/main", object{"name": "Main"}, nil},
		{"lines/first", object{"name": "First", "center_id": "main"}, nil},
		{"users/olga", object{"login": "olga", "password": adminPassword, "first_name": "Olga", "roles": []string{"login", "view_clients"},
			"center_ids": []string{"main"}, "line_ids": []string{"first"}, "capacity": 100}, nil},
		{"accounts/site", object{"kind": "widget", "name": "Site", "center_id": "main", "routing": object{"line_id": "first"}}, nil},
		{"accounts/shop", object{"kind": "api", "name": "Shop", "center_id": "main", "routing": object{"line_id": "first"},
			"settings": object{"webhook_url": hook}}, &shop},
	} {
		w.ask("PUT", "/api/v1/"+e.path, w.admin, e.body, e.into)
	}
	w.key = shop.Key
	for range townVisitors {
		w.visitors = append(w.visitors, w.visitor())
	}
}

// visitor is the token of a visitor who was never here.
func (w *town) visitor() string {
	var a struct{ Token string }
	w.ask("POST", "/widget/v1/site/session", "", object{}, &a)
	return a.Token
}

func (w *town) signIn(login string) string {
	var a struct{ Token string }
	w.ask("POST", "/api/v1/session", "", object{"login": login, "password": adminPassword}, &a)
	return a.Token
}

// ask makes a request, which must be answered well, and reads the answer into a.
func (w *town) ask(method, path, token string, body object, a any) {
	w.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	w.send(method, path, token, "application/json", bytes.NewReader(b), a)
}

func (w *town) send(method, path, token, kind string, body io.Reader, a any) {
	w.t.Helper()
	r, err := http.NewRequest(method, "http://town"+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if err := answerOf(&w.http, r, a); err != nil {
		w.t.Fatal(err)
	}
}

// socket opens a socket and says hello.
func (w *town) socket(path, token string) *socket {
	w.t.Helper()
	s, err := dialBy(websocket.Dialer{NetDialContext: w.pipes.dial}, "http://town", path, token)
	if err != nil {
		w.t.Fatal(err)
	}
	s.ws.SetReadDeadline(time.Now().Add(time.Minute))
	return s
}

// leave ends a socket: with a word, or as a telephone in a tunnel.
func leave(s *socket, politely bool) {
	if politely {
		s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	}
	s.ws.Close()
}

// do writes a frame and waits until it is answered.
func (w *town) do(s *socket, f *wire.FromClient) {
	w.t.Helper()
	id, err := s.write(f)
	for err == nil {
		var got *wire.FromServer
		if got, err = s.read(); err != nil || got.GetAnswer().GetId() != id {
			continue
		}
		if a := got.GetAnswer(); a.Kind != "" {
			w.t.Fatalf("%v: %v", f, a)
		}
		return
	}
	w.t.Fatalf("%v: %v", f, err)
}

// pipes are a network of one server, without a wire.
type pipes struct {
	calls chan net.Conn
	ended chan struct{}
}

func newPipes() *pipes { return &pipes{calls: make(chan net.Conn), ended: make(chan struct{})} }

// A pipe is one connection, from an address that a net.Pipe does not have.
type pipe struct{ net.Conn }

func (p *pipes) Addr() net.Addr   { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }
func (pipe) LocalAddr() net.Addr  { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }
func (pipe) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 2), Port: 1024} }
func (p *pipes) Close() error     { close(p.ended); return nil }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.calls:
		return c, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.calls <- pipe{theirs}:
		return pipe{ours}, nil
	case <-p.ended:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
