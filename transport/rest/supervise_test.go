package rest_test

import (
	"slices"
	"strings"
	"testing"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// proves MN-01: of an operator who serves two centers, who looks on in one is
// told of the other's conversations that a place is taken, and nothing else.
func TestMN01_HeldOfAnotherCenter(t *testing.T) {
	inHouse(t, func(h *house) {
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "zoya", Login: "zoya",
			LineIds: []string{"help", "loans"}, Capacity: 5}})
		settle()
		h.online("zoya")
		ours, theirs := h.writes("site", "anna", "hello"), h.writes("safe", "boris", "good day")
		settle()
		got := h.as("boss", "GET", "/api/v1/monitoring", "").want(200)
		if text := got.Body.String(); !strings.Contains(text, ours) || strings.Contains(text, theirs) || strings.Contains(text, "boris") {
			t.Errorf("told %s", text)
		}
		if n := strings.Count(got.Body.String(), `"forced"`); n != 2 {
			t.Errorf("%d places are taken, want 2", n)
		}
	})
}

// proves MN-04, G43: what a supervisor does with a conversation of others is done,
// and kept with who did it; an operator alone may not.
func TestMN04_SupervisorsActsAreRecorded(t *testing.T) {
	inHouse(t, func(h *house) {
		h.online("oleg")
		h.online("lena")
		first, second := h.writes("site", "anna", "hello"), h.writes("site", "boris", "good day")
		one := "/api/v1/conversations/" + second
		h.as("boss", "PUT", one+"/priority", `{"priority":3}`).want(204)
		h.as("boss", "PUT", one+"/priority", `{"priority":5000}`).want(422)
		h.as("boss", "POST", "/api/v1/conversations/"+first+"/return", "").want(204)
		settle()
		keeper := func(id string) any {
			sessions := h.as("boss", "GET", "/api/v1/conversations/"+id, "").want(200).field("sessions").([]any)
			return sessions[len(sessions)-1].(map[string]any)["handler_id"]
		}
		if k := keeper(second); k != "oleg" {
			t.Errorf("the one before all others is with %v, want oleg, whose place was given up", k)
		}
		h.as("boss", "POST", one+"/take", "").want(409)
		h.receptionist("boss", 1)
		h.as("boss", "POST", one+"/take", "").want(204)
		settle()
		if k := keeper(second); k != "boss" {
			t.Errorf("what Boss took from Oleg is with %v", k)
		}
		by := map[string]string{}
		for _, e := range slices.Concat(h.events(event.ConversationStream+first), h.events(event.ConversationStream+second), h.events(event.OperatorStream+"boss")) {
			switch e := e.(type) {
			case *event.ConversationQueued:
				if e.Cause == event.Cause_RETURNED {
					by["return"] = e.By
				}
			case *event.RoutingSet:
				by["priority"] = e.By
			case *event.SlotReserved:
				if e.Forced {
					by["take"] = e.By
				}
			}
		}
		if by["return"] != "boss" || by["priority"] != "boss" || by["take"] != "boss" {
			t.Errorf("authors: %v", by)
		}
		for _, path := range []string{"/take", "/return"} {
			h.as("oleg", "POST", one+path, "").want(403)
		}
	})
}
