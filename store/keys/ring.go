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

// A row's value begins with what it is, and how many keys of the subject have
// been destroyed so far.
const (
	erased  = 0 // and nothing more
	wrapped = 1 // the data key, sealed by the master key for this subject
	apart   = 2 // a key that this copy of the store came without
	within  = 3 // the data key, sealed by the one of the subject whose part this is
	head    = 2 // bytes
)

// isKey reports whether a row's value is a key.
func isKey(value []byte) bool {
	return len(value) >= head && (value[0] == wrapped || value[0] == within)
}

// isWrapped reports whether a row's value is a key that the master key wraps.
func isWrapped(value []byte) bool { return isKey(value) && value[0] == wrapped }

// isErased reports whether a row's value says that the key was destroyed.
func isErased(value []byte) bool { return len(value) == head && value[0] == erased }

// destroyed returns how many keys have been destroyed, by a row's value.
func destroyed(value []byte) byte {
	if len(value) < head {
		return 0
	}
	return value[1]
}

// cached is how many data keys are held ready.
const cached = 20_000

// ErrErased reports that the subject's key has been destroyed.
var ErrErased = errors.New("the key of this customer has been destroyed")

// ErrApart reports that the store is a copy whose keys are kept elsewhere.
var ErrApart = errors.New("the key of this customer is not in this copy: it is in the file of keys")

// ErrMaking reports that the subject's key is on its way to disk: it can't be
// destroyed before it has arrived.
var ErrMaking = errors.New("the key of this customer is just being made")

// A Ring keeps the data keys. It may be used by many goroutines.
type Ring struct {
	table store.Table

	mu     sync.Mutex // guards all below; nobody holds it over a write to disk
	master *Master
	ready  *lru
	making map[string]*making // made here and not yet on disk
	since  since
	order  order
}

// since counts what makes a row old that was read before.
type since struct {
	erased uint64 // keys destroyed
	kept   uint64 // keys that arrived on disk
}

// making is a key on its way to disk.
type making struct {
	sealer *Sealer
	row    store.Row
	again  bool // made where one was destroyed: not for who only reads until it is on disk
	gone   bool // no append is known to carry it
}

// NewRing returns the ring of the keys in t.
func NewRing(m *Master, t store.Table) *Ring {
	r := &Ring{master: m, table: t, ready: newLRU(cached), making: map[string]*making{}}
	r.order.changed.L = &r.mu
	return r
}

// Open returns the subject's sealer, or ErrErased. A subject without a key
// gets one: then fresh is its row, and that of the key around it if it is new as
// well, which must be written in the same append as the first thing sealed.
// Until Kept is told that they are on disk, every Open returns them again.
func (r *Ring) Open(subject string) (s *Sealer, fresh []store.Row, err error) {
	return r.open(subject, false)
}

// Renew is Open for whoever seals: a subject whose key was destroyed and who is
// heard of again gets a new one. What the old one had sealed stays unreadable.
func (r *Ring) Renew(subject string) (s *Sealer, fresh []store.Row, err error) {
	return r.open(subject, true)
}

func (r *Ring) open(subject string, renew bool) (s *Sealer, fresh []store.Row, err error) {
	if _, part := whole(subject); part {
		var w will
		if renew {
			w |= renews
		}
		return r.openPart(subject, w)
	}
	for {
		s, fresh, seen := r.look(subject, renew)
		if s != nil {
			return s, fresh, nil
		}
		value, err := r.read(subject)
		if err != nil {
			return nil, nil, err
		}
		r.mu.Lock()
		r.order.outlive(subject)
		if r.old(value, seen) {
			r.mu.Unlock()
			continue
		}
		s, fresh, err = r.admit(subject, value, renew)
		r.mu.Unlock()
		return s, fresh, err
	}
}

// look returns the sealer that is at hand, with its rows if it is just being
// made. If there is none, a row that is read from now on tells, unless something
// happens since.
func (r *Ring) look(subject string, renew bool) (s *Sealer, fresh []store.Row, seen since) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order.outlive(subject)
	if s = r.ready.get(subject); s != nil {
		return s, nil, r.since
	}
	m := r.making[subject]
	if m == nil || m.gone || m.again && !renew {
		return nil, nil, r.since
	}
	if customer, part := whole(subject); part && r.making[customer] != nil {
		fresh = append(fresh, r.making[customer].take())
	}
	return m.sealer, append(fresh, m.take()), r.since
}

