package rest_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// exerciseStatistics makes every call about statistics.
func exerciseStatistics(h *house) {
	h.served("zoe.1", "shop", "help", "oleg", 1)
	for _, path := range []string{"", "?step=1h&zone=Europe/Moscow&line=help&line=&rating=0&handling=by_operators&dissatisfied=no", "/operators", "/definitions",
		"/conversations", "/conversations?figure=rating", "/operators.csv?separator=semicolon&lang=ru", "/figures.csv"} {
		h.as("boss", "GET", "/api/v1/statistics"+path, "").want(200)
	}
	h.happened(event.OperatorStream+"ina", &event.PresenceChanged{At: timestamppb.Now(), Presence: event.Presence_LUNCH})
	for _, path := range []string{"", ".csv", "/oleg"} {
		h.as("boss", "GET", "/api/v1/statistics/presence"+path, "").want(200)
	}
}

// served is a finished conversation with an operator that took some minutes.
func (h *house) served(id, center, line, operator string, minutes int) {
	h.t.Helper()
	end := time.Now().Add(-time.Minute)
	at := func(second int) *timestamppb.Timestamp {
		return timestamppb.New(end.Add(time.Duration(second-60*minutes) * time.Second))
	}
	customer, _, _ := strings.Cut(id, ".")
	facts := []event.Event{
		&event.ConversationOpened{At: at(0), ConversationId: id, CustomerId: customer, CenterId: center, AccountId: "site", Kind: "widget", Routing: &event.Routing{LineId: line}},
		&event.MessageReceived{At: at(0), MessageId: "m1", Content: &event.Content{Text: "hello"}},
		&event.ConversationQueued{At: at(0), Routing: &event.Routing{LineId: line}},
		&event.ConversationAssigned{At: at(10), OperatorId: operator},
		&event.MessageSent{At: at(10 + 5*minutes), MessageId: "m2", OperatorId: operator, Content: &event.Content{Text: "да"}},
		&event.RatingGiven{At: at(12 + 5*minutes), Rating: int32(minutes)},
		&event.ConversationClosed{At: at(60 * minutes), Turn: 1, OperatorId: operator, TopicId: "fees", Dissatisfied: new(minutes == 1)},
	}
	h.happened(event.ConversationStream+id, facts...)
}

// happened brings facts into the journal, as the first ones of their stream.
func (h *house) happened(stream string, facts ...event.Event) {
	h.t.Helper()
	done := make(chan error, 1)
	h.system.Journal().Append(journal.Append{Stream: stream, Events: facts}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		h.t.Fatal(err)
	}
	settle()
}

// rows are the lines of a table, without its head.
func (h *house) rows(path string, comma rune) [][]string {
	h.t.Helper()
	body, ok := strings.CutPrefix(h.as("boss", "GET", path, "").want(200).Body.String(), "\ufeff")
	if !ok {
		h.t.Errorf("%s: a spreadsheet is not told that it is UTF-8", path)
	}
	r := csv.NewReader(strings.NewReader(body))
	r.Comma = comma
	rows, err := r.ReadAll()
	if err != nil {
		h.t.Fatal(err)
	}
	return rows[1:]
}

// figuresOf is what the cards show, as a table would write it.
func (h *house) figuresOf(query string) map[string][]string {
	h.t.Helper()
	out := map[string][]string{}
	for _, item := range h.as("boss", "GET", "/api/v1/statistics"+query, "").want(200).field("figures").([]any) {
		f, cells := item.(map[string]any), []string{}
		for _, name := range []string{"value", "count", "p50", "p90", "p99"} {
			cells = append(cells, shownAs(f[name]))
		}
		out[f["id"].(string)] = cells
	}
	return out
}

func shownAs(v any) string {
	if v == nil {
		return ""
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".")
}

