package live

import (
	"google.golang.org/protobuf/encoding/protowire"

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
	if format == wire.InJSON {
		*b, err = format.Encode(&wire.FromServer{Is: &wire.FromServer_Entry{Entry: &wire.Entry{
			Stream: f.entry.Stream, Version: f.entry.Version, Fact: event.Wrap(f.entry.Event)}}})
	} else {
		*b, err = binaryEntry(f.entry)
	}
	return *b, err
}

// Fields of FromServer and of Entry, as wire.proto numbers them.
const (
	entryField   protowire.Number = 3
	streamField  protowire.Number = 1
	versionField protowire.Number = 2
	factField    protowire.Number = 3
)

// binaryEntry writes the frame of an entry around the fact as it was encoded for
// the journal: every event that an operator sees comes by here.
func binaryEntry(e journal.Entry) ([]byte, error) {
	fact, err := e.Encoded()
	if err != nil {
		return nil, err
	}
	kind := protowire.Number(event.KindOf(e.Event))
	envelope := protowire.SizeTag(kind) + protowire.SizeBytes(len(fact))
	entry := protowire.SizeTag(streamField) + protowire.SizeBytes(len(e.Stream)) +
		protowire.SizeTag(versionField) + protowire.SizeVarint(e.Version) +
		protowire.SizeTag(factField) + protowire.SizeBytes(envelope)
	b := make([]byte, 0, protowire.SizeTag(entryField)+protowire.SizeBytes(entry))
	b = protowire.AppendTag(b, entryField, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(entry))
	b = protowire.AppendTag(b, streamField, protowire.BytesType)
	b = protowire.AppendString(b, e.Stream)
	b = protowire.AppendTag(b, versionField, protowire.VarintType)
	b = protowire.AppendVarint(b, e.Version)
	b = protowire.AppendTag(b, factField, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(envelope))
	b = protowire.AppendTag(b, kind, protowire.BytesType)
	return protowire.AppendBytes(b, fact), nil
}
