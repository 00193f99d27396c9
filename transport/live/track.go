package live

import (
	"crafttalkd/store/journal"
)

// A Track is one stream on its way to one socket: every version once and in
// order. It is guarded by its owner's lock.
type Track struct {
	Version uint64 // sent so far
}

// Next sends e, and before it what is missing. Send is called for each.
func (t *Track) Next(j *journal.Journal, e journal.Entry, f *Frames, send func(journal.Entry, *Frames)) error {
	if e.Version <= t.Version {
		return nil
	}
	if e.Version > t.Version+1 {
		for old, err := range j.Durable(e.Stream, t.Version) {
			if err != nil {
				return err
			}
			if old.Version >= e.Version {
				break
			}
			t.Version = old.Version
			send(old, FramesOf(old))
		}
	}
	t.Version = e.Version
	send(e, f)
	return nil
}

// CatchUp sends everything that is on disk and was not sent.
func (t *Track) CatchUp(j *journal.Journal, stream string, send func(journal.Entry, *Frames)) error {
	for e, err := range j.Durable(stream, t.Version) {
		if err != nil {
			return err
		}
		t.Version = e.Version
		send(e, FramesOf(e))
	}
	return nil
}
