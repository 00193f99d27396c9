package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/search/talk"
	"crafttalkd/transport/rest"
)

// listen gives the house the index of what was said.
func (h *house) listen(c *rest.Config, j *journal.Journal) {
	h.t.Helper()
	var err error
	if c.Talk, err = talk.Open(h.t.TempDir(), []byte("a key for digests"), j); err != nil {
		h.t.Fatal(err)
	}
	go func() {
		if err := c.Talk.Follow(context.Background()); err != nil {
			h.t.Error(err)
		}
		if err := c.Talk.Close(); err != nil {
			h.t.Error(err)
		}
	}()
}

// A past is a finished conversation as a plain scan reads it.
type past struct {
	id, center, line, operator string
	opened                     time.Time
	rating                     int32
	reviewed                   bool
	texts                      []string
}

// passed journals a finished conversation.
func (h *house) passed(p past) {
	h.t.Helper()
	at := func(after time.Duration) *timestamppb.Timestamp { return timestamppb.New(p.opened.Add(after)) }
	customer, _, _ := strings.Cut(p.id, ".")
	facts := []event.Event{&event.ConversationOpened{At: at(0), ConversationId: p.id, CustomerId: customer, CenterId: p.center, AccountId: "site", Kind: "widget",
		CustomerName: "Name of " + p.id, Routing: &event.Routing{LineId: p.line}}}
	if p.operator != "" {
		facts = append(facts, &event.ConversationQueued{At: at(1), Routing: &event.Routing{LineId: p.line}}, &event.ConversationAssigned{At: at(2), OperatorId: p.operator})
	}
	for i, text := range p.texts {
		id := fmt.Sprintf("m%d", i+1)
		switch {
		case i%3 == 1:
			facts = append(facts, &event.NoteAdded{At: at(3), NoteId: id, OperatorId: "oleg", Text: text})
		case i%3 == 2 && p.operator != "":
			facts = append(facts, &event.MessageSent{At: at(3), MessageId: id, OperatorId: p.operator, Content: &event.Content{Text: text}})
		default:
			facts = append(facts, &event.MessageReceived{At: at(3), MessageId: id, Content: &event.Content{Text: text}})
		}
	}
	facts = append(facts, &event.ConversationClosed{At: at(time.Hour), Cause: event.Cause_SILENCE})
	if p.rating > 0 {
		facts = append(facts, &event.RatingGiven{At: at(2 * time.Hour), Rating: p.rating})
	}
	if p.reviewed {
		facts = append(facts, &event.ConversationReviewed{At: at(3 * time.Hour), By: "boss"})
	}
	done := make(chan error, 1)
	h.system.Journal().Append(journal.Append{Stream: event.ConversationStream + p.id, Events: facts}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		h.t.Fatal(err)
	}
}

// heard lets the index hear of everything.
func (h *house) heard() {
	settle()
	<-time.After(5 * time.Second) // of the bubble: what G41 promises
	settle()
}

var sayings = []string{"where is my parcel", "the parcel is lost", "money back please", "thanks a lot", "my card was eaten", "loan rates", "parcel 1001", "back to the shop"}

// pasts makes a random history, the latest first.
func (h *house) pasts(r *rand.Rand, n int) (all []past) {
	places := [][2]string{{"shop", "help"}, {"bank", "loans"}}
	for i := range n {
		place := places[r.IntN(2)]
		p := past{id: fmt.Sprintf("p%d.1", i), center: place[0], line: place[1], opened: time.Now().Add(-time.Duration(1+r.IntN(60*24)) * time.Hour).Add(-time.Duration(i) * time.Second),
			operator: []string{"", "oleg", "lena"}[r.IntN(3)], rating: int32(r.IntN(6)), reviewed: r.IntN(2) == 0}
		for range 1 + r.IntN(4) {
			p.texts = append(p.texts, sayings[r.IntN(len(sayings))])
		}
		h.passed(p)
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b past) int { return b.opened.Compare(a.opened) })
	return all
}

// listed turns all pages of history, and returns who is in them.
func (h *house) listed(user string, q url.Values) (ids []string) {
	h.t.Helper()
	q = copied(q)
	q.Set("limit", "3")
	for {
		got := h.as(user, "GET", "/api/v1/history?"+q.Encode(), "").want(200)
		items := got.field("items").([]any)
		for _, item := range items {
			ids = append(ids, item.(map[string]any)["conversation_id"].(string))
		}
		next := got.field("next").(string)
		if next == "" {
			return ids
		}
		if len(items) != 3 {
			h.t.Fatalf("a page has %d items and a next one", len(items))
		}
		q.Set("after", next)
	}
}

