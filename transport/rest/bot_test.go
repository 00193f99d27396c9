package rest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/view/history"
	"crafttalkd/store/view/lessons"
	"crafttalkd/store/view/presence"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/teacher"
)

// enrol gives the house a teacher who teaches when told to, and what listens to
// conversations.
func (h *house) enrol(c *rest.Config, j *journal.Journal, ring *keys.Ring) {
	h.t.Helper()
	learnt, err := lessons.Open(j, h.store, ring)
	if err != nil {
		h.t.Fatal(err)
	}
	ended, err := history.Open(j, h.store)
	if err != nil {
		h.t.Fatal(err)
	}
	watched, err := presence.Open(j, h.store)
	if err != nil {
		h.t.Fatal(err)
	}
	c.Presence = watched
	for _, run := range []func() error{learnt.Run, ended.Run, watched.Run} {
		go func() {
			if err := run(); err != nil {
				h.t.Error(err)
			}
		}()
	}
	h.teacher, err = teacher.New(teacher.Config{Articles: c.Articles, Lessons: learnt, History: ended, Journal: j, Directory: h.system.Directory.State,
		Table: h.store, Ring: ring, Dir: h.t.TempDir(), Now: time.Now, Log: c.Log})
	if err != nil {
		h.t.Fatal(err)
	}
	c.History, c.Teacher = ended, h.teacher
	h.keepFor(c, j, ring)
	h.listen(c, j)
}

// teach lets the teacher work until stop is called.
func (h *house) teach() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := h.teacher.Run(ctx); err != nil {
			h.t.Error(err)
		}
	})
	<-time.After(5 * time.Second) // of the bubble
	settle()
	return func() { cancel(); running.Wait() }
}

// shelf writes two articles that a phrase can be told by.
func (h *house) shelf() {
	h.t.Helper()
	h.as("boss", "PUT", "/api/v1/articles/lost", `{"identifier":"lost","title":"Lost card","questions":["I lost my card","my card was stolen","block my card"],
		"answers":[{"answer_id":"1","text":"We block it."},{"answer_id":"2","text":"For the bank","audience":{"center_ids":["bank"]}}]}`).want(200)
	h.as("boss", "PUT", "/api/v1/articles/rate", `{"identifier":"rate","title":"Exchange rates","questions":["what is the dollar rate","exchange rate of the euro"],
		"answers":[{"answer_id":"1","text":"See the page."}]}`).want(200)
	h.as("boss", "PUT", "/api/v1/articles/secret", `{"identifier":"secret","questions":["my card at the bank"],
		"answers":[{"answer_id":"1","text":"Of the bank","audience":{"center_ids":["bank"]}}]}`).want(200)
	h.as("boss", "PUT", "/api/v1/articles/weather", `{"identifier":"weather","questions":["what is the weather"],
		"answers":[{"answer_id":"1","text":"/redirect operator"}]}`).want(200)
}

// ended is a conversation that a customer had and that is closed, as the journal
// has it.
func (h *house) ended(id, center, line string, texts ...string) {
	h.t.Helper()
	now := timestamppb.Now()
	facts := []event.Event{&event.ConversationOpened{At: now, ConversationId: id, CustomerId: id[:len(id)-2], CenterId: center, AccountId: "site", Kind: "widget",
		CustomerName: "Name of " + id, Routing: &event.Routing{LineId: line}}}
	for i, text := range texts {
		facts = append(facts, &event.MessageReceived{At: now, MessageId: fmt.Sprintf("m%d", i+1), Content: &event.Content{Text: text}})
	}
	facts = append(facts, &event.ConversationClosed{At: now, Turn: 1, Cause: event.Cause_SILENCE})
	done := make(chan error, 1)
	h.system.Journal().Append(journal.Append{Stream: event.ConversationStream + id, Events: facts}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		h.t.Fatal(err)
	}
	settle()
}

// exerciseBot makes every call about what the bot learns.
func exerciseBot(h *house) {
	h.shelf()
	stop := h.teach()
	defer stop()
	h.as("boss", "GET", "/api/v1/bot", "").want(200)
	h.as("boss", "GET", "/api/v1/bot/report", "").want(200)
	h.as("boss", "POST", "/api/v1/bot/train", "").want(204)
	model := h.as("boss", "GET", "/api/v1/bot/models", "").want(200).field("items", 0, "model_id").(string)
	h.as("boss", "POST", "/api/v1/bot/models/"+model+"/use", "").want(204)
	h.as("boss", "POST", "/api/v1/bot/try", `{"text":"someone stole my card"}`).want(200)
	const id = "kim.1"
	h.ended(id, "shop", "help", "what do you charge")
	h.as("boss", "GET", "/api/v1/conversations/"+id+"/assistant", "").want(200)
	h.as("boss", "GET", "/api/v1/reviews", "").want(200)
	label := "/api/v1/conversations/" + id + "/messages/m1/label"
	h.as("boss", "PUT", label, `{"article_id":"rate"}`).want(204)
	h.as("boss", "DELETE", label, "").want(204)
	h.as("boss", "PUT", "/api/v1/conversations/"+id+"/review", "").want(204)
	h.as("boss", "DELETE", "/api/v1/conversations/"+id+"/review", "").want(204)
}