// old reports whether a row's value that was read may be one of before.
func (r *Ring) old(value []byte, seen since) bool {
	return seen.erased != r.since.erased || !isKey(value) && seen.kept != r.since.kept
}

// take returns the row for an append to carry.
func (m *making) take() store.Row {
	m.gone = false
	return m.row
}

// read returns the row's value on disk.
func (r *Ring) read(subject string) ([]byte, error) {
	value, err := r.table.Get(table, subject)
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", subject, err)
	}
	return value, nil
}

// admit makes a sealer of the row's value, or a new key if there is no row, or
// if it tells of a destroyed one and that is to be renewed.
func (r *Ring) admit(subject string, value []byte, renew bool) (*Sealer, []store.Row, error) {
	if value == nil || isErased(value) && renew {
		m := r.making[subject]
		if m == nil {
			m = r.make(subject, value)
			r.making[subject] = m
		}
		return m.sealer, []store.Row{m.take()}, nil
	}
	if isKey(value) {
		delete(r.making, subject) // on disk, ours or another's
	}
	s, err := unwrap(r.master, subject, value)
	if err != nil {
		return nil, nil, err
	}
	r.ready.put(subject, s)
	return s, nil, nil
}

// make makes a key where the row's value was before.
func (r *Ring) make(subject string, before []byte) *making {
	var key [KeySize]byte
	rand.Read(key[:])
	s := newSealer(key)
	s.before = destroyed(before)
	return &making{sealer: s, row: wrap(r.master, subject, s), again: before != nil}
}

func wrap(m *Master, subject string, s *Sealer) store.Row {
	value := append([]byte{wrapped, s.before}, m.Seal(s.key[:], []byte(subject))...)
	return store.Row{Table: table, Key: subject, Value: value}
}

func unwrap(m *Master, subject string, value []byte) (*Sealer, error) {
	switch {
	case isErased(value):
		return nil, ErrErased
	case len(value) > 0 && value[0] == apart:
		return nil, fmt.Errorf("key of %s: %w", subject, ErrApart)
	case !isWrapped(value):
		return nil, fmt.Errorf("key of %s: %w", subject, ErrUnreadable)
	}
	key, err := m.Open(value[head:], []byte(subject))
	if err == nil && len(key) != KeySize {
		err = ErrUnreadable
	}
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", subject, err)
	}
	s := newSealer([KeySize]byte(key))
	s.before = destroyed(value)
	return s, nil
}

// Kept says that the rows are on disk, as far as they are of keys.
func (r *Ring) Kept(rows []store.Row) {
	if len(rows) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range rows {
		if m := r.making[rows[i].Key]; m != nil && rows[i].Table == table {
			delete(r.making, rows[i].Key)
			r.ready.put(rows[i].Key, m.sealer)
			r.since.kept++
		}
	}
}

// Forget says that the append which carried the subject's fresh row failed.
// The key itself is kept for the next one: another append may carry it too. Of a
// conversation none other does, and it may turn out to be from before.
func (r *Ring) Forget(subject string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, part := whole(subject); part {
		delete(r.making, subject)
	}
	if m := r.making[subject]; m != nil {
		m.gone = true
	}
}

// Erase destroys the subject's key for good, and with it those of its parts. It returns when that is on disk.
// Twice is once. A Sealer that somebody still holds works on, so whoever erases
// ends the subject's work first.
func (r *Ring) Erase(subject string) error { return r.EraseWith(subject) }

