package rest_test

import (
	"strings"
	"testing"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// proves G44: an erasure is asked for by an administrator who sees all that there
// is of the customer, who names the customer twice, while nobody talks with the
// customer. Its certificate stays.
func TestG44_WhoMayErase(t *testing.T) {
	inHouse(t, func(h *house) {
		h.receptionist("oleg", 3)
		first := h.writes("site", "anna", "hello")
		settle()
		anna := customerID("site", "anna")
		of := "/api/v1/customers/" + anna + "/erasures"
		wish := `{"customer_id":"` + anna + `"}`

		h.as("boss", "POST", of, wish).want(409)
		h.ask(event.ConversationStream+first, conversation.Close{Operator: "oleg"})
		settle()
		h.operator(&event.User{UserId: "nina", Login: "nina", CenterIds: []string{"shop"}, Roles: directory.Roles[1:]})
		h.as("nina", "POST", of, wish).want(403)
		h.as("nina", "GET", of, "").want(403)
		h.owner()
		h.as("owner", "PUT", "/api/v1/users/north", `{"login":"north","last_name":"North","roles":["admin","login"],"center_ids":["bank"]}`).want(200)
		h.as("north", "POST", of, wish).want(404)
		h.as("north", "GET", of, "").want(404)
		h.as("boss", "POST", of, `{"customer_id":"somebody"}`).want(422)
		h.as("boss", "POST", "/api/v1/customers/nobody/erasures", `{"customer_id":"nobody"}`).want(404)
		if n := len(h.as("boss", "GET", of, "").want(200).field("items").([]any)); n != 0 {
			t.Fatalf("%d certificates of what nobody erased", n)
		}

		h.as("boss", "POST", of, wish).want(200)
		got := h.as("boss", "GET", of, "").want(200)
		if n := len(got.field("items").([]any)); n != 1 {
			t.Fatalf("%d certificates, want 1", n)
		}
		if by, facts := got.field("items", 0, "by"), got.field("items", 0, "facts"); by != "boss" || facts != 4.0 {
			t.Errorf("the certificate is by %v and tells of %v facts, want boss and 4", by, facts)
		}
		if at := got.field("items", 0, "erased_at").(string); strings.HasPrefix(at, "0001") {
			t.Errorf("it was finished at %s", at)
		}
	})
}
