package rest_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// happens journals a finished conversation of which everything is left to chance.
func (h *house) happens(r *rand.Rand, i int) {
	h.t.Helper()
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	begin := time.Now().Add(-time.Duration(r.IntN(20*24*60)) * time.Minute)
	at := func(second int) *timestamppb.Timestamp {
		return timestamppb.New(begin.Add(time.Duration(second) * time.Second))
	}
	line := &event.Routing{LineId: one("help", "help", "loans", ""), Language: one("", "ru", "en")}
	id := fmt.Sprintf("p%d.1", i)
	facts := []event.Event{&event.ConversationOpened{At: at(0), ConversationId: id, CustomerId: id[:len(id)-2], CenterId: one("shop", "shop", "bank"), AccountId: one("site", "mail"),
		Kind: one("widget", "email"), Routing: line}, &event.MessageReceived{At: at(0), MessageId: "m", Content: &event.Content{Text: "hello"}}}
	if r.IntN(3) > 0 {
		facts = append(facts, &event.ConversationQueued{At: at(1), Routing: line})
	}
	for n := range r.IntN(3) {
		operator := one("oleg", "nina", "lena")
		facts = append(facts, &event.ConversationAssigned{At: at(10 + 10*n), OperatorId: operator})
		if r.IntN(2) == 0 {
			facts = append(facts, &event.MessageSent{At: at(15 + 10*n), MessageId: fmt.Sprint(n), OperatorId: operator, Content: &event.Content{Text: "yes"}},
				&event.MessageReceived{At: at(16 + 10*n), MessageId: fmt.Sprint("q", n), Content: &event.Content{Text: "and?"}})
		}
	}
	closed := &event.ConversationClosed{At: at(100 + r.IntN(5000)), TopicId: one("", "fees", "cards"), Cause: event.Cause_SILENCE}
	switch r.IntN(4) {
	case 0:
		closed.Dissatisfied = new(r.IntN(2) == 0)
	case 1:
		closed.Cause = event.Cause_MERGED
	}
	if facts = append(facts, closed); r.IntN(2) == 0 {
		facts = append(facts, &event.RatingGiven{At: at(6000), Rating: 1 + r.Int32N(5)})
	}
	h.happened(event.ConversationStream+id, facts...)
	if r.IntN(5) == 0 {
		h.happened(event.CustomerStream+id[:len(id)-2], &event.CustomerTyped{At: at(7000), Test: true, By: "boss"})
	}
}

// behind is how many conversations the history shows for what statistics were asked,
// with another value of one parameter.
func (h *house) behind(asked url.Values, change url.Values) float64 {
	h.t.Helper()
	q := url.Values{"by": {"closed"}, "counted": {"yes"}}
	for _, from := range []url.Values{asked, change} {
		for name, values := range from {
			if name == "handling" {
				name = "handled"
			}
			q[name] = values
		}
	}
	got := h.as("boss", "GET", "/api/v1/history/days?"+q.Encode(), "").want(200)
	if listed := h.listed("boss", q); float64(len(listed)) != got.field("total") {
		h.t.Fatalf("%v: the days have %v, the list has %d", q, got.field("total"), len(listed))
	}
	return got.field("total").(float64)
}

// proves G40, ST-03, ST-05, ST-06, ST-07, HS-01: of random histories, with customers
// for tests and merged conversations in them, and for any slices, the history shows
// behind each figure, each sector, bar and row, those that have no value too, exactly
// as many conversations as it counts.
func TestG40_TheConversationsBehindEachFigure(t *testing.T) {
	inHouse(t, func(h *house) {
		r := rand.New(rand.NewPCG(4, 0))
		for i := range 60 {
			h.happens(r, i)
		}
		to := time.Now()
		links, some := 0, 0
		for range 12 {
			asked := url.Values{"from": {to.Add(-time.Duration(5+r.IntN(15)) * 24 * time.Hour).UTC().Format(time.RFC3339)}, "to": {to.UTC().Format(time.RFC3339)}}
			for name, values := range map[string][]string{"line": {"", "help"}, "topic": {"", "fees"}, "rating": {"0", "3", "5"}, "operator": {"", "oleg", "nina"},
				"handling": {"automatic", "by_operators"}, "language": {"", "ru"}, "kind": {"widget"}, "account": {"mail"}, "dissatisfied": {"yes", "no"}} {
				if r.IntN(5) == 0 {
					asked[name] = values[:1+r.IntN(len(values))]
				}
			}
			if asked.Has("dissatisfied") {
				asked["dissatisfied"] = asked["dissatisfied"][:1]
			}
			same := func(what string, count float64, change url.Values) {
				if got := h.behind(asked, change); got != count {
					t.Errorf("%v: %s counts %v, and the history shows %v of %v", asked, what, count, got, change)
				}
				if links++; count > 0 {
					some++
				}
			}
			got := h.as("boss", "GET", "/api/v1/statistics?"+asked.Encode(), "").want(200)
			for _, item := range got.field("figures").([]any) {
				f := item.(map[string]any)
				id, count := f["id"].(string), f["count"].(float64)
				if slices.Contains([]string{"pairs", "response_time", "message_length"}, id) { // these count what is in conversations
					count = float64(len(h.conversations("boss", "?limit=200&figure="+id+"&"+asked.Encode())))
				}
				same(id, count, url.Values{"figure": {id}})
			}
			for chart, slice := range map[string]string{"kinds": "kind", "accounts": "account", "topics": "topic", "lines": "line", "languages": "language",
				"ratings": "rating", "handlings": "handling"} {
				for _, item := range got.field("charts", chart).([]any) {
					bar := item.(map[string]any)
					same(fmt.Sprintf("%s %q", slice, bar["value"]), bar["total"].(float64), url.Values{slice: {bar["value"].(string)}})
				}
			}
			for _, item := range got.field("charts", "time").([]any) {
				bar := item.(map[string]any)
				same("the day of "+bar["begins"].(string), bar["total"].(float64), url.Values{"from": {max(bar["begins"].(string), asked.Get("from"))}, "to": {min(bar["ends"].(string), asked.Get("to"))}})
			}
			for _, item := range h.as("boss", "GET", "/api/v1/statistics/operators?"+asked.Encode(), "").want(200).field("items").([]any) {
				row := item.(map[string]any)
				same(row["operator_id"].(string), row["conversations"].(float64), url.Values{"operator": {row["operator_id"].(string)}})
			}
		}
		if links < 200 || some < 100 {
			t.Errorf("%d links were followed, %d of them to something: the test is blind", links, some)
		}
		for _, query := range []string{"counted=maybe", "figure=nonsense", "dissatisfied=x"} {
			h.as("boss", "GET", "/api/v1/history?"+query, "").want(422)
		}
		all, test := len(h.listed("boss", url.Values{})), len(h.listed("boss", url.Values{"counted": {"no"}}))
		if counted := len(h.listed("boss", url.Values{"counted": {"yes"}})); test == 0 || counted == 0 || all != test+counted {
			t.Errorf("of %d conversations %d are counted and %d are not", all, counted, test)
		}
	})
}
