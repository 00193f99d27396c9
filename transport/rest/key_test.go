package rest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// key makes a key and returns the header that it goes in.
func (h *house) key(id, fields string) []string {
	h.t.Helper()
	secret := h.as("boss", "PUT", "/api/v1/keys/"+id, fields).want(200).field("secret").(string)
	return []string{"Authorization", "Bearer " + secret}
}

// everything is every permission there is, in JSON.
func everything() string {
	return `["` + strings.Join(directory.Roles[:], `","`) + `"]`
}

// proves WS-04, G33: a program may what its key's permissions say, within the
// key's limits, for as long as the key is one, and signs with the key's name.
func TestG33_AKeyIsAUserOfItsOwn(t *testing.T) {
	inHouse(t, func(h *house) {
		ours, theirs := h.writes("site", "anna", "hello"), h.writes("safe", "boris", "good day")
		crm := h.key("crm", `{"roles":["view_clients","modify_clients"],"center_ids":["shop"]}`)
		h.as("", "GET", "/api/v1/conversations/"+ours, "", crm...).want(200)
		h.as("", "GET", "/api/v1/conversations/"+theirs, "", crm...).want(404)
		h.as("", "GET", "/api/v1/users", "", crm...).want(403)
		h.as("", "PATCH", "/api/v1/customers/"+customerID("site", "anna"), `{"fields":{"lname":"Smirnova"},"revision":1}`, crm...).want(200)
		by := ""
		for _, e := range h.events(event.CustomerStream + customerID("site", "anna")) {
			if p, ok := e.(*event.ProfileChanged); ok {
				by = p.By
			}
		}
		if by != "key:crm" {
			t.Errorf("the profile was changed by %q", by)
		}
		shown := h.as("boss", "GET", "/api/v1/keys/crm", "").want(200)
		kept := fmt.Sprint(h.events(event.DirectoryStream))
		if secret := strings.TrimPrefix(crm[1], "Bearer "); strings.Contains(shown.Body.String()+kept+h.log.String(), secret) {
			t.Error("the secret is told a second time")
		}
		if strings.Contains(shown.Body.String(), "hash") {
			t.Errorf("shown: %s", shown.Body)
		}
		// Who takes rights away does so at once.
		h.owner()
		narrow := h.as("owner", "PUT", "/api/v1/keys/crm", `{"roles":["view_clients"],"center_ids":["bank"]}`, "If-Match", shown.Header().Get("ETag")).want(200)
		if narrow.field("secret") != nil {
			t.Error("a key that was changed tells a secret")
		}
		h.as("", "GET", "/api/v1/conversations/"+ours, "", crm...).want(404)
		h.as("", "GET", "/api/v1/conversations/"+theirs, "", crm...).want(200)
		h.as("owner", "DELETE", "/api/v1/keys/crm", "").want(204)
		h.as("", "GET", "/api/v1/conversations/"+theirs, "", crm...).want(401)
	})
}

// A secret is replaced without a moment in which none is good, and a key ends by
// itself.
func TestG33_SecretsAreReplacedAndEnd(t *testing.T) {
	inHouse(t, func(h *house) {
		first := h.key("crm", `{}`)
		renew := func() []string {
			return []string{"Authorization", "Bearer " + h.as("boss", "POST", "/api/v1/keys/crm/secret", "").want(200).field("secret").(string)}
		}
		good := func(want int, header []string) {
			t.Helper()
			h.as("", "GET", "/api/v1/lines", "", header...).want(want)
		}
		second := renew()
		good(200, first)
		good(200, second)
		third := renew()
		good(401, first)
		good(200, second)
		good(200, third)
		until := time.Now().Add(time.Hour)
		brief := h.key("brief", `{"until":"`+until.Format(time.RFC3339)+`"}`)
		good(200, brief)
		<-time.After(time.Hour + time.Second) // of the bubble
		good(401, brief)
		for _, wrong := range []string{"ctk_", "ctk_nonsense", strings.ToUpper(third[1]), third[1] + "x"} {
			good(401, []string{"Authorization", "Bearer " + strings.TrimPrefix(wrong, "Bearer ")})
		}
	})
}

