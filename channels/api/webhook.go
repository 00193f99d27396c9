package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/transport/problem"
)

// patience is how long a request waits until its message is kept. Who is told
// that it took too long may give the message again: it has its id.
const patience = 10 * time.Second

// ServeHTTP takes one inbound message and answers when it is kept. Whoever
// passes the request on has made sure that the account's key came with it.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		problem.WriteAs(w, r, http.StatusMethodNotAllowed, refusal.New(refusal.Invalid, "messages are posted"))
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		problem.WriteAs(w, r, http.StatusUnsupportedMediaType, refusal.New(refusal.Invalid, "the body must be application/json"))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, long := errors.AsType[*http.MaxBytesError](err); !long {
			err = problem.ErrTimeout // the sender stopped in the middle
		}
		problem.Write(w, r, err)
		return
	}
	m, err := Inbound(body)
	switch {
	case err == ErrUnreadable:
		problem.WriteAs(w, r, http.StatusBadRequest, err)
		return
	case err != nil:
		problem.Write(w, r, err)
		return
	}
	m.Account = c.account
	kept, err := c.keep(r.Context(), m)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	answer(w, kept)
}

// keep gives m to the sink and waits until it is kept.
func (c *Channel) keep(ctx context.Context, m channels.Inbound) (channels.Kept, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	type result struct {
		kept channels.Kept
		err  error
	}
	done := make(chan result, 1)
	c.sink(ctx, m, func(k channels.Kept, err error) { done <- result{k, err} })
	select {
	case r := <-done:
		return r.kept, r.err
	case <-ctx.Done():
		return channels.Kept{}, ctx.Err()
	}
}

func answer(w http.ResponseWriter, k channels.Kept) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(map[bool]int{false: http.StatusAccepted, true: http.StatusOK}[k.Repeated])
	json.NewEncoder(w).Encode(Taken{k.Conversation, k.Message, k.Version})
}