// proves KB-12: the assistant ranks what the conversation and the operator may
// see, with what it says, and knows word for word what an article asks.
func TestKB12_Assistant(t *testing.T) {
	inHouse(t, func(h *house) {
		h.shelf()
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Any: true, Entry: &event.User{UserId: "oleg", Login: "oleg", CenterIds: []string{"shop"},
			LineIds: []string{"help"}, Roles: []string{directory.ViewKB}}})
		id := h.writes("site", "anna", "Block my card!")
		one := "/api/v1/conversations/" + id + "/assistant"
		got := h.as("oleg", "GET", one, "").want(200)
		if got.field("items", 0, "article_id") != "lost" || got.field("items", 0, "percent") != 99.0 || got.field("items", 0, "exact") != true ||
			got.field("message_id") != "m-Block my card!" {
			t.Errorf("the assistant answers %s", got.Body)
		}
		if answers := got.field("items", 0, "answers").([]any); len(answers) != 1 || answers[0].(map[string]any)["text"] != "We block it." {
			t.Errorf("it shows the answers %v", answers)
		}
		stop := h.teach()
		defer stop()
		h.writes("site", "anna", "my card at the bank")
		h.writes("site", "anna", "what is the weather")
		for query, foreign := range map[string]string{"?message=m-my%20card%20at%20the%20bank&limit=10": "secret", "?limit=10": "weather"} {
			got := h.as("oleg", "GET", one+query, "").want(200)
			if body := got.Body.String(); strings.Contains(body, `"article_id":"`+foreign) || !strings.Contains(body, `"article_id":"lost"`) || got.field("model") == "" {
				t.Errorf("%s: %s", query, body)
			}
		}
		theirs := h.writes("safe", "boris", "my card at the bank")
		h.as("oleg", "GET", "/api/v1/conversations/"+theirs+"/assistant", "").want(404)
		h.as("oleg", "GET", one+"?message=m9", "").want(404)
		h.as("oleg", "GET", one+"?limit=11", "").want(422)
		h.as("lena", "GET", one, "").want(403)
		if got := h.as("rival", "GET", "/api/v1/conversations/"+theirs+"/assistant", "").want(200); got.field("items", 0, "article_id") != "secret" {
			t.Errorf("at the bank the assistant answers %s", got.Body)
		}
	})
}

// proves BT-06: finished conversations are listed by state, messages get labels
// that stay, and a reviewed conversation changes its list.
func TestBT06_Markup(t *testing.T) {
	inHouse(t, func(h *house) {
		h.shelf()
		h.ended("anna.1", "shop", "help", "my card was eaten", "thanks")
		h.ended("boris.1", "bank", "loans", "their own business")
		listed := func(query string) (ids []string) {
			for _, item := range h.as("boss", "GET", "/api/v1/reviews"+query, "").want(200).field("items").([]any) {
				ids = append(ids, item.(map[string]any)["conversation_id"].(string))
			}
			return ids
		}
		if got := listed(""); !slices.Equal(got, []string{"anna.1"}) {
			t.Errorf("closed are %v", got)
		}
		one := "/api/v1/conversations/anna.1"
		h.as("boss", "PUT", one+"/messages/m1/label", `{"article_id":"lost"}`).want(204)
		h.as("boss", "PUT", one+"/messages/m2/label", `{"article_id":""}`).want(204)
		got := h.as("boss", "GET", one, "").want(200)
		if got.field("messages", 0, "label", "article_id") != "lost" || got.field("messages", 0, "label", "by") != "boss" || got.field("messages", 1, "label", "article_id") != "" {
			t.Errorf("the labels are %s", got.Body)
		}
		h.as("boss", "DELETE", one+"/messages/m2/label", "").want(204)
		h.as("boss", "PUT", one+"/review", "").want(204)
		page := h.as("boss", "GET", "/api/v1/reviews?state=reviewed", "").want(200)
		if page.field("items", 0, "reviewed_by") != "boss" || page.field("items", 0, "labels") != 1.0 || page.field("items", 0, "customer_name") != "Name of anna.1" ||
			len(listed("")) != 0 {
			t.Errorf("reviewed are %s", page.Body)
		}
		if got := h.as("boss", "GET", one, "").want(200); got.field("reviewed_by") != "boss" || strings.Count(got.Body.String(), `"label"`) != 1 {
			t.Errorf("the conversation is %s", got.Body)
		}
		h.as("boss", "DELETE", one+"/review", "").want(204)
		if got := listed("?line=help&center=shop&account=site&from=2000-01-01T00:00:00Z&to=2000-01-02T00:00:00Z&limit=1"); !slices.Equal(got, []string{"anna.1"}) {
			t.Errorf("closed are again %v", got)
		}
		h.as("boss", "PUT", one+"/messages/m1/label", `{"article_id":"nothing"}`).want(422)
		h.as("boss", "PUT", one+"/messages/m9/label", `{"article_id":"lost"}`).want(404)
		h.as("boss", "DELETE", one+"/messages/m9/label", "").want(404)
		h.as("boss", "PUT", "/api/v1/conversations/boris.1/messages/m1/label", `{"article_id":"lost"}`).want(404)
		h.as("boss", "PUT", "/api/v1/conversations/boris.1/review", "").want(404)
		h.as("oleg", "PUT", one+"/review", "").want(403)
		h.as("oleg", "GET", "/api/v1/reviews", "").want(403)
		for _, query := range []string{"?state=open", "?limit=201", "?after=x", "?from=yesterday"} {
			h.as("boss", "GET", "/api/v1/reviews"+query, "").want(422)
		}
	})
}

