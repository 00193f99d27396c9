package rest_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// A sample is a body that fits what a call is asked.
func (b *book) sample(s map[string]any) any {
	s = b.deref(s)
	switch s["type"] {
	case "object":
		out := map[string]any{}
		for _, name := range list(s["required"]) {
			out[name.(string)] = b.sample(b.property(s, name.(string)))
		}
		return out
	case "integer":
		return 1
	case "boolean":
		return true
	case "array":
		return []any{}
	}
	return "x"
}

func list(v any) []any { l, _ := v.([]any); return l }

func (b *book) deref(s map[string]any) map[string]any {
	if ref, ok := s["$ref"].(string); ok {
		return b.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).(map[string]any)
	}
	return s
}

func (b *book) property(s map[string]any, name string) map[string]any {
	return s["properties"].(map[string]any)[name].(map[string]any)
}

// asks returns what a call is asked, or nil.
func (b *book) asks(method, path string) map[string]any {
	s, _ := b.at("paths", path, strings.ToLower(method), "requestBody", "content", "application/json", "schema").(map[string]any)
	return s
}

var address = strings.NewReplacer("{id}", "x", "{customer}", "x", "{address}", "x", "{conversation}", "x")

// each runs f for every call that is asked something.
func (b *book) each(f func(method, path string, shape map[string]any)) (n int) {
	for _, call := range b.calls() {
		method, path, _ := strings.Cut(call, " ")
		if s := b.asks(method, path); s != nil && b.deref(s)["properties"] != nil { // what users keep for themselves has any fields
			f(method, path, b.deref(s))
			n++
		}
	}
	return n
}

// proves AP-06 and against CVE-2021-22911: a field takes its own kind of value
// and no other, and no call takes a field that it does not know.
func TestAP06_FieldsTakeTheirOwnKind(t *testing.T) {
	inHouse(t, func(h *house) {
		b, version := openBook(t, h.api), h.system.Directory.State().Version
		n := b.each(func(method, path string, shape map[string]any) {
			for _, name := range slices.Sorted(maps.Keys(shape["properties"].(map[string]any))) {
				kind := b.deref(b.property(shape, name))["type"]
				for other, value := range map[string]any{"object": map[string]any{"$regex": "."}, "array": []any{"x"}, "integer": 7,
					"null": nil, "string": "x", "boolean": true} {
					if other == kind {
						continue
					}
					body := b.sample(shape).(map[string]any)
					body[name] = value
					b.refuses(h, method, path, body, name)
				}
			}
			body := b.sample(shape).(map[string]any)
			body["account_ID"] = "x"
			b.refuses(h, method, path, body, "account_ID")
			for _, name := range list(shape["required"]) {
				body := b.sample(shape).(map[string]any)
				delete(body, name.(string))
				b.refuses(h, method, path, body, name.(string))
			}
		})
		if n < 15 {
			t.Errorf("only %d calls are asked something", n)
		}
		if now := h.system.Directory.State().Version; now != version {
			t.Errorf("the directory changed from %d to %d", version, now)
		}
	})
}

// refuses fails unless a body is refused for a field.
func (b *book) refuses(h *house, method, path string, body map[string]any, field string) {
	h.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	got := h.as("boss", method, address.Replace(path), string(text))
	if got.Code != 422 || got.field("field") != field {
		h.t.Errorf("%s %s %s: %d %s, want 422 about %s", method, path, text, got.Code, got.Body, field)
	}
}

// A nested field is named by its path.
func TestNestedFieldIsNamed(t *testing.T) {
	inHouse(t, func(h *house) {
		for body, field := range map[string]string{
			`{"policy":{"silence":{"messages":[{"after":"30s"},{"after":30}]}}}`: "policy.silence.messages.1.after",
			`{"policy":{"silense":{}}}`:                     "policy.silense",
			`{"policy":{"silence":{"remind_after":"-5s"}}}`: "policy.silence.remind_after",
		} {
			if got := h.as("boss", "PUT", "/api/v1/settings/shop", body).want(422).field("field"); got != field {
				t.Errorf("%s: about %v, want %s", body, got, field)
			}
		}
	})
}

