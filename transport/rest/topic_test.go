package rest_test

import (
	"fmt"
	"testing"
)

// proves US-06: topics are put in order, and go for good when nothing has them.
func TestUS06_TopicsMoveAndGo(t *testing.T) {
	inHouse(t, func(h *house) {
		put := func(id, body string) { h.as("boss", "PUT", "/api/v1/topics/"+id, body).want(200) }
		put("money", `{"name":"Money"}`)
		put("card", `{"name":"Card","parent_id":"money"}`)
		put("other", `{"name":"Other"}`)
		order := func() (ids []string) {
			for _, x := range h.as("boss", "GET", "/api/v1/workplace", "").want(200).field("topics").([]any) {
				ids = append(ids, x.(map[string]any)["topic_id"].(string))
			}
			return ids
		}
		before := fmt.Sprint(order())
		h.as("boss", "POST", "/api/v1/topics/other/move", `{"parent_id":"money","before":"card"}`).want(200)
		after := fmt.Sprint(order())
		if before == after {
			t.Errorf("the order stays %v", after)
		}
		h.as("boss", "POST", "/api/v1/topics/money/move", `{"parent_id":"other"}`).want(422)
		h.as("oleg", "POST", "/api/v1/topics/other/move", `{}`).want(403)
		h.as("boss", "POST", "/api/v1/topics/other/move", `{"revision":1}`).want(409)
		// A name that is changed leaves the place.
		other := h.as("boss", "GET", "/api/v1/topics/other", "").want(200)
		h.as("boss", "PUT", "/api/v1/topics/other", `{"name":"Another","parent_id":"money"}`, "If-Match", other.Header().Get("ETag")).want(200)
		if now := fmt.Sprint(order()); now != after {
			t.Errorf("the order is %v, was %v", now, after)
		}
		gone := func(id string, status int) {
			h.as("boss", "DELETE", "/api/v1/topics/"+id+"?for_good=true", "").want(status)
		}
		gone("card", 409) // it is offered yet
		h.as("boss", "DELETE", "/api/v1/topics/card", "").want(204)
		gone("card", 204)
		gone("card", 204)
		h.as("boss", "GET", "/api/v1/topics/card", "").want(404)
		h.as("boss", "DELETE", "/api/v1/topics/money", "").want(204)
		gone("money", 409)                            // another is under it
		h.served("zoe.1", "bank", "loans", "lena", 1) // where none of those who ask works
		put("fees", `{"name":"Fees"}`)
		h.as("boss", "DELETE", "/api/v1/topics/fees", "").want(204)
		gone("fees", 409) // a conversation has ended with it
	})
}

// proves US-07: what is in use says by whom.
func TestUS07_WhatIsUsedByWhom(t *testing.T) {
	inHouse(t, func(h *house) {
		h.served("zoe.1", "bank", "loans", "lena", 1)
		h.as("boss", "PUT", "/api/v1/templates/hello", `{"title":"Hello","text":"Hello!","line_id":"help"}`).want(200)
		found := false
		for _, x := range h.as("boss", "GET", "/api/v1/uses", "").want(200).field("items").([]any) {
			used := x.(map[string]any)
			if used["kind"] != "line" || used["id"] != "help" {
				continue
			}
			for _, by := range used["by"].([]any) {
				found = found || fmt.Sprint(by) == "map[id:hello kind:template name:Hello]"
			}
		}
		if !found {
			t.Error("the line does not say that a template is for it")
		}
		h.as("oleg", "GET", "/api/v1/uses", "").want(403)
		h.as("boss", "DELETE", "/api/v1/lines/help", "").want(409)
	})
}

// proves WS-04: a key that is off opens nothing, and a key says when it was used.
func TestWS04_KeysAreTurnedOff(t *testing.T) {
	inHouse(t, func(h *house) {
		crm := h.key("crm", `{"name":"CRM"}`)
		if at := h.as("boss", "GET", "/api/v1/keys/crm", "").want(200).field("used_at"); at != nil {
			t.Errorf("a key that nobody used was used at %v", at)
		}
		h.as("", "GET", "/api/v1/lines", "", crm...).want(200)
		kept := h.as("boss", "GET", "/api/v1/keys/crm", "").want(200)
		if kept.field("used_at") == nil {
			t.Error("a key that was used does not say when")
		}
		h.as("boss", "PUT", "/api/v1/keys/crm", `{"name":"CRM","disabled":true}`, "If-Match", kept.Header().Get("ETag")).want(200)
		h.as("", "GET", "/api/v1/lines", "", crm...).want(401)
		off := h.as("boss", "GET", "/api/v1/keys/crm", "").want(200)
		h.as("boss", "PUT", "/api/v1/keys/crm", `{"name":"CRM"}`, "If-Match", off.Header().Get("ETag")).want(200)
		h.as("", "GET", "/api/v1/lines", "", crm...).want(200)
	})
}
