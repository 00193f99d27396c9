package keys

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync"

	"crafttalkd/actors/refusal"
	"crafttalkd/store"
)

// table is where the wrapped data keys are. A row's key is the subject.
const table = "key"

// A row's value begins with what it is.
const (
	erased  = 0 // and nothing more
	wrapped = 1 // the data key, sealed by the master key for this subject
)

// cached is how many data keys are held ready; sweepAt is from how many keys
// on their way to disk the ring looks which of them have arrived.
const (
	cached  = 20_000
	sweepAt = 1024
)

// ErrErased reports that the subject's key has been destroyed.
var ErrErased = errors.New("the key of this customer has been destroyed")

// ErrMaking reports that the subject's key is on its way to disk: it can't be
// destroyed before it has arrived.
var ErrMaking = errors.New("the key of this customer is just being made")

// A Ring keeps the data keys. It may be used by many goroutines.
type Ring struct {
	table store.Table

	mu      sync.Mutex // guards all below
	master  *Master
	ready   *lru
	making  map[string]*making // made here and not yet seen on disk
	sweep   int                // sweep when so many are being made
	erasing uint64             // counts Erase
}

// making is a key on its way to disk.
type making struct {
	sealer *Sealer
	row    store.Row
	gone   bool // no append is known to carry it
}

// NewRing returns the ring of the keys in t.
func NewRing(m *Master, t store.Table) *Ring {
	return &Ring{master: m, table: t, ready: newLRU(cached), making: map[string]*making{}, sweep: sweepAt}
}

// Open returns the subject's sealer, or ErrErased. A subject without a key
// gets one: then fresh is its row, which must be written in the same append as
// the first thing sealed. Until it is on disk, every Open returns it again.
func (r *Ring) Open(subject string) (s *Sealer, fresh *store.Row, err error) {
	for {
		r.mu.Lock()
		s, seen := r.ready.get(subject), r.erasing
		r.mu.Unlock()
		if s != nil {
			return s, nil, nil
		}
		value, err := r.table.Get(table, subject)
		if err != nil {
			return nil, nil, fmt.Errorf("key of %s: %w", subject, err)
		}
		r.mu.Lock()
		if seen != r.erasing {
			r.mu.Unlock() // what was read may be of before
			continue
		}
		if value == nil && r.making[subject] == nil {
			// It may have reached the disk since, and been let go.
			value, err = r.table.Get(table, subject)
		}
		if err == nil {
			s, fresh, err = r.admit(subject, value)
		}
		crowded := len(r.making) >= r.sweep
		r.mu.Unlock()
		if crowded {
			r.settle()
		}
		return s, fresh, err
	}
}

// admit makes a sealer of the row's value, or a new key if there is no row.
func (r *Ring) admit(subject string, value []byte) (*Sealer, *store.Row, error) {
	if value == nil {
		m := r.making[subject]
		if m == nil {
			m = r.make(subject)
			r.making[subject] = m
		}
		m.gone = false
		row := m.row
		return m.sealer, &row, nil
	}
	delete(r.making, subject) // on disk, ours or another's
	s, err := unwrap(r.master, subject, value)
	if err != nil {
		return nil, nil, err
	}
	r.ready.put(subject, s)
	return s, nil, nil
}

func (r *Ring) make(subject string) *making {
	var key [KeySize]byte
	rand.Read(key[:])
	return &making{sealer: newSealer(key), row: wrap(r.master, subject, key)}
}

func wrap(m *Master, subject string, key [KeySize]byte) store.Row {
	value := append([]byte{wrapped}, m.Seal(key[:], []byte(subject))...)
	return store.Row{Table: table, Key: subject, Value: value}
}

func unwrap(m *Master, subject string, value []byte) (*Sealer, error) {
	if len(value) > 0 && value[0] == erased {
		return nil, ErrErased
	}
	if len(value) == 0 || value[0] != wrapped {
		return nil, fmt.Errorf("key of %s: %w", subject, ErrUnreadable)
	}
	key, err := m.Open(value[1:], []byte(subject))
	if err == nil && len(key) != KeySize {
		err = ErrUnreadable
	}
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", subject, err)
	}
	return newSealer([KeySize]byte(key)), nil
}