// A body is JSON, says so, and is not endless.
func TestBodiesOfTheWrongForm(t *testing.T) {
	inHouse(t, func(h *house) {
		b := openBook(t, h.api)
		b.each(func(method, path string, _ map[string]any) {
			for _, tt := range []struct {
				name, media, body string
				want              int
			}{
				{"form", "application/x-www-form-urlencoded", "login=boss", 415},
				{"text", "text/plain", `{}`, 415},
				{"no type", "", `{}`, 415},
				{"cut", "application/json", `{"login":`, 400},
				{"two values", "application/json", `{}{}`, 400},
				{"not UTF-8", "application/json", "{\"login\":\"\xff\"}", 400},
				{"a list", "application/json; charset=utf-8", `[]`, 422},
				{"null", "application/json", `null`, 422},
				{"large", "application/json", `{"login":"` + strings.Repeat("x", 1<<20) + `"}`, 413},
			} {
				got := h.as("boss", method, address.Replace(path), tt.body, "Content-Type", tt.media)
				if got.Code != tt.want {
					t.Errorf("%s %s, %s: %d, want %d", method, path, tt.name, got.Code, tt.want)
				}
			}
		})
	})
}

// What is secret has no field to leave by, but for what is told once to who
// must have it.
func TestNoSecretLeaves(t *testing.T) {
	inHouse(t, func(h *house) {
		b := openBook(t, h.api)
		told := map[string]bool{"SignedIn.token": true, "Ticket.ticket": true, "InviteLink.token": true, "Account.key": true,
			"Account.signing": true, "NewKey.key": true, "TabKey.key": true, "AlertSecret.secret": true, "Conversation.ticket": true, // which is a number in a help desk
			"User.has_password": true, "Account.has_secrets": true, "Agent.signing": true, "Agent.has_secrets": true, "Kind.secrets_schema": true,
			"NewInvitation.token": true, "NextStep.token": true, "PasskeyAsked.token": true, "NewTOTP.token": true, "NewTOTP.secret": true, "Provider.has_secret": true,
			"UserFactors.has_password": true, "UserFactors.passkeys": true, "WaysIn.passkeys": true,
			"APIKey.secret": true, "APIKey.key_id": true,
			"NewSecret.secret": true, "Webhook.signing": true, "NewSigning.signing": true, "event.InviteLinkMade.token_hash": true} // which the feed takes out
		asked := map[string]bool{}
		b.each(func(method, path string, _ map[string]any) {
			asked[strings.TrimPrefix(b.asks(method, path)["$ref"].(string), "#/components/schemas/")] = true
		})
		for name, s := range b.at("components", "schemas").(map[string]any) {
			properties, _ := s.(map[string]any)["properties"].(map[string]any)
			for field := range properties {
				secret := slices.ContainsFunc([]string{"password", "hash", "secret", "token", "key", "signing", "ticket"},
					func(word string) bool { return strings.Contains(field, word) })
				if secret && !asked[name] && !told[name+"."+field] {
					t.Errorf("%s has the field %s", name, field)
				}
			}
		}
		h.as("boss", "PUT", "/api/v1/accounts/bot", `{"kind":"telegram","center_id":"shop","secrets":{"token":"hush-hush"}}`).want(200)
		h.as("boss", "PUT", "/api/v1/users/mila", `{"login":"mila","password":"a password of hers"}`).want(200)
		for _, path := range []string{"/accounts", "/accounts/bot", "/users", "/users/mila", "/session"} {
			body := h.as("boss", "GET", "/api/v1"+path, "").want(200).Body.String()
			for _, secret := range []string{"hush-hush", "hash:", "a password of hers", "the boss's word"} {
				if strings.Contains(body, secret) {
					t.Errorf("GET %s tells %q", path, secret)
				}
			}
		}
	})
}
