package rest_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
)

// begunBy are the users who have drafts, whether they look or not.
func (h *house) begunBy() []string {
	h.t.Helper()
	users := map[string]bool{}
	for row, err := range h.store.Scan("draft", "") {
		if err != nil {
			h.t.Fatal(err)
		}
		user, _, _ := strings.Cut(row.Key, "/")
		users[user] = true
	}
	return slices.Sorted(maps.Keys(users))
}

// proves OP-19: drafts of users who never come back go a day after the end of
// their conversations, or with the user. Without the sweep they stay.
func TestOP19_DraftsOfTheAbsent(t *testing.T) {
	for name, swept := range map[string]bool{"swept": true, "not swept": false} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				h.online("oleg")
				over, open := h.writes("site", "anna", "hello"), h.writes("site", "boris", "hello")
				life, end := context.WithCancel(h.t.Context())
				done := make(chan struct{})
				go func() {
					defer close(done)
					if swept {
						h.api.Watch(life)
					}
				}()
				defer func() { end(); <-done }()
				extra := &event.User{UserId: "lena", Login: "lena", FirstName: "Lena", CenterIds: []string{"shop"}, LineIds: []string{"help"}}
				h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: extra})
				settle()
				for user, id := range map[string]string{"oleg": over, "boss": open, "lena": open} {
					h.as(user, "PUT", "/api/v1/me/drafts/"+id, `{"account_id":"site","text":"well"}`).want(204)
				}
				expect := func(after time.Duration, left ...string) {
					t.Helper()
					<-time.After(after) // of the bubble
					settle()
					if !swept {
						left = []string{"boss", "lena", "oleg"}
					}
					if got := h.begunBy(); !slices.Equal(got, left) {
						t.Errorf("drafts of %v are there, want %v", got, left)
					}
				}
				h.ask(event.ConversationStream+over, conversation.Close{Operator: "oleg"})
				expect(23*time.Hour, "boss", "lena", "oleg")
				expect(3*time.Hour, "boss", "lena")
				h.ask(event.DirectoryStream, directory.Remove{By: "setup", Kind: "User", ID: "lena"})
				expect(2*time.Hour, "boss")
			})
		})
	}
}
