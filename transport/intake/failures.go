package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
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
// processed. It stays until somebody tries it again with success or discards it.
type Failures struct {
	Table store.Table
	Vault Vault
	Now   func() time.Time
	Retry func(context.Context, channels.Inbound, func(channels.Kept, error)) // brings it in again
}

// A Vault seals what is kept with the key of the customer it is about.
type Vault interface {
	Seal(subject string, plain, aad []byte) ([]byte, error)
	Unseal(subject string, sealed, aad []byte) ([]byte, error)
	Erase(subject string) error
}

// A Failure is one message of the error queue.
type Failure struct {
	ID      string
	At      time.Time
	Account string
	Reason  string
	Size    int    // bytes of the content
	Raw     string // the kind of an update that nobody understands; empty for a message
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
	plain, err := json.Marshal(inner{m, content})
	if err != nil {
		return fmt.Errorf("error queue: %w", err)
	}
	sealed, err := f.Vault.Seal(customer, plain, []byte(id))
	if err != nil {
		return fmt.Errorf("error queue: %w", err)
	}
	row, err := json.Marshal(failedRow{Failure{ID: id, At: f.Now(), Account: m.Account, Reason: reason.Error(), Size: len(content)}, customer, sealed})
	if err != nil {
		return fmt.Errorf("error queue: %w", err)
	}
	return f.Table.Put([]store.Row{{Table: failed, Key: id, Value: row}}, true)
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
	if r.Raw != "" {
		if err := f.Vault.Erase(r.Customer); err != nil {
			return err
		}
	}
	return f.Table.Put([]store.Row{{Table: failed, Key: id}}, true)
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

// Again processes a message once more, and forgets it when that went well.
func (f *Failures) Again(ctx context.Context, id string) error {
	r, err := f.row(id)
	if err != nil {
		return err
	}
	if r.Raw != "" {
		return refusal.New(refusal.Conflict, "nobody understands this one: look at it, answer the customer, and discard it")
	}
	plain, err := f.Vault.Unseal(r.Customer, r.Sealed, []byte(id))
	if err != nil {
		return fmt.Errorf("error queue: %s: %w", id, err)
	}
	in := inner{}
	if err := json.Unmarshal(plain, &in); err != nil {
		return fmt.Errorf("error queue: %s: %w", id, err)
	}
	in.Inbound.Content = &event.Content{}
	if err := proto.Unmarshal(in.Content, in.Inbound.Content); err != nil {
		return fmt.Errorf("error queue: %s: %w", id, err)
	}
	done := make(chan error, 1)
	f.Retry(ctx, in.Inbound, func(k channels.Kept, err error) {
		if err == nil && k.Failed {
			err = refusal.New(refusal.Conflict, "it failed again; the reason is in the queue")
		}
		done <- err
	})
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	return f.Discard(id)
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
