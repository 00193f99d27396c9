package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"google.golang.org/protobuf/proto"

	"crafttalkd/transport/wire"
)

// The administrator of the tests' servers.
const (
	adminLogin    = "admin"
	adminPassword = "correct horse battery"
)

// newServer starts a server on a directory that is not there yet and creates
// its administrator.
func newServer(t testing.TB, dir string, args ...string) *child {
	t.Helper()
	return newServerOf(t, "crafttalkd", dir, args...)
}

// newServerOf is newServer of a program that serves like ours.
func newServerOf(t testing.TB, program, dir string, args ...string) *child {
	t.Helper()
	c, err := startProgram(program, dir, nil, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	link, err := c.link()
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := setUp(context.Background(), c.url, u.Query().Get("code"), adminLogin, adminPassword); err != nil {
		t.Fatal(err)
	}
	return c
}

// A client is somebody who asks a server by HTTP.
type client struct{ url, token string }

type object map[string]any

// signIn is a client with the user's token.
func signIn(url, login, password string) (client, error) {
	var a struct{ Token string }
	err := client{url: url}.ask("POST", "/api/v1/session", object{"login": login, "password": password}, &a)
	return client{url, a.Token}, err
}

// ask makes a request and reads the answer into a, unless a is nil.
func (c client) ask(method, path string, body object, a any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(method, c.url+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return answer(r, a)
}

// answer makes a request and reads the answer into a, unless a is nil.
func answer(r *http.Request, a any) error { return answerOf(http.DefaultClient, r, a) }

// answerOf is answer by a client of one's own.
func answerOf(c *http.Client, r *http.Request, a any) error {
	resp, err := c.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s %s: %w", r.Method, r.URL.Path, resp.Status, b, err)
	}
	if a == nil {
		return nil
	}
	return json.Unmarshal(b, a)
}

// widget makes a center with one line and a widget on it.
func (c client) widget(t testing.TB, account string) {
	t.Helper()
	for _, e := range []struct {
		path string
		body object
	}{
		{"/api/v1/centers/main", object{"name": "Main"}},
		{"/api/v1/lines/first", object{"name": "First", "center_id": "main"}},
		{"/api/v1/accounts/" + account, object{"kind": "widget", "name": "Site", "center_id": "main",
			"routing": object{"line_id": "first"}, "settings": object{"rate": 100_000}}},
	} {
		if err := c.ask("PUT", e.path, e.body, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// A socket is one client's connection of frames.
type socket struct {
	ws   *websocket.Conn
	last uint64
}

// dial opens a socket and says hello; the first frame it reads is the welcome.
func dial(base, path, token string) (*socket, error) {
	return dialBy(websocket.Dialer{}, base, path, token)
}

// dialBy is dial by a network of one's own.
func dialBy(d websocket.Dialer, base, path, token string) (*socket, error) {
	d.Subprotocols = []string{wire.Binary}
	ws, _, err := d.Dial("ws"+strings.TrimPrefix(base, "http")+path, http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		return nil, err
	}
	s := &socket{ws: ws}
	if _, err := s.write(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}}); err != nil {
		ws.Close()
		return nil, err
	}
	return s, nil
}

// visit opens the socket of a new visitor of the account.
func visit(base, account string) (*socket, error) {
	var a struct{ Token string }
	if err := (client{url: base}).ask("POST", "/widget/v1/"+account+"/session", object{}, &a); err != nil {
		return nil, err
	}
	return dial(base, "/widget/v1/"+account+"/socket", a.Token)
}

func (s *socket) write(f *wire.FromClient) (uint64, error) {
	s.last++
	f.Id = s.last
	b, err := proto.Marshal(f)
	if err != nil {
		return 0, err
	}
	return f.Id, s.ws.WriteMessage(websocket.BinaryMessage, b)
}

func (s *socket) read() (*wire.FromServer, error) {
	_, b, err := s.ws.ReadMessage()
	if err != nil {
		return nil, err
	}
	f := &wire.FromServer{}
	return f, proto.Unmarshal(b, f)
}
