package rest_test

import "testing"

// proves AP-06: a collection is not read anew by who has it as it is, and is by who
// has it as it was.
func TestAP06_CollectionsAreRemembered(t *testing.T) {
	inHouse(t, func(h *house) {
		for _, path := range []string{"users", "centers", "lines", "languages", "skills", "topics", "positions", "settings", "calendars", "accounts", "agents", "keys", "webhooks",
			"templates", "phrases", "articles", "slots", "article-types", "kinds", "dictionary", "statistics/definitions"} {
			seen := h.as("boss", "GET", "/api/v1/"+path, "").want(200)
			tag := seen.Header().Get("ETag")
			if tag == "" || seen.Header().Get("Cache-Control") != "private, no-cache" {
				t.Errorf("%s has the tag %q and is kept as %q", path, tag, seen.Header().Get("Cache-Control"))
			}
			if again := h.as("boss", "GET", "/api/v1/"+path, "", "If-None-Match", tag).want(304); again.Body.Len() > 0 {
				t.Errorf("%s is told once more: %s", path, again.Body)
			}
			h.as("boss", "GET", "/api/v1/"+path, "", "If-None-Match", `"another"`).want(200)
		}
		tag := h.as("boss", "GET", "/api/v1/skills", "").want(200).Header().Get("ETag")
		h.as("boss", "PUT", "/api/v1/skills/new", `{"name":"New"}`).want(200)
		h.as("boss", "GET", "/api/v1/skills", "", "If-None-Match", tag).want(200)
	})
}