// settle lets go of the keys that have reached the disk.
func (r *Ring) settle() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for subject := range r.making {
		if value, err := r.table.Get(table, subject); err == nil && value != nil {
			delete(r.making, subject)
		}
	}
	r.sweep = max(sweepAt, 2*len(r.making))
}

// Forget says that the append which carried the subject's fresh row failed.
// The key itself is kept for the next one: another append may carry it too.
func (r *Ring) Forget(subject string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.making[subject]; m != nil {
		m.gone = true
	}
}

// Erase destroys the subject's key for good; a subject without one never gets
// one. It returns when that is on disk. Twice is once. A Sealer that somebody
// still holds works on, so whoever erases ends the subject's work first.
func (r *Ring) Erase(subject string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.making[subject]; m != nil && !m.gone {
		value, err := r.table.Get(table, subject)
		if err != nil {
			return fmt.Errorf("erase the key of %s: %w", subject, err)
		}
		if value == nil {
			return ErrMaking
		}
	}
	if err := r.table.Put([]store.Row{{Table: table, Key: subject, Value: []byte{erased}}}, true); err != nil {
		return fmt.Errorf("erase the key of %s: %w", subject, err)
	}
	r.erasing++
	r.ready.remove(subject)
	delete(r.making, subject)
	return nil
}

// BlobKey returns the key of the subject's attachments, which goes with the
// subject's own. A subject without a key gets one that is on disk at once.
func (r *Ring) BlobKey(subject string) ([KeySize]byte, error) {
	s, fresh, err := r.Open(subject)
	if errors.Is(err, ErrErased) {
		return [KeySize]byte{}, refusal.New(refusal.NotFound, "the customer's data has been erased")
	}
	if err == nil && fresh != nil {
		err = r.keep(subject)
	}
	if err != nil {
		return [KeySize]byte{}, err
	}
	return derive(s.key, "attachments"), nil
}

// keep writes the row of a key that is being made.
func (r *Ring) keep(subject string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.making[subject]
	if m == nil {
		return nil // on disk already, or destroyed
	}
	if err := r.table.Put([]store.Row{m.row}, true); err != nil {
		return fmt.Errorf("key of %s: %w", subject, err)
	}
	return nil
}

// Rewrap wraps every data key anew under next, which must be from Next of the
// present master key, and returns how many there were to do. A key that was on
// its way to disk may be missed: it is done when a second call returns 0.
func (r *Ring) Rewrap(next *Master) (int, error) {
	r.mu.Lock()
	if next.sealer(r.master.id) == nil {
		r.mu.Unlock()
		return 0, errors.New("the new master key does not know the present one")
	}
	r.master = next
	for subject, m := range r.making {
		m.row = wrap(next, subject, m.sealer.key)
	}
	r.mu.Unlock()
	var subjects []string
	for row, err := range r.table.Scan(table, "") {
		if err != nil {
			return 0, fmt.Errorf("rewrap: %w", err)
		}
		if len(row.Value) > 0 && row.Value[0] == wrapped && !next.sealedBy(row.Value[1:]) {
			subjects = append(subjects, row.Key)
		}
	}
	for done := 0; done < len(subjects); {
		batch := subjects[done:min(done+256, len(subjects))]
		if err := r.rewrap(batch); err != nil {
			return done, fmt.Errorf("rewrap: %w", err)
		}
		done += len(batch)
	}
	return len(subjects), nil
}

// rewrap reads and writes under the lock, so that it can't undo an Erase.
func (r *Ring) rewrap(subjects []string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rows []store.Row
	for _, subject := range subjects {
		value, err := r.table.Get(table, subject)
		if err != nil {
			return err
		}
		s, err := unwrap(r.master, subject, value)
		if errors.Is(err, ErrErased) {
			continue
		}
		if err != nil {
			return err
		}
		rows = append(rows, wrap(r.master, subject, s.key))
	}
	return r.table.Put(rows, true)
}
