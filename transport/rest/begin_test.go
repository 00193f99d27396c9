package rest_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/refusal"
)

// receptionist makes somebody an operator of the shop, and online.
func (h *house) receptionist(id string, capacity int32) {
	h.t.Helper()
	u := &event.User{UserId: id, Login: id, FirstName: strings.ToUpper(id[:1]) + id[1:], CenterIds: []string{"shop"},
		LineIds: []string{"help"}, Capacity: capacity, Roles: directory.Roles[:]}
	h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: u})
	settle()
	h.online(id)
}

// held are the conversations that an operator holds, and how many are in doubt.
func (h *house) held(id string) (kept []string, doubted int) {
	h.t.Helper()
	var s operator.State
	for _, e := range h.events(event.OperatorStream + id) {
		s = operator.Apply(s, e)
	}
	for _, x := range s.Slots {
		kept = append(kept, x.Conversation)
		if !x.Until.IsZero() {
			doubted++
		}
	}
	return kept, doubted
}

func (h *house) begin(user, who, text string) answer {
	return h.as(user, "POST", "/api/v1/customers/"+customerID("site", who)+"/conversations",
		fmt.Sprintf(`{"account_id":"site","address":%q,"text":%q}`, who, text))
}

// proves OP-17, RT-02, G17: an operator writes first, also when the conversations
// before are closed; who keeps the conversation goes on in it; nobody takes one
// that another keeps; and the own will does not go over the capacity.
func TestOP17_OperatorWritesFirst(t *testing.T) {
	inHouse(t, func(h *house) {
		first := h.writes("site", "anna", "hello")
		h.receptionist("vera", 2)
		h.receptionist("olga", 1)
		keeper, other := "vera", "olga"
		if kept, _ := h.held("olga"); slices.Contains(kept, first) {
			keeper, other = other, keeper
		}
		if got := h.begin(keeper, "anna", "Good day!").want(200).field("conversation_id"); got != first {
			t.Errorf("the own conversation is %s, and it went on in %v", first, got)
		}
		refused := h.begin(other, "anna", "Hello?").want(409)
		if who := strings.ToUpper(keeper[:1]) + keeper[1:]; !strings.Contains(refused.Body.String(), who+" keeps") {
			t.Errorf("it is not said who keeps it: %s", refused.Body)
		}
		h.ask(event.ConversationStream+first, conversation.Close{Operator: keeper})
		settle()
		second := h.begin("olga", "anna", "Your parcel is here").want(200).field("conversation_id").(string)
		if second == first || len(second) == 0 {
			t.Errorf("after the end it goes on in %q", second)
		}
		v := h.as("olga", "GET", "/api/v1/conversations/"+second, "").want(200)
		if v.field("opened_by") != "olga" || v.field("phase") != "served" || v.field("messages", 0, "content", "text") != "Your parcel is here" {
			t.Errorf("it began as %s", v.Body)
		}
		if kept, doubted := h.held("olga"); !slices.Equal(kept, []string{second}) || doubted > 0 {
			t.Errorf("olga holds %v, %d in doubt", kept, doubted)
		}
		h.ask(event.OperatorStream+"vera", operator.SetPresence{Presence: event.Presence_LUNCH})
		h.writes("site", "boris", "hi")
		full := h.begin("olga", "boris", "Good day!").want(409)
		if !strings.Contains(full.Body.String(), "places are taken") {
			t.Errorf("who is full is told: %s", full.Body)
		}
		h.begin("vera", "boris", "Good day!").want(409) // at lunch
		<-time.After(time.Minute)                       // of the bubble
		if kept, doubted := h.held("olga"); len(kept) != 1 || doubted > 0 {
			t.Errorf("after a minute olga holds %v, %d in doubt", kept, doubted)
		}
	})
}

