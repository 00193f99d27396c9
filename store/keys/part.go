package keys

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"crafttalkd/store"
)

// A part of a subject is named by the subject, a dot, and what it is: a number
// for a conversation, anything else for a file that no message names yet. It
// can be destroyed alone, and goes with the subject, whose key wraps its own.
//
// A conversation gets its key as it opens. One from before conversations had
// keys is sealed with the customer's own, and has no row.

// whole returns whose part a subject is; false if it is nobody's.
func whole(subject string) (string, bool) {
	customer, _, part := strings.Cut(subject, ".")
	return customer, part
}

// loose reports whether a part belongs to no conversation.
func loose(subject string) bool {
	_, name, _ := strings.Cut(subject, ".")
	return name != "" && (name[0] < '0' || name[0] > '9')
}

// Begin is Renew for a conversation that opens: it gets a key of its own. The
// row of that comes with the conversation's first event and never before, so
// nobody need look for one.
func (r *Ring) Begin(conversation string) (s *Sealer, fresh []store.Row, err error) {
	return r.openPart(conversation, renews|begins)
}

// A will is what may be made, where nothing is.
type will uint8

const (
	renews will = 1 << iota // a key in the place of one that was destroyed
	begins                  // a key of a part's own
)

func (r *Ring) openPart(subject string, w will) (s *Sealer, fresh []store.Row, err error) {
	customer, _ := whole(subject)
	for {
		s, fresh, seen := r.look(subject, true)
		if s != nil {
			return s, fresh, nil
		}
		var value []byte
		if w&begins == 0 {
			var err error
			if value, err = r.read(subject); err != nil {
				return nil, nil, err
			}
		}
		theirs, first, err := r.openOwner(customer, w&renews != 0)
		if err != nil && !errors.Is(err, ErrErased) {
			return nil, nil, err
		}
		r.mu.Lock()
		r.order.outlive(subject)
		if r.old(value, seen) {
			r.mu.Unlock()
			continue
		}
		s, fresh, err = r.admitPart(subject, value, owner{theirs, first}, w)
		r.mu.Unlock()
		return s, fresh, err
	}
}

// openOwner is open for who wants a part. It leaves nothing behind: conversations
// are many, and their customers' keys are seldom wanted beside them.
func (r *Ring) openOwner(customer string, renew bool) (*Sealer, []store.Row, error) {
	r.mu.Lock()
	held := r.ready.get(customer) != nil
	r.mu.Unlock()
	s, fresh, err := r.open(customer, renew)
	if !held {
		r.mu.Lock()
		r.ready.remove(customer)
		r.mu.Unlock()
	}
	return s, fresh, err
}

// An owner is whose part something is: the sealer, nil if it was destroyed, and
// the rows of a key that is being made.
type owner struct {
	sealer *Sealer
	fresh  []store.Row
}

// admitPart makes a sealer of the row's value, or a new key where that is
// wanted; where there never was one, it is the owner's.
func (r *Ring) admitPart(subject string, value []byte, of owner, w will) (*Sealer, []store.Row, error) {
	if isKey(value) {
		delete(r.making, subject)
	}
	s, err := unwrapPart(subject, value, of.sealer)
	switch {
	case err == nil && s != nil:
		r.ready.put(subject, s)
		return s, nil, nil
	case err != nil && !errors.Is(err, ErrErased):
		return nil, nil, err
	case r.making[subject] != nil:
		m := r.making[subject]
		return m.sealer, append(of.fresh, m.take()), nil
	case of.sealer == nil, err != nil && w&renews == 0:
		return nil, nil, ErrErased
	case err == nil && w&begins == 0 && !loose(subject):
		if len(of.fresh) == 0 {
			r.ready.put(subject, of.sealer) // from before conversations had keys
		}
		return of.sealer, of.fresh, nil
	}
	m := makePart(subject, value, of.sealer)
	r.making[subject] = m
	return m.sealer, append(of.fresh, m.row), nil
}

