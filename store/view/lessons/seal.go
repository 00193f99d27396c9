package lessons

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"crafttalkd/store/keys"
)

// A value in the table is the length of the open part, the open part, and the
// words, sealed with the key of the conversation and bound to it.

// seal writes a row. No words are kept of who was erased meanwhile.
func (v *View) seal(id string, c *row) ([]byte, error) {
	head, err := json.Marshal(c.open)
	if err != nil {
		return nil, fmt.Errorf("lessons of %s: %w", id, err)
	}
	out := append(binary.AppendUvarint(nil, uint64(len(head))), head...)
	if len(c.Words) == 0 {
		return out, nil
	}
	plain, err := json.Marshal(c.sealed)
	if err != nil {
		return nil, fmt.Errorf("lessons of %s: %w", id, err)
	}
	if v.fault == naked {
		return append(out, plain...), nil
	}
	sealer, fresh, err := v.ring.Open(id)
	switch {
	case errors.Is(err, keys.ErrErased):
		c.sealed = sealed{}
		return out, nil
	case err != nil:
		return nil, err
	case fresh == nil:
		return sealer.AppendSeal(out, plain, aad(id)), nil
	}
	locked, err := v.ring.Seal(id, plain, aad(id)) // the key must be on disk first
	return append(out, locked...), err
}

// read returns a conversation's row as it is kept; an empty one for none.
func (v *View) read(id string) (*row, error) {
	value, err := v.table.Get(rows, id)
	if err != nil {
		return nil, fmt.Errorf("lessons of %s: %w", id, err)
	}
	return v.open(id, value)
}

// open reads a row. Words that a destroyed key had sealed are missing from it.
func (v *View) open(id string, value []byte) (*row, error) {
	c := &row{}
	if value == nil {
		return c, nil
	}
	size, n := binary.Uvarint(value)
	if n <= 0 || size > uint64(len(value)-n) {
		return nil, fmt.Errorf("lessons of %s: the row is damaged", id)
	}
	head, locked := value[n:n+int(size)], value[n+int(size):]
	if err := json.Unmarshal(head, &c.open); err != nil {
		return nil, fmt.Errorf("lessons of %s: %w", id, err)
	}
	if len(locked) == 0 {
		return c, nil
	}
	plain, err := v.unseal(id, locked)
	if err == nil && plain != nil {
		err = json.Unmarshal(plain, &c.sealed)
	}
	if err != nil {
		return nil, fmt.Errorf("lessons of %s: %w", id, err)
	}
	return c, nil
}

// unseal opens words; nil if their key was destroyed.
func (v *View) unseal(id string, locked []byte) ([]byte, error) {
	if v.fault == naked {
		return locked, nil
	}
	sealer, _, err := v.ring.Open(id)
	if errors.Is(err, keys.ErrErased) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plain, err := sealer.Open(locked, aad(id))
	if err != nil && sealer.Renewed() {
		return nil, nil // sealed by the key before
	}
	return plain, err
}

func aad(id string) []byte { return []byte("lesson row/" + id) }
