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
	bytes map[wire.Format][]byte
}

// FramesOf returns the frames of an entry that did not come from the hub.
func FramesOf(e journal.Entry) *Frames { return &Frames{entry: e} }

// In returns the frame in a format.
func (f *Frames) In(format wire.Format) ([]byte, error) {
	if b, ok := f.bytes[format]; ok {
		return b, nil
	}
	b, err := format.Encode(&wire.FromServer{Is: &wire.FromServer_Entry{Entry: &wire.Entry{
		Stream: f.entry.Stream, Version: f.entry.Version, Fact: event.Wrap(f.entry.Event)}}})
	if err != nil {
		return nil, err
	}
	if f.bytes == nil {
		f.bytes = map[wire.Format][]byte{}
	}
	f.bytes[format] = b
	return b, nil
}
