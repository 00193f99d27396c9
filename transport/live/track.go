package live

import (
	"sync"

	"google.golang.org/protobuf/proto"

	"crafttalkd/store/journal"
)

// A Track is one stream on its way to one socket: every version once and in
// order. It is guarded by its owner's lock.
//
// A track that is behind is being read from the journal, by one goroutine that
// has the time to wait for the reader. What the hub brings meanwhile is passed
// over: it is in the journal already.
type Track struct {
	Version uint64 // sent so far
	Behind  bool
}

// Next sends e if it is the next one. It reports false if something is missing
// before e, which is in the journal, see [Page].
func (t *Track) Next(e journal.Entry, send func()) bool {
	switch {
	case t.Behind || e.Version <= t.Version:
		return true
	case e.Version > t.Version+1:
		return false
	}
	t.Version = e.Version
	send()
	return true
}

// A Catch is how a track that is behind catches up. The functions are called with
// the owner's lock held.
type Catch struct {
	Conn    *Conn
	Journal *journal.Journal
	Stream  string
	Lock    sync.Locker
	Follows func() bool                // the track is followed still
	Left    func() bool                // what comes next is not theirs to see; nil is never
	Send    func(journal.Entry)        // sends one
	Live    func(last []journal.Entry) // takes the last ones as if the hub brought them
}

// CatchUp sends what the journal has of a stream, as fast as the reader takes it,
// and goes over to what the hub brings. Nobody else touches the track meanwhile.
func (t *Track) CatchUp(c Catch) error {
	for c.Conn.Room() {
		page, more, err := Page(c.Journal, c.Stream, t.Version)
		if err != nil {
			return err
		}
		if c.send(t, page) && more {
			continue
		}
		if done, err := c.goLive(t); done || err != nil {
			return err
		}
	}
	return nil
}

// wants reports whether what comes next is to be sent.
func (c Catch) wants() bool { return c.Follows() && (c.Left == nil || !c.Left()) }

// send sends a page and reports whether the next one may be sent too.
func (c Catch) send(t *Track, page []journal.Entry) bool {
	c.Lock.Lock()
	defer c.Lock.Unlock()
	for _, e := range page {
		if !c.wants() {
			return false
		}
		t.Version = e.Version
		c.Send(e)
	}
	return true
}

// goLive looks a last time what is in the journal, with the hub kept waiting,
// and takes from the hub what comes next. It reports false if there is too much
// in the journal for that.
func (c Catch) goLive(t *Track) (done bool, err error) {
	c.Lock.Lock()
	defer c.Lock.Unlock()
	if !c.Follows() {
		return true, nil
	}
	last, more, err := c.rest(t)
	if err != nil || more && c.wants() {
		return false, err
	}
	t.Behind = false
	c.Live(last)
	return true, nil
}

// rest is the page after what was sent. Mostly there is none, and to ask how long
// the stream is costs a fraction of looking.
func (c Catch) rest(t *Track) (page []journal.Entry, more bool, err error) {
	if n, err := c.Journal.Version(c.Stream); err != nil || n == t.Version {
		return nil, false, err
	}
	return Page(c.Journal, c.Stream, t.Version)
}

const (
	pageFacts = 64
	pageBytes = 128 << 10
)

// Page reads what is on disk of a stream after a version, up to a size that
// fits what may wait for a reader. More is true if that was not all.
func Page(j *journal.Journal, stream string, after uint64) (page []journal.Entry, more bool, err error) {
	size := 0
	for e, err := range j.Durable(stream, after) {
		if err != nil {
			return nil, false, err
		}
		if len(page) == pageFacts || size > pageBytes {
			return page, true, nil
		}
		page = append(page, e)
		size += proto.Size(e.Event)
	}
	return page, false, nil
}