// makePart makes a key where the row's value was before.
func makePart(subject string, before []byte, of *Sealer) *making {
	var key [KeySize]byte
	rand.Read(key[:])
	s := newSealer(key)
	if s.before = destroyed(before); isKey(before) && s.before < 255 {
		s.before++ // it went with the owner's
	}
	value := append([]byte{within, s.before}, of.Seal(s.key[:], []byte(subject))...)
	return &making{sealer: s, row: store.Row{Table: table, Key: subject, Value: value}}
}

// unwrapPart returns the sealer that a row is of, with the owner's; nil if there
// is no row, and ErrErased if it or the key around it was destroyed.
func unwrapPart(subject string, value []byte, of *Sealer) (*Sealer, error) {
	switch {
	case value == nil:
		return nil, nil
	case isErased(value):
		return nil, ErrErased
	case len(value) > 0 && value[0] == apart:
		return nil, fmt.Errorf("key of %s: %w", subject, ErrApart)
	case !isKey(value) || isWrapped(value):
		return nil, fmt.Errorf("key of %s: %w", subject, ErrUnreadable)
	case of == nil:
		return nil, ErrErased
	}
	key, err := of.Open(value[head:], []byte(subject))
	switch {
	case err != nil && of.Renewed():
		return nil, ErrErased // wrapped by the key before
	case err == nil && len(key) != KeySize:
		err = ErrUnreadable
	}
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", subject, err)
	}
	s := newSealer([KeySize]byte(key))
	s.before = destroyed(value)
	return s, nil
}

// ErrBefore reports that a conversation is from before conversations had keys.
var ErrBefore = errors.New("the conversation has no key of its own: it goes with its customer")

// Tombstone returns the row that destroys a conversation's key, to be written
// together with the fact that says so; [Ring.Gone] follows that. Twice is once.
func (r *Ring) Tombstone(subject string) (row store.Row, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order.alone("")
	defer r.order.done()
	value, err := r.table.Get(table, subject)
	switch {
	case err != nil:
		return row, fmt.Errorf("destroy the key of %s: %w", subject, err)
	case value == nil && r.making[subject] != nil:
		return row, ErrMaking
	case !isKey(value) && !isErased(value):
		return row, fmt.Errorf("destroy the key of %s: %w", subject, ErrBefore)
	}
	delete(r.making, subject) // it is on disk: nobody may write it there once more
	return store.Row{Table: table, Key: subject, Value: []byte{erased, ended(value)}}, nil
}

// Own reports whether the subject has, or had, a key of its own.
func (r *Ring) Own(subject string) (bool, error) {
	value, err := r.table.Get(table, subject)
	return value != nil, err
}

// Gone says that the tombstone of a subject is on disk.
func (r *Ring) Gone(subject string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop(subject)
}

// Era rises whenever a key is destroyed: what was unsealed in an earlier one may
// hold what nobody may read any more.
func (r *Ring) Era() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.since.erased
}

// drop lets go of a subject's key and those of its parts, whose row has gone.
func (r *Ring) drop(subject string) {
	r.since.erased++
	r.ready.remove(subject)
	delete(r.making, subject)
	if _, part := whole(subject); part {
		return
	}
	for other := range r.ready.items {
		if customer, part := whole(other); part && customer == subject {
			r.ready.remove(other)
		}
	}
	for other := range r.making {
		if customer, part := whole(other); part && customer == subject {
			delete(r.making, other)
		}
	}
}

// underWay reports whether a part's key is on its way to disk. Destroyed around
// it, what it seals meanwhile would be lost to who is heard of again.
func (r *Ring) underWay(subject string) (bool, error) {
	for other, m := range r.making {
		if customer, part := whole(other); !part || customer != subject || m.gone {
			continue
		}
		if value, err := r.table.Get(table, other); err != nil || !isKey(value) {
			return true, err
		}
	}
	return false, nil
}
