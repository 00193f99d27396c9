package intake_test

import (
	"testing"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/transport/live/livetest"
)

// proves CH-12: what a machine of the customer's writes is kept in the open
// conversation, without effect; where none is open it is acknowledged, counted
// and nowhere.
func TestCH12_Automatic(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	away := func(id string) channels.Inbound {
		m := message("anna", id, "I am away until Monday.")
		m.Automatic, m.Fields, m.Link = true, map[string]string{"fname": "Out of office"}, "nobody's"
		return m
	}
	unheeded := func(id string, want int64) {
		t.Helper()
		if k, err := receive(t, s.Door, away(id)); err != nil || k != (channels.Kept{}) {
			t.Errorf("without a conversation it is %+v, %v, want it dropped", k, err)
		}
		if got := s.Door.Stats().Unheeded; got != want {
			t.Errorf("%d were counted, want %d", got, want)
		}
	}
	anna := s.Master.CustomerID("bot", "anna")
	unheeded("1", 1)
	if n := len(s.Facts(event.CustomerStream + anna)); n != 0 {
		t.Errorf("somebody who is away is known by %d facts", n)
	}

	oleg := s.Online(t, "oleg")
	first, err := receive(t, s.Door, message("anna", "2", "Where is my parcel?"))
	if err != nil {
		t.Fatal(err)
	}
	stream := oleg.Assigned("oleg")
	for i := range 2 {
		k, err := receive(t, s.Door, away("3"))
		if err != nil || k.Conversation != first.Conversation || k.Repeated != (i == 1) {
			t.Errorf("with a conversation it is %+v, %v, want it in %s", k, err, first.Conversation)
		}
	}
	oleg.Must(livetest.Close(stream))
	until(t, func() bool {
		open, err := system.Look(t.Context(), s.System, event.CustomerStream+anna, func(c customer.State, _ uint64) string { return c.Open })
		return err == nil && open == ""
	})
	unheeded("4", 2)

	var heard []string
	for _, e := range s.Facts(event.ConversationStream + first.Conversation) {
		if m, ok := e.(*event.MessageReceived); ok && m.Automatic {
			heard = append(heard, m.ExternalId)
		}
	}
	want(t, "the conversation", heard, []string{"3"})
	st, err := system.Look(t.Context(), s.System, event.CustomerStream+anna, func(c customer.State, _ uint64) customer.State { return c })
	if err != nil || st.Fields["fname"].Value != "" || len(st.Conversations) != 1 {
		t.Errorf("the customer is %+v, %v: an answer during a vacation tells nothing of the person, and begins nothing", st, err)
	}
	phase, err := system.Look(t.Context(), s.System, event.ConversationStream+first.Conversation, func(c conversation.State, _ uint64) conversation.Phase { return c.Phase })
	if err != nil || phase != conversation.Closed {
		t.Errorf("the conversation is in phase %d, %v", phase, err)
	}
}
