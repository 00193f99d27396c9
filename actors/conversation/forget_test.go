package conversation

import (
	"reflect"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// proves HS-05: only what is closed is forgotten, and once; nobody says anything
// of words that are gone, and no word is remembered.
func TestHS05_Forget(t *testing.T) {
	at := time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
	forget := Forget{By: "retention", Days: 30, Messages: 4, Files: 1, Words: []*event.OperatorWords{{OperatorId: "oleg", Messages: 2, Characters: 30}}}
	open := State{ID: "anna.1", Customer: "anna", Phase: Served, Operator: "oleg"}
	if events, err := Decide(open, forget, at); len(events) > 0 || refusal.KindOf(err) != refusal.Conflict {
		t.Errorf("an open one: %v, %v", events, err)
	}
	if _, err := Decide(State{}, forget, at); refusal.KindOf(err) != refusal.NotFound {
		t.Errorf("one that never was: %v", err)
	}
	closed := State{ID: "anna.1", Customer: "anna", Phase: Closed, Turn: 3, Ticket: "secret", Rating: Rating{Points: 4, Comment: "secret"},
		Changed: []Changed{{Message: "m1"}}, Unseen: []Said{{}}, Topic: "fees", Joined: []string{"anna.0"}}
	events, err := Decide(closed, forget, at)
	if err != nil || len(events) != 1 {
		t.Fatalf("a closed one: %v, %v", events, err)
	}
	gone := Apply(closed, events[0])
	want := State{ID: "anna.1", Customer: "anna", Phase: Closed, Turn: 3, Rating: Rating{Points: 4}, Topic: "fees", Joined: []string{"anna.0"}, Forgotten: true}
	if !reflect.DeepEqual(gone, want) {
		t.Errorf("it remembers %+v, want %+v", gone, want)
	}
	for _, c := range []Command{forget, Edit{Message: "m1", Content: &event.Content{Text: "secret"}}, Remove{Message: "m1"},
		Fetched{Message: "m1", Attachment: &event.Attachment{Name: "secret"}}, Delivered{Message: "m2"}, Failed{Message: "m2"}} {
		if events, err := Decide(gone, c, at); len(events) > 0 || err != nil {
			t.Errorf("%T leads to %v, %v", c, events, err)
		}
	}
	for _, c := range []Command{Rate{Rating: 5, Comment: "secret"}, Label{By: "vera", Message: "m1", Text: "secret"}, Review{By: "vera"}, SetTicket{By: "oleg", Number: "secret"}} {
		if events, err := Decide(gone, c, at); len(events) > 0 || err != ErrForgotten {
			t.Errorf("%T leads to %v, %v", c, events, err)
		}
	}
	if events, err := Decide(gone, Adopt{Customer: "boris"}, at); err != nil || len(events) != 1 {
		t.Errorf("it is nobody's any more: %v, %v", events, err)
	}
}