func copied(q url.Values) url.Values {
	out := url.Values{}
	for k, v := range q {
		out[k] = slices.Clone(v)
	}
	return out
}

// proves G41 and HS-01: whoever asks finds of random histories what a plain scan
// finds among the conversations that they may see, by words and all filters, page
// by page, day by day and in the export; of others nothing tells.
func TestG41_HistoryIsWhatAPlainScanFinds(t *testing.T) {
	inHouse(t, func(h *house) {
		r := rand.New(rand.NewPCG(4, 1))
		all := h.pasts(r, 60)
		h.heard()
		found := 0
		for range 60 {
			q, fits := randomQuestion(r)
			user, center := "boss", "shop"
			if r.IntN(2) == 0 {
				user, center = "rival", "bank"
			}
			var want []string
			days := map[string]int{}
			for _, p := range all {
				if p.center == center && fits(p) {
					want = append(want, p.id)
					days[p.opened.In(moscow).Format(time.DateOnly)]++
				}
			}
			found += len(want)
			if got := h.listed(user, q); !slices.Equal(got, want) {
				t.Fatalf("%s asks %v and is shown %v, want %v", user, q, got, want)
			}
			got := h.as(user, "GET", "/api/v1/history/days?"+q.Encode(), "").want(200)
			for _, day := range got.field("days").([]any) {
				d := day.(map[string]any)
				if float64(days[d["date"].(string)]) != d["count"] {
					t.Fatalf("%s asks %v: %v has %v, want %d", user, q, d["date"], d["count"], days[d["date"].(string)])
				}
				one := copied(q)
				one.Set("date", d["date"].(string))
				if n := len(h.listed(user, one)); float64(n) != d["count"] {
					t.Fatalf("%s asks %v: of %v are shown %d, want %v", user, q, d["date"], n, d["count"])
				}
			}
			if got.field("total") != float64(len(want)) || len(got.field("days").([]any)) != len(days) {
				t.Fatalf("%s asks %v: %s, want %d on %v", user, q, got.Body, len(want), days)
			}
			if out := h.exported(user, q); !slices.Equal(out, want) {
				t.Fatalf("%s asks %v and gets %v, want %v", user, q, out, want)
			}
		}
		if found < 100 {
			t.Errorf("60 questions find %d: the test is blind", found)
		}
	})
}

var moscow = time.FixedZone("", 3*60*60)

// randomQuestion is a question and what a plain scan makes of it.
func randomQuestion(r *rand.Rand) (url.Values, func(past) bool) {
	q := url.Values{"zone": {"Europe/Moscow"}}
	from := time.Now().Add(-time.Duration(r.IntN(70*24)) * time.Hour).Truncate(time.Second)
	q.Set("from", from.UTC().Format(time.RFC3339))
	rules := []func(past) bool{func(p past) bool { return !p.opened.Before(from) }}
	rule := func(name, value string, f func(past) bool) {
		if r.IntN(4) == 0 {
			q.Set(name, value)
			rules = append(rules, f)
		}
	}
	says := func(word string) func(past) bool {
		return func(p past) bool {
			return slices.ContainsFunc(p.texts, func(text string) bool { return strings.Contains(" "+text+" ", " "+word+" ") })
		}
	}
	switch word := []string{"parcel", "back", "card", "nothing"}[r.IntN(4)]; r.IntN(4) {
	case 0:
		q.Set("text", strings.ToUpper(word))
		rules = append(rules, says(word))
	case 1:
		q.Set("text", word+` "the parcel"`)
		rules = append(rules, says(word), says("the parcel"))
	case 2:
		q.Set("text", "-"+word)
		rules = append(rules, func(p past) bool { return !says(word)(p) })
	}
	rating := int32(r.IntN(6))
	rule("rating", fmt.Sprint(rating), func(p past) bool { return p.rating == rating })
	rule("status", "reviewed", func(p past) bool { return p.reviewed })
	rule("operator", "lena", func(p past) bool { return p.operator == "lena" })
	rule("handled", "by_operators", func(p past) bool { return p.operator != "" })
	rule("line", "help", func(p past) bool { return p.line == "help" })
	return q, func(p past) bool {
		return !slices.ContainsFunc(rules, func(f func(past) bool) bool { return !f(p) })
	}
}

