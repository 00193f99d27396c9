package rest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/blob"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/view/history"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/retention"
)

// keepFor gives the house somebody who forgets.
func (h *house) keepFor(c *rest.Config, j *journal.Journal, ring *keys.Ring) {
	ended := c.History.(*history.View)
	h.retention = retention.New(retention.Config{Ask: h.system.Ask, Journal: j, History: ended, Keys: ring, Blobs: c.Blobs.(*blob.Store), Table: h.store,
		Conversations: func(context.Context, string) ([]string, error) { return nil, nil },
		Days:          func(center string) int { return int(h.system.Directory.State().SettingsFor(center).GetRetentionDays()) },
		Clean: func(ctx context.Context, ids []string) error {
			return errors.Join(ended.Forget(ids), c.Talk.Forget(ctx, ids))
		},
		Last:  func(context.Context, []string) error { return nil },
		Clock: func(now time.Time) time.Time { return now.Add(24 * time.Hour) }, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	c.Retention = h.retention
}

func exerciseRetention(h *house) {
	h.as("boss", "GET", "/api/v1/retention/nights?limit=5", "").want(200)
	h.as("boss", "GET", "/api/v1/retention/plan?days=30&center_id=shop", "").want(200)
	const id = "2026-11-23T02:00:00.000Z"
	h.as("boss", "GET", "/api/v1/retention/nights/"+id, "").want(404)
	h.keptNight(id)
	h.as("boss", "GET", "/api/v1/retention/nights/"+id, "").want(200)
}

// keptNight plants the certificate of a night.
func (h *house) keptNight(id string) {
	h.t.Helper()
	value := []byte(`{"begun":"` + id + `","ended":"` + id + `","conversations":1,"messages":2,"files":0,"centers":{"shop":{"days":30,"conversations":1,"messages":2,"files":0}}}`)
	if err := h.store.Put([]store.Row{{Table: "retention", Key: "night/" + id, Value: value}}, true); err != nil {
		h.t.Fatal(err)
	}
}

// proves HS-05: what the next night will remove is known by the rules in force,
// center by center, and each night has a certificate.
func TestHS05_PlanAndCertificate(t *testing.T) {
	inHouse(t, func(h *house) {
		now := time.Now()
		h.passed(past{id: "anna.1", center: "shop", line: "help", operator: "oleg", opened: now.AddDate(0, 0, -40), texts: []string{"a parcel"}})
		h.passed(past{id: "boris.1", center: "bank", line: "loans", opened: now.AddDate(0, 0, -40), texts: []string{"a loan"}})
		h.heard()
		told := func(path string, want ...string) {
			t.Helper()
			got := h.as("boss", "GET", "/api/v1/retention/"+path, "").want(200).Body.String()
			for _, part := range want {
				if !strings.Contains(got, part) {
					t.Errorf("%s tells %s, want %s", path, got, part)
				}
			}
		}
		told("plan", `"next_at":"`, `{"center_id":"bank","days":0,"conversations":0,`, `{"center_id":"shop","days":0,"conversations":0,`)
		h.patched("shop", `{"set":{"retention_days":30}}`, 200)
		told("plan", `{"center_id":"bank","days":0,"conversations":0,`, `{"center_id":"shop","days":30,"conversations":1,"messages":1,`)
		told("plan?center_id=shop", `"items":[{"center_id":"shop","days":30,"conversations":1,`)
		n, err := h.retention.Night(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		h.heard()
		told("plan", `{"center_id":"shop","days":30,"conversations":0,`)
		told("nights/"+n.ID(), `"night_id":"`+n.ID()+`"`, `"centers":[{"center_id":"shop","days":30,"conversations":1,`)
		h.as("boss", "GET", "/api/v1/retention/nights/2020-01-01T00:00:00.000Z", "").want(404)
		h.as("oleg", "GET", "/api/v1/retention/nights/"+n.ID(), "").want(403)
	})
}

// proves HS-05: a rule is looked at before it is saved; after the night whoever
// asks is told that the words are gone and when, finds none of them, and sees
// what is counted as it was.
func TestHS05_WhoAsksIsToldThatWordsAreGone(t *testing.T) {
	inHouse(t, func(h *house) {
		now := time.Now()
		h.passed(past{id: "anna.1", center: "shop", line: "help", operator: "oleg", opened: now.AddDate(0, 0, -40), texts: []string{"ancient parcel", "ancient note", "ancient answer"}, rating: 4})
		h.passed(past{id: "anna.2", center: "shop", line: "help", operator: "oleg", opened: now.AddDate(0, 0, -5), texts: []string{"recent parcel"}})
		h.passed(past{id: "boris.1", center: "bank", line: "loans", opened: now.AddDate(0, 0, -40), texts: []string{"ancient loan"}})
		h.heard()
		plan := func(query, want string) {
			t.Helper()
			if got := h.as("boss", "GET", "/api/v1/retention/plan?"+query, "").want(200).Body.String(); !strings.Contains(got, want) {
				t.Errorf("%s would remove %s, want %s", query, got, want)
			}
		}
		plan("days=30", `{"center_id":"bank","days":30,"conversations":1,"messages":1,"left":0,"first_at"`)
		plan("days=30", `{"center_id":"shop","days":30,"conversations":1,"messages":2,"left":0,"first_at"`)
		plan("days=3&center_id=shop", `"items":[{"center_id":"shop","days":3,"conversations":2,"messages":3,"left":0,"first_at"`)
		plan("days=0", `{"center_id":"shop","days":0,"conversations":0,"messages":0,"left":0}`)
		for _, wrong := range []string{"days=x", "days=40000", "days=3&center_id=nowhere"} {
			h.as("boss", "GET", "/api/v1/retention/plan?"+wrong, "").want(422)
		}
		h.as("oleg", "GET", "/api/v1/retention/plan?days=30", "").want(403)
		h.as("oleg", "GET", "/api/v1/retention/nights", "").want(403)
		since := "from=" + now.AddDate(0, 0, -60).UTC().Format(time.RFC3339)
		figures := "/api/v1/statistics?" + since + "&to=" + now.UTC().Format(time.RFC3339)
		before := h.as("boss", "GET", figures, "").want(200).Body.String()

		h.as("boss", "PATCH", "/api/v1/settings/shop", `{"set":{"retention_days":30}}`, "If-Match", h.as("boss", "GET", "/api/v1/settings/shop", "").want(200).Header().Get("ETag")).want(200)
		settle()
		if n, err := h.retention.Night(context.Background()); err != nil || n.Conversations != 1 {
			t.Fatal(n, err)
		}
		h.heard()
		for _, path := range []string{"/conversations/anna.1", "/conversations/anna.1/events", "/history?text=ancient&" + since, "/history?text=parcel&" + since} {
			if got := h.as("boss", "GET", "/api/v1"+path, "").want(200).Body.String(); strings.Contains(got, "ancient parcel") || strings.Contains(got, "ancient answer") || strings.Contains(got, "anna.1") && strings.Contains(path, "text=") {
				t.Errorf("%s tells %s", path, got)
			}
		}
		gone := `"forgotten":{"at":"` + time.Now().UTC().Format("2006-01-02")
		for path, want := range map[string]string{"/conversations/anna.1": gone, "/history?" + since: gone, "/history?text=recent&" + since: "anna.2",
			"/conversations/anna.1/events": `"conversation_forgotten":{"at"`, "/retention/nights": `"conversations":1,"messages":3,"files":0,"left":0,"centers":[{"center_id":"shop","days":30`} {
			if got := h.as("boss", "GET", "/api/v1"+path, "").want(200).Body.String(); !strings.Contains(got, want) {
				t.Errorf("%s tells %s, want %s", path, got, want)
			}
		}
		if said := fmt.Sprint(h.events(event.ConversationStream + "boris.1")); !strings.Contains(said, "ancient loan") {
			t.Errorf("a center without a rule has lost %s", said)
		}
		if got := h.as("boss", "GET", "/api/v1/conversations/anna.1/text", "").want(200).Body.String(); !strings.Contains(got, "Текст удалён по сроку хранения: ") || strings.Contains(got, "ancient") {
			t.Errorf("as text: %s", got)
		}
		if after := h.as("boss", "GET", figures, "").want(200).Body.String(); after != before {
			t.Errorf("figures have become\n%s\nfrom\n%s", after, before)
		}
		if _, err := h.system.Ask(context.Background(), event.ConversationStream+"anna.1", conversation.Rate{Rating: 5, Comment: "late"}); refusal.KindOf(err) != refusal.Conflict {
			t.Errorf("a rating of what is gone: %v", err)
		}
	})
}
