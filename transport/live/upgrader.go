package live

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"

	"crafttalkd/transport/wire"
)

// An Upgrader makes sockets of requests, and looks after them.
type Upgrader struct {
	upgrade websocket.Upgrader
	rounds  rounds
	workers workers
}

// NewUpgrader returns an upgrader. origin reports whether a browser page of
// that origin may connect; a request without an origin is no browser's, and is
// for the caller to authenticate by other means.
func NewUpgrader(origin func(r *http.Request, origin string) bool) *Upgrader {
	u := &Upgrader{workers: newWorkers()}
	u.upgrade = websocket.Upgrader{
		WriteBufferSize: 1024, WriteBufferPool: &sync.Pool{},
		Subprotocols: []string{wire.Binary, wire.JSON},
		CheckOrigin: func(r *http.Request) bool {
			o := r.Header.Get("Origin")
			return o == "" || origin(r, o)
		},
	}
	return u
}

// Upgrade answers the handshake. On failure it has answered with an error.
func (u *Upgrader) Upgrade(w http.ResponseWriter, r *http.Request) (*Conn, error) {
	c := &Conn{home: u}
	ws, err := u.upgrade.Upgrade(hijacker{w, c}, r, nil)
	if err != nil {
		return nil, err
	}
	c.ws, c.Format = ws, wire.FormatOf(ws.Subprotocol())
	ws.SetReadLimit(largest)
	return c, nil
}

// A hijacker hands gorilla a connection whose writes can be held together, and
// a buffer that shows whether anything waits in it.
type hijacker struct {
	http.ResponseWriter
	conn *Conn
}

// readBuffer holds a usual message; of a longer one the rest is read past it.
const readBuffer = 1024

// Hijack implements [http.Hijacker].
func (h hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	hj, ok := h.ResponseWriter.(http.Hijacker)
	if !ok {
		return nil, nil, errors.New("the connection can't be taken over")
	}
	conn, rw, err := hj.Hijack()
	if err != nil {
		return nil, nil, err
	}
	if rw.Reader.Buffered() > 0 { // gorilla refuses it too, but would not see it in another buffer
		conn.Close()
		return nil, nil, errors.New("the client spoke before the handshake was over")
	}
	c := h.conn
	c.cork.Conn = conn
	c.in = bufio.NewReaderSize(&c.cork, readBuffer)
	return &c.cork, bufio.NewReadWriter(c.in, rw.Writer), nil
}