// proves G40, ST-02, ST-03, AP-03: each figure is the same on its card, in the
// table, in both files and over the API, and is what happened.
func TestG40_CardTableFileAndAPIAgree(t *testing.T) {
	inHouse(t, func(h *house) {
		for i := range 4 {
			h.served(fmt.Sprintf("c%d.1", i+1), "shop", "help", []string{"oleg", "nina"}[i%2], i+1)
		}
		h.ended("bot.1", "shop", "help", "nobody asked for anybody")
		h.served("loan.1", "bank", "loans", "lena", 5)
		cards := h.figuresOf("")
		for id, want := range map[string]string{"total": "5", "automatic": "1", "by_operators": "4", "unserved": "0", "dissatisfied": "1", "pairs": "4", "close_time": "120",
			"kept_time": "140", "operator_messages": "1", "customer_messages": "1", "response_time": "12.5", "first_response_time": "22.5", "wait_time": "10", "rating": "2.5",
			"message_length": "2"} {
			if cards[id][0] != want {
				t.Errorf("%s is %v, want %s", id, cards[id], want)
			}
		}
		for _, row := range h.rows("/api/v1/statistics/figures.csv", ',') {
			if !slices.Equal(row[3:], cards[row[0]]) {
				t.Errorf("%s is %v on the card and %v in the file", row[0], cards[row[0]], row[3:])
			}
		}
		russian := h.rows("/api/v1/statistics/figures.csv?separator=semicolon&lang=ru", ';')
		if i := slices.IndexFunc(russian, func(row []string) bool { return row[0] == "rating" }); russian[i][3] != "2,5" || russian[i][1] != "Оценка" {
			t.Errorf("in Russian the rating is %v", russian[i])
		}
		table := h.as("boss", "GET", "/api/v1/statistics/operators", "").want(200)
		file := h.rows("/api/v1/statistics/operators.csv", ',')
		if len(file) != 2 || table.field("total") != 2.0 {
			t.Fatalf("operators are %v", file)
		}
		for i, row := range file {
			item := table.field("items", i).(map[string]any)
			var cells []string
			for _, name := range []string{"conversations", "messages", "pairs", "close_time", "kept_time", "response_time", "message_length"} {
				cells = append(cells, shownAs(item[name]))
			}
			card := h.figuresOf("?operator=" + row[0])
			onCards := []string{card["total"][0], row[3], card["pairs"][0], card["close_time"][0], card["kept_time"][0], card["response_time"][0], card["message_length"][0]}
			if !slices.Equal(cells, row[2:]) || !slices.Equal(cells, onCards) || item["operator_id"] != row[0] || item["name"] != row[1] {
				t.Errorf("%s is %v in the table, %v in the file, %v on the cards", row[0], cells, row[2:], onCards)
			}
		}
		if page := h.as("boss", "GET", "/api/v1/statistics/operators?limit=1&offset=1", "").want(200); len(page.field("items").([]any)) != 1 || page.field("total") != 2.0 {
			t.Errorf("the second page is %s", page.Body)
		}
	})
}

// proves ST-01, ST-05, ST-06, ST-07: filters narrow everything but the chart that was
// clicked on, behind a figure are its conversations, and customers for tests and what
// is not the asker's business do not count.
func TestST06_Filters(t *testing.T) {
	inHouse(t, func(h *house) {
		for i := range 4 {
			h.served(fmt.Sprintf("c%d.1", i+1), "shop", "help", []string{"oleg", "nina"}[i%2], i+1)
		}
		h.served("loan.1", "bank", "loans", "lena", 5)
		one := h.as("boss", "GET", "/api/v1/statistics?rating=2&step=15m&zone=Asia/Kathmandu", "").want(200)
		if got := len(one.field("charts", "ratings").([]any)); got != 4 || one.field("charts", "lines", 0, "total") != 1.0 || one.field("charts", "lines", 0, "name") != "Help" ||
			one.field("charts", "handlings", 0, "value") != "by_operators" {
			t.Errorf("with a rating chosen: %s", one.Body)
		}
		for query, want := range map[string][]string{"": {"c1.1", "c2.1", "c3.1", "c4.1"}, "?figure=dissatisfied": {"c1.1"}, "?operator=nina&figure=pairs": {"c2.1", "c4.1"},
			"?line=": nil, "?line=&line=help&rating=1&rating=3": {"c1.1", "c3.1"}, "?handling=unserved": nil, "?dissatisfied=no&topic=fees": {"c2.1", "c3.1", "c4.1"},
			"?figure=unserved": nil, "?from=1999-12-31T00:00:00Z&to=2001-01-01T00:00:00Z&kind=widget&account=site&center=shop": {"c1.1", "c2.1", "c3.1", "c4.1"},
			"?from=1999-01-01T00:00:00Z&to=1999-12-31T00:00:00Z": nil} {
			got := h.conversations("boss", query)
			if !slices.Equal(got, want) {
				t.Errorf("behind %s are %v, want %v", query, got, want)
			}
		}
		if got := h.conversations("rival", ""); !slices.Equal(got, []string{"loan.1"}) {
			t.Errorf("at the bank there are %v", got)
		}
		h.happened(event.CustomerStream+"c2", &event.CustomerTyped{At: timestamppb.Now(), Test: true, By: "boss"})
		if got := h.conversations("boss", ""); slices.Contains(got, "c2.1") || h.figuresOf("")["total"][0] != "3" {
			t.Errorf("a customer for tests counts: %v", got)
		}
		page := h.as("boss", "GET", "/api/v1/statistics/conversations?limit=2", "").want(200)
		next := h.as("boss", "GET", "/api/v1/statistics/conversations?limit=2&after="+page.field("next").(string), "").want(200)
		if len(page.field("items").([]any)) != 2 || len(next.field("items").([]any)) != 1 || next.field("next") != "" {
			t.Errorf("pages are %s and %s", page.Body, next.Body)
		}
	})
}

