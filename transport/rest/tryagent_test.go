package rest_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"crafttalkd/transport/rest"
)

// echoed is an agent that says which agent and center it was asked about.
func echoed(_ context.Context, agent, center, text string) (rest.TriedAgent, error) {
	return rest.TriedAgent{Sent: json.RawMessage(`{}`), Status: 200, Answer: strings.Join([]string{agent, center, text}, "/"), Actions: []json.RawMessage{}}, nil
}

// proves BT-07, AP-05: an agent is tried by who may change it, with words.
func TestBT07_TryOverREST(t *testing.T) {
	inHouse(t, func(h *house) {
		const path = "/api/v1/agents/weather/try"
		if got := h.as("boss", "POST", path, `{"text":"Rain?","center_id":"shop"}`).want(200).field("answer"); got != "weather/shop/Rain?" {
			t.Errorf("asked as %v", got)
		}
		for body, want := range map[string]int{`{"text":" "}`: 422, `{"text":"a","center_id":"x"}`: 422, `{"text":"` + strings.Repeat("a", 2001) + `"}`: 422} {
			h.as("boss", "POST", path, body).want(want)
		}
		h.as("oleg", "POST", path, `{"text":"Rain?"}`).want(403)
	})
}