// proves WS-04: every call is refused to a program without permissions where it
// names some, and those of a person are refused to every program.
func TestWS04_EveryCallIsGuardedFromPrograms(t *testing.T) {
	inHouse(t, func(h *house) {
		strong, weak := h.key("strong", `{"center_ids":["shop"],"rate":60000,"roles":`+everything()+`}`), h.key("weak", `{"center_ids":["shop"],"rate":60000}`)
		b, personal := openBook(t, h.api), 0
		for _, call := range b.calls() {
			method, path, _ := strings.Cut(call, " ")
			rule := b.at("paths", path, strings.ToLower(method), "description").(string)
			target := strings.NewReplacer("{id}", "x", "{customer}", "x", "{hash}", "x", "{address}", "x", "{conversation}", "x").Replace(path)
			if strings.HasPrefix(rule, "Open") {
				continue
			}
			without, with := h.as("", method, target, "", weak...).Code, h.as("", method, target, "", strong...).Code
			if strings.Contains(rule, "Not for programs") {
				personal++
				if without != 403 || with != 403 {
					t.Errorf("%s answers %d and %d to programs", call, without, with)
				}
				continue
			}
			if refused := without == 403; refused == strings.HasPrefix(rule, "For anyone") {
				t.Errorf("%s answers %d to a program without roles; its rule: %s", call, without, rule)
			}
			if with == 401 || with == 403 {
				t.Errorf("%s answers %d to a program with every role", call, with)
			}
		}
		if personal < 15 {
			t.Errorf("only %d calls are for people", personal)
		}
	})
}

// A socket is a person's: no key opens one.
func TestAKeyOpensNoSocket(t *testing.T) {
	inHouse(t, func(h *house) {
		r := mustRequest("GET", "/desk/v1/socket")
		header := h.key("crm", `{"center_ids":["shop"],"roles":`+everything()+`}`)
		r.Header.Set(header[0], header[1])
		if u, token, err := h.api.Recognise(r); err == nil {
			t.Errorf("a key opens a socket for %v with %q", u, token)
		}
	})
}

// proves AP-06: who asks too much is told how long to wait, and holds up nobody
// else.
func TestAP06_RatesAreKept(t *testing.T) {
	inHouse(t, func(h *house) {
		slow, other := h.key("slow", `{"rate":3}`), h.key("other", `{}`)
		for i, want := range []string{`"minute";r=2;t=20`, `"minute";r=1;t=40`, `"minute";r=0;t=20`} {
			a := h.as("", "GET", "/api/v1/lines", "", slow...).want(200)
			if got := a.Header().Get("RateLimit"); got != want {
				t.Errorf("request %d: RateLimit: %s, want %s", i+1, got, want)
			}
			if got := a.Header().Get("RateLimit-Policy"); got != `"minute";q=3;w=60` {
				t.Errorf("RateLimit-Policy: %s", got)
			}
		}
		over := h.as("", "GET", "/api/v1/lines", "", slow...).want(429)
		if got := over.Header().Get("Retry-After"); got != "20" {
			t.Errorf("Retry-After: %s, want 20", got)
		}
		h.as("", "GET", "/api/v1/users", "", slow...).want(429)
		if got := h.as("", "GET", "/api/v1/lines", "", other...).want(200).Header().Get("RateLimit"); got != `"minute";r=599;t=1` {
			t.Errorf("of another key: %s", got)
		}
		if got := h.as("boss", "GET", "/api/v1/lines", "").want(200).Header().Get("RateLimit-Policy"); got != `"minute";q=12000;w=60` {
			t.Errorf("of a session: %s", got)
		}
		<-time.After(20 * time.Second) // of the bubble
		h.as("", "GET", "/api/v1/lines", "", slow...).want(200)
		h.as("", "GET", "/api/v1/lines", "", slow...).want(429)
		// More is given at once.
		h.as("boss", "PUT", "/api/v1/keys/slow", `{"rate":60}`, "If-Match", h.as("boss", "GET", "/api/v1/keys/slow", "").Header().Get("ETag")).want(200)
		h.as("", "GET", "/api/v1/lines", "", slow...).want(200)
	})
}
