package rest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/transport/rest"
)

// proves AP-02: a program that keeps customers hears of every change within its
// limits, from a time on or from where it was, and of erasures without a word of
// who it was.
func TestAP02_ChangedCustomers(t *testing.T) {
	inHouse(t, func(h *house) {
		h.book = openBook(t, h.api)
		for n := range 7 {
			h.writes("site", fmt.Sprintf("anna%d", n), "hello")
		}
		h.writes("safe", "boris", "good day")
		crm := h.key("crm", `{"roles":["view_clients"],"center_ids":["shop"]}`)
		met, cursor := map[string]int{}, ""
		read := func() (last answer) {
			for {
				last = h.as("", "GET", "/api/v1/changed/customers?limit=3&cursor="+cursor, "", crm...).want(200)
				cursor = last.field("cursor").(string)
				for _, i := range last.field("items").([]any) {
					met[i.(map[string]any)["customer_id"].(string)]++
				}
				if last.field("more") == false {
					return last
				}
			}
		}
		read()
		if len(met) != 7 || met[customerID("safe", "boris")] > 0 {
			t.Errorf("the shop hears of %v", met)
		}
		<-time.After(time.Hour) // of the bubble
		since := time.Now().UTC().Format(time.RFC3339)
		h.as("boss", "PATCH", "/api/v1/customers/"+customerID("site", "anna3"), `{"fields":{"lname":"Smirnova"},"revision":1,"test":true}`).want(200)
		for _, a := range []answer{read(), h.as("", "GET", "/api/v1/changed/customers?since="+since, "", crm...).want(200)} {
			if items := a.field("items").([]any); len(items) != 1 || a.field("items", 0, "name") != "anna3 Smirnova" || a.field("items", 0, "test") != true {
				t.Errorf("one was changed: %s", a.Body)
			}
		}
		h.ask(event.CustomerStream+customerID("site", "anna5"), customer.EndErasure{})
		settle()
		if gone := read(); gone.field("items", 0, "erased") != true {
			t.Errorf("one was erased: %s", gone.Body)
		}
		lines := h.as("", "GET", "/api/v1/changed/customers", "", append(crm, "Accept", "application/x-ndjson")...).want(200)
		items, last := 0, rest.ChangedLine{}
		for line := range bytes.Lines(lines.Body.Bytes()) {
			last = rest.ChangedLine{}
			if err := json.Unmarshal(line, &last); err != nil {
				t.Fatal(err)
			}
			if last.Item != nil {
				items++
			}
		}
		if items != 7 || last.Cursor != cursor {
			t.Errorf("as lines: %d customers, and then %q, want 7 and %q", items, last.Cursor, cursor)
		}
		for query, want := range map[string]int{"since=yesterday": 422, "cursor=nonsense": 422, "limit=1001": 422} {
			h.as("", "GET", "/api/v1/changed/customers?"+query, "", crm...).want(want)
		}
		h.as("oleg", "GET", "/api/v1/changed/customers", "").want(403)
	})
}
