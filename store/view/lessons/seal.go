package lessons

import (
	"errors"
	"fmt"

	"crafttalkd/store/keys"
)

// seal writes a row: words are sealed with the key of the conversation and bound to
// it. None are kept of who was erased meanwhile.
func (v *View) seal(id string, c *row) ([]byte, error) {
	var open, words any = c.open, c.sealed
	if len(c.Words) == 0 {
		words = nil
	}
	if v.fault == naked {
		open, words = c, nil
	}
	value, err := v.ring.Halves(id, open, words, aad(id))
	if errors.Is(err, keys.ErrErased) {
		c.sealed = sealed{}
		return value, nil
	}
	return value, err
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
	var open any = &c.open
	if v.fault == naked {
		open = c
	}
	if err := v.ring.ReadHalves(id, value, open, &c.sealed, aad(id)); err != nil {
		return nil, fmt.Errorf("lessons: %w", err)
	}
	return c, nil
}

func aad(id string) []byte { return []byte("lesson row/" + id) }
