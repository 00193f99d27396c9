package rest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
)

// proves RT-08 and CV-07 in time: a conversation is shown as it stood at any
// moment, with its keeper, its timers, its place in line and what the assistant
// had shown.
func TestRT08_AsItStood(t *testing.T) {
	inHouse(t, func(h *house) {
		began := time.Now()
		h.writes("site", "anna", "hello")
		time.Sleep(time.Minute) // of the bubble
		id := h.writes("site", "clara", "and me")
		stream := event.ConversationStream + id
		waited := time.Now()
		time.Sleep(time.Minute)
		h.receptionist("oleg", 3)
		served := time.Now()
		time.Sleep(time.Second)
		h.ask(stream, conversation.Reply{Operator: "oleg", ID: "r1", Content: &event.Content{Text: "Good day."},
			Choice: &event.AnswerChosen{About: "m-and me", ArticleId: "hours", Rank: 2, Shown: []string{"parcel", "hours"}}})
		time.Sleep(time.Minute)
		answered := time.Now()
		h.ask(stream, conversation.Close{Operator: "oleg"})
		time.Sleep(time.Second)
		synctest.Wait()

		at := func(when time.Time, status int) answer {
			t.Helper()
			return h.as("boss", "GET", "/api/v1/conversations/"+id+"/moment?at="+when.UTC().Format(time.RFC3339Nano), "").want(status)
		}
		at(began.Add(-time.Second), 422)
		opened, err := time.Parse(time.RFC3339Nano, h.as("boss", "GET", "/api/v1/conversations/"+id, "").want(200).field("opened_at").(string))
		if err != nil {
			t.Fatal(err)
		}
		if got := at(opened.Truncate(time.Millisecond), 200).field("phase"); got == "closed" {
			t.Errorf("within the millisecond of its beginning it is %v", got)
		}
		for _, tt := range []struct {
			when time.Time
			path []any
			want any
		}{
			{waited, []any{"phase"}, "waiting"}, {waited, []any{"handler_id"}, "help"}, {waited, []any{"place", "place"}, 2.0}, {waited, []any{"place", "of"}, 2.0},
			{served, []any{"phase"}, "served"}, {served, []any{"handler_id"}, "oleg"}, {served, []any{"timers", 0, "name"}, "response"},
			{served, []any{"suggested", "shown", 1}, "hours"}, {served, []any{"suggested", "chosen"}, ""},
			{answered, []any{"suggested", "chosen"}, "hours"}, {answered, []any{"suggested", "rank"}, 2.0},
			{time.Now(), []any{"phase"}, "closed"}, {time.Now(), []any{"handler"}, ""},
		} {
			if got := at(tt.when, 200).field(tt.path...); got != tt.want {
				t.Errorf("%v after the beginning %v is %v, want %v", tt.when.Sub(began), tt.path, got, tt.want)
			}
		}
		h.as("boss", "GET", "/api/v1/conversations/"+id+"/moment", "").want(422)
		h.as("boss", "GET", "/api/v1/conversations/"+id+"/moment?at=noon", "").want(422)
		h.as("boss", "GET", "/api/v1/conversations/nobody.1/moment?at="+answered.UTC().Format(time.RFC3339Nano), "").want(404)
	})
}