// proves OP-17: what can't be begun is refused, and leaves no slot behind.
func TestOP17_Refusals(t *testing.T) {
	inHouse(t, func(h *house) {
		h.writes("site", "anna", "hello")
		h.writes("safe", "lev", "hello")
		h.receptionist("vera", 3)
		anna := "/api/v1/customers/" + customerID("site", "anna") + "/conversations"
		for body, field := range map[string]string{
			`{"account_id":"nowhere","address":"anna","text":"x"}`:                                "account_id",
			`{"account_id":"safe","address":"anna","text":"x"}`:                                   "account_id",
			`{"account_id":"site","address":"boris","text":"x"}`:                                  "address",
			`{"account_id":"site","address":"anna","text":"` + strings.Repeat("x", 32_001) + `"}`: "text",
			`{"account_id":"site","address":"anna","text":"x","message_id":"s1"}`:                 "message_id",
		} {
			if got := h.as("vera", "POST", anna, body).want(422); got.field("field") != field {
				t.Errorf("%.60s: about %v, want %s", body, got.field("field"), field)
			}
		}
		lev := "/api/v1/customers/" + customerID("safe", "lev") + "/conversations"
		h.as("vera", "POST", lev, `{"account_id":"safe","address":"lev","text":"x"}`).want(404)
		h.as("oleg", "POST", anna, `{"account_id":"site","address":"anna","text":"x"}`).want(403)
		if kept, doubted := h.held("vera"); len(kept) != 1 || doubted > 0 {
			t.Errorf("vera holds %v, %d in doubt; the queue gave her one", kept, doubted)
		}
	})
}

// proves OP-17, G31: two windows that begin at once begin one conversation, and a
// message with the same name is said once.
func TestOP17_PressedTwice(t *testing.T) {
	inHouse(t, func(h *house) {
		first := h.writes("site", "anna", "hello")
		h.receptionist("vera", 3)
		h.ask(event.ConversationStream+first, conversation.Close{Operator: "vera"})
		settle()
		path := "/api/v1/customers/" + customerID("site", "anna") + "/conversations"
		body := `{"account_id":"site","address":"anna","text":"Good day!","message_id":"r1"}`
		done := make(chan string, 2)
		for range 2 {
			go func() {
				r, w := httptest.NewRequest("POST", path, strings.NewReader(body)), httptest.NewRecorder()
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Authorization", "Bearer "+h.auth.token("vera"))
				h.api.ServeHTTP(w, r)
				done <- fmt.Sprint(answer{w, t}.field("conversation_id"))
			}()
		}
		a, b := <-done, <-done
		if a != b || a == first {
			t.Errorf("begun: %s and %s", a, b)
		}
		settle()
		said := 0
		for _, e := range h.events(event.ConversationStream + a) {
			if _, ok := e.(*event.MessageSent); ok {
				said++
			}
		}
		kept, doubted := h.held("vera")
		if said != 1 || len(kept) != 1 || doubted > 0 {
			t.Errorf("said %d times; vera holds %v, %d in doubt", said, kept, doubted)
		}
	})
}

// proves G41, OP-17: a search shows exactly those whose forms the asker may see,
// and the open conversation as their form does.
func TestG41_SearchShowsWhatTheFormsShow(t *testing.T) {
	inHouse(t, func(h *house) {
		var all []string
		for i, who := range []string{"anna", "anton", "anfisa", "andrey", "angela"} {
			for _, account := range []string{"site", "safe"}[i%2 : 1+i%2] {
				h.writes(account, who, "hello")
				all = append(all, customerID(account, who))
			}
		}
		h.as("boss", "POST", "/api/v1/customers/"+all[0]+"/merge", `{"from":"`+all[2]+`"}`).want(200)
		h.ask(event.CustomerStream+all[1], customer.Merge{ID: all[1], From: all[4], By: "setup"}) // over the centers, by who sees both
		settle()
		seen := map[string]int{}
		for _, user := range []string{"boss", "rival"} {
			found := h.as(user, "GET", "/api/v1/customers?query=An", "").want(200)
			items := found.field("items").([]any)
			for _, id := range all {
				form := h.as(user, "GET", "/api/v1/customers/"+id, "")
				i := slices.IndexFunc(items, func(x any) bool { return x.(map[string]any)["customer_id"] == id })
				visible := form.Code == 200 && form.field("merged_into") == ""
				if visible != (i >= 0) {
					t.Errorf("%s: the form of %s answers %d, and found is %v", user, id, form.Code, i >= 0)
				}
				if visible && i >= 0 {
					seen[user]++
					for _, name := range []string{"open_conversation", "name"} {
						if got, want := items[i].(map[string]any)[name], form.field(name); got != want {
							t.Errorf("%s: %s of %s is %v, and %v in the form", user, name, id, got, want)
						}
					}
				}
			}
		}
		if seen["boss"] < 2 || seen["rival"] < 2 || len(h.as("boss", "GET", "/api/v1/customers?query=zz", "").field("items").([]any)) != 0 {
			t.Errorf("seen: %v", seen)
		}
		h.as("boss", "GET", "/api/v1/customers?query=a", "").want(422)
		h.as("boss", "GET", "/api/v1/customers?query=anna&limit=51", "").want(422)
	})
}

