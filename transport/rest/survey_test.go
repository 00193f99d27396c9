package rest_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// surveyed is a conversation in which a survey has ended, as the journal has it.
func (h *house) surveyed(ago time.Duration, conversation, center, line, article, value string) {
	h.t.Helper()
	now := timestamppb.New(time.Now().Add(-ago))
	done := make(chan error, 1)
	h.system.Journal().Append(journal.Append{Stream: event.ConversationStream + conversation, Events: []event.Event{
		&event.ConversationOpened{At: now, ConversationId: conversation, CenterId: center, Routing: &event.Routing{LineId: line}},
		&event.SurveyBegun{At: now, AgentId: "bot", Survey: &event.Survey{SurveyId: "s", ArticleId: article, Title: "Quality",
			Slots: []*event.Slot{{SlotId: "1", Identifier: article + "-speed", Name: "Speed"}}}},
		&event.SlotFilled{At: now, SurveyId: "s", SlotId: "1", Value: value},
		&event.SurveyEnded{At: now, SurveyId: "s"},
	}}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		h.t.Fatal(err)
	}
	settle()
}

// proves SL-08: results are shown and handed out as a table, within the asker's
// scope, a page after the other.
func TestSL08_SurveyResults(t *testing.T) {
	inHouse(t, func(h *house) {
		h.surveyed(3*time.Minute, "anna.1", "shop", "help", "quality", "=good()")
		h.surveyed(2*time.Minute, "boris.1", "shop", "help", "tone", "kind")
		h.surveyed(time.Minute, "clara.1", "bank", "loans", "quality", "bad")
		titles := func(user, query string) (out []string) {
			for _, item := range h.as(user, "GET", "/api/v1/surveys"+query, "").want(200).field("items").([]any) {
				m := item.(map[string]any)
				out = append(out, m["conversation_id"].(string)+" "+m["answers"].([]any)[0].(map[string]any)["value"].(string))
			}
			return out
		}
		for _, c := range []struct {
			user, query string
			want        []string
		}{
			{"boss", "", []string{"boris.1 kind", "anna.1 =good()"}},
			{"boss", "?article_id=quality", []string{"anna.1 =good()"}},
			{"rival", "", []string{"clara.1 bad"}},
			{"boss", "?from=2200-01-01T00:00:00Z&until=2200-02-01T00:00:00Z", nil},
		} {
			if got := titles(c.user, c.query); !slices.Equal(got, c.want) {
				t.Errorf("%s asks for %q: %q, want %q", c.user, c.query, got, c.want)
			}
		}
		next := h.as("boss", "GET", "/api/v1/surveys?limit=1", "").want(200).field("next").(string)
		if got := titles("boss", "?limit=1&until="+next); !slices.Equal(got, []string{"anna.1 =good()"}) {
			t.Errorf("the second page is %q", got)
		}
		text := strings.TrimPrefix(h.as("boss", "GET", "/api/v1/surveys/export", "").want(200).Body.String(), "\ufeff")
		table, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(table) != 3 || !slices.Equal(table[0][8:], []string{"tone-speed", "quality-speed"}) ||
			!slices.Equal(table[1][8:], []string{"kind", ""}) || !slices.Equal(table[2][8:], []string{"", "'=good()"}) {
			t.Errorf("%q, %v", table, err)
		}
		text = h.as("boss", "GET", "/api/v1/surveys/export?separator=semicolon", "").want(200).Body.String()
		if !strings.Contains(text, "outcome;given_by;test;tone-speed;quality-speed\n") {
			t.Errorf("with semicolons: %q", text)
		}
		h.as("boss", "GET", "/api/v1/surveys/export?separator=tab", "").want(422)
		for _, query := range []string{"?from=yesterday", "?until=-1", "?limit=201", "?limit=x"} {
			h.as("boss", "GET", "/api/v1/surveys"+query, "").want(422)
		}
		h.as("oleg", "GET", "/api/v1/surveys", "").want(403)
		h.as("oleg", "GET", "/api/v1/surveys/summary", "").want(403)
		h.as("oleg", "GET", "/api/v1/surveys/export", "").want(403)
	})
}
