package rest_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/transport/courier"
)

// A postbox is an e-mail channel that keeps what goes out.
type postbox struct{ out []string }

func (p *postbox) Deliver(_ context.Context, m channels.Outbound) (string, error) {
	p.out = append(p.out, m.ID+" to "+m.Address+": "+m.Content.Text)
	return "posted-" + m.ID, nil
}

// post brings messages to the postbox of their account, as the courier does.
func (h *house) post(boxes map[string]*postbox) (stop func()) {
	h.t.Helper()
	k, err := courier.Start(courier.Config{System: h.system, Journal: h.system.Journal(), Table: h.store, Now: time.Now,
		Log:     slog.New(slog.DiscardHandler),
		Open:    func(account string) (channels.Channel, error) { return boxes[account], nil },
		Carries: func(account string) bool { return boxes[account] != nil }})
	if err != nil {
		h.t.Fatal(err)
	}
	return func() { k.Stop(context.Background()) }
}

// mailAccount makes an e-mail channel for a line.
func (h *house) mailAccount(id, line string, disabled bool) {
	h.t.Helper()
	center := "shop"
	if line == "loans" {
		center = "bank"
	}
	h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.Account{AccountId: id, Kind: "email", Name: id, CenterId: center,
		Disabled: disabled, Routing: &event.Routing{LineId: line}}})
	settle()
}

// proves CT-10, US-04: who has view_helpdesk and keeps the conversation writes a
// letter to the customer, by the e-mail channel of the center and to the address
// in the customer's form; it is a message of the conversation, once, with what
// became of it.
func TestCT10_LetterToTheCustomer(t *testing.T) {
	inHouse(t, func(h *house) {
		boxes := map[string]*postbox{"mail": {}, "mail2": {}, "apart": {}}
		defer h.post(boxes)()
		h.mailAccount("mail", "help", false)
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: &event.Line{LineId: "vip", Name: "Vip", CenterId: "shop"}})
		h.mailAccount("apart", "vip", false) // which boss does not know of
		h.receptionist("boss", 3)
		id, anna := h.writes("site", "anna", "hello"), "/api/v1/customers/"+customerID("site", "anna")
		path := "/api/v1/conversations/" + id
		h.as("boss", "PATCH", anna, `{"fields":{"email":"Anna@Example.org"},"revision":1}`).want(200)
		letter := `{"address":"Anna@Example.org","text":"Good day!","message_id":"one"}`
		for range 2 {
			if got := h.as("boss", "POST", path+"/mail", letter).want(200); got.field("account_id") != "mail" || got.field("address") != "anna@example.org" {
				t.Errorf("answered: %s", got.Body)
			}
		}
		h.mailAccount("mail2", "help", false)
		h.as("boss", "POST", path+"/mail", `{"address":"anna@example.org","text":"And one more","message_id":"two"}`).want(200)
		h.as("boss", "POST", path+"/mail", `{"address":"anna@example.org","account_id":"mail2","text":"From the other box","message_id":"three"}`).want(200)
		if want := []string{"one to anna@example.org: Good day!", "two to anna@example.org: And one more"}; !slices.Equal(boxes["mail"].out, want) {
			t.Errorf("by the only known channel went %q, want %q", boxes["mail"].out, want)
		}
		if want := []string{"three to anna@example.org: From the other box"}; !slices.Equal(boxes["mail2"].out, want) {
			t.Errorf("by the named channel went %q, want %q", boxes["mail2"].out, want)
		}
		said := h.as("boss", "GET", path, "").want(200)
		for n, account := range []string{"mail", "mail", "mail2"} { // after hello
			if said.field("messages", n+1, "account_id") != account || said.field("messages", n+1, "operator_id") != "boss" || said.field("messages", n+1, "state") != "taken" {
				t.Errorf("message %d: %v", n+1, said.field("messages", n+1))
			}
		}
		var vouched []string
		for _, e := range h.events(event.CustomerStream + customerID("site", "anna")) {
			if a, ok := e.(*event.AddressAdded); ok {
				vouched = append(vouched, a.By+": "+a.Address.AccountId+" "+a.Address.Address)
			}
		}
		if want := []string{"boss: mail anna@example.org", "boss: mail2 anna@example.org"}; !slices.Equal(vouched, want) {
			t.Errorf("bound: %q, want %q", vouched, want)
		}
		if home := h.writes("mail", "anna@example.org", "an answer"); home != id {
			t.Errorf("the answer is in %s, the letter was in %s", home, id)
		}
	})
}

