/*
Package fetcher brings the files of customers' messages to us.

A message that names a file by an address is kept and shown at once; the file
follows, or the attachment says why there is none. So do the files of an edit.

	journal --follow--> list (rows) --> lane: one server of one account --> GET, guarded
	                                                                            |
	conversation <-- Fetched: the file, or why not <-- store/blob <-- limited --+

The fetcher follows the journal and makes of every attachment without a file a
row in a table, in one write with its own place; the row goes when the
conversation has recorded an outcome. So a crash at any line forgets nothing. A
row names the event and holds nothing of what was written: where the file is
kept is read from the event again.

Files of one account on one server are a lane. A lane has few requests under
way and an account not many, so a server that is slow delays its own files and
nobody else's. A file has a size it may not pass, a time in which it must come
and a speed below which it is given up; what may pass is tried again after a
growing random while, and after an hour the attachment says what was wrong.

Some files only the account itself can fetch: its channel makes the request, with
a key that no other server than the one it is for gets to see.
*/
package fetcher

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"time"

	"crafttalkd/actors/shell"
	"crafttalkd/channels"
	"crafttalkd/store"
	"crafttalkd/store/blob"
	"crafttalkd/store/journal"
)

// A System takes commands to conversations.
type System interface {
	Tell(stream string, cmd any, reply func(shell.Answer))
}

// Blobs keeps files, as store/blob does.
type Blobs interface {
	Put(ctx context.Context, subject string, r io.Reader, limit int64) (blob.Blob, error)
}

// Config is what a fetcher is made of.
type Config struct {
	System  System
	Journal *journal.Journal
	Table   store.Table
	Blobs   Blobs
	// Client is guarded: it refuses addresses that nobody outside may name.
	Client *http.Client
	// Held returns the channel of an account, for files that only the account can
	// fetch, and the client that its requests are made with. A refusal is final.
	Held func(account string) (channels.Channel, *http.Client, error)
	// Uploaded opens what a third party has uploaded for a customer's address
	// beforehand. A refusal is final.
	Uploaded func(account, address, id string) (io.ReadCloser, error)
	// Admit reports why nothing may be kept now; nil for nothing hinders.
	Admit func() error
	// Largest is how many bytes a file may have; 0 stands for 50 MiB.
	Largest int64
	Now     func() time.Time
	Log     *slog.Logger

	fault fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none      fault = iota
	forgets         // saves its place without the rows
	patiently       // waits for a server as long as it sends anything
	oneLane         // knows no servers and accounts
	hastily         // gives up after the first failure
	endlessly       // never gives up
	greedily        // takes a file of any size
	slips           // drops a row before its outcome is recorded
	tells           // takes what an account proves itself with to other servers
)

// A Fetcher brings files. [Fetcher.Follow] and [Fetcher.Run] are its two
// halves, each with a goroutine of its own.
type Fetcher struct {
	Config
	list    list
	reading *journal.Reading
	poke    chan struct{} // there is something in fresh
	ready   chan struct{} // closed when all outcomes that the journal held at the start are known
	known   bool          // ready is closed

	mu    sync.Mutex      // guards fresh
	fresh map[string]bool // lanes that got rows
}

// name is the follower's.
const name = "fetcher"

// Tables are the fetcher's, so that they can be made anew.
func Tables() (follower string, tables []string) { return name, []string{rows, of} }

// Open returns a fetcher that carries on where the last one ended.
func Open(c Config) (*Fetcher, error) {
	if c.Largest == 0 {
		c.Largest = 50 << 20
	}
	r, err := c.Journal.Reading(name, c.Table)
	if err != nil {
		return nil, err
	}
	f := &Fetcher{Config: c, list: list{table: c.Table, oneLane: c.fault == oneLane}, reading: r, poke: make(chan struct{}, 1),
		ready: make(chan struct{}), fresh: map[string]bool{}}
	if err := f.list.open(f.fresh); err != nil {
		return nil, fmt.Errorf("open the list of files: %w", err)
	}
	f.begin()
	return f, nil
}

// Follow reads the journal until it is closed.
func (f *Fetcher) Follow() error { return f.reading.Follow(f.take) }

func (f *Fetcher) take(batch []journal.Entry) error {
	c := f.list.change()
	for _, e := range batch {
		if err := c.read(e); err != nil {
			return err
		}
	}
	changed := c.rows()
	if f.fault == forgets {
		changed = changed[:0]
	}
	if err := f.reading.Keep(batch, changed); err != nil {
		return err
	}
	f.announce(c.lanes)
	f.begin()
	return nil
}

// announce says which lanes got rows.
func (f *Fetcher) announce(lanes map[string]bool) {
	if len(lanes) == 0 {
		return
	}
	f.mu.Lock()
	maps.Copy(f.fresh, lanes)
	f.mu.Unlock()
	select {
	case f.poke <- struct{}{}:
	default:
	}
}

// begin lets files be fetched once all outcomes that the journal held at the
// start are known.
func (f *Fetcher) begin() {
	if !f.known && f.reading.Known() {
		f.known = true
		close(f.ready)
	}
}

// news returns the lanes that got rows since it was asked last.
func (f *Fetcher) news() map[string]bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := f.fresh
	f.fresh = map[string]bool{}
	return out
}
