package replay

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// A receiver takes the API account's webhooks, so that what operators answer
// has somewhere to go. A server that may not call private addresses does not
// reach it; nothing is measured by it.
type receiver struct {
	listener net.Listener
	server   http.Server
	got      atomic.Int64
}

func newReceiver() (*receiver, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &receiver{listener: l}
	r.server = http.Server{Handler: r, ReadHeaderTimeout: patience}
	return r, nil
}

func (r *receiver) url() string { return "http://" + r.listener.Addr().String() + "/" }

// ServeHTTP takes any webhook that carries an id and a signature.
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Header.Get("webhook-id") == "" || req.Header.Get("webhook-signature") == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if _, err := io.Copy(io.Discard, http.MaxBytesReader(w, req.Body, 1<<20)); err == nil {
		r.got.Add(1)
	}
	w.WriteHeader(http.StatusNoContent)
}

func (r *receiver) run(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		r.server.Shutdown(late)
	})
	defer stop()
	r.server.Serve(r.listener) // ends with Shutdown
}
