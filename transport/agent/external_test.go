package agent

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
)

// read is what an agent was posted.
func read(t *testing.T, r *http.Request) (o Occasion) {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(b, &o)
	}
	if err != nil {
		t.Error(err)
	}
	return o
}

// weatherman says the weather of the region that is known, and goes.
func weatherman(t *testing.T) func(r *http.Request) (int, string) {
	return func(r *http.Request) (int, string) {
		return 200, fmt.Sprintf(`{"actions":[{"reply":{"text":"Sunny in %s."}},{"hand_over":{"to":"back"}}]}`, read(t, r).Slots["region"])
	}
}
