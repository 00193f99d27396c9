package accounts

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"crafttalkd/channels"
	"crafttalkd/store"
	"crafttalkd/store/keys"
)

// Shelves keep what adapters must remember. What is about a customer is sealed
// with the customer's key and goes with it; what is the account's own is sealed
// with the master key.
type Shelves struct {
	Table      store.Table
	Ring       Ring
	Master     Master
	CustomerID func(account, address string) string
}

// A Ring seals with the keys of customers.
type Ring interface {
	Seal(subject string, plain, aad []byte) ([]byte, error)
	Unseal(subject string, sealed, aad []byte) ([]byte, error)
}

// A Master seals with the key of the installation.
type Master interface {
	Seal(plain, aad []byte) []byte
	Open(sealed, aad []byte) ([]byte, error)
}

// shelf is the name of the table. A row's key is the customer or own, the
// account and the adapter's key; an address stands in none.
const (
	shelf = "shelf"
	own   = "-"
)

// of returns the shelf of an account.
func (s *Shelves) of(account string) channels.Shelf { return oneShelf{s, account} }

type oneShelf struct {
	*Shelves
	account string
}

func (s oneShelf) row(address, key string) (home, row string) {
	home = own
	if address != "" {
		home = s.CustomerID(s.account, address)
	}
	return home, place(home, s.account) + text(key)
}

// place begins the keys of all that an account remembers of a home.
func place(home, account string) string { return home + "/" + text(account) + "/" }

// text makes any text a part of a key that no other part can be mistaken for.
func text(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// Get implements [channels.Shelf]. What was sealed with a key that has been
// destroyed is not there any more.
func (s oneShelf) Get(address, key string) ([]byte, error) {
	home, row := s.row(address, key)
	sealed, err := s.Table.Get(shelf, row)
	if err != nil || sealed == nil {
		return nil, err
	}
	var plain []byte
	if home == own {
		plain, err = s.Master.Open(sealed, []byte(row))
	} else {
		plain, err = s.Ring.Unseal(home, sealed, []byte(row))
	}
	switch {
	case errors.Is(err, keys.ErrErased), errors.Is(err, keys.ErrUnreadable) && home != own:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("shelf of %s: %w", s.account, err)
	}
	return plain, nil
}

// Put implements [channels.Shelf].
func (s oneShelf) Put(address, key string, value []byte) error {
	home, row := s.row(address, key)
	sealed := []byte(nil)
	if home == own {
		sealed = s.Master.Seal(value, []byte(row))
	} else {
		var err error
		if sealed, err = s.Ring.Seal(home, value, []byte(row)); err != nil {
			return fmt.Errorf("shelf of %s: %w", s.account, err)
		}
	}
	if err := s.Table.Put([]store.Row{{Table: shelf, Key: row, Value: sealed}}, true); err != nil {
		return fmt.Errorf("shelf of %s: %w", s.account, err)
	}
	return nil
}

// Forget takes out what is remembered of customers who have been erased.
func (s *Shelves) Forget(customers []string) error {
	for _, id := range customers {
		if err := s.remove(id + "/"); err != nil {
			return err
		}
	}
	return nil
}

// clear takes out what an account that is gone remembered of itself.
func (s *Shelves) clear(account string) error { return s.remove(place(own, account)) }

func (s *Shelves) remove(prefix string) error {
	var gone []store.Row
	for row, err := range s.Table.Scan(shelf, prefix) {
		if err != nil {
			return fmt.Errorf("shelf: %w", err)
		}
		gone = append(gone, store.Row{Table: shelf, Key: strings.Clone(row.Key)})
	}
	if len(gone) == 0 {
		return nil
	}
	if err := s.Table.Put(gone, true); err != nil {
		return fmt.Errorf("shelf: %w", err)
	}
	return nil
}