// proves ST-04: the table of statuses counts conversations at once only once, and
// is the same in the file and in an operator's own stretches of time.
func TestST04_Presence(t *testing.T) {
	inHouse(t, func(h *house) {
		begin := time.Now().Truncate(time.Second)
		until := "?to=" + begin.UTC().Format(time.RFC3339)
		at := func(minute int) *timestamppb.Timestamp {
			return timestamppb.New(begin.Add(time.Duration(minute-60) * time.Minute))
		}
		facts := func(busy int) []event.Event {
			return []event.Event{&event.PresenceChanged{At: at(0), Presence: event.Presence_ONLINE}, &event.SlotConfirmed{At: at(5), ConversationId: "a"},
				&event.SlotConfirmed{At: at(5), ConversationId: "b"}, &event.SlotReleased{At: at(6), ConversationId: "a"}, &event.SlotReleased{At: at(5 + busy), ConversationId: "b"},
				&event.PresenceChanged{At: at(50), Presence: event.Presence_LUNCH}}
		}
		h.happened(event.OperatorStream+"nora", facts(10)...)
		h.happened(event.OperatorStream+"theo", facts(20)...)
		for _, id := range []string{"nora", "olaf"} {
			h.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: &event.User{UserId: id, Login: id, FirstName: id, CenterIds: []string{"shop"}, LineIds: []string{"help"}}})
		}
		settle()
		got := h.as("boss", "GET", "/api/v1/statistics/presence"+until, "").want(200)
		if got.field("total") != 1.0 || got.field("items", 0, "operator_id") != "nora" || got.field("items", 0, "conversation") != 600.0 || got.field("items", 0, "online") != 3000.0 ||
			got.field("items", 0, "lunch") != 600.0 || got.field("sum", "conversation") != 600.0 {
			t.Errorf("the table is %s", got.Body)
		}
		if rows := h.rows("/api/v1/statistics/presence.csv"+until, ','); len(rows) != 2 || !slices.Equal(rows[1], []string{"nora", "nora", "600", "3000", "0", "600", "0", "0"}) {
			t.Errorf("the file is %v", rows)
		}
		own := h.as("boss", "GET", "/api/v1/statistics/presence/nora"+until, "").want(200)
		if len(own.field("items").([]any)) != 3 || own.field("items", 1, "status") != "conversation" {
			t.Errorf("nora's own are %s", own.Body)
		}
		if none := h.as("boss", "GET", "/api/v1/statistics/presence?operator=olaf", "").want(200); none.field("total") != 0.0 {
			t.Errorf("of olaf there is %s", none.Body)
		}
		h.as("boss", "GET", "/api/v1/statistics/presence/theo", "").want(404)
		h.as("oleg", "GET", "/api/v1/statistics/presence", "").want(403)
		h.as("boss", "GET", "/api/v1/statistics/presence?from=x", "").want(422)
	})
}

// conversations are those behind a figure.
func (h *house) conversations(who, query string) (ids []string) {
	h.t.Helper()
	for _, id := range h.as(who, "GET", "/api/v1/statistics/conversations"+query, "").want(200).field("items").([]any) {
		ids = append(ids, id.(string))
	}
	slices.Sort(ids)
	return ids
}

func TestStatisticsRefuse(t *testing.T) {
	inHouse(t, func(h *house) {
		for _, path := range []string{"", "/operators", "/figures.csv", "/operators.csv", "/conversations", "/definitions"} {
			h.as("oleg", "GET", "/api/v1/statistics"+path, "").want(403)
		}
		for _, query := range []string{"?from=yesterday", "?to=1999-01-01T00:00:00Z&from=2000-01-01T00:00:00Z", "?step=2h", "?step=15m&from=1999-01-01T00:00:00Z", "?zone=Mars", "?zone=Local",
			"?rating=6", "?handling=none", "?dissatisfied=maybe"} {
			h.as("boss", "GET", "/api/v1/statistics"+query, "").want(422)
		}
		for _, path := range []string{"/conversations?figure=nonsense", "/conversations?limit=201", "/conversations?after=x", "/operators?limit=501", "/figures.csv?lang=fr",
			"/operators.csv?separator=tab", "/operators.csv?rating=x"} {
			h.as("boss", "GET", "/api/v1/statistics"+path, "").want(422)
		}
		seen := map[string]bool{}
		for _, item := range h.as("boss", "GET", "/api/v1/statistics/definitions", "").want(200).field("items").([]any) {
			seen[item.(map[string]any)["id"].(string)] = true
		}
		if cards := h.figuresOf(""); len(seen) != len(cards) || len(slices.DeleteFunc(slices.Collect(maps.Keys(cards)), func(id string) bool { return seen[id] })) > 0 {
			t.Errorf("defined are %v, shown are %v", seen, cards)
		}
	})
}
