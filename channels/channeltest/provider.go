package channeltest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// A provider is a server at the end of pipes that behaves as it is told.
type provider struct {
	server *http.Server
	pipes  chan net.Conn
	ended  chan struct{}
	client *http.Client

	prepares func(Call) bool // tells whether a call brings no message
	accept   behaviour       // answers such calls

	mu      sync.Mutex // guards what follows
	script  []behaviour
	then    behaviour // once the script is over
	calls   []Call
	refuses bool // to be connected to
	deaf    bool // closes what it is connected to without reading
	flooded bool // somebody read the whole of an endless answer
	strict  bool // the script is for calls that prepare too
}

// A behaviour answers one request, which has been read.
type behaviour func(w http.ResponseWriter, r *http.Request)

// A Call is one request as the provider got it.
type Call struct {
	Request *http.Request
	Body    []byte
}

func newProvider() *provider {
	p := &provider{pipes: make(chan net.Conn), ended: make(chan struct{})}
	p.server = &http.Server{Handler: p}
	p.client = &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: p.dial, ResponseHeaderTimeout: 15 * time.Second, DisableCompression: true,
		},
	}
	go p.server.Serve(listener{p})
	return p
}

func (p *provider) close() {
	close(p.ended)
	p.client.CloseIdleConnections()
	p.server.Close()
}

// A listener is the provider as its server sees it.
type listener struct{ p *provider }

func (l listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.p.pipes:
		return c, nil
	case <-l.p.ended:
		return nil, net.ErrClosed
	}
}
func (l listener) Close() error   { return nil }
func (l listener) Addr() net.Addr { return &net.UnixAddr{Name: "provider"} }

func (p *provider) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	p.mu.Lock()
	refuses, deaf := p.refuses, p.deaf
	p.mu.Unlock()
	if refuses {
		return nil, &net.OpError{Op: "dial", Net: "pipe", Err: errors.New("connection refused")}
	}
	ours, theirs := net.Pipe()
	if deaf {
		ours.Close()
		return theirs, nil
	}
	select {
	case p.pipes <- ours:
		return theirs, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

// ServeHTTP reads the request to its end and does what comes next. A call that
// only prepares is answered well.
func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	p.mu.Lock()
	p.calls = append(p.calls, Call{r, body})
	do := p.then
	if !p.strict && p.prepares(Call{r, body}) {
		do = p.accept
	} else if len(p.script) > 0 {
		do, p.script = p.script[0], p.script[1:]
	}
	p.mu.Unlock()
	do(w, r)
}

// play sets what the provider does with the next requests, and with all after.
func (p *provider) play(then behaviour, first ...behaviour) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.then, p.script = then, first
}

// seen returns the requests so far.
func (p *provider) seen() []Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Call(nil), p.calls...)
}

// hang never answers.
func (p *provider) hang(_ http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-p.ended:
	}
}

// reset cuts the line after the request was read.
func (p *provider) reset(w http.ResponseWriter, _ *http.Request) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		c.Close()
	}
}

// flood is how much endless sends before it calls the reader careless.
const flood = 16 << 20

// endless answers well and does not stop for long.
func (p *provider) endless(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	chunk := bytes.Repeat([]byte(" "), 64<<10)
	for n := 0; n < flood; n += len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flooded = true
}

func answer(status int) behaviour {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}
