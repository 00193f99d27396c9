package intake

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
)

// KeepRaw puts an update that nobody understands into the queue, byte by byte.
// Whose it is can't be known, so it is sealed with a key of its own, which is
// destroyed with it. It is on disk when KeepRaw returns.
func (f *Failures) KeepRaw(account, kind string, raw []byte) error {
	id := "raw-" + strings.ToLower(rand.Text())
	sealed, err := f.Vault.Seal(id, raw, []byte(id))
	if err != nil {
		return fmt.Errorf("error queue: %w", err)
	}
	return f.put(failedRow{Failure{ID: id, At: f.Now(), Account: account, Size: len(raw), Raw: kind,
		Reason: "nobody understands an update of the kind " + kind}, id, sealed})
}

// put writes a row, and returns when it is on disk.
func (f *Failures) put(r failedRow) error {
	row, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("error queue: %w", err)
	}
	return f.Table.Put([]store.Row{{Table: failed, Key: r.ID, Value: row}}, true)
}

// reread has an update read again. What is understood now and could not be
// processed is in the queue by itself, so the update may go.
func (f *Failures) reread(ctx context.Context, r failedRow, raw []byte) error {
	got, err := f.Reread(ctx, r.Account, raw, r.At)
	if err != nil || got.Odd == "" {
		return err
	}
	// Who discarded it meanwhile does not find it again.
	if now, err := f.row(r.ID); err == nil && now.Reason != got.Odd {
		r.Reason = got.Odd
		if err := f.put(r); err != nil {
			return err
		}
	}
	return refusal.New(refusal.Conflict, "%s", got.Odd)
}

// Raw returns an update that nobody understood, as it came.
func (f *Failures) Raw(id string) ([]byte, error) {
	r, err := f.row(id)
	if err != nil {
		return nil, err
	}
	if r.Raw == "" {
		return nil, refusal.New(refusal.Conflict, "this is a message and was understood: process it again, or discard it")
	}
	plain, err := f.Vault.Unseal(r.Customer, r.Sealed, []byte(id))
	if err != nil {
		return nil, fmt.Errorf("error queue: %s: %w", id, err)
	}
	return plain, nil
}

// ForgetAbout forgets every update that nobody understands and that names one
// of the addresses.
func (f *Failures) ForgetAbout(addresses []*event.Address) error {
	list, err := f.List()
	if err != nil {
		return err
	}
	for _, one := range list {
		if one.Raw == "" {
			continue
		}
		raw, err := f.Raw(one.ID)
		if err != nil {
			return err
		}
		for _, a := range addresses {
			if a.AccountId != one.Account || !bytes.Contains(raw, []byte(a.Address)) {
				continue
			}
			if err := f.Discard(one.ID); err != nil {
				return err
			}
			break
		}
	}
	return nil
}
