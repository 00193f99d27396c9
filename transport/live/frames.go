package live

import (
	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/transport/wire"
)

// Frames is one fact as a frame, encoded once in each format however many
// sockets it goes to. It belongs to the hub's goroutine.
type Frames struct {
	entry journal.Entry
	bytes [2][]byte // by format
}

// FramesOf returns the frames of an entry that did not come from the hub.
func FramesOf(e journal.Entry) *Frames { return &Frames{entry: e} }

// In returns the frame in a format.
func (f *Frames) In(format wire.Format) ([]byte, error) {
	b := &f.bytes[0]
	if format == wire.InJSON {
		b = &f.bytes[1]
	}
	if *b != nil {
		return *b, nil
	}
	var err error
	*b, err = format.Encode(&wire.FromServer{Is: &wire.FromServer_Entry{Entry: &wire.Entry{
		Stream: f.entry.Stream, Version: f.entry.Version, Fact: event.Wrap(f.entry.Event)}}})
	return *b, err
}