// proves BT-05, BT-06: what was labelled is learnt, tried and reported.
func TestBT05_Pages(t *testing.T) {
	inHouse(t, func(h *house) {
		h.as("boss", "GET", "/api/v1/bot/report", "").want(404)
		if got := h.as("boss", "GET", "/api/v1/bot", "").want(200); got.field("next") != "2000-01-01T03:00:00Z" || len(got.field("languages").([]any)) > 0 {
			t.Errorf("of nothing the bot knows %s", got.Body)
		}
		h.shelf()
		stop := h.teach()
		defer stop()
		state := h.as("boss", "GET", "/api/v1/bot", "").want(200)
		first := state.field("languages", 0, "model", "model_id").(string)
		h.ended("anna.1", "shop", "help", "plastic swallowed by the machine")
		h.as("boss", "PUT", "/api/v1/conversations/anna.1/messages/m1/label", `{"article_id":"lost"}`).want(204)
		tried := h.as("boss", "POST", "/api/v1/bot/try", `{"text":"the plastic was swallowed by a machine"}`).want(200)
		if tried.field("items", 0, "article_id") != "lost" || tried.field("model") != first {
			t.Errorf("a label is not known at once: %s", tried.Body)
		}
		h.as("boss", "POST", "/api/v1/bot/train", "").want(204)
		<-time.After(3 * time.Second) // of the bubble
		settle()
		report := h.as("boss", "GET", "/api/v1/bot/report?language=en", "").want(200)
		if report.field("model", "model_id") == first || report.field("before", "model_id") != first || report.field("model", "lessons") != 1.0 {
			t.Errorf("after the training: %s", report.Body)
		}
		if report.field("articles", 3, "article_id") != "lost" || report.field("articles", 3, "examples") != 4.0 || report.field("articles", 0, "few") != true {
			t.Errorf("the articles are %v", report.field("articles"))
		}
		if report.field("figures", "trials").(float64) == 0 || len(report.field("bins").([]any)) == 0 || report.field("figures", "automatic") != false {
			t.Errorf("the figures are %v", report.field("figures"))
		}
		tried = h.as("boss", "POST", "/api/v1/bot/try", `{"text":"plastic swallowed","center_id":"shop"}`).want(200)
		if len(tried.field("items", 0, "parts").([]any)) == 0 || strings.Contains(tried.Body.String(), `"secret"`) {
			t.Errorf("why: %s", tried.Body)
		}
		if models := h.as("boss", "GET", "/api/v1/bot/models", "").want(200); models.field("items", 1, "model_id") != first || models.field("items", 0, "in_use") != true {
			t.Errorf("the models are %s", models.Body)
		}
		h.as("boss", "POST", "/api/v1/bot/models/"+first+"/use", "").want(204)
		if got := h.as("boss", "GET", "/api/v1/bot", "").want(200); got.field("languages", 0, "model", "model_id") != first || got.field("languages", 0, "by") != "boss" {
			t.Errorf("rolled back: %s", got.Body)
		}
		h.as("boss", "POST", "/api/v1/bot/models/ru-1/use", "").want(404)
		h.as("boss", "POST", "/api/v1/bot/try", `{"text":" "}`).want(422)
		h.as("oleg", "GET", "/api/v1/bot", "").want(403)
		h.as("oleg", "POST", "/api/v1/bot/train", "").want(403)
	})
}
