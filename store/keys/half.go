package keys

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

// A value of a table may have two halves: what anybody may know who has the disk,
// and what a subject's key opens. It is the length of the first, that as JSON, and
// the second as JSON, sealed.

// Halves writes such a value. The sealed half is left out if it is nil. Of a subject
// whose key was destroyed there is the first half, with [ErrErased].
func (r *Ring) Halves(subject string, open, sealed any, aad []byte) ([]byte, error) {
	head, err := json.Marshal(open)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", subject, err)
	}
	out := append(binary.AppendUvarint(nil, uint64(len(head))), head...)
	if sealed == nil {
		return out, nil
	}
	plain, err := json.Marshal(sealed)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", subject, err)
	}
	s, fresh, err := r.Open(subject)
	switch {
	case errors.Is(err, ErrErased):
		return out, err
	case err != nil:
		return nil, err
	case fresh == nil:
		return s.AppendSeal(out, plain, aad), nil
	}
	locked, err := r.Seal(subject, plain, aad) // the key must be on disk first
	return append(out, locked...), err
}

// ReadHalves reads what Halves wrote; an empty value changes nothing. What a
// destroyed key had sealed is missing.
func (r *Ring) ReadHalves(subject string, value []byte, open, sealed any, aad []byte) error {
	if value == nil {
		return nil
	}
	size, n := binary.Uvarint(value)
	if n <= 0 || size > uint64(len(value)-n) {
		return fmt.Errorf("read %s: the row is damaged", subject)
	}
	head, locked := value[n:n+int(size)], value[n+int(size):]
	if err := json.Unmarshal(head, open); err != nil {
		return fmt.Errorf("read %s: %w", subject, err)
	}
	if len(locked) == 0 {
		return nil
	}
	s, _, err := r.Open(subject)
	if errors.Is(err, ErrErased) {
		return nil
	}
	if err != nil {
		return err
	}
	plain, err := s.Open(locked, aad)
	if err != nil && s.Renewed() {
		return nil // sealed by the key before
	}
	if err == nil {
		err = json.Unmarshal(plain, sealed)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", subject, err)
	}
	return nil
}