// proves CT-10, US-04: each other letter is refused, at the field where something
// is wrong, and nothing of it is kept.
func TestCT10_LettersRefused(t *testing.T) {
	inHouse(t, func(h *house) {
		h.receptionist("boss", 3)
		id, anna := h.writes("site", "anna", "hello"), "/api/v1/customers/"+customerID("site", "anna")
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "vera", Login: "vera", CenterIds: []string{"shop"},
			Roles: []string{directory.Login, directory.ViewHelpdesk, directory.ViewMonitoring, directory.ViewClients}}})
		h.as("boss", "PATCH", anna, `{"fields":{"email":"anna@example.org"},"revision":1}`).want(200)
		refused := func(why, user, body string, status int, field string) {
			t.Helper()
			before := len(h.events(event.ConversationStream+id)) + len(h.events(event.CustomerStream+customerID("site", "anna")))
			got := h.as(user, "POST", "/api/v1/conversations/"+id+"/mail", body).want(status)
			if field != "" && got.field("field") != field {
				t.Errorf("%s: refused: %s", why, got.Body)
			}
			if after := len(h.events(event.ConversationStream+id)) + len(h.events(event.CustomerStream+customerID("site", "anna"))); after != before {
				t.Errorf("%s: %d facts before, %d after", why, before, after)
			}
		}
		const letter = `{"address":"anna@example.org","text":"Good day!"}`
		h.mailAccount("far", "loans", false)
		refused("no e-mail channel in the center", "boss", letter, 422, "account_id")
		refused("another center's channel", "boss", `{"account_id":"far","address":"anna@example.org","text":"x"}`, 422, "account_id")
		h.mailAccount("mail", "help", true)
		refused("a channel that is switched off", "boss", letter, 422, "account_id")
		h.mailAccount("mail", "help", false)
		h.mailAccount("mail2", "help", false)
		refused("two channels and none named", "boss", letter, 422, "account_id")
		refused("another kind of channel", "boss", `{"account_id":"site","address":"anna","text":"x"}`, 422, "account_id")
		refused("an address of nobody", "boss", `{"account_id":"mail","address":"someone@example.org","text":"x"}`, 422, "address")
		refused("no address", "boss", `{"account_id":"mail","address":"anna","text":"x"}`, 422, "address")
		refused("no text", "boss", `{"account_id":"mail","address":"anna@example.org","text":" "}`, 422, "text")
		h.writes("mail", "anna@example.org", "I am another Anna")
		refused("the address is another customer's", "boss", `{"account_id":"mail","address":"anna@example.org","text":"x"}`, 422, "address")
		refused("who does not keep the conversation", "vera", letter, 403, "")
		refused("who has no such role", "oleg", letter, 403, "")
		refused("who sees nothing of the center", "rival", letter, 404, "")
	})
}

// proves CT-10, US-04: who may not change the customer's form writes to the
// address in it all the same; the customer has no address more than before, and
// the answer begins a conversation of its own.
func TestCT10_WriterWhoMayNotChangeTheForm(t *testing.T) {
	inHouse(t, func(h *house) {
		boxes := map[string]*postbox{"mail": {}}
		defer h.post(boxes)()
		h.mailAccount("mail", "help", false)
		roles := slices.DeleteFunc(slices.Clone(directory.Roles[:]), func(r string) bool { return r == directory.ModifyClients })
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "vera", Login: "vera", CenterIds: []string{"shop"},
			LineIds: []string{"help"}, Capacity: 3, Roles: roles}})
		settle()
		h.online("vera")
		id := h.writes("site", "anna", "hello")
		h.ask(event.CustomerStream+customerID("site", "anna"), customer.ChangeProfile{ID: customerID("site", "anna"), By: "setup", Fields: map[string]string{"email": "anna@example.org"}})
		before := len(h.events(event.CustomerStream + customerID("site", "anna")))
		const letter = `{"address":"anna@example.org","text":"Good day!","message_id":"one"}`
		h.as("vera", "POST", "/api/v1/conversations/"+id+"/mail", letter).want(200)
		settle()
		if want := []string{"one to anna@example.org: Good day!"}; !slices.Equal(boxes["mail"].out, want) {
			t.Errorf("went %q, want %q", boxes["mail"].out, want)
		}
		if after := len(h.events(event.CustomerStream + customerID("site", "anna"))); after != before {
			t.Errorf("%d facts of the customer before, %d after", before, after)
		}
		if home := h.writes("mail", "anna@example.org", "an answer"); home == id {
			t.Errorf("the answer came to %s, though nobody said whose the address is", home)
		}
		h.as("vera", "POST", "/api/v1/conversations/"+id+"/mail", `{"address":"anna@example.org","text":"x"}`).want(422)
	})
}
