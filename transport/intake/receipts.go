package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// The tables. A row of receipts says which message of ours a provider's name is
// of; one of receiptsOf, by conversation and message, where it went and which
// names it has got.
const (
	receipts   = "receipt"
	receiptsOf = "receipt.of"
)

// receiptsName is the follower's name.
const receiptsName = "receipts"

// providersTell is how long after it was sent something is heard of a message.
const providersTell = 60 * 24 * time.Hour

// Receipts is the reading of what providers call our messages, for as long as
// they may tell what became of them.
type Receipts struct {
	Table store.Table
	// CustomerID derives the customer's id from an address.
	CustomerID func(account, address string) string
	// Tells reports whether the account's provider tells what becomes of
	// messages.
	Tells func(account string) bool
	// Known is told of every name that is known from now on, as Key has it.
	Known func(key string)

	reading *journal.Reading
}

// A Named is what a provider's name stands for: a message of ours, or a part of
// one that went in several.
type Named struct {
	Conversation string    `json:"conversation"`
	Message      string    `json:"message"`
	At           time.Time `json:"at"` // when it got the name
	// Part is which one it is, from 1, of Parts; 0 for the whole and for the last
	// part, which stands for the whole.
	Part  int `json:"part,omitempty"`
	Parts int `json:"parts,omitempty"`
}

// lost is why the message failed, given why what is named did.
func (n Named) lost(why string) string {
	if n.Part == 0 {
		return why
	}
	return fmt.Sprintf("part %d of %d did not arrive: %s", n.Part, n.Parts, why)
}

// A letter is a message on its way, and what it has been called.
type letter struct {
	Account string    `json:"account"`
	Home    string    `json:"home"`
	IDs     []string  `json:"ids,omitempty"`
	At      time.Time `json:"at"`
}

// ReceiptsTables returns the follower's name and its tables.
func ReceiptsTables() (name string, tables []string) {
	return receiptsName, []string{receipts, receiptsOf}
}

// Open opens the reading as far as it has come.
func (r *Receipts) Open(j *journal.Journal) (err error) {
	r.reading, err = j.Reading(receiptsName, r.Table)
	return err
}

// Follow reads the journal until it is closed.
func (r *Receipts) Follow() error { return r.reading.Follow(r.take) }

// receiptKey is where a provider's name is kept: it counts in the account, for
// one address.
func receiptKey(account, home, id string) string {
	return url.PathEscape(account) + "/" + home + "/" + id
}

// Find returns what of ours it is; the zero Named if nothing is known of it.
func (r *Receipts) Find(key string) (n Named, err error) {
	b, err := r.Table.Get(receipts, key)
	if err != nil || b == nil {
		return Named{}, err
	}
	if err := json.Unmarshal(b, &n); err != nil {
		return Named{}, fmt.Errorf("receipt %q: %w", key, err)
	}
	return n, nil
}

func (r *Receipts) take(batch []journal.Entry) error {
	c := &ledger{Receipts: r, letters: map[string]*letter{}, rows: map[string][]byte{}}
	for _, e := range batch {
		if err := c.read(e); err != nil {
			return err
		}
	}
	if err := r.reading.Keep(batch, c.changes()); err != nil {
		return err
	}
	for key, row := range c.rows {
		if row != nil && r.Known != nil {
			r.Known(key)
		}
	}
	return nil
}

// A ledger is what some facts change in the reading.
type ledger struct {
	*Receipts
	letters map[string]*letter
	rows    map[string][]byte // of receipts
}

func (c *ledger) read(e journal.Entry) error {
	conv, ok := strings.CutPrefix(e.Stream, event.ConversationStream)
	if !ok {
		return nil
	}
	switch m := e.Event.(type) {
	case *event.MessageSent:
		return c.sent(conv+"/"+m.MessageId, m.AccountId, m.Address, event.At(m))
	case *event.MessageRetried:
		return c.sent(conv+"/"+m.MessageId, m.AccountId, m.Address, event.At(m))
	case *event.MessageDelivered:
		return c.named(conv, m)
	}
	return nil
}

// sent begins a letter. What an earlier try of it was called says nothing of
// this one.
func (c *ledger) sent(of, account, address string, at time.Time) error {
	old, err := c.letter(of)
	if err != nil {
		return err
	}
	if old != nil {
		for _, id := range old.IDs {
			c.rows[receiptKey(old.Account, old.Home, id)] = nil
		}
	}
	if address != "" && c.Tells(account) {
		c.letters[of] = &letter{Account: account, Home: c.CustomerID(account, address), At: at}
	}
	return nil
}

// named keeps what the provider calls a message and the parts of it. A name
// that several parts have is the last one's.
func (c *ledger) named(conv string, m *event.MessageDelivered) error {
	of := conv + "/" + m.MessageId
	l, err := c.letter(of)
	if err != nil || l == nil {
		return err
	}
	names := append(slices.Clone(m.EarlierIds), m.ExternalId)
	ids := slices.Clone(l.IDs)
	for i, name := range names {
		if name == "" {
			continue
		}
		n := Named{Conversation: conv, Message: m.MessageId, At: event.At(m)}
		if i < len(m.EarlierIds) {
			n.Part, n.Parts = i+1, len(names)
		}
		row, err := json.Marshal(n)
		if err != nil {
			return err
		}
		ids = append(ids, name)
		c.rows[receiptKey(l.Account, l.Home, name)] = row
	}
	c.letters[of] = &letter{l.Account, l.Home, ids, l.At}
	return nil
}

func (c *ledger) letter(of string) (*letter, error) {
	if l, ok := c.letters[of]; ok {
		return l, nil
	}
	b, err := c.Table.Get(receiptsOf, of)
	if err != nil || b == nil {
		return nil, err
	}
	l := &letter{}
	if err := json.Unmarshal(b, l); err != nil {
		return nil, fmt.Errorf("letter %q: %w", of, err)
	}
	return l, nil
}

func (c *ledger) changes() (rows []store.Row) {
	for of, l := range c.letters {
		if b, err := json.Marshal(l); err == nil { // plain data
			rows = append(rows, store.Row{Table: receiptsOf, Key: of, Value: b})
		}
	}
	for key, b := range c.rows {
		rows = append(rows, store.Row{Table: receipts, Key: key, Value: b})
	}
	return rows
}

// Watch forgets, once a day, what nothing will be heard of any more.
func (r *Receipts) Watch(ctx context.Context, now func() time.Time) error {
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for {
		if err := r.Sweep(now().Add(-providersTell)); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep forgets what was sent before a time.
func (r *Receipts) Sweep(before time.Time) error {
	for _, table := range []string{receipts, receiptsOf} {
		var gone []store.Row
		for row, err := range r.Table.Scan(table, "") {
			if err != nil {
				return err
			}
			var old struct{ At time.Time }
			if json.Unmarshal(row.Value, &old) == nil && old.At.Before(before) {
				gone = append(gone, store.Row{Table: table, Key: row.Key})
			}
			if len(gone) == 1000 {
				if err := r.Table.Put(gone, false); err != nil {
					return err
				}
				gone = nil
			}
		}
		if err := r.Table.Put(gone, false); err != nil {
			return err
		}
	}
	return nil
}
