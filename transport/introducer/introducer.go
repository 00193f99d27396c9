/*
Package introducer learns who the customers are whose messages do not tell.

	journal --follow--> a new address --row--> lane of its account
	                                             |
	               customer <-- names -- Introduce, at the provider
	               customer <-- avatar - the picture, kept with the customer's files

Whoever writes to us for the first time at some providers is a number. The
introducer follows the journal, asks the provider once who is behind a new
address, and tells the customer, who takes what nobody has said. Some providers
tell with a message where the person's picture is: that is remembered in memory
until the picture has been brought, and kept nowhere.

An introduction is a kindness and holds nothing up. An account has few questions
under way and a bounded number that wait; one that fails is asked again three
times with growing pauses, and then forgotten. A row names an event of the
journal and holds nothing of the person, so a crash forgets no name; who was
erased meanwhile has no address any more, and is not asked for.
*/
package introducer

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// Config is what an introducer is made of.
type Config struct {
	System  *system.System
	Journal *journal.Journal
	Table   store.Table
	// Open returns the channel of an account. A refusal is final.
	Open func(account string) (channels.Channel, error)
	// Fetch brings a picture to a customer's files and returns its hash. A refusal
	// is final.
	Fetch func(ctx context.Context, account, customer, source string) (hash string, err error)
	// Pictures are those that messages have told of.
	Pictures *Pictures
	// Admit reports why nothing may be kept now; nil for nothing hinders.
	Admit func() error
	Log   *slog.Logger

	fault fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none      fault = iota
	forgets         // saves its place without the rows
	endlessly       // never gives up
	oneLane         // knows no accounts
	curious         // asks for who is known
)

// An Introducer asks who customers are. [Introducer.Follow] and
// [Introducer.Run] are its two halves, each with a goroutine of its own.
type Introducer struct {
	Config
	reading *journal.Reading
	poke    chan struct{} // there is something in fresh

	mu      sync.Mutex     // guards what follows
	fresh   []task         // that Run has not seen
	waiting map[string]int // tasks of each account
}

// name is the follower's, and rows its table: a row is an address that nobody
// has been asked about yet.
const (
	name = "introducer"
	rows = "introduce"
)

// Tables are the introducer's, so that they can be made anew.
func Tables() (follower string, tables []string) { return name, []string{rows} }

// Open returns an introducer that carries on where the last one ended.
func Open(c Config) (*Introducer, error) {
	r, err := c.Journal.Reading(name, c.Table)
	if err != nil {
		return nil, err
	}
	i := &Introducer{Config: c, reading: r, poke: make(chan struct{}, 1), waiting: map[string]int{}}
	for row, err := range c.Table.Scan(rows, "") {
		if err != nil {
			return nil, fmt.Errorf("read who is to be introduced: %w", err)
		}
		t, err := readTask(row)
		if err != nil {
			return nil, err
		}
		i.waiting[t.Account]++
		i.fresh = append(i.fresh, t)
	}
	return i, nil
}

// Follow reads the journal until it is closed.
func (i *Introducer) Follow() error { return i.reading.Follow(i.take) }

func (i *Introducer) take(batch []journal.Entry) error {
	var changed []store.Row
	var tasks []task
	for _, e := range batch {
		a := addressOf(e.Event)
		if a.GetAddress() == "" || !i.tells(a) {
			continue
		}
		t := task{Stream: e.Stream, Version: e.Version, Account: a.AccountId}
		if !i.admit(t.Account) {
			i.Log.Debug("introducer: too many wait", "account", t.Account)
			continue
		}
		row, err := t.row()
		if err != nil {
			return err
		}
		changed, tasks = append(changed, row), append(tasks, t)
	}
	if i.fault == forgets {
		changed = changed[:0]
	}
	if err := i.reading.Keep(batch, changed); err != nil {
		return err
	}
	i.announce(tasks)
	return nil
}

// addressOf is the address that an event brings a customer, or nil.
func addressOf(e event.Event) *event.Address {
	switch e := e.(type) {
	case *event.CustomerRegistered:
		return e.Address
	case *event.AddressAdded:
		return e.Address
	}
	return nil
}

// tells reports whether anybody can tell who is behind an address, or has told
// where the picture is.
func (i *Introducer) tells(a *event.Address) bool {
	if i.Pictures.of(a) != "" {
		return true
	}
	ch, err := i.Open(a.AccountId)
	if err != nil {
		return false
	}
	_, ok := ch.(channels.Introducer)
	return ok
}

// admit counts one more that waits, if there is room.
func (i *Introducer) admit(account string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.waiting[account] >= depth {
		return false
	}
	i.waiting[account]++
	return true
}

// announce says which addresses are new.
func (i *Introducer) announce(tasks []task) {
	if len(tasks) == 0 {
		return
	}
	i.mu.Lock()
	i.fresh = append(i.fresh, tasks...)
	i.mu.Unlock()
	select {
	case i.poke <- struct{}{}:
	default:
	}
}

// news returns the addresses that came since it was asked last.
func (i *Introducer) news() []task {
	i.mu.Lock()
	defer i.mu.Unlock()
	out := i.fresh
	i.fresh = nil
	return out
}

// settle forgets a task. The row need not go at once: who is asked for again is
// known by then.
func (i *Introducer) settle(t task) {
	if err := i.Table.Put([]store.Row{{Table: rows, Key: t.key()}}, false); err != nil {
		i.Log.Error("introducer", "task", t.key(), "err", err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.waiting[t.Account]--; i.waiting[t.Account] == 0 {
		delete(i.waiting, t.Account)
	}
}

// pauses are those between the tries of a task.
var pauses = [...]time.Duration{5 * time.Second, time.Minute, 10 * time.Minute}
