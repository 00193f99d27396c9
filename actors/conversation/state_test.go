package conversation_test

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/shell"
)

// apply decides c in s and returns the state after it.
func apply(t *testing.T, s state, c command) (state, []event.Event) {
	t.Helper()
	events, err := conversation.Decide(s, c, actortest.Epoch)
	if err != nil {
		t.Fatalf("%T: %v", c, err)
	}
	for _, e := range events {
		s = conversation.Apply(s, e)
	}
	return s, events
}

// served returns a conversation that oleg keeps.
func served(t *testing.T) state {
	s, _ := apply(t, state{}, conversation.Receive{
		Opening: &event.ConversationOpened{ConversationId: "c1", CustomerId: "anna"},
		Message: &event.MessageReceived{MessageId: "m1", Content: &event.Content{Text: "Hello"}},
	})
	s, _ = apply(t, s, conversation.Assign{Operator: "oleg", Offer: "o1", Turn: 1})
	return s
}

// TestG35_MemoryIsBounded: a long conversation remembers what may still change.
// A failed message stays until it is sent again; of those that a channel took
// only the latest are expected to be heard of.
func TestG35_MemoryIsBounded(t *testing.T) {
	s := served(t)
	s, _ = apply(t, s, conversation.Reply{Operator: "oleg", ID: "lost", Content: &event.Content{Text: "first"}})
	s, _ = apply(t, s, conversation.Failed{Message: "lost", Reason: "network"})
	for i := range 500 {
		in, out := fmt.Sprintf("in%d", i), fmt.Sprintf("out%d", i)
		s, _ = apply(t, s, conversation.Receive{Message: &event.MessageReceived{MessageId: in}})
		s, _ = apply(t, s, conversation.Reply{Operator: "oleg", ID: out, Content: &event.Content{Text: "next"}})
		s, _ = apply(t, s, conversation.Delivered{Message: out})
	}
	if n := len(s.Outbox); n != 65 {
		t.Errorf("%d messages in the outbox, want the failed one and 64 that a channel took", n)
	}
	if len(s.Taken) != 64 || len(s.Unseen) > 64 || len(s.Unread) > 64 {
		t.Errorf("remembers %d taken, %d unseen, %d unread, want 64 of each at the most", len(s.Taken), len(s.Unseen), len(s.Unread))
	}
	for _, c := range []command{
		conversation.Failed{Message: "out499", Reason: "blocked"},
		conversation.SeenByCustomer{Message: "out498"},
		conversation.SeenByOperator{Operator: "oleg", Message: "in499"},
		conversation.Retry{Operator: "oleg", Message: "lost", Content: &event.Content{Text: "first"}},
	} {
		var events []event.Event
		if s, events = apply(t, s, c); len(events) != 1 {
			t.Errorf("%T led to %d events, want 1", c, len(events))
		}
	}
	if len(s.Unread) != 0 || len(s.Unseen) != 1 {
		t.Errorf("%d unread and %d unseen after the marks moved, want 0 and 1", len(s.Unread), len(s.Unseen))
	}
}

// TestG31_NamesTakenBefore: a name of the system's that a client could take
// before it was refused is not given again.
func TestG31_NamesTakenBefore(t *testing.T) {
	s := conversation.Apply(served(t), &event.MessageSent{MessageId: "s7", OperatorId: "oleg"})
	s, _ = apply(t, s, conversation.Requeue{Operator: "oleg"})
	s.Policy = &event.Policy{JoinText: "Here I am."}
	_, events := apply(t, s, conversation.Assign{Operator: "olga", Offer: "o2", Turn: 3})
	if got := events[1].(*event.MessageSent).MessageId; got != "s8" {
		t.Errorf("the system's message is %s, want s8", got)
	}
}

// TestG31_CommandIsLeftAlone: a command may be sent again as it was.
func TestG31_CommandIsLeftAlone(t *testing.T) {
	c := conversation.Receive{
		Opening: &event.ConversationOpened{ConversationId: "c1"},
		Message: &event.MessageReceived{MessageId: "m1", Order: 3},
	}
	opening, message := proto.Clone(c.Opening), proto.Clone(c.Message)
	s, _ := apply(t, state{}, c)
	apply(t, s, conversation.Receive{Opening: c.Opening, Message: &event.MessageReceived{MessageId: "m2", Order: 2}})
	if !proto.Equal(c.Opening, opening) || !proto.Equal(c.Message, message) {
		t.Errorf("the command became %v %v, want %v %v", c.Opening, c.Message, opening, message)
	}
}

// A message arrives with all that it was brought with: whoever adds a field to
// it has to add it to its arrival.
func TestMessageArrivesWhole(t *testing.T) {
	brought := &event.MessageReceived{}
	m := brought.ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		switch f := m.Descriptor().Fields().Get(i); f.Kind() {
		case protoreflect.StringKind:
			m.Set(f, protoreflect.ValueOfString(string(f.Name())))
		case protoreflect.BoolKind:
			m.Set(f, protoreflect.ValueOfBool(true))
		case protoreflect.Int64Kind:
			m.Set(f, protoreflect.ValueOfInt64(7))
		case protoreflect.MessageKind:
			m.Set(f, m.NewField(f))
		default:
			t.Fatalf("%s: no value of its kind", f.Name())
		}
	}
	_, events := apply(t, served(t), conversation.Receive{Message: brought})
	want := proto.CloneOf(brought)
	want.At, want.Late = timestamppb.New(actortest.Epoch), false // known on arrival alone
	if len(events) != 1 || !proto.Equal(events[0], want) {
		t.Errorf("%v has arrived, want %v", events, want)
	}
}

// TestSL05_RestartInTheMiddle: a survey goes on from a snapshot as it would have
// gone on, whatever slot it was at.
func TestSL05_RestartInTheMiddle(t *testing.T) {
	s := served(t)
	s, _ = apply(t, s, conversation.Present{ID: "v1", Operator: "oleg", Survey: articles("order", 0)})
	for i, text := range []string{"много", "7", "потом", "8 912 345-67-89"} {
		b, err := shell.Encode(conversation.Version, s)
		if err != nil {
			t.Fatal(err)
		}
		back, ok, err := shell.Decode[state](conversation.Version, b)
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		said := conversation.Receive{Message: &event.MessageReceived{MessageId: fmt.Sprint("in", i), Content: &event.Content{Text: text}}}
		_, got := apply(t, back, said)
		var want []event.Event
		s, want = apply(t, s, said)
		if len(got) != len(want) || len(want) < 3 {
			t.Fatalf("%q leads to %v, want %v", text, got, want)
		}
		for j := range want {
			if !proto.Equal(got[j], want[j]) {
				t.Errorf("%q leads to %v, want %v", text, got[j], want[j])
			}
		}
	}
	if s.Survey != nil {
		t.Error("the survey has not ended")
	}
}
