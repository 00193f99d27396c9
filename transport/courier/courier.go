/*
Package courier carries our messages to the customers' channels and brings back
what became of them.

	journal --follow--> outbox (rows) --> account: window, limits --> Channel
	                                                                     |
	conversation <------ Delivered, Failed, Uncertain, until taken ------+

A [event.MessageSent] is a wish. The courier follows the journal and makes of
each a row in a table, in one write with its own place; the row goes when the
conversation has recorded an outcome. So a crash at any line forgets nothing.
A row names the event and holds nothing of what was written.

Every account has its own turn: messages of one conversation go in order, at
most four requests are under way, the pace of the account and of each customer
is kept, a provider's wish to be asked later is obeyed, for the customer or for
the whole account, a failure is tried again after a growing random while, and a
breaker stops asking an account that only fails. An account that is broken, its
token revoked, is asked once in five minutes, and when its settings change. One
account never waits for another. After a day a message is given up.

# Parts

A channel carries so much at once. A message that is more goes in parts, one
after the other, each with a key of its own, and is delivered under the name of
the last one. How many parts have been taken is kept, so that none goes twice:
a failure, a pause or a new process goes on with the next one. If the settings
have changed meanwhile, so that the message would be parted otherwise, nobody
can say what is missing, and the message becomes uncertain.

# What a crash leaves

A part is marked before it leaves. If the process ends before the outcome is
recorded, the next one finds the mark. A channel that takes idempotency keys is
simply given the part again. For any other nobody knows whether the customer
has it: the message becomes uncertain, and only an operator sends it again.
*/
package courier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/shell"
	"crafttalkd/channels"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// A System takes commands to conversations.
type System interface {
	Tell(stream string, cmd any, reply func(shell.Answer))
}

// Config is what a courier is made of.
type Config struct {
	System  System
	Journal *journal.Journal
	Table   store.Table
	// Open returns the account's channel as it is now. It is asked before every
	// try, so whoever makes channels keeps them. Denied and NotFound are final
	// for the message; any other error is worth another try.
	Open func(account string) (channels.Channel, error)
	// Carries tells whether messages of the account are for the courier; those
	// to a widget are not. An account that is unknown is carried, so that its
	// messages fail where people can see it.
	Carries func(account string) bool
	// Abilities are those of the account's kind: how messages are parted, and
	// the pace; nil for a channel that carries everything.
	Abilities func(account string) channels.Abilities
	// Link completes a copy of an attachment of m: its source is where the world
	// may fetch it. It says the same on every try; an error is worth another
	// one. Nil leaves attachments as they are.
	Link func(account string, m channels.Outbound, a *event.Attachment) error
	// File opens the file of an attachment of a conversation.
	File func(ctx context.Context, conversation string, a *event.Attachment) (io.ReadCloser, error)
	Now  func() time.Time
	Log  *slog.Logger

	fault fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none         fault = iota
	trustsAll          // takes every channel for idempotent
	marksLazily        // a power cut may undo the mark of a letter that has left
	dropsEarly         // drops a letter before its outcome is recorded
	forgets            // saves its place without the letters
	ignoresHints       // asks before the provider wants to be asked
	overtakes          // lets the next letter go before one that failed
	beginsAnew         // forgets which parts were taken
	mixesUp            // goes on although the parting is another one
	hurries            // knows no pace of a customer
)

// A Courier is running. It ends in two steps: [Courier.Stop], while the system
// still takes outcomes, and [Courier.Wait], after the journal is closed.
type Courier struct {
	Config
	outbox outbox

	looping context.Context // accounts begin new deliveries
	stop    context.CancelFunc
	working context.Context // deliveries are under way
	abort   context.CancelFunc
	running sync.WaitGroup // accounts
	follows chan struct{}  // closed when the follower has ended

	mu       sync.Mutex // guards what follows, and that nothing is posted after Stop
	accounts map[string]*account
	reading  *journal.Reading
	caughtUp bool
	stopped  bool
}

// name is the follower's.
const name = "courier"

// errStopped ends the follower.
var errStopped = errors.New("the courier has stopped")

// Start carries on where the last courier ended. Nothing leaves before the
// outcomes that the journal holds are known.
func Start(c Config) (*Courier, error) {
	reading, err := c.Journal.Reading(name, c.Table)
	if err != nil {
		return nil, err
	}
	k := &Courier{
		Config: c, outbox: outbox{table: c.Table, carries: c.Carries}, follows: make(chan struct{}),
		accounts: map[string]*account{}, reading: reading,
	}
	names, err := k.outbox.open()
	if err != nil {
		return nil, fmt.Errorf("open the outbox: %w", err)
	}
	k.looping, k.stop = context.WithCancel(context.Background())
	k.working, k.abort = context.WithCancel(context.Background())
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, n := range names {
		k.accounts[n] = newAccount(k, n)
	}
	k.begin()
	go k.follow()
	return k, nil
}

// follow reads the journal until it is closed or the courier stopped. Any other
// end is a bug or a broken disk, and the process must not go on without it.
func (k *Courier) follow() {
	defer close(k.follows)
	err := k.reading.Follow(k.take)
	if err != nil && !errors.Is(err, errStopped) && !errors.Is(err, store.ErrClosed) {
		panic(fmt.Errorf("follower %s: %w", name, err))
	}
}

// take follows the journal.
func (k *Courier) take(batch []journal.Entry) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stopped {
		return errStopped
	}
	p := k.outbox.post()
	for _, e := range batch {
		if err := p.read(e); err != nil {
			return err
		}
	}
	rows := p.rows()
	if k.fault == forgets {
		rows = rows[:0]
	}
	if err := k.reading.Keep(batch, rows); err != nil {
		return err
	}
	for n := range p.accounts {
		if k.accounts[n] == nil {
			k.accounts[n] = newAccount(k, n)
			if k.caughtUp {
				k.running.Go(k.accounts[n].run)
			}
		}
		k.accounts[n].poke()
	}
	k.begin()
	return nil
}

// begin lets the accounts run once the courier has read all that the journal
// held at the start. The lock is held.
func (k *Courier) begin() {
	if k.caughtUp || !k.reading.Known() {
		return
	}
	k.caughtUp = true
	for _, a := range k.accounts {
		k.running.Go(a.run)
	}
}

// Stop begins no new delivery and returns when those under way are over and
// recorded. When ctx is done they are cut off; what then is not known is said
// at the next start.
func (k *Courier) Stop(ctx context.Context) {
	k.mu.Lock()
	k.stopped = true
	k.mu.Unlock()
	k.stop()
	defer context.AfterFunc(ctx, k.abort)()
	k.running.Wait()
	k.abort()
}

// Wait returns when the courier reads the journal no more. Close the journal
// before, and the store after.
func (k *Courier) Wait() { <-k.follows }

// Accounts tells how each account is doing.
func (k *Courier) Accounts() []Standing {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := make([]Standing, 0, len(k.accounts))
	for _, a := range k.accounts {
		out = append(out, k.standing(a))
	}
	return out
}

// Account tells how one is doing.
func (k *Courier) Account(name string) Standing {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a := k.accounts[name]; a != nil {
		return k.standing(a)
	}
	return Standing{Account: name}
}

// standing is an account's own word and the number of its letters. The lock is
// held.
func (k *Courier) standing(a *account) Standing {
	s := *a.standing.Load()
	s.Waiting = k.outbox.waiting[a.name]
	return s
}

// Mended says that an account's settings have changed: if it was broken, it is
// tried at once.
func (k *Courier) Mended(account string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a := k.accounts[account]; a != nil {
		select {
		case a.mended <- struct{}{}:
		default:
		}
	}
}
