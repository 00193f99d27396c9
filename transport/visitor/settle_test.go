package visitor

import (
	"testing"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
)

// proves G29: a conversation that starts while the socket is asking who has the
// address is not missed: the socket asks again.
func TestG29_SomethingHappensMeanwhile(t *testing.T) {
	for _, test := range []struct {
		event event.Event
		again bool
	}{
		{&event.ConversationStarted{ConversationId: "anna.1"}, true},
		{&event.CustomerMerged{Into: "boris"}, true},
		{&event.CustomerAbsorbed{Kept: "anna.1"}, true},
		{&event.AddressMoved{To: "boris"}, true},
		{&event.ProfileChanged{}, false},
	} {
		s := &session{}
		s.See(journal.Entry{Stream: event.CustomerStream + "anna", Version: 1, Event: test.event}, nil)
		if settled := s.settledWith("anna", "", func(string, string) {}); settled == test.again {
			t.Errorf("after %T: settled %v", test.event, settled)
		}
	}
}