// exported returns who is in an export for machines, which must be whole.
func (h *house) exported(user string, q url.Values) (ids []string) {
	h.t.Helper()
	got := h.as(user, "GET", "/api/v1/history/export?"+q.Encode(), "", "Accept", "application/x-ndjson").want(200)
	rows := strings.Split(strings.TrimSpace(got.Body.String()), "\n")
	for _, line := range rows[:len(rows)-1] {
		var v struct {
			ConversationID string `json:"conversation_id"`
			Messages       []any
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil || len(v.Messages) == 0 {
			h.t.Fatalf("%v: %s", err, line)
		}
		ids = append(ids, v.ConversationID)
	}
	if want := fmt.Sprintf(`{"end":{"total":%d,"complete":true}}`, len(ids)); rows[len(rows)-1] != want {
		h.t.Fatalf("the export ends with %s, want %s", rows[len(rows)-1], want)
	}
	return ids
}

// proves HS-01, HS-04, CT-09: a row shows what was found; text is handed out with
// its parameters, all of it or one conversation; markup can be searched; and who
// may not is refused.
func TestHS04_TextIsHandedOut(t *testing.T) {
	inHouse(t, func(h *house) {
		opened := time.Now().Add(-48 * time.Hour)
		h.passed(past{id: "anna.1", center: "shop", line: "help", operator: "oleg", opened: opened, rating: 4, reviewed: true,
			texts: []string{"Where are my parcels?\n[2000-01-01 00:00:00] Operator: not I", "she is angry", "On their way"}})
		h.passed(past{id: "boris.1", center: "bank", line: "loans", opened: opened, texts: []string{"my parcel"}})
		h.passed(past{id: "old.1", center: "shop", line: "help", opened: opened.AddDate(0, -2, 0), texts: []string{"parcel of old"}})
		h.heard()
		got := h.as("boss", "GET", "/api/v1/history?text=PARCEL", "").want(200)
		for _, tt := range []struct {
			path []any
			want any
		}{
			{[]any{"items", 0, "conversation_id"}, "anna.1"}, {[]any{"items", 0, "customer_name"}, "Name of anna.1"}, {[]any{"items", 0, "operators", 0}, "oleg"},
			{[]any{"items", 0, "rating"}, 4.0}, {[]any{"items", 0, "status"}, "reviewed"}, {[]any{"items", 0, "handled"}, "by_operators"},
			{[]any{"items", 0, "fragment", 1, "text"}, "parcels"}, {[]any{"items", 0, "fragment", 1, "hit"}, true}, {[]any{"items", 0, "message_id"}, "m1"}, {[]any{"next"}, ""},
		} {
			if v := got.field(tt.path...); v != tt.want {
				t.Errorf("%v = %v, want %v", tt.path, v, tt.want)
			}
		}
		if n := len(got.field("items").([]any)); n != 1 {
			t.Errorf("the last month has %d", n)
		}
		text := h.as("boss", "GET", "/api/v1/history/export?lang=en&from=1999-01-01T00:00:00Z", "").want(200)
		body := text.Body.String()
		for _, part := range []string{"Conversation anna.1\n", "Customer: Name of anna.1 (anna)\n", "Rating: 4\n", "Status: REVIEWED\n", "Operator Oleg (oleg): On their way\n",
			"Note Oleg (oleg): she is angry\n", "\n    [2000-01-01 00:00:00] Operator: not I\n", "Conversation old.1\n", "Conversations in all: 2\n"} {
			if !strings.Contains(body, part) {
				t.Errorf("the text lacks %q:\n%s", part, body)
			}
		}
		if strings.Contains(body, "boris") {
			t.Errorf("the text tells of others:\n%s", body)
		}
		one := h.as("boss", "GET", "/api/v1/conversations/anna.1/text", "").want(200)
		if s := one.Body.String(); !strings.Contains(s, "Обращение anna.1\n") || !strings.Contains(s, "Оператор Oleg (oleg): On their way\n") ||
			!strings.Contains(one.Header().Get("Content-Disposition"), "conversation-anna.1.txt") {
			t.Errorf("one conversation is %s", s)
		}
		if ids := h.as("boss", "GET", "/api/v1/reviews?state=reviewed&text=parcel", "").want(200); ids.field("items", 0, "conversation_id") != "anna.1" || len(ids.field("items").([]any)) != 1 {
			t.Errorf("markup finds %s", ids.Body)
		}
		h.as("boss", "GET", "/api/v1/conversations/boris.1/text", "").want(404)
		for _, query := range []string{"?by=x", "?status=open", "?rating=6", "?handled=x", "?zone=Mars", "?limit=201", "?after=x", "?from=x", "?text=" + strings.Repeat("a", 501), "?customer=a", "?date=today"} {
			h.as("boss", "GET", "/api/v1/history"+query, "").want(422)
		}
		for _, path := range []string{"/history", "/history/days", "/history/export", "/history/export?lang=xx"} {
			h.as("oleg", "GET", "/api/v1"+path, "").want(403)
		}
	})
}

// proves HS-01: history is found by the customer's name.
func TestHS01_ByTheCustomer(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.writes("site", "anastasia", "hello there")
		h.writes("site", "boris", "hello again")
		h.closes(id)
		h.heard()
		customer, _, _ := strings.Cut(id, ".")
		for _, query := range []string{"customer=anast", "customer=anast&text=hello", "customer_id=" + customer} {
			got := h.as("boss", "GET", "/api/v1/history?"+query, "").want(200)
			if items := got.field("items").([]any); len(items) != 1 || items[0].(map[string]any)["conversation_id"] != id {
				t.Errorf("%s finds %s", query, got.Body)
			}
		}
		for _, query := range []string{"customer=boris", "customer=anast&text=again"} {
			if got := h.as("boss", "GET", "/api/v1/history?"+query, "").want(200); len(got.field("items").([]any)) > 0 {
				t.Errorf("%s finds %s", query, got.Body)
			}
		}
		if got := h.as("rival", "GET", "/api/v1/history?customer_id="+customer, "").want(200); len(got.field("items").([]any)) > 0 {
			t.Errorf("others find %s", got.Body)
		}
	})
}

