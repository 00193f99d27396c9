package rest_test

import (
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// reads is a tab's page: it takes a context by the keys it knows, as a library of
// others reads it, and returns the claims.
func reads(token string, keys map[string]string, now time.Time) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		return []byte(keys[kid]), nil
	}, jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuer("crafttalk"), jwt.WithAudience("crm"), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithTimeFunc(func() time.Time { return now }))
	return claims, err
}

// turnTab gives the shop's tab another key.
func (h *house) turnTab(turn int32) {
	h.t.Helper()
	h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.Settings{CenterId: "shop", Integration: &event.Integration{Tabs: []*event.IntegrationTab{
		{TabId: "crm", Title: "CRM", Url: "https://crm.example/#{context}", Turn: turn}, {TabId: "bill", Title: "Bills", Url: "https://bill.example/"}}}}})
	settle()
}

// proves OP-05, US-07: a tab's page is told whose conversation it stands beside by
// what only the server can sign; the key is its own, and is changed without a gap.
func TestOP05_TabsAreToldTheirContextSigned(t *testing.T) {
	inHouse(t, func(h *house) {
		h.turnTab(0)
		id := h.writes("site", "anna", "Hello")
		const path = "/api/v1/settings/shop/tabs/"
		key := func(tab, turn string) string {
			return h.as("boss", "GET", path+tab+"/key"+turn, "").want(200).field("key").(string)
		}
		said := func() string {
			return h.as("boss", "GET", "/api/v1/conversations/"+id+"/tabs/crm/context", "").want(200).field("context").(string)
		}
		keys := map[string]string{"0": key("crm", "")}
		if h.last() != "boss secret_shown shop/crm" {
			t.Errorf("the log of acts ends with %q", h.last())
		}
		claims, err := reads(said(), keys, time.Now())
		if err != nil || claims["conversation_id"] != id || claims["customer_id"] != customerID("site", "anna") || claims["operator_id"] != "boss" || claims["sub"] != "boss" || claims["center_id"] != "shop" {
			t.Errorf("the page reads %v, %v", claims, err)
		}
		for name, wrong := range map[string]string{"another tab's": key("bill", ""), "the next one": key("crm", "?turn=1"), "the organisation's": h.as("boss", "GET", "/api/v1/settings/default/tabs/crm/key", "").want(200).field("key").(string)} {
			if _, err := reads(said(), map[string]string{"0": wrong}, time.Now()); err == nil {
				t.Errorf("with %s key a context is good", name)
			}
		}
		if _, err := reads(said(), keys, time.Now().Add(5*time.Minute)); err == nil {
			t.Error("after five minutes a context is good")
		}
		keys["1"] = key("crm", "?turn=1") // told before it is used
		before := said()
		h.turnTab(1)
		for _, token := range []string{before, said()} {
			if _, err := reads(token, keys, time.Now()); err != nil {
				t.Errorf("while the key is changed: %v", err)
			}
		}
		if key("crm", "") != keys["1"] || keys["0"] == keys["1"] {
			t.Error("the key was not changed")
		}
		delete(keys, "0")
		if _, err := reads(before, keys, time.Now()); err == nil {
			t.Error("what the old key has signed is good for who has forgotten it")
		}
	})
}

// Nobody is told a context of what is not theirs, and no program a key without the
// role for it.
func TestOP05_ContextsOfOthersAreNotTold(t *testing.T) {
	inHouse(t, func(h *house) {
		h.turnTab(0)
		id := h.writes("site", "anna", "Hello")
		one := "/api/v1/conversations/" + id + "/tabs/"
		for _, tt := range []struct {
			who, path string
			want      int
		}{
			{"rival", one + "crm/context", 404}, {"boss", one + "none/context", 404}, {"boss", "/api/v1/conversations/nothing/tabs/crm/context", 404},
			{"", one + "crm/context", 401}, {"oleg", "/api/v1/settings/shop/tabs/crm/key", 403}, {"boss", "/api/v1/settings/nowhere/tabs/crm/key", 404},
			{"boss", "/api/v1/settings/shop/tabs/a%20b/key", 404}, {"boss", "/api/v1/settings/shop/tabs/crm/key?turn=-1", 422}, {"boss", "/api/v1/settings/shop/tabs/crm/key?turn=4294967296", 422},
		} {
			h.as(tt.who, "GET", tt.path, "").want(tt.want)
		}
	})
}