// proves OP-06, OP-19: preferences are one user's own; who has read others than
// there are now is told.
func TestOP06_Preferences(t *testing.T) {
	inHouse(t, func(h *house) {
		const path = "/api/v1/me/preferences"
		old := h.as("oleg", "GET", path, "").want(200).Header().Get("ETag")
		now := h.as("oleg", "PUT", path, `{"panel": {"open":true}}`, "If-Match", old).want(200)
		if now.Body.String() != `{"panel":{"open":true}}` {
			t.Errorf("kept: %s", now.Body)
		}
		h.as("oleg", "PUT", path, `{}`, "If-Match", old).want(409)
		h.as("oleg", "GET", path, "", "If-None-Match", now.Header().Get("ETag")).want(304)
		h.as("oleg", "PUT", path, `{"a":1}`, "If-Match", now.Header().Get("ETag")).want(200)
		h.as("oleg", "PUT", path, `[1]`).want(422)
		h.as("oleg", "PUT", path, `{"a":"`+strings.Repeat("x", 64<<10)+`"}`).want(413)
		if got := h.as("lena", "GET", path, "").want(200).Body.String(); got != "{}" {
			t.Errorf("lena's are %s", got)
		}
		if got := h.as("oleg", "GET", path, "").want(200).Body.String(); got != `{"a":1}` {
			t.Errorf("oleg's are %s", got)
		}
	})
}

// proves OP-19, G44: a draft is its writer's own, is kept for the conversation's
// viewers alone, lies sealed, and goes a day after the end.
func TestOP19_Drafts(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.writes("site", "anna", "hello")
		h.online("oleg")
		const path = "/api/v1/me/drafts"
		const secret = "qzxvwkjhq"
		h.as("oleg", "PUT", path+"/"+id, `{"account_id":"site","text":"first"}`).want(204)
		h.as("oleg", "PUT", path+"/"+id, `{"account_id":"site","text":"`+secret+`","attachments":[{"blob":"ab","name":"a.png","size":"3"}]}`).want(204)
		h.as("lena", "PUT", path+"/"+id, `{"account_id":"site","text":"x"}`).want(404)
		h.as("oleg", "PUT", path+"/none.1", `{"account_id":"site","text":"x"}`).want(404)
		count := func(user string) int { return len(h.as(user, "GET", path, "").want(200).field("items").([]any)) }
		got := h.as("oleg", "GET", path, "").want(200)
		if got.field("items", 0, "text") != secret || got.field("items", 0, "attachments", 0, "blob") != "ab" || count("boss") != 0 {
			t.Errorf("kept: %s", got.Body)
		}
		for row, err := range h.store.Scan("draft", "") {
			if err != nil || strings.Contains(string(row.Value), secret) {
				t.Errorf("%s lies open: %s, %v", row.Key, row.Value, err)
			}
		}
		h.ask(event.ConversationStream+id, conversation.Close{Operator: "oleg"})
		settle()
		h.as("oleg", "PUT", path+"/"+id, `{"account_id":"site","text":"late"}`).want(409)
		if count("oleg") != 1 {
			t.Error("the draft went with the end at once")
		}
		<-time.After(25 * time.Hour) // of the bubble
		if count("oleg") != 0 {
			t.Error("a day after the end the draft is there")
		}
		for row := range h.store.Scan("draft", "") {
			t.Errorf("%s is left", row.Key)
		}
	})
}

