package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/store"
)

// failed is the table of messages whose processing failed, by our name for
// them: one that comes again takes the same row. The whole row but its head is
// sealed with the customer's key, as it holds what a customer wrote.
const failed = "error"

// Failures is the error queue: what came in, was taken, and could not be
// understood or processed. It stays until somebody tries it again with success
// or discards it.
//
//	nobody understands it --> KeepRaw --\           /--> Reread --\
//	                                     queue, Again               in, and out of the queue
//	it can't be processed --> Keep -----/           \--> Retry ---/
//
// What is tried again leaves the queue after it is in, and what is in is known
// for ever by its name: a crash between the two costs another try and no more.
type Failures struct {
	Table store.Table
	Vault Vault
	Now   func() time.Time
	Retry func(context.Context, channels.Inbound, func(channels.Kept, error)) // brings it in again
	// Reread gives an update that nobody understood to its account's channel
	// again.
	Reread func(ctx context.Context, account string, raw []byte, came time.Time) (channels.Reading, error)

	mu   sync.Mutex      // guards what follows
	busy map[string]bool // what is being tried again
}

// A Vault seals what is kept with the key of the customer it is about.
type Vault interface {
	Seal(subject string, plain, aad []byte) ([]byte, error)
	Unseal(subject string, sealed, aad []byte) ([]byte, error)
	EraseWith(subject string, rows ...store.Row) error
}

// A Failure is one message of the error queue.
type Failure struct {
	ID      string
	At      time.Time
	Account string
	Reason  string
	Size    int    // bytes of the content
	Raw     string // the kind of an update that nobody understood when it came; empty for a message
}

type failedRow struct {
	Failure
	Customer string // that the address leads to by itself
	Sealed   []byte
}

// inner is the message itself.
type inner struct {
	Inbound channels.Inbound
	Content []byte // protobuf
}

// Keep puts a customer's message into the queue. It is on disk when Keep returns.
func (f *Failures) Keep(customer, id string, m channels.Inbound, reason error) error {
	content, err := proto.Marshal(m.Content)
	if err != nil {
		return fmt.Errorf("error queue: %w", err)
	}
	m.Content = nil
	if m.Came.IsZero() {
		m.Came = f.Now()
	}
	plain, err := json.Marshal(inner{m, content})
	if err != nil {
		return fmt.Errorf("error queue: %w", err)
	}
	sealed, err := f.Vault.Seal(customer, plain, []byte(id))
	if err != nil {
		return fmt.Errorf("error queue: %w", err)
	}
	return f.put(failedRow{Failure{ID: id, At: m.Came, Account: m.Account, Reason: reason.Error(), Size: len(content)}, customer, sealed})
}

// List returns the queue.
func (f *Failures) List() ([]Failure, error) {
	var out []Failure
	for row, err := range f.Table.Scan(failed, "") {
		if err != nil {
			return nil, fmt.Errorf("error queue: %w", err)
		}
		var r failedRow
		if err := json.Unmarshal(row.Value, &r); err != nil {
			return nil, fmt.Errorf("error queue: %s: %w", row.Key, err)
		}
		out = append(out, r.Failure)
	}
	return out, nil
}

// Discard forgets a message for good.
func (f *Failures) Discard(id string) error {
	r, err := f.row(id)
	if err != nil {
		return err
	}
	gone := store.Row{Table: failed, Key: id}
	if r.Raw != "" {
		return f.Vault.EraseWith(r.Customer, gone)
	}
	return f.Table.Put([]store.Row{gone}, true)
}

// Forget forgets every message of the customers. What nobody understands is
// told apart from others by [Failures.ForgetAbout].
func (f *Failures) Forget(customers []string) error {
	var gone []store.Row
	for row, err := range f.Table.Scan(failed, "") {
		var r failedRow
		if err == nil {
			err = json.Unmarshal(row.Value, &r)
		}
		if err != nil {
			return fmt.Errorf("error queue: %w", err)
		}
		if slices.Contains(customers, r.Customer) {
			gone = append(gone, store.Row{Table: failed, Key: row.Key})
		}
	}
	return f.Table.Put(gone, true)
}

// Again processes a message once more, and forgets it when that went well. One
// that still can't be processed stays, with the reason of this time.
func (f *Failures) Again(ctx context.Context, id string) error {
	if !f.begin(id) {
		return refusal.New(refusal.Conflict, "this one is being processed just now")
	}
	defer f.end(id)
	r, err := f.row(id)
	if err != nil {
		return err
	}
	plain, err := f.Vault.Unseal(r.Customer, r.Sealed, []byte(id))
	if err != nil {
		return fmt.Errorf("error queue: %s: %w", id, err)
	}
	if r.Raw != "" {
		err = f.reread(ctx, r, plain)
	} else {
		err = f.retry(ctx, r, plain)
	}
	if refusal.KindOf(err) == refusal.Denied { // it is not the asker who may not
		err = refusal.New(refusal.Conflict, "%v", err)
	}
	if err != nil {
		return err
	}
	if err := f.Discard(id); refusal.KindOf(err) != refusal.NotFound {
		return err
	}
	return nil // somebody has discarded it meanwhile
}

// begin says that a failure is being tried again; it is false if it is already.
func (f *Failures) begin(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy[id] {
		return false
	}
	if f.busy == nil {
		f.busy = map[string]bool{}
	}
	f.busy[id] = true
	return true
}

func (f *Failures) end(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.busy, id)
}

// retry brings a message in again, as if it had come when it did.
func (f *Failures) retry(ctx context.Context, r failedRow, plain []byte) error {
	in := inner{}
	if err := json.Unmarshal(plain, &in); err != nil {
		return fmt.Errorf("error queue: %s: %w", r.ID, err)
	}
	in.Inbound.Content = &event.Content{}
	if err := proto.Unmarshal(in.Content, in.Inbound.Content); err != nil {
		return fmt.Errorf("error queue: %s: %w", r.ID, err)
	}
	in.Inbound.Came = r.At
	done := make(chan error, 1)
	f.Retry(ctx, in.Inbound, func(k channels.Kept, err error) {
		if err == nil && k.Failed {
			err = refusal.New(refusal.Conflict, "it failed again; the reason is in the queue")
		}
		done <- err
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *Failures) row(id string) (r failedRow, err error) {
	b, err := f.Table.Get(failed, id)
	if err != nil {
		return r, fmt.Errorf("error queue: %w", err)
	}
	if b == nil {
		return r, refusal.New(refusal.NotFound, "there is no such message in the error queue")
	}
	return r, json.Unmarshal(b, &r)
}