// closes ends a conversation, as the journal has it.
func (h *house) closes(id string) {
	h.t.Helper()
	j := h.system.Journal()
	n, err := j.Version(event.ConversationStream + id)
	if err != nil {
		h.t.Fatal(err)
	}
	done := make(chan error, 1)
	j.Append(journal.Append{Stream: event.ConversationStream + id, Expect: n, Events: []event.Event{&event.ConversationClosed{At: timestamppb.Now()}}},
		func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		h.t.Fatal(err)
	}
}

// A meddler is who takes an export while conversations go on.
type meddler struct {
	*httptest.ResponseRecorder
	meddle func()
}

func (m *meddler) Write(b []byte) (int, error) {
	m.meddle()
	return m.ResponseRecorder.Write(b)
}

// proves HS-04 and G42: an export that is taken while conversations end has all
// that had ended before it began, each once.
func TestHS04_ExportWhileWriting(t *testing.T) {
	inHouse(t, func(h *house) {
		all := h.pasts(rand.New(rand.NewPCG(9, 9)), 80)
		h.heard()
		n := 0
		w := &meddler{httptest.NewRecorder(), func() {
			for range 5 {
				n++
				h.passed(past{id: fmt.Sprintf("new%d.1", n), center: "shop", line: "help", opened: time.Now().Add(-time.Duration(n) * time.Hour * 20), texts: []string{"new"}})
			}
			settle()
		}}
		r := httptest.NewRequest("GET", "/api/v1/history/export?from=1990-01-01T00:00:00Z", nil)
		r.Header.Set("Accept", "application/x-ndjson")
		r.Header.Set("Authorization", "Bearer "+h.auth.token("boss"))
		h.api.ServeHTTP(w, r)
		if w.Code != http.StatusOK || n < 10 || !strings.HasSuffix(w.Body.String(), `"complete":true}}`+"\n") {
			t.Fatalf("status %d while %d were written: %s", w.Code, n, w.Body)
		}
		for _, p := range all {
			if told := strings.Count(w.Body.String(), `{"conversation_id":"`+p.id+`"`); told != 1 && p.center == "shop" || told != 0 && p.center != "shop" {
				t.Errorf("%s is told of %d times", p.id, told)
			}
		}
	})
}
