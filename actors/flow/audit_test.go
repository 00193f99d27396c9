package flow

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"crafttalkd/actors/event"
)

// proves G43: every fact of the organisation and of the knowledge base that has an
// author is an act, by that author, and of what it is about; whatever fact is
// added is one too.
func TestG43_EveryFactOfTheOrganisationIsAnAct(t *testing.T) {
	fields, acts := (&event.Fact{}).ProtoReflect().Descriptor().Fields(), 0
	for i := range fields.Len() {
		f := fields.Get(i)
		file := string(f.Message().ParentFile().Path())
		if !strings.HasPrefix(file, "directory") && !strings.HasPrefix(file, "knowledge") {
			continue
		}
		e, err := event.New(event.Kind(f.Number()))
		if err != nil {
			t.Fatal(err)
		}
		by := f.Message().Fields().ByName("by")
		if by == nil {
			continue
		}
		m := e.ProtoReflect()
		m.Set(by, protoreflect.ValueOfString("boss"))
		third := f.Message().Fields().ByNumber(3)
		if third.Message() != nil {
			first := third.Message().Fields().ByNumber(1)
			m.Mutable(third).Message().Set(first, protoreflect.ValueOfString("it"))
		} else {
			m.Set(third, protoreflect.ValueOfString("it"))
		}
		n, ok := Noted(event.DirectoryStream, e)
		if !ok || n.By != "boss" || n.Object != "it" || n.Act != string(f.Name()) {
			t.Errorf("%s is noted as %+v, %v", f.Name(), n, ok)
		}
		acts++
	}
	if acts < 30 {
		t.Errorf("only %d facts were looked at", acts)
	}
}

// What a customer does, and what comes about by itself, is no administrative act.
func TestWhatIsNoAct(t *testing.T) {
	for stream, e := range map[string]event.Event{
		"customer/a":     &event.ProfileChanged{},
		"conversation/a": &event.ConversationQueued{},
		"operator/o":     &event.PresenceChanged{Presence: event.Presence_LUNCH},
		"conversation/b": &event.MessageSent{OperatorId: "oleg"},
		"queue/q":        &event.QueueEntered{},
		"audit/main":     &event.AuditNoted{By: "boss", Act: "user_put"},
	} {
		if n, ok := Noted(stream, e); ok {
			t.Errorf("%T is noted as %+v", e, n)
		}
	}
	for stream, e := range map[string]event.Event{
		"customer/a":     &event.ProfileChanged{By: "oleg"},
		"conversation/a": &event.ConversationQueued{By: "boss"},
		"operator/o":     &event.PresenceChanged{By: "boss"},
		"customer/e":     &event.ErasureBegun{CustomerId: "e"},
	} {
		if _, ok := Noted(stream, e); !ok {
			t.Errorf("%T is not noted", e)
		}
	}
}
