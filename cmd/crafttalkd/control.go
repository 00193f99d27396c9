package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// controlSocket is where commands of the same machine's administrator reach a
// running server. Who may read the data directory may use it; nobody else can.
func controlSocket(dir string) string { return filepath.Join(dir, "control.sock") }

// serveControl answers on the control socket until stop is called.
func (n *node) serveControl() (stop func(), err error) {
	name := controlSocket(n.home.dir)
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("control socket: %w", err) // of a process that ended: the store is locked by us
	}
	l, err := net.Listen("unix", name)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(name, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("control socket: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /backup", control(n.backup))
	mux.HandleFunc("POST /erase", control(n.erase))
	mux.HandleFunc("POST /forget", control(n.forgetNow))
	mux.HandleFunc("POST /user", control(n.putUser))
	mux.HandleFunc("POST /verify", control(n.verify))
	mux.HandleFunc("POST /doctor", control(n.complain))
	mux.HandleFunc("POST /ready", control(n.ready))
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go srv.Serve(l)
	return func() { srv.Close() }, nil
}

// control is a handler that takes and answers JSON.
func control[In, Out any](f func(context.Context, In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		out, err := f(r.Context(), in)
		if err != nil {
			http.Error(w, err.Error(), http.StatusConflict) // the machine's administrator may see everything
			return
		}
		json.NewEncoder(w).Encode(out)
	}
}

// errNoServer reports that no server runs on the data directory.
var errNoServer = errors.New("no server runs here")

// command brings a command to the server that runs on the directory.
func command[In, Out any](ctx context.Context, dir, name string, in In) (out Out, err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return out, err
	}
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", controlSocket(dir))
	}}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://control/"+name, bytes.NewReader(body))
	if err != nil {
		return out, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return out, fmt.Errorf("%w: %w", errNoServer, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return out, err
	}
	if resp.StatusCode != http.StatusOK {
		return out, fmt.Errorf("%s", bytes.TrimSpace(b))
	}
	return out, json.Unmarshal(b, &out)
}
