package courier

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// The tables. A row of outbox is a message that has no outcome yet, keyed by
// account and a rising number; of says under which key a message is; tried says
// how far a message has come. Rows of outbox never change.
const (
	letters = "outbox"
	of      = "outbox.of"
	tried   = "outbox.tried"
)

// A letter is a message on its way.
type letter struct {
	key     string
	Stream  string    `json:"stream"`
	Version uint64    `json:"version"` // of the event that says what is sent where
	Message string    `json:"message"`
	At      time.Time `json:"at"` // when it was sent
}

// name is what the letter is called for ever: no other has the same event.
func (l letter) name() []byte { return fmt.Appendf(nil, "%s@%d", l.Stream, l.Version) }

// index is the key of the letter's message in of.
func index(stream, message string) string { return stream + "/" + message }

// An outbox keeps letters in a table.
type outbox struct {
	table   store.Table
	carries func(account string) bool
	last    uint64         // number given to a letter
	waiting map[string]int // letters by account
}

// open reads which accounts have letters, and drops marks that outlived theirs.
func (o *outbox) open() (accounts []string, err error) {
	o.waiting = map[string]int{}
	seen := map[string]bool{}
	for row, err := range o.table.Scan(letters, "") {
		if err != nil {
			return nil, err
		}
		escaped, number, _ := strings.Cut(row.Key, "/")
		account, err := url.PathUnescape(escaped)
		if err != nil {
			return nil, fmt.Errorf("row %q: %w", row.Key, err)
		}
		n, err := strconv.ParseUint(number, 16, 64)
		if err != nil {
			return nil, fmt.Errorf("row %q: %w", row.Key, err)
		}
		o.last = max(o.last, n)
		if !seen[account] {
			seen[account] = true
			accounts = append(accounts, account)
		}
	}
	if err := o.count(); err != nil {
		return nil, err
	}
	return accounts, o.sweep()
}

// count counts the letters by account. A letter counts until the follower has
// read its outcome.
func (o *outbox) count() error {
	for row, err := range o.table.Scan(of, "") {
		if err != nil {
			return err
		}
		o.waiting[accountOf(row.Value)]++
	}
	return nil
}

// accountOf is the account of a letter's key.
func accountOf(key []byte) string {
	escaped, _, _ := strings.Cut(string(key), "/")
	account, err := url.PathUnescape(escaped)
	if err != nil {
		return escaped
	}
	return account
}

func (o *outbox) sweep() error {
	var gone []store.Row
	for mark, err := range o.table.Scan(tried, "") {
		if err != nil {
			return err
		}
		row, err := o.table.Get(letters, mark.Key)
		if err != nil {
			return err
		}
		if row == nil {
			gone = append(gone, store.Row{Table: tried, Key: mark.Key})
		}
	}
	return o.table.Put(gone, false)
}

// prefix begins the keys of an account's letters.
func prefix(account string) string { return url.PathEscape(account) + "/" }

// of yields an account's letters, the oldest first.
func (o *outbox) of(account string) iter.Seq2[letter, error] {
	return func(yield func(letter, error) bool) {
		for row, err := range o.table.Scan(letters, prefix(account)) {
			l := letter{key: row.Key}
			if err == nil {
				err = json.Unmarshal(row.Value, &l)
			}
			if !yield(l, err) || err != nil {
				return
			}
		}
	}
}

// look tells whether the letter has no outcome yet, and how far it has come.
func (o *outbox) look(l letter) (waits bool, p progress, err error) {
	row, err := o.table.Get(letters, l.key)
	if err != nil {
		return false, p, err
	}
	mark, err := o.table.Get(tried, l.key)
	return row != nil, readProgress(l, mark), err
}

// mark keeps how far the letter has come. A crash may undo it, unless it is
// synced.
func (o *outbox) mark(l letter, p progress, sync bool) error {
	value, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("progress of %s: %w", l.name(), err)
	}
	return o.table.Put([]store.Row{{Table: tried, Key: l.key, Value: value}}, sync)
}

// drop removes a letter whose outcome is recorded. It need not be on disk at
// once: a letter that comes back is looked up in its conversation.
func (o *outbox) drop(l letter, sync bool) error {
	return o.table.Put([]store.Row{{Table: letters, Key: l.key}, {Table: tried, Key: l.key}}, sync)
}

// A posting is what some events change in the outbox.
type posting struct {
	*outbox
	accounts map[string]bool // that got letters
	changes  map[change][]byte
}

type change struct{ table, key string }

func (o *outbox) post() *posting {
	return &posting{outbox: o, accounts: map[string]bool{}, changes: map[change][]byte{}}
}

// read takes note of one event.
func (p *posting) read(e journal.Entry) error {
	switch m := e.Event.(type) {
	case *event.MessageSent:
		return p.add(m.AccountId, letter{Stream: e.Stream, Version: e.Version, Message: m.MessageId, At: m.At.AsTime()})
	case *event.MessageRetried:
		return p.add(m.AccountId, letter{Stream: e.Stream, Version: e.Version, Message: m.MessageId, At: m.At.AsTime()})
	case *event.MessageDelivered:
		return p.settle(e.Stream, m.MessageId)
	case *event.MessageFailed:
		return p.settle(e.Stream, m.MessageId)
	case *event.MessageUncertain:
		return p.settle(e.Stream, m.MessageId)
	}
	return nil
}

func (p *posting) add(account string, l letter) error {
	if !p.carries(account) {
		return nil
	}
	if err := p.settle(l.Stream, l.Message); err != nil {
		return err
	}
	value, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("letter %s: %w", l.name(), err)
	}
	p.last++
	key := prefix(account) + fmt.Sprintf("%016x", p.last)
	p.changes[change{letters, key}] = value
	p.changes[change{of, index(l.Stream, l.Message)}] = []byte(key)
	p.accounts[account] = true
	p.waiting[account]++
	return nil
}

// settle removes the letter of a message, if there is one.
func (p *posting) settle(stream, message string) error {
	where := change{of, index(stream, message)}
	key, changed := p.changes[where]
	if !changed {
		var err error
		if key, err = p.table.Get(where.table, where.key); err != nil {
			return fmt.Errorf("letter of %s: %w", where.key, err)
		}
	}
	if key == nil {
		return nil
	}
	if account := accountOf(key); p.waiting[account] > 1 {
		p.waiting[account]--
	} else {
		delete(p.waiting, account)
	}
	p.changes[where] = nil
	p.changes[change{letters, string(key)}] = nil
	p.changes[change{tried, string(key)}] = nil
	return nil
}

// rows are the changes, each row once; nil if there are none.
func (p *posting) rows() (out []store.Row) {
	for c, value := range p.changes {
		out = append(out, store.Row{Table: c.table, Key: c.key, Value: value})
	}
	return out
}
