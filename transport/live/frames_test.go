package live

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
	"crafttalkd/transport/wire"
)

// A frame that is written field by field is the one that messages in messages
// would make.
func TestEntryFrames(t *testing.T) {
	at := timestamppb.Now()
	for _, e := range []journal.Entry{
		{Stream: "conversation/c.1", Version: 1, Event: &event.MessageReceived{At: at, MessageId: "m", Content: &event.Content{Text: "Здравствуйте"}}},
		{Stream: "conversation/c.1", Version: 300, Event: &event.ConversationClosed{At: at, Cause: event.Cause_SILENCE}},
		{Stream: "operator/o", Version: 1 << 40, Event: &event.PresenceChanged{}},
		{Event: &event.CustomerReminded{}},
	} {
		got, err := binaryEntry(e)
		if err != nil {
			t.Fatal(err)
		}
		f := &wire.FromServer{}
		if err := proto.Unmarshal(got, f); err != nil {
			t.Fatalf("%T: %v", e.Event, err)
		}
		want := &wire.FromServer{Is: &wire.FromServer_Entry{Entry: &wire.Entry{Stream: e.Stream, Version: e.Version, Fact: event.Wrap(e.Event)}}}
		if !proto.Equal(f, want) {
			t.Errorf("%T: the frame says %v, want %v", e.Event, f, want)
		}
	}
}
