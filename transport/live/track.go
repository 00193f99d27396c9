package live

import (
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