// EraseWith is Erase with rows that come in the same write: after a crash there
// are both, or there is neither.
func (r *Ring) EraseWith(subject string, rows ...store.Row) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order.alone(subject)
	defer r.order.done()
	value, err := r.table.Get(table, subject)
	if err != nil {
		return fmt.Errorf("erase the key of %s: %w", subject, err)
	}
	if m := r.making[subject]; m != nil && !m.gone && !isKey(value) {
		return ErrMaking
	}
	if busy, err := r.underWay(subject); err != nil || busy {
		return errors.Join(err, ErrMaking)
	}
	r.mu.Unlock()
	err = r.table.Put(append(rows, store.Row{Table: table, Key: subject, Value: []byte{erased, ended(value)}}), true)
	r.mu.Lock()
	if err != nil {
		return fmt.Errorf("erase the key of %s: %w", subject, err)
	}
	r.drop(subject)
	return nil
}

// ended is how many keys of a subject are destroyed once the row's is.
func ended(value []byte) byte {
	n := destroyed(value)
	if !isErased(value) && n < 255 {
		n++
	}
	return n
}

// Seal seals what is not an event: with the subject's key, which is on disk
// when it returns.
func (r *Ring) Seal(subject string, plain, aad []byte) ([]byte, error) {
	s, fresh, err := r.Renew(subject)
	if err == nil {
		err = r.keep(fresh)
	}
	if err != nil {
		return nil, err
	}
	return s.Seal(plain, aad), nil
}

// Unseal returns what Seal was given.
func (r *Ring) Unseal(subject string, sealed, aad []byte) ([]byte, error) {
	s, _, err := r.Open(subject)
	if err != nil {
		return nil, err
	}
	return s.Open(sealed, aad)
}

// BlobKey returns the key of the subject's attachments, which goes with the
// subject's own. A subject without a key gets one that is on disk at once; one
// whose key was destroyed must be heard of again first.
func (r *Ring) BlobKey(subject string) ([KeySize]byte, error) {
	s, fresh, err := r.Open(subject)
	if errors.Is(err, ErrErased) {
		return [KeySize]byte{}, refusal.New(refusal.NotFound, "the customer's data has been erased")
	}
	if err == nil {
		err = r.keep(fresh)
	}
	if err != nil {
		return [KeySize]byte{}, err
	}
	return derive(s.key, "attachments"), nil
}

// keep writes the rows of keys that are being made, and returns when they are on disk.
func (r *Ring) keep(fresh []store.Row) error {
	if len(fresh) == 0 {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order.beside()
	defer r.order.left()
	var rows []store.Row
	for _, row := range fresh {
		if m := r.making[row.Key]; m != nil { // else on disk already, or destroyed
			rows = append(rows, m.row)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	r.mu.Unlock()
	err := r.table.Put(rows, true)
	if err == nil {
		r.Kept(rows)
	}
	r.mu.Lock()
	if err != nil {
		return fmt.Errorf("key of %s: %w", rows[0].Key, err)
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
		if _, part := whole(subject); !part {
			m.row = wrap(next, subject, m.sealer)
		}
	}
	r.mu.Unlock()
	var subjects []string
	for row, err := range r.table.Scan(table, "") {
		if err != nil {
			return 0, fmt.Errorf("rewrap: %w", err)
		}
		if isWrapped(row.Value) && !next.sealedBy(row.Value[head:]) {
			subjects = append(subjects, row.Key)
		}
	}
	for done := 0; done < len(subjects); {
		batch := subjects[done:min(done+256, len(subjects))]
		if err := r.rewrap(next, batch); err != nil {
			return done, fmt.Errorf("rewrap: %w", err)
		}
		done += len(batch)
	}
	return len(subjects), nil
}

// rewrap lets nobody else write meanwhile, so that it can't undo an Erase.
func (r *Ring) rewrap(next *Master, subjects []string) error {
	return r.alone(func() error {
		var rows []store.Row
		for _, subject := range subjects {
			value, err := r.table.Get(table, subject)
			if err != nil {
				return err
			}
			s, err := unwrap(next, subject, value)
			if errors.Is(err, ErrErased) {
				continue
			}
			if err != nil {
				return err
			}
			rows = append(rows, wrap(next, subject, s))
		}
		return r.table.Put(rows, true)
	})
}

// alone does what nobody else writes beside. The lock is free meanwhile.
func (r *Ring) alone(do func() error) error {
	r.mu.Lock()
	r.order.alone("")
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.order.done()
		r.mu.Unlock()
	}()
	return do()
}
