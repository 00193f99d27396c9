package rest

import (
	"encoding/json"
	"fmt"
	"net/http"

	"crafttalkd/actors/refusal"
	"crafttalkd/store"
)

// preferences is the table of what users prefer, and no more of each than this.
const (
	preferences        = "preference"
	largestPreferences = 64 << 10
)

// ownRoutes are what a user keeps for the own eyes.
func ownRoutes() []*route {
	const me = "/api/v1/me"
	const one = me + "/drafts/:conversation"
	return []*route{
		{method: "GET", path: me + "/preferences", summary: "The own preferences", may: person, verb: remembers((*call).getPreferences), params: ifNoneMatch},
		{method: "PUT", path: me + "/preferences", summary: "Replace the own preferences, of any shape, at most 64 KiB", may: person,
			verb: takes((*call).putPreferences), params: ifMatch},
		{method: "GET", path: me + "/drafts", summary: "What the asker has begun to write", may: person, verb: answers((*call).getDrafts)},
		{method: "PUT", path: one, summary: "Keep what is begun", may: person, verb: told((*call).putDraft)},
		{method: "DELETE", path: one, summary: "Drop what was begun", may: person, verb: does((*call).dropDraft)},
	}
}

func (c *call) getPreferences() (json.RawMessage, error) {
	value, err := c.config.Table.Get(preferences, c.by())
	if err != nil {
		return nil, fmt.Errorf("preferences of %s: %w", c.by(), err)
	}
	if value == nil {
		value = []byte("{}")
	}
	return value, nil
}

// putPreferences replaces what the asker has read, if the asker says what that
// was: somebody may have another window open.
func (c *call) putPreferences(in json.RawMessage) (json.RawMessage, error) {
	value, err := json.Marshal(in) // without blanks
	if err != nil {
		return nil, err
	}
	if len(value) > largestPreferences {
		return nil, as(http.StatusRequestEntityTooLarge, "preferences are at most %d bytes", largestPreferences)
	}
	c.own.Lock()
	defer c.own.Unlock()
	if seen := c.r.Header.Get("If-Match"); seen != "" {
		old, err := c.getPreferences()
		if err != nil {
			return nil, err
		}
		if !knows(seen, tagOf(old)) {
			return nil, refusal.New(refusal.Conflict, "the preferences were changed elsewhere meanwhile")
		}
	}
	if err := c.config.Table.Put([]store.Row{{Table: preferences, Key: c.by(), Value: value}}, true); err != nil {
		return nil, fmt.Errorf("preferences of %s: %w", c.by(), err)
	}
	c.w.Header().Set("ETag", tagOf(value))
	return value, nil
}