// proves CT-10: the number of a ticket is kept with its author, by who may.
func TestCT10_TicketNumber(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.writes("site", "anna", "hello")
		path := "/api/v1/conversations/" + id
		h.as("boss", "PUT", path+"/ticket", `{"number":" HD-17 "}`).want(204)
		h.as("oleg", "PUT", path+"/ticket", `{"number":"HD-18"}`).want(403)
		h.as("rival", "PUT", path+"/ticket", `{"number":"HD-18"}`).want(404)
		h.as("boss", "PUT", path+"/ticket", `{"number":"`+strings.Repeat("9", 101)+`"}`).want(422)
		if got := h.as("boss", "GET", path, "").want(200).field("ticket"); got != "HD-17" {
			t.Errorf("the ticket is %v", got)
		}
		for _, e := range h.events(event.ConversationStream + id) {
			if set, ok := e.(*event.TicketSet); ok && set.By != "boss" {
				t.Errorf("set by %q", set.By)
			}
		}
	})
}

// proves OP-16: who keeps the conversation has the customer called at a number of
// the customer's; what the telephone says is told and kept.
func TestOP16_Call(t *testing.T) {
	inHouse(t, func(h *house) {
		h.online("oleg")
		id := h.writes("site", "anna", "hello")
		made := h.as("boss", "PUT", "/api/v1/accounts/pbx", `{"kind":"phone","center_id":"shop","settings":{"webhook":"https://pbx.example"},"secrets":{"proxy_password":"hush"}}`).want(200)
		if !strings.HasPrefix(made.field("signing").(string), "whsec_") {
			t.Errorf("nobody can check what comes from a new telephone: %s", made.Body)
		}
		const number = `{"address":"+79990001122"}`
		call := "/api/v1/conversations/" + id + "/call"
		h.as("oleg", "POST", call, number).want(422)
		h.as("boss", "POST", "/api/v1/customers/"+customerID("site", "anna")+"/addresses", `{"account_id":"pbx","address":"+79990001122"}`).want(200)
		h.as("boss", "POST", call, number).want(403) // it is oleg's
		h.as("oleg", "POST", call, `{"address":"anna"}`).want(422)
		if len(h.placed) != 0 {
			t.Fatalf("called: %v", h.placed)
		}
		h.as("oleg", "POST", call, number).want(200)
		h.engaged = refusal.New(refusal.Conflict, "the telephone answered 486")
		if got := h.as("oleg", "POST", call, number).want(409); !strings.Contains(got.Body.String(), "486") {
			t.Errorf("told: %s", got.Body)
		}
		if len(h.placed) != 2 || h.placed[0].Address != "+79990001122" || h.placed[0].Name != "Oleg" || h.placed[0].ID == h.placed[1].ID {
			t.Errorf("called: %+v", h.placed)
		}
		var kept []string
		for _, e := range h.events(event.ConversationStream + id) {
			if c, ok := e.(*event.CallPlaced); ok {
				kept = append(kept, c.OperatorId+" "+c.Address+" "+c.Failure)
			}
		}
		if want := []string{"oleg +79990001122 ", "oleg +79990001122 the telephone answered 486"}; !slices.Equal(kept, want) {
			t.Errorf("kept: %q, want %q", kept, want)
		}
		h.as("boss", "POST", "/api/v1/customers/"+customerID("site", "anna")+"/conversations", `{"account_id":"pbx","address":"+79990001122","text":"x"}`).want(422)
	})
}
